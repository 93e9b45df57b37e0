"""A session with the local Cartesia, under the real supervisor."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from typing import Any

import pytest

from debabelizer.contract import CommitMode, StreamOptions
from debabelizer.streaming import SessionPolicy
from debabelizer_providers.cartesia import Cartesia
from fakes.cartesia_server import CartesiaServer
from fakes.recognisers import RATE
from fakes.talk import Talk, talking

QUICK = SessionPolicy(connect_s=20.0, backoff_first_s=0.02, backoff_cap_s=0.1, instant_s=0.05)
PAUSE = bytes(RATE * 2)
MANUAL, TURNS = CommitMode.MANUAL, CommitMode.PAUSE
BOTH = pytest.mark.parametrize("commit", [MANUAL, TURNS], ids=["manual", "turns"])


def talk(
    server: CartesiaServer,
    *,
    policy: SessionPolicy = QUICK,
    commit: CommitMode = MANUAL,
    pause_s: float = 0.5,
    languages: tuple[str, ...] = ("en",),
    **settings: Any,
) -> AbstractAsyncContextManager[Talk]:
    given = {"api_key": server.key, "base_url": server.url, "replay_speed": 50.0, **settings}
    options = StreamOptions(settings=given, commit=commit, pause_s=pause_s, languages=languages)
    return talking(Cartesia(), server, options, policy)
