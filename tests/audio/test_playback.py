"""Sounds out of the loudspeaker: the virtual microphone hears what the virtual loudspeaker plays."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from debabelizer.audio import wav
from debabelizer.audio.levels import level
from debabelizer.audio.playback import play
from debabelizer.audio.sounddevice_capture import PortAudioOpener, SoundDeviceCapture
from debabelizer.errors import AudioError
from fakes import rig
from fakes.sinks import RecordingSink

SOUNDS = Path(__file__).parents[2] / "resources" / "sounds"


@pytest.fixture(autouse=True)
def portaudio_of_this_test(microphone: rig.Sound) -> None:
    """PortAudio keeps what it knew of the last test's sound server."""
    PortAudioOpener().refresh()


def test_what_is_played_is_heard_while_it_records(microphone: rig.Sound, sink: RecordingSink) -> None:
    tone = 8_000 * np.sin(2 * math.pi * 700 * np.arange(24_000) / 48_000)
    microphone.echo()
    capture = SoundDeviceCapture("")
    capture.start(sink)
    sink.wait_for_more()
    play(tone.astype("<i2").tobytes(), 48_000)
    sink.wait_for_more(0.2)
    capture.stop()
    assert not sink.events
    heard = np.frombuffer(bytes(sink.pcm), "<i2").astype(float)
    loud = heard[np.abs(heard) > 1_000]
    assert len(loud) > 6_000
    spectrum = np.abs(np.fft.rfft(heard))
    assert abs(int(spectrum.argmax()) * 16_000 / len(heard) - 700) < 5


def test_without_a_loudspeaker_it_is_an_error_of_ours(microphone: rig.Sound) -> None:
    microphone.kill_server()
    PortAudioOpener().refresh()
    with pytest.raises(AudioError, match="loudspeaker"):
        play(bytes(960), 48_000)


@pytest.mark.parametrize("name", ["start", "stop", "error"])
def test_the_cues_are_short_and_soft(name: str) -> None:
    pcm, rate = wav.read(SOUNDS / f"{name}.wav")
    assert rate == 48_000
    assert 0.1 < len(pcm) / 2 / rate < 0.35
    assert -22 < level(pcm)[1] < -17
