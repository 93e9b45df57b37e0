"""A session with the local ElevenLabs, as tests hold it."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from typing import Any

from debabelizer.contract import CommitMode, StreamOptions
from debabelizer.streaming import SessionPolicy
from debabelizer_providers.elevenlabs import ElevenLabs
from fakes.elevenlabs_server import ElevenLabsServer
from fakes.recognisers import RATE
from fakes.talk import Talk, talking

QUICK = SessionPolicy(connect_s=5.0, backoff_first_s=0.02, backoff_cap_s=0.1, instant_s=0.05)
PAUSE = bytes(RATE * 2)


def talk(
    server: ElevenLabsServer,
    *,
    policy: SessionPolicy = QUICK,
    commit: CommitMode = CommitMode.MANUAL,
    pause_s: float = 0.5,
    **settings: Any,
) -> AbstractAsyncContextManager[Talk]:
    given = {"api_key": server.key, "base_url": server.url, "replay_speed": 20.0, **settings}
    options = StreamOptions(settings=given, commit=commit, pause_s=pause_s)
    return talking(ElevenLabs(), server, options, policy)
