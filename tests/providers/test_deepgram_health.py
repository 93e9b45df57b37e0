"""Would it work now? Asked over real HTTP; the vendor's hosts are led to local servers at the machine's edge."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from debabelizer.contract import Health, HealthState, StreamOptions
from debabelizer.errors import (
    AuthenticationError,
    ConfigurationError,
    ConnectionError,
    QuotaExceededError,
    Remedy,
    UnsupportedLanguageError,
)
from debabelizer_providers.deepgram import Deepgram
from fakes.deepgram_server import DeepgramServer


async def check(
    transport: httpx.AsyncBaseTransport | None = None, languages: tuple[str, ...] = (), **settings: Any
) -> Health:
    async with httpx.AsyncClient(transport=transport, trust_env=False) as http:
        return await Deepgram().check(StreamOptions(settings=settings, languages=languages), http)


class Elsewhere(httpx.AsyncHTTPTransport):
    """Leads each of the vendor's hosts to a local server."""

    def __init__(self, servers: dict[str, DeepgramServer]) -> None:
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


@pytest.mark.parametrize("model", ["nova-3", "flux-general-en"])
async def test_a_good_key(model: str) -> None:
    async with DeepgramServer() as server:
        health = await check(api_key=server.key, base_url=server.url, model=model)
        assert (health.state, health.error) == (HealthState.OK, None)
        assert [(asked.method, asked.path) for asked in server.requests] == [("POST", "/v1/listen")]


async def test_no_key_is_not_configured_and_asks_nobody() -> None:
    transport = Elsewhere({})
    health = await check(transport)
    assert health.state is HealthState.NOT_CONFIGURED
    assert health.error is not None
    assert health.error.remedy is Remedy.SET_KEY
    assert transport.asked == []


async def test_a_wrong_key() -> None:
    async with DeepgramServer() as server:
        health = await check(api_key="dg_wrong", base_url=server.url)
        assert health.state is HealthState.FAILED
        assert isinstance(health.error, AuthenticationError)
        assert health.error.remedy is Remedy.SET_KEY
        assert health.error.vendor_message == "Invalid credentials."
        assert len(server.requests) == 1, "the key goes nowhere but to the address the user chose"


async def test_an_empty_balance() -> None:
    async with DeepgramServer(balance_left=False) as server:
        health = await check(api_key=server.key, base_url=server.url)
        assert isinstance(health.error, QuotaExceededError)
        assert health.error.vendor_message == "Insufficient credits."


async def test_no_network() -> None:
    async with DeepgramServer() as server:
        gone = server.url
    health = await check(api_key="dg_test", base_url=gone)
    assert isinstance(health.error, ConnectionError)
    assert health.error.remedy is Remedy.CHECK_NETWORK
    assert "127.0.0.1" in health.detail


async def test_a_model_that_the_region_lacks() -> None:
    async with DeepgramServer() as world, DeepgramServer(models=["nova-2"]) as europe:
        transport = Elsewhere({"api.deepgram.com": world, "api.eu.deepgram.com": europe})
        health = await check(transport, api_key=world.key, region="eu")
        assert isinstance(health.error, ConfigurationError)
        assert health.error.code == "wrong_region"
        assert (await check(transport, api_key=world.key)).state is HealthState.OK
        nowhere = await check(transport, api_key=world.key, region="eu", other_model="mine")
        assert isinstance(nowhere.error, ConfigurationError)
        assert nowhere.error.code != "wrong_region"


async def test_an_address_of_the_users_own_is_the_only_one_that_sees_the_key() -> None:
    async with DeepgramServer(models=["nova-2"]) as own, DeepgramServer() as vendors:
        transport = Elsewhere({"api.deepgram.com": vendors, "own.test": own})
        health = await check(transport, api_key=own.key, base_url="https://own.test")
        assert health.state is HealthState.FAILED
        assert set(transport.asked) == {"own.test"}


async def test_another_kind_of_server() -> None:
    async with DeepgramServer() as server:
        health = await check(api_key=server.key, base_url=f"{server.url}/elsewhere")
        assert isinstance(health.error, ConfigurationError)
        assert "address" in health.detail


async def test_a_language_that_the_model_lacks() -> None:
    health = await check(api_key="k", languages=("tlh",))
    assert isinstance(health.error, UnsupportedLanguageError)
