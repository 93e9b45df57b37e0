"""Google under the real session supervisor, against the local server, over real gRPC."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Any

import msgspec
import pytest
from grpc import StatusCode

from debabelizer.contract import CommitMode, CommitOutcome, DirectOpening, StreamOptions, WireMessage
from debabelizer.errors import AuthenticationError, ConfigurationError, ProviderError, QuotaExceededError
from debabelizer.events import (
    Closed,
    Committed,
    ErrorOccurred,
    Partial,
    SessionStarted,
    SessionState,
    SpeechEnded,
    SpeechStarted,
    StateChanged,
)
from debabelizer.streaming import Session, Transports
from debabelizer.streaming.transports import Link
from debabelizer_providers.google import Google, streaming
from fakes.google_server import Behaviour, GoogleServer
from fakes.google_talk import FINE, PAUSE, QUICK, talk
from fakes.leaks import nothing_left
from fakes.recognisers import numbered, numbered_audio, scripted
from fakes.talk import Talk, words

BOTH = pytest.mark.parametrize("version", ["v2", "v1"])


@BOTH
async def test_an_utterance(version: str) -> None:
    async with (
        GoogleServer(recognise=scripted(["Please move the meeting."])) as server,
        talk(server, version=version) as it,
    ):
        await it.session.connect()
        await it.say(numbered_audio(1, 10))
        await it.until(lambda t: t.of(Partial))
        assert await it.commit() == "Please move the meeting."
        await it.session.disconnect()
        await it.until(lambda t: t.of(Closed))
        assert it.of(Closed)[0].error is None
        assert it.text == "Please move the meeting."
        trial, call = server.calls
        assert (call.version, call.half_closed) == (version, True)
        assert call.metadata["x-goog-api-key"] == server.key
        assert trial.audio_s == 0.1, "the key and the settings are tried with a tenth of a second of silence"


@BOTH
async def test_many_utterances_each_in_a_call_of_its_own_on_one_connection(version: str) -> None:
    async with GoogleServer(recognise=numbered) as server, talk(server, version=version) as it:
        await it.session.connect()
        for turn in range(5):
            await it.say(numbered_audio(turn * 4, 4))
            assert await it.commit() == words(turn * 4, 4)
        await it.session.disconnect()
        segments = list(it.map.segments())
        assert [segment.text for segment in segments] == [words(turn * 4, 4) for turn in range(5)]
        assert [word.text for segment in segments for word in segment.words] == words(0, 20).split()
        assert segments[0].words[0].start == pytest.approx(0.025, abs=0.02)
        assert segments[-1].words[0].start == pytest.approx(16 * 0.2 + 0.025, abs=0.02)
        assert len(server.calls) == 1 + 5
        assert server.tunnels == len(it.of(SessionStarted)) == 1


@BOTH
async def test_a_long_utterance_comes_in_segments_and_joins(version: str) -> None:
    behaviours = [Behaviour(cut_s=3.0)]
    async with (
        GoogleServer(recognise=numbered, behaviours=behaviours) as server,
        talk(server, version=version) as it,
    ):
        await it.session.connect()
        await it.say(numbered_audio(0, 50))
        assert await it.commit() == words(0, 50)
        assert it.text == words(0, 50)
        assert len(it.of(Committed)) >= 3


@BOTH
async def test_a_drop_in_mid_utterance_loses_and_doubles_nothing(version: str) -> None:
    drops = [FINE, Behaviour(drop_after_s=2.0), Behaviour(drop_after_s=3.1), Behaviour()]
    async with GoogleServer(recognise=numbered, behaviours=drops) as server, talk(server, version=version) as it:
        await it.session.connect()
        await it.say(numbered_audio(0, 35))
        assert await it.commit() == words(0, 35)
        assert it.text == words(0, 35)
        assert len(server.calls) - 1 == server.tunnels == 3, "a channel that broke is not used again"
        assert [event.epoch for event in it.of(SessionStarted)] == [0, 1, 2]


async def test_a_drop_after_a_final_replays_only_what_it_left() -> None:
    behaviours = [FINE, Behaviour(cut_s=2.0, drop_after_s=5.0), FINE]
    async with GoogleServer(recognise=numbered, behaviours=behaviours) as server, talk(server) as it:
        await it.session.connect()
        await it.say(numbered_audio(0, 40))
        assert await it.commit() == words(0, 40)
        assert it.text == words(0, 40)
        assert server.calls[2].audio_s < 8.0


@pytest.mark.parametrize(
    ("refusal", "error", "code"),
    [
        ((StatusCode.UNAUTHENTICATED, "invalid credentials", ""), AuthenticationError, "UNAUTHENTICATED"),
        (
            (StatusCode.PERMISSION_DENIED, "API is disabled", "SERVICE_DISABLED"),
            AuthenticationError,
            "SERVICE_DISABLED",
        ),
        ((StatusCode.PERMISSION_DENIED, "off", "BILLING_DISABLED"), QuotaExceededError, "BILLING_DISABLED"),
        (
            (StatusCode.RESOURCE_EXHAUSTED, "Quota: audio per day", ""),
            QuotaExceededError,
            "RESOURCE_EXHAUSTED",
        ),
        ((StatusCode.INVALID_ARGUMENT, "bad", "API_KEY_INVALID"), AuthenticationError, "API_KEY_INVALID"),
        ((StatusCode.INVALID_ARGUMENT, "bad encoding", ""), ConfigurationError, "INVALID_ARGUMENT"),
        ((StatusCode.NOT_FOUND, "Unable to find Recognizer", ""), ConfigurationError, "NOT_FOUND"),
    ],
)
async def test_hopeless_refusals_are_tried_once_and_told_in_the_vendors_words(
    refusal: tuple[StatusCode, str, str], error: type[ProviderError], code: str
) -> None:
    behaviours = [Behaviour(refuse=refusal[0], refuse_words=refusal[1], reason=refusal[2])]
    async with GoogleServer(behaviours=behaviours) as server, talk(server) as it:
        told = await failure(it)
        assert type(told) is error
        assert (told.code, told.vendor_message) == (code, refusal[1])
        assert it.session.state is SessionState.FAILED
        assert len(server.calls) == 1


async def failure(it: Talk) -> ProviderError:
    """Of a session that gets a refusal, which may come with the connection or just after it."""
    with suppress(ProviderError):
        await it.session.connect()
    await it.until(lambda t: t.session.state is SessionState.FAILED)
    await it.until(lambda t: any(event.fatal for event in t.of(ErrorOccurred)))
    return next(event.error for event in it.of(ErrorOccurred) if event.fatal)


@pytest.mark.parametrize("code", [StatusCode.RESOURCE_EXHAUSTED, StatusCode.UNAVAILABLE, StatusCode.INTERNAL])
async def test_passing_refusals_are_tried_again(code: StatusCode) -> None:
    behaviours = [Behaviour(refuse=code), Behaviour()]
    async with GoogleServer(recognise=numbered, behaviours=behaviours) as server, talk(server) as it:
        await it.session.connect()
        await it.say(numbered_audio(0, 5))
        assert await it.commit() == words(0, 5)
        assert len(server.calls) == 3


async def test_a_delay_that_the_vendor_asks_for_is_kept() -> None:
    behaviours = [Behaviour(refuse=StatusCode.RESOURCE_EXHAUSTED, retry_s=0.4), Behaviour()]
    async with GoogleServer(recognise=numbered, behaviours=behaviours) as server, talk(server) as it:
        await it.session.connect()
        await it.say(numbered_audio(0, 5))
        assert await it.commit() == words(0, 5)
        (waited,) = {event.retry_in for event in it.of(StateChanged) if event.retry_in is not None}
        assert 0.4 <= waited < 1.0


class Unread(Transports):
    """Connections on which nothing is read, and said until it is refused."""

    async def open(self, opening: DirectOpening, provider: str) -> Link:
        link = await super().open(opening, provider)
        send = link.send

        async def insist(message: WireMessage) -> None:
            await send(message)
            while isinstance(message, bytes):
                await send(message)

        link.send, link.receive = insist, asyncio.Event().wait  # type: ignore[method-assign, assignment]
        return link


@pytest.mark.parametrize("known", [False, True])
async def test_the_details_of_a_refusal_come_even_if_whoever_speaks_hears_of_it_first(known: bool) -> None:
    """Of one that comes with the connection, and of one that comes with the first words on it."""
    off = Behaviour(refuse=StatusCode.PERMISSION_DENIED, refuse_words="off", reason="BILLING_DISABLED")
    transports = Unread()
    async with GoogleServer(recognise=numbered, behaviours=[FINE, FINE, off] if known else [off]) as server:
        if known:
            async with talk(server) as it:
                await it.session.connect()
                await it.say(numbered_audio(0, 5))
                await it.commit()
        async with talk(server, transports=transports) as it:
            await it.say(numbered_audio(0, 5))
            told = await failure(it)
            assert isinstance(told, QuotaExceededError)
            assert told.code == "BILLING_DISABLED"
        await transports.close()


@BOTH
async def test_a_wrong_key_and_then_the_right_one_keeps_the_audio(version: str) -> None:
    async with GoogleServer(recognise=numbered) as server:
        settings = {
            "api_key": "AIza_wrong",
            "project": server.project,
            "base_url": server.url,
            "api_version": version,
            "replay_speed": 20.0,
        }

        def stream(context: Any) -> Any:
            return Google().stream(StreamOptions(settings=settings, languages=("en",)), context)

        it = Talk(Session(stream, "google", policy=QUICK))
        try:
            await it.say(numbered_audio(0, 5))
            told = await failure(it)
            assert isinstance(told, AuthenticationError)
            assert "AIza_wrong" not in repr(told) + str(told.vendor_message)
            settings["api_key"] = server.key
            await it.session.connect()
            assert await it.commit() == words(0, 5)
        finally:
            await it.end()


@BOTH
@pytest.mark.parametrize(
    "misfortune",
    [
        {"fail_after_s": 1.0, "fail_code": StatusCode.UNAVAILABLE},
        {"fail_after_s": 1.0, "fail_code": StatusCode.INTERNAL},
        {"fail_after_s": 1.0, "fail_code": StatusCode.CANCELLED},
        {"fail_after_s": 1.0, "fail_code": StatusCode.UNKNOWN},
        {"fail_after_s": 1.0, "fail_code": StatusCode.ABORTED},
        {"longest_s": 1.0},
        {"garbage_after_s": 1.0},
    ],
)
async def test_passing_errors_in_mid_utterance_are_survived(misfortune: dict[str, Any], version: str) -> None:
    behaviours = [FINE, Behaviour(**misfortune), FINE]
    async with GoogleServer(recognise=numbered, behaviours=behaviours) as server, talk(server, version=version) as it:
        await it.session.connect()
        await it.say(numbered_audio(0, 10))
        assert await it.commit() == words(0, 10)
        assert it.text == words(0, 10)
        assert len(server.calls) == 3


async def test_an_error_inside_a_response_of_version_1() -> None:
    behaviours = [FINE, Behaviour(fail_after_s=1.0, fail_code=StatusCode.INTERNAL, fail_inside=True), FINE]
    async with GoogleServer(recognise=numbered, behaviours=behaviours) as server, talk(server, version="v1") as it:
        await it.session.connect()
        await it.say(numbered_audio(0, 10))
        assert await it.commit() == words(0, 10)
        assert it.of(ErrorOccurred)[0].error.vendor_message == "scripted failure"


@BOTH
@pytest.mark.parametrize("code", [StatusCode.ABORTED, StatusCode.OUT_OF_RANGE])
async def test_a_call_without_audio_ends_and_the_next_words_bring_back_the_ones_before(
    version: str, code: StatusCode
) -> None:
    behaviours = [FINE, Behaviour(idle_s=1.2, idle_code=code), FINE]
    async with GoogleServer(recognise=numbered, behaviours=behaviours) as server, talk(server, version=version) as it:
        await it.session.connect()
        await it.say(numbered_audio(0, 5))
        await it.until(lambda t: t.session.state is SessionState.IDLE)
        assert server.calls[1].code is code
        await it.say(numbered_audio(5, 5))
        assert await it.commit() == words(0, 10)
        assert it.text == words(0, 10)
        assert not it.of(ErrorOccurred)
        assert (len(server.calls), server.tunnels) == (3, 1)


async def test_an_idle_connection_that_goes_is_no_failure_and_the_next_words_reopen() -> None:
    behaviours = [Behaviour(idle_s=0.4), FINE]
    async with GoogleServer(recognise=numbered, behaviours=behaviours) as server, talk(server) as it:
        await it.session.connect()
        await it.say(numbered_audio(0, 5))
        assert await it.commit() == words(0, 5)
        await it.until(lambda t: t.session.state is SessionState.IDLE)
        await it.say(numbered_audio(5, 5))
        assert await it.commit() == words(5, 5)
        assert not it.of(ErrorOccurred)
        assert server.tunnels == 2


async def test_a_call_that_just_ends_goes_on_in_the_next_one() -> None:
    behaviours = [FINE, Behaviour(cut_s=0.8, ends_after_s=1.5), FINE]
    async with GoogleServer(recognise=numbered, behaviours=behaviours) as server, talk(server) as it:
        await it.session.connect()
        await it.say(numbered_audio(0, 10))
        await server.until(lambda s: len(s.calls) == 3)
        assert await it.commit() == words(0, 10)
        assert it.text == words(0, 10)
        assert len(it.of(SessionStarted)) == 1
        assert not it.of(ErrorOccurred)


async def test_a_new_call_takes_over_before_the_longest_one_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streaming, "_LONGEST_CALL_S", 1.0)
    policy = msgspec.structs.replace(QUICK, handover_window_s=0.5)
    async with (
        GoogleServer(recognise=numbered, behaviours=[Behaviour(longest_s=20.0)]) as server,
        talk(server, policy=policy, replay_speed=8.0) as it,
    ):
        await it.session.connect()
        for turn in range(12):
            await it.say(numbered_audio(turn * 5, 5) + PAUSE)
        await it.until(lambda t: len(t.of(SessionStarted)) >= 3)
        assert await it.commit() == words(0, 60)
        assert it.text == words(0, 60)
        assert {call.code for call in server.calls[:-1]} <= {StatusCode.OK}, "none was worn out"
        assert not it.of(ErrorOccurred)


async def test_pauses_commit_by_themselves() -> None:
    async with GoogleServer(recognise=numbered) as server, talk(server, commit=CommitMode.PAUSE) as it:
        await it.session.connect()
        await it.say(numbered_audio(0, 5) + PAUSE + numbered_audio(5, 5) + PAUSE)
        await it.until(lambda t: len(t.of(Committed)) == 2)
        assert [segment.text for segment in it.map.segments()] == [words(0, 5), words(5, 5)]
        await it.say(numbered_audio(10, 5))
        await it.session.disconnect()
        assert it.text == words(0, 15)


@BOTH
async def test_speech_events(version: str) -> None:
    async with (
        GoogleServer(recognise=numbered) as server,
        talk(server, commit=CommitMode.PAUSE, speech_events=True, version=version) as it,
    ):
        await it.session.connect()
        await it.say(numbered_audio(0, 5) + PAUSE * 2)
        await it.until(lambda t: t.of(SpeechEnded))
        assert it.of(SpeechStarted)[0].at < 1.0 < it.of(SpeechEnded)[0].at


async def test_silence_is_empty() -> None:
    async with GoogleServer(recognise=numbered) as server, talk(server) as it:
        await it.session.connect()
        await it.say(PAUSE)
        assert await it.commit(CommitOutcome.EMPTY) == ""
        assert len(server.calls) == 2


async def test_unicode() -> None:
    said = ["Größe: naïve 日本語 🙂 «да»"]
    async with GoogleServer(recognise=scripted(said)) as server, talk(server, languages=("de",)) as it:
        await it.session.connect()
        await it.say(numbered_audio(1, 10))
        assert await it.commit() == said[0]


async def test_nothing_is_left_of_a_session_that_is_given_up() -> None:
    async with nothing_left(), GoogleServer(recognise=numbered) as server:
        async with talk(server) as it:
            await it.session.connect()
            await it.say(numbered_audio(0, 20))
            await it.until(lambda t: t.of(Partial))
        await server.until(lambda s: all(call.over for call in s.calls))


async def test_a_flood_of_interims_does_not_grow_and_ends() -> None:
    async with (
        GoogleServer(recognise=numbered, behaviours=[Behaviour(flood=300)]) as server,
        talk(server) as it,
    ):
        await it.session.connect()
        await it.say(numbered_audio(0, 10))
        assert await it.commit() == words(0, 10)
