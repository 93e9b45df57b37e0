"""Where speech begins and ends: in quiet, in noise, at any cut of the stream."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from debabelizer.audio.speech import SpeechDetector, SpeechKind, SpeechMark
from fakes import rig

SENTENCE = "please send the report to the manager"


def silence(seconds: float) -> bytes:
    return bytes(2 * round(16_000 * seconds))


def noise(seconds: float, decibels: float, seed: int = 1) -> np.ndarray:
    amplitude = 32_768 * 10 ** (decibels / 20)
    return np.random.default_rng(seed).normal(0, amplitude, round(16_000 * seconds))


def spoken(text: str = SENTENCE) -> bytes:
    """Speech without the silence around it."""
    samples = np.frombuffer(rig.samples(rig.speech(text)), "<i2")
    loud = np.flatnonzero(np.abs(samples) > 300)
    return samples[loud[0] : loud[-1] + 1].tobytes()


def seconds(marks: list[SpeechMark]) -> list[tuple[str, float]]:
    return [(mark.kind.value, mark.sample / 16_000) for mark in marks]


@pytest.mark.parametrize("background", [None, -65.0, -50.0, -42.0])
def test_start_and_end_are_found_to_a_tenth_of_a_second(background: float | None) -> None:
    speech = spoken()
    pcm = silence(1.5) + speech + silence(2.0) + speech + silence(2.0)
    if background is not None:
        samples = np.frombuffer(pcm, "<i2") + noise(len(pcm) / 32_000, background)
        pcm = np.clip(samples, -32_768, 32_767).astype("<i2").tobytes()
    length = len(speech) / 32_000
    marks = seconds(SpeechDetector(pause_s=1.0).feed(pcm))
    assert [kind for kind, _ in marks] == ["started", "ended"] * 2
    expected = [1.5, 1.5 + length, 3.5 + length, 3.5 + 2 * length]
    if background == -42.0:  # a room this loud can't be told from speech before it has been heard for two seconds
        marks, expected = marks[1:], expected[1:]
    for (_, at), wanted in zip(marks, expected, strict=True):
        assert at == pytest.approx(wanted, abs=0.2)


def test_the_end_is_reported_after_the_pause_and_not_before() -> None:
    speech = spoken()
    detector = SpeechDetector(pause_s=0.6)
    assert [m.kind for m in detector.feed(silence(1) + speech + silence(0.5))] == [SpeechKind.STARTED]
    assert detector.speaking
    assert [m.kind for m in detector.feed(silence(0.3))] == [SpeechKind.ENDED]
    assert not detector.speaking


def test_pauses_between_words_are_no_end() -> None:
    pcm = silence(0.5) + b"".join(spoken(word) + silence(0.5) for word in ("hello", "world", "today")) + silence(1)
    assert [m.kind for m in SpeechDetector(pause_s=0.8).feed(pcm)] == [SpeechKind.STARTED, SpeechKind.ENDED]


@pytest.mark.parametrize("decibels", [-90, -60, -45, -30])
def test_steady_noise_is_no_speech_for_long(decibels: float) -> None:
    pcm = noise(20, decibels).astype("<i2").tobytes()
    detector = SpeechDetector(pause_s=0.5)
    marks = detector.feed(silence(1) + pcm)
    assert not detector.speaking
    assert len(marks) <= (0 if decibels <= -60 else 2)


def test_digital_silence_a_constant_and_clicks_are_no_speech() -> None:
    constant = np.full(32_000, 4_000, "<i2").tobytes()
    clicks = np.zeros(32_000, "<i2")
    for at in range(1_000, 32_000, 8_000):
        clicks[at : at + 400] = 12_000 * np.random.default_rng(at).choice([-1, 1], 400)
    assert SpeechDetector().feed(silence(2)) == []
    assert SpeechDetector().feed(constant) == []
    assert SpeechDetector().feed(silence(1) + clicks.tobytes()) == []


@pytest.mark.parametrize("word", ["yes", "no", "stop"])
def test_a_short_word_is_speech(word: str) -> None:
    marks = SpeechDetector(pause_s=0.5).feed(silence(1) + spoken(word) + silence(1))
    assert [m.kind for m in marks] == [SpeechKind.STARTED, SpeechKind.ENDED]


def test_speech_from_the_first_sample_counts() -> None:
    marks = SpeechDetector(pause_s=0.5).feed(spoken() + silence(1))
    assert [m.kind for m in marks] == [SpeechKind.STARTED, SpeechKind.ENDED]
    assert marks[0].sample <= 3_200


def test_finish_ends_what_is_still_spoken() -> None:
    detector = SpeechDetector()
    detector.feed(silence(0.5) + spoken())
    assert [m.kind for m in detector.finish()] == [SpeechKind.ENDED]
    assert detector.finish() == []


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 10**6), max_size=25))
def test_any_cut_gives_the_same_marks(cuts: list[int]) -> None:
    pcm = silence(0.5) + spoken() + silence(1.2) + spoken("yes") + silence(1.2)
    edges = sorted({0, len(pcm), *(cut % (len(pcm) + 1) for cut in cuts)})
    detector = SpeechDetector()
    marks = [mark for a, b in pairwise(edges) for mark in detector.feed(pcm[a:b])]
    assert marks == SpeechDetector().feed(pcm)
    assert len(marks) == 4
