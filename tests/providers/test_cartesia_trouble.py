"""Cartesia when it refuses or fails, under the real session supervisor, over real sockets."""

from __future__ import annotations

import asyncio
from typing import Any

import msgspec
import pytest

from debabelizer.contract import CommitMode, CommitOutcome, StreamOptions
from debabelizer.errors import (
    AuthenticationError,
    ConfigurationError,
    ProviderError,
    QuotaExceededError,
    RateLimitError,
)
from debabelizer.events import SessionState
from debabelizer.streaming import Session
from debabelizer_providers.cartesia import Cartesia
from fakes.cartesia_server import Behaviour, CartesiaServer
from fakes.cartesia_talk import BOTH, QUICK, talk
from fakes.recognisers import numbered, numbered_audio
from fakes.talk import Talk, words


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (400, ConfigurationError),
        (401, AuthenticationError),
        (402, QuotaExceededError),
        (403, AuthenticationError),
    ],
)
async def test_hopeless_refusals_end_the_first_connect_with_the_vendors_words(
    status: int, error: type[ProviderError]
) -> None:
    behaviours = [Behaviour(refuse_status=status, refuse_words="no, thanks")]
    async with CartesiaServer(behaviours=behaviours) as server, talk(server) as it:
        with pytest.raises(error) as caught:
            await it.session.connect()
        assert caught.value.vendor_message == "Refused: no, thanks"
        assert it.session.state is SessionState.FAILED
        assert len(server.connections) == 1


@pytest.mark.parametrize("status", [429, 503])
async def test_passing_refusals_are_tried_again(status: int) -> None:
    behaviours = [Behaviour(refuse_status=status), Behaviour()]
    async with CartesiaServer(recognise=numbered, behaviours=behaviours) as server, talk(server) as it:
        await it.session.connect()
        await it.say(numbered_audio(0, 5))
        assert await it.commit() == words(0, 5)


async def test_too_many_connections_for_good() -> None:
    hurried = msgspec.structs.replace(QUICK, connect_s=2.0)
    async with (
        CartesiaServer(behaviours=[Behaviour(refuse_status=429)]) as server,
        talk(server, policy=hurried) as it,
    ):
        with pytest.raises(RateLimitError):
            await it.session.connect()


async def test_used_up_credits() -> None:
    async with CartesiaServer(credits_left=False) as server, talk(server) as it:
        with pytest.raises(QuotaExceededError):
            await it.session.connect()


@BOTH
async def test_a_wrong_key_and_then_the_right_one_keeps_the_audio(commit: CommitMode) -> None:
    async with CartesiaServer(recognise=numbered, key="sk_car_right") as server:
        settings = {"api_key": "sk_car_wrong", "base_url": server.url}

        def stream(context: Any) -> Any:
            return Cartesia().stream(StreamOptions(settings=settings, languages=("en",), commit=commit), context)

        it = Talk(Session(stream, "cartesia", policy=QUICK))
        try:
            await it.say(numbered_audio(0, 5))
            with pytest.raises(AuthenticationError):
                await it.session.connect()
            settings["api_key"] = "sk_car_right"
            await it.session.connect()
            assert await it.commit() == words(0, 5)
        finally:
            await it.end()


@BOTH
@pytest.mark.parametrize(
    "misfortune",
    [
        {"error": 500, "error_after_s": 1.0},
        {"error": 429, "error_after_s": 1.0},
        {"close_after_s": 1.0, "close_code": 1011},
        {"close_after_s": 1.0, "close_code": 1000},
        {"close_after_s": 1.0, "close_code": 1005},
        {"close_after_s": 1.0, "close_code": 1001},
    ],
    ids=lambda misfortune: "-".join(map(str, misfortune.values())),
)
async def test_passing_errors_in_mid_utterance_are_survived(misfortune: dict[str, Any], commit: CommitMode) -> None:
    behaviours = [Behaviour(**misfortune), Behaviour()]
    async with CartesiaServer(recognise=numbered, behaviours=behaviours) as server, talk(server, commit=commit) as it:
        await it.session.connect()
        await it.say(numbered_audio(0, 7))
        assert await it.commit() == words(0, 7)
        assert it.text == words(0, 7)
        assert len(server.connections) == 2


@pytest.mark.parametrize(("status", "error"), [(402, QuotaExceededError), (400, ConfigurationError)])
async def test_hopeless_errors_end_the_session_and_keep_the_audio(status: int, error: type[ProviderError]) -> None:
    behaviours = [Behaviour(error=status, error_after_s=1.0), Behaviour()]
    async with CartesiaServer(recognise=numbered, behaviours=behaviours) as server, talk(server) as it:
        await it.session.connect()
        await it.say(numbered_audio(0, 7))
        async with asyncio.timeout(10):
            result = await it.session.commit()
        assert result.outcome is CommitOutcome.FAILED
        assert isinstance(result.error, error)
        assert result.error.vendor_message == "scripted error"
        await it.session.connect()
        assert await it.commit() == words(0, 7)
