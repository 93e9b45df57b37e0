"""Would it work now? Has a tenth of a second of silence recognised: that needs the very rights dictation needs and
costs next to nothing."""

from __future__ import annotations

import asyncio
from urllib.parse import urlencode

import httpx
import msgspec

from debabelizer.contract import PCM_16K, Health, HealthState, StreamOptions, seconds_of
from debabelizer.errors import (
    AuthenticationError,
    ConfigurationError,
    ConnectionError,
    ProviderError,
    RateLimitError,
    Remedy,
)
from debabelizer_providers.azure.address import REGIONS, of_region
from debabelizer_providers.azure.connect import Plan, key_header, plan
from debabelizer_providers.azure.description import NAME
from debabelizer_providers.azure.trouble import garbage, http_error, status_error
from debabelizer_providers.azure.wire import wav_header

_ANSWER_S = 10.0
_ELSEWHERE_S = 4.0
_SAMPLES = 1600
_FINE = frozenset({"Success", "NoMatch", "InitialSilenceTimeout", "BabbleTimeout", "EndOfDictation"})
WAV_16K = "audio/wav; codecs=audio/pcm; samplerate=16000"


async def check(options: StreamOptions, http: httpx.AsyncClient) -> Health:
    """Tells missing key, wrong key, another region's key, used-up hours, no network and bad settings apart."""
    try:
        wanted = plan(options)
    except ConfigurationError as error:
        missing = error.remedy is Remedy.SET_KEY
        return Health(HealthState.NOT_CONFIGURED if missing else HealthState.FAILED, error.message, error)
    except ProviderError as error:
        return Health(HealthState.FAILED, error.message, error)
    try:
        await _ask(http, wanted)
    except ProviderError as error:
        wrong = await _wrong_region(http, wanted, error) or error
        return Health(HealthState.FAILED, wrong.message, wrong)
    return Health(HealthState.OK, f"The key works at {wanted.address.host}.")


async def _ask(http: httpx.AsyncClient, wanted: Plan) -> None:
    size = 2 * _SAMPLES
    answer = await _post(
        http,
        f"{wanted.address.short}?{urlencode([pair for pair in wanted.query if pair[0] in ('language', 'cid')])}",
        {**key_header(wanted.key), "Content-Type": WAV_16K, "Accept": "application/json"},
        wav_header(PCM_16K, size) + bytes(size),
    )
    if answer.status_code != 200:
        error = http_error(answer.status_code, answer.content)
        if isinstance(error, RateLimitError):
            error.retry_after = seconds_of(answer.headers.get("retry-after"))
        raise error
    status = _status(answer.content)
    if status not in _FINE:
        raise status_error(status)


async def _post(
    http: httpx.AsyncClient, url: str, headers: dict[str, str], content: bytes, timeout: float = _ANSWER_S
) -> httpx.Response:
    host = httpx.URL(url).host
    try:
        return await http.post(url, headers=headers, content=content, timeout=timeout)
    except httpx.TimeoutException as problem:
        raise ConnectionError(f"{host} did not answer in {timeout:g} s.", NAME) from problem
    except (httpx.HTTPError, httpx.InvalidURL) as problem:
        raise ConnectionError(f"{host} cannot be reached: {problem}", NAME) from problem


def _status(body: bytes) -> str:
    class Answer(msgspec.Struct, rename="pascal"):
        recognition_status: str

    try:
        return msgspec.json.decode(body, type=Answer).recognition_status
    except (ValueError, RecursionError) as problem:
        raise garbage("an answer without a status") from problem


async def _wrong_region(http: httpx.AsyncClient, wanted: Plan, error: ProviderError) -> ConfigurationError | None:
    """A wrong key and a wrong region look the same, and a region that does not exist looks like no network: which other
    region takes the key? An address of the user's own is the only one that may see it."""
    region = wanted.address.region
    refused = isinstance(error, AuthenticationError) and error.remedy is Remedy.SET_KEY
    unknown = isinstance(error, ConnectionError) and region not in REGIONS
    if not (refused or unknown) or not wanted.address.public:
        return None
    here = await _elsewhere(http, wanted.key, [name for name in REGIONS if name != region])
    if here is None:
        return None
    return ConfigurationError(f"This key belongs to the region {here}, and {region} is set.", NAME, "wrong_region")


async def _elsewhere(http: httpx.AsyncClient, key: str, regions: list[str]) -> str | None:
    """All at once, for a token each, which costs nothing."""

    async def takes(region: str) -> str | None:
        try:
            answer = await _post(http, of_region(region).token, key_header(key), b"", _ELSEWHERE_S)
        except ConnectionError:
            return None
        return region if answer.status_code == 200 else None

    asked = [asyncio.ensure_future(takes(region)) for region in regions]
    try:
        for answer in asyncio.as_completed(asked):
            if (found := await answer) is not None:
                return found
    finally:
        for task in asked:
            task.cancel()
        await asyncio.gather(*asked, return_exceptions=True)
    return None
