"""Microphones for the window: the list that keeps itself up to date, and which capture to use.

The rule: PortAudio wherever it can tell one microphone from another, because it is the same code as in the terminal,
lives without Qt's event loops and survives a restart of the sound server, which QtMultimedia does not. It can on
Windows and macOS, and on Linux where ALSA's PulseAudio plug-in is installed (names then come from the server itself,
see :mod:`debabelizer.audio.pulse`). Elsewhere QtMultimedia, which needs no plug-in. It is loaded only then: it costs
16 MB and 60 ms.
"""

from __future__ import annotations

import logging
import os
import sys
import threading
from contextlib import suppress
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from debabelizer.audio import pulse
from debabelizer.audio.capture import CaptureFactory, Microphone
from debabelizer.errors import AudioError

log = logging.getLogger(__name__)

Microphones = list[Microphone]
_PATIENCE_S = 5.0
"""It is waited for in a thread of its own."""

LIBRARY_FOLDERS = ("usr/lib/*", "usr/lib64", "usr/lib", "usr/local/lib", "usr/local/lib/*", "lib/*")
"""Where Linux distributions keep shared libraries."""


def choose_capture_factory() -> CaptureFactory:
    """The capture for this system, by the rule above. Call it in the GUI thread; what it returns may be used in any."""
    from debabelizer.audio.sounddevice_capture import SoundDeviceCapture

    if not sys.platform.startswith("linux") or not pulse.running() or _portaudio_reaches_the_server():
        return SoundDeviceCapture

    from debabelizer_desktop.platform.qt_audio_source import QtCapture, QtDevices

    devices = QtDevices()
    return lambda microphone_id: QtCapture(microphone_id, devices)


def _portaudio_reaches_the_server() -> bool:
    """Whether PortAudio and ALSA's plug-in for PulseAudio are installed; nothing is loaded to find out."""
    named = os.environ.get("ALSA_PLUGIN_DIR")
    plugins = [Path(named)] if named else _existing("alsa-lib")
    return bool(_existing("libportaudio.so.2")) and any((p / "libasound_module_pcm_pulse.so").exists() for p in plugins)


def _existing(name: str) -> list[Path]:
    return [path for folder in LIBRARY_FOLDERS for path in Path("/").glob(f"{folder}/{name}")]


class QtMicrophones(QObject):
    """The list of microphones. Make it in the GUI thread, ``close`` it before the application ends.

    Looking may mean to load PortAudio, which takes 0.3 s, so it happens in another thread: the list can be empty at
    first, and ``changed`` tells when it no longer is.
    """

    changed = Signal()
    """The list is another one now."""
    _found = Signal(object)  # list[Microphone], from the thread that looked

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._list: Microphones = []
        with suppress(TimeoutError):  # the watch asks again
            self._list = pulse.microphones() or []
        self._watch: pulse.Watch | None = None
        self._search: threading.Thread | None = None
        self._found.connect(self._take)
        if pulse.available():
            self._watch = pulse.Watch(self._look)
        else:
            from PySide6.QtMultimedia import QMediaDevices

            self._media = QMediaDevices(self)
            self._media.audioInputsChanged.connect(self.refresh)
            self.refresh()

    def list(self) -> Microphones:
        """Those connected now, the system's default first; empty where there is none (or no way to any)."""
        return self._list

    @Slot()
    def refresh(self) -> None:
        """Look again; ``changed`` follows where something is different."""
        if self._search is None or not self._search.is_alive():
            self._search = threading.Thread(target=self._look, name="microphones", daemon=True)
            self._search.start()

    def close(self) -> None:
        if self._watch is not None:
            self._watch.close()
        if self._search is not None:
            self._search.join()

    def _look(self) -> None:
        try:
            self._found.emit(_connected())
        except TimeoutError:
            log.warning("the sound server does not answer: the list of microphones may be out of date")

    @Slot(object)
    def _take(self, found: Microphones) -> None:
        if found != self._list:
            self._list = found
            self.changed.emit()


def _connected() -> Microphones:
    """Raises TimeoutError."""
    named = pulse.microphones(_PATIENCE_S)
    if named is not None:
        return named
    from debabelizer.audio.devices import microphones

    try:
        return microphones()
    except AudioError:
        return []
