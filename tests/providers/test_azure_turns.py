"""Turns of Azure under the real session supervisor: whoever ends them, every word comes once and in its place."""

from __future__ import annotations

import asyncio
import json

import pytest

from debabelizer.contract import CommitMode, CommitOutcome
from debabelizer.events import (
    Closed,
    Committed,
    ErrorOccurred,
    Partial,
    Retracted,
    SpeechEnded,
    SpeechStarted,
)
from debabelizer.streaming import Session
from fakes.azure_server import AzureServer, Behaviour
from fakes.azure_talk import PAUSE, QUICK, hurried, talk
from fakes.recognisers import numbered, numbered_audio, scripted
from fakes.talk import Talk, words


async def test_many_turns_on_one_connection_with_words_and_times() -> None:
    async with AzureServer(recognise=numbered) as server, talk(server) as it:
        await it.session.connect()
        for turn in range(5):
            await it.say(numbered_audio(turn * 4, 4))
            assert await it.commit() == words(turn * 4, 4)
        await it.session.disconnect()
        segments = list(it.map.segments())
        assert [segment.text for segment in segments] == [words(turn * 4, 4) for turn in range(5)]
        said = [word for segment in segments for word in segment.words]
        assert [word.text for word in said] == words(0, 20).split()
        assert said[0].start == pytest.approx(0.025, abs=0.02)
        assert said[16].start == pytest.approx(16 * 0.2 + 0.025, abs=0.02)
        assert {word.confidence for word in said} == {0.95}
        assert {segment.language for segment in segments} == {"en-US"}
        (connection,) = server.connections
        assert len({turn.id for turn in connection.turns}) == 5


async def test_what_is_said_while_a_commit_is_answered_waits_for_its_turn() -> None:
    behaviours = [Behaviour(answer_delay_s=0.1)]
    async with AzureServer(recognise=numbered, behaviours=behaviours) as server, talk(server) as it:
        await it.session.connect()
        handles = []
        for turn in range(3):
            await it.say(numbered_audio(turn * 5, 5))
            handles.append(it.session.commit())
        async with asyncio.timeout(20):
            assert [(await handle).text for handle in handles] == [words(turn * 5, 5) for turn in range(3)]
        assert it.text == words(0, 15)
        assert len(server.connections[0].turns) == 3


async def test_turns_that_the_service_ends_lose_and_double_nothing() -> None:
    behaviours = [Behaviour(turn_s=1.5)]
    async with AzureServer(recognise=numbered, behaviours=behaviours) as server, talk(server) as it:
        await it.session.connect()
        await it.say(numbered_audio(0, 40))
        assert await it.commit() == words(0, 40)
        assert it.text == words(0, 40)
        starts = [word.start for segment in it.map.segments() for word in segment.words]
        assert starts == pytest.approx([n * 0.2 + 0.025 for n in range(40)], abs=0.02)
        (connection,) = server.connections
        assert len(connection.turns) >= 5
        assert json.loads(connection.texts[-1][1])["continuation"]["previousServiceTag"]


async def test_a_commit_that_crosses_an_end_by_the_service_is_said_again() -> None:
    behaviours = [Behaviour(turn_s=1.0, answer_delay_s=0.05)]
    async with AzureServer(recognise=numbered, behaviours=behaviours) as server, talk(server) as it:
        await it.session.connect()
        await it.say(numbered_audio(0, 9))  # all of it is on the way before the service says anything
        assert await it.commit() == words(0, 9)
        await it.say(numbered_audio(9, 2))
        await it.session.disconnect()
        await it.until(lambda t: t.of(Closed))
        assert it.of(Closed)[0].error is None
        assert it.text == words(0, 11)
        assert len(server.connections) == 1


async def test_turns_that_end_without_a_result_are_said_again() -> None:
    behaviours = [Behaviour(turn_s=1.0, mute_turns=2)]
    async with AzureServer(recognise=numbered, behaviours=behaviours) as server, talk(server) as it:
        await it.session.connect()
        await it.say(numbered_audio(0, 12))
        assert await it.commit() == words(0, 12)
        assert it.text == words(0, 12)
        assert len(server.connections) == 1


async def test_a_service_that_never_says_a_result_is_left() -> None:
    behaviours = [Behaviour(turn_s=1.0, mute_turns=99), Behaviour()]
    async with AzureServer(recognise=numbered, behaviours=behaviours) as server, talk(server) as it:
        await it.session.connect()
        await it.say(numbered_audio(0, 12))
        assert await it.commit() == words(0, 12)
        assert [event.error.code for event in it.of(ErrorOccurred)] == ["fruitless"]
        # the service may begin one more before it hears that it is left
        assert len(server.connections[0].turns) in {3, 4}
        assert len(server.connections) == 2


async def test_a_turn_without_an_end_of_dictation_goes_on_after_its_last_phrase() -> None:
    behaviours = [Behaviour(turn_s=1.5, unsaid_end=True)]
    async with AzureServer(recognise=numbered, behaviours=behaviours) as server, talk(server) as it:
        await it.session.connect()
        for turn in range(2):
            await it.say(numbered_audio(turn * 20, 20))
            assert await it.commit() == words(turn * 20, 20)
        assert it.text == words(0, 40)
        assert len(server.connections) == 1


async def test_a_turn_that_ends_early_over_silence_is_settled_at_once() -> None:
    behaviours = [Behaviour(short_end_s=0.9)]
    async with AzureServer(recognise=numbered, behaviours=behaviours) as server, talk(server) as it:
        await it.session.connect()
        await it.say(numbered_audio(0, 5) + PAUSE)
        assert await it.commit() == words(0, 5)
        assert len(server.connections[0].turns) == 1


async def test_the_last_words_that_were_only_ever_a_hypothesis_stay() -> None:
    behaviours = [Behaviour(lost_phrase=True)]
    async with (
        AzureServer(recognise=scripted(["move the meeting"]), behaviours=behaviours) as server,
        talk(server) as it,
    ):
        await it.session.connect()
        await it.say(numbered_audio(0, 10))
        assert await it.commit() == "move the meeting"
        assert it.text == "move the meeting"


async def test_a_long_utterance_comes_in_phrases() -> None:
    async with AzureServer(recognise=numbered, behaviours=[Behaviour(cut_s=3.0)]) as server, talk(server) as it:
        await it.session.connect()
        await it.say(numbered_audio(0, 50))
        assert await it.commit() == words(0, 50)
        assert it.text == words(0, 50)
        assert len(it.of(Committed)) >= 3


async def test_pauses_commit_by_themselves_and_speech_is_reported() -> None:
    async with AzureServer(recognise=numbered) as server, talk(server, commit=CommitMode.PAUSE) as it:
        await it.session.connect()
        await it.say(numbered_audio(0, 5) + PAUSE + numbered_audio(5, 5) + PAUSE)
        await it.until(lambda t: len(t.of(Committed)) == 2)
        assert [segment.text for segment in it.map.segments()] == [words(0, 5), words(5, 5)]
        assert it.of(SpeechStarted)[0].at == pytest.approx(0.0, abs=0.1)
        await it.say(numbered_audio(10, 5))
        await it.session.disconnect()
        assert it.text == words(0, 15)
        assert it.of(SpeechEnded)
        assert len(server.connections[0].turns) == 1


async def test_long_silence_ends_turns_and_nothing_else() -> None:
    behaviours = [Behaviour(initial_silence_s=1.0)]
    async with AzureServer(recognise=numbered, behaviours=behaviours) as server, talk(server) as it:
        await it.session.connect()
        await it.say(PAUSE * 4)
        await server.until(lambda s: len(s.connections[0].turns) >= 2)
        await it.say(numbered_audio(0, 5))
        assert await it.commit() == words(0, 5)
        (segment,) = it.map.segments()
        assert segment.words[0].start == pytest.approx(4.025, abs=0.02)
        assert not it.of(ErrorOccurred)


async def test_silence_is_answered_as_empty() -> None:
    behaviours = [Behaviour(initial_silence_s=0.5)]
    async with AzureServer(recognise=numbered, behaviours=behaviours) as server, talk(server) as it:
        await it.session.connect()
        for _ in range(3):
            await it.say(PAUSE)
            assert await it.commit(CommitOutcome.EMPTY) == ""
        assert not it.of(ErrorOccurred)
        assert len(server.connections) == 1


async def test_an_unanswered_turn_times_out_and_the_next_commit_works() -> None:
    behaviours = [Behaviour(unanswered_turn=0), Behaviour()]
    async with AzureServer(recognise=numbered, behaviours=behaviours) as server:
        it = Talk(Session(hurried(server, only_first=True, commit_answer_s=0.5), "azure", policy=QUICK))
        try:
            await it.session.connect()
            await it.say(numbered_audio(0, 5))
            await it.commit(CommitOutcome.TIMED_OUT)
            await it.say(numbered_audio(5, 5))
            assert await it.commit() == words(0, 10), "what had no answer is said again"
            assert it.text == words(0, 10)
        finally:
            await it.end()


async def test_a_hand_over_at_a_pause_in_mid_speech() -> None:
    async with AzureServer(recognise=numbered, behaviours=[Behaviour(turn_s=1.5)]) as server:
        it = Talk(Session(hurried(server, longest_connection_s=2.0), "azure", policy=QUICK))
        try:
            await it.session.connect()
            said = 0
            while len(server.connections) < 3:
                await it.say(numbered_audio(said, 2) + PAUSE)
                said += 2
                await asyncio.sleep(0.02)
            await it.session.disconnect()
            assert it.text == words(0, said)
            assert not server.problems
        finally:
            await it.end()


async def test_bad_habits_together() -> None:
    habits = Behaviour(
        twins=True, late_hypothesis=True, late_start=True, strangers=True, cut_s=2.0, turn_s=5.0, answer_delay_s=0.02
    )
    async with AzureServer(recognise=numbered, behaviours=[habits]) as server, talk(server) as it:
        await it.session.connect()
        for turn in range(3):
            await it.say(numbered_audio(turn * 30, 30))
            assert await it.commit() == words(turn * 30, 30)
        assert it.text == words(0, 90)
        assert not it.of(ErrorOccurred)


@pytest.mark.parametrize("wait", [False, True])
async def test_discarded_words_never_come_back(wait: bool) -> None:
    behaviours = [Behaviour(turn_s=1.5, answer_delay_s=0.02)]
    async with AzureServer(recognise=numbered, behaviours=behaviours) as server, talk(server) as it:
        await it.session.connect()
        await it.say(numbered_audio(0, 13))
        if wait:
            await it.until(lambda t: t.of(Partial))
        while it.session.unread_events:
            await asyncio.sleep(0)
        kept = " ".join(event.change.text for event in it.of(Committed))
        it.session.discard_unfinished()
        await it.say(numbered_audio(20, 5))
        assert await it.commit() == words(20, 5)
        assert it.text == f"{kept} {words(20, 5)}".strip()


async def test_cancelling_leaves_nothing_and_retracts_what_was_shown() -> None:
    async with AzureServer(recognise=numbered) as server, talk(server) as it:
        await it.session.connect()
        await it.say(numbered_audio(0, 10))
        await it.until(lambda t: t.of(Partial))
        it.session.discard_unfinished()
        await it.session.disconnect()
        await it.until(lambda t: t.of(Closed))
        assert it.text == ""
        assert len(it.of(Retracted)) == 1
