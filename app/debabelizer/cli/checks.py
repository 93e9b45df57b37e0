"""What dictation needs, checked link by link, in the order in which a take goes through it."""

from __future__ import annotations

import asyncio
import importlib
import shutil
import threading
from collections.abc import Callable, Iterator
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import msgspec

from debabelizer.cli.failure import remedy_of
from debabelizer.errors import AudioError, ConfigurationError, ProviderError, Remedy

if TYPE_CHECKING:
    from debabelizer.config import Settings

_LISTEN = 1.0
"""Seconds of the microphone that are looked at."""
_PATIENCE = 6.0
"""Seconds it may take until they are there."""
_ENOUGH_BYTES = 200_000_000
_MUTED_DB, _QUIET_DB = -89.0, -60.0
_WORDS_RIGHT = 0.6


class Verdict(StrEnum):
    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """``link``: what was looked at; ``detail``: what was found, a sentence; ``remedy``: the way out."""

    link: str
    verdict: Verdict
    detail: str
    remedy: str = ""


Check = Callable[["Settings"], Iterator[Finding]]


def all_checks() -> dict[str, Check]:
    """By name, in order."""
    return {
        "settings": check_settings,
        "keys": check_key_store,
        "disk": check_disk,
        "microphone": check_microphone,
        "provider": check_provider,
        "recogniser": check_recogniser,
        "files": check_files,
        "hotkey": check_hotkey,
        "insertion": check_insertion,
    }


def run_check(name: str, settings: Settings) -> list[Finding]:
    """What one check found; one that fails itself is a finding as well."""
    try:
        return list(all_checks()[name](settings))
    except ProviderError as error:
        return [Finding(link=name, verdict=Verdict.FAIL, detail=error.message, remedy=remedy_of(error))]


def check_settings(settings: Settings) -> Iterator[Finding]:
    for problem in settings.problems:
        detail = f"{problem.place}: {problem.message}"
        yield Finding(link="settings", verdict=Verdict.WARN, detail=detail, remedy=problem.remedy)
    if not settings.problems:
        where = (
            f"{settings.path} is fine." if settings.path.exists() else "All defaults; there is no settings file yet."
        )
        yield Finding(link="settings", verdict=Verdict.OK, detail=where)


def check_key_store(settings: Settings) -> Iterator[Finding]:
    status = settings.secrets.status()
    verdict = Verdict.OK if status.usable else Verdict.WARN
    yield Finding(link="keys", verdict=verdict, detail=status.detail, remedy="\n".join(status.choices))


def check_disk(settings: Settings) -> Iterator[Finding]:
    import errno
    import tempfile

    from debabelizer.config import folders

    folder = folders.takes_dir()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder) as probe:
            probe.write(bytes(32_000))
        free = shutil.disk_usage(folder).free
    except OSError as error:
        yield Finding(
            link="disk",
            verdict=Verdict.FAIL,
            detail=f"Recordings can't be kept in {folder}: {error.strerror}.",
            remedy="Make room on that disk."
            if error.errno == errno.ENOSPC
            else "Make the folder writable, or set DEBABELIZER_HOME to one that is.",
        )
        return
    if free < _ENOUGH_BYTES:
        detail = f"Only {free / 1e6:.0f} MB are free for recordings in {folder}."
        yield Finding(link="disk", verdict=Verdict.WARN, detail=detail, remedy="Make room on that disk.")
    else:
        yield Finding(link="disk", verdict=Verdict.OK, detail=f"Recordings are kept in {folder}.")


class _Ear:
    """Collects the first second; a CaptureSink."""

    def __init__(self) -> None:
        self.pcm = bytearray()
        self.error: ProviderError | None = None
        self.done = threading.Event()

    def audio(self, pcm: bytes, stamp: float) -> None:
        self.pcm += pcm
        if len(self.pcm) >= 32_000 * _LISTEN:
            self.done.set()

    def interrupted(self, error: ProviderError) -> None:
        self.error = error
        self.done.set()

    def resumed(self, microphone: object) -> None:
        self.error = None

    def missed(self, seconds: float) -> None:
        """A second in which some is missing still tells whether anything is heard."""


def check_microphone(settings: Settings) -> Iterator[Finding]:
    from debabelizer.audio.devices import microphones

    found = microphones()
    if not found:
        yield Finding(
            link="microphone",
            verdict=Verdict.FAIL,
            detail="No microphone is connected.",
            remedy="Connect one. A recording works without: debabelizer dictate --file FILE",
        )
        return
    wanted = settings.get("microphone")
    chosen = next((m for m in found if m.id == wanted), None)
    if wanted and chosen is None:
        yield Finding(
            link="microphone",
            verdict=Verdict.WARN,
            detail=f"The chosen microphone {wanted} is not connected; the default is used.",
            remedy="See debabelizer devices; debabelizer config reset microphone",
        )
    name = (chosen or found[0]).name
    yield _heard(name, _record(chosen.id if chosen else ""))


def _record(microphone: str) -> bytes:
    from debabelizer.audio.sounddevice_capture import SoundDeviceCapture

    ear = _Ear()
    capture = SoundDeviceCapture(microphone)
    capture.start(ear)
    try:
        ear.done.wait(_PATIENCE)
    finally:
        capture.stop()
    if ear.error is not None:
        raise ear.error
    if not ear.pcm:
        raise AudioError(f"The microphone is open, but gave no sound within {_PATIENCE:g} s.")
    return bytes(ear.pcm)


def _heard(name: str, pcm: bytes) -> Finding:
    from debabelizer.audio.levels import level

    rms, peak = level(pcm)
    told = f"{name}: {rms:.0f} dB on average, {peak:.0f} dB at most, in {len(pcm) / 32_000:.1f} s"
    if peak <= _MUTED_DB:
        return Finding(
            link="microphone",
            verdict=Verdict.WARN,
            detail=f"{told}: digital silence.",
            remedy="It is muted or off, or this program may not use it: see the system's sound and privacy settings.",
        )
    if peak < _QUIET_DB:
        return Finding(
            link="microphone",
            verdict=Verdict.WARN,
            detail=f"{told}: very quiet.",
            remedy="If you spoke just now, raise its level in the system's sound settings.",
        )
    return Finding(link="microphone", verdict=Verdict.OK, detail=f"{told}.")


def check_provider(settings: Settings) -> Iterator[Finding]:
    from debabelizer import registry
    from debabelizer.cli.health import health_of
    from debabelizer.config.selection import choose
    from debabelizer.contract.provider import HealthState

    for problem in registry.problems():
        detail = f"{problem.name} ({problem.target}) is left out: {problem.detail}"
        yield Finding(
            link="provider", verdict=Verdict.WARN, detail=detail, remedy="Reinstall it, or remove its package."
        )
    chosen = choose(settings)
    health = health_of(settings, chosen.provider)
    fine = health.state is HealthState.OK
    detail = f"{chosen.provider} ({chosen.reason}): {health.detail}"
    remedy = remedy_of(health.error) if health.error else ""
    yield Finding(link="provider", verdict=Verdict.OK if fine else Verdict.FAIL, detail=detail, remedy=remedy)


def check_recogniser(settings: Settings) -> Iterator[Finding]:
    """The bundled recording through the chosen provider: session, network or worker, and recogniser together."""
    from debabelizer.audio.file_capture import SAMPLE_TEXT, sample_speech
    from debabelizer.transcriber import Transcriber

    result = asyncio.run(Transcriber(settings).transcribe(sample_speech()))
    if result.error is not None:
        raise result.error
    share = _words_right(result.text, SAMPLE_TEXT)
    detail = f"{result.provider} understood {result.text!r}"
    if share >= _WORDS_RIGHT:
        yield Finding(link="recogniser", verdict=Verdict.OK, detail=detail + ".")
    elif settings.get("languages") and not any(tag.startswith("en") for tag in settings.get("languages")):
        yield Finding(
            link="recogniser",
            verdict=Verdict.WARN,
            detail=f"{detail}; the sample is English and your languages are not, so this says little.",
            remedy="Try it: debabelizer dictate",
        )
    else:
        yield Finding(
            link="recogniser",
            verdict=Verdict.FAIL,
            detail=f"{detail} where {SAMPLE_TEXT!r} was said.",
            remedy="Choose another provider or model: debabelizer providers",
        )


def check_files(settings: Settings) -> Iterator[Finding]:
    """The bundled recording as any file is read: by a process of its own, which tells what it is held to."""
    from debabelizer.audio.bounded.limits import MEGABYTE, limits_of
    from debabelizer.audio.bounded.report import report
    from debabelizer.audio.decode import decode
    from debabelizer.audio.file_capture import sample_speech

    limits = limits_of(settings)
    for _ in decode(sample_speech(), limits=limits):
        continue
    told = report(limits)
    held = ", ".join(f"{what} by {by}" for what, by in sorted(told.held.items()))
    detail = f"Files are read by a process of their own, with {limits.memory // MEGABYTE} MB. It is held to: {held}."
    if not told.missing:
        yield Finding(link="files", verdict=Verdict.OK, detail=detail)
        return
    missing = ", ".join(f"{what} ({why})" for what, why in sorted(told.missing.items()))
    yield Finding(
        link="files",
        verdict=Verdict.WARN,
        detail=f"{detail} Not held to: {missing}.",
        remedy="Files that were made to do harm could do more here: open those of people you trust.",
    )


def _words_right(heard: str, said: str) -> float:
    from difflib import SequenceMatcher

    words = ["".join(c for c in word if c.isalnum()) for word in heard.lower().split()]
    wanted = said.lower().split()
    matched = sum(block.size for block in SequenceMatcher(None, words, wanted).get_matching_blocks())
    return matched / len(wanted)


def check_hotkey(settings: Settings) -> Iterator[Finding]:
    key = settings.get("dictation.key")
    system, capabilities = _desktop("hotkey_capabilities")
    if not key:
        yield Finding(link="hotkey", verdict=Verdict.WARN, detail="No dictation key is set.", remedy=_KEY_REMEDY)
    elif not capabilities.supported:
        yield Finding(link="hotkey", verdict=Verdict.WARN, detail=capabilities.reason, remedy=capabilities.way_out)
    elif system != "x11":
        detail = f"{key}: {capabilities.reason or 'this system has global keys.'} Not tried from here."
        yield Finding(link="hotkey", verdict=Verdict.OK, detail=detail)
    elif _is_running():
        yield Finding(link="hotkey", verdict=Verdict.OK, detail=f"The running program holds {key}.")
    else:
        yield _try_key(key)


_KEY_REMEDY = "debabelizer config set dictation.key KEY"


def _try_key(key: str) -> Finding:
    """Takes the key for a moment, as the program would."""
    keys = _part("hotkeys_x11").X11Hotkeys(lambda *_: None, lambda *_: None, lambda *_: None)
    try:
        keys.bind("doctor", key)
    except ConfigurationError as error:
        return Finding(link="hotkey", verdict=Verdict.FAIL, detail=error.message, remedy=remedy_of(error))
    finally:
        keys.close()
    return Finding(link="hotkey", verdict=Verdict.OK, detail=f"{key} is free for the program.")


def check_insertion(settings: Settings) -> Iterator[Finding]:
    method = settings.get("insert.method")
    _, capabilities = _desktop("insertion_capabilities")
    if method == "copy":
        yield Finding(link="insertion", verdict=Verdict.OK, detail="Texts are copied to the clipboard, as you chose.")
    elif not capabilities.supported:
        way_out = capabilities.way_out or "Dictate in the terminal: debabelizer dictate --copy"
        yield Finding(link="insertion", verdict=Verdict.WARN, detail=capabilities.reason, remedy=way_out)
    else:
        yield Finding(link="insertion", verdict=Verdict.OK, detail=capabilities.reason or _way_in())


def _way_in() -> str:
    """On X11 keys are pressed by the XTEST extension; some servers lack it."""
    from Xlib.display import Display

    display = Display()
    try:
        if not display.has_extension("XTEST"):
            raise ProviderError("The X server lacks the XTEST extension: no program can press keys in another one.")
    finally:
        display.close()
    return "Text can be pasted and typed into other programs."


def _desktop(question: str) -> tuple[str, Any]:
    """The desktop's name and what it says to the question. The engine knows the window's parts only as strings."""
    from debabelizer.cli.start import no_display
    from debabelizer.errors import UnsupportedError

    system = _part("system")
    current = system.current()
    if current == "x11" and (why := no_display()) is not None:
        raise UnsupportedError(why, remedy=Remedy.OPEN_SETTINGS)
    return str(current), getattr(system, question)(current)


def _part(name: str) -> Any:
    from debabelizer.errors import UnsupportedError

    try:
        return importlib.import_module(f"debabelizer_desktop.platform.{name}")
    except ImportError as error:
        raise UnsupportedError(f"The window's part is not installed ({error}).", remedy=Remedy.OPEN_SETTINGS) from error


def _is_running() -> bool:
    from debabelizer.errors import ProviderError as NotRunning
    from debabelizer.remote import RemoteClient

    try:
        asyncio.run(RemoteClient().call("status"))
    except NotRunning:
        return False
    return True
