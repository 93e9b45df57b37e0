"""The protocols by calling functions: frames in, signals out. No socket, no clock."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from debabelizer.contract import (
    CommitAnswer,
    Covered,
    Failure,
    Finished,
    KeepAlive,
    Ready,
    StreamSignal,
    VendorNotice,
    VendorSpeech,
    WebSocketOpening,
)
from debabelizer.errors import Category
from debabelizer.events import Freeze, Joining, Replace
from fakes.deepgram_frames import EMPTY, FINAL, LEAD, RATE, answers, covered, flux, nova, results, speak, texts, turn

EXCHANGE = Path(__file__).parents[1] / "data" / "deepgram" / "exchange.jsonl"


# ------------------------------------------------------------------------------------------------------ Nova


def test_audio_is_binary_and_never_empty() -> None:
    made = nova()
    opening = made.opening()
    assert isinstance(opening, WebSocketOpening)
    assert opening.first == (bytes(3200),)
    assert made.audio(b"\1\0") == (b"\1\0",)
    assert made.audio(b"") == ()
    assert made.commit() == ('{"type":"Finalize"}',)


def test_limits_say_how_the_vendor_is_kept_awake() -> None:
    limits = nova().limits
    assert (limits.keep_alive, limits.ready_when_open, limits.replay_speed) == (KeepAlive.MESSAGE, True, 1.25)
    assert limits.keep_alive_every_s <= 5
    assert nova().keep_alive() == ('{"type":"KeepAlive"}',)
    assert nova(languages=("ja",)).limits.joining is Joining.VERBATIM


def test_a_window_is_replaced_until_it_is_final() -> None:
    made = nova()
    speak(made, 3.0)
    assert texts(made.receive(results(0.0, 1.0, "move the"))) == [(0, "move the")]
    assert texts(made.receive(results(0.0, 2.0, "move the meeting"))) == [(0, "move the meeting")]
    signals = made.receive(results(0.0, 2.0, "Move the meeting", final=True))
    assert texts(signals) == [(0, "Move the meeting")]
    assert covered(signals) == [pytest.approx(2.0 - LEAD)]
    (freeze,) = [s for s in signals if isinstance(s, Freeze)]
    assert freeze.language == "en"
    assert [word.text for word in freeze.words] == ["Move", "The", "Meeting"]
    assert freeze.words[1].end == pytest.approx(0.1)
    assert texts(made.receive(results(2.0, 0.5, "to"))) == [(1, "to")]


def test_late_and_repeated_frames_change_nothing() -> None:
    made = nova()
    speak(made, 3.0)
    made.receive(results(0.0, 2.0, "one", final=True))
    assert not made.receive(results(0.0, 1.5, "on"))
    assert not made.receive(results(0.0, 2.0, "one", final=True))
    assert not made.receive(results(2.0, 0.5, "", final=True, channel_index=[1, 2]))


def test_empty_finals_move_on_without_text() -> None:
    made = nova()
    speak(made, 3.0)
    signals = made.receive(results(0.0, 2.0, "", final=True))
    assert texts(signals) == []
    assert covered(signals) == [pytest.approx(1.9)]
    made.receive(results(2.0, 0.5, "hm"))
    assert texts(made.receive(results(2.0, 0.8, "", final=True))) == [(0, "")]


def test_the_answer_to_a_commit_covers_all_before_it() -> None:
    made = nova()
    speak(made, 2.0)
    made.commit()
    signals = made.receive(results(0.0, 1.9, "one", final=True, from_finalize=True))
    assert answers(signals) == [FINAL]
    assert covered(signals) == [2.0]
    assert signals.index(FINAL) == len(signals) - 1
    speak(made, 1.0)
    made.commit()
    assert answers(made.receive(results(2.1, 1.0, "", final=True, from_finalize=True))) == [EMPTY]


def test_any_final_that_reaches_the_commit_answers_it_and_the_late_answer_is_no_other_commits() -> None:
    made = nova()
    speak(made, 2.0)
    made.commit()
    assert answers(made.receive(results(0.0, 1.5, "one", final=True))) == []
    assert answers(made.receive(results(1.5, 0.6, "two", final=True))) == [FINAL]
    speak(made, 1.0)
    made.commit()
    assert answers(made.receive(results(2.1, 0.0, "", final=True, from_finalize=True))) == []
    assert answers(made.receive(results(2.1, 1.0, "three", final=True, from_finalize=True))) == [FINAL]


def test_text_from_behind_a_commit_says_that_all_before_is_final() -> None:
    made = nova()
    speak(made, 2.0)
    made.receive(results(0.0, 2.05, "one", final=True))
    made.commit()
    speak(made, 1.0)
    assert answers(made.receive(results(2.1, 0.5, "two"))) == [FINAL]


def test_an_answer_that_stays_away_is_had_by_ending_the_stream() -> None:
    made = nova()
    speak(made, 2.0)
    made.commit()
    assert made.keep_alive() == ('{"type":"CloseStream"}',)
    assert made.keep_alive() == ()
    assert speak(made, 1.0) == []
    made.receive(results(0.0, 2.1, "one", final=True))
    signals = made.receive('{"type":"Metadata","request_id":"r","duration":2.1,"channels":1}')
    assert signals == (Finished(),)
    assert made.closed(1000, "") is None
    silent = nova()
    speak(silent, 2.0)
    silent.commit()
    silent.keep_alive()
    assert silent.receive('{"type":"Metadata"}') == (Covered(2 * RATE), EMPTY, Finished())


def test_metadata_that_nobody_asked_for_and_text_without_an_end_settle_nothing() -> None:
    made = nova()
    speak(made, 1.0)
    made.commit()
    assert made.receive('{"type":"Metadata"}') == ()
    made.receive(results(0.0, 0.5, "one"))
    made.finish()
    assert made.receive('{"type":"Metadata"}') == (Finished(),)


def test_speech_events_and_warnings() -> None:
    made = nova()
    speak(made, 5.0)
    assert made.receive('{"type":"SpeechStarted","channel":[0],"timestamp":1.1}') == (VendorSpeech(True, 1.0),)
    made.receive(results(0.0, 2.0, "one"))
    assert made.receive('{"type":"UtteranceEnd","last_word_end":2.1}') == (VendorSpeech(False, 2.0),)
    made.receive(results(0.0, 2.5, "one", final=True, speech_final=True))
    assert made.receive('{"type":"UtteranceEnd","last_word_end":2.1}') == ()


def test_mixed_languages_join_as_they_are_written() -> None:
    made = nova(languages=())
    speak(made, 5.0)
    (freeze,) = [
        s for s in made.receive(results(0, 1, "はい", final=True, said={"languages": ["ja"]})) if isinstance(s, Freeze)
    ]
    assert (freeze.language, freeze.joining) == ("ja", Joining.VERBATIM)


def test_errors_and_garbage() -> None:
    for message in ('{"type":"Error","variant":"SchemaError","description":"no"}', "no json", b"\xff", "[]", "{}"):
        (failure,) = nova().receive(message)
        assert isinstance(failure, Failure)
        assert failure.error.category is Category.PROTOCOL
    assert nova().receive('{"type":"WeatherReport"}') == ()


@pytest.mark.parametrize(
    ("code", "reason", "category"),
    [
        (1011, "Deepgram did not receive audio data ... See https://dpgr.am/net0001", None),
        (1011, "NET-0001", None),
        (1011, "... See https://dpgr.am/net0000", Category.NETWORK),
        (1008, "DATA-0000", Category.CONFIG),
        (1008, "", Category.CONFIG),
        (1000, "", None),
        (1001, "", Category.NETWORK),
        (1006, "", Category.NETWORK),
        (None, "", Category.NETWORK),
        (1011, "boom", Category.PROTOCOL),
        (1013, "", Category.RATE_LIMIT),
    ],
)
def test_closes(code: int | None, reason: str, category: Category | None) -> None:
    error = nova().closed(code, reason)
    assert (error.category if error else None) == category


# ------------------------------------------------------------------------------------------------------ Flux


def test_turns() -> None:
    made = flux()
    assert made.receive('{"type":"Connected","request_id":"r","sequence_id":0}') == (Ready("r"),)
    speak(made, 4.0)
    assert texts(made.receive(turn("StartOfTurn", 0, "Move", 0.0, 0.9))) == [(0, "Move")]
    for event in ("Update", "EagerEndOfTurn", "TurnResumed"):
        assert texts(made.receive(turn(event, 0, "Move the", 0.0, 1.2))) == [(0, "Move the")]
    signals = made.receive(turn("EndOfTurn", 0, "Move the meeting.", 0.0, 3.1, trigger="model"))
    assert texts(signals) == [(0, "Move the meeting.")]
    assert covered(signals) == [3.1]
    assert made.receive(turn("Update", 0, "Move the", 0.0, 3.1)) == ()
    assert texts(made.receive(turn("Update", 1, "", 3.1, 3.2))) == []


def test_a_forced_end_is_a_commit() -> None:
    made = flux()
    speak(made, 2.0)
    made.receive(turn("StartOfTurn", 0, "Move", 0.0, 0.9))
    assert made.commit() == ('{"type":"ForceEndTurn"}',)
    signals = made.receive(turn("EndOfTurn", 0, "Move.", 0.0, 1.95, trigger="manual"))
    assert (answers(signals), covered(signals)) == ([FINAL], [2.0])
    assert made.keep_alive() == ()
    assert made.finish() == ('{"type":"CloseStream"}',)
    assert made.closed(1005, "") is None


def test_silence_is_settled_by_an_acknowledgement() -> None:
    made = flux()
    speak(made, 2.0)
    made.commit()
    assert len(speak(made, 0.5)) == 1
    _, probe = speak(made, 0.5)
    assert json.loads(probe)["type"] == "Configure"
    assert len(speak(made, 2.0)) == 1
    assert made.receive('{"type":"ConfigureSuccess"}') == [Covered(2 * RATE), EMPTY]
    assert list(made.receive('{"type":"ConfigureFailure","code":"X"}')) == []


def test_an_open_turn_is_not_settled_by_an_acknowledgement() -> None:
    made = flux()
    speak(made, 2.0)
    made.receive(turn("StartOfTurn", 0, "Move", 0.0, 0.9))
    made.commit()
    speak(made, 1.5)
    assert answers(made.receive('{"type":"ConfigureSuccess"}')) == []
    signals = made.receive(turn("EndOfTurn", 0, "Move.", 0.0, 2.0, trigger="manual"))
    assert answers(signals) == [FINAL]


def test_flux_troubles() -> None:
    made = flux()
    assert made.receive('{"type":"Error","code":"INACTIVE_CLIENT","description":"no audio"}') == ()
    assert made.closed(1005, "") is None
    (failure,) = flux().receive('{"type":"Error","code":"UNPARSABLE_CLIENT_MESSAGE","description":"x"}')
    assert isinstance(failure, Failure)
    (notice,) = flux().receive('{"type":"Warning","code":"EXAMPLE_CODE","description":"careful"}')
    assert isinstance(notice, VendorNotice)


# -------------------------------------------------------------------------------------------------- recorded


def test_a_recorded_exchange() -> None:
    """Lines are ``{"audio": seconds}``, ``{"say": verb}`` or ``{"got": frame, "gives": [[kind, detail], ...]}``."""
    made = nova()
    for line in EXCHANGE.read_text(encoding="utf-8").splitlines():
        step = json.loads(line)
        if "audio" in step:
            speak(made, step["audio"])
        elif "say" in step:
            assert list(getattr(made, step["say"])()) == step["sends"]
        else:
            given = [_short(signal) for signal in made.receive(json.dumps(step["got"]))]
            assert given == step["gives"]


def _short(signal: StreamSignal) -> list[Any]:
    match signal:
        case Replace() | Freeze():
            return [type(signal).__name__, signal.segment, signal.text]
        case Covered():
            return ["Covered", round(signal.samples / RATE, 3)]
        case CommitAnswer():
            return ["CommitAnswer", signal.outcome.value]
        case _:
            return [type(signal).__name__]
