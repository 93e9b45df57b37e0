"""Would OpenAI, or a compatible server, work now? Asked over real HTTP."""

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
)
from debabelizer_providers.openai import OpenAI
from fakes.openai_server import OpenAIServer


async def check(**settings: Any) -> Health:
    async with httpx.AsyncClient(trust_env=False) as http:
        return await OpenAI().check(StreamOptions(settings=settings), http)


async def test_a_good_key() -> None:
    async with OpenAIServer() as server:
        health = await check(api_key=server.key, base_url=server.url)
        assert (health.state, health.error) == (HealthState.OK, None)
        assert "gpt-live-transcribe" in health.detail
        assert server.requests[0].path == "/v1/realtime/client_secrets"
        assert not server.connections, "nothing that costs money"


async def test_no_key_is_not_configured() -> None:
    health = await check()
    assert health.state is HealthState.NOT_CONFIGURED
    assert health.error is not None
    assert health.error.remedy is Remedy.SET_KEY


async def test_a_wrong_key() -> None:
    async with OpenAIServer() as server:
        health = await check(api_key="sk-wrong", base_url=server.url)
        assert health.state is HealthState.FAILED
        assert isinstance(health.error, AuthenticationError)
        assert health.error.remedy is Remedy.SET_KEY
        assert "Incorrect API key" in health.detail


async def test_no_credits() -> None:
    async with OpenAIServer(credits_left=False) as server:
        health = await check(api_key=server.key, base_url=server.url)
        assert isinstance(health.error, QuotaExceededError)


async def test_another_region() -> None:
    async with OpenAIServer(region="eu.api.openai.com") as server:
        health = await check(api_key=server.key, base_url=server.url)
        assert isinstance(health.error, AuthenticationError)
        assert (health.error.code, health.error.remedy) == ("wrong_region", Remedy.OPEN_SETTINGS)
        assert "eu.api.openai.com" in health.detail


async def test_a_model_that_is_not_there() -> None:
    async with OpenAIServer() as server:
        health = await check(api_key=server.key, base_url=server.url, other_model="gpt-9")
        assert isinstance(health.error, ConfigurationError)
        assert "gpt-9" in health.detail


@pytest.mark.parametrize("dialect", ["speaches", "vllm"])
async def test_a_server_of_ones_own(dialect: str) -> None:
    async with OpenAIServer(dialect=dialect, key="") as server:
        own = {"base_url": server.url, "dialect": dialect}
        health = await check(other_model="local-model", **own)
        assert health.state is HealthState.OK
        health = await check(other_model="another", **own)
        assert isinstance(health.error, ConfigurationError)
        assert "local-model" in health.detail, "it says what there is"


async def test_a_server_in_openais_place_that_has_no_client_secrets() -> None:
    async with OpenAIServer(dialect="gateway") as server:
        assert (await check(api_key=server.key, base_url=server.url)).state is HealthState.OK
        assert [asked.path for asked in server.requests] == ["/v1/realtime/client_secrets", "/v1/models"]
        assert isinstance((await check(api_key="wrong", base_url=server.url)).error, AuthenticationError)


async def test_azure_by_its_own_header() -> None:
    async with OpenAIServer(dialect="azure") as server:
        own = {"base_url": server.url, "dialect": "azure", "other_model": "my-deployment"}
        assert (await check(api_key=server.key, **own)).state is HealthState.OK
        assert isinstance((await check(api_key="wrong", **own)).error, AuthenticationError)


async def test_no_network() -> None:
    async with OpenAIServer() as server:
        gone = server.url
    health = await check(api_key="sk-test", base_url=gone)
    assert isinstance(health.error, ConnectionError)
    assert health.error.remedy is Remedy.CHECK_NETWORK
    assert "127.0.0.1" in health.detail


async def test_an_address_that_is_something_else() -> None:
    async with OpenAIServer() as server:
        health = await check(api_key=server.key, base_url=server.origin + "/elsewhere")
    assert isinstance(health.error, ConfigurationError)
    health = await check(api_key="sk-test", dialect="vllm")
    assert isinstance(health.error, ConfigurationError)
    assert "address" in health.detail
