"""Drops, refusals, errors, idle closes and missing answers: nothing is lost, nothing is tried in vain."""

from __future__ import annotations

import asyncio
from typing import Any

import msgspec
import pytest

from debabelizer.contract import CommitMode, CommitOutcome, StreamOptions
from debabelizer.errors import AuthenticationError, ConfigurationError, ProviderError, QuotaExceededError
from debabelizer.events import SessionStarted, SessionState
from debabelizer.streaming import Session
from debabelizer_providers.elevenlabs import ElevenLabs
from fakes.elevenlabs_server import Behaviour, ElevenLabsServer
from fakes.elevenlabs_talk import PAUSE, QUICK, talk
from fakes.recognisers import numbered, numbered_audio
from fakes.talk import Talk, words


@pytest.mark.parametrize("timestamps", [True, False])
async def test_a_drop_in_mid_utterance_loses_and_doubles_nothing(timestamps: bool) -> None:
    drops = [Behaviour(drop_after_s=2.0), Behaviour(drop_after_s=3.1), Behaviour()]
    async with (
        ElevenLabsServer(recognise=numbered, behaviours=drops) as server,
        talk(server, timestamps=timestamps) as it,
    ):
        await it.session.connect()
        await it.say(numbered_audio(0, 5))
        assert await it.commit() == words(0, 5)
        await it.say(numbered_audio(5, 30))
        assert await it.commit() == words(5, 30)
        assert it.text == words(0, 35)
        assert len(server.connections) == 3
        assert server.connections[1].messages[0].previous_text == words(0, 5)
        assert [event.epoch for event in it.of(SessionStarted)] == [0, 1, 2]


async def test_a_drop_after_a_commit_of_the_servers_own_replays_only_what_it_left() -> None:
    behaviours = [Behaviour(auto_commit_s=4.0, drop_after_s=5.0), Behaviour()]
    async with (
        ElevenLabsServer(recognise=numbered, behaviours=behaviours) as server,
        talk(server, replay_speed=3.0) as it,
    ):
        await it.session.connect()
        await it.say(numbered_audio(0, 40))
        assert await it.commit() == words(0, 40)
        assert it.text == words(0, 40)
        assert len(server.connections) == 2


@pytest.mark.parametrize(
    ("kind", "error"),
    [
        ("auth_error", AuthenticationError),
        ("quota_exceeded", QuotaExceededError),
        ("invalid_request", ConfigurationError),
    ],
)
async def test_hopeless_errors_end_the_first_connect(kind: str, error: type[ProviderError]) -> None:
    async with ElevenLabsServer(behaviours=[Behaviour(error=kind)]) as server, talk(server) as it:
        with pytest.raises(error):
            await it.session.connect()
        assert it.session.state is SessionState.FAILED
        assert len(server.connections) == 1


async def test_a_wrong_key_and_then_the_right_one_keeps_the_audio() -> None:
    async with ElevenLabsServer(recognise=numbered, key="sk_right") as server:
        keys = {"api_key": "sk_wrong", "base_url": server.url}

        def stream(context: Any) -> Any:
            return ElevenLabs().stream(StreamOptions(settings=keys), context)

        it = Talk(Session(stream, "elevenlabs", policy=QUICK))
        try:
            await it.say(numbered_audio(0, 5))
            with pytest.raises(AuthenticationError):
                await it.session.connect()
            keys["api_key"] = "sk_right"
            await it.session.connect()
            assert await it.commit() == words(0, 5)
        finally:
            await it.end()


@pytest.mark.parametrize("status", [401, 403, 503])
async def test_a_refused_handshake_is_an_error_with_a_cause(status: int) -> None:
    hurried = msgspec.structs.replace(QUICK, connect_s=1.0)
    async with (
        ElevenLabsServer(behaviours=[Behaviour(refuse_status=status)]) as server,
        talk(server, policy=hurried) as it,
    ):
        with pytest.raises(ProviderError) as caught:
            await it.session.connect()
        assert isinstance(caught.value, AuthenticationError) == (status in (401, 403))


@pytest.mark.parametrize(
    "kind",
    [
        "rate_limited",
        "queue_overflow",
        "resource_exhausted",
        "session_time_limit_exceeded",
        "transcriber_error",
        "error",
        "brand_new_error",
        "insufficient_audio_activity",
    ],
)
async def test_passing_errors_in_mid_utterance_are_survived(kind: str) -> None:
    behaviours = [Behaviour(error=kind, error_after_s=1.0), Behaviour()]
    async with ElevenLabsServer(recognise=numbered, behaviours=behaviours) as server, talk(server) as it:
        await it.session.connect()
        await it.say(numbered_audio(0, 10))
        assert await it.commit() == words(0, 10)
        assert it.text == words(0, 10)
        assert len(server.connections) == 2


async def test_a_server_that_cannot_keep_up_gets_the_backlog_more_slowly() -> None:
    async with (
        ElevenLabsServer(recognise=numbered, behaviours=[Behaviour(fastest=12.0)]) as server,
        talk(server, replay_speed=20.0) as it,
    ):
        await it.session.connect()
        await it.say(numbered_audio(0, 60))
        assert await it.commit() == words(0, 60)
        assert it.text == words(0, 60)
        assert len(server.connections) <= 3


@pytest.mark.parametrize("kind", ["input_error", "chunk_size_exceeded", "quota_exceeded"])
async def test_lasting_errors_in_mid_utterance_end_the_session_and_keep_the_audio(kind: str) -> None:
    behaviours = [Behaviour(error=kind, error_after_s=1.0), Behaviour()]
    async with ElevenLabsServer(recognise=numbered, behaviours=behaviours) as server, talk(server) as it:
        await it.session.connect()
        await it.say(numbered_audio(0, 10))
        async with asyncio.timeout(10):
            result = await it.session.commit()
        assert result.outcome is CommitOutcome.FAILED
        assert result.error is not None
        assert not result.error.retryable
        await it.session.connect()
        assert await it.commit() == words(0, 10)


async def test_an_idle_close_is_no_failure_and_the_next_words_reopen() -> None:
    behaviours = [Behaviour(idle_s=0.3), Behaviour()]
    async with ElevenLabsServer(recognise=numbered, behaviours=behaviours) as server, talk(server) as it:
        await it.session.connect()
        await it.say(numbered_audio(0, 5))
        assert await it.commit() == words(0, 5)
        await it.until(lambda t: t.session.state is SessionState.IDLE)
        assert server.connections[0].code == 1000
        await it.say(numbered_audio(5, 5))
        assert await it.commit() == words(5, 5)
        assert it.text == words(0, 10)
        assert len(server.connections) == 2


async def test_a_drop_between_pause_commits() -> None:
    behaviours = [Behaviour(drop_after_s=4.5), Behaviour()]
    async with (
        ElevenLabsServer(recognise=numbered, behaviours=behaviours) as server,
        talk(server, commit=CommitMode.PAUSE, replay_speed=2.0) as it,
    ):
        await it.session.connect()
        for turn in range(4):
            await it.say(numbered_audio(turn * 5, 5) + PAUSE)
        await it.session.disconnect()
        assert it.text == words(0, 20)
        assert len(server.connections) == 2


async def test_no_credits_at_the_token() -> None:
    async with ElevenLabsServer(credits_left=False) as server, talk(server, single_use_token=True) as it:
        with pytest.raises(QuotaExceededError):
            await it.session.connect()
        assert server.connections == []


@pytest.mark.parametrize("closes", [True, False])
async def test_a_throttled_commit_is_answered(closes: bool) -> None:
    behaviours = [Behaviour(least_commit_s=2.0, throttle_closes=closes), Behaviour()]
    async with ElevenLabsServer(recognise=numbered, behaviours=behaviours) as server, talk(server) as it:
        await it.session.connect()
        await it.say(numbered_audio(0, 5))
        await it.commit(CommitOutcome.THROTTLED)
        await it.say(numbered_audio(5, 5))
        assert await it.commit() == words(0, 10)


@pytest.mark.parametrize("way", ["close", "ignore"])
async def test_a_commit_without_an_answer_resolves(way: str) -> None:
    behaviours = [Behaviour(unanswered_commit=way), Behaviour()]
    async with ElevenLabsServer(recognise=numbered, behaviours=behaviours) as server, talk(server) as it:
        await it.session.connect()
        await it.say(numbered_audio(0, 5))
        async with asyncio.timeout(15):
            result = await it.session.commit()
        if way == "close":
            assert result.text == words(0, 5)
        else:
            assert result.outcome is CommitOutcome.TIMED_OUT
            assert await it.commit() == words(0, 5)
        assert it.text == words(0, 5)
