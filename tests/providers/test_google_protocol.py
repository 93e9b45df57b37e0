"""The protocol by function calls: what goes out, and what each thing that may come in becomes."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from google.cloud.speech_v1.types import cloud_speech as v1
from google.cloud.speech_v2.types import cloud_speech as v2
from google.protobuf.json_format import ParseDict
from google.rpc import error_details_pb2, status_pb2
from hypothesis import given
from hypothesis import strategies as st

from debabelizer.contract import (
    BEGIN_CALL,
    HALF_CLOSE,
    CommitAnswer,
    CommitOutcome,
    Covered,
    EpochContext,
    Failure,
    GrpcCode,
    GrpcOpening,
    GrpcStatus,
    KeepAlive,
    Preparation,
    Ready,
    Rewind,
    StreamOptions,
    VendorNotice,
    VendorSpeech,
)
from debabelizer.errors import (
    AuthenticationError,
    ConfigurationError,
    ConnectionError,
    ProviderError,
    QuotaExceededError,
    RateLimitError,
    StreamingError,
    UnsupportedLanguageError,
)
from debabelizer.events import Freeze, Joining, Replace, Retract, Tail
from debabelizer_providers.google import Google, streaming
from debabelizer_providers.google.trouble import call_error

SECOND = bytes(32_000)
OK = GrpcStatus(0).encode()


@pytest.fixture(autouse=True)
def nothing_is_accepted_yet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streaming, "_accepted", set())


async def opened(
    *, text: str = "", languages: tuple[str, ...] = ("en",), trial: bool = False, **settings: Any
) -> tuple[Any, GrpcOpening]:
    """A stream whose opening was prepared; past its trial, unless that is wanted."""
    given = StreamOptions(settings={"api_key": "AIza_k", "project": "p1", **settings}, languages=languages)
    stream: Any = Google().stream(given, EpochContext(previous_text=text))
    preparation = stream.opening()
    assert isinstance(preparation, Preparation)
    async with httpx.AsyncClient(transport=httpx.MockTransport(lambda request: httpx.Response(500))) as http:
        opening = await preparation.prepare(http)
    assert isinstance(opening, GrpcOpening)
    if not trial:
        assert list(stream.receive(OK)) == [Ready()]
    return stream, opening


def response(*results: dict[str, Any], version: str = "v2", **more: Any) -> bytes:
    kind: Any = v2 if version == "v2" else v1
    message = ParseDict({"results": list(results), **more}, kind.StreamingRecognizeResponse.pb()())
    return bytes(message.SerializeToString())


def interim(text: str, stability: float = 0.1) -> dict[str, Any]:
    return {"alternatives": [{"transcript": text}], "stability": stability}


def final(text: str, end: float = 0.0, *words: dict[str, Any], **more: Any) -> dict[str, Any]:
    timed = {"resultEndOffset": f"{end}s"} if end else {}
    return {"alternatives": [{"transcript": text, "words": list(words)}], "isFinal": True, **timed, **more}


def sent(messages: Any) -> list[Any]:
    """Text as it is, requests decoded."""
    decode = v2.StreamingRecognizeRequest.pb().FromString
    return [message if isinstance(message, str) else decode(message) for message in messages]


# ----------------------------------------------------------------------------------------------------- going out


async def test_the_opening_tries_the_key_and_the_settings_with_silence() -> None:
    stream, opening = await opened(trial=True)
    assert opening.method == "/google.cloud.speech.v2.Speech/StreamingRecognize"
    assert (opening.target, opening.secure, opening.serial) == ("speech.googleapis.com:443", True, True)
    assert opening.metadata == {"x-goog-api-key": "AIza_k"}
    assert "AIza_k" not in repr(opening)
    begin, first, audio, end = sent(opening.first)
    assert (begin, end) == (BEGIN_CALL, HALF_CLOSE)
    assert first.recognizer == "projects/p1/locations/global/recognizers/_"
    assert audio.audio == bytes(3200)
    assert not stream.limits.ready_when_open
    assert list(stream.receive(response(final("noise", 0.1)))) == [], "silence said nothing"
    assert list(stream.receive(OK)) == [Ready()]


async def test_what_was_accepted_is_not_tried_again() -> None:
    await opened()
    stream, opening = await opened(trial=True)
    assert opening.first == ()
    assert stream.limits.ready_when_open
    other, opening = await opened(trial=True, profanity_filter=True)
    assert len(opening.first) == 4
    assert not other.limits.ready_when_open


async def test_each_call_begins_with_the_settings_and_ends_with_the_commit() -> None:
    stream, _ = await opened()
    for _ in range(2):
        begin, first, audio = sent(stream.audio(SECOND[:3200]))
        assert (begin, first.streaming_config.config.model, audio.audio) == (BEGIN_CALL, "long", bytes(3200))
        assert [message.audio for message in sent(stream.audio(b"\1\0"))] == [b"\1\0"]
        assert stream.commit() == (HALF_CLOSE,)
        assert list(stream.receive(OK))[-1] == CommitAnswer(CommitOutcome.EMPTY)
    assert stream.audio(b"") == ()
    assert stream.finish() == ()


async def test_limits() -> None:
    stream, _ = await opened(replay_speed=3.0)
    limits = stream.limits
    assert limits.longest_connection_s < 300
    assert limits.longest_chunk_s * limits.audio.bytes_per_second <= 15_000
    assert (limits.keep_alive, limits.commit_holds, limits.replay_speed) == (KeepAlive.PING, True, 3.0)
    assert limits.joining is Joining.SPACE
    assert (await opened(languages=("ja",)))[0].limits.joining is Joining.VERBATIM


# ---------------------------------------------------------------------------------------------------------- text


async def test_an_interim_is_the_whole_open_segment() -> None:
    stream, _ = await opened()
    stream.audio(SECOND)
    assert list(stream.receive(response(interim(" move the")))) == [Replace(segment=0, text="move the", start=0.0)]
    pieces = response(interim("move the", 0.9), interim(" meeting", 0.01))
    assert list(stream.receive(pieces)) == [Tail(segment=0, frozen="move the", volatile=" meeting", start=0.0)]
    assert list(stream.receive(response())) == []
    assert list(stream.receive(response({"stability": 0.5}))) == []


async def test_a_final_freezes_and_covers_and_the_interim_beside_it_is_the_next_segment() -> None:
    stream, _ = await opened()
    stream.audio(SECOND * 2)
    word = {"word": "Move.", "startOffset": "0.2s", "endOffset": "0.9s", "confidence": 0.9, "speakerLabel": "2"}
    signals = list(stream.receive(response(final(" Move.", 1.0, word, languageCode="en-us"), interim("and"))))
    freeze, covered, opens = signals
    assert (freeze.segment, freeze.text, freeze.start, freeze.end) == (0, "Move.", 0.2, 1.0)
    assert freeze.language == "en-US"
    (timed,) = freeze.words
    assert (timed.text, timed.start, timed.end, timed.speaker) == ("Move.", 0.2, 0.9, "2")
    assert timed.confidence == pytest.approx(0.9)
    assert covered == Covered(16_000)
    assert opens == Replace(segment=1, text="and", start=1.0)


async def test_times_of_later_calls_count_on() -> None:
    stream, _ = await opened()
    stream.audio(SECOND)
    stream.commit()
    stream.receive(response(final("one", 0.8)))
    assert list(stream.receive(OK)) == [Covered(16_000), CommitAnswer(CommitOutcome.FINAL)]
    stream.audio(SECOND)
    (shown,) = stream.receive(response(interim("two")))
    assert shown.start == 1.0
    frozen, covered = stream.receive(response(final("two", 0.5)))
    assert (frozen.segment, frozen.start, frozen.end, covered) == (1, 1.0, 1.5, Covered(24_000))


async def test_finals_that_come_twice_late_empty_or_from_the_future() -> None:
    stream, _ = await opened()
    stream.audio(SECOND * 3)
    assert len(list(stream.receive(response(final("two", 2.0))))) == 2
    assert list(stream.receive(response(final("two", 2.0)))) == []
    (late,) = stream.receive(response(final("one", 1.0)))
    assert (late.text, late.start, late.end) == ("one", 0.0, 1.0)
    stream.receive(response(interim("hm")))
    emptied, covered = stream.receive(response(final("", 2.5)))
    assert (emptied.text, covered) == ("", Covered(40_000))
    assert list(stream.receive(response(final("", 2.6)))) == [Covered(41_600)]
    (ahead, covered) = stream.receive(response(final("three", 99.0)))
    assert (ahead.end, covered) == (3.0, Covered(48_000))


async def test_with_speakers_told_apart_only_the_new_words_belong_to_a_segment() -> None:
    stream, _ = await opened(project="", diarize=True)
    stream.audio(SECOND * 3)
    said = [{"word": f"w{n}", "startTime": f"{n}s", "endTime": f"{n}.9s", "speakerTag": n + 1} for n in range(2)]
    one = {"alternatives": [{"transcript": "w0", "words": said[:1]}], "isFinal": True, "resultEndTime": "1s"}
    two = {"alternatives": [{"transcript": "w1", "words": said}], "isFinal": True, "resultEndTime": "2s"}
    stream.receive(response(one, version="v1"))
    freeze, _ = stream.receive(response(two, version="v1"))
    assert [(word.text, word.speaker) for word in freeze.words] == [("w1", "2")]


@pytest.mark.parametrize("version", ["v1", "v2"])
async def test_events(version: str) -> None:
    stream, _ = await opened(api_version=version)
    stream.audio(SECOND)
    at = "speechEventTime" if version == "v1" else "speechEventOffset"
    begins = response(version=version, speechEventType="SPEECH_ACTIVITY_BEGIN", **{at: "0.5s"})
    assert list(stream.receive(begins)) == [VendorSpeech(True, 0.5)]
    ends = response(version=version, speechEventType="SPEECH_ACTIVITY_END")
    assert list(stream.receive(ends)) == [VendorSpeech(False, None)]


async def test_notices_are_told_once_and_not_after_a_reconnect() -> None:
    stream, _ = await opened(spoken_punctuation=True, model="chirp_2")
    stream.audio(SECOND)
    assert [type(signal) for signal in stream.receive(response())] == [VendorNotice]
    assert list(stream.receive(response())) == []
    again, _ = await opened(text="before", spoken_punctuation=True, model="chirp_2", trial=True)
    again.audio(SECOND)
    assert list(again.receive(response())) == []


# ------------------------------------------------------------------------------------------------ ends of calls


async def test_words_without_a_final_are_kept_at_the_end_of_the_call() -> None:
    stream, _ = await opened()
    stream.audio(SECOND)
    stream.receive(response(interim("move it")))
    stream.commit()
    frozen, notice, covered, answer = stream.receive(OK)
    assert (frozen.text, frozen.end, notice.code) == ("move it", 1.0, "unconfirmed")
    assert (covered, answer) == (Covered(16_000), CommitAnswer(CommitOutcome.FINAL))


async def test_a_call_that_the_vendor_ends_is_gone_on_with_from_its_last_final() -> None:
    stream, _ = await opened()
    stream.audio(SECOND * 2)
    stream.receive(response(final("one", 1.0), interim("tw")))
    assert list(stream.receive(OK)) == [Retract(segment=1), Rewind(16_000)]
    begin, *_ = sent(stream.audio(SECOND))
    assert begin == BEGIN_CALL
    frozen, covered = stream.receive(response(final("two", 1.0)))
    assert (frozen.segment, frozen.start, covered) == (2, 2.0, Covered(48_000))


async def test_after_a_single_utterance_the_rest_goes_into_another_call() -> None:
    stream, _ = await opened(model="short")
    stream.audio(SECOND * 2)
    stream.receive(response(speechEventType="END_OF_SINGLE_UTTERANCE"))
    stream.commit()
    stream.receive(response(final("one", 1.0)))
    assert list(stream.receive(OK)) == [Rewind(16_000)], "the commit is said again"
    stream.audio(SECOND)
    stream.commit()
    assert list(stream.receive(OK)) == [Covered(48_000), CommitAnswer(CommitOutcome.FINAL)]


async def test_a_call_that_the_vendor_ends_at_once_is_a_failure() -> None:
    stream, _ = await opened()
    stream.audio(SECOND)
    (failure,) = stream.receive(OK)
    assert isinstance(failure.error, ConnectionError)


@pytest.mark.parametrize(
    ("status", "ends"),
    [
        (GrpcStatus(GrpcCode.ABORTED, "Stream timed out after receiving no more client requests."), True),
        (GrpcStatus(GrpcCode.OUT_OF_RANGE, "Exceeded maximum allowed stream duration of 305 seconds."), True),
        (GrpcStatus(GrpcCode.OUT_OF_RANGE, "Audio Timeout Error: Long duration elapsed without audio."), True),
        (GrpcStatus(GrpcCode.OUT_OF_RANGE, "something else"), False),
        (GrpcStatus(GrpcCode.UNAVAILABLE, "Socket closed"), False),
    ],
)
async def test_worn_out_and_idle_calls_end_without_an_error(status: GrpcStatus, ends: bool) -> None:
    stream, _ = await opened()
    stream.audio(SECOND)
    signals = list(stream.receive(status.encode()))
    assert [type(signal) for signal in signals] == ([] if ends else [Failure])
    assert (stream.closed(status.code, status.message) is None) == ends
    assert stream.closed(GrpcCode.OK, "the idle connection was closed") is None
    assert isinstance(stream.closed(None, ""), ConnectionError)


def detailed(code: int, words: str, reason: str = "", retry_s: float = 0.0) -> GrpcStatus:
    status = status_pb2.Status(code=code, message=words)
    if reason:
        status.details.add().Pack(error_details_pb2.ErrorInfo(reason=reason))
    if retry_s:
        retry = error_details_pb2.RetryInfo()
        retry.retry_delay.FromMilliseconds(round(retry_s * 1000))
        status.details.add().Pack(retry)
    return GrpcStatus(code, words, status.SerializeToString())


@pytest.mark.parametrize(
    ("status", "error", "code"),
    [
        (detailed(3, "API key not valid."), AuthenticationError, "INVALID_ARGUMENT"),
        (detailed(3, "bad", "API_KEY_INVALID"), AuthenticationError, "API_KEY_INVALID"),
        (detailed(16, "expired"), AuthenticationError, "UNAUTHENTICATED"),
        (detailed(7, "no role"), AuthenticationError, "PERMISSION_DENIED"),
        (detailed(7, "off", "SERVICE_DISABLED"), AuthenticationError, "SERVICE_DISABLED"),
        (detailed(7, "x", "BILLING_DISABLED"), QuotaExceededError, "BILLING_DISABLED"),
        (detailed(7, "... It is no longer generally available."), ConfigurationError, "wrong_region"),
        (detailed(8, "Requests per minute", retry_s=2.5), RateLimitError, "RESOURCE_EXHAUSTED"),
        (detailed(8, "limit: audio per day"), QuotaExceededError, "RESOURCE_EXHAUSTED"),
        (detailed(3, 'The model "chirp_3" does not exist in the location named "global".'), ConfigurationError,
         "wrong_region"),
        (detailed(3, "Recognizer does not support feature: speaker_diarization"), ConfigurationError,
         "unsupported_feature"),
        (detailed(3, 'The language "xx" is not supported by the model "long"'), UnsupportedLanguageError,
         "INVALID_ARGUMENT"),
        (detailed(3, "Audio data is being streamed too fast."), RateLimitError, "INVALID_ARGUMENT"),
        (detailed(3, "Malformed"), ConfigurationError, "INVALID_ARGUMENT"),
        (detailed(5, "Unable to find Recognizer"), ConfigurationError, "NOT_FOUND"),
        (detailed(12, "Method not found!"), ConfigurationError, "UNIMPLEMENTED"),
        (detailed(13, "Internal"), ConnectionError, "INTERNAL"),
        (detailed(14, "Socket closed"), ConnectionError, "UNAVAILABLE"),
        (detailed(4, "late"), ConnectionError, "DEADLINE_EXCEEDED"),
        (detailed(15, "lost"), StreamingError, "DATA_LOSS"),
        (detailed(2, "?"), StreamingError, "UNKNOWN"),
        (detailed(77, "?"), StreamingError, "77"),
        (GrpcStatus(14, "x", b"\xff\xff"), ConnectionError, "UNAVAILABLE"),
    ],
)  # fmt: skip
def test_errors(status: GrpcStatus, error: type[ProviderError], code: str) -> None:
    told = call_error(status)
    assert (type(told), told.code, told.vendor_message) == (error, code, status.message)
    assert isinstance(told, RateLimitError) or told.retryable == isinstance(told, ConnectionError | StreamingError)
    if isinstance(told, RateLimitError) and "minute" in status.message:
        assert told.retry_after == 2.5


async def test_an_error_inside_a_response() -> None:
    stream, _ = await opened(api_version="v1")
    stream.audio(SECOND)
    (failure,) = stream.receive(response(version="v1", error={"code": 13, "message": "inside"}))
    assert failure.error.vendor_message == "inside"


@given(st.lists(st.tuples(st.booleans(), st.text(max_size=6), st.floats(0, 12), st.floats(0, 1)), max_size=12))
async def test_whatever_results_come_what_is_covered_only_grows_and_stays_in_the_audio(
    results: list[tuple[bool, str, float, float]],
) -> None:
    stream, _ = await opened(trial=True)
    stream.receive(OK)
    stream.audio(SECOND * 10)
    covered = 0
    for is_final, text, end, stability in results:
        made = final(text, round(end, 3)) if is_final else interim(text, stability)
        for signal in stream.receive(response(made)):
            if isinstance(signal, Covered):
                assert covered < signal.samples <= 160_000
                covered = signal.samples
            elif isinstance(signal, Freeze):
                assert 0 <= signal.start <= (signal.end if signal.end is not None else 10.0) <= 10.0
