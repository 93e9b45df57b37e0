"""The realtime protocol by calling functions: frames in, signals out. No socket, no clock."""

from __future__ import annotations

import base64
import json
import struct
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from debabelizer.contract import (
    CommitAnswer,
    CommitMode,
    CommitOutcome,
    Covered,
    EpochContext,
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
from debabelizer_providers.elevenlabs import ElevenLabs
from debabelizer_providers.elevenlabs.realtime import Realtime
from debabelizer_providers.elevenlabs.voice import last_loud

RATE = 16_000
FINAL, EMPTY, THROTTLED = (
    CommitAnswer(outcome) for outcome in (CommitOutcome.FINAL, CommitOutcome.EMPTY, CommitOutcome.THROTTLED)
)


def protocol(previous: str = "", commit: CommitMode = CommitMode.MANUAL, **settings: Any) -> Realtime:
    options = StreamOptions(settings={"api_key": "sk_test", **settings}, commit=commit, pause_s=1.5)
    made = ElevenLabs().stream(options, EpochContext(previous_text=previous))
    assert isinstance(made, Realtime)
    return made


def speak(stream: Realtime, seconds: float, level: int = 8000) -> list[dict[str, Any]]:
    audio = struct.pack("<h", level) * round(seconds * RATE)
    return [json.loads(message) for message in stream.audio(audio)]


def got(stream: Realtime, kind: str, text: str | None = None, **more: Any) -> list[StreamSignal]:
    frame = {"message_type": kind, **({} if text is None else {"text": text}), **more}
    return list(stream.receive(json.dumps(frame)))


def partial(stream: Realtime, text: str) -> list[StreamSignal]:
    return got(stream, "partial_transcript", text)


def committed(stream: Realtime, text: str) -> list[StreamSignal]:
    return got(stream, "committed_transcript", text)


def timed(stream: Realtime, text: str, *words: tuple[str, float, float], language: str = "en") -> list[StreamSignal]:
    listed = [{"text": w, "start": start, "end": end, "type": "word", "logprob": -0.1} for w, start, end in words]
    return got(stream, "committed_transcript_with_timestamps", text, words=listed or None, language_code=language)


def texts(signals: Iterable[StreamSignal]) -> list[tuple[Any, str]]:
    return [(s.segment, s.text) for s in signals if isinstance(s, Replace | Freeze)]


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


# ------------------------------------------------------------------------------------------ whose commit was it


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


# ---------------------------------------------------------------------------------------------- later frames


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
