"""A local OpenAI: realtime transcription over WebSocket; files, client secrets and the models over HTTP; in other
dialects also a gateway, an Azure resource, Speaches or vLLM.

It refuses what the vendor refuses, and misbehaves as told::

    async with OpenAIServer(recognise=scripted(["hello world"])) as server:
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
import time
from collections.abc import Sequence, Set
from dataclasses import dataclass, field
from typing import Any

from fakes import openai_files
from fakes.openai_connection import Behaviour, Connection
from fakes.openai_rules import MODELS, Refused, checked_session
from fakes.openai_vllm import VllmConnection
from fakes.recognisers import Recognise, scripted
from fakes.vendor_program import serve
from fakes.vendor_socket import Answer, HttpRequest, VendorServer

__all__ = ["Behaviour", "Connection", "OpenAIServer", "VllmConnection", "scripted"]


@dataclass
class OpenAIServer(VendorServer):
    """``behaviours``: of the first, second, ... connection; the last holds for all later ones."""

    recognise: Recognise = field(default_factory=lambda: scripted(["this is a test"]))
    behaviours: Sequence[Behaviour] = (Behaviour(),)
    key: str = "sk-test-key"
    credits_left: bool = True
    dialect: str = "openai"
    region: str = ""
    """Host at which the key's project lives, where that is another."""
    connections: list[Connection | VllmConnection] = field(default_factory=list)
    spoken_segments: int = 0
    """Commits with words so far, over all connections: a script goes on where it was."""
    secrets: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.base_path = "/openai/v1" if self.dialect == "azure" else "/v1"
        self.models: Set[str] = {"local-model"} if self.dialect in ("speaches", "vllm") else MODELS

    @property
    def beta(self) -> bool:
        return self.dialect == "speaches"

    @property
    def model_in_url(self) -> bool:
        return self.dialect in ("gateway", "speaches")

    @property
    def problems(self) -> list[str]:
        """What clients did wrong, over all connections."""
        return [problem for connection in self.connections for problem in connection.problems]

    def connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> Connection | VllmConnection:
        behaviour = self.behaviours[min(len(self.connections), len(self.behaviours) - 1)]
        kind = VllmConnection if self.dialect == "vllm" else Connection
        made = kind(self, reader, writer, behaviour=behaviour)
        self.connections.append(made)
        return made

    def admits(self, headers: dict[str, str]) -> bool:
        """By key or by client secret."""
        if self.dialect == "azure":
            return headers.get("api-key") == self.key
        bearer = headers.get("authorization", "").removeprefix("Bearer ")
        return bearer == self.key or bearer in self.secrets

    def answer(self, request: HttpRequest) -> Answer:
        asked = (request.method, request.path.removeprefix(self.base_path))
        if not request.path.startswith(self.base_path):
            return Answer(404, {"detail": "Not Found"})
        if not self.admits(request.headers):
            return _error(401, "Incorrect API key provided.", "invalid_api_key")
        if self.region:
            words = f"Attempted to access resource with incorrect regional hostname. Please use {self.region}."
            return _error(401, words, "incorrect_hostname")
        if not self.credits_left:
            return _error(429, "You exceeded your current quota.", "insufficient_quota", "insufficient_quota")
        if asked == ("GET", "/models"):
            listed = [{"id": name, "object": "model"} for name in sorted(self.models)]
            return Answer(200, {"object": "list", "data": listed})
        if asked in {("POST", openai_files.PATH), ("POST", openai_files.TO_ENGLISH)}:
            return openai_files.answer(request, self.recognise, self.dialect)
        if asked == ("POST", "/realtime/client_secrets") and self.dialect == "openai":
            return self._mint(request.json())
        return _error(404, f"Invalid URL ({request.method} {request.path})", "")

    def _mint(self, wanted: dict[str, Any]) -> Answer:
        expires = wanted.get("expires_after", {"anchor": "created_at", "seconds": 600})
        if not isinstance(expires, dict) or not 10 <= expires.get("seconds", 0) <= 7200:
            return _error(400, "Invalid type for 'expires_after'.", "invalid_type")
        try:
            checked_session(wanted.get("session"))
        except Refused as refusal:
            return _error(400, refusal.words, refusal.code)
        value = f"ek_{secrets.token_hex(8)}"
        self.secrets.add(value)
        expires_at = int(time.time()) + expires["seconds"]
        return Answer(200, {"value": value, "expires_at": expires_at, "session": wanted["session"]})


def _error(status: int, words: str, code: str, kind: str = "invalid_request_error") -> Answer:
    return Answer(status, {"error": {"message": words, "type": kind, "param": None, "code": code or None}})


if __name__ == "__main__":
    serve(OpenAIServer, Behaviour)
