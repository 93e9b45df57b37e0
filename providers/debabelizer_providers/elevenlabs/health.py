"""Would it work now? Asks for a single-use token, which costs nothing and needs the very right dictation needs."""

from __future__ import annotations

import httpx

from debabelizer.contract import Health, HealthState, StreamOptions
from debabelizer.errors import (
    AuthenticationError,
    ConfigurationError,
    ConnectionError,
    ProviderError,
    Remedy,
)
from debabelizer_providers.elevenlabs.connect import base_url, plan, setting, token, token_request
from debabelizer_providers.elevenlabs.description import NAME, REGIONS

_ANSWER_S = 10.0


async def check(options: StreamOptions, http: httpx.AsyncClient) -> Health:
    """Tells missing key, wrong key, wrong region, no credits, no network and bad settings apart."""
    try:
        wanted = plan(options)
    except ConfigurationError as error:
        missing = error.remedy is Remedy.SET_KEY
        return Health(HealthState.NOT_CONFIGURED if missing else HealthState.FAILED, error.message, error)
    except ProviderError as error:
        return Health(HealthState.FAILED, error.message, error)
    try:
        await _mint(http, wanted.base_url, wanted.key)
    except AuthenticationError as error:
        error = await _elsewhere(options, http, wanted.key) or error
        return Health(HealthState.FAILED, error.message, error)
    except ProviderError as error:
        return Health(HealthState.FAILED, error.message, error)
    return Health(HealthState.OK, f"The key works at {httpx.URL(wanted.base_url).host}.")


async def _mint(http: httpx.AsyncClient, base: str, key: str) -> None:
    request = token_request(base, key)
    try:
        answer = await http.request(request.method, request.url, headers=dict(request.headers), timeout=_ANSWER_S)
    except httpx.TimeoutException as problem:
        raise ConnectionError(f"{httpx.URL(base).host} did not answer in {_ANSWER_S:g} s.", NAME) from problem
    except (httpx.HTTPError, httpx.InvalidURL) as problem:
        raise ConnectionError(f"{httpx.URL(base).host} cannot be reached: {problem}", NAME) from problem
    token(answer.status_code, answer.content)


async def _elsewhere(options: StreamOptions, http: httpx.AsyncClient, key: str) -> AuthenticationError | None:
    """A key is good only where its account lives: is it right at another of the vendor's own hosts?"""
    here = base_url(options)
    if setting(options, "base_url"):
        return None  # the user chose the only address that may see the key
    for region, base in REGIONS.items():
        if base == here:
            continue
        try:
            await _mint(http, base, key)
        except ProviderError:
            continue
        return AuthenticationError(
            f"The ElevenLabs key is right, but not for this region: it works with “{region}”.",
            NAME,
            "wrong_region",
            remedy=Remedy.OPEN_SETTINGS,
        )
    return None
