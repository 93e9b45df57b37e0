"""A local Azure Speech: live recognition in turns, token grants, short recordings and fast transcription.

It refuses what the vendor refuses, and misbehaves as told::

    async with AzureServer(recognise=scripted(["hello world"])) as server:
        ... settings = {"api_key": server.key, "base_url": server.url}
        server.behaviours = [Behaviour(turn_s=2.0), Behaviour()]     # per connection; the last one stays

That a client written for the vendor's server works with this one is proven with the vendor's own SDK.
"""

from __future__ import annotations

import sys
from pathlib import Path

if __package__ in (None, ""):  # started by its path
    sys.path.insert(0, str(Path(__file__).parents[1]))

import asyncio
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from fakes.azure_behaviour import Behaviour
from fakes.azure_connection import Listener
from fakes.azure_files import fast_transcription, short_recording
from fakes.recognisers import Recognise, scripted
from fakes.vendor_program import serve
from fakes.vendor_socket import Answer, HttpRequest, VendorConnection, VendorServer

__all__ = ["AzureServer", "Behaviour", "Listener"]


@dataclass
class AzureServer(VendorServer):
    """``behaviours``: of the first, second, ... connection; the last holds for all later ones."""

    recognise: Recognise = field(default_factory=lambda: scripted(["this is a test"]))
    behaviours: Sequence[Behaviour] = (Behaviour(),)
    key: str = "azure_test_key"
    free_hours_left: bool = True
    connections: list[Listener] = field(default_factory=list)
    spoken: int = 0
    """Phrases with words so far, over all connections: a script goes on where it was."""
    tokens: set[str] = field(default_factory=set)

    @property
    def problems(self) -> list[str]:
        """What clients did wrong, over all connections."""
        return [problem for connection in self.connections for problem in connection.problems]

    def connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> VendorConnection:
        behaviour = self.behaviours[min(len(self.connections), len(self.behaviours) - 1)]
        listener = Listener(self, reader, writer, behaviour=behaviour)
        self.connections.append(listener)
        return listener

    def admits(self, given: Mapping[str, str]) -> int:
        """An HTTP status for these headers."""
        scheme, _, token = given.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer" and token in self.tokens:
            return 200
        if "ocp-apim-subscription-key" not in given:
            return 401
        return 200 if given["ocp-apim-subscription-key"] == self.key else 401

    def answer(self, request: HttpRequest) -> Answer:
        path = request.path.removeprefix("/stt")
        known = {
            "/sts/v1.0/issueToken": self._token,
            "/speech/recognition/conversation/cognitiveservices/v1": lambda: short_recording(request, self.recognise),
            "/speechtotext/transcriptions:transcribe": lambda: fast_transcription(request, self.recognise),
        }
        if request.method != "POST" or path not in known:
            return Answer(404, {"error": {"code": "404", "message": "Resource not found"}})
        if self.admits(request.headers) != 200:
            message = "Access denied due to invalid subscription key or wrong API endpoint."
            return Answer(401, {"error": {"code": "401", "message": message}})
        if not self.free_hours_left:
            return Answer(403, {"error": {"code": "403", "message": "Out of call volume quota."}})
        return known[path]()

    def _token(self) -> Answer:
        token = f"eyJ{secrets.token_hex(16)}"
        self.tokens.add(token)
        return Answer(200, token)


if __name__ == "__main__":
    serve(AzureServer, Behaviour)
