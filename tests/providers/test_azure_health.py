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
    ProviderError,
    QuotaExceededError,
    RateLimitError,
    Remedy,
    StreamingError,
    UnsupportedLanguageError,
)
from debabelizer_providers.azure import Azure
from fakes.azure_server import AzureServer
from fakes.vendor_socket import Answer


async def check(
    transport: httpx.AsyncBaseTransport | None = None, languages: tuple[str, ...] = ("en",), **settings: Any
) -> Health:
    async with httpx.AsyncClient(transport=transport, trust_env=False) as http:
        return await Azure().check(StreamOptions(settings=settings, languages=languages), http)


class Elsewhere(httpx.AsyncHTTPTransport):
    """Leads a region's hosts to a local server; the other regions refuse every key."""

    def __init__(self, servers: dict[str, AzureServer], other: AzureServer) -> None:
        super().__init__()
        self.servers = servers
        self.other = other
        self.asked: list[str] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        region, _, host = request.url.host.partition(".")
        assert host in ("stt.speech.microsoft.com", "api.cognitive.microsoft.com")
        self.asked.append(region)
        server = self.servers.get(region, self.other)
        request.url = request.url.copy_with(scheme="http", host=server.host, port=server.port)
        return await super().handle_async_request(request)


@pytest.mark.parametrize("settings", [{}, {"diarize": True}, {"custom_model": "11111111-2222-3333-4444-555555555555"}])
async def test_a_good_key(settings: dict[str, Any]) -> None:
    async with AzureServer() as server:
        health = await check(api_key=server.key, base_url=server.url, **settings)
        assert (health.state, health.error) == (HealthState.OK, None)
        assert len(server.requests) == 1


async def test_no_key_is_not_configured_and_asks_nobody() -> None:
    async with AzureServer() as server:
        transport = Elsewhere({}, server)
        health = await check(transport)
        assert health.state is HealthState.NOT_CONFIGURED
        assert health.error is not None
        assert health.error.remedy is Remedy.SET_KEY
        assert transport.asked == []


async def test_a_wrong_key() -> None:
    async with AzureServer() as server:
        health = await check(api_key="wrong", base_url=server.url)
        assert health.state is HealthState.FAILED
        assert isinstance(health.error, AuthenticationError)
        assert health.error.remedy is Remedy.SET_KEY
        assert "invalid subscription key" in str(health.error.vendor_message)
        assert len(server.requests) == 1, "the key goes nowhere but to the address the user chose"


async def test_the_key_of_another_region() -> None:
    async with AzureServer() as europe, AzureServer(key="none") as others:
        transport = Elsewhere({"westeurope": europe}, others)
        health = await check(transport, api_key=europe.key, region="eastus")
        assert isinstance(health.error, ConfigurationError)
        assert health.error.code == "wrong_region"
        assert "westeurope" in health.detail
        assert (await check(transport, api_key=europe.key, region="West Europe")).state is HealthState.OK


async def test_a_region_that_does_not_exist() -> None:
    async with AzureServer() as europe, AzureServer(key="none") as others:
        gone = AzureServer(port=1)
        transport = Elsewhere({"westeurope": europe, "atlantis": gone}, others)
        health = await check(transport, api_key=europe.key, region="atlantis")
        assert isinstance(health.error, ConfigurationError)
        assert "westeurope" in health.detail
        transport = Elsewhere({"westeurope": europe, "eastus": gone}, others)
        health = await check(transport, api_key=europe.key, region="eastus")
        assert isinstance(health.error, ConnectionError), "a region that exists and cannot be reached"
        assert set(transport.asked) == {"eastus"}


async def test_a_key_that_no_region_takes() -> None:
    async with AzureServer() as nobody:
        transport = Elsewhere({}, nobody)
        health = await check(transport, api_key="wrong", region="swedencentral")
        assert isinstance(health.error, AuthenticationError)
        assert len(set(transport.asked)) > 20


async def test_used_up_hours() -> None:
    async with AzureServer(free_hours_left=False) as server:
        health = await check(api_key=server.key, base_url=server.url)
        assert isinstance(health.error, QuotaExceededError)
        assert health.error.vendor_message == "Out of call volume quota."


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (Answer(429, {"error": {"code": "429", "message": "Too many."}}, {"Retry-After": "7"}), RateLimitError),
        (Answer(400, {"code": "InvalidLocale", "message": "no such locale"}), ConfigurationError),
        (
            Answer(403, {"error": {"code": "403", "message": "Access from this network is denied."}}),
            AuthenticationError,
        ),
        (Answer(500, "<html>trouble</html>"), StreamingError),
        (Answer(200, {"RecognitionStatus": "Forbidden"}), QuotaExceededError),
        (Answer(200, "hello"), StreamingError),
        (Answer(0), ConnectionError),
    ],
)
async def test_other_answers(answer: Answer, error: type[ProviderError]) -> None:
    async with AzureServer() as server:
        server.scripted.append(answer)
        health = await check(api_key=server.key, base_url=server.url)
        assert type(health.error) is error
        if isinstance(health.error, RateLimitError):
            assert health.error.retry_after == 7


async def test_no_network() -> None:
    async with AzureServer() as server:
        gone = server.url
    health = await check(api_key="k", base_url=gone)
    assert isinstance(health.error, ConnectionError)
    assert health.error.remedy is Remedy.CHECK_NETWORK
    assert "127.0.0.1" in health.detail


async def test_another_kind_of_server() -> None:
    async with AzureServer() as server:
        health = await check(api_key=server.key, base_url=f"{server.url}/elsewhere")
        assert isinstance(health.error, ConfigurationError)
        assert "address" in health.detail


async def test_a_language_that_is_not_there() -> None:
    health = await check(api_key="k", languages=("tlh",))
    assert isinstance(health.error, UnsupportedLanguageError)
