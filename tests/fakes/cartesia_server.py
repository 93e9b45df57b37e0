"""A local Cartesia: both live sockets, whole recordings, and the granting of tokens.

It refuses what the vendor refuses, and misbehaves as told::

    async with CartesiaServer(recognise=scripted(["hello world"])) as server:
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
import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field

from fakes.cartesia_connections import Behaviour, Listener
from fakes.cartesia_files import transcribed
from fakes.cartesia_manual import ManualListener
from fakes.cartesia_rules import VERSIONS, Refused
from fakes.cartesia_turns import TurnsListener
from fakes.recognisers import Recognise, scripted
from fakes.vendor_program import serve
from fakes.vendor_socket import Answer, HttpRequest, VendorConnection, VendorServer

__all__ = ["Behaviour", "CartesiaServer", "Listener", "scripted"]


@dataclass
class CartesiaServer(VendorServer):
    """``behaviours``: of the first, second, ... connection; the last holds for all later ones."""

    recognise: Recognise = field(default_factory=lambda: scripted(["this is a test"]))
    behaviours: Sequence[Behaviour] = (Behaviour(),)
    key: str = "sk_car_test_key"
    credits_left: bool = True
    connections: list[Listener] = field(default_factory=list)
    spoken: int = 0
    """Finals with words so far, over all connections: a script goes on where it was."""
    tokens: set[str] = field(default_factory=set)

    @property
    def problems(self) -> list[str]:
        """What clients did wrong, over all connections."""
        return [problem for connection in self.connections for problem in connection.problems]

    def connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> VendorConnection:
        behaviour = self.behaviours[min(len(self.connections), len(self.behaviours) - 1)]
        return _Door(self, behaviour, reader, writer)

    def admits(self, headers: dict[str, str]) -> bool:
        scheme, _, secret = headers.get("authorization", "").partition(" ")
        by_header = scheme.lower() == "bearer" and secret in {self.key, *self.tokens}
        return by_header or headers.get("x-api-key") == self.key

    def error(self, status: int, title: str, words: str, code: str = "") -> str:
        """The vendor's shape, in frames as in bodies."""
        details = {"title": title, "message": words, "error_code": code or title.lower().replace(" ", "_")}
        return json.dumps({"type": "error", "request_id": "r", "status_code": status, **details})

    def answer(self, request: HttpRequest) -> Answer:
        if (request.method, request.path) not in (("POST", "/stt"), ("POST", "/access-token")):
            return self._refusal(404, "Not found", "There is nothing here")
        if not self.admits(request.headers):
            return self._refusal(401, "Unauthorized", "Invalid API key")
        if request.headers.get("cartesia-version") not in VERSIONS:
            return self._refusal(400, "Invalid version", "Cartesia-Version is required")
        if request.path == "/access-token":
            return self._grant(request)
        if not self.credits_left:
            return self._refusal(402, "Payment required", "You are out of credits")
        return self._transcribe(request)

    def _refusal(self, status: int, title: str, words: str) -> Answer:
        return Answer(status, self.error(status, title, words), {"Content-Type": "application/json"})

    def _grant(self, request: HttpRequest) -> Answer:
        if not request.json().get("grants", {}).get("stt"):
            return Answer(200, {"token": "token_without_the_grant"})
        token = f"eyJ{secrets.token_hex(16)}"
        self.tokens.add(token)
        return Answer(200, {"token": token})

    def _transcribe(self, request: HttpRequest) -> Answer:
        try:
            body = transcribed(request, self.recognise, self.spoken)
        except Refused as refusal:
            return self._refusal(400, refusal.title, refusal.words)
        self.spoken += bool(body["text"])
        return Answer(200, body)


class _Door(VendorConnection):
    """Looks at the address, and lets the right kind of connection go on."""

    def __init__(
        self, server: CartesiaServer, behaviour: Behaviour, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self._make = lambda kind: kind(server, reader, writer, behaviour=behaviour)
        self._connections = server.connections

    async def run(self, head: bytes) -> None:
        turns = b" /stt/turns/" in head.partition(b"\r\n")[0]
        listener = self._make(TurnsListener if turns else ManualListener)
        self._connections.append(listener)
        await listener.run(head)


if __name__ == "__main__":
    serve(CartesiaServer, Behaviour)
