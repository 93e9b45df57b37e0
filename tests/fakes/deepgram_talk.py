"""A session with the local Deepgram, as tests hold it."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from typing import Any

import pytest

from debabelizer.contract import CommitMode, StreamOptions
from debabelizer.streaming import SessionPolicy
from debabelizer_providers.deepgram import Deepgram
from fakes.deepgram_server import DeepgramServer
from fakes.recognisers import RATE
from fakes.talk import Talk, talking

QUICK = SessionPolicy(connect_s=20.0, backoff_first_s=0.02, backoff_cap_s=0.1, instant_s=0.05)
PAUSE = bytes(RATE * 2)
FLUX = "flux-general-en"
BOTH = pytest.mark.parametrize("model", ["nova-3", FLUX])


def talk(
    server: DeepgramServer,
    *,
    policy: SessionPolicy = QUICK,
    commit: CommitMode = CommitMode.MANUAL,
    pause_s: float = 0.5,
    languages: tuple[str, ...] = ("en",),
    **settings: Any,
) -> AbstractAsyncContextManager[Talk]:
    given = {"api_key": server.key, "base_url": server.url, "replay_speed": 20.0, **settings}
    options = StreamOptions(settings=given, commit=commit, pause_s=pause_s, languages=languages)
    return talking(Deepgram(), server, options, policy)
