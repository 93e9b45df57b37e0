"""A local ElevenLabs: realtime speech-to-text over WebSocket and the minting of single-use tokens over HTTP.

It refuses what the vendor refuses, and misbehaves as told::

    async with ElevenLabsServer(recognise=scripted(["hello world"])) as server:
        ... settings = {"api_key": server.key, "base_url": server.url}
        server.behaviours = [Behaviour(drop_after_s=2.0), Behaviour()]     # per connection; the last one stays

``python tests/fakes/elevenlabs_server.py --port 0 --script FILE`` prints its address and serves until stopped; the file
is one sentence per line, or JSON: ``{"sentences": [...], "key": "...", "behaviours": [{...}]}``. That a client written
for the vendor's server works with this one is proven with the vendor's own SDK.
"""

from __future__ import annotations

import sys
from pathlib import Path

if __package__ in (None, ""):  # started by its path
    sys.path.insert(0, str(Path(__file__).parents[1]))

import argparse
import asyncio
import json
import secrets
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from http import HTTPStatus

from fakes.elevenlabs_connection import Behaviour, Connection
from fakes.elevenlabs_recognisers import Recognise, scripted

__all__ = ["Behaviour", "Connection", "ElevenLabsServer", "scripted"]

REALTIME = "/v1/speech-to-text/realtime"
TOKENS = "/v1/single-use-token/"


@dataclass
class ElevenLabsServer:
    """``behaviours``: of the first, second, ... connection; the last holds for all later ones."""

    recognise: Recognise = field(default_factory=lambda: scripted(["this is a test"]))
    behaviours: Sequence[Behaviour] = (Behaviour(),)
    key: str = "sk_test_key"
    credits_left: bool = True
    host: str = "127.0.0.1"
    port: int = 0
    url: str = ""
    connections: list[Connection] = field(default_factory=list)
    spoken_segments: int = 0
    """Commits with words so far, over all connections: a script goes on where it was."""
    tokens: set[str] = field(default_factory=set)
    requests: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    """HTTP requests: path and headers."""

    async def __aenter__(self) -> ElevenLabsServer:
        self._changed = asyncio.Condition()
        self._tasks: set[asyncio.Task[None]] = set()
        self._server = await asyncio.start_server(self._accept, self.host, self.port, limit=2**20)
        self.port = self._server.sockets[0].getsockname()[1]
        self.url = f"http://{self.host}:{self.port}"
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._server.wait_closed()

    # ----------------------------------------------------------------------------------------- for the tests

    @property
    def problems(self) -> list[str]:
        """What clients did wrong, over all connections."""
        return [problem for connection in self.connections for problem in connection.problems]

    async def until(self, right: Callable[[ElevenLabsServer], object], timeout_s: float = 10.0) -> None:
        """Waits for something to be true of this server; checked after everything it receives or sends."""
        async with asyncio.timeout(timeout_s), self._changed:
            await self._changed.wait_for(lambda: bool(right(self)))

    async def changed(self) -> None:
        async with self._changed:
            self._changed.notify_all()

    # ------------------------------------------------------------------------------------------------- doors

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.get_running_loop().create_task(self._serve(reader, writer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            with suppress(asyncio.IncompleteReadError, OSError):  # the client went away: not ours to judge
                head = await reader.readuntil(b"\r\n\r\n")
                if b"\r\nupgrade: websocket" in head.lower():
                    await self._websocket(head, reader, writer)
                else:
                    await self._http(head, reader, writer)
        finally:
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()

    async def _websocket(self, head: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        number = len(self.connections)
        behaviour = self.behaviours[min(number, len(self.behaviours) - 1)]
        connection = Connection(self, behaviour, reader, writer)
        self.connections.append(connection)
        await connection.run(head)

    async def _http(self, head: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        request, *lines = head.decode("latin-1").split("\r\n")
        method, target, _ = request.split(" ", 2)
        headers = {k.strip().lower(): v.strip() for k, _, v in (line.partition(":") for line in lines if line)}
        await reader.readexactly(int(headers.get("content-length", "0")))
        self.requests.append((target, headers))
        status, body = self._answer(method, target.partition("?")[0], headers)
        payload = json.dumps(body).encode()
        writer.write(
            f"HTTP/1.1 {status} {HTTPStatus(status).phrase}\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(payload)}\r\nConnection: close\r\n\r\n".encode()
            + payload
        )
        await writer.drain()
        await self.changed()

    def _answer(self, method: str, path: str, headers: dict[str, str]) -> tuple[int, object]:
        if not path.startswith(TOKENS):
            return 404, {"detail": "Not Found"}
        if method != "POST":
            return 405, {"detail": "Method Not Allowed"}
        if headers.get("xi-api-key") != self.key:
            return 401, {"detail": {"status": "invalid_api_key", "message": "Invalid API key"}}
        if not self.credits_left:
            return 401, {"detail": {"status": "quota_exceeded", "message": "This request exceeds your quota."}}
        if path.removeprefix(TOKENS) not in ("realtime_scribe", "batch_scribe", "tts_websocket"):
            return 422, {"detail": [{"loc": ["path", "type"], "msg": "unexpected value", "type": "enum"}]}
        token = f"sutkn_{secrets.token_hex(16)}"
        self.tokens.add(token)
        return 200, {"token": token}

    def admits(self, path: str, headers: dict[str, str], token: str | None) -> bool:
        """By token where there is one (it is used up by this), else by key."""
        if token is not None:
            known = token in self.tokens
            self.tokens.discard(token)
            return known
        return headers.get("xi-api-key") == self.key


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(description="A local ElevenLabs realtime speech-to-text server.")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--script", type=Path, help="sentences, one per line, or JSON")
    parser.add_argument("--key", default="sk_test_key", help="the API key to accept")
    chosen = parser.parse_args(arguments)
    asyncio.run(_serve_forever(chosen.port, chosen.key, chosen.script))


async def _serve_forever(port: int, key: str, script: Path | None) -> None:
    text = script.read_text(encoding="utf-8") if script else "this is a test"
    plan = json.loads(text) if text.lstrip().startswith("{") else {"sentences": text.strip().splitlines()}
    server = ElevenLabsServer(
        recognise=scripted(plan["sentences"], plan.get("seconds_per_word", 0.3)),
        behaviours=[Behaviour(**given) for given in plan.get("behaviours", [{}])],
        key=plan.get("key", key),
        port=port,
    )
    async with server:
        sys.stdout.write(f"{server.url}\n")
        sys.stdout.flush()
        await asyncio.Event().wait()


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        main(sys.argv[1:])
