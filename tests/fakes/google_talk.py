"""Google in a session under test."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from typing import Any

from debabelizer.contract import CommitMode, StreamOptions
from debabelizer.streaming import SessionPolicy, Transports
from debabelizer_providers.google import Google
from fakes.google_server import Behaviour, GoogleServer
from fakes.recognisers import RATE
from fakes.talk import Talk, talking

QUICK = SessionPolicy(connect_s=20.0, backoff_first_s=0.02, backoff_cap_s=0.1, instant_s=0.05)
PAUSE = bytes(RATE * 2)
FINE = Behaviour()
"""Of the first call of a session, which is a trial."""


def talk(
    server: GoogleServer,
    *,
    policy: SessionPolicy = QUICK,
    commit: CommitMode = CommitMode.MANUAL,
    languages: tuple[str, ...] = ("en",),
    version: str = "v2",
    transports: Transports | None = None,
    **settings: Any,
) -> AbstractAsyncContextManager[Talk]:
    given = {
        "api_key": server.key,
        "project": server.project,
        "base_url": server.url,
        "api_version": version,
        "replay_speed": 20.0,
        **settings,
    }
    options = StreamOptions(settings=given, commit=commit, languages=languages)
    return talking(Google(), server, options, policy, transports)
