"""Would it work now, and who calls: asked over real HTTP; the vendor's hosts are led to local servers at the machine's
edge."""

from __future__ import annotations

import asyncio
import datetime
import json
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import httpx
import pytest
from grpc import StatusCode

from debabelizer.contract import Health, HealthState, StreamOptions
from debabelizer.errors import (
    AuthenticationError,
    ConfigurationError,
    ConnectionError,
    ProviderError,
    QuotaExceededError,
    RateLimitError,
    Remedy,
)
from debabelizer_providers.google import Google, account
from debabelizer_providers.google.account import Account, access
from fakes.google_account import signed_by_us
from fakes.google_server import Behaviour, GoogleServer
from fakes.vendor_socket import Answer

USER = {
    "type": "authorized_user",
    "client_id": "c.apps.googleusercontent.com",
    "client_secret": "d-secret",
    "refresh_token": "1//refresh-secret",
    "quota_project_id": "proj-1",
}


class Led(httpx.AsyncHTTPTransport):
    """Leads the vendor's hosts to the local server; there are no others."""

    def __init__(self, server: GoogleServer | None) -> None:
        super().__init__()
        self.server = server
        self.asked: list[str] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request.url.host)
        if self.server is None or not request.url.host.endswith(("googleapis.com", "127.0.0.1")):
            raise httpx.ConnectError("no such host", request=request)
        request.url = request.url.copy_with(scheme="http", host=self.server.host, port=self.server.port)
        return await super().handle_async_request(request)


async def check(led: Led | None = None, languages: tuple[str, ...] = ("en",), **settings: Any) -> Health:
    async with httpx.AsyncClient(transport=led, trust_env=False) as http:
        return await Google().check(StreamOptions(settings=settings, languages=languages), http)


async def enter(who: Account, led: Led) -> account.Access:
    async with httpx.AsyncClient(transport=led, trust_env=False) as http:
        return await access(who, http)


@pytest.fixture(autouse=True)
def nobody_is_logged_in(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(account, "_logins", {})
    monkeypatch.setenv("CLOUDSDK_CONFIG", str(tmp_path))
    monkeypatch.setenv("NO_GCE_CHECK", "true")
    for name in ("GOOGLE_APPLICATION_CREDENTIALS", "GOOGLE_CLOUD_PROJECT", "GCLOUD_PROJECT"):
        monkeypatch.delenv(name, raising=False)


# ------------------------------------------------------------------------------------------------------- health


@pytest.mark.parametrize("version", ["v1", "v2"])
async def test_a_good_key(version: str) -> None:
    async with GoogleServer() as server:
        health = await check(api_key=server.key, project="proj-1", base_url=server.url, api_version=version)
        assert (health.state, health.error) == (HealthState.OK, None)
        assert len(server.requests) == 1


async def test_a_good_service_account() -> None:
    async with GoogleServer() as server:
        health = await check(service_account=server.service_account, base_url=server.url)
        assert (health.state, health.error) == (HealthState.OK, None)
        assert "/v2/projects/proj-1/locations/global/recognizers/_:recognize" in server.requests[0].path


async def test_no_key_is_not_configured_and_asks_nobody() -> None:
    led = Led(None)
    health = await check(led)
    assert health.state is HealthState.NOT_CONFIGURED
    assert health.error is not None
    assert health.error.remedy is Remedy.SET_KEY
    assert led.asked == []


async def test_a_wrong_key() -> None:
    async with GoogleServer() as server:
        health = await check(api_key="AIza_wrong", base_url=server.url)
        assert health.state is HealthState.FAILED
        assert isinstance(health.error, AuthenticationError)
        assert health.error.remedy is Remedy.SET_KEY
        assert health.error.vendor_message == "API key not valid. Please pass a valid API key."


async def test_a_service_account_that_the_vendor_does_not_know() -> None:
    async with GoogleServer() as server:
        stranger = json.loads(server.service_account) | {"client_email": "somebody@else.iam.gserviceaccount.com"}
        health = await check(service_account=json.dumps(stranger), base_url=server.url)
        assert isinstance(health.error, AuthenticationError)


async def test_no_quota_and_no_billing() -> None:
    async with GoogleServer(quota_left=False) as server:
        used_up = await check(api_key=server.key, base_url=server.url)
        assert isinstance(used_up.error, QuotaExceededError)
        assert "quota" in used_up.error.message
        server.quota_left, server.billing = True, False
        assert isinstance((await check(api_key=server.key, base_url=server.url)).error, QuotaExceededError)


@pytest.mark.parametrize(
    ("words", "error"),
    [
        ("Quota exceeded for quota metric 'Audio seconds' and limit 'Audio seconds per day'.", QuotaExceededError),
        ("Quota exceeded for quota metric 'Requests' and limit 'Requests per minute'.", RateLimitError),
    ],
)
async def test_what_streams_are_refused_for_is_found_by_the_check(words: str, error: type[ProviderError]) -> None:
    refusing = Behaviour(refuse=StatusCode.RESOURCE_EXHAUSTED, refuse_words=words)
    async with GoogleServer(behaviours=[refusing]) as server:
        health = await check(api_key=server.key, base_url=server.url)
        assert health.state is HealthState.FAILED
        assert type(health.error) is error
        assert health.error.vendor_message == words


async def test_a_project_of_somebody_else() -> None:
    async with GoogleServer() as server:
        health = await check(api_key=server.key, project="proj-2", base_url=server.url)
        assert isinstance(health.error, AuthenticationError)
        assert health.error.remedy is Remedy.OPEN_SETTINGS


async def test_a_wrong_region() -> None:
    async with GoogleServer() as server:
        led = Led(server)
        settings = {"api_key": server.key, "project": "proj-1", "model": "chirp_3"}
        health = await check(led, **settings, other_region="us-east1")
        assert isinstance(health.error, ConfigurationError)
        assert health.error.code == "wrong_region"
        assert led.asked == ["us-east1-speech.googleapis.com"]
        assert (await check(led, **settings)).state is HealthState.OK
        assert led.asked[-1] == "us-speech.googleapis.com"


async def test_no_network() -> None:
    async with GoogleServer() as server:
        gone = server.url
    health = await check(api_key="AIza", base_url=gone)
    assert isinstance(health.error, ConnectionError)
    assert health.error.remedy is Remedy.CHECK_NETWORK
    assert "127.0.0.1" in health.detail


async def test_another_kind_of_server() -> None:
    async with GoogleServer(scripted=[Answer(404, "<html>")]) as server:
        health = await check(api_key=server.key, base_url=server.url)
        assert isinstance(health.error, ConfigurationError)
        assert "address" in health.detail


# ------------------------------------------------------------------------------------------------------ accounts


async def test_a_service_account_signs_its_own_token_and_asks_nobody(tmp_path: Path) -> None:
    async with GoogleServer() as server:
        file = tmp_path / "key.json"
        file.write_text(server.service_account, encoding="utf-8")
        for given in (server.service_account, str(file)):
            led = Led(server)
            got = await enter(Account(service_account=given), led)
            assert signed_by_us(got.headers["authorization"].removeprefix("Bearer "))
            assert got.project == "proj-1"
            assert led.asked == []
        assert (await enter(Account(service_account=given, project="other"), led)).project == "other"


@pytest.mark.parametrize(
    "given",
    [
        "{",
        "{}",
        '{"type": "service_account"}',
        '{"type": "service_account", "private_key": "no key-secret", "client_email": "a@b", "token_uri": "https://t"}',
        '{"type": "external_account"}',
        "/nowhere/key.json",
        "just words",
    ],
)
async def test_a_service_account_key_that_is_none(given: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        await enter(Account(service_account=given), Led(None))
    assert caught.value.remedy is Remedy.SET_KEY
    assert "key-secret" not in str(caught.value)


@pytest.mark.parametrize("way", ["file", "login"])
async def test_a_login_gets_a_token_and_keeps_it_while_it_is_good(
    way: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "application_default_credentials.json").write_text(json.dumps(USER), encoding="utf-8")
    who = Account(service_account=json.dumps(USER)) if way == "file" else Account()
    async with GoogleServer() as server:
        led = Led(server)
        first, second = await asyncio.gather(enter(who, led), enter(who, led))
        assert first.headers == second.headers
        assert first.headers["authorization"].removeprefix("Bearer ") in server.tokens
        assert first.headers["x-goog-user-project"] == "proj-1"
        assert first.project == "proj-1"
        (asked,) = server.requests
        assert parse_qs(asked.body.decode())["refresh_token"] == ["1//refresh-secret"]
        (login,) = account._logins.values()
        soon = datetime.datetime.now(datetime.UTC).replace(tzinfo=None) + datetime.timedelta(minutes=5)
        monkeypatch.setattr(login.credentials, "expiry", soon)
        assert (await enter(who, led)).headers != first.headers, "a token must outlive the connection it opens"


async def test_a_login_that_was_withdrawn() -> None:
    async with GoogleServer(login_valid=False) as server:
        with pytest.raises(AuthenticationError, match="expired or revoked") as caught:
            await enter(Account(service_account=json.dumps(USER)), Led(server))
        assert "secret" not in str(caught.value)
        server.login_valid = True
        assert await enter(Account(service_account=json.dumps(USER)), Led(server))


async def test_nobody_is_logged_in() -> None:
    with pytest.raises(ConfigurationError, match="gcloud auth application-default login"):
        await enter(Account(), Led(None))


async def test_no_network_for_the_token() -> None:
    with pytest.raises(ProviderError) as caught:
        await enter(Account(service_account=json.dumps(USER)), Led(None))
    assert isinstance(caught.value, ConnectionError)
    assert "oauth2.googleapis.com" in str(caught.value)


async def test_health_with_a_login() -> None:
    async with GoogleServer() as server:
        health = await check(Led(server), service_account=json.dumps(USER))
        assert (health.state, health.error) == (HealthState.OK, None)
