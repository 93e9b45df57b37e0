"""Would it work now? Has a tenth of a second of silence recognised: that needs the very rights dictation needs and
costs next to nothing."""

from __future__ import annotations

import struct
from urllib.parse import urlencode

import httpx

from debabelizer.contract import Health, HealthState, StreamOptions
from debabelizer.errors import (
    AuthenticationError,
    ConfigurationError,
    ConnectionError,
    ProviderError,
    Remedy,
)
from debabelizer_providers.deepgram.connect import Plan, authorization, plan, setting
from debabelizer_providers.deepgram.description import NAME, REGIONS
from debabelizer_providers.deepgram.trouble import http_error

_ANSWER_S = 10.0
_SAMPLES = 1600


async def check(options: StreamOptions, http: httpx.AsyncClient) -> Health:
    """Tells missing key, wrong key, empty balance, a model that the region or the plan lacks, no network and bad
    settings apart."""
    try:
        wanted = plan(options)
    except ConfigurationError as error:
        missing = error.remedy is Remedy.SET_KEY
        return Health(HealthState.NOT_CONFIGURED if missing else HealthState.FAILED, error.message, error)
    except ProviderError as error:
        return Health(HealthState.FAILED, error.message, error)
    try:
        await _ask(http, wanted, wanted.base_url)
    except (AuthenticationError, ConfigurationError) as error:
        error = await _elsewhere(options, http, wanted) or error
        return Health(HealthState.FAILED, error.message, error)
    except ProviderError as error:
        return Health(HealthState.FAILED, error.message, error)
    return Health(HealthState.OK, f"The key works at {httpx.URL(wanted.base_url).host}.")


async def _ask(http: httpx.AsyncClient, wanted: Plan, base: str) -> None:
    host = httpx.URL(base).host
    # Flux takes no files: then the key and the balance are asked about with the default model.
    query = [("model", "nova-3" if wanted.flux else wanted.model)]
    if wanted.language and not wanted.flux:
        query.append(("language", wanted.language))
    try:
        answer = await http.post(
            f"{base}/v1/listen?{urlencode(query)}",
            headers={**authorization(wanted.key), "Content-Type": "audio/wav"},
            content=_silence(),
            timeout=_ANSWER_S,
        )
    except httpx.TimeoutException as problem:
        raise ConnectionError(f"{host} did not answer in {_ANSWER_S:g} s.", NAME) from problem
    except (httpx.HTTPError, httpx.InvalidURL) as problem:
        raise ConnectionError(f"{host} cannot be reached: {problem}", NAME) from problem
    if answer.status_code != 200:
        raise http_error(answer.status_code, answer.content)


async def _elsewhere(options: StreamOptions, http: httpx.AsyncClient, wanted: Plan) -> ConfigurationError | None:
    """Keys are the same everywhere, models are not: would it work at the vendor's main address?"""
    home = REGIONS["global"]
    if setting(options, "base_url") or wanted.base_url == home:
        return None  # the user chose the only address that may see the key
    try:
        await _ask(http, wanted, home)
    except ProviderError:
        return None
    return ConfigurationError(
        f"Deepgram does not offer {wanted.model} in this region: it works with “Automatic”.", NAME, "wrong_region"
    )


def _silence() -> bytes:
    """A WAV file."""
    size = 2 * _SAMPLES
    form = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 1, 16_000, 32_000, 2, 16)
    return struct.pack("<4sI4s", b"RIFF", 36 + size, b"WAVE") + form + struct.pack("<4sI", b"data", size) + bytes(size)
