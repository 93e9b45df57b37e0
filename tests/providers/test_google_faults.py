"""The bad habits of Google's servers, under the real session supervisor: nothing is lost and nothing said twice."""

from __future__ import annotations

from typing import Any

import pytest

from debabelizer.contract import CommitOutcome
from debabelizer.events import Notice
from debabelizer_providers.google import streaming
from fakes.google_server import Behaviour, GoogleServer
from fakes.google_talk import FINE, PAUSE, talk
from fakes.recognisers import numbered, numbered_audio
from fakes.talk import words

BOTH = pytest.mark.parametrize("version", ["v2", "v1"])


@BOTH
@pytest.mark.parametrize(
    "habit",
    [
        {"doubled": True},
        {"swapped": True},
        {"empty_finals": True},
        {"pieces": True},
        {"spaced": True},
        {"repeats_words": True},
        {"doubled": True, "empty_finals": True, "pieces": True, "spaced": True},
    ],
)
async def test_bad_habits_lose_and_double_nothing(habit: dict[str, Any], version: str) -> None:
    behaviours = [Behaviour(cut_s=1.5, **habit)]
    async with GoogleServer(recognise=numbered, behaviours=behaviours) as server, talk(server, version=version) as it:
        await it.session.connect()
        await it.say(numbered_audio(0, 15) + PAUSE + numbered_audio(15, 15))
        assert await it.commit() == words(0, 30)
        assert it.text == words(0, 30)
        assert [word.text for segment in it.map.segments() for word in segment.words] == words(0, 30).split()


async def test_finals_that_do_not_tell_where_they_end_lose_nothing() -> None:
    behaviours = [Behaviour(cut_s=1.5, untimed=True, drop_after_s=4.0), Behaviour(untimed=True)]
    async with (
        GoogleServer(recognise=numbered, behaviours=behaviours) as server,
        talk(server, word_times=False) as it,
    ):
        await it.session.connect()
        await it.say(numbered_audio(0, 30))
        result = await it.session.commit()
        assert set(words(0, 30).split()) <= set(result.text.split())


async def test_words_whose_final_never_comes_are_kept_and_said_to_be_unconfirmed() -> None:
    async with (
        GoogleServer(recognise=numbered, behaviours=[Behaviour(no_last_final=True, interim_every_s=0.0)]) as server,
        talk(server) as it,
    ):
        await it.session.connect()
        await it.say(numbered_audio(0, 5))
        assert await it.commit() == words(0, 5)
        assert [notice.code for notice in it.of(Notice)] == ["unconfirmed"]


async def test_a_server_that_never_ends_times_the_commit_out_and_the_words_come_after_all(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(streaming, "_END_ANSWER_S", 0.5)
    async with (
        GoogleServer(recognise=numbered, behaviours=[FINE, Behaviour(hangs=True), FINE]) as server,
        talk(server) as it,
    ):
        await it.session.connect()
        await it.say(numbered_audio(0, 5))
        result = await it.session.commit()
        assert result.outcome is CommitOutcome.TIMED_OUT
        await it.until(lambda t: t.text == words(0, 5))


@pytest.mark.parametrize(("version", "model"), [("v2", "short"), ("v1", "short")])
async def test_a_model_for_single_utterances_goes_on_in_further_calls(version: str, model: str) -> None:
    async with GoogleServer(recognise=numbered) as server, talk(server, version=version, model=model) as it:
        await it.session.connect()
        await it.say(numbered_audio(0, 5) + PAUSE + numbered_audio(5, 5) + PAUSE)
        assert await it.commit() == words(0, 10)
        assert len(server.calls) >= 2
