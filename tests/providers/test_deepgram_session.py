"""Deepgram under the real session supervisor, against the local server, over real sockets."""

from __future__ import annotations

import pytest

from debabelizer.contract import CommitMode, CommitOutcome
from debabelizer.events import Closed, Committed, ErrorOccurred, Partial, Retracted, SpeechEnded, SpeechStarted
from fakes.deepgram_server import Behaviour, DeepgramServer
from fakes.deepgram_talk import BOTH, FLUX, PAUSE, talk
from fakes.recognisers import RATE, numbered, numbered_audio, scripted
from fakes.talk import words


@BOTH
async def test_an_utterance(model: str) -> None:
    async with (
        DeepgramServer(recognise=scripted(["Please move the meeting."])) as server,
        talk(server, model=model) as it,
    ):
        await it.session.connect()
        await it.say(numbered_audio(1, 10))
        await it.until(lambda t: t.of(Partial))
        assert await it.commit() == "Please move the meeting."
        await it.session.disconnect()
        await it.until(lambda t: t.of(Closed))
        assert it.of(Closed)[0].error is None
        assert it.text == "Please move the meeting."
        assert len(server.connections) == 1
        assert server.connections[0].kinds[-1] == "CloseStream"
        assert server.connections[0].headers["authorization"] == f"Token {server.key}"


@BOTH
async def test_many_utterances_on_one_connection_with_words_and_times(model: str) -> None:
    async with DeepgramServer(recognise=numbered) as server, talk(server, model=model) as it:
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
        assert len(server.connections) == 1


async def test_a_long_utterance_comes_in_windows_and_joins() -> None:
    async with DeepgramServer(recognise=numbered, behaviours=[Behaviour(cut_s=3.0)]) as server, talk(server) as it:
        await it.session.connect()
        await it.say(numbered_audio(0, 50))
        assert await it.commit() == words(0, 50)
        assert it.text == words(0, 50)
        assert len(it.of(Committed)) >= 3


@BOTH
async def test_an_idle_connection_is_kept_alive_as_the_vendor_wants(model: str) -> None:
    idle_s = 1.6 if model == FLUX else 3.6
    async with (
        DeepgramServer(recognise=numbered, behaviours=[Behaviour(idle_s=idle_s)]) as server,
        talk(server, model=model) as it,
    ):
        await it.session.connect()
        if model == FLUX:
            await server.until(lambda s: len(s.connections[0].audio_frames) >= 4)
        else:
            await server.until(lambda s: s.connections[0].kinds == ["KeepAlive"] * 2)
        await it.say(numbered_audio(0, 5))
        assert await it.commit() == words(0, 5)
        (segment,) = it.map.segments()
        assert segment.words[0].start == pytest.approx(0.025, abs=0.02), "the silence is not on the user's clock"
        assert len(server.connections) == 1


async def test_pauses_commit_by_themselves() -> None:
    async with DeepgramServer(recognise=numbered) as server, talk(server, commit=CommitMode.PAUSE) as it:
        await it.session.connect()
        await it.say(numbered_audio(0, 5) + PAUSE + numbered_audio(5, 5) + PAUSE)
        await it.until(lambda t: len(t.of(Committed)) == 2)
        assert [segment.text for segment in it.map.segments()] == [words(0, 5), words(5, 5)]
        await it.say(numbered_audio(10, 5))
        await it.session.disconnect()
        assert it.text == words(0, 15)


async def test_flux_ends_turns_by_itself_and_takes_an_eager_end_back() -> None:
    async with (
        DeepgramServer(recognise=numbered, behaviours=[Behaviour(eager=True)]) as server,
        talk(server, commit=CommitMode.PAUSE, pause_s=1.0, model=FLUX) as it,
    ):
        await it.session.connect()
        await it.say(numbered_audio(0, 5) + PAUSE[: RATE // 2 * 2] + numbered_audio(5, 5) + PAUSE + PAUSE)
        await it.until(lambda t: t.of(Committed))
        assert it.text == words(0, 10)
        events = [frame.get("event") for frame in server.connections[0].frames]
        assert {"StartOfTurn", "EagerEndOfTurn", "TurnResumed", "EndOfTurn"} <= set(events)


async def test_speech_events() -> None:
    async with (
        DeepgramServer(recognise=numbered) as server,
        talk(server, commit=CommitMode.PAUSE, pause_s=3.0, speech_events=True) as it,
    ):
        await it.session.connect()
        await it.say(numbered_audio(0, 5) + PAUSE * 4)
        await it.until(lambda t: t.of(SpeechStarted))
        assert it.of(SpeechStarted)[0].at == pytest.approx(0.0, abs=0.1)
        await it.until(lambda t: t.of(Committed))
        assert not it.of(SpeechEnded), "a final by a pause says it already"


@pytest.mark.parametrize("forced_silence", ["ignore", "answer"])
async def test_flux_and_silence(forced_silence: str) -> None:
    behaviours = [Behaviour(forced_silence=forced_silence)]
    async with DeepgramServer(recognise=numbered, behaviours=behaviours) as server, talk(server, model=FLUX) as it:
        await it.session.connect()
        await it.say(PAUSE)
        assert await it.commit(CommitOutcome.EMPTY) == ""
        await it.say(numbered_audio(0, 3))
        assert await it.commit() == words(0, 3)
        await it.say(PAUSE)
        await it.session.disconnect()
        await it.until(lambda t: t.of(Closed))
        assert it.of(Closed)[0].error is None
        assert it.text == words(0, 3)
        assert len(server.connections) == 1


async def test_by_token_and_a_new_token_for_each_connection() -> None:
    behaviours = [Behaviour(drop_after_s=1.0), Behaviour()]
    async with (
        DeepgramServer(recognise=numbered, behaviours=behaviours) as server,
        talk(server, short_lived_token=True) as it,
    ):
        await it.session.connect()
        await it.say(numbered_audio(0, 8))
        assert await it.commit() == words(0, 8)
        sent = [connection.headers["authorization"] for connection in server.connections]
        assert len(set(sent)) == 2
        assert all(header.startswith("Bearer ") and server.key not in header for header in sent)


@pytest.mark.parametrize("form", ["pcm_8000", "mulaw_8000"])
async def test_thin_lines(form: str) -> None:
    async with DeepgramServer(recognise=scripted(["hello there"])) as server, talk(server, audio_format=form) as it:
        await it.session.connect()
        await it.say(numbered_audio(0, 10))
        assert await it.commit() == "hello there"
        assert server.connections[0].audio_s == pytest.approx(2.1, abs=0.05)


@BOTH
async def test_discarded_words_never_come_back(model: str) -> None:
    async with DeepgramServer(recognise=numbered) as server, talk(server, model=model) as it:
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


@BOTH
async def test_frames_of_unknown_types_are_skipped(model: str) -> None:
    async with (
        DeepgramServer(recognise=numbered, behaviours=[Behaviour(strangers=True)]) as server,
        talk(server, model=model) as it,
    ):
        await it.session.connect()
        await it.say(numbered_audio(0, 5))
        assert await it.commit() == words(0, 5)
        assert not it.of(ErrorOccurred)
