"""A local Deepgram: live recognition with Nova (``/v1/listen``) and Flux (``/v2/listen``), files and token grants.

It refuses what the vendor refuses, and misbehaves as told::

    async with DeepgramServer(recognise=scripted(["hello world"])) as server:
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

from fakes.deepgram_connections import Behaviour, FluxListener, Listener, NovaListener
from fakes.deepgram_files import transcribed
from fakes.deepgram_rules import Refused
from fakes.recognisers import Recognise, scripted
from fakes.vendor_program import serve
from fakes.vendor_socket import Answer, HttpRequest, VendorConnection, VendorServer

__all__ = ["Behaviour", "DeepgramServer", "Listener"]


@dataclass
class DeepgramServer(VendorServer):
    """``behaviours``: of the first, second, ... connection; the last holds for all later ones."""

    recognise: Recognise = field(default_factory=lambda: scripted(["this is a test"]))
    behaviours: Sequence[Behaviour] = (Behaviour(),)
    key: str = "dg_test_key"
    balance_left: bool = True
    models: Sequence[str] = ("nova-3", "nova-3-medical", "nova-2")
    """Those it takes files for."""
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
        return (scheme.lower() == "token" and secret == self.key) or (
            scheme.lower() == "bearer" and secret in self.tokens
        )

    def answer(self, request: HttpRequest) -> Answer:
        if (request.method, request.path) not in (("POST", "/v1/listen"), ("POST", "/v1/auth/grant")):
            return Answer(404, {"err_code": "NOT_FOUND", "err_msg": "Not found.", "request_id": "r"})
        if not self.admits(request.headers):
            return Answer(401, {"err_code": "INVALID_AUTH", "err_msg": "Invalid credentials.", "request_id": "r"})
        if request.path == "/v1/auth/grant":
            token = f"eyJ{secrets.token_hex(16)}"
            self.tokens.add(token)
            return Answer(200, {"access_token": token, "expires_in": 30})
        if not self.balance_left:
            message = {"category": "PAYMENT_REQUIRED", "message": "Insufficient credits.", "request_id": "r"}
            return Answer(402, message)
        try:
            return Answer(200, transcribed(request, self.models, self.recognise))
        except Refused as refusal:
            return Answer(400, {"err_code": "Bad Request", "err_msg": str(refusal), "request_id": "r"})


class _Door(VendorConnection):
    """Looks at the address, and lets the right kind of connection go on."""

    def __init__(
        self, server: DeepgramServer, behaviour: Behaviour, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self._make = lambda kind: kind(server, reader, writer, behaviour=behaviour)
        self._connections = server.connections

    async def run(self, head: bytes) -> None:
        listener = self._make(FluxListener if b" /v2/listen" in head.partition(b"\r\n")[0] else NovaListener)
        self._connections.append(listener)
        await listener.run(head)


if __name__ == "__main__":
    serve(DeepgramServer, Behaviour)
