"""Whose commit was it: which of the vendor's commits answers which of ours, and what audio it covers."""

from __future__ import annotations

import struct

import pytest

from debabelizer.contract import CommitAnswer, CommitMode, Covered
from debabelizer.events import Freeze
from debabelizer_providers.elevenlabs.voice import last_loud
from fakes.elevenlabs_frames import EMPTY, FINAL, RATE, THROTTLED, committed, got, protocol, speak, timed


def test_a_commit_nobody_asked_for_covers_up_to_its_last_word_only() -> None:
    stream = protocol()
    speak(stream, 92.0)
    assert committed(stream, "A long story.") == [Freeze(segment=0, text="A long story.")]
    signals = timed(stream, "A long story.", ("A", 0.5, 0.6), ("story.", 88.0, 89.5))
    assert signals[1:] == [Covered(round(89.5 * RATE))]
    speak(stream, 2.0)
    stream.commit()
    assert committed(stream, "The end.")[1:] == [Covered(94 * RATE), FINAL]


def test_a_servers_own_commit_that_crosses_ours_is_not_taken_for_the_answer() -> None:
    """Two minutes are replayed at once: the server commits by itself on the way."""
    stream = protocol()
    speak(stream, 120.0)
    stream.commit()
    assert committed(stream, "First part.") == [Freeze(segment=0, text="First part.")]
    signals = timed(stream, "First part.", ("First", 1.0, 2.0), ("part.", 80.0, 89.0))
    assert signals[1:] == [Covered(89 * RATE)]
    assert committed(stream, "Second part.")[1:] == [Covered(120 * RATE), FINAL]


def test_a_long_utterance_is_answered_when_its_words_reach_our_commit() -> None:
    stream = protocol()
    speak(stream, 60.0)
    stream.commit()
    assert committed(stream, "A minute.") == [Freeze(segment=0, text="A minute.")]
    assert timed(stream, "A minute.", ("minute.", 58.0, 59.5))[1:] == [Covered(60 * RATE), FINAL]


def test_without_word_times_a_long_utterance_is_answered_at_once() -> None:
    stream = protocol(timestamps=False)
    speak(stream, 60.0)
    stream.commit()
    assert committed(stream, "A minute.")[1:] == [Covered(60 * RATE), FINAL]


def test_word_times_beyond_the_audio_cover_nothing_more_than_was_sent() -> None:
    stream = protocol()
    speak(stream, 5.0)
    committed(stream, "Hello.")
    signals = timed(stream, "Hello.", ("Hello.", 900.0, 901.0))
    assert all(signal.samples <= 5 * RATE for signal in signals if isinstance(signal, Covered))


def test_word_times_may_count_from_the_segment() -> None:
    stream = protocol(word_times="segment")
    for _ in range(2):
        speak(stream, 2.0)
        stream.commit()
        committed(stream, "Hello.")
    timed(stream, "Hello.", ("Hello.", 0.5, 1.0))
    (signal,) = timed(stream, "Hello.", ("Hello.", 0.5, 1.0))
    assert isinstance(signal, Freeze)
    assert (signal.start, signal.end) == (2.5, 3.0)


def test_word_times_that_cannot_count_from_the_connection_count_from_the_segment() -> None:
    stream = protocol()
    speak(stream, 10.0)
    stream.commit()
    committed(stream, "Hello.")
    timed(stream, "Hello.", ("Hello.", 0.5, 1.0))
    speak(stream, 2.0)
    stream.commit()
    committed(stream, "Again.")
    (signal,) = timed(stream, "Again.", ("Again.", 0.5, 1.0))
    assert isinstance(signal, Freeze)
    assert (signal.start, signal.end) == (10.5, 11.0)


def test_in_pause_mode_a_pause_commit_is_not_the_answer_to_ours() -> None:
    stream = protocol(commit=CommitMode.PAUSE)
    speak(stream, 5.0)
    stream.commit()
    assert committed(stream, "Before the pause.") == [Freeze(segment=0, text="Before the pause.")]
    assert timed(stream, "Before the pause.", ("pause.", 1.0, 2.0))[1:] == [Covered(2 * RATE)]
    committed(stream, "After it.")
    assert timed(stream, "After it.", ("it.", 4.0, 4.8))[1:] == [Covered(5 * RATE), FINAL]


def test_in_pause_mode_a_commit_after_which_nothing_was_said_is_the_answer_whoever_made_it() -> None:
    stream = protocol(commit=CommitMode.PAUSE)
    speak(stream, 2.0)
    speak(stream, 3.0, level=100)
    stream.commit()
    committed(stream, "All of it.")
    assert timed(stream, "All of it.", ("it.", 1.0, 1.9))[1:] == [Covered(5 * RATE), FINAL]
    speak(stream, 1.0)
    stream.commit()
    assert got(stream, "commit_throttled", error="Commit request ignored") == [], "the late answer to the first one"
    committed(stream, "And more.")
    assert timed(stream, "And more.", ("more.", 5.2, 5.9))[1:] == [Covered(6 * RATE), FINAL]


@pytest.mark.parametrize(("form", "rate"), [("pcm_16000", 16_000), ("pcm_8000", 8_000), ("ulaw_8000", 8_000)])
def test_the_end_of_a_voice_is_found_on_every_form(form: str, rate: int) -> None:
    stream = protocol(audio_format=form)
    loud, quiet = (b"\x10", b"\xfe") if form == "ulaw_8000" else (struct.pack("<h", -9000), struct.pack("<h", 200))
    assert last_loud(quiet * rate, stream.limits.audio) is None
    assert last_loud(b"", stream.limits.audio) is None
    end = last_loud(quiet * rate + loud * rate + quiet * rate, stream.limits.audio)
    assert end == pytest.approx(2 * rate, abs=rate * 0.05)


def test_a_throttled_commit_is_answered_and_covers_nothing() -> None:
    stream = protocol()
    speak(stream, 0.1)
    stream.commit()
    assert got(stream, "commit_throttled", error="Commit request ignored: only 0.01s") == [THROTTLED]
    assert got(stream, "commit_throttled", error="Commit request ignored: only 0.01s") == []
    assert stream.closed(1008, "commit_throttled") is None


def test_the_answer_waits_for_the_rewritten_text() -> None:
    stream = protocol(transcript_edit="Drop fillers")
    speak(stream, 1.0)
    stream.commit()
    assert committed(stream, "uh call ana") == [Freeze(segment=0, text="uh call ana"), Covered(RATE)]
    timed(stream, "uh call ana", ("uh", 0.1, 0.2))
    assert got(stream, "edited_transcript", "uh call ana", edited_text="Call Ana.") == [
        Freeze(segment=0, text="Call Ana.", language="en"),
        FINAL,
    ]
    assert got(stream, "edited_transcript", "uh call ana", edited_text="Again.") == []


def test_answers_keep_the_order_of_the_commits() -> None:
    stream = protocol(transcript_edit="Drop fillers")
    for text in ("one", ""):
        speak(stream, 1.0)
        stream.commit()
        signals = committed(stream, text)
    assert [s for s in signals if isinstance(s, CommitAnswer)] == [FINAL, EMPTY]
