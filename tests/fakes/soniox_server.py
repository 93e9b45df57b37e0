"""A local Soniox: live recognition (``/transcribe-websocket``), and the REST interface (``/v1``) for whole files,
temporary keys and the list of models.

It refuses what the vendor refuses, and misbehaves as told::

    async with SonioxServer(recognise=scripted(["hello world"])) as server:
        ... settings = {"api_key": server.key, "base_url": server.url}
        server.behaviours = [Behaviour(drop_after_s=2.0), Behaviour()]     # per connection; the last one stays

Also a program (see :mod:`fakes.vendor_program`). That a client written for the vendor's server works with this one is
proven with the vendor's own SDK.
"""

from __future__ import annotations

import sys
from pathlib import Path

if __package__ in (None, ""):  # started by its path
    sys.path.insert(0, str(Path(__file__).parents[1]))

import asyncio
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field

from fakes.recognisers import Recognise, scripted
from fakes.soniox_connection import Behaviour, Listener
from fakes.soniox_jobs import Jobs, error
from fakes.soniox_rules import FILE_MODELS, LANGUAGES, LIVE_MODELS
from fakes.vendor_program import serve
from fakes.vendor_socket import Answer, HttpRequest, VendorConnection, VendorServer

__all__ = ["Behaviour", "Listener", "SonioxServer"]


@dataclass
class SonioxServer(VendorServer):
    """``behaviours``: of the first, second, ... connection; the last holds for all later ones."""

    recognise: Recognise = field(default_factory=lambda: scripted(["this is a test"]))
    behaviours: Sequence[Behaviour] = (Behaviour(),)
    key: str = "soniox_test_key"
    balance_left: bool = True
    models: Sequence[str] = (*LIVE_MODELS, *FILE_MODELS)
    live_only: bool = False
    """The key may do nothing with files."""
    connections: list[Listener] = field(default_factory=list)
    spoken: int = 0
    """Finals with words so far, over all connections: a script goes on where it was."""
    temporary: set[str] = field(default_factory=set)
    """Keys that are good for one connection."""

    def __post_init__(self) -> None:
        self.jobs = Jobs(self)

    @property
    def problems(self) -> list[str]:
        """What clients did wrong, over all connections and orders."""
        return [problem for one in self.connections for problem in one.problems] + self.jobs.problems

    def connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> VendorConnection:
        behaviour = self.behaviours[min(len(self.connections), len(self.behaviours) - 1)]
        listener = Listener(self, reader, writer, behaviour=behaviour)
        self.connections.append(listener)
        return listener

    def admits(self, headers: dict[str, str]) -> bool:
        """A temporary key is good once."""
        scheme, _, secret = headers.get("authorization", "").partition(" ")
        if scheme != "Bearer":
            return False
        if secret in self.temporary:
            self.temporary.discard(secret)
            return True
        return secret == self.key

    def answer(self, request: HttpRequest) -> Answer:
        if request.headers.get("authorization") != f"Bearer {self.key}":
            return error(401, "unauthenticated", "Incorrect API key provided.")
        match request.method, request.path:
            case "GET", "/v1/models":
                return Answer(200, {"models": [self._model(name) for name in self.models]})
            case "POST", "/v1/auth/temporary-api-key":
                return self._temporary_key(request)
        if self.live_only:
            return error(403, "permission_denied", "The API key lacks the permission Speech-to-text, async.")
        return self.jobs.answer(request)

    def _temporary_key(self, request: HttpRequest) -> Answer:
        wanted = request.json()
        if wanted.get("usage_type") != "transcribe_websocket" or not 1 <= wanted.get("expires_in_seconds", 0) <= 3600:
            return error(400, "invalid_request", "usage_type or expires_in_seconds is wrong.")
        if not 1 <= wanted.get("max_session_duration_seconds", 1) <= 18000:
            return error(400, "invalid_request", "max_session_duration_seconds is wrong.")
        key = f"temp:{secrets.token_hex(16)}"
        self.temporary.add(key)
        return Answer(201, {"api_key": key, "expires_at": "2026-11-20T10:01:00Z"})

    def _model(self, name: str) -> dict[str, object]:
        return {
            "id": name,
            "aliased_model_id": name.replace("v4", "v5") if "v4" in name else None,
            "name": name,
            "context_version": 2,
            "transcription_mode": "real_time" if "-rt-" in name else "async",
            "languages": [{"code": code, "name": code} for code in sorted(LANGUAGES)],
            "supports_language_hints_strict": True,
            "translation_targets": [],
            "two_way_translation_pairs": [],
            "one_way_translation": "all_languages",
            "two_way_translation": "all_languages",
        }


if __name__ == "__main__":
    serve(SonioxServer, Behaviour)
