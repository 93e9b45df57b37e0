"""Azure under a real session, for tests."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from typing import Any

import msgspec

from debabelizer.contract import CommitMode, EpochContext, StreamOptions
from debabelizer.streaming import OpenEpoch, SessionPolicy
from debabelizer_providers.azure import Azure
from debabelizer_providers.azure.connect import plan
from debabelizer_providers.azure.stream import AzureStream
from fakes.azure_server import AzureServer
from fakes.recognisers import RATE
from fakes.talk import Talk, talking

QUICK = SessionPolicy(connect_s=5.0, backoff_first_s=0.02, backoff_cap_s=0.1, instant_s=0.05)
PAUSE = bytes(RATE * 2)


def talk(
    server: AzureServer,
    *,
    policy: SessionPolicy = QUICK,
    commit: CommitMode = CommitMode.MANUAL,
    languages: tuple[str, ...] = ("en",),
    vocabulary: tuple[str, ...] = (),
    **settings: Any,
) -> AbstractAsyncContextManager[Talk]:
    given = {"api_key": server.key, "base_url": server.url, "replay_speed": 20.0, **settings}
    options = StreamOptions(settings=given, commit=commit, pause_s=0.5, languages=languages, vocabulary=vocabulary)
    return talking(Azure(), server, options, policy)


def hurried(server: AzureServer, *, only_first: bool = False, **limits: Any) -> OpenEpoch:
    """Protocols with other limits than the vendor's; ``only_first``: the first of them."""
    settings = {"api_key": server.key, "base_url": server.url, "replay_speed": 20.0}
    options = StreamOptions(settings=settings, languages=("en",))

    def stream(context: EpochContext) -> AzureStream:
        protocol = AzureStream(plan(options), context)
        if context.epoch == 0 or not only_first:
            protocol.limits = msgspec.structs.replace(protocol.limits, **limits)
        return protocol

    return stream
