"""A session with the local Cartesia, under the real supervisor."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from debabelizer.contract import CommitMode, StreamOptions
from debabelizer.streaming import Session, SessionPolicy
from debabelizer_providers.cartesia import Cartesia
from fakes.cartesia_server import CartesiaServer
from fakes.recognisers import RATE
from fakes.talk import Talk

QUICK = SessionPolicy(connect_s=20.0, backoff_first_s=0.02, backoff_cap_s=0.1, instant_s=0.05)
PAUSE = bytes(RATE * 2)
MANUAL, TURNS = CommitMode.MANUAL, CommitMode.PAUSE
BOTH = pytest.mark.parametrize("commit", [MANUAL, TURNS], ids=["manual", "turns"])


@asynccontextmanager
async def talk(
    server: CartesiaServer,
    *,
    policy: SessionPolicy = QUICK,
    commit: CommitMode = MANUAL,
    pause_s: float = 0.5,
    languages: tuple[str, ...] = ("en",),
    **settings: Any,
) -> AsyncIterator[Talk]:
    given = {"api_key": server.key, "base_url": server.url, "replay_speed": 50.0, **settings}
    options = StreamOptions(settings=given, commit=commit, pause_s=pause_s, languages=languages)
    it = Talk(Session(lambda context: Cartesia().stream(options, context), "cartesia", policy=policy))
    try:
        yield it
    finally:
        await it.end()
        assert not server.problems
