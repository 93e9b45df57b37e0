"""Would it work now? Asked over real HTTP; the vendor's hosts are led to local servers at the machine's edge."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx

from debabelizer.contract import Health, HealthState, StreamOptions
from debabelizer.errors import (
    AuthenticationError,
    ConfigurationError,
    ConnectionError,
    QuotaExceededError,
    Remedy,
)
from debabelizer_providers.elevenlabs import ElevenLabs
from fakes.elevenlabs_server import ElevenLabsServer


async def check(transport: httpx.AsyncBaseTransport | None = None, **settings: Any) -> Health:
    async with httpx.AsyncClient(transport=transport, trust_env=False) as http:
        return await ElevenLabs().check(StreamOptions(settings=settings), http)


class Elsewhere(httpx.AsyncHTTPTransport):
    """Leads each of the vendor's hosts to a local server."""

    def __init__(self, servers: dict[str, ElevenLabsServer]) -> None:
        super().__init__()
        self.servers = servers
        self.asked: list[str] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request.url.host)
        server = self.servers.get(request.url.host)
        if server is None:
            raise httpx.ConnectError("no such host", request=request)
        request.url = request.url.copy_with(scheme="http", host=server.host, port=server.port)
        return await super().handle_async_request(request)


async def test_a_good_key() -> None:
    async with ElevenLabsServer() as server:
        health = await check(api_key=server.key, base_url=server.url)
        assert (health.state, health.error) == (HealthState.OK, None)
        assert server.requests[0].path == "/v1/single-use-token/realtime_scribe"


async def test_no_key_is_not_configured_and_asks_nobody() -> None:
    transport = Elsewhere({})
    health = await check(transport)
    assert health.state is HealthState.NOT_CONFIGURED
    assert health.error is not None
    assert health.error.remedy is Remedy.SET_KEY
    assert transport.asked == []


async def test_a_wrong_key() -> None:
    async with ElevenLabsServer() as server:
        health = await check(api_key="sk_wrong", base_url=server.url)
        assert health.state is HealthState.FAILED
        assert isinstance(health.error, AuthenticationError)
        assert health.error.remedy is Remedy.SET_KEY
        assert len(server.requests) == 1, "the key goes nowhere but to the address the user chose"


async def test_no_credits() -> None:
    async with ElevenLabsServer(credits_left=False) as server:
        health = await check(api_key=server.key, base_url=server.url)
        assert isinstance(health.error, QuotaExceededError)


async def test_no_network() -> None:
    async with ElevenLabsServer() as server:
        gone = server.url
    health = await check(api_key="sk_test", base_url=gone)
    assert isinstance(health.error, ConnectionError)
    assert health.error.remedy is Remedy.CHECK_NETWORK
    assert "127.0.0.1" in health.detail


async def test_another_region() -> None:
    async with ElevenLabsServer(key="sk_european") as europe, ElevenLabsServer(key="sk_else") as world:
        transport = Elsewhere({"api.elevenlabs.io": world, "api.eu.residency.elevenlabs.io": europe})
        health = await check(transport, api_key="sk_european")
        assert isinstance(health.error, AuthenticationError)
        assert (health.error.code, health.error.remedy) == ("wrong_region", Remedy.OPEN_SETTINGS)
        assert "“eu”" in health.detail
        assert (await check(transport, api_key="sk_european", region="eu")).state is HealthState.OK


async def test_an_address_of_the_users_own_is_the_only_one_that_sees_the_key() -> None:
    async with ElevenLabsServer() as own:
        transport = Elsewhere({"own.test": own})
        health = await check(transport, api_key="sk_of_nobody", base_url="https://own.test")
        assert health.state is HealthState.FAILED
        assert set(transport.asked) == {"own.test"}


async def test_an_address_that_is_something_else() -> None:
    async def other(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        writer.close()
        await writer.wait_closed()

    async with await asyncio.start_server(other, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        health = await check(api_key="sk_test", base_url=f"http://127.0.0.1:{port}")
    assert isinstance(health.error, ConfigurationError)


async def test_settings_that_exclude_each_other() -> None:
    health = await check(api_key="sk_test", transcript_edit="x", entity_redaction=["pii"])
    assert health.state is HealthState.FAILED
    assert isinstance(health.error, ConfigurationError)
