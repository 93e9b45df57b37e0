"""Google under the real session supervisor, against the local server, over real gRPC."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from debabelizer.contract import CommitMode, StreamOptions
from debabelizer.events import (
    Closed,
    Committed,
    ErrorOccurred,
    Partial,
    SessionStarted,
    SessionState,
)
from debabelizer.streaming import Session, SessionPolicy
from debabelizer_providers.google import Google
from fakes.google_server import Behaviour, GoogleServer
from fakes.recognisers import RATE, numbered, numbered_audio, scripted
from fakes.talk import Talk, words

QUICK = SessionPolicy(connect_s=5.0, backoff_first_s=0.02, backoff_cap_s=0.1, instant_s=0.05)
PAUSE = bytes(RATE * 2)
BOTH = pytest.mark.parametrize("version", ["v2", "v1"])


@asynccontextmanager
async def talk(
    server: GoogleServer,
    *,
    policy: SessionPolicy = QUICK,
    commit: CommitMode = CommitMode.MANUAL,
    languages: tuple[str, ...] = ("en",),
    version: str = "v2",
    **settings: Any,
) -> AsyncIterator[Talk]:
    given = {
        "api_key": server.key,
        "project": server.project,
        "base_url": server.url,
        "api_version": version,
        "replay_speed": 20.0,
        **settings,
    }
    options = StreamOptions(settings=given, commit=commit, languages=languages)
    it = Talk(Session(lambda context: Google().stream(options, context), "google", policy=policy))
    try:
        yield it
    finally:
        await it.end()
        assert not server.problems


@BOTH
async def test_an_utterance(version: str) -> None:
    async with (
        GoogleServer(recognise=scripted(["Please move the meeting."])) as server,
        talk(server, version=version) as it,
    ):
        await it.session.connect()
        await it.say(numbered_audio(1, 10))
        await it.until(lambda t: t.of(Partial))
        assert await it.commit() == "Please move the meeting."
        await it.session.disconnect()
        await it.until(lambda t: t.of(Closed))
        assert it.of(Closed)[0].error is None
        assert it.text == "Please move the meeting."
        (call,) = server.calls
        assert (call.version, call.half_closed) == (version, True)
        assert call.metadata["x-goog-api-key"] == server.key


@BOTH
async def test_many_utterances_each_in_a_call_of_its_own_on_one_connection(version: str) -> None:
    async with GoogleServer(recognise=numbered) as server, talk(server, version=version) as it:
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
        assert len(server.calls) == 5
        assert server.tunnels == 1
