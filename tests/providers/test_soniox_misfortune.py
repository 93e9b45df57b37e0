"""Drops, refusals, errors, idle closes and missing answers: nothing is lost, nothing is tried in vain."""

from __future__ import annotations

import asyncio
from typing import Any

import msgspec
import pytest

from debabelizer.contract import CommitOutcome, StreamOptions
from debabelizer.errors import (
    AuthenticationError,
    ConfigurationError,
    ProviderError,
    QuotaExceededError,
    RateLimitError,
)
from debabelizer.events import (
    Closed,
    ErrorOccurred,
    SessionStarted,
    SessionState,
)
from debabelizer.streaming import Session
from debabelizer_providers.soniox import Soniox
from fakes.recognisers import numbered, numbered_audio
from fakes.soniox_server import Behaviour, SonioxServer
from fakes.soniox_talk import QUICK, talk
from fakes.talk import Talk, words


async def test_a_drop_in_mid_utterance_loses_and_doubles_nothing() -> None:
    drops = [Behaviour(drop_after_s=2.0), Behaviour(drop_after_s=3.1), Behaviour()]
    async with SonioxServer(recognise=numbered, behaviours=drops) as server, talk(server) as it:
        await it.session.connect()
        await it.say(numbered_audio(0, 5))
        assert await it.commit() == words(0, 5)
        await it.say(numbered_audio(5, 30))
        assert await it.commit() == words(5, 30)
        assert it.text == words(0, 35)
        assert len(server.connections) == 3
        assert [event.epoch for event in it.of(SessionStarted)] == [0, 1, 2]


async def test_a_drop_late_in_a_long_utterance_replays_only_its_end() -> None:
    behaviours = [Behaviour(cut_s=1.0, drop_after_s=39.0), Behaviour(cut_s=1.0)]
    async with SonioxServer(recognise=numbered, behaviours=behaviours) as server, talk(server) as it:
        await it.session.connect()
        await it.say(numbered_audio(0, 200))
        assert await it.commit() == words(0, 200)
        assert it.text == words(0, 200)
        assert len(server.connections) == 2
        assert server.connections[1].audio_s < 20.0


@pytest.mark.parametrize("by_frame", [False, True])
@pytest.mark.parametrize(
    ("status", "kind", "error"),
    [
        (400, "invalid_request", ConfigurationError),
        (400, "model_not_available", ConfigurationError),
        (401, "unauthenticated", AuthenticationError),
        (402, "organization_balance_exhausted", QuotaExceededError),
        (403, "permission_denied", AuthenticationError),
    ],
)
async def test_hopeless_refusals_are_tried_once_and_keep_the_vendors_words(
    status: int, kind: str, error: type[ProviderError], by_frame: bool
) -> None:
    behaviours = [Behaviour(refuse_status=status, refuse_kind=kind, refuse_by_frame=by_frame)]
    async with SonioxServer(behaviours=behaviours) as server, talk(server) as it:
        if by_frame:  # the connection is open, and then it is refused
            await it.say(numbered_audio(0, 5))
            await it.session.connect()
        else:
            with pytest.raises(error):
                await it.session.connect()
        await it.until(lambda t: t.session.state is SessionState.FAILED)
        (told,) = it.of(ErrorOccurred)
        assert told.fatal
        assert isinstance(told.error, error)
        assert (told.error.code, told.error.vendor_message) == (kind, "scripted refusal")
        assert len(server.connections) == 1


@pytest.mark.parametrize(
    "trouble",
    [
        {"refuse_status": 429},
        {"refuse_status": 503},
        {"refuse_status": 429, "refuse_kind": "limit_exceeded", "refuse_by_frame": True},
        {"refuse_status": 503, "refuse_by_frame": True},
    ],
)
async def test_passing_refusals_are_tried_again(trouble: dict[str, Any]) -> None:
    behaviours = [Behaviour(**trouble), Behaviour()]
    async with SonioxServer(recognise=numbered, behaviours=behaviours) as server, talk(server) as it:
        await it.session.connect()
        await it.say(numbered_audio(0, 5))
        assert await it.commit() == words(0, 5)
        assert len(server.connections) == 2


async def test_too_many_connections_for_good() -> None:
    hurried = msgspec.structs.replace(QUICK, connect_s=2.0)
    async with (
        SonioxServer(behaviours=[Behaviour(refuse_status=429)]) as server,
        talk(server, policy=hurried) as it,
    ):
        with pytest.raises(RateLimitError):
            await it.session.connect()


@pytest.mark.parametrize("by_frame", [False, True])
async def test_a_wrong_key_and_then_the_right_one_keeps_the_audio(by_frame: bool) -> None:
    behaviours = [Behaviour(refuse_by_frame=by_frame)]
    async with SonioxServer(recognise=numbered, behaviours=behaviours, key="right") as server:
        settings = {"api_key": "wrong", "base_url": server.url, "replay_speed": 50.0}

        def stream(context: Any) -> Any:
            return Soniox().stream(StreamOptions(settings=settings, languages=("en",)), context)

        it = Talk(Session(stream, "soniox", policy=QUICK))
        try:
            await it.say(numbered_audio(0, 5))
            if by_frame:
                await it.session.connect()
            else:
                with pytest.raises(AuthenticationError):
                    await it.session.connect()
            await it.until(lambda t: t.session.state is SessionState.FAILED)
            settings["api_key"] = "right"
            await it.session.connect()
            assert await it.commit() == words(0, 5)
        finally:
            await it.end()


@pytest.mark.parametrize(
    "misfortune",
    [
        {"error": 503, "error_kind": "service_unavailable", "error_after_s": 1.0},
        {"error": 500, "error_kind": "internal_error", "error_after_s": 1.0},
        {"error": 408, "error_kind": "request_timeout", "error_after_s": 1.0},
        {"longest_s": 1.0},
        {"close_after_s": 1.0, "close_code": 1011},
        {"close_after_s": 1.0, "close_code": 1000},
        {"close_after_s": 1.0, "close_code": 1005},
        {"close_after_s": 1.0, "close_code": 1001},
    ],
)
async def test_passing_errors_in_mid_utterance_are_survived(misfortune: dict[str, Any]) -> None:
    behaviours = [Behaviour(**misfortune), Behaviour()]
    async with SonioxServer(recognise=numbered, behaviours=behaviours) as server, talk(server) as it:
        await it.session.connect()
        await it.say(numbered_audio(0, 10))
        assert await it.commit() == words(0, 10)
        assert it.text == words(0, 10)
        assert len(server.connections) == 2


async def test_refused_audio_ends_the_session_and_keeps_the_audio() -> None:
    behaviours = [Behaviour(error=400, error_kind="invalid_request", error_after_s=1.0), Behaviour()]
    async with SonioxServer(recognise=numbered, behaviours=behaviours) as server, talk(server) as it:
        await it.session.connect()
        await it.say(numbered_audio(0, 10))
        async with asyncio.timeout(10):
            result = await it.session.commit()
        assert result.outcome is CommitOutcome.FAILED
        assert isinstance(result.error, ConfigurationError)
        await it.session.connect()
        assert await it.commit() == words(0, 10)


@pytest.mark.parametrize("with_error", [False, True])
@pytest.mark.parametrize("spoke", [False, True])
async def test_an_idle_close_is_no_failure_and_the_next_words_reopen(spoke: bool, with_error: bool) -> None:
    behaviours = [Behaviour(idle_s=0.3, idle_error=with_error), Behaviour()]
    async with SonioxServer(recognise=numbered, behaviours=behaviours) as server, talk(server) as it:
        await it.session.connect()
        if spoke:
            await it.say(numbered_audio(0, 5))
            assert await it.commit() == words(0, 5)
        await it.until(lambda t: t.session.state is SessionState.IDLE)
        await it.say(numbered_audio(5, 5))
        assert await it.commit() == words(5, 5)
        assert it.text == words(0 if spoke else 5, 10 if spoke else 5)
        assert not it.of(ErrorOccurred)
        assert len(server.connections) == 2


@pytest.mark.parametrize("habit", ["mute_finalize", "deaf_finalize"])
@pytest.mark.parametrize("drains", [False, True])
async def test_a_finalize_without_an_answer_is_settled_by_the_end_of_the_stream(drains: bool, habit: str) -> None:
    behaviours = [Behaviour(**{habit: True}), Behaviour()]
    async with (
        SonioxServer(recognise=numbered, behaviours=behaviours) as server,
        talk(server, keep_alive_s=0.5) as it,
    ):
        await it.session.connect()
        await it.say(numbered_audio(0, 5))
        if drains:
            await it.session.disconnect()
            await it.until(lambda t: t.of(Closed))
            assert it.of(Closed)[0].error is None
        else:
            assert await it.commit() == words(0, 5)
            assert server.connections[0].controls == ["finalize", ""]
            await it.say(numbered_audio(5, 5))
            await it.session.disconnect()
        assert it.text == words(0, 5 if drains else 10)
