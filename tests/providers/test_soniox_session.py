"""Soniox under the real session supervisor, against the local server, over real sockets."""

from __future__ import annotations

from typing import Any

import pytest

from debabelizer.contract import CommitMode, CommitOutcome
from debabelizer.events import (
    Closed,
    Committed,
    ErrorOccurred,
    Notice,
    Partial,
    Retracted,
)
from fakes.recognisers import numbered, numbered_audio, scripted
from fakes.soniox_server import Behaviour, SonioxServer
from fakes.soniox_talk import PAUSE, talk
from fakes.talk import words


async def test_an_utterance() -> None:
    async with SonioxServer(recognise=scripted(["Please move the meeting."])) as server, talk(server) as it:
        await it.session.connect()
        await it.say(numbered_audio(1, 10))
        await it.until(lambda t: t.of(Partial))
        assert await it.commit() == "Please move the meeting."
        await it.session.disconnect()
        await it.until(lambda t: t.of(Closed))
        assert it.of(Closed)[0].error is None
        assert it.text == "Please move the meeting."
        (connection,) = server.connections
        assert connection.controls == ["finalize", ""]
        assert connection.code == 1000
        assert connection.headers["authorization"] == f"Bearer {server.key}"
        assert connection.start is not None
        assert "api_key" not in connection.start


async def test_many_utterances_on_one_connection_with_words_and_times() -> None:
    async with SonioxServer(recognise=numbered) as server, talk(server, diarize=True) as it:
        await it.session.connect()
        for turn in range(5):
            await it.say(numbered_audio(turn * 4, 4))
            assert await it.commit() == words(turn * 4, 4)
        await it.session.disconnect()
        segments = list(it.map.segments())
        assert [segment.text for segment in segments] == [words(turn * 4, 4) for turn in range(5)]
        heard = [word for segment in segments for word in segment.words]
        assert [word.text for word in heard] == words(0, 20).split()
        assert {(word.speaker, word.confidence) for word in heard} == {("1", 0.97)}
        assert heard[0].start == pytest.approx(0.025, abs=0.02)
        assert heard[16].start == pytest.approx(16 * 0.2 + 0.025, abs=0.02)
        assert {segment.language for segment in segments} == {"en"}
        assert len(server.connections) == 1


async def test_a_long_utterance_is_final_as_it_goes_and_joins() -> None:
    behaviours = [Behaviour(cut_s=1.0, guesses=True)]
    async with SonioxServer(recognise=numbered, behaviours=behaviours) as server, talk(server) as it:
        await it.session.connect()
        await it.say(numbered_audio(0, 180))
        assert await it.commit() == words(0, 180)
        assert it.text == words(0, 180)
        assert len(it.of(Committed)) >= 3
        assert len(server.connections) == 1


async def test_unicode_and_a_language_without_spaces() -> None:
    async with (
        SonioxServer(recognise=scripted(["今日 は 良い", "天気 です 。"])) as server,
        talk(server, languages=("ja",)) as it,
    ):
        await it.session.connect()
        for _ in range(2):
            await it.say(numbered_audio(1, 5))
            assert await it.commit() in ("今日は良い", "天気です。")
        assert it.text == "今日は良い天気です。"
    async with SonioxServer(recognise=scripted(["Größe 👩‍💻 naïve — Ёлка"])) as server, talk(server) as it:
        await it.session.connect()
        await it.say(numbered_audio(1, 10))
        assert await it.commit() == "Größe 👩‍💻 naïve — Ёлка"


async def test_an_idle_connection_is_kept_alive_as_the_vendor_wants() -> None:
    async with (
        SonioxServer(recognise=numbered, behaviours=[Behaviour(idle_s=2.0)]) as server,
        talk(server, keep_alive_s=0.25) as it,
    ):
        await it.session.connect()
        await server.until(lambda s: s.connections[0].controls == ["keepalive"] * 10)
        await it.say(numbered_audio(0, 5))
        assert await it.commit() == words(0, 5)
        assert len(server.connections) == 1


async def test_pauses_commit_by_themselves() -> None:
    async with SonioxServer(recognise=numbered) as server, talk(server, commit=CommitMode.PAUSE) as it:
        await it.session.connect()
        await it.say(numbered_audio(0, 5) + PAUSE + numbered_audio(5, 5) + PAUSE)
        await it.until(lambda t: len(t.of(Committed)) == 2)
        assert [segment.text for segment in it.map.segments()] == [words(0, 5), words(5, 5)]
        await it.say(numbered_audio(10, 5))
        await it.session.disconnect()
        assert it.text == words(0, 15)


async def test_an_end_and_an_answer_in_one_message() -> None:
    async with SonioxServer(recognise=numbered) as server, talk(server, endpointing=True) as it:
        await it.session.connect()
        for turn in range(3):
            await it.say(numbered_audio(turn * 5, 5))
            assert await it.commit() == words(turn * 5, 5)
        await it.say(PAUSE * 3)
        assert await it.commit(CommitOutcome.EMPTY) == ""
        assert it.text == words(0, 15)
        assert ["<end>", "<fin>"] in [
            [token["text"] for token in frame.get("tokens", [])][-2:] for frame in server.connections[0].frames
        ]


async def test_silence_is_empty() -> None:
    async with SonioxServer(recognise=numbered, behaviours=[Behaviour(guesses=True)]) as server, talk(server) as it:
        await it.session.connect()
        await it.say(PAUSE)
        assert await it.commit(CommitOutcome.EMPTY) == ""
        await it.say(numbered_audio(0, 3))
        assert await it.commit() == words(0, 3)
        assert it.text == words(0, 3), "a word that nobody said is gone"
        assert it.of(Retracted)
        assert len(server.connections) == 1


async def test_a_session_without_a_word_ends_well() -> None:
    async with SonioxServer(recognise=numbered) as server, talk(server) as it:
        await it.session.connect()
        await it.session.disconnect()
        await it.until(lambda t: t.of(Closed))
        assert it.of(Closed)[0].error is None
        assert not it.of(ErrorOccurred)


async def test_a_mark_that_nobody_asked_for_answers_nothing_and_is_no_text() -> None:
    # each more than a second before its commit: nearer ones cannot be told from the answer
    behaviours = [Behaviour(stray_marks=True, glued_marks=True, cut_s=2.5, splits_words=False)]
    async with SonioxServer(recognise=numbered, behaviours=behaviours) as server, talk(server) as it:
        await it.session.connect()
        for turn in range(3):
            await it.say(numbered_audio(turn * 20, 20))
            assert await it.commit() == words(turn * 20, 20)
        assert it.text == words(0, 60)


async def test_a_translation_is_told_and_never_mixed_in() -> None:
    async with (
        SonioxServer(recognise=scripted(["good morning"])) as server,
        talk(server, translation=["fr"]) as it,
    ):
        await it.session.connect()
        for _ in range(2):
            await it.say(numbered_audio(1, 5))
            assert await it.commit() == "good morning"
        await it.until(lambda t: len(t.of(Notice)) == 2)
        assert [(notice.text, notice.code) for notice in it.of(Notice)] == [("fr: GOOD MORNING.", "translation")] * 2
        assert it.text == "good morning good morning"


async def test_by_temporary_key_and_a_new_one_for_each_connection() -> None:
    behaviours = [Behaviour(drop_after_s=1.0), Behaviour()]
    async with (
        SonioxServer(recognise=numbered, behaviours=behaviours) as server,
        talk(server, short_lived_token=True) as it,
    ):
        await it.session.connect()
        await it.say(numbered_audio(0, 8))
        assert await it.commit() == words(0, 8)
        sent = [connection.headers["authorization"] for connection in server.connections]
        assert len(set(sent)) == 2
        assert all(header.startswith("Bearer temp:") and server.key not in header for header in sent)


@pytest.mark.parametrize("form", ["pcm_8000", "mulaw_8000"])
async def test_thin_lines(form: str) -> None:
    async with SonioxServer(recognise=scripted(["hello there"])) as server, talk(server, audio_format=form) as it:
        await it.session.connect()
        await it.say(numbered_audio(0, 10))
        assert await it.commit() == "hello there"
        assert server.connections[0].audio_s == pytest.approx(2.0, abs=0.05)


async def test_discarded_words_never_come_back() -> None:
    async with SonioxServer(recognise=numbered) as server, talk(server) as it:
        await it.session.connect()
        await it.say(numbered_audio(0, 10))
        await it.until(lambda t: t.of(Partial))
        it.session.discard_unfinished()
        await it.say(numbered_audio(10, 5))
        assert await it.commit() == words(10, 5)
        assert it.text == words(10, 5)
        await it.session.disconnect()
        await it.until(lambda t: t.of(Closed))


@pytest.mark.parametrize("habit", [{"strangers": True}, {"progress": False, "cut_s": 1.0}])
async def test_frames_that_say_more_or_less_than_usual(habit: dict[str, Any]) -> None:
    async with SonioxServer(recognise=numbered, behaviours=[Behaviour(**habit)]) as server, talk(server) as it:
        await it.session.connect()
        for turn in range(2):
            await it.say(numbered_audio(turn * 10, 10))
            assert await it.commit() == words(turn * 10, 10)
        assert not it.of(ErrorOccurred)
        assert it.text == words(0, 20)
