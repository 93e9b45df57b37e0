"""The manual socket by calling functions: frames in, signals out. No socket, no clock."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from debabelizer.contract import (
    CommitAnswer,
    CommitMode,
    CommitOutcome,
    Covered,
    EpochContext,
    Failure,
    Finished,
    KeepAlive,
    StreamOptions,
    StreamSignal,
)
from debabelizer.errors import AuthenticationError, Category, ConfigurationError, StreamingError
from debabelizer.events import Freeze, Tail
from debabelizer_providers.cartesia import Cartesia
from debabelizer_providers.cartesia.manual import Manual

RATE = 16_000
FINAL, EMPTY = CommitAnswer(CommitOutcome.FINAL), CommitAnswer(CommitOutcome.EMPTY)
FLUSH_DONE = '{"type":"flush_done","request_id":"r"}'
DONE = '{"type":"done","request_id":"r"}'
PIECES = st.tuples(st.text(alphabet="ab .'é日", max_size=8), st.sampled_from(["interim", "final"]))


def manual(commit: CommitMode = CommitMode.MANUAL, **more: Any) -> Manual:
    given_ = {"api_key": "sk_car_test", **more}
    made = Cartesia().stream(
        StreamOptions(settings={"turns": False, **given_}, languages=("en",), commit=commit), EpochContext()
    )
    assert isinstance(made, Manual)
    return made


def noise(seconds: float) -> bytes:
    return np.random.default_rng(1).integers(-9000, 9000, round(seconds * RATE), dtype=np.int16).tobytes()


def speak(made: Manual, seconds: float, pcm: bytes | None = None) -> list[Any]:
    """In pieces, as it is said; what goes out beside audio."""
    pcm = noise(seconds) if pcm is None else pcm
    sent = [message for at in range(0, len(pcm), 3200) for message in made.audio(pcm[at : at + 3200])]
    return [message for message in sent if isinstance(message, str)]


def pause(made: Manual, seconds: float) -> list[Any]:
    return speak(made, seconds, bytes(2 * round(seconds * RATE)))


def said(text: str, *, final: bool = False, **more: Any) -> str:
    return json.dumps({"type": "transcript", "request_id": "r", "text": text, "is_final": final, **more})


def shown(signals: Any) -> list[tuple[Any, str, str]]:
    return [(s.segment, s.frozen, s.volatile) for s in signals if isinstance(s, Tail)]


def frozen(signals: Any) -> list[tuple[Any, str]]:
    return [(s.segment, s.text) for s in signals if isinstance(s, Freeze)]


def answers(signals: Any) -> list[StreamSignal]:
    return [s for s in signals if isinstance(s, CommitAnswer)]


def covered(signals: Any) -> list[float]:
    return [s.samples / RATE for s in signals if isinstance(s, Covered)]


def test_pieces_are_joined_verbatim_and_the_tail_is_replaced() -> None:
    made = manual()
    speak(made, 3.0)
    assert shown(made.receive(said("Please move the"))) == [(0, "", "Please move the")]
    assert made.receive(said("Please move the")) == []
    assert shown(made.receive(said("Please move the meet", final=True))) == [(0, "Please move the meet", "")]
    assert shown(made.receive(said("ing to"))) == [(0, "Please move the meet", "ing to")]
    assert shown(made.receive(said("ing to Thursday.", final=True))) == [
        (0, "Please move the meeting to Thursday.", "")
    ]
    assert made.commit() == ("finalize",)
    signals = made.receive(FLUSH_DONE)
    assert frozen(signals) == [(0, "Please move the meeting to Thursday.")]
    assert covered(signals) == [3.0]
    assert signals[-1] == FINAL
    assert shown(made.receive(said(" Thanks"))) == [(1, "", "Thanks")]


def test_nothing_said_is_an_empty_answer_and_no_segment() -> None:
    made = manual()
    speak(made, 1.0)
    made.commit()
    assert made.receive(FLUSH_DONE) == [Covered(RATE), EMPTY]
    assert made.receive(FLUSH_DONE) == []


def test_audio_is_covered_by_an_acknowledgement_and_by_nothing_less() -> None:
    made = manual()
    speak(made, 2.0)
    assert covered(made.receive(said("One.", final=True, duration=2.0))) == []
    speak(made, 1.0)
    made.commit()
    speak(made, 1.0)
    assert covered(made.receive(said(" Two.", final=True, duration=1.0))) == []
    assert covered(made.receive(FLUSH_DONE)) == [3.0]


def test_text_that_was_shown_has_a_final_still_to_come_after_the_acknowledgement() -> None:
    made = manual()
    speak(made, 2.0)
    made.receive(said("Move it"))
    made.commit()
    assert made.receive(FLUSH_DONE) == []
    signals = made.receive(said("Move it.", final=True))
    assert (frozen(signals), covered(signals), answers(signals)) == ([(0, "Move it.")], [2.0], [FINAL])


def test_text_from_behind_a_commit_belongs_to_the_next_segment() -> None:
    made = manual()
    speak(made, 2.0)
    made.commit()
    speak(made, 1.0)
    made.receive(said("One.", final=True))
    made.receive(said(" Tw"))
    signals = made.receive(FLUSH_DONE)
    assert frozen(signals) == [(0, "One.")]
    assert shown(signals) == [(1, "", "Tw")]
    assert answers(signals) == [FINAL]


def test_several_commits_are_answered_in_their_order() -> None:
    made = manual()
    speak(made, 1.0)
    made.commit()
    speak(made, 1.0)
    made.commit()
    made.receive(said("One.", final=True))
    assert covered(made.receive(FLUSH_DONE)) == [1.0]
    signals = made.receive(FLUSH_DONE)
    assert (covered(signals), answers(signals)) == ([2.0], [EMPTY])


def test_in_an_older_edition_a_final_that_says_all_again_replaces() -> None:
    made = manual(api_version="2025-04-16")
    speak(made, 4.0)
    made.receive(said("Move the", final=True, duration=1.0))
    signals = made.receive(said("Move the meeting.", final=True, duration=2.0))
    assert shown(signals) == [(0, "Move the meeting.", "")]


def test_who_begins_again_is_written_as_he_speaks() -> None:
    made = manual()
    speak(made, 4.0)
    made.receive(said(" I", final=True, duration=1.0))
    assert shown(made.receive(said(" I think so.", final=True, duration=2.0))) == [(0, "I I think so.", "")]


def test_a_piece_that_comes_twice_counts_once_and_one_said_twice_counts_twice() -> None:
    made = manual()
    speak(made, 2.0)
    made.receive(said("Well", final=True, duration=1.0))
    made.receive(said(" no,", final=True, duration=0.9))
    assert made.receive(said(" no,", final=True, duration=0.9)) == []
    speak(made, 1.0)
    assert shown(made.receive(said(" no,", final=True, duration=0.9))) == [(0, "Well no, no,", "")]
    made.commit()
    assert frozen(made.receive(FLUSH_DONE)) == [(0, "Well no, no,")]
    assert made.receive(said(" no,", final=True, duration=0.9)) == [], "the echo comes after the acknowledgement"


def test_a_flood_of_text_ends_the_connection() -> None:
    made = manual()
    speak(made, 1.0)
    pieces = [made.receive(said(f"{number:05}" * 200, final=True)) for number in range(250)]
    flooded = [signal for signals in pieces for signal in signals if isinstance(signal, Failure)]
    assert 0 < len(flooded) < len(pieces)
    assert flooded[0].error.category is Category.PROTOCOL


def test_segments_of_a_pause_the_vendor_found_are_closed_in_that_pause() -> None:
    made = manual(CommitMode.PAUSE)
    speak(made, 2.0)
    assert pause(made, 1.0) == []
    made.receive(said("One.", final=True))
    assert pause(made, 0.1) == ["finalize"]
    speak(made, 1.0)
    signals = made.receive(FLUSH_DONE)
    assert (frozen(signals), covered(signals), answers(signals)) == ([(0, "One.")], [3.0], [])
    made.commit()
    made.receive(said(" Two.", final=True))
    assert answers(made.receive(FLUSH_DONE)) == [FINAL]


def test_a_pause_that_is_over_is_let_go() -> None:
    made = manual(CommitMode.PAUSE)
    speak(made, 2.0)
    pause(made, 1.0)
    speak(made, 0.5)
    made.receive(said("One.", final=True))
    assert speak(made, 0.5) == [], "in mid-speech it would cut a word"
    made.receive(said(" Tw"))
    assert pause(made, 1.0) == []


def test_only_long_segments_end_at_pauses_by_themselves_in_manual_mode() -> None:
    made = manual()
    speak(made, 5.0)
    made.receive(said("One.", final=True))
    assert pause(made, 1.0) == []
    speak(made, 15.0)
    made.receive(said(" Tw"))
    assert pause(made, 0.5) == []
    made.receive(said(" Two.", final=True))
    assert pause(made, 0.1) == ["finalize"]
    assert covered(made.receive(FLUSH_DONE)) == [pytest.approx(21.5, abs=0.1)]


def test_a_missing_acknowledgement_is_had_by_ending_the_stream() -> None:
    made = manual()
    speak(made, 2.0)
    made.commit()
    assert made.keep_alive() == ("close",)
    assert made.keep_alive() == ()
    assert made.audio(noise(1.0)) == ()
    made.receive(said("One.", final=True))
    signals = made.receive(DONE)
    assert (frozen(signals), covered(signals)) == ([(0, "One.")], [2.0])
    assert list(signals[-2:]) == [FINAL, Finished()]
    assert made.closed(1000, "") is None


def test_while_audio_flows_a_missing_acknowledgement_is_not_waited_for_without_end() -> None:
    made = manual()
    speak(made, 1.0)
    made.commit()
    assert pause(made, 1.0) == []
    assert speak(made, 6.0) == [], "in mid-speech the end would cut a word"
    assert pause(made, 0.3) == ["close"]
    signals = made.receive(DONE)
    assert (answers(signals), covered(signals)) == ([EMPTY], [1.0, pytest.approx(8.2, abs=0.15)])


def test_the_end_takes_what_is_shown_for_the_last_word() -> None:
    made = manual()
    speak(made, 2.0)
    made.receive(said("One", final=True))
    made.receive(said(" tw"))
    assert made.receive(DONE) == ()
    assert made.finish() == ("close",)
    signals = made.receive(DONE)
    assert frozen(signals) == [(0, "One tw")]
    assert signals[-1] == Finished()


def test_a_close_without_the_word_for_it_is_the_end_too() -> None:
    made = manual()
    speak(made, 2.0)
    made.commit()
    made.finish()
    made.receive(said("One.", final=True))
    assert made.last_words(None) == ()
    signals = made.last_words(1000)
    assert (frozen(signals), covered(signals), answers(signals)) == ([(0, "One.")], [2.0], [FINAL])
    assert signals[-1] == Finished()


def test_older_editions_close_with_another_word_and_acknowledge_before_the_text() -> None:
    made = manual(api_version="2025-04-16")
    speak(made, 2.0)
    made.commit()
    assert made.receive(FLUSH_DONE) == []
    assert answers(made.receive(said("One.", final=True))) == [FINAL]
    made.commit()
    assert made.receive(FLUSH_DONE) == []
    assert made.keep_alive() == ("done",)


def test_now_and_then_silence_keeps_the_connection_open() -> None:
    made = manual()
    limits = made.limits
    assert (limits.keep_alive, limits.ready_when_open) == (KeepAlive.MESSAGE, True)
    sent = [message for _ in range(10) for message in made.keep_alive()]
    assert sent == [bytes(3200)] * 2
    assert 10 * limits.keep_alive_every_s / len(sent) < 20.0
    thin = manual(audio_format="mulaw_8000")
    assert [message for _ in range(5) for message in thin.keep_alive()] == [b"\xff" * 800]


def _word(text: str, start: float, end: float) -> dict[str, Any]:
    return {"word": text, "start": start, "end": end}


@pytest.mark.parametrize(
    "words",
    [
        [_word("Thanks", 3.2, 3.6), _word("all", 3.7, 4.0)],
        [_word("Thanks", 0.2, 0.6), _word("all", 0.7, 1.0)],
        [{"words": ["Thanks", "all"], "start": [3.2, 3.7], "end": [3.6, 4.0]}],
    ],
)
def test_word_times_in_each_of_their_shapes(words: list[dict[str, Any]]) -> None:
    made = manual()
    speak(made, 3.0)
    made.commit()
    made.receive(said("One.", final=True, duration=3.0))
    made.receive(FLUSH_DONE)
    speak(made, 1.5)
    made.commit()
    made.receive(said(" Thanks all", final=True, duration=1.5, language="en", words=words))
    (freeze,) = [signal for signal in made.receive(FLUSH_DONE) if isinstance(signal, Freeze)]
    assert [word.text for word in freeze.words] == ["Thanks", "all"]
    assert [word.start for word in freeze.words] == [pytest.approx(3.2), pytest.approx(3.7)]
    assert (freeze.start, freeze.end, freeze.language) == (3.0, 4.5, "en")


def test_our_silence_is_not_on_the_users_clock() -> None:
    made = manual()
    for _ in range(10):
        made.keep_alive()
    speak(made, 1.0)
    made.commit()
    made.receive(said("Thanks", final=True, duration=1.2, words=[_word("Thanks", 0.4, 0.8)]))
    (freeze,) = [signal for signal in made.receive(FLUSH_DONE) if isinstance(signal, Freeze)]
    assert freeze.words[0].start == pytest.approx(0.2)


def test_errors_in_both_shapes() -> None:
    recent = '{"type":"error","title":"Invalid model","message":"No such model.","status_code":400,"error_code":"m"}'
    (failure,) = manual().receive(recent)
    assert isinstance(failure, Failure)
    assert isinstance(failure.error, ConfigurationError)
    assert (failure.error.code, failure.error.vendor_message) == ("m", "Invalid model: No such model.")
    (older,) = manual().receive('{"type":"error","message":"Bad key","code":401}')
    assert isinstance(older, Failure)
    assert isinstance(older.error, AuthenticationError)
    (nameless,) = manual().receive('{"type":"error"}')
    assert isinstance(nameless, Failure)
    assert isinstance(nameless.error, StreamingError)
    for message in ("no json", b"\xff", "[]", "{}", '{"type":"transcript","text":5}'):
        (garbage,) = manual().receive(message)
        assert isinstance(garbage, Failure)
        assert garbage.error.category is Category.PROTOCOL
    assert manual().receive('{"type":"weather.report"}') == ()


def test_an_error_after_all_is_said_and_answered_is_none() -> None:
    made = manual()
    made.finish()
    assert made.receive('{"type":"error","status_code":500}') == (Finished(),)


@pytest.mark.parametrize(
    ("code", "category"),
    [
        (1000, None),
        (1005, None),
        (1001, Category.NETWORK),
        (1006, Category.NETWORK),
        (None, Category.NETWORK),
        (1008, Category.CONFIG),
        (1011, Category.PROTOCOL),
        (1013, Category.RATE_LIMIT),
    ],
)
def test_closes(code: int | None, category: Category | None) -> None:
    error = manual().closed(code, "why")
    assert (error.category if error else None) == category


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.tuples(st.text(alphabet="ab .'é日", max_size=8), st.sampled_from(["interim", "final"])), max_size=20)
)
def test_whatever_the_pieces_the_text_is_the_finals_in_a_row(pieces: list[tuple[str, str]]) -> None:
    """Each final is marked with its number, so that none begins with all before it."""
    made = manual()
    speak(made, 1.0)
    expected = ""
    for number, (text, kind) in enumerate(pieces):
        marked = f"{number}{text}"
        made.receive(said(marked, final=kind == "final"))
        expected += marked if kind == "final" else ""
    made.commit()
    made.receive(said("!", final=True))
    signals = made.receive(FLUSH_DONE)
    assert frozen(signals) == [(0, f"{expected}!".strip())]
    assert answers(signals) == [FINAL]
