"""OpenAI under the real session supervisor, against the local server, over real sockets."""

from __future__ import annotations

import asyncio
from typing import Any

import msgspec
import pytest

from debabelizer.contract import CommitMode, CommitOutcome, StreamOptions
from debabelizer.events import (
    Closed,
    Committed,
    ErrorOccurred,
    Partial,
    Retracted,
    SessionStarted,
    SpeechEnded,
    SpeechStarted,
)
from debabelizer.streaming import Session
from debabelizer_providers.openai import OpenAI
from fakes.openai_connection import Connection
from fakes.openai_server import Behaviour, OpenAIServer
from fakes.openai_talk import AFTER_COMMIT, PAUSE, QUICK, VAD, talk
from fakes.recognisers import RATE, numbered, numbered_audio, scripted
from fakes.talk import Talk, words


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


async def test_by_client_secret_and_a_new_one_for_each_connection() -> None:
    behaviours = [Behaviour(drop_after_s=1.0), Behaviour()]
    async with OpenAIServer(numbered, behaviours) as server, talk(server, client_secret=True) as it:
        await it.session.connect()
        await it.say(numbered_audio(0, 8))
        assert await it.commit() == words(0, 8)
        bearers = [connection.headers["authorization"] for connection in server.connections]
        assert len(set(bearers)) == 2
        assert all(bearer.startswith("Bearer ek_") for bearer in bearers)


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


async def test_a_short_word_is_filled_up_for_the_vendor() -> None:
    async with OpenAIServer(scripted(["no"])) as server, talk(server) as it:
        await it.session.connect()
        await it.say(numbered_audio(0, 1)[:2400])
        assert await it.commit() == "No."


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
