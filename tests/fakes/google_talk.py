"""Google in a session under test."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from debabelizer.contract import CommitMode, StreamOptions
from debabelizer.streaming import Session, SessionPolicy, Transports
from debabelizer_providers.google import Google
from fakes.google_server import Behaviour, GoogleServer
from fakes.recognisers import RATE
from fakes.talk import Talk

QUICK = SessionPolicy(connect_s=20.0, backoff_first_s=0.02, backoff_cap_s=0.1, instant_s=0.05)
PAUSE = bytes(RATE * 2)
FINE = Behaviour()
"""Of the first call of a session, which is a trial."""


@asynccontextmanager
async def talk(
    server: GoogleServer,
    *,
    policy: SessionPolicy = QUICK,
    commit: CommitMode = CommitMode.MANUAL,
    languages: tuple[str, ...] = ("en",),
    version: str = "v2",
    transports: Transports | None = None,
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
    session = Session(lambda context: Google().stream(options, context), "google", policy=policy, transports=transports)
    it = Talk(session)
    try:
        yield it
    finally:
        await it.end()
        assert not server.problems
