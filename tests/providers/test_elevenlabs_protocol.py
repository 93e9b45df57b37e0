"""The realtime protocol by calling functions: frames in, signals out. No socket, no clock."""

from __future__ import annotations

import base64
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
    Preflight,
    Ready,
    StreamOptions,
    StreamSignal,
    VendorNotice,
)
from debabelizer.errors import Category
from debabelizer.events import Freeze, Replace, Tail
from fakes.elevenlabs_frames import EMPTY, FINAL, RATE, committed, got, partial, protocol, speak, texts, timed

# ------------------------------------------------------------------------------------------------- going out


def test_audio_goes_as_base64_in_json() -> None:
    stream = protocol()
    (message,) = stream.audio(b"\x01\x00\xff\x7f")
    assert json.loads(message) == {
        "message_type": "input_audio_chunk",
        "audio_base_64": base64.b64encode(b"\x01\x00\xff\x7f").decode(),
        "commit": False,
        "sample_rate": RATE,
    }
    (message,) = stream.commit()
    assert json.loads(message) == {
        "message_type": "input_audio_chunk",
        "audio_base_64": "",
        "commit": True,
        "sample_rate": RATE,
    }


def test_context_goes_with_the_first_audio_only_and_is_short() -> None:
    stream = protocol('He said "ja" to all of it. Dear Ms. Okafor, thank you for the "nice" evening with')
    stream.commit()
    first, second = speak(stream, 0.1) + speak(stream, 0.1)
    assert first["previous_text"] == 'Ms. Okafor, thank you for the "nice" evening with'
    assert "previous_text" not in second
    (without,) = speak(protocol("words", context=False), 0.1)
    assert "previous_text" not in without


def test_limits_say_how_the_vendor_is_kept_awake() -> None:
    limits = protocol().limits
    assert (limits.keep_alive, limits.keep_alive_every_s, limits.least_commit_s) == (KeepAlive.SILENCE, 5.0, 0.3)
    assert limits.keep_alive_silence_s <= 0.1
    assert protocol(keep_alive="close").limits.keep_alive is KeepAlive.REOPEN
    assert protocol(audio_format="ulaw_8000").limits.audio.bytes_per_second == 8000


# -------------------------------------------------------------------------------------------------- one segment


def test_a_segment_from_first_partial_to_twin() -> None:
    stream = protocol()
    assert got(stream, "session_started", session_id="s1") == [Ready("s1")]
    speak(stream, 2.0)
    assert partial(stream, "Please move") == [Replace(segment=0, text="Please move")]
    assert partial(stream, "Please move") == []
    assert partial(stream, "Please") == [Replace(segment=0, text="Please")]
    stream.commit()
    frozen = Freeze[str | int](segment=0, text="Please move.")
    assert committed(stream, "Please move.") == [frozen, Covered(2 * RATE), FINAL]
    (again,) = timed(stream, "Please move.", ("Please", 0.4, 0.7), ("move.", 0.8, 1.1), language="eng")
    assert isinstance(again, Freeze)
    assert (again.segment, again.text, again.language) == (0, "Please move.", "en")
    assert [(w.text, w.start, w.end) for w in again.words] == [("Please", 0.4, 0.7), ("move.", 0.8, 1.1)]
    assert again.words[0].confidence == pytest.approx(0.905, abs=1e-3)
    assert texts(partial(stream, "Next")) == [(1, "Next")]


def test_the_twin_may_come_first() -> None:
    stream = protocol()
    speak(stream, 2.0)
    stream.commit()
    signals = timed(stream, "Hello.", ("Hello.", 0.4, 0.7))
    assert texts(signals) == [(0, "Hello.")]
    assert signals[1:] == [Covered(2 * RATE), FINAL]
    assert committed(stream, "Hello.") == []
    assert texts(partial(stream, "Next")) == [(1, "Next")]


def test_the_same_words_twice_are_two_segments() -> None:
    stream = protocol()
    for ordinal in range(2):
        speak(stream, 1.0)
        stream.commit()
        assert texts(committed(stream, "Yes.")) == [(ordinal, "Yes.")]
    assert texts(timed(stream, "Yes.")) == [(0, "Yes.")]
    assert texts(timed(stream, "Yes.")) == [(1, "Yes.")]


def test_a_lost_twin_does_not_give_its_place_to_the_next() -> None:
    stream = protocol()
    for text in ("One.", "Two."):
        speak(stream, 1.0)
        stream.commit()
        committed(stream, text)
    (signal,) = timed(stream, "Two.", ("Two.", 1.2, 1.5))
    assert isinstance(signal, Freeze)
    assert (signal.segment, signal.text) == (1, "Two.")


def test_a_twin_never_changes_the_committed_text() -> None:
    stream = protocol()
    speak(stream, 1.0)
    stream.commit()
    committed(stream, "Hello.")
    (signal,) = timed(stream, "hello there", ("hello", 0.1, 0.2))
    assert signal == Freeze(segment=0, text="Hello.", language="en")


def test_echoes_after_a_commit_open_nothing() -> None:
    stream = protocol()
    speak(stream, 2.0)
    partial(stream, "Send the")
    stream.commit()
    committed(stream, "Send the message.")
    assert partial(stream, "Send the message.") == []
    assert partial(stream, "Send the") == []
    assert partial(stream, "") == []
    speak(stream, 3.0)
    assert texts(partial(stream, "Send the message.")) == [(1, "Send the message.")]


def test_an_empty_commit_answers_empty() -> None:
    stream = protocol()
    speak(stream, 1.0)
    partial(stream, "Hm")
    stream.commit()
    assert committed(stream, "") == [Freeze(segment=0, text=""), Covered(RATE), EMPTY]


def test_settled_text_is_a_stronger_partial() -> None:
    stream = protocol(model="scribe_v3_live")
    partial(stream, "Call Ana to")
    assert got(stream, "final_transcript", "Call Ana") == [Tail(segment=0, frozen="Call Ana", volatile=" to")]
    assert got(stream, "final_transcript_with_timestamps", "Call Anna", words=[]) == [
        Replace(segment=0, text="Call Anna")
    ]


def test_redacted_words_do_not_come_back_with_the_twin() -> None:
    stream = protocol(entity_redaction=["pii"])
    speak(stream, 1.0)
    stream.commit()
    committed(stream, "Call Ana.")
    assert texts(got(stream, "redacted_transcript", "Call Ana.", redacted_text="Call {NAME_1}.")) == [
        (0, "Call {NAME_1}.")
    ]
    assert not any(isinstance(signal, Freeze) for signal in timed(stream, "Call Ana.", ("Ana.", 0.1, 0.4)))
    assert got(stream, "diarized_transcript", "Call Ana.", words=[{"text": "Ana.", "start": 0, "end": 1}]) == []


def test_speakers_are_named_and_merged() -> None:
    stream = protocol(model="scribe_v3_live")
    speak(stream, 1.0)
    stream.commit()
    committed(stream, "Hi. Hello.")
    words = [
        {"text": "Hi.", "start": 0.1, "end": 0.2, "type": "word", "speaker_id": "a", "characters": [{"text": "H"}]},
        {"text": "(laughs)", "start": 0.2, "end": 0.3, "type": "audio_event", "speaker_id": "a"},
        {"text": "Hello.", "start": 0.4, "end": 0.5, "type": "word", "speaker_id": "b"},
    ]
    (named,) = got(stream, "diarized_transcript", "Hi. Hello.", segment_index=0, words=words)
    assert isinstance(named, Freeze)
    assert [w.speaker for w in named.words] == ["a", "b"]
    (merged,) = got(stream, "speakers_merged", from_speaker_id="b", to_speaker_id="a")
    assert isinstance(merged, Freeze)
    assert [w.speaker for w in merged.words] == ["a", "a"]
    assert got(stream, "speakers_merged", from_speaker_id="b", to_speaker_id="a") == []


def test_entities_and_warnings_are_notices_without_the_private_words() -> None:
    stream = protocol(entity_detection=["pii"])
    (notice,) = got(
        stream, "committed_transcript_entities", "Call 555", entities=[{"text": "555", "entity_type": "phone_number"}]
    )
    assert isinstance(notice, VendorNotice)
    assert "phone_number" in notice.text
    assert "555" not in notice.text
    assert got(stream, "committed_transcript_entities", "x", entities=[]) == []
    assert got(stream, "warning", warning="slow today") == [VendorNotice("ElevenLabs warns: slow today", "warning")]


# -------------------------------------------------------------------------------------------------- the end


def test_the_end_waits_for_an_outstanding_twin_only() -> None:
    stream = protocol()
    assert not stream.limits.answers_finish
    speak(stream, 1.0)
    stream.commit()
    committed(stream, "Hello.")
    assert stream.limits.answers_finish
    assert stream.finish() == ()
    assert timed(stream, "Hello.")[-1] == Finished()
    assert not stream.limits.answers_finish


def test_an_error_after_the_end_is_the_end() -> None:
    stream = protocol()
    stream.finish()
    assert got(stream, "transcriber_error", error="late") == [Finished()]
    assert stream.closed(1011, "") is None


@pytest.mark.parametrize(
    ("kind", "category", "retryable"),
    [
        ("auth_error", Category.AUTH, False),
        ("quota_exceeded", Category.QUOTA, False),
        ("unaccepted_terms", Category.QUOTA, False),
        ("unaccepted_terms_error", Category.QUOTA, False),
        ("input_error", Category.UNSUPPORTED, False),
        ("invalid_request", Category.CONFIG, False),
        ("chunk_size_exceeded", Category.CONFIG, False),
        ("rate_limited", Category.RATE_LIMIT, True),
        ("queue_overflow", Category.RATE_LIMIT, True),
        ("resource_exhausted", Category.RATE_LIMIT, True),
        ("session_time_limit_exceeded", Category.NETWORK, True),
        ("transcriber_error", Category.PROTOCOL, True),
        ("error", Category.PROTOCOL, True),
        ("brand_new_error", Category.PROTOCOL, True),
        ("partial_transcript", Category.PROTOCOL, True),
    ],
)
def test_each_error_has_its_category_and_keeps_the_vendors_words(
    kind: str, category: Category, retryable: bool
) -> None:
    (signal,) = got(protocol(), kind, error="the vendor's words")
    assert isinstance(signal, Failure)
    assert (signal.error.category, signal.error.retryable, signal.ends) == (category, retryable, True)
    assert signal.error.vendor_message == "the vendor's words"
    assert "the vendor's words" in signal.error.message
    assert signal.error.provider == "elevenlabs"
    assert signal.error.code == kind


def test_too_little_speech_is_an_idle_connection_not_a_failure() -> None:
    stream = protocol()
    (notice,) = got(stream, "insufficient_audio_activity", error="no speech")
    assert isinstance(notice, VendorNotice)
    assert stream.closed(1008, "insufficient_audio_activity") is None


@pytest.mark.parametrize(
    ("code", "reason", "category"),
    [
        (1000, "", None),
        (1005, "", None),
        (1001, "", Category.NETWORK),
        (1006, "", Category.NETWORK),
        (None, "", Category.NETWORK),
        (1008, "invalid_request", Category.CONFIG),
        (1008, "quota_exceeded", Category.QUOTA),
        (1008, "who knows", Category.CONFIG),
        (1009, "", Category.CONFIG),
        (1011, "", Category.PROTOCOL),
        (1013, "", Category.RATE_LIMIT),
        (4321, "new", Category.PROTOCOL),
    ],
)
def test_close_codes(code: int | None, reason: str, category: Category | None) -> None:
    error = protocol().closed(code, reason)
    assert (error.category if error else None) == category


def test_unknown_frames_are_skipped_and_garbage_is_a_protocol_failure() -> None:
    stream = protocol()
    assert got(stream, "weather_report", sky="blue") == []
    for garbage in (
        "",
        "null",
        "[]",
        "{",
        b"\xff\xfe",
        "[" * 100_000,
        '{"message_type":"partial_transcript","text":7}',
    ):
        (signal,) = stream.receive(garbage)
        assert isinstance(signal, Failure)
        assert signal.error.category is Category.PROTOCOL


def test_a_recorded_exchange_gives_its_text() -> None:
    stream = protocol(entity_redaction=["pii"], entity_detection=["pii"])
    final: dict[Any, str] = {}
    signals: list[StreamSignal] = []
    exchange = Path(__file__).parents[1] / "data" / "elevenlabs" / "exchange.jsonl"
    for line in exchange.read_text(encoding="utf-8").splitlines():
        step = json.loads(line)
        if step.get("to") == "server":
            speak(stream, step["audio_s"])
            if step["commit"]:
                stream.commit()
        else:
            signals += stream.receive(json.dumps({key: value for key, value in step.items() if key != "from"}))
    for signal in signals:
        if isinstance(signal, Replace | Freeze):
            final[signal.segment] = signal.text
    assert final == {0: "Please move the meeting to Thursday.", 1: "Call {NAME_1} at {PHONE_NUMBER_1}."}
    assert [s for s in signals if isinstance(s, CommitAnswer)] == [FINAL, FINAL]
    assert [s.samples for s in signals if isinstance(s, Covered)] == [3 * RATE, 5 * RATE]


def test_nothing_shows_the_key() -> None:
    stream = protocol(api_key="sk_very_secret")
    assert "sk_very_secret" not in repr(stream)
    assert "sk_very_secret" not in repr(stream.opening())
    by_token = protocol(api_key="sk_very_secret", single_use_token=True).opening()
    assert isinstance(by_token, Preflight)
    assert "sk_very_secret" not in repr(by_token)
    assert "sutkn_1" not in repr(by_token.then(200, b'{"token":"sutkn_1"}'))
    assert "sk_very_secret" not in repr(StreamOptions(settings={"api_key": "sk_very_secret"}))
    (failure,) = stream.receive('{"message_type":"auth_error","error":"no"}')
    assert "sk_very_secret" not in repr(failure)
