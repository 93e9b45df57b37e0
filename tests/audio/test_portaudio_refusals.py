"""Devices that refuse: the real PortAudio stream, made to say what other people's hardware says."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from debabelizer.audio.sounddevice_capture import PortAudioOpener, SoundDeviceCapture
from debabelizer.errors import AudioError, Remedy
from fakes import rig
from fakes.sinks import RecordingSink


@pytest.fixture(autouse=True)
def portaudio_of_this_test(microphone: rig.Sound) -> None:
    """PortAudio keeps what it knew of the last test's sound server."""
    PortAudioOpener().refresh()


def refuse(monkeypatch: pytest.MonkeyPatch, wanted: Any, *error: Any) -> list[tuple[float, int]]:
    """Streams for which ``wanted(rate, channels)`` is false are refused with ``error``; the rest open for real."""
    import sounddevice

    opened: list[tuple[float, int]] = []

    class Choosy(sounddevice.RawInputStream):  # type: ignore[misc]
        def __init__(self, **form: Any) -> None:
            if not wanted(form["samplerate"], form["channels"]):
                raise sounddevice.PortAudioError(*error)
            opened.append((form["samplerate"], form["channels"]))
            super().__init__(**form)

    monkeypatch.setattr(sounddevice, "RawInputStream", Choosy)
    return opened


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (lambda rate, channels: rate != 16_000, (44_100, 1)),
        (lambda rate, channels: rate != 16_000 and channels == 2, (44_100, 2)),
    ],
)
def test_a_device_that_does_only_its_own_form_is_converted(
    microphone: rig.Sound,
    sink: RecordingSink,
    monkeypatch: pytest.MonkeyPatch,
    wanted: Any,
    expected: tuple[float, int],
) -> None:
    opened = refuse(monkeypatch, wanted, "Invalid sample rate", -9997)
    capture = SoundDeviceCapture("")
    capture.start(sink)
    spoken = np.frombuffer(rig.samples(microphone.speak("hello world")), "<i2").astype(float)
    sink.wait_for_more(0.3)
    capture.stop()
    assert opened == [expected]
    heard = np.frombuffer(bytes(sink.pcm), "<i2").astype(float)
    size = 1 << (len(heard) + len(spoken)).bit_length()
    match = np.fft.irfft(np.fft.rfft(heard, size) * np.conj(np.fft.rfft(spoken, size)), size)
    at = int(match[: len(heard)].argmax())
    aligned = heard[at : at + len(spoken)]
    assert np.corrcoef(aligned, spoken[: len(aligned)])[0, 1] > 0.97


@pytest.mark.parametrize(
    ("error", "words", "remedy"),
    [
        (("Device unavailable", -9985), "in use by another program", Remedy.CHOOSE_MICROPHONE),
        (("Invalid device", -9996), "not connected any more", Remedy.CHOOSE_MICROPHONE),
        (
            ("Unanticipated host error", -9999, (13, -2147024891, "Access is denied")),
            "may not be used by this program",
            Remedy.ALLOW_MICROPHONE,
        ),
        (("Unanticipated host error", -9999, (8, -5, "Input/output error")), "can't be opened", None),
        (("Invalid sample rate", -9997), "can't be opened", None),
    ],
)
def test_each_refusal_has_its_cause_and_remedy(
    sink: RecordingSink, monkeypatch: pytest.MonkeyPatch, error: tuple[Any, ...], words: str, remedy: Remedy | None
) -> None:
    refuse(monkeypatch, lambda rate, channels: False, *error)
    with pytest.raises(AudioError, match=words) as caught:
        SoundDeviceCapture("").start(sink)
    assert "VirtualMic" in caught.value.message
    assert caught.value.code == str(error[1])
    assert caught.value.vendor_message == error[0]
    assert caught.value.remedy is (remedy or Remedy.CHOOSE_MICROPHONE)


def test_sound_the_computer_was_too_busy_for_is_reported(
    microphone: rig.Sound, sink: RecordingSink, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    import sounddevice

    class Busy(sounddevice.RawInputStream):  # type: ignore[misc]
        def __init__(self, *, callback: Any, **form: Any) -> None:
            flags = sounddevice.CallbackFlags(2)  # paInputOverflow
            super().__init__(callback=lambda data, frames, time, _status: callback(data, frames, time, flags), **form)

    monkeypatch.setattr(sounddevice, "RawInputStream", Busy)
    capture = SoundDeviceCapture("")
    capture.start(sink)
    sink.wait_for_more()
    capture.stop()
    assert "too busy" in caplog.text
