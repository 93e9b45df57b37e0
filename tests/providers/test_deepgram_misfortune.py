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
from debabelizer.events import Closed, ErrorOccurred, SessionStarted, SessionState
from debabelizer.streaming import Session
from debabelizer_providers.deepgram import Deepgram
from fakes.deepgram_server import Behaviour, DeepgramServer
from fakes.deepgram_talk import BOTH, FLUX, PAUSE, QUICK, talk
from fakes.recognisers import numbered, numbered_audio
from fakes.talk import Talk, words


@BOTH
async def test_a_drop_in_mid_utterance_loses_and_doubles_nothing(model: str) -> None:
    drops = [Behaviour(drop_after_s=2.0), Behaviour(drop_after_s=3.1), Behaviour()]
    async with DeepgramServer(recognise=numbered, behaviours=drops) as server, talk(server, model=model) as it:
        await it.session.connect()
        await it.say(numbered_audio(0, 5))
        assert await it.commit() == words(0, 5)
        await it.say(numbered_audio(5, 30))
        assert await it.commit() == words(5, 30)
        assert it.text == words(0, 35)
        assert len(server.connections) == 3
        assert [event.epoch for event in it.of(SessionStarted)] == [0, 1, 2]


async def test_a_drop_after_a_cut_replays_only_what_it_left() -> None:
    behaviours = [Behaviour(cut_s=2.0, drop_after_s=5.0), Behaviour()]
    async with DeepgramServer(recognise=numbered, behaviours=behaviours) as server, talk(server) as it:
        await it.session.connect()
        await it.say(numbered_audio(0, 40))
        assert await it.commit() == words(0, 40)
        assert it.text == words(0, 40)
        assert server.connections[1].audio_s < 8.0


@pytest.mark.parametrize(
    ("status", "words_", "error"),
    [
        (400, "No such model/language/tier combination found.", ConfigurationError),
        (401, "Invalid credentials.", AuthenticationError),
        (402, "Project does not have enough credits.", QuotaExceededError),
        (403, "Project does not have access to the requested model.", AuthenticationError),
    ],
)
async def test_hopeless_refusals_end_the_first_connect_with_the_vendors_words(
    status: int, words_: str, error: type[ProviderError]
) -> None:
    behaviours = [Behaviour(refuse_status=status, refuse_words=words_)]
    async with DeepgramServer(behaviours=behaviours) as server, talk(server) as it:
        with pytest.raises(error) as caught:
            await it.session.connect()
        assert caught.value.vendor_message == words_
        assert it.session.state is SessionState.FAILED
        assert len(server.connections) == 1


@pytest.mark.parametrize("status", [429, 503])
async def test_passing_refusals_are_tried_again(status: int) -> None:
    behaviours = [Behaviour(refuse_status=status), Behaviour()]
    async with DeepgramServer(recognise=numbered, behaviours=behaviours) as server, talk(server) as it:
        await it.session.connect()
        await it.say(numbered_audio(0, 5))
        assert await it.commit() == words(0, 5)


async def test_too_many_connections_for_good() -> None:
    hurried = msgspec.structs.replace(QUICK, connect_s=2.0)
    async with (
        DeepgramServer(behaviours=[Behaviour(refuse_status=429)]) as server,
        talk(server, policy=hurried) as it,
    ):
        with pytest.raises(RateLimitError):
            await it.session.connect()


@BOTH
async def test_a_wrong_key_and_then_the_right_one_keeps_the_audio(model: str) -> None:
    async with DeepgramServer(recognise=numbered, key="dg_right") as server:
        settings = {"api_key": "dg_wrong", "base_url": server.url, "model": model, "replay_speed": 20.0}

        def stream(context: Any) -> Any:
            return Deepgram().stream(StreamOptions(settings=settings, languages=("en",)), context)

        it = Talk(Session(stream, "deepgram", policy=QUICK))
        try:
            await it.say(numbered_audio(0, 5))
            with pytest.raises(AuthenticationError):
                await it.session.connect()
            settings["api_key"] = "dg_right"
            await it.session.connect()
            assert await it.commit() == words(0, 5)
        finally:
            await it.end()


@BOTH
@pytest.mark.parametrize(
    "misfortune",
    [
        {"error": "SomethingNew", "error_after_s": 1.0},
        {"close_after_s": 1.0, "close_code": 1011, "close_reason": "... See https://dpgr.am/net0000"},
        {"close_after_s": 1.0, "close_code": 1000},
        {"close_after_s": 1.0, "close_code": 1005},
        {"close_after_s": 1.0, "close_code": 1001},
    ],
)
async def test_passing_errors_in_mid_utterance_are_survived(misfortune: dict[str, Any], model: str) -> None:
    behaviours = [Behaviour(**misfortune), Behaviour()]
    async with DeepgramServer(recognise=numbered, behaviours=behaviours) as server, talk(server, model=model) as it:
        await it.session.connect()
        await it.say(numbered_audio(0, 10))
        assert await it.commit() == words(0, 10)
        assert it.text == words(0, 10)
        assert len(server.connections) == 2


async def test_undecodable_audio_ends_the_session_and_keeps_the_audio() -> None:
    reason = "Deepgram could not decode. See https://dpgr.am/data0000"
    behaviours = [Behaviour(close_after_s=1.0, close_code=1008, close_reason=reason), Behaviour()]
    async with DeepgramServer(recognise=numbered, behaviours=behaviours) as server, talk(server) as it:
        await it.session.connect()
        await it.say(numbered_audio(0, 10))
        async with asyncio.timeout(10):
            result = await it.session.commit()
        assert result.outcome is CommitOutcome.FAILED
        assert isinstance(result.error, ConfigurationError)
        await it.session.connect()
        assert await it.commit() == words(0, 10)


@BOTH
async def test_an_idle_close_is_no_failure_and_the_next_words_reopen(model: str) -> None:
    behaviours = [Behaviour(idle_s=0.4 if model == FLUX else 1.5), Behaviour()]
    async with DeepgramServer(recognise=numbered, behaviours=behaviours) as server, talk(server, model=model) as it:
        await it.session.connect()
        await it.say(numbered_audio(0, 5))
        assert await it.commit() == words(0, 5)
        await it.until(lambda t: t.session.state is SessionState.IDLE)
        assert server.connections[0].code == (1005 if model == FLUX else 1011)
        await it.say(numbered_audio(5, 5))
        assert await it.commit() == words(5, 5)
        assert it.text == words(0, 10)
        assert not it.of(ErrorOccurred)
        assert len(server.connections) == 2


@pytest.mark.parametrize("drains", [False, True])
async def test_a_finalize_without_an_answer_is_settled_by_ending_the_stream(drains: bool) -> None:
    behaviours = [Behaviour(least_finalize_s=60.0), Behaviour()]
    async with DeepgramServer(recognise=numbered, behaviours=behaviours) as server, talk(server) as it:
        await it.session.connect()
        await it.say(numbered_audio(0, 5))
        if drains:
            await it.session.disconnect()
            await it.until(lambda t: t.of(Closed))
            assert it.of(Closed)[0].error is None
        else:
            assert await it.commit() == words(0, 5)
            assert server.connections[0].kinds == ["Finalize", "CloseStream"]
            await it.say(numbered_audio(5, 5))
            await it.session.disconnect()
        assert it.text == words(0, 5 if drains else 10)


async def test_silence_that_nobody_answers_is_empty_and_not_sent_again() -> None:
    behaviours = [Behaviour(least_finalize_s=60.0), Behaviour()]
    async with DeepgramServer(recognise=numbered, behaviours=behaviours) as server, talk(server) as it:
        await it.session.connect()
        await it.say(PAUSE)
        assert await it.commit(CommitOutcome.EMPTY) == ""
        assert len(server.connections) == 1


async def test_a_final_that_does_not_say_whose_it_is_counts() -> None:
    behaviours = [Behaviour(unmarked_finalize=True)]
    async with DeepgramServer(recognise=numbered, behaviours=behaviours) as server, talk(server) as it:
        await it.session.connect()
        for turn in range(3):
            await it.say(numbered_audio(turn * 5, 5))
            assert await it.commit() == words(turn * 5, 5)
        assert server.connections[0].kinds == ["Finalize"] * 3


async def test_a_late_answer_is_not_taken_for_the_next_commits() -> None:
    behaviours = [Behaviour(late_finalize=True, cut_s=1.0, answer_delay_s=0.1)]
    async with DeepgramServer(recognise=numbered, behaviours=behaviours) as server, talk(server) as it:
        await it.session.connect()
        for turn in range(4):
            await it.say(numbered_audio(turn * 10, 10))
            assert await it.commit() == words(turn * 10, 10)
        assert it.text == words(0, 40)
