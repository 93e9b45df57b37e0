"""Would it work now? Asked over real HTTP; the vendor's hosts are led to local servers at the machine's edge."""

from __future__ import annotations

from typing import Any

import httpx

from debabelizer.contract import Health, HealthState, StreamOptions
from debabelizer.errors import (
    AuthenticationError,
    ConfigurationError,
    ConnectionError,
    QuotaExceededError,
    Remedy,
    StreamingError,
    UnsupportedLanguageError,
)
from debabelizer_providers.soniox import Soniox
from fakes.soniox_server import SonioxServer
from fakes.vendor_socket import GONE, Answer


async def check(
    transport: httpx.AsyncBaseTransport | None = None, languages: tuple[str, ...] = (), **settings: Any
) -> Health:
    async with httpx.AsyncClient(transport=transport, trust_env=False) as http:
        return await Soniox().check(StreamOptions(settings=settings, languages=languages), http)


class Elsewhere(httpx.AsyncHTTPTransport):
    """Leads each of the vendor's hosts to a local server."""

    def __init__(self, servers: dict[str, SonioxServer]) -> None:
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


async def test_a_good_key_and_nothing_stays_behind() -> None:
    async with SonioxServer() as server:
        health = await check(api_key=server.key, base_url=server.url)
        assert (health.state, health.error) == (HealthState.OK, None)
        assert (server.jobs.files, server.jobs.jobs) == ({}, {})
        assert server.problems == []


async def test_no_key_is_not_configured_and_asks_nobody() -> None:
    transport = Elsewhere({})
    health = await check(transport)
    assert health.state is HealthState.NOT_CONFIGURED
    assert health.error is not None
    assert health.error.remedy is Remedy.SET_KEY
    assert transport.asked == []


async def test_a_wrong_key_goes_nowhere_but_to_the_address_the_user_chose() -> None:
    async with SonioxServer() as server:
        health = await check(api_key="wrong", base_url=server.url)
        assert isinstance(health.error, AuthenticationError)
        assert health.error.remedy is Remedy.SET_KEY
        assert health.error.vendor_message == "Incorrect API key provided."
        assert len(server.requests) == 1


async def test_a_key_of_another_region() -> None:
    async with SonioxServer() as states, SonioxServer(key="european") as europe:
        transport = Elsewhere({"api.soniox.com": states, "api.eu.soniox.com": europe})
        health = await check(transport, api_key="european")
        assert isinstance(health.error, AuthenticationError)
        assert (health.error.code, health.error.remedy) == ("wrong_region", Remedy.OPEN_SETTINGS)
        assert "European Union" in health.detail
        assert (await check(transport, api_key="european", region="eu")).state is HealthState.OK
        nowhere = await check(transport, api_key="wrong")
        assert nowhere.error is not None
        assert (nowhere.error.code, nowhere.error.remedy) == ("unauthenticated", Remedy.SET_KEY)


async def test_an_empty_balance() -> None:
    async with SonioxServer(balance_left=False) as server:
        health = await check(api_key=server.key, base_url=server.url)
        assert isinstance(health.error, QuotaExceededError)
        assert health.error.vendor_message == "Organization balance exhausted."
        assert server.jobs.files == {}, "what was uploaded is deleted all the same"


async def test_a_key_for_live_use_alone_is_good() -> None:
    async with SonioxServer(live_only=True) as server:
        health = await check(api_key=server.key, base_url=server.url)
        assert (health.state, health.error) == (HealthState.OK, None)
        assert "balance" in health.detail


async def test_no_network() -> None:
    async with SonioxServer() as server:
        gone = server.url
    health = await check(api_key="k", base_url=gone)
    assert isinstance(health.error, ConnectionError)
    assert health.error.remedy is Remedy.CHECK_NETWORK
    assert "127.0.0.1" in health.detail


async def test_a_network_that_goes_away_half_way() -> None:
    async with SonioxServer() as server:
        server.scripted += [Answer(200, {"models": []}), GONE]
        health = await check(api_key=server.key, base_url=server.url)
        assert isinstance(health.error, ConnectionError)


async def test_a_model_that_is_not_offered() -> None:
    async with SonioxServer(models=["stt-rt-v4"]) as server:
        health = await check(api_key=server.key, base_url=server.url)
        assert isinstance(health.error, ConfigurationError)
        assert health.error.code == "model_not_available"
        assert "stt-rt-v5" in health.detail


async def test_another_kind_of_server() -> None:
    async with SonioxServer() as server:
        health = await check(api_key=server.key, base_url=f"{server.url}/elsewhere")
        assert isinstance(health.error, ConfigurationError)
        assert "address" in health.detail
        server.scripted.append(Answer(200, "<html>welcome</html>"))
        health = await check(api_key=server.key, base_url=server.url)
        assert isinstance(health.error, StreamingError)


async def test_a_language_that_soniox_lacks() -> None:
    health = await check(api_key="k", languages=("tlh",))
    assert isinstance(health.error, UnsupportedLanguageError)
