"""A local OpenAI: realtime transcription over WebSocket, client secrets and the list of models over HTTP; in other
dialects also a gateway, an Azure resource, Speaches or vLLM.

It refuses what the vendor refuses, and misbehaves as told::

    async with OpenAIServer(recognise=scripted(["hello world"])) as server:
        ... settings = {"api_key": server.key, "base_url": server.url}
        server.behaviours = [Behaviour(drop_after_s=2.0), Behaviour()]     # per connection; the last one stays

``python tests/fakes/openai_server.py --port 0 --script FILE`` prints its address and serves until stopped; the file is
one sentence per line, or JSON: ``{"sentences": [...], "key": "...", "dialect": "...", "behaviours": [{...}]}``. That a
client written for the vendor's server works with this one is proven with the vendor's own SDK.
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
import time
from collections.abc import Sequence
from contextlib import suppress

from fakes.elevenlabs_recognisers import Recognise, scripted
from fakes.openai_connection import Behaviour, Connection
from fakes.openai_rules import MODELS, Refused, checked_session
from fakes.openai_vllm import VllmConnection
from fakes.served import Served

__all__ = ["Behaviour", "Connection", "OpenAIServer", "VllmConnection", "scripted"]


class OpenAIServer(Served):
    """``behaviours``: of the first, second, ... connection; the last holds for all later ones. ``spoken_segments``:
    commits with words so far, over all connections: a script goes on where it was."""

    def __init__(
        self,
        recognise: Recognise | None = None,
        behaviours: Sequence[Behaviour] = (Behaviour(),),
        *,
        key: str = "sk-test-key",
        credits_left: bool = True,
        dialect: str = "openai",
        region: str = "",
        port: int = 0,
    ) -> None:
        super().__init__(port)
        self.recognise = recognise or scripted(["this is a test"])
        self.behaviours = behaviours
        self.key = key
        self.credits_left = credits_left
        self.dialect = dialect
        self.region = region
        """Host at which the key's project lives, where that is another."""
        self.base_path = "/openai/v1" if dialect == "azure" else "/v1"
        self.models = {"local-model"} if dialect in ("speaches", "vllm") else MODELS
        self.connections: list[Connection | VllmConnection] = []
        self.spoken_segments = 0
        self.secrets: set[str] = set()

    @property
    def url(self) -> str:
        return self.origin + self.base_path

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
        made = kind(self, behaviour, reader, writer)
        self.connections.append(made)
        return made

    def admits(self, headers: dict[str, str]) -> bool:
        """By key or by client secret."""
        if self.dialect == "azure":
            return headers.get("api-key") == self.key
        bearer = headers.get("authorization", "").removeprefix("Bearer ")
        return bearer == self.key or bearer in self.secrets

    def answer(self, method: str, path: str, headers: dict[str, str], body: bytes) -> tuple[int, object]:
        if not path.startswith(self.base_path):
            return 404, {"detail": "Not Found"}
        if not self.admits(headers):
            return 401, _error("Incorrect API key provided.", "invalid_api_key")
        if self.region:
            words = f"Attempted to access resource with incorrect regional hostname. Please use {self.region}."
            return 401, _error(words, "incorrect_hostname")
        if not self.credits_left:
            return 429, _error("You exceeded your current quota.", "insufficient_quota", "insufficient_quota")
        if (method, path) == ("GET", self.base_path + "/models"):
            return 200, {"object": "list", "data": [{"id": name, "object": "model"} for name in sorted(self.models)]}
        if (method, path) == ("POST", self.base_path + "/realtime/client_secrets") and self.dialect == "openai":
            return self._mint(body)
        return 404, _error(f"Invalid URL ({method} {path})", "")

    def _mint(self, body: bytes) -> tuple[int, object]:
        wanted = json.loads(body)
        expires = wanted.get("expires_after", {"anchor": "created_at", "seconds": 600})
        if not isinstance(expires, dict) or not 10 <= expires.get("seconds", 0) <= 7200:
            return 400, _error("Invalid type for 'expires_after'.", "invalid_type")
        try:
            checked_session(wanted.get("session"))
        except Refused as refusal:
            return 400, _error(refusal.words, refusal.code)
        value = f"ek_{secrets.token_hex(8)}"
        self.secrets.add(value)
        return 200, {"value": value, "expires_at": int(time.time()) + expires["seconds"], "session": wanted["session"]}


def _error(words: str, code: str, kind: str = "invalid_request_error") -> dict[str, object]:
    return {"error": {"message": words, "type": kind, "param": None, "code": code or None}}


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(description="A local OpenAI realtime transcription server.")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--script", type=Path, help="sentences, one per line, or JSON")
    parser.add_argument("--key", default="sk-test-key", help="the API key to accept")
    parser.add_argument("--dialect", default="openai")
    chosen = parser.parse_args(arguments)
    text = chosen.script.read_text(encoding="utf-8") if chosen.script else "this is a test"
    plan = json.loads(text) if text.lstrip().startswith("{") else {"sentences": text.strip().splitlines()}
    server = OpenAIServer(
        scripted(plan["sentences"], plan.get("seconds_per_word", 0.3)),
        [Behaviour(**given) for given in plan.get("behaviours", [{}])],
        key=plan.get("key", chosen.key),
        dialect=plan.get("dialect", chosen.dialect),
        port=chosen.port,
    )
    asyncio.run(_serve_forever(server))


async def _serve_forever(server: OpenAIServer) -> None:
    async with server:
        sys.stdout.write(f"{server.url}\n")
        sys.stdout.flush()
        await asyncio.Event().wait()


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        main(sys.argv[1:])
