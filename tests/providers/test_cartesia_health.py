"""Would it work now? Asked over real HTTP."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from debabelizer.contract import CommitMode, Health, HealthState, StreamOptions
from debabelizer.errors import (
    AuthenticationError,
    ConfigurationError,
    ConnectionError,
    QuotaExceededError,
    RateLimitError,
    Remedy,
    UnsupportedLanguageError,
)
from debabelizer_providers.cartesia import Cartesia
from fakes.cartesia_server import CartesiaServer
from fakes.vendor_socket import Answer


async def check(languages: tuple[str, ...] = (), commit: CommitMode = CommitMode.MANUAL, **settings: Any) -> Health:
    async with httpx.AsyncClient(trust_env=False) as http:
        return await Cartesia().check(StreamOptions(settings=settings, languages=languages, commit=commit), http)


@pytest.mark.parametrize("languages", [(), ("de",)])
async def test_a_good_key(languages: tuple[str, ...]) -> None:
    async with CartesiaServer() as server:
        health = await check(languages, api_key=server.key, base_url=server.url)
        assert (health.state, health.error) == (HealthState.OK, None)
        (asked,) = server.requests
        fields = {part.name: part for part in asked.form()}
        assert (asked.path, fields["language"].text) == ("/stt", languages[0] if languages else "en")
        assert fields["file"].content.startswith(b"RIFF")


async def test_no_key_is_not_configured_and_asks_nobody() -> None:
    async with CartesiaServer() as server:
        health = await check(base_url=server.url)
        assert health.state is HealthState.NOT_CONFIGURED
        assert health.error is not None
        assert health.error.remedy is Remedy.SET_KEY
        assert server.requests == []


async def test_a_wrong_key() -> None:
    async with CartesiaServer() as server:
        health = await check(api_key="sk_car_wrong", base_url=server.url)
        assert health.state is HealthState.FAILED
        assert isinstance(health.error, AuthenticationError)
        assert health.error.vendor_message == "Unauthorized: Invalid API key"
        assert "sk_car_wrong" not in health.detail


async def test_used_up_credits() -> None:
    async with CartesiaServer(credits_left=False) as server:
        health = await check(api_key=server.key, base_url=server.url)
        assert isinstance(health.error, QuotaExceededError)


async def test_no_network() -> None:
    async with CartesiaServer() as server:
        gone = server.url
    health = await check(api_key="sk_car_test", base_url=gone)
    assert isinstance(health.error, ConnectionError)
    assert health.error.remedy is Remedy.CHECK_NETWORK
    assert "127.0.0.1" in health.detail


async def test_another_kind_of_server() -> None:
    async with CartesiaServer() as server:
        health = await check(api_key=server.key, base_url=f"{server.url}/elsewhere")
        assert isinstance(health.error, ConfigurationError)
        assert "address" in health.detail


async def test_too_many_at_once() -> None:
    async with CartesiaServer() as server:
        server.scripted.append(Answer(429, "Too many requests"))
        health = await check(api_key=server.key, base_url=server.url)
        assert isinstance(health.error, RateLimitError)


async def test_settings_that_contradict_each_other_or_cannot_be_had() -> None:
    assert isinstance((await check(("tlh",), api_key="k")).error, UnsupportedLanguageError)
    health = await check(("en",), CommitMode.PAUSE, api_key="k", turn_end_threshold=0.5)
    assert health.state is HealthState.FAILED
    assert isinstance(health.error, ConfigurationError)
