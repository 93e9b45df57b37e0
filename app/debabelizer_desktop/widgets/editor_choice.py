"""Which editor a setting gets."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from debabelizer.audio.capture import Microphone
from debabelizer.config import Settings
from debabelizer.contract.description import Ability
from debabelizer.contract.settings import Kind, Setting
from debabelizer_desktop import text
from debabelizer_desktop.text import translate
from debabelizer_desktop.widgets import editors
from debabelizer_desktop.widgets.hotkey_recorder import HotkeyRecorder
from debabelizer_desktop.widgets.providers_editor import ProvidersEditor
from debabelizer_desktop.widgets.rules_editor import RulesEditor

_HEARING = frozenset({Ability.STREAM, Ability.FILES})


class EditorChoice:
    def __init__(self, settings: Settings, microphones: list[Microphone]) -> None:
        self._settings = settings
        self.microphones = microphones
        self._makers: dict[Kind, Callable[[Setting], editors.Editor]] = {
            Kind.BOOL: editors.BoolEditor,
            Kind.INT: editors.NumberEditor,
            Kind.FLOAT: editors.NumberEditor,
            Kind.TEXT: editors.TextEditor,
            Kind.PATH: editors.TextEditor,
            Kind.URL: editors.TextEditor,
            Kind.LIST: editors.ListEditor,
            Kind.SECRET: editors.SecretEditor,
            Kind.HOTKEY: HotkeyRecorder,
            Kind.RULES: RulesEditor,
            Kind.CHOICE: lambda s: editors.ChoiceEditor(s, lambda: choices(s)),
            Kind.PROVIDER: lambda s: editors.ChoiceEditor(s, lambda: providers(s)),
            Kind.PROVIDERS: lambda s: ProvidersEditor(s, settings),
            Kind.MICROPHONE: lambda s: editors.ChoiceEditor(s, self._microphones),
            Kind.LANGUAGES: lambda s: editors.LanguagesEditor(s, self._languages),
        }

    def make(self, setting: Setting) -> editors.Editor:
        return self._makers[setting.kind](setting)

    def _microphones(self) -> Sequence[editors.Option]:
        system = ("", translate("Settings", "The system's default"))
        return [system, *((known.id, known.name) for known in self.microphones)]

    def _languages(self) -> Sequence[str]:
        from debabelizer import registry

        chosen = self._settings.get("provider")
        described = registry.find(chosen) if chosen else None
        return [language.tag for language in described.languages] if described is not None else []


def choices(setting: Setting) -> Sequence[editors.Option]:
    return [(choice.value, text.engine(choice.title)) for choice in setting.choices]


def providers(setting: Setting) -> Sequence[editors.Option]:
    """Those that understand speech; before them what no provider means, which is automatic unless the setting says."""
    from debabelizer import registry

    found = list(choices(setting)) or [("", translate("Settings", "Automatic"))]
    for name in registry.names():
        described = registry.find(name)
        if described is not None and _HEARING & described.abilities:
            found.append((name, text.engine(described.title)))
    return found
