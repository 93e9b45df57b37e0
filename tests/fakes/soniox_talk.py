"""A session with the local Soniox, as tests hold it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import msgspec

from debabelizer.contract import CommitMode, EpochContext, StreamOptions
from debabelizer.streaming import Session, SessionPolicy
from debabelizer_providers.soniox import Soniox
from fakes.recognisers import RATE
from fakes.soniox_server import SonioxServer
from fakes.talk import Talk

QUICK = SessionPolicy(connect_s=5.0, backoff_first_s=0.02, backoff_cap_s=0.1, instant_s=0.05)
PAUSE = bytes(RATE * 2)


@asynccontextmanager
async def talk(
    server: SonioxServer,
    *,
    policy: SessionPolicy = QUICK,
    commit: CommitMode = CommitMode.MANUAL,
    pause_s: float = 0.5,
    languages: tuple[str, ...] = ("en",),
    keep_alive_s: float | None = None,
    **settings: Any,
) -> AsyncIterator[Talk]:
    """``keep_alive_s``: in place of the provider's own, to save time."""
    given = {"api_key": server.key, "base_url": server.url, "replay_speed": 50.0, **settings}
    options = StreamOptions(settings=given, commit=commit, pause_s=pause_s, languages=languages)

    def stream(context: EpochContext) -> Any:
        made: Any = Soniox().stream(options, context)
        if keep_alive_s is not None:
            made.limits = msgspec.structs.replace(made.limits, keep_alive_every_s=keep_alive_s)
        return made

    it = Talk(Session(stream, "soniox", policy=policy))
    try:
        yield it
    finally:
        await it.end()
        assert not server.problems
