"""A session with the local ElevenLabs, as tests hold it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from debabelizer.contract import CommitMode, StreamOptions
from debabelizer.streaming import Session, SessionPolicy
from debabelizer_providers.elevenlabs import ElevenLabs
from fakes.elevenlabs_server import ElevenLabsServer
from fakes.recognisers import RATE
from fakes.talk import Talk

QUICK = SessionPolicy(connect_s=5.0, backoff_first_s=0.02, backoff_cap_s=0.1, instant_s=0.05)
PAUSE = bytes(RATE * 2)


@asynccontextmanager
async def talk(
    server: ElevenLabsServer,
    *,
    policy: SessionPolicy = QUICK,
    commit: CommitMode = CommitMode.MANUAL,
    pause_s: float = 0.5,
    **settings: Any,
) -> AsyncIterator[Talk]:
    given = {"api_key": server.key, "base_url": server.url, "replay_speed": 20.0, **settings}
    options = StreamOptions(settings=given, commit=commit, pause_s=pause_s)
    session = Session(lambda context: ElevenLabs().stream(options, context), "elevenlabs", policy=policy)
    it = Talk(session)
    try:
        yield it
    finally:
        await it.end()
        assert not server.problems
