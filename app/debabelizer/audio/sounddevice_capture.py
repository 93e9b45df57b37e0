"""The microphone through PortAudio: the engine's own way, without Qt.

PortAudio's callback only puts bytes into a queue. On Linux it reaches PulseAudio and PipeWire through ALSA's plug-in,
which can't name a microphone; ``PULSE_SOURCE`` tells the server which one while the stream is being opened.
"""

from __future__ import annotations

import logging
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

from debabelizer.audio import portaudio, pulse
from debabelizer.audio.capture import Microphone
from debabelizer.audio.resample import Converter
from debabelizer.audio.supervised import SupervisedCapture, Timing
from debabelizer.errors import AudioError, Remedy

log = logging.getLogger(__name__)

RATE = 16_000
BLOCK = 160
"""Samples per callback, 10 ms: PortAudio's own choice of 4 ms costs three times the CPU and gains nothing."""

_ALIVE_S = 0.2
_LOOKING_S, _OPENING_S = 0.5, 3.0
"""How long a busy sound server may take to answer, where one looks around and where nothing goes on without it."""

_INVALID_DEVICE, _UNAVAILABLE, _INVALID_RATE, _INVALID_CHANNELS = -9996, -9985, -9997, -9998
_HOST_ERROR = -9999
_ACCESS_DENIED = {5, -2147024891, 0x80070005, -13}
"""Windows' ERROR_ACCESS_DENIED and E_ACCESSDENIED, Linux' EACCES."""


class SoundDeviceCapture(SupervisedCapture):
    """One recording through PortAudio. ``microphone_id``: as listed by :func:`debabelizer.audio.devices.microphones`,
    "" for the system's default."""

    def __init__(self, microphone_id: str = "", timing: Timing | None = None) -> None:
        super().__init__(PortAudioOpener(), microphone_id, timing)


class PortAudioOpener:
    """PortAudio as a supervised capture sees it."""

    def microphones(self) -> list[Microphone] | None:
        with portaudio.lock:
            try:
                return _microphones()
            except TimeoutError:
                return None

    def open(self, microphone_id: str, heard: Callable[[bytes], None], lost: Callable[[], None]) -> PortAudioSource:
        with portaudio.lock:
            try:
                microphone = self._choose(microphone_id)
                named = _pulse_microphones(_OPENING_S) is not None
            except TimeoutError as late:
                raise AudioError("The sound server does not answer. Try again in a moment.") from late
            sd = portaudio.library()
            device = "pulse" if named else microphone.id
            last: Exception | None = None
            for rate, channels in _forms(sd, device):
                try:
                    with _pulse_source(microphone_id if named else ""):
                        return PortAudioSource(sd, microphone, device, rate, channels, heard, lost)
                except sd.PortAudioError as error:
                    last = error
                    if _code(error) not in (_INVALID_RATE, _INVALID_CHANNELS):
                        break
            raise _explained(microphone, last) from last

    def refresh(self) -> None:
        """A sound server that went away and came back is found only by a PortAudio that starts anew."""
        with portaudio.lock:
            portaudio.restart()

    def _choose(self, microphone_id: str) -> Microphone:
        present = _microphones(_OPENING_S)
        if microphone_id not in ("", *(microphone.id for microphone in present)) or not present:
            portaudio.restart()  # PortAudio does not notice what was plugged in after its start
            present = _microphones(_OPENING_S)
        if not present:
            raise AudioError("No microphone was found. Plug one in, or allow the program to use it, and try again.")
        if not microphone_id:
            return present[0]
        for microphone in present:
            if microphone.id == microphone_id:
                return microphone
        raise AudioError(f"The chosen microphone ({microphone_id}) is not connected.")


class PortAudioSource:
    """An open PortAudio stream."""

    def __init__(
        self,
        sd: Any,
        microphone: Microphone,
        device: str,
        rate: int,
        channels: int,
        heard: Callable[[bytes], None],
        lost: Callable[[], None],
    ) -> None:
        self.microphone = microphone
        self._heard, self._lost, self._sd = heard, lost, sd
        self._closing = False
        self._converter = Converter(rate, channels)
        self._overflows = 0
        self._last = 0.0
        self._stream = sd.RawInputStream(
            samplerate=rate,
            channels=channels,
            dtype="int16",
            device=_index(sd, device),
            blocksize=BLOCK * rate // RATE,
            latency="low",
            callback=self._callback,
            finished_callback=self._finished,
        )
        try:
            self._stream.start()
        except sd.PortAudioError:
            self._stream.close(ignore_errors=True)
            raise
        portaudio.opened(self)

    def close(self) -> None:
        with portaudio.lock:
            self._closing = True
            # stop() hands the last buffers over, but waits forever for a device that no longer delivers any
            alive = self._stream.active and time.monotonic() - self._last < _ALIVE_S
            (self._stream.stop if alive else self._stream.abort)(ignore_errors=True)
            self._stream.close(ignore_errors=True)
            portaudio.closed(self)
        if rest := self._converter.flush():
            self._heard(rest)
        if self._overflows:
            log.warning(
                "%s: the computer was too busy %d times; some sound is missing", self.microphone.name, self._overflows
            )

    def _callback(self, data: Any, _frames: int, _time: Any, status: Any) -> None:
        self._last = time.monotonic()
        if status.input_overflow:
            self._overflows += 1
        if pcm := self._converter.feed(bytes(data)):
            self._heard(pcm)

    def _finished(self) -> None:
        if not self._closing:
            self._lost()


# ------------------------------------------------------------------------------------------------ PortAudio


def _microphones(patience: float = _LOOKING_S) -> list[Microphone]:
    """By name where that is possible. Raises TimeoutError."""
    named = _pulse_microphones(patience)
    return named if named is not None else _portaudio_microphones()


def _pulse_microphones(patience: float) -> list[Microphone] | None:
    """The sound server's microphones, where there is a server and PortAudio can reach it. Raises TimeoutError."""
    named = pulse.microphones(patience)
    if (named is not None) != ("pulse" in _names()):
        portaudio.restart()  # the server has come or gone since PortAudio looked
    return named if "pulse" in _names() else None


def _names() -> list[str]:
    return [str(device["name"]) for device in portaudio.library().query_devices() if device["max_input_channels"] > 0]


def _portaudio_microphones() -> list[Microphone]:
    """Input devices of the system's best interface, in its own order, the default one first."""
    sd = portaudio.library()
    interface = _interface(sd)
    if interface is None:
        return []
    devices = sd.query_devices()
    default = interface["default_input_device"]
    rows = [
        Microphone(id=str(devices[i]["name"]), name=str(devices[i]["name"]), is_default=i == default)
        for i in interface["devices"]
        if devices[i]["max_input_channels"] > 0
    ]
    return sorted(rows, key=lambda microphone: not microphone.is_default)


def _interface(sd: Any) -> Any:
    """PortAudio lists a device once per interface of the system; one interface is enough."""
    interfaces = sd.query_hostapis()
    for wanted in ("Windows WASAPI", "Core Audio", "ALSA"):
        for interface in interfaces:
            if interface["name"] == wanted and interface["default_input_device"] >= 0:
                return interface
    return next((i for i in interfaces if i["default_input_device"] >= 0), None)


def _index(sd: Any, device: str) -> int | None:
    interface = _interface(sd)
    devices = sd.query_devices()
    candidates = interface["devices"] if interface is not None else range(len(devices))
    return next((i for i in candidates if devices[i]["name"] == device and devices[i]["max_input_channels"] > 0), None)


def _forms(sd: Any, device: str) -> Iterator[tuple[int, int]]:
    """(rate, channels) to try: ours, then the device's own, which we convert."""
    yield RATE, 1
    index = _index(sd, device)
    if index is not None:
        info = sd.query_devices(index)
        own = round(info["default_samplerate"]) or 48_000
        yield own, 1
        yield own, min(2, info["max_input_channels"])


@contextmanager
def _pulse_source(name: str) -> Iterator[None]:
    """libpulse reads this variable when a connection is made, and only then."""
    if not name:
        yield
        return
    before = os.environ.get("PULSE_SOURCE")
    os.environ["PULSE_SOURCE"] = name
    try:
        yield
    finally:
        if before is None:
            del os.environ["PULSE_SOURCE"]
        else:
            os.environ["PULSE_SOURCE"] = before


def _code(error: Exception) -> int:
    return error.args[1] if len(error.args) > 1 else 0


def _explained(microphone: Microphone, error: Exception | None) -> AudioError:
    """PortAudio's words as cause and remedy."""
    code = _code(error) if error is not None else 0
    host = error.args[2][1] if error is not None and len(error.args) > 2 else 0
    words = str(error.args[0]) if error is not None else ""
    name = f"The microphone “{microphone.name}”"
    told = partial(AudioError, code=str(code), vendor_message=words)
    if code == _HOST_ERROR and host in _ACCESS_DENIED:
        where = "Settings, Privacy, Microphone" if sys.platform == "win32" else "the system's privacy settings"
        return told(f"{name} may not be used by this program. Allow it in {where}.", remedy=Remedy.ALLOW_MICROPHONE)
    if code == _UNAVAILABLE:
        return told(f"{name} is in use by another program. Close that program, or choose another microphone.")
    if code == _INVALID_DEVICE:
        return told(f"{name} is not connected any more.")
    return told(f"{name} can't be opened. Choose another one, or unplug it and plug it in again.")
