"""Rates and forms: any cut of the input gives the same samples, and the sound stays what it was."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from debabelizer.audio.levels import level
from debabelizer.audio.resample import Converter, Resampler, SampleType

RATES = [8_000, 16_000, 22_050, 24_000, 44_100, 48_000, 96_000]


def noise(samples: int) -> bytes:
    return np.random.default_rng(7).integers(-20_000, 20_000, samples).astype("<i2").tobytes()


def tone(rate: int, seconds: float, hertz: float = 440.0, amplitude: float = 12_000) -> np.ndarray:
    return amplitude * np.sin(2 * math.pi * hertz * np.arange(round(rate * seconds)) / rate)


def pieces(data: bytes, cuts: list[int]) -> list[bytes]:
    edges = sorted({0, len(data), *(cut % (len(data) + 1) for cut in cuts)})
    return [data[a:b] for a, b in pairwise(edges)]


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(RATES), st.sampled_from([16_000, 24_000]), st.lists(st.integers(0, 20_000), max_size=30))
def test_any_cut_gives_the_same_samples(source: int, target: int, cuts: list[int]) -> None:
    data = noise(8_000)
    whole = Resampler(source, target)
    expected = whole.feed(data) + whole.flush()
    cut = Resampler(source, target)
    assert b"".join(cut.feed(piece) for piece in pieces(data, cuts)) + cut.flush() == expected


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(list(SampleType)), st.integers(1, 4), st.lists(st.integers(0, 60_000), max_size=20))
def test_any_cut_of_a_devices_audio_gives_the_same_samples(sample: SampleType, channels: int, cuts: list[int]) -> None:
    raw = np.random.default_rng(3).bytes(24_000)
    if sample is SampleType.FLOAT32:
        raw = np.random.default_rng(3).uniform(-1, 1, 6_000).astype("float32").tobytes()
    whole = Converter(48_000, channels, sample)
    expected = whole.feed(raw) + whole.flush()
    cut = Converter(48_000, channels, sample)
    assert b"".join(cut.feed(piece) for piece in pieces(raw, cuts)) + cut.flush() == expected


@pytest.mark.parametrize("rate", RATES)
def test_a_tone_keeps_its_pitch_length_and_loudness(rate: int) -> None:
    converter = Converter(rate)
    pcm = converter.feed(tone(rate, 2.0).astype("<i2").tobytes()) + converter.flush()
    heard = np.frombuffer(pcm, "<i2")
    assert abs(len(heard) - 32_000) <= 2
    spectrum = np.abs(np.fft.rfft(heard[8_000:24_000]))
    assert int(spectrum.argmax()) == 440
    assert level(pcm)[0] == pytest.approx(20 * math.log10(12_000 / 32_768 / math.sqrt(2)), abs=0.1)


@pytest.mark.parametrize(
    ("sample", "raw"),
    [
        (SampleType.UINT8, np.array([0, 128, 255], "u1")),
        (SampleType.INT16, np.array([-32_768, 0, 32_512], "<i2")),
        (SampleType.INT32, np.array([-(2**31), 0, 32_512 * 65_536], "<i4")),
        (SampleType.FLOAT32, np.array([-1.0, 0, 32_512 / 32_768], "<f4")),
    ],
)
def test_every_sample_type_means_the_same_loudness(sample: SampleType, raw: np.ndarray) -> None:
    stereo = np.repeat(raw, 2).tobytes()
    assert np.frombuffer(Converter(16_000, 2, sample).feed(stereo), "<i2").tolist() == [-32_768, 0, 32_512]


def test_too_loud_is_cut_off_and_does_not_turn_over() -> None:
    loud = np.full(100, 3.0, "<f4").tobytes()
    assert np.frombuffer(Converter(16_000, 1, SampleType.FLOAT32).feed(loud), "<i2").tolist() == [32_767] * 100


def test_channels_become_their_mean() -> None:
    stereo = np.array([[1_000, 3_000], [-2_000, 0]], "<i2").tobytes()
    assert np.frombuffer(Converter(16_000, 2).feed(stereo), "<i2").tolist() == [2_000, -1_000]


def test_after_a_flush_it_is_as_new() -> None:
    resampler = Resampler(44_100)
    first = resampler.feed(noise(4_000)) + resampler.flush()
    assert resampler.feed(noise(4_000)) + resampler.flush() == first
    assert Resampler(44_100).flush() == b""
