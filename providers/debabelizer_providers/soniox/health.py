"""Would it work now? Lists the models, which tells of key and region, and has a tenth of a second of silence
transcribed, which tells of the balance and costs next to nothing."""

from __future__ import annotations

import asyncio
import io
import struct
from collections.abc import Awaitable

import httpx

from debabelizer.contract import Health, HealthState, StreamOptions
from debabelizer.errors import AuthenticationError, ConfigurationError, ConnectionError, ProviderError, Remedy
from debabelizer_providers.soniox.connect import Plan, plan
from debabelizer_providers.soniox.context import setting
from debabelizer_providers.soniox.description import NAME, REGION_TITLES, REGIONS
from debabelizer_providers.soniox.files import file_model
from debabelizer_providers.soniox.rest import Rest

_ANSWER_S = 10.0
_TRANSCRIBED_S = 30.0
"""Upload, queue, transcription and clean-up."""
_ASK_EVERY_S = 0.3
_SAMPLES = 1600


async def check(options: StreamOptions, http: httpx.AsyncClient) -> Health:
    """Tells missing key, wrong key, key of another region, missing model, empty balance, no network and bad settings
    apart."""
    try:
        wanted = plan(options)
    except ConfigurationError as error:
        missing = error.remedy is Remedy.SET_KEY
        return Health(HealthState.NOT_CONFIGURED if missing else HealthState.FAILED, error.message, error)
    except ProviderError as error:
        return Health(HealthState.FAILED, error.message, error)
    rest = Rest(http, wanted.rest_url, wanted.key)
    host = httpx.URL(wanted.rest_url).host
    try:
        await _in_time(host, _models(rest, wanted, host))
    except AuthenticationError as error:
        error = await _elsewhere(options, http, wanted) or error
        return Health(HealthState.FAILED, error.message, error)
    except ProviderError as error:
        return Health(HealthState.FAILED, error.message, error)
    return await _balance(rest, host, file_model(options))


async def _models(rest: Rest, wanted: Plan, host: str) -> None:
    known = {model.id for model in await rest.models()}
    if known and wanted.model not in known:
        raise ConfigurationError(f"{host} does not offer the model {wanted.model}.", NAME, "model_not_available")


async def _elsewhere(options: StreamOptions, http: httpx.AsyncClient, wanted: Plan) -> AuthenticationError | None:
    """A key is good only in its project's region: is it right at another of the vendor's own hosts?"""
    if setting(options, "base_url"):
        return None  # the user chose the only address that may see the key
    for region, domain in REGIONS.items():
        url = f"https://api.{domain}"
        if url == wanted.rest_url:
            continue
        try:
            await _in_time(domain, Rest(http, url, wanted.key).models())
        except ProviderError:
            continue
        title = REGION_TITLES[region]
        return AuthenticationError(
            f"The Soniox API key belongs to another region: {title}.",
            NAME,
            "wrong_region",
            remedy=Remedy.OPEN_SETTINGS,
        )
    return None


async def _balance(rest: Rest, host: str, model: str) -> Health:
    works = f"The key works at {host}."
    try:
        await _in_time(host, _transcribe_silence(rest, model), _TRANSCRIBED_S)
    except AuthenticationError:
        # A key may be for live use alone.
        return Health(HealthState.OK, f"{works} It may not transcribe files, so the balance could not be asked about.")
    except ProviderError as error:
        return Health(HealthState.FAILED, error.message, error)
    return Health(HealthState.OK, works)


async def _transcribe_silence(rest: Rest, model: str) -> None:
    file = await rest.upload("silence.wav", "audio/wav", io.BytesIO(_silence()), {})
    try:
        job = await rest.order({"model": model, "file_id": file})
        await _deleted(rest, job)
    finally:
        await rest.delete_file(file)


async def _deleted(rest: Rest, job: str) -> None:
    """Once it is done, which takes a moment."""
    while True:
        if await rest.delete_job(job):
            return
        await asyncio.sleep(_ASK_EVERY_S)


async def _in_time(host: str, call: Awaitable[object], seconds: float = _ANSWER_S) -> None:
    """Raises ProviderError, for what the network does, too."""
    try:
        async with asyncio.timeout(seconds):
            await call
    except (TimeoutError, httpx.TimeoutException) as problem:
        raise ConnectionError(f"{host} did not answer in {seconds:g} s.", NAME) from problem
    except (httpx.HTTPError, httpx.InvalidURL) as problem:
        raise ConnectionError(f"{host} cannot be reached: {problem}", NAME) from problem


def _silence() -> bytes:
    """A WAV file."""
    size = 2 * _SAMPLES
    form = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 1, 16_000, 32_000, 2, 16)
    return struct.pack("<4sI4s", b"RIFF", 36 + size, b"WAVE") + form + struct.pack("<4sI", b"data", size) + bytes(size)
