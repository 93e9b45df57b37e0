"""OpenAI's protocol by calling functions: events in, signals out. No socket, no clock."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest

from debabelizer.contract import (
    CommitAnswer,
    CommitMode,
    Covered,
    Failure,
    KeepAlive,
    Preflight,
    Ready,
    StreamSignal,
    VendorSpeech,
)
from debabelizer.errors import Category
from debabelizer.events import Append, Freeze, Replace
from fakes.openai_events import (
    EMPTY,
    FINAL,
    RATE,
    THROTTLED,
    TRANSCRIPTION,
    VAD,
    committed,
    committed_at,
    completed,
    delta,
    error,
    got,
    protocol,
    ready,
    speak,
    vllm,
)

# ------------------------------------------------------------------------------------------------- going out


def test_audio_goes_as_base64_in_json() -> None:
    stream = protocol()
    (message,) = stream.audio(b"\x01\x00\xff\x7f")
    audio = base64.b64encode(b"\x01\x00\xff\x7f").decode()
    assert json.loads(message) == {"type": "input_audio_buffer.append", "audio": audio}
    (first,), (second,) = stream.commit(), stream.commit()
    assert json.loads(first) == {"type": "input_audio_buffer.commit", "event_id": "commit-1"}
    assert json.loads(second)["event_id"] == "commit-2", "by it an error names its commit"
    assert stream.finish() == ()
    assert stream.keep_alive() == ()


def test_limits() -> None:
    limits = protocol().limits
    assert (limits.audio.rate, limits.keep_alive, limits.least_commit_s) == (RATE, KeepAlive.PING, 0.1)
    assert limits.longest_connection_s == 3600
    assert not limits.answers_finish
    assert protocol(longest_connection_min=0).limits.longest_connection_s is None
    assert protocol(audio_format="pcmu").limits.audio.bytes_per_second == 8000
    assert protocol(answer_s=20.0).limits.commit_answer_s == 20
    assert protocol(commit=CommitMode.PAUSE, **VAD).limits.least_commit_s == 0


def test_ready_when_the_configuration_is_in_force() -> None:
    stream = protocol()
    assert got(stream, "session.created", session={"id": "sess_1"}) == []
    assert got(stream, "session.updated", session={"id": "sess_1"}) == [Ready("sess_1")]
    assert got(stream, "session.updated") == []


# ---------------------------------------------------------------------------------------------------- one item


def test_an_item_from_first_delta_to_transcript() -> None:
    stream = ready()
    speak(stream, 2.0)
    assert delta(stream, "A", "Please move") == [Append(segment="A", text="Please move", start=0.0)]
    assert delta(stream, "A", " the meeting") == [Append(segment="A", text=" the meeting", start=0.0)]
    committed_at(stream, 0.7)
    assert committed(stream, "A") == []
    frozen = Freeze[str | int](segment="A", text="Please move it.", start=0.0, end=2.7)
    assert completed(stream, "A", "Please move it.") == [frozen, Covered(round(2.7 * RATE)), FINAL]
    assert delta(stream, "A", " echo") == []
    assert completed(stream, "A", "Another.") == [], "nothing changes after that"
    assert delta(stream, "B", " Next") == [Append(segment="B", text="Next", start=2.7)]


def test_deltas_without_text_are_nothing() -> None:
    stream = ready()
    assert got(stream, TRANSCRIPTION + "delta", item_id="A") == []
    assert delta(stream, "A", " ") == []
    assert delta(stream, "A", " Hello") == [Append(segment="A", text="Hello", start=0.0)]


def test_an_empty_transcript_answers_empty() -> None:
    stream = ready()
    committed_at(stream, 1.0)
    delta(stream, "A", "Hm")
    committed(stream, "A")
    assert completed(stream, "A", "") == [Freeze(segment="A", text="", start=0.0, end=1.0), Covered(RATE), EMPTY]


@pytest.mark.parametrize(("languages", "language"), [([{"code": "en"}], "en"), ([], None), (None, None)])
def test_the_language_is_told_where_the_vendor_is_sure(languages: Any, language: str | None) -> None:
    stream = ready(model="gpt-transcribe")
    committed_at(stream, 1.0)
    committed(stream, "A")
    frozen = completed(stream, "A", "Hello.", languages=languages)[0]
    assert isinstance(frozen, Freeze)
    assert frozen.language == language


def test_a_transcript_without_a_commit_event_answers_all_the_same() -> None:
    stream = ready()
    committed_at(stream, 1.0)
    assert completed(stream, "A", "Hello.")[1:] == [Covered(RATE), FINAL]


def test_a_second_content_of_an_item_answers_no_commit() -> None:
    stream = ready()
    committed_at(stream, 1.0)
    committed(stream, "A")
    completed(stream, "A", "Hello.")
    committed_at(stream, 1.0)
    more = {"item_id": "A", "content_index": 1, "transcript": "More."}
    (signal,) = got(stream, TRANSCRIPTION + "completed", **more)
    assert isinstance(signal, Freeze)
    assert (signal.segment, signal.text) == ("A/1", "More.")
    committed(stream, "B")
    assert completed(stream, "B", "World.")[1:] == [Covered(2 * RATE), FINAL]


# ------------------------------------------------------------------------------------------------ order of items


def test_items_become_final_in_the_order_of_their_audio() -> None:
    stream = ready(model="gpt-transcribe")
    committed_at(stream, 1.0)
    committed_at(stream, 1.0)
    committed(stream, "A")
    committed(stream, "B")
    assert completed(stream, "B", "Second.") == [Replace(segment="B", text="Second.", start=1.0)]
    assert completed(stream, "A", "First.") == [
        Freeze(segment="A", text="First.", start=0.0, end=1.0),
        Covered(RATE),
        FINAL,
        Freeze(segment="B", text="Second.", start=1.0, end=2.0),
        Covered(2 * RATE),
        FINAL,
    ]


def test_an_item_with_text_is_placed_behind_those_committed_before_it() -> None:
    stream = ready()
    committed_at(stream, 1.0)
    committed_at(stream, 1.0)
    assert delta(stream, "B", "Second") == [Append(segment="B", text="Second", start=0.0)], "not known better yet"
    committed(stream, "A")
    committed(stream, "B")
    signals = [*completed(stream, "B", "Second."), *completed(stream, "A", "First.")]
    assert [(s.segment, s.text, s.start) for s in signals if isinstance(s, Replace | Freeze)] == [
        ("B", "Second.", 1.0),
        ("A", "First.", 0.0),
        ("B", "Second.", 1.0),
    ]


def test_a_failed_item_ends_the_connection_so_that_its_audio_is_said_again() -> None:
    stream = ready()
    committed_at(stream, 1.0)
    committed(stream, "A")
    content = {"type": "server_error", "code": "transcription_failed", "message": "Audio could not be transcribed"}
    (failure,) = got(stream, TRANSCRIPTION + "failed", item_id="A", content_index=0, error=content)
    assert isinstance(failure, Failure)
    assert failure.ends
    assert failure.error.retryable
    assert failure.error.vendor_message == "Audio could not be transcribed"
    (failure,) = got(ready(), TRANSCRIPTION + "failed", item_id="A")
    assert isinstance(failure, Failure)
    quota = {"type": "insufficient_quota", "message": "no money"}
    (failure,) = got(ready(), TRANSCRIPTION + "failed", item_id="A", error=quota)
    assert isinstance(failure, Failure)
    assert failure.error.category is Category.QUOTA


# ------------------------------------------------------------------------------------------ whose commit was it


def test_a_commit_of_too_little_covers_nothing() -> None:
    stream = ready()
    event_id = committed_at(stream, 0.01)
    assert error(stream, "input_audio_buffer_commit_empty", event_id) == [THROTTLED]
    assert error(stream, "input_audio_buffer_commit_empty", event_id) == []
    assert error(stream, "input_audio_buffer_commit_empty", "unknown") == []


def test_a_commit_of_too_little_waits_for_the_answers_before_it() -> None:
    stream = ready(commit=CommitMode.PAUSE, **VAD)
    speak(stream, 2.0)
    got(stream, "input_audio_buffer.speech_started", item_id="A", audio_start_ms=100)
    got(stream, "input_audio_buffer.speech_stopped", item_id="A", audio_end_ms=1900)
    event_id = committed_at(stream, 0.05)
    committed(stream, "A")
    assert error(stream, "input_audio_buffer_commit_empty", event_id) == []
    assert completed(stream, "A", "Hello.") == [
        Freeze(segment="A", text="Hello.", start=0.1, end=1.9),
        Covered(round(1.9 * RATE)),
        Covered(round(2.05 * RATE)),
        EMPTY,
    ]


def test_speaches_words_about_too_little_have_no_code() -> None:
    stream = protocol(dialect="speaches", base_url="http://localhost:8000/v1")
    got(stream, "session.updated")
    committed_at(stream, 0.01)
    words = "Error committing input audio buffer: buffer too small. Expected at least 100ms of audio"
    assert error(stream, None, message=words) == [THROTTLED]


def test_the_servers_own_commit_is_no_answer_and_covers_up_to_its_pause() -> None:
    stream = ready(commit=CommitMode.PAUSE, **VAD)
    speak(stream, 3.0)
    assert got(stream, "input_audio_buffer.speech_started", item_id="A", audio_start_ms=420) == [
        VendorSpeech(True, 0.42)
    ]
    assert got(stream, "input_audio_buffer.speech_stopped", item_id="A", audio_end_ms=2000) == [
        VendorSpeech(False, 2.0)
    ]
    committed(stream, "A")
    assert completed(stream, "A", "Hello.") == [
        Freeze(segment="A", text="Hello.", start=0.42, end=2.0),
        Covered(2 * RATE),
    ]
    got(stream, "input_audio_buffer.speech_started", item_id="B", audio_start_ms=2500)
    stream.commit()
    committed(stream, "B")
    assert completed(stream, "B", "Bye.") == [
        Freeze(segment="B", text="Bye.", start=2.5, end=3.0),
        Covered(3 * RATE),
        FINAL,
    ]


def test_times_beyond_the_audio_cover_nothing_more_than_was_sent() -> None:
    stream = ready(commit=CommitMode.PAUSE, **VAD)
    speak(stream, 1.0)
    got(stream, "input_audio_buffer.speech_stopped", item_id="A", audio_end_ms=9e300)
    committed(stream, "A")
    assert completed(stream, "A", "Hello.")[1:] == [Covered(RATE)]


# ----------------------------------------------------------------------------------------------------- errors


@pytest.mark.parametrize(
    ("code", "category", "ends"),
    [
        ("invalid_api_key", Category.AUTH, True),
        ("insufficient_quota", Category.QUOTA, True),
        ("rate_limit_exceeded", Category.RATE_LIMIT, True),
        ("invalid_model", Category.CONFIG, True),
        ("invalid_value", Category.CONFIG, True),
        ("session_expired", Category.NETWORK, True),
        ("server_error", Category.PROTOCOL, True),
        ("incorrect_hostname", Category.AUTH, False),
        ("brand_new_error", Category.PROTOCOL, False),
    ],
)
def test_each_error_has_its_category_and_keeps_the_vendors_words(code: str, category: Category, ends: bool) -> None:
    (signal,) = error(ready(), code)
    assert isinstance(signal, Failure)
    assert (signal.error.category, signal.ends) == (category, ends)
    assert signal.error.vendor_message == "the vendor's words"
    assert "the vendor's words" in signal.error.message
    assert signal.error.provider == "openai"


def test_an_unknown_error_about_the_configuration_or_a_commit_ends_the_connection() -> None:
    (signal,) = error(protocol(), "brand_new_error", "configuration")
    assert isinstance(signal, Failure)
    assert (signal.error.category, signal.ends) == (Category.CONFIG, True)
    stream = ready()
    (signal,) = error(stream, "brand_new_error", committed_at(stream, 1.0))
    assert isinstance(signal, Failure)
    assert signal.ends
    (signal,) = error(ready(errors_end=True), "brand_new_error")
    assert isinstance(signal, Failure)
    assert signal.ends
    (signal,) = error(protocol(), "server_error")
    assert isinstance(signal, Failure)
    assert signal.error.retryable, "a failure of theirs while they configure"


@pytest.mark.parametrize(
    ("code", "reason", "category"),
    [
        (1000, "", None),
        (1005, "", None),
        (1001, "", Category.NETWORK),
        (1006, "", Category.NETWORK),
        (None, "", Category.NETWORK),
        (1011, "", Category.PROTOCOL),
        (1013, "", Category.RATE_LIMIT),
        (3000, "invalid_request_error.invalid_api_key", Category.AUTH),
        (3000, "who knows", Category.AUTH),
        (4000, "invalid_request_error.invalid_model", Category.CONFIG),
        (4000, "invalid_request_error.insufficient_quota", Category.QUOTA),
        (4000, "who knows", Category.CONFIG),
        (1001, "session_expired", Category.NETWORK),
        (4321, "new", Category.PROTOCOL),
    ],
)
def test_close_codes(code: int | None, reason: str, category: Category | None) -> None:
    stream = protocol()
    meant = stream.closed(code, reason)
    assert (meant.category if meant else None) == category
    stream.finish()
    assert stream.closed(code, reason) is None


def test_unknown_events_are_skipped_and_garbage_is_a_protocol_failure() -> None:
    stream = ready()
    assert got(stream, "conversation.item.added", item={"id": "A"}) == []
    assert got(stream, "weather.report", sky="blue") == []
    for garbage in ("", "null", "[]", "{", b"\xff\xfe", "[" * 100_000, f'{{"type":"{TRANSCRIPTION}delta"}}'):
        (signal,) = stream.receive(garbage)
        assert isinstance(signal, Failure)
        assert signal.error.category is Category.PROTOCOL


def test_a_recorded_exchange_gives_its_text() -> None:
    stream = protocol()
    signals: list[StreamSignal] = []
    exchange = Path(__file__).parents[1] / "data" / "openai" / "exchange.jsonl"
    for line in exchange.read_text(encoding="utf-8").splitlines():
        step = json.loads(line)
        if step.get("to") == "server":
            speak(stream, step["audio_s"])
            if step["commit"]:
                stream.commit()
        else:
            signals += stream.receive(json.dumps({key: value for key, value in step.items() if key != "from"}))
    assert signals[0] == Ready("sess_C9")
    assert [(s.segment, s.text, s.language) for s in signals if isinstance(s, Freeze)] == [
        ("item_A1", "Please move the meeting to Thursday.", None),
        ("item_A2", "Call Anna.", "en"),
    ]
    assert [s for s in signals if isinstance(s, CommitAnswer)] == [FINAL, FINAL]
    assert [s.samples for s in signals if isinstance(s, Covered)] == [round(2.7 * RATE), round(4.7 * RATE)]


def test_nothing_shows_the_key() -> None:
    for settings in (
        {},
        {"client_secret": True},
        {"dialect": "azure", "base_url": "https://a.openai.azure.com/openai/v1"},
    ):
        stream = protocol(**{"api_key": "sk-very-secret", **settings})
        opening = stream.opening()
        assert "sk-very-secret" not in repr(stream)
        assert "sk-very-secret" not in repr(opening)
        if isinstance(opening, Preflight):
            assert "ek_1" not in repr(opening.then(200, b'{"value":"ek_1"}'))
    assert "sk-very-secret" not in repr(vllm(api_key="sk-very-secret"))
