"""Everything a user reads that is not written where it is shown: enums, errors, remedies, languages, and the texts
the engine's tables bring along (marked there as plain English, translated here)."""

from __future__ import annotations

import json
import re
from functools import cache

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QObject, QTranslator

from debabelizer.errors import Category, ProviderError, Remedy
from debabelizer.errors import sentence as sentence  # noqa: PLC0414 - one of the words' helpers of this module
from debabelizer.events import DictationState, InsertResult, ProviderChanged, SessionState, TakeStamps
from debabelizer_desktop.resources import resource

translate = QCoreApplication.translate

LANGUAGES = ("en", "ru")
"""Languages of the interface; English is what stands in the source."""


class Language(QObject):
    """Loads and changes the interface's language; every window gets a ``LanguageChange`` event."""

    shown = "en"
    """The language of the interface now."""

    def __init__(self, app: QCoreApplication) -> None:
        super().__init__(app)
        self._app = app
        self._installed: list[QTranslator] = []

    def apply(self, choice: str) -> None:
        """``system``, or one of :data:`LANGUAGES`."""
        code = QLocale.system().name()[:2] if choice == "system" else choice
        Language.shown = code = code if code in LANGUAGES else "en"
        for translator in self._installed:
            self._app.removeTranslator(translator)
        self._installed = []
        for name, folder in (
            (f"qtbase_{code}", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)),
            (f"debabelizer_{code}", str(resource("i18n"))),
        ):
            translator = QTranslator(self)
            if translator.load(name, folder):
                self._app.installTranslator(translator)
                self._installed.append(translator)


# ------------------------------------------------------------------------------------------ the engine's texts


def engine(text: str) -> str:
    """A text that the engine or a provider wrote in English, in the user's language.

    Messages with values in them (``model {} is missing``) are found by their template; what no template fits is
    shown as it came.
    """
    if not text or Language.shown == "en":
        return text
    whole = translate("Engine", text)
    if whole != text:
        return whole
    for pattern, template in _templates():
        found = pattern.fullmatch(text)
        if found:
            translated = translate("Engine", template)
            if translated != template:
                return _fill(translated, [engine(value) for value in found.groups()])
    return text


def _fill(template: str, values: list[str]) -> str:
    for number, value in enumerate(values):
        template = template.replace(f"{{{number}}}", value)
    return template


@cache
def _templates() -> tuple[tuple[re.Pattern[str], str], ...]:
    """Written by ``i18n/update.py``: engine texts with ``{0}``, ``{1}`` where a value stands; longest first."""
    listed = json.loads(resource("i18n", "templates.json").read_text(encoding="utf-8"))
    return tuple((_pattern(template), template) for template in sorted(listed, key=len, reverse=True))


def _pattern(template: str) -> re.Pattern[str]:
    pieces = re.split(r"\{\d+\}", template)
    return re.compile("(.*?)".join(re.escape(piece) for piece in pieces), re.DOTALL)


# ------------------------------------------------------------------------------------------------------ errors


def category(value: Category) -> str:
    """A headline for this kind of trouble."""
    return {
        Category.AUTH: translate("Errors", "The key was not accepted"),
        Category.QUOTA: translate("Errors", "The provider's allowance is used up"),
        Category.RATE_LIMIT: translate("Errors", "The provider asks for a pause"),
        Category.NETWORK: translate("Errors", "No connection"),
        Category.PROTOCOL: translate("Errors", "The provider's answer made no sense"),
        Category.AUDIO: translate("Errors", "Trouble with the microphone"),
        Category.CONFIG: translate("Errors", "A setting needs attention"),
        Category.UNSUPPORTED: translate("Errors", "Not possible here"),
        Category.STORAGE: translate("Errors", "Trouble with the disk"),
        Category.INTERNAL: translate("Errors", "Something went wrong inside the program"),
    }[value]


def remedy(value: Remedy) -> str:
    """What the button says."""
    return {
        Remedy.RETRY: translate("Remedies", "Retry"),
        Remedy.SET_KEY: translate("Remedies", "Enter the key"),
        Remedy.CHOOSE_PROVIDER: translate("Remedies", "Choose another provider"),
        Remedy.CHOOSE_MICROPHONE: translate("Remedies", "Choose a microphone"),
        Remedy.ALLOW_MICROPHONE: translate("Remedies", "Allow the microphone"),
        Remedy.DOWNLOAD_MODEL: translate("Remedies", "Download the model"),
        Remedy.CHECK_NETWORK: translate("Remedies", "Try again"),
        Remedy.FREE_DISK_SPACE: translate("Remedies", "Open the folder"),
        Remedy.CHANGE_HOTKEY: translate("Remedies", "Choose another key"),
        Remedy.OPEN_SETTINGS: translate("Remedies", "Open settings"),
        Remedy.WAIT: translate("Remedies", "Try again"),
        Remedy.PASTE: translate("Remedies", "Copy the text"),
    }[value]


def error(value: ProviderError) -> str:
    """The cause in one sentence; the vendor's own words, where they stand behind it, as they came."""
    if not value.message:
        return category(value.category)
    words = f" ({value.vendor_message})"
    if value.vendor_message and value.message.endswith(words):
        return engine(value.message.removesuffix(words)) + words
    return engine(value.message)


# --------------------------------------------------------------------------------------------------- providers


def provider_title(name: str) -> str:
    """As it is called to a person."""
    from debabelizer import registry

    described = registry.find(name)
    return engine(described.title) if described is not None else name


def provider_changed(event: ProviderChanged) -> str:
    """Who listens from now on, and why."""
    title = provider_title(event.provider)
    if event.error is None:
        return translate("Main", "{provider} works again: it gets what you say next.").format(provider=title)
    reason = sentence(error(event.error))
    return translate("Main", "{reason} {provider} listens now.").format(reason=reason, provider=title)


# ------------------------------------------------------------------------------------------------------ states


def session_state(value: SessionState) -> str:
    match value:
        case SessionState.IDLE | SessionState.CLOSED:
            return translate("States", "not connected")
        case SessionState.CONNECTING:
            return translate("States", "connecting")
        case SessionState.CONNECTED:
            return translate("States", "connected")
        case SessionState.RECONNECTING:
            return translate("States", "reconnecting")
        case SessionState.DRAINING:
            return translate("States", "closing")
        case SessionState.FAILED:
            return translate("States", "failed")


def dictation_state(value: DictationState) -> str:
    match value:
        case DictationState.IDLE:
            return translate("States", "Ready")
        case DictationState.OPENING:
            return translate("States", "Opening the microphone…")
        case DictationState.LISTENING:
            return translate("States", "Listening")
        case DictationState.FINISHING:
            return translate("States", "Finishing…")
        case DictationState.INSERTING:
            return translate("States", "Inserting…")


def insert_result(result: InsertResult, target: str | None, paste_keys: str | None) -> str:
    match result:
        case InsertResult.INSERTED if target:
            return translate("Results", "Inserted in {program}").format(program=target)
        case InsertResult.INSERTED:
            return translate("Results", "Inserted")
        case InsertResult.PROBABLY if target:
            return translate("Results", "Probably inserted in {program}").format(program=target)
        case InsertResult.PROBABLY:
            return translate("Results", "Probably inserted")
        case InsertResult.CLIPBOARD if paste_keys:
            return translate("Results", "On the clipboard — press {keys}").format(keys=paste_keys)
        case InsertResult.CLIPBOARD:
            return translate("Results", "On the clipboard")
        case InsertResult.NOT_WANTED:
            return translate("Results", "Done")
        case InsertResult.NOTHING_SAID:
            return translate("Results", "Nothing was said")


def elapsed(seconds: float, *, tenths: bool = True) -> str:
    """``0:07.4``, or ``0:07``."""
    whole = int(seconds)
    text = f"{whole // 60}:{whole % 60:02d}"
    return f"{text}.{int(seconds * 10) % 10}" if tenths else text


def clock(seconds: float) -> str:
    """``2:07``, or ``1:02:07``."""
    hours, rest = divmod(round(seconds), 3600)
    return f"{hours}:{rest // 60:02}:{rest % 60:02}" if hours else f"{rest // 60}:{rest % 60:02}"


def latency(stamps: TakeStamps) -> str:
    """How long the text took after the key came up; empty where that is not known."""
    ended = stamps.inserted or stamps.final
    if stamps.key_up is None or ended is None:
        return ""
    return translate("Main", "Release → text {ms} ms").format(ms=max(0, round((ended - stamps.key_up) * 1000)))


_SHORT_NAMES = {"en": "English", "es": "Español", "pt": "Português", "zh": "中文"}
"""Where Qt names a territory too, because it has to guess one."""


def language_name(tag: str) -> str:
    """A BCP 47 tag as its own speakers write it: ``de`` is ``Deutsch``."""
    locale = QLocale(tag)
    name = _SHORT_NAMES.get(tag.partition("-")[0])
    if name is None:
        name = locale.nativeLanguageName() if locale.language() != QLocale.Language.C else ""
    if not name:
        return tag
    name = name[0].upper() + name[1:]
    territory = locale.nativeTerritoryName() if "-" in tag or "_" in tag else ""
    return f"{name} ({territory})" if territory else name


def key_name(hotkey: str) -> str:
    """A hotkey as it stands on the keyboard of someone who reads this language."""
    names = {
        "Space": translate("Keys", "Space"),
        "Pause": translate("Keys", "Pause"),
        "Right Ctrl": translate("Keys", "Right Ctrl"),
        "Left Ctrl": translate("Keys", "Left Ctrl"),
        "Right Alt": translate("Keys", "Right Alt"),
        "Left Alt": translate("Keys", "Left Alt"),
        "Right Shift": translate("Keys", "Right Shift"),
        "Left Shift": translate("Keys", "Left Shift"),
    }
    return "+".join(names.get(part, part) for part in hotkey.split("+"))
