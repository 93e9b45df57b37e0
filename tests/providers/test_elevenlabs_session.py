"""ElevenLabs under the real session supervisor, against the local server, over real sockets."""

from __future__ import annotations

import asyncio
from typing import Any

import msgspec
import pytest

from debabelizer.contract import CommitMode, CommitOutcome, StreamOptions
from debabelizer.events import Closed, Committed, Corrected, Notice, Partial, Retracted, SessionState
from debabelizer.streaming import Session
from debabelizer_providers.elevenlabs import ElevenLabs
from fakes.elevenlabs_server import Behaviour, ElevenLabsServer
from fakes.elevenlabs_talk import PAUSE, QUICK, talk
from fakes.recognisers import RATE, numbered, numbered_audio, scripted
from fakes.talk import Talk, words


async def test_an_utterance() -> None:
    async with ElevenLabsServer(recognise=scripted(["please move the meeting"])) as server, talk(server) as it:
        await it.session.connect()
        await it.say(numbered_audio(1, 10))
        await it.until(lambda t: t.of(Partial))
        assert await it.commit() == "Please move the meeting."
        await it.session.disconnect()
        await it.until(lambda t: t.of(Closed))
        assert it.of(Closed)[0].error is None
        assert it.text == "Please move the meeting."
        assert server.connections[0].code == 1000


async def test_many_utterances_on_one_connection_with_words_and_context() -> None:
    async with ElevenLabsServer(recognise=numbered) as server, talk(server) as it:
        await it.session.connect()
        for turn in range(5):
            await it.say(numbered_audio(turn * 4, 4))
            assert await it.commit() == words(turn * 4, 4)
        await it.session.disconnect()
        segments = list(it.map.segments())
        assert [segment.text for segment in segments] == [words(turn * 4, 4) for turn in range(5)]
        assert [word.text for segment in segments for word in segment.words] == words(0, 20).split()
        assert segments[-1].words[0].start == pytest.approx(16 * 0.2, abs=0.05)
        assert {segment.language for segment in segments} == {"en"}
        assert len(server.connections) == 1


@pytest.mark.parametrize(
    "behaviour",
    [
        Behaviour(twin="before"),
        Behaviour(twin_delay_s=0.2),
        Behaviour(twin="missing"),
        Behaviour(echo=True, strangers=True, shrink=True),
        Behaviour(ready_delay_s=0.3, answer_delay_s=0.2),
    ],
    ids=["twin first", "twin late", "no twin", "echo and strangers", "slow"],
)
@pytest.mark.parametrize("speak", ["live", "at once"])
async def test_no_word_twice_whatever_the_frames_do(behaviour: Behaviour, speak: str) -> None:
    async with ElevenLabsServer(recognise=numbered, behaviours=[behaviour]) as server, talk(server) as it:
        if speak == "live":
            await it.session.connect()
        else:
            await it.say(numbered_audio(0, 5))
            handle = it.session.commit()
            await it.session.connect()
            assert (await handle).text == words(0, 5)
        first = 0 if speak == "live" else 5
        await it.say(numbered_audio(first, 5))
        assert await it.commit() == words(first, 5)
        await it.say(numbered_audio(first + 5, 5))
        await it.session.disconnect()
        assert it.text == words(0, first + 10)


async def test_two_minutes_replayed_at_once_meet_the_servers_own_commit() -> None:
    async with ElevenLabsServer(recognise=numbered) as server, talk(server) as it:
        await it.say(numbered_audio(0, 600))
        handle = it.session.commit()
        await it.session.connect()
        async with asyncio.timeout(30):
            assert (await handle).text == words(0, 600)
        assert (
            len([frame for frame in server.connections[0].frames if frame["message_type"] == "committed_transcript"])
            == 2
        )


async def test_silence_keeps_the_connection_and_is_not_heard() -> None:
    class Hasty(ElevenLabs):
        """Keeps alive every 0.1 s: as the vendor needs, but sooner."""

        def stream(self, options: StreamOptions, context: Any) -> Any:
            stream = super().stream(options, context)
            stream._limits = {  # type: ignore[attr-defined]
                key: msgspec.structs.replace(limits, keep_alive_every_s=0.1)
                for key, limits in stream._limits.items()  # type: ignore[attr-defined]
            }
            return stream

    async with ElevenLabsServer(recognise=numbered, behaviours=[Behaviour(idle_s=0.5)]) as server:
        options = StreamOptions(settings={"api_key": server.key, "base_url": server.url})
        it = Talk(Session(lambda context: Hasty().stream(options, context), "elevenlabs", policy=QUICK))
        try:
            await it.session.connect()
            await server.until(lambda s: len(s.connections[0].messages) >= 12)
            assert all(not any(chunk.audio) and len(chunk.audio) == 3200 for chunk in server.connections[0].messages)
            await it.say(numbered_audio(0, 5))
            assert await it.commit() == words(0, 5)
            (segment,) = it.map.segments()
            await it.until(lambda t: any(segment.words for segment in t.map.segments()))
            (segment,) = it.map.segments()
            assert segment.words[0].start == pytest.approx(0.025, abs=0.01), "the silence is not on the user's clock"
            assert len(server.connections) == 1
        finally:
            await it.end()


async def test_pauses_commit_by_themselves() -> None:
    async with ElevenLabsServer(recognise=numbered) as server, talk(server, commit=CommitMode.PAUSE) as it:
        await it.session.connect()
        await it.say(numbered_audio(0, 5) + PAUSE + numbered_audio(5, 5) + PAUSE)
        await it.until(lambda t: len(t.of(Committed)) == 2)
        assert [segment.text for segment in it.map.segments()] == [words(0, 5), words(5, 5)]
        await it.say(numbered_audio(10, 5))
        await it.session.disconnect()
        assert it.text == words(0, 15)


async def test_the_commit_after_a_pause_commit_is_answered_with_all_the_text() -> None:
    async with ElevenLabsServer(recognise=numbered) as server, talk(server, commit=CommitMode.PAUSE) as it:
        await it.session.connect()
        await it.say(numbered_audio(0, 5) + bytes(RATE))
        await it.until(lambda t: t.of(Committed))
        await it.say(bytes(RATE // 5))
        assert await it.commit() == words(0, 5)


async def test_by_token_and_a_new_token_for_each_connection() -> None:
    behaviours = [Behaviour(drop_after_s=1.0), Behaviour()]
    async with (
        ElevenLabsServer(recognise=numbered, behaviours=behaviours) as server,
        talk(server, single_use_token=True) as it,
    ):
        await it.session.connect()
        await it.say(numbered_audio(0, 8))
        assert await it.commit() == words(0, 8)
        assert len(server.requests) == 2
        assert all("xi-api-key" not in connection.headers for connection in server.connections)
        tokens = [dict(connection.query)["token"] for connection in server.connections]
        assert len(set(tokens)) == 2


async def test_a_short_word_is_filled_up_for_the_vendor() -> None:
    async with ElevenLabsServer(recognise=numbered) as server, talk(server) as it:
        await it.session.connect()
        await it.say(numbered_audio(0, 1))
        assert await it.commit() == "w0"


async def test_silence_gives_no_text() -> None:
    async with ElevenLabsServer(recognise=numbered) as server, talk(server) as it:
        await it.session.connect()
        await it.say(PAUSE)
        assert await it.commit(CommitOutcome.EMPTY) == ""
        await it.say(numbered_audio(0, 3))
        assert await it.commit() == words(0, 3)
        assert it.text == words(0, 3)


@pytest.mark.parametrize("form", ["pcm_8000", "ulaw_8000"])
async def test_thin_lines(form: str) -> None:
    async with ElevenLabsServer(recognise=scripted(["hello there"])) as server, talk(server, audio_format=form) as it:
        await it.session.connect()
        await it.say(numbered_audio(0, 10))
        assert await it.commit() == "Hello there."
        assert server.connections[0].audio_s == pytest.approx(2.0, abs=0.05)


async def test_the_edited_text_is_what_the_commit_gives() -> None:
    async with (
        ElevenLabsServer(recognise=scripted(["hello there"])) as server,
        talk(server, transcript_edit="Shout") as it,
    ):
        await it.session.connect()
        await it.say(numbered_audio(0, 10))
        assert await it.commit() == "HELLO THERE."
        assert it.of(Corrected)


async def test_discarded_words_never_come_back() -> None:
    async with ElevenLabsServer(recognise=numbered) as server, talk(server) as it:
        await it.session.connect()
        await it.say(numbered_audio(0, 10))
        await it.until(lambda t: t.of(Partial))
        it.session.discard_unfinished()
        await it.say(numbered_audio(10, 5))
        assert await it.commit() == words(10, 5)
        assert it.text == words(10, 5)
        await it.session.disconnect()
        await it.until(lambda t: t.of(Closed))
        assert len(it.of(Retracted)) == 1


async def test_the_last_words_times_come_before_the_end() -> None:
    async with (
        ElevenLabsServer(recognise=numbered, behaviours=[Behaviour(twin_delay_s=0.25)]) as server,
        talk(server) as it,
    ):
        await it.session.connect()
        await it.say(numbered_audio(0, 5))
        await it.session.disconnect()
        (segment,) = it.map.segments()
        assert [word.text for word in segment.words] == words(0, 5).split()


async def test_a_word_list_that_is_cut_is_told_once() -> None:
    async with ElevenLabsServer(recognise=numbered, behaviours=[Behaviour(idle_s=0.3), Behaviour()]) as server:
        options = StreamOptions(
            settings={"api_key": server.key, "base_url": server.url}, vocabulary=("a word far too long for it",)
        )
        it = Talk(Session(lambda context: ElevenLabs().stream(options, context), "elevenlabs", policy=QUICK))
        try:
            await it.session.connect()
            for turn in range(2):
                await it.say(numbered_audio(turn, 1))
                await it.commit()
                await it.until(lambda t: t.session.state is SessionState.IDLE or len(server.connections) == 2)
            assert len(server.connections) == 2
            assert len(it.of(Notice)) == 1
        finally:
            await it.end()
