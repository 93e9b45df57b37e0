"""The microphone through QtMultimedia (the rule for when to use it: :mod:`.qt_capture`).

Qt talks to PulseAudio and PipeWire itself and needs no ALSA plug-in for it. What it does not do is tell of every loss:
the *last* microphone, or the sound server, just goes quiet, so the watchdog on samples of
:mod:`debabelizer.audio.supervised` stands over it as well. And after the sound server was restarted Qt must not open
a microphone any more: its connection is gone, and libpulse ends the whole program
("Assertion 'c' failed ... pa_context_get_state(). Aborting.", PySide6 6.11.3).

A ``QAudioSource`` lives in a thread of its own, with an event loop: a busy window never delays a sample.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from PySide6.QtCore import QCoreApplication, QIODevice, QMicrophonePermission, QObject, Qt, QThread, Slot
from PySide6.QtMultimedia import QAudioDevice, QAudioFormat, QAudioSource, QMediaDevices, QtAudio

from debabelizer.audio import pulse
from debabelizer.audio.capture import Microphone
from debabelizer.audio.resample import Converter, SampleType
from debabelizer.audio.supervised import SupervisedCapture, Timing
from debabelizer.errors import AudioError, Remedy

RATE = 16_000
_KEPT_US = 30_000_000
"""How much sound Qt keeps for a thread of ours that is late. Its own choice is a quarter of a second, and the rest is
lost without a word."""
_SAMPLE_TYPES = {
    QAudioFormat.SampleFormat.UInt8: SampleType.UINT8,
    QAudioFormat.SampleFormat.Int16: SampleType.INT16,
    QAudioFormat.SampleFormat.Int32: SampleType.INT32,
    QAudioFormat.SampleFormat.Float: SampleType.FLOAT32,
}


class QtDevices(QObject):
    """Qt's objects for the sound server's microphones. Make it in the GUI thread; ask it from any other."""

    def __init__(self) -> None:
        super().__init__()
        self._media = QMediaDevices(self)
        self._media.audioInputsChanged.connect(self._read)
        self._server: int | None = None
        with suppress(TimeoutError):
            self._server = pulse.server()
        self._devices: dict[str, QAudioDevice] = {}
        self._read()

    def microphones(self) -> list[Microphone]:
        """Those connected now, the system's default first. Qt's own list keeps the last microphone when it goes, so
        the server is asked. Raises TimeoutError where it is too busy to answer."""
        return [m for m in pulse.microphones() or [] if m.id in self._devices]

    def device(self, microphone_id: str) -> QAudioDevice:
        """The device to open ("": the default one). Raises AudioError where it is not connected or Qt has lost its
        sound server, or that is too busy to answer."""
        try:
            server, present = pulse.server(), [microphone.id for microphone in self.microphones()]
        except TimeoutError as late:
            raise AudioError("The sound server does not answer. Try again in a moment.") from late
        self._server = self._server or server
        if server != self._server:
            raise AudioError("The sound server was restarted. Restart the program to use the microphone again.")
        if not present:
            raise AudioError("No microphone was found. Plug one in, or allow the program to use it, and try again.")
        if microphone_id not in ("", *present):
            raise AudioError(f"The chosen microphone ({microphone_id}) is not connected.")
        return self._devices[microphone_id or present[0]]

    @Slot()
    def _read(self) -> None:
        self._devices = {_id(device): device for device in QMediaDevices.audioInputs()}


class QtCapture(SupervisedCapture):
    """One recording through QtMultimedia."""

    def __init__(self, microphone_id: str, devices: QtDevices, timing: Timing | None = None) -> None:
        super().__init__(_QtOpener(devices), microphone_id, timing)


class _QtOpener:
    def __init__(self, devices: QtDevices) -> None:
        self._devices = devices

    def microphones(self) -> list[Microphone] | None:
        try:
            return self._devices.microphones()
        except TimeoutError:
            return None

    def refresh(self) -> None:
        """Nothing to do: Qt follows what comes and goes."""

    def open(self, microphone_id: str, heard: Callable[[bytes], None], lost: Callable[[], None]) -> _QtSource:
        _check_permission()
        return _QtSource(self._devices.device(microphone_id), heard, lost)


def _id(device: QAudioDevice) -> str:
    return bytes(device.id().data()).decode(errors="replace")


def _check_permission() -> None:
    application = QCoreApplication.instance()
    if application is None:
        raise RuntimeError("QtMultimedia needs an application object")
    if application.checkPermission(QMicrophonePermission()) == Qt.PermissionStatus.Denied:
        raise AudioError(
            "This program may not use the microphone. Allow it in the system's privacy settings.",
            remedy=Remedy.ALLOW_MICROPHONE,
        )


class _QtSource:
    """An open microphone and the thread it lives in."""

    def __init__(self, device: QAudioDevice, heard: Callable[[bytes], None], lost: Callable[[], None]) -> None:
        self.microphone = Microphone(
            id=_id(device),
            name=device.description(),
            is_default=device.isDefault(),
        )
        self._thread = _SourceThread(device, heard, lost)
        self._thread.start()
        self._thread.opened.wait()
        if self._thread.problem is not None:
            self._thread.wait()
            raise _explained(self.microphone, self._thread.problem)

    def close(self) -> None:
        self._thread.quit()
        self._thread.wait()


class _SourceThread(QThread):
    """Makes the source, runs its events, and ends it: Qt wants all three in one thread."""

    def __init__(self, device: QAudioDevice, heard: Callable[[bytes], None], lost: Callable[[], None]) -> None:
        super().__init__()
        self.setObjectName("microphone")
        self._device, self._heard, self._lost = device, heard, lost
        self.opened = threading.Event()
        self.problem: QtAudio.Error | None = None

    def run(self) -> None:
        reader = _Reader(self._device, self._heard, self._lost)
        try:
            self.problem = reader.open()
        finally:
            self.opened.set()
        if self.problem is None:
            self.exec()
            reader.close()


class _Reader(QObject):
    """Lives in the source's thread and takes what it delivers."""

    def __init__(self, device: QAudioDevice, heard: Callable[[bytes], None], lost: Callable[[], None]) -> None:
        super().__init__()
        self._heard, self._lost = heard, lost
        form = _form(device)
        self._converter = Converter(form.sampleRate(), form.channelCount(), _SAMPLE_TYPES[form.sampleFormat()])
        self._source = QAudioSource(device, form)
        self._source.setBufferSize(form.bytesForDuration(_KEPT_US))
        self._io: QIODevice | None = None

    def open(self) -> QtAudio.Error | None:
        """Begin; the error if that failed."""
        # A slot with an argument is never called here (PySide6 can't convert QAudio::State): ask for the state instead.
        self._source.stateChanged.connect(self._state_changed)
        self._io = self._source.start()
        if self._source.error() != QtAudio.Error.NoError:
            self._source.stateChanged.disconnect(self._state_changed)
            return self._source.error()
        self._io.readyRead.connect(self._read)
        return None

    def close(self) -> None:
        self._source.stateChanged.disconnect(self._state_changed)
        self._read()
        self._source.stop()
        self._io = None
        if rest := self._converter.flush():
            self._heard(rest)

    @Slot()
    def _read(self) -> None:
        if self._io is None:
            return
        raw: Any = self._io.readAll()
        if pcm := self._converter.feed(bytes(raw.data())):
            self._heard(pcm)

    @Slot()
    def _state_changed(self) -> None:
        stopped = self._source.state() == QtAudio.State.StoppedState
        if stopped and self._source.error() != QtAudio.Error.NoError:
            self._lost()


def _form(device: QAudioDevice) -> QAudioFormat:
    """Ours, where the device can do it; else its own, which we convert."""
    form = QAudioFormat()
    form.setSampleRate(RATE)
    form.setChannelCount(1)
    form.setSampleFormat(QAudioFormat.SampleFormat.Int16)
    if device.isFormatSupported(form):
        return form
    own = device.preferredFormat()
    if own.sampleFormat() not in _SAMPLE_TYPES:
        own.setSampleFormat(QAudioFormat.SampleFormat.Float)
    return own


def _explained(microphone: Microphone, problem: QtAudio.Error) -> AudioError:
    name = f"The microphone “{microphone.name}”"
    if problem == QtAudio.Error.OpenError:
        cause = f"{name} can't be opened: it is in use by another program, or the sound server does not answer."
    else:
        cause = f"{name} can't be opened."
    return AudioError(
        f"{cause} Choose another one, or unplug it and plug it in again.", vendor_message=str(problem.name)
    )
