"""Where speech starts and ends: the bookkeeping on any probabilities, the network on real recordings."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from debabelizer_providers._local.speech import FRAME, RATE, Edge, SpeechProbe, SpeechTrack, samples_of
from fakes.recordings import recording, silence


def edges(*probabilities: float, hang_s: float = 0.16) -> list[Edge]:
    track = SpeechTrack(hang_s=hang_s)
    return [edge for p in probabilities if (edge := track.push(p)) is not None]


def test_speech_starts_with_its_first_voiced_frame_once_three_are() -> None:
    assert edges(0, 0.9, 0.9, 0, 0, 0.9, 0.9, 0.9) == [Edge(True, 5 * FRAME, 8 * FRAME)]


def test_it_ends_with_its_last_voiced_frame_once_it_has_been_quiet_for_long_enough() -> None:
    assert edges(1, 1, 1, *[0] * 5)[1] == Edge(False, 3 * FRAME, 8 * FRAME)


def test_a_fading_voice_still_counts_a_rising_noise_does_not() -> None:
    assert edges(0.4, 0.4, 0.4, 0.4) == []
    track = SpeechTrack()
    for p in (0.9, 0.4, 0.4, 0.3):
        track.push(p)
    assert track.last_voiced == 3 * FRAME


@given(st.lists(st.floats(0, 1), max_size=200), st.floats(0.032, 1.0))
def test_starts_and_ends_alternate_and_lie_in_order(probabilities: list[float], hang_s: float) -> None:
    found = edges(*probabilities, hang_s=hang_s)
    assert [edge.started for edge in found] == [i % 2 == 0 for i in range(len(found))]
    assert [edge.at for edge in found] == sorted(edge.at for edge in found)
    assert all(0 <= edge.at <= edge.known <= len(probabilities) * FRAME for edge in found)


@given(st.lists(st.booleans(), max_size=100), st.integers(0, 100), st.integers(0, 100))
def test_voiced_stretches_add_up(voiced: list[bool], a: int, b: int) -> None:
    track = SpeechTrack()
    for v in voiced:
        track.push(float(v))
    start, end = min(a, b), max(a, b)
    assert track.voiced(start * FRAME, end * FRAME) == FRAME * sum(voiced[start:end])
    first = next((i for i in range(start, min(end, len(voiced))) if voiced[i]), None)
    assert track.first_voiced(start * FRAME, end * FRAME) == (None if first is None else first * FRAME)
    track.forget(start * FRAME)
    assert track.voiced(start * FRAME, end * FRAME) == FRAME * sum(voiced[start:end])


@pytest.mark.parametrize("name", ["hello_test", "digits", "commands", "long_silences", "noisy"])
def test_real_speech_is_found_where_it_is(name: str) -> None:
    spoken = recording(name)
    track, found = SpeechTrack(hang_s=0.5), []
    for probability in SpeechProbe().feed(samples_of(spoken.pcm + silence(1))):
        found += [edge] if (edge := track.push(probability)) is not None else []
    assert found[0].at / RATE == pytest.approx(spoken.words[0][1], abs=0.2)
    assert found[-1].at / RATE == pytest.approx(spoken.words[-1][2], abs=0.3)
    assert not found[-1].started


def test_audio_may_come_in_pieces_of_any_size() -> None:
    audio = samples_of(recording("commands").pcm)
    whole = SpeechProbe().feed(audio)
    probe, chance, at, pieces = SpeechProbe(), random.Random(3), 0, list[float]()
    while at < len(audio):
        size = chance.choice((1, 37, 160, 511, 512, 513, 1600, 5000))
        pieces += probe.feed(audio[at : at + size])
        at += size
    assert pieces == pytest.approx(whole, abs=1e-4)
    assert len(whole) == len(audio) // FRAME


def test_nobody_speaks_in_faint_noise() -> None:
    assert max(SpeechProbe().feed(samples_of(recording("no_speech").pcm))) < 0.3
