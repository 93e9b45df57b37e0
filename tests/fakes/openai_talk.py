"""A session with the local OpenAI, as tests hold it."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from typing import Any

from debabelizer.contract import CommitMode, StreamOptions
from debabelizer.streaming import SessionPolicy
from debabelizer_providers.openai import OpenAI
from fakes.openai_server import OpenAIServer
from fakes.recognisers import RATE
from fakes.talk import Talk, talking

QUICK = SessionPolicy(connect_s=5.0, backoff_first_s=0.02, backoff_cap_s=0.1, instant_s=0.05)
PAUSE = bytes(RATE * 2)
AFTER_COMMIT = {"model": "gpt-transcribe"}
VAD = {"model": "gpt-4o-transcribe", "turn_detection": "server_vad"}


def talk(
    server: OpenAIServer,
    *,
    policy: SessionPolicy = QUICK,
    commit: CommitMode = CommitMode.MANUAL,
    vocabulary: tuple[str, ...] = (),
    **settings: Any,
) -> AbstractAsyncContextManager[Talk]:
    given = {"api_key": server.key, "base_url": server.url, "replay_speed": 50.0, "dialect": server.dialect, **settings}
    options = StreamOptions(settings=given, commit=commit, pause_s=0.5, vocabulary=vocabulary)
    return talking(OpenAI(), server, options, policy)
