"""A local ElevenLabs: realtime speech-to-text over WebSocket, files and the minting of single-use tokens over HTTP.

It refuses what the vendor refuses, and misbehaves as told::

    async with ElevenLabsServer(recognise=scripted(["hello world"])) as server:
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

from fakes import elevenlabs_files
from fakes.elevenlabs_connection import Behaviour, Connection
from fakes.recognisers import Recognise, scripted
from fakes.vendor_program import serve
from fakes.vendor_socket import Answer, HttpRequest, VendorConnection, VendorServer

__all__ = ["Behaviour", "Connection", "ElevenLabsServer", "scripted"]

TOKENS = "/v1/single-use-token/"


@dataclass
class ElevenLabsServer(VendorServer):
    """``behaviours``: of the first, second, ... connection; the last holds for all later ones."""

    recognise: Recognise = field(default_factory=lambda: scripted(["this is a test"]))
    behaviours: Sequence[Behaviour] = (Behaviour(),)
    key: str = "sk_test_key"
    credits_left: bool = True
    connections: list[Connection] = field(default_factory=list)
    spoken_segments: int = 0
    """Commits with words so far, over all connections: a script goes on where it was."""
    tokens: set[str] = field(default_factory=set)

    @property
    def problems(self) -> list[str]:
        """What clients did wrong, over all connections."""
        return [problem for connection in self.connections for problem in connection.problems]

    def connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> VendorConnection:
        behaviour = self.behaviours[min(len(self.connections), len(self.behaviours) - 1)]
        made = Connection(self, reader, writer, behaviour=behaviour)
        self.connections.append(made)
        return made

    def answer(self, request: HttpRequest) -> Answer:
        if not (request.path.startswith(TOKENS) or request.path == elevenlabs_files.PATH):
            return Answer(404, {"detail": "Not Found"})
        if request.method != "POST":
            return Answer(405, {"detail": "Method Not Allowed"})
        if not self.admits(request.headers, dict(request.query).get("token")):
            return Answer(401, {"detail": {"status": "invalid_api_key", "message": "Invalid API key"}})
        if not self.credits_left:
            return Answer(401, {"detail": {"status": "quota_exceeded", "message": "This request exceeds your quota."}})
        if request.path == elevenlabs_files.PATH:
            return elevenlabs_files.answer(request, self.recognise)
        if request.path.removeprefix(TOKENS) not in ("realtime_scribe", "batch_scribe", "tts_websocket"):
            return Answer(422, {"detail": [{"loc": ["path", "type"], "msg": "unexpected value", "type": "enum"}]})
        token = f"sutkn_{secrets.token_hex(16)}"
        self.tokens.add(token)
        return Answer(200, {"token": token})

    def admits(self, headers: dict[str, str], token: str | None) -> bool:
        """By token where there is one (it is used up by this), else by key."""
        if token is not None:
            known = token in self.tokens
            self.tokens.discard(token)
            return known
        return headers.get("xi-api-key") == self.key


if __name__ == "__main__":
    serve(ElevenLabsServer, Behaviour)
