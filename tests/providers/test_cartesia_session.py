"""Cartesia under the real session supervisor, against the local server, over real sockets."""

from __future__ import annotations

from typing import Any

import pytest

from debabelizer.contract import CommitMode, CommitOutcome
from debabelizer.events import (
    Closed,
    Committed,
    ErrorOccurred,
    Partial,
    Retracted,
    SessionStarted,
    SessionState,
    Tail,
)
from fakes.cartesia_server import Behaviour, CartesiaServer
from fakes.cartesia_talk import BOTH, MANUAL, PAUSE, TURNS, talk
from fakes.recognisers import RATE, numbered, numbered_audio, scripted
from fakes.talk import Talk, words


def settled(it: Talk, text: str) -> bool:
    """The vendor has made it final, though the segment is still open."""
    return any(isinstance(event.change, Tail) and event.change.frozen == text for event in it.of(Partial))


@BOTH
async def test_an_utterance(commit: CommitMode) -> None:
    async with (
        CartesiaServer(recognise=scripted(["Please move the meeting."])) as server,
        talk(server, commit=commit) as it,
    ):
        await it.session.connect()
        await it.say(numbered_audio(1, 6))
        await it.until(lambda t: t.of(Partial))
        assert await it.commit() == "Please move the meeting."
        await it.session.disconnect()
        await it.until(lambda t: t.of(Closed))
        assert it.of(Closed)[0].error is None
        assert it.text == "Please move the meeting."
        assert len(server.connections) == 1
        assert server.connections[0].commands[-1] == ("close" if commit is MANUAL else '{"type":"close"}')
        headers = server.connections[0].headers
        assert headers["authorization"] == f"Bearer {server.key}"
        assert headers["cartesia-version"] == "2026-08-14"


async def test_many_utterances_on_one_connection_with_words_and_times() -> None:
    behaviours = [Behaviour(word_times="stream")]
    async with CartesiaServer(recognise=numbered, behaviours=behaviours) as server, talk(server) as it:
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


@pytest.mark.parametrize(
    "habits",
    [
        {"cut_words": True},
        {"cumulative": True, "cut_words": True, "api_version": "2025-04-16"},
        {"acknowledge_first": True, "answer_delay_s": 0.05},
        {"twice": True},
        {"new_ids": True, "strangers": True},
        {"durations": False, "piece_s": 0.7},
        {"word_times": "piece"},
        {"word_times": "arrays"},
    ],
    ids=lambda habits: "-".join(habits),
)
async def test_habits_of_the_vendor_cost_and_double_no_word(habits: dict[str, Any]) -> None:
    edition = {key: habits[key] for key in habits if key == "api_version"}
    behaviours = [Behaviour(**{key: habits[key] for key in habits if key not in edition})]
    async with CartesiaServer(recognise=numbered, behaviours=behaviours) as server, talk(server, **edition) as it:
        await it.session.connect()
        for turn in range(3):
            await it.say(numbered_audio(turn * 9, 9))
            await it.until(lambda t, turn=turn: f"w{turn * 9}" in t.text.split())
            assert await it.commit() == words(turn * 9, 9)
        await it.session.disconnect()
        assert it.text == words(0, 27)
        assert len(server.connections) == 1


@BOTH
async def test_a_drop_in_mid_utterance_loses_and_doubles_nothing(commit: CommitMode) -> None:
    drops = [Behaviour(drop_after_s=2.0, piece_s=0.7), Behaviour(drop_after_s=1.1), Behaviour()]
    async with CartesiaServer(recognise=numbered, behaviours=drops) as server, talk(server, commit=commit) as it:
        await it.session.connect()
        await it.say(numbered_audio(0, 5) + PAUSE[: RATE // 2])
        if commit is MANUAL:
            assert await it.commit() == words(0, 5)
        await it.say(PAUSE[:RATE])
        await it.say(numbered_audio(5, 10))
        await it.commit()
        assert it.text == words(0, 15)
        assert len(server.connections) == 3
        assert [event.epoch for event in it.of(SessionStarted)] == [0, 1, 2]


async def test_a_drop_after_a_turn_has_ended_says_only_the_next_again() -> None:
    behaviours = [Behaviour(drop_after_s=2.5), Behaviour()]
    async with (
        CartesiaServer(recognise=numbered, behaviours=behaviours) as server,
        talk(server, commit=TURNS) as it,
    ):
        await it.session.connect()
        await it.say(numbered_audio(0, 5) + PAUSE[: RATE * 2])
        await it.until(lambda t: t.of(Committed))
        await it.say(numbered_audio(5, 6))
        await it.commit()
        assert it.text == words(0, 11)
        assert [segment.text for segment in it.map.segments()] == [words(0, 5), words(5, 6)]
        assert "w0" not in str(server.connections[1].frames)


async def test_a_long_segment_is_settled_in_a_pause_and_not_said_again() -> None:
    behaviours = [Behaviour(drop_after_s=26.0, interim_every_s=1.0), Behaviour()]
    async with CartesiaServer(recognise=numbered, behaviours=behaviours) as server, talk(server) as it:
        await it.session.connect()
        await it.say(numbered_audio(0, 100) + PAUSE * 2)
        await it.until(lambda t: settled(t, words(0, 100)))
        await it.say(PAUSE[: RATE // 5])
        await it.until(lambda t: t.of(Committed))
        await it.say(numbered_audio(100, 30))
        assert await it.commit() == words(0, 130)
        assert server.connections[1].audio_s < 10.0
        assert server.connections[0].commands == ["finalize"]


async def test_an_idle_close_is_no_failure_and_the_next_words_reopen() -> None:
    behaviours = [Behaviour(idle_s=1.5), Behaviour()]
    async with CartesiaServer(recognise=numbered, behaviours=behaviours) as server, talk(server) as it:
        await it.session.connect()
        await it.say(numbered_audio(0, 5))
        assert await it.commit() == words(0, 5)
        await it.until(lambda t: t.session.state is SessionState.IDLE)
        await it.say(numbered_audio(5, 5))
        assert await it.commit() == words(5, 5)
        assert it.text == words(0, 10)
        assert not it.of(ErrorOccurred)
        assert len(server.connections) == 2


async def test_a_microphone_that_stops_leaves_no_turn_open() -> None:
    async with CartesiaServer(recognise=numbered) as server, talk(server, commit=TURNS) as it:
        await it.session.connect()
        await it.say(numbered_audio(0, 5))
        await it.until(lambda t: t.of(Committed))
        await it.say(numbered_audio(5, 5))
        await it.until(lambda t: len(t.of(Committed)) == 2)
        assert [segment.text for segment in it.map.segments()] == [words(0, 5), words(5, 5)]
        assert it.session.covered == pytest.approx(2.0)
        assert await it.commit() == words(0, 10)
        assert server.connections[0].commands == [], "all of it was final already"


async def test_pauses_that_the_vendor_finds_end_segments_without_a_commit() -> None:
    async with (
        CartesiaServer(recognise=numbered) as server,
        talk(server, commit=TURNS, languages=("de",), pause_s=0.4) as it,
    ):
        await it.session.connect()
        for turn in range(2):
            await it.say(numbered_audio(turn * 5, 5) + PAUSE[: RATE * 2])
            await it.until(lambda t, turn=turn: settled(t, words(turn * 5, 5)))
            await it.say(PAUSE[: RATE // 5])
            await it.until(lambda t, turn=turn: len(t.of(Committed)) == turn + 1)
        assert [segment.text for segment in it.map.segments()] == [words(0, 5), words(5, 5)]
        assert dict(server.connections[0].query)["max_silence_duration_secs"] == "0.4"
        await it.say(numbered_audio(10, 5))
        await it.session.disconnect()
        assert it.text == words(0, 15)


async def test_turns_end_by_themselves_and_an_eager_end_is_taken_back() -> None:
    async with (
        CartesiaServer(recognise=numbered, behaviours=[Behaviour(eager=True)]) as server,
        talk(server, commit=TURNS, pause_s=0.95) as it,
    ):
        await it.session.connect()
        await it.say(numbered_audio(0, 3) + PAUSE[: RATE * 6 // 5] + numbered_audio(3, 3) + PAUSE)
        await it.until(lambda t: t.of(Committed))
        assert it.text == words(0, 6)
        kinds = {frame["type"] for frame in server.connections[0].frames}
        assert {"turn.start", "turn.eager_end", "turn.resume", "turn.end"} <= kinds


@pytest.mark.parametrize(
    ("commit", "habits"),
    [
        (MANUAL, {"done": False}),
        (MANUAL, {"acknowledge": False}),
        (TURNS, {"open_at_close": True}),
        (TURNS, {"twice": True}),
    ],
)
async def test_the_last_words_are_there_whatever_the_end_looks_like(commit: CommitMode, habits: dict[str, Any]) -> None:
    async with (
        CartesiaServer(recognise=numbered, behaviours=[Behaviour(**habits)]) as server,
        talk(server, commit=commit, pause_s=10.0) as it,
    ):
        await it.session.connect()
        await it.say(numbered_audio(0, 5))
        await it.session.disconnect()
        await it.until(lambda t: t.of(Closed))
        assert it.of(Closed)[0].error is None
        assert it.text == words(0, 5)
        assert len(server.connections) == 1


async def test_a_missing_acknowledgement_costs_the_connection_and_no_word() -> None:
    behaviours = [Behaviour(acknowledge=False), Behaviour()]
    async with CartesiaServer(recognise=numbered, behaviours=behaviours) as server, talk(server) as it:
        await it.session.connect()
        await it.say(numbered_audio(0, 5))
        assert await it.commit() == words(0, 5)
        assert server.connections[0].commands == ["finalize", "close"]
        await it.say(numbered_audio(5, 5))
        assert await it.commit() == words(5, 5)
        assert it.text == words(0, 10)


@BOTH
async def test_silence_is_an_empty_commit(commit: CommitMode) -> None:
    async with CartesiaServer(recognise=numbered) as server, talk(server, commit=commit) as it:
        await it.session.connect()
        await it.say(PAUSE)
        assert await it.commit(CommitOutcome.EMPTY) == ""
        await it.say(numbered_audio(0, 3))
        assert await it.commit() == words(0, 3)


async def test_the_edition_of_2025_is_spoken_too() -> None:
    behaviours = [Behaviour(acknowledge_first=True, cumulative=True, silent_until_final=True)]
    async with (
        CartesiaServer(recognise=numbered, behaviours=behaviours) as server,
        talk(server, api_version="2025-04-16") as it,
    ):
        await it.session.connect()
        await it.say(numbered_audio(0, 5))
        await it.commit()
        await it.say(numbered_audio(5, 5))
        await it.session.disconnect()
        assert it.text == words(0, 10)
        assert server.connections[0].commands == ["finalize", "finalize", "done"]


async def test_by_token_and_a_new_token_for_each_connection() -> None:
    behaviours = [Behaviour(drop_after_s=1.0), Behaviour()]
    async with (
        CartesiaServer(recognise=numbered, behaviours=behaviours) as server,
        talk(server, short_lived_token=True) as it,
    ):
        await it.session.connect()
        await it.say(numbered_audio(0, 8))
        assert await it.commit() == words(0, 8)
        sent = [connection.headers["authorization"] for connection in server.connections]
        assert len(set(sent)) == 2
        assert all(server.key not in header for header in sent)


@BOTH
@pytest.mark.parametrize("form", ["pcm_8000", "mulaw_8000"])
async def test_thin_lines(form: str, commit: CommitMode) -> None:
    async with (
        CartesiaServer(recognise=scripted(["Grüße, 你好"])) as server,
        talk(server, audio_format=form, commit=commit) as it,
    ):
        await it.session.connect()
        await it.say(numbered_audio(0, 5))
        assert await it.commit() == "Grüße, 你好"
        assert server.connections[0].audio_s >= 0.95


@BOTH
async def test_discarded_words_never_come_back(commit: CommitMode) -> None:
    async with CartesiaServer(recognise=numbered) as server, talk(server, commit=commit) as it:
        await it.session.connect()
        await it.say(numbered_audio(0, 5))
        await it.until(lambda t: t.of(Partial))
        it.session.discard_unfinished()
        await it.say(numbered_audio(5, 5))
        await it.commit()
        assert it.text == words(5, 5)
        await it.session.disconnect()
        await it.until(lambda t: t.of(Closed))
        assert len(it.of(Retracted)) == 1
