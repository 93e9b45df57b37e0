"""OpenAI under the real session supervisor, against the local server, over real sockets."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

import msgspec
import pytest

from debabelizer.contract import CommitMode, CommitOutcome, StreamOptions
from debabelizer.errors import AuthenticationError, ConfigurationError, ProviderError, QuotaExceededError
from debabelizer.events import (
    Closed,
    Committed,
    ErrorOccurred,
    Notice,
    Partial,
    Retracted,
    SessionStarted,
    SessionState,
    SpeechEnded,
    SpeechStarted,
)
from debabelizer.streaming import CommitHandle, Session, SessionPolicy
from debabelizer_providers.openai import OpenAI
from fakes.openai_connection import Connection
from fakes.openai_server import Behaviour, OpenAIServer
from fakes.recognisers import RATE, numbered, numbered_audio, scripted
from fakes.talk import Talk, words

QUICK = SessionPolicy(connect_s=5.0, backoff_first_s=0.02, backoff_cap_s=0.1, instant_s=0.05)
PAUSE = bytes(RATE * 2)
AFTER_COMMIT = {"model": "gpt-transcribe"}
VAD = {"model": "gpt-4o-transcribe", "turn_detection": "server_vad"}


@asynccontextmanager
async def talk(
    server: OpenAIServer,
    *,
    policy: SessionPolicy = QUICK,
    commit: CommitMode = CommitMode.MANUAL,
    vocabulary: tuple[str, ...] = (),
    **settings: Any,
) -> AsyncIterator[Talk]:
    given = {"api_key": server.key, "base_url": server.url, "replay_speed": 50.0, "dialect": server.dialect, **settings}
    options = StreamOptions(settings=given, commit=commit, pause_s=0.5, vocabulary=vocabulary)
    it = Talk(Session(lambda context: OpenAI().stream(options, context), "openai", policy=policy))
    try:
        yield it
    finally:
        await it.end()
        assert not server.problems


async def test_an_utterance() -> None:
    async with OpenAIServer(scripted(["please move the meeting"])) as server, talk(server) as it:
        await it.session.connect()
        await it.say(numbered_audio(1, 10))
        await it.until(lambda t: t.of(Partial))
        assert await it.commit() == "Please move the meeting."
        await it.session.disconnect()
        await it.until(lambda t: t.of(Closed))
        assert it.of(Closed)[0].error is None
        assert it.text == "Please move the meeting."
        assert server.connections[0].code == 1000


@pytest.mark.parametrize("settings", [{}, AFTER_COMMIT, {"model": "whisper-1"}, {"client_secret": True}])
async def test_many_utterances_on_one_connection(settings: dict[str, Any]) -> None:
    async with OpenAIServer(numbered) as server, talk(server, **settings) as it:
        await it.session.connect()
        for turn in range(5):
            await it.say(numbered_audio(turn * 4, 4))
            assert await it.commit() == words(turn * 4, 4)
        await it.session.disconnect()
        segments = list(it.map.segments())
        assert [segment.text for segment in segments] == [words(turn * 4, 4) for turn in range(5)]
        assert [segment.start for segment in segments] == [pytest.approx(turn * 0.8, abs=0.02) for turn in range(5)]
        assert len(server.connections) == 1


@pytest.mark.parametrize(
    "behaviour",
    [
        Behaviour(out_of_order=True),
        Behaviour(bare_deltas=True, strangers=True),
        Behaviour(silent=True),
        Behaviour(ready_delay_s=0.3, answer_delay_s=0.2),
    ],
    ids=["out of order", "strange deltas", "no deltas", "slow"],
)
@pytest.mark.parametrize("settings", [{}, AFTER_COMMIT], ids=["live", "after"])
async def test_no_word_twice_whatever_the_events_do(behaviour: Behaviour, settings: dict[str, Any]) -> None:
    async with OpenAIServer(numbered, [behaviour]) as server, talk(server, **settings) as it:
        await it.say(numbered_audio(0, 5))
        first = it.session.commit()
        await it.session.connect()
        await it.say(numbered_audio(5, 5))
        second = it.session.commit()
        await it.say(numbered_audio(10, 5))
        assert [(await first).text, (await second).text] == [words(0, 5), words(5, 5)]
        await it.session.disconnect()
        assert it.text == words(0, 15)
        assert len(server.connections) == 1


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


async def test_context_and_word_list_travel_in_the_prompt_or_as_keywords() -> None:
    behaviours = [Behaviour(drop_after_s=2.0), Behaviour()]
    vocabulary = ("Okafor", "Levothyroxine")
    async with (
        OpenAIServer(numbered, behaviours) as server,
        talk(server, vocabulary=vocabulary, model="gpt-4o-transcribe", prompt="A letter.", context=True) as it,
    ):
        await it.session.connect()
        await it.say(numbered_audio(0, 5))
        assert await it.commit() == words(0, 5)
        await it.say(numbered_audio(5, 10))
        assert await it.commit() == words(5, 10)
        prompts = [c.session["transcription"]["prompt"] for c in server.connections if isinstance(c, Connection)]
        assert prompts == ["A letter. Okafor, Levothyroxine", f"A letter. Okafor, Levothyroxine {words(0, 5)}"]
    async with OpenAIServer(numbered) as server, talk(server, vocabulary=vocabulary) as it:
        await it.session.connect()
        assert isinstance(server.connections[0], Connection)
        assert server.connections[0].session["transcription"]["keywords"] == list(vocabulary)


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


async def test_by_client_secret_and_a_new_one_for_each_connection() -> None:
    behaviours = [Behaviour(drop_after_s=1.0), Behaviour()]
    async with OpenAIServer(numbered, behaviours) as server, talk(server, client_secret=True) as it:
        await it.session.connect()
        await it.say(numbered_audio(0, 8))
        assert await it.commit() == words(0, 8)
        bearers = [connection.headers["authorization"] for connection in server.connections]
        assert len(set(bearers)) == 2
        assert all(bearer.startswith("Bearer ek_") for bearer in bearers)


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


async def test_a_new_connection_takes_over_before_the_longest_ends() -> None:
    class Hasty(OpenAI):
        """As after 59 minutes, but sooner."""

        def stream(self, options: StreamOptions, context: Any) -> Any:
            stream = super().stream(options, context)
            stream.limits = msgspec.structs.replace(  # type: ignore[attr-defined]
                stream.limits, longest_connection_s=1.0 if context.epoch == 0 else 3600.0
            )
            return stream

    async with OpenAIServer(numbered) as server:
        options = StreamOptions(settings={"api_key": server.key, "base_url": server.url})
        it = Talk(Session(lambda context: Hasty().stream(options, context), "openai", policy=QUICK))
        try:
            await it.session.connect()
            said = 0
            async with asyncio.timeout(15):
                while len(it.of(SessionStarted)) < 2 or said < 12:
                    await it.say(numbered_audio(said, 1))
                    said += 1
                    await asyncio.sleep(0.1)
            await it.session.disconnect()
            assert it.text == words(0, said)
            assert not it.of(ErrorOccurred)
            assert not server.problems
        finally:
            await it.end()


async def test_the_servers_own_commits_at_pauses() -> None:
    async with OpenAIServer(numbered) as server, talk(server, commit=CommitMode.PAUSE, **VAD) as it:
        await it.session.connect()
        await it.say(numbered_audio(0, 5) + PAUSE + numbered_audio(5, 5) + PAUSE)
        await it.until(lambda t: len(t.of(Committed)) == 2)
        assert [segment.text for segment in it.map.segments()] == [words(0, 5), words(5, 5)]
        assert [event.at for event in it.of(SpeechStarted)] == [0.0, pytest.approx(1.7, abs=0.15)]
        assert [event.at for event in it.of(SpeechEnded)] == [pytest.approx(at, abs=0.15) for at in (1.5, 3.5)]
        await it.say(numbered_audio(10, 5))
        await it.session.disconnect()
        assert it.text == words(0, 15)


async def test_a_commit_right_after_the_servers_own_is_answered_with_all_the_text() -> None:
    async with OpenAIServer(numbered) as server, talk(server, commit=CommitMode.PAUSE, **VAD) as it:
        await it.session.connect()
        await it.say(numbered_audio(0, 5) + bytes(RATE))
        assert await it.commit() == words(0, 5)
        await it.say(numbered_audio(5, 5))
        assert await it.commit() == words(5, 5)
        connection = server.connections[0]
        assert isinstance(connection, Connection)
        assert len(server.connections) == 1


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


async def test_a_short_word_is_filled_up_for_the_vendor() -> None:
    async with OpenAIServer(scripted(["no"])) as server, talk(server) as it:
        await it.session.connect()
        await it.say(numbered_audio(0, 1)[:2400])
        assert await it.commit() == "No."


async def test_a_commit_without_an_answer_resolves() -> None:
    behaviours = [Behaviour(unanswered_commit="ignore"), Behaviour()]
    async with OpenAIServer(numbered, behaviours) as server, talk(server, answer_s=0.5) as it:
        await it.session.connect()
        await it.say(numbered_audio(0, 5))
        await it.commit(CommitOutcome.TIMED_OUT)
        assert await it.commit() == words(0, 5)
        assert it.text == words(0, 5)


async def test_silence_gives_no_text() -> None:
    async with OpenAIServer(numbered) as server, talk(server) as it:
        await it.session.connect()
        await it.say(PAUSE)
        assert await it.commit(CommitOutcome.EMPTY) == ""
        await it.say(numbered_audio(0, 3))
        assert await it.commit() == words(0, 3)


async def test_a_final_without_words_takes_back_what_was_shown() -> None:
    async with OpenAIServer(numbered, [Behaviour(empty=True)]) as server, talk(server) as it:
        await it.session.connect()
        await it.say(numbered_audio(0, 5))
        await it.until(lambda t: t.text)
        assert await it.commit(CommitOutcome.EMPTY) == ""
        assert it.text == ""


async def test_discarded_words_never_come_back() -> None:
    async with OpenAIServer(numbered) as server, talk(server) as it:
        await it.session.connect()
        await it.say(numbered_audio(0, 10))
        await it.until(lambda t: t.of(Partial))
        it.session.discard_unfinished()
        await it.say(numbered_audio(10, 5))
        assert await it.commit() == words(10, 5)
        assert it.text == words(10, 5)
        await it.session.disconnect()
        assert len(it.of(Retracted)) == 1


async def test_the_drain_waits_for_a_slow_last_item() -> None:
    async with OpenAIServer(numbered, [Behaviour(answer_delay_s=1.5)]) as server, talk(server, **AFTER_COMMIT) as it:
        await it.session.connect()
        await it.say(numbered_audio(0, 5))
        await it.session.disconnect()
        assert it.text == words(0, 5)
        assert server.connections[0].code == 1000


@pytest.mark.parametrize("dialect", ["gateway", "azure", "speaches", "vllm"])
async def test_other_servers(dialect: str) -> None:
    model = "local-model" if dialect in ("speaches", "vllm") else ""
    behaviours = [Behaviour(drop_after_s=2.0), Behaviour()]
    async with (
        OpenAIServer(numbered, behaviours, dialect=dialect) as server,
        talk(server, other_model=model, vocabulary=("Okafor",)) as it,
    ):
        await it.session.connect()
        await it.say(numbered_audio(0, 5))
        assert await it.commit() == words(0, 5)
        await it.say(numbered_audio(5, 15))
        assert await it.commit() == words(5, 15)
        await it.say(numbered_audio(20, 5))
        await it.session.disconnect()
        assert it.text == words(0, 25)
        assert bool(it.of(Notice)) == (dialect == "vllm"), "it takes no word list"


async def test_vllm_shows_words_while_they_are_spoken_and_survives_its_errors() -> None:
    behaviours = [Behaviour(error="processing_error", error_after_s=1.5), Behaviour()]
    async with (
        OpenAIServer(numbered, behaviours, dialect="vllm") as server,
        talk(server, other_model="local-model") as it,
    ):
        await it.session.connect()
        await it.say(numbered_audio(0, 10))
        await it.until(lambda t: t.text.startswith("w0 w1"))
        assert await it.commit() == words(0, 10)
        assert it.text == words(0, 10)
    async with OpenAIServer(dialect="vllm") as server, talk(server, other_model="no-such-model") as it:
        with suppress(ConfigurationError):  # the refusal may come before or after readiness
            await it.session.connect()
        await it.until(lambda t: t.session.state is SessionState.FAILED)
        assert "no-such-model" in it.of(ErrorOccurred)[-1].error.message


async def test_an_own_server_needs_no_key() -> None:
    async with (
        OpenAIServer(numbered, dialect="vllm", key="") as server,
        talk(server, api_key="", other_model="local-model") as it,
    ):
        await it.session.connect()
        assert "authorization" not in server.connections[0].headers
