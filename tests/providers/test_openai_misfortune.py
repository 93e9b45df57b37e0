"""Drops, refusals, errors, idle closes and missing answers: nothing is lost, nothing is tried in vain."""

from __future__ import annotations

import asyncio
from typing import Any

import msgspec
import pytest

from debabelizer.contract import CommitMode, CommitOutcome, StreamOptions
from debabelizer.errors import AuthenticationError, ConfigurationError, ProviderError, QuotaExceededError
from debabelizer.events import Committed, ErrorOccurred, Partial, SessionStarted, SessionState
from debabelizer.streaming import CommitHandle, Session
from debabelizer_providers.openai import OpenAI
from fakes.openai_connection import Connection
from fakes.openai_server import Behaviour, OpenAIServer
from fakes.openai_talk import AFTER_COMMIT, PAUSE, QUICK, VAD, talk
from fakes.recognisers import numbered, numbered_audio, scripted
from fakes.talk import Talk, words


async def early(server: OpenAIServer, it: Talk) -> tuple[Connection, list[CommitHandle]]:
    """Two items are committed, and only the later one completes."""
    handles = []
    await it.session.connect()
    for turn in range(2):
        await it.say(numbered_audio(turn * 5, 5))
        handles.append(it.session.commit())
    await server.until(lambda s: len(s.connections[0].commits) == 2)
    connection = server.connections[0]
    assert isinstance(connection, Connection)
    connection.release(1)
    await it.until(lambda t: t.of(Partial))
    return connection, handles


async def test_an_item_that_completes_early_is_shown_but_not_final() -> None:
    behaviours = [Behaviour(out_of_order=True, out_of_order_s=60.0)]
    async with OpenAIServer(numbered, behaviours) as server, talk(server, **AFTER_COMMIT) as it:
        connection, (first, second) = await early(server, it)
        assert it.text == words(5, 5)
        assert not it.of(Committed)
        connection.release(1)
        assert [(await first).text, (await second).text] == [words(0, 5), words(5, 5)]
        assert it.text == words(0, 10)


@pytest.mark.parametrize("settings", [{}, AFTER_COMMIT, {"audio_format": "pcmu"}], ids=["live", "after", "thin"])
async def test_a_drop_in_mid_utterance_loses_and_doubles_nothing(settings: dict[str, Any]) -> None:
    drops = [Behaviour(drop_after_s=2.0), Behaviour(drop_after_s=3.1), Behaviour()]
    count = 35 if "audio_format" not in settings else 0
    recognise = numbered if count else scripted(["one", "two"])
    async with OpenAIServer(recognise, drops) as server, talk(server, **settings) as it:
        await it.session.connect()
        await it.say(numbered_audio(0, 5))
        assert await it.commit() == (words(0, 5) if count else "One.")
        await it.say(numbered_audio(5, 30))
        assert await it.commit() == (words(5, 30) if count else "Two.")
        assert it.text == (words(0, 35) if count else "One. Two.")
        assert [event.epoch for event in it.of(SessionStarted)] == [0, 1, 2]


async def test_a_drop_while_an_early_item_waits_doubles_nothing() -> None:
    """The later of two items is complete, the earlier is not, and the connection goes."""
    behaviours = [Behaviour(out_of_order=True, out_of_order_s=60.0, drop_after_s=3.0), Behaviour()]
    async with OpenAIServer(numbered, behaviours) as server, talk(server, **AFTER_COMMIT) as it:
        await early(server, it)
        await it.say(numbered_audio(10, 5))
        assert await it.commit() == words(10, 5)
        assert it.text == words(0, 15)
        assert len(server.connections) == 2


@pytest.mark.parametrize(
    ("code", "error"),
    [
        ("invalid_api_key", AuthenticationError),
        ("insufficient_quota", QuotaExceededError),
        ("invalid_model", ConfigurationError),
        ("unknown_parameter", ConfigurationError),
        ("never_seen", ConfigurationError),
    ],
)
@pytest.mark.parametrize("closes", [True, False])
async def test_hopeless_errors_end_the_first_connect(code: str, error: type[ProviderError], closes: bool) -> None:
    behaviours = [Behaviour(error=code, error_closes=closes)]
    async with OpenAIServer(behaviours=behaviours) as server, talk(server) as it:
        with pytest.raises(error, match="scripted"):
            await it.session.connect()
        assert it.session.state is SessionState.FAILED
        assert len(server.connections) == 1


@pytest.mark.parametrize("late", [True, False])
async def test_a_wrong_key_and_then_the_right_one_keeps_the_audio(late: bool) -> None:
    async with OpenAIServer(numbered, [Behaviour(late_key_check=late)]) as server:
        keys = {"api_key": "sk-wrong", "base_url": server.url}
        stream = OpenAI().stream
        it = Talk(Session(lambda context: stream(StreamOptions(settings=keys), context), "openai", policy=QUICK))
        try:
            await it.say(numbered_audio(0, 5))
            with pytest.raises(AuthenticationError):
                await it.session.connect()
            keys["api_key"] = server.key
            await it.session.connect()
            assert await it.commit() == words(0, 5)
        finally:
            await it.end()


@pytest.mark.parametrize("by_secret", [True, False])
async def test_no_credits(by_secret: bool) -> None:
    async with OpenAIServer(credits_left=False) as server, talk(server, client_secret=by_secret) as it:
        with pytest.raises(QuotaExceededError):
            await it.session.connect()
        assert len(server.connections) == (0 if by_secret else 1)


@pytest.mark.parametrize("status", [401, 403, 503])
async def test_a_refused_handshake_is_an_error_with_a_cause(status: int) -> None:
    hurried = msgspec.structs.replace(QUICK, connect_s=1.0)
    async with (
        OpenAIServer(behaviours=[Behaviour(refuse_status=status)]) as server,
        talk(server, policy=hurried) as it,
    ):
        with pytest.raises(ProviderError) as caught:
            await it.session.connect()
        assert isinstance(caught.value, AuthenticationError) == (status in (401, 403))


@pytest.mark.parametrize(
    "behaviour",
    [
        Behaviour(error="server_error", error_after_s=1.0),
        Behaviour(error="rate_limit_exceeded", error_after_s=1.0),
        Behaviour(expire_after_s=1.0),
        Behaviour(error="server_error", error_at_commit=True),
        Behaviour(error="never_seen", error_at_commit=True),
        Behaviour(fail_items=1),
        Behaviour(unanswered_commit="close"),
    ],
    ids=["server", "rate", "expired", "server at commit", "unknown at commit", "failed item", "closed at commit"],
)
@pytest.mark.parametrize("settings", [{}, AFTER_COMMIT], ids=["live", "after"])
async def test_passing_trouble_is_survived(behaviour: Behaviour, settings: dict[str, Any]) -> None:
    async with OpenAIServer(numbered, [behaviour, Behaviour()]) as server, talk(server, **settings) as it:
        await it.session.connect()
        await it.say(numbered_audio(0, 10))
        assert await it.commit() == words(0, 10)
        await it.say(numbered_audio(10, 5))
        assert await it.commit() == words(10, 5)
        assert it.text == words(0, 15)
        assert len(server.connections) == 2


async def test_an_item_that_always_fails_ends_the_session_and_keeps_the_audio() -> None:
    failing = [Behaviour(fail_items=9)] * 5
    async with OpenAIServer(numbered, [*failing, Behaviour()]) as server, talk(server) as it:
        await it.session.connect()
        await it.say(numbered_audio(0, 10))
        async with asyncio.timeout(20):
            result = await it.session.commit()
        assert result.outcome is CommitOutcome.FAILED
        assert "could not be transcribed" in str(result.error)
        await it.session.connect()
        assert await it.commit() == words(0, 10)


@pytest.mark.parametrize("ends", [False, True])
async def test_an_unknown_error_is_told_and_ends_the_connection_only_by_choice(ends: bool) -> None:
    behaviours = [Behaviour(error="never_seen", error_after_s=1.0), Behaviour()]
    async with OpenAIServer(numbered, behaviours) as server, talk(server, errors_end=ends) as it:
        await it.session.connect()
        await it.say(numbered_audio(0, 10))
        assert await it.commit() == words(0, 10)
        assert it.text == words(0, 10)
        assert [event.error.code for event in it.of(ErrorOccurred)] == ["never_seen"]
        assert len(server.connections) == (2 if ends else 1)


@pytest.mark.parametrize("code", ["insufficient_quota", "invalid_value"])
async def test_lasting_errors_in_mid_utterance_end_the_session_and_keep_the_audio(code: str) -> None:
    behaviours = [Behaviour(error=code, error_after_s=1.0), Behaviour()]
    async with OpenAIServer(numbered, behaviours) as server, talk(server) as it:
        await it.session.connect()
        await it.say(numbered_audio(0, 10))
        async with asyncio.timeout(10):
            result = await it.session.commit()
        assert result.outcome is CommitOutcome.FAILED
        await it.session.connect()
        assert await it.commit() == words(0, 10)


async def test_an_idle_close_is_no_failure_and_the_next_words_reopen() -> None:
    async with OpenAIServer(numbered, [Behaviour(idle_s=0.3), Behaviour()]) as server, talk(server) as it:
        await it.session.connect()
        await it.say(numbered_audio(0, 5))
        assert await it.commit() == words(0, 5)
        await it.until(lambda t: t.session.state is SessionState.IDLE)
        assert server.connections[0].code == 1000
        await it.say(numbered_audio(5, 5))
        assert await it.commit() == words(5, 5)
        assert it.text == words(0, 10)


async def test_a_drop_between_the_servers_own_commits() -> None:
    behaviours = [Behaviour(drop_after_s=4.5), Behaviour()]
    async with (
        OpenAIServer(numbered, behaviours) as server,
        talk(server, commit=CommitMode.PAUSE, **{**VAD, "replay_speed": 2.0}) as it,
    ):
        await it.session.connect()
        for turn in range(4):
            await it.say(numbered_audio(turn * 5, 5) + PAUSE)
        await it.session.disconnect()
        assert it.text == words(0, 20)
        assert len(server.connections) == 2


async def test_a_commit_without_an_answer_resolves() -> None:
    behaviours = [Behaviour(unanswered_commit="ignore"), Behaviour()]
    async with OpenAIServer(numbered, behaviours) as server, talk(server, answer_s=0.5) as it:
        await it.session.connect()
        await it.say(numbered_audio(0, 5))
        await it.commit(CommitOutcome.TIMED_OUT)
        assert await it.commit() == words(0, 5)
        assert it.text == words(0, 5)
