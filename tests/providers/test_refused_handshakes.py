"""What a vendor says when it refuses the WebSocket handshake, as the user gets to know it."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from http import HTTPStatus
from typing import Any

import pytest
from websockets.asyncio.server import ServerConnection, serve
from websockets.datastructures import Headers
from websockets.http11 import Request, Response

from debabelizer import registry
from debabelizer.contract import SpeechToText, StreamOptions
from debabelizer.errors import (
    AuthenticationError,
    ConfigurationError,
    ConnectionError,
    ProviderError,
    QuotaExceededError,
    RateLimitError,
    UnsupportedError,
)
from debabelizer.streaming import Session, SessionPolicy

POLICY = SessionPolicy(connect_s=1.0, backoff_first_s=0.01, backoff_cap_s=0.05, max_instant_drops=1000)


class Door:
    """Answers every handshake with ``status`` and ``body``."""

    def __init__(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.status, self.body, self.headers = status, body, headers
        self.attempts = 0
        self.port = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def answer(self, connection: ServerConnection, request: Request) -> Response:
        self.attempts += 1
        headers = Headers({**self.headers, "Content-Length": str(len(self.body)), "Connection": "close"})
        return Response(self.status, HTTPStatus(self.status).phrase, headers, self.body)


@asynccontextmanager
async def door(status: int, body: object = b"", headers: dict[str, str] | None = None) -> AsyncIterator[Door]:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    made = Door(status, raw, headers or {})

    async def nobody(_: ServerConnection) -> None: ...

    async with serve(nobody, "127.0.0.1", 0, process_request=made.answer) as server:
        made.port = server.sockets[0].getsockname()[1]
        yield made


async def refusal(name: str, at: Door) -> ProviderError:
    """How connecting fails there."""
    provider = registry.load(name)
    assert isinstance(provider, SpeechToText)
    settings: dict[str, Any] = {"api_key": "the-key", "base_url": at.url}
    session = Session(lambda context: provider.stream(StreamOptions(settings=settings), context), name, policy=POLICY)
    try:
        with pytest.raises(ProviderError) as caught:
            await session.connect()
        return caught.value
    finally:
        await session.abort()


def openai(code: str, message: str) -> dict[str, Any]:
    return {"error": {"message": message, "type": code, "param": None, "code": code}}


def elevenlabs(status: str, message: str) -> dict[str, Any]:
    return {"detail": {"status": status, "message": message}}


HOPELESS = [
    ("openai", 429, openai("insufficient_quota", "You exceeded your current quota."), {}, QuotaExceededError),
    ("openai", 401, openai("invalid_api_key", "Incorrect API key provided."), {}, AuthenticationError),
    ("openai", 403, openai("unsupported_country_region_territory", "Not from here."), {}, UnsupportedError),
    ("openai", 400, openai("invalid_model", "Model is not supported."), {}, ConfigurationError),
    ("elevenlabs", 401, elevenlabs("quota_exceeded", "0 credits remaining."), {}, QuotaExceededError),
    ("elevenlabs", 401, elevenlabs("invalid_api_key", "Invalid API key."), {}, AuthenticationError),
    ("elevenlabs", 403, elevenlabs("", "Not in your plan."), {}, AuthenticationError),
    ("deepgram", 402, b"", {"dg-error": "Project does not have enough credits."}, QuotaExceededError),
    ("deepgram", 403, b"", {"dg-error": "No access to the requested model."}, AuthenticationError),
    (
        "deepgram",
        429,
        {"err_code": "INSUFFICIENT_CREDITS", "err_msg": "Nothing left."},
        {},
        QuotaExceededError,
    ),
]


@pytest.mark.parametrize(("name", "status", "body", "headers", "kind"), HOPELESS)
async def test_a_hopeless_refusal_is_told_in_the_vendors_words_and_not_repeated(name, status, body, headers, kind):
    async with door(status, body, headers) as it:
        error = await refusal(name, it)
    assert type(error) is kind
    words = error.vendor_message
    assert words
    assert words in error.message
    assert words in json.dumps(body if isinstance(body, dict) else headers)
    assert error.provider == name
    assert it.attempts == 1


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("openai", openai("rate_limit_exceeded", "Slow down.")),
        ("elevenlabs", elevenlabs("too_many_concurrent_requests", "Slow down.")),
        ("deepgram", {"err_code": "TOO_MANY_REQUESTS", "err_msg": "Slow down."}),
    ],
)
async def test_a_vendor_that_is_merely_busy_says_when_to_come_back(name, body):
    async with door(429, body, {"Retry-After": "77"}) as it:
        error = await refusal(name, it)
    assert isinstance(error, RateLimitError)
    assert error.retry_after == 77
    assert error.vendor_message == "Slow down."


@pytest.mark.parametrize("name", ["openai", "elevenlabs", "deepgram"])
async def test_a_vendor_in_trouble_is_a_network_failure_that_is_tried_again(name):
    async with door(503, b"<html>upstream</html>") as it:
        error = await refusal(name, it)
    assert isinstance(error, ConnectionError)
    assert it.attempts > 1


@pytest.mark.parametrize("name", ["openai", "elevenlabs", "deepgram"])
async def test_the_page_of_a_strange_gateway_is_not_taken_for_the_vendors_words(name):
    async with door(403, b"<html><body>Blocked by your company</body></html>") as it:
        error = await refusal(name, it)
    assert isinstance(error, AuthenticationError)
    assert "html" not in error.message
