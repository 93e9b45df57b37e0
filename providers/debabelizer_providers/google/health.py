"""Would it work now? Has a tenth of a second of silence recognised: that needs the very rights dictation needs and
costs next to nothing."""

from __future__ import annotations

import httpx

from debabelizer.contract import Health, HealthState, StreamOptions
from debabelizer.errors import ConfigurationError, ConnectionError, ProviderError, Remedy
from debabelizer_providers.google.account import access
from debabelizer_providers.google.connect import Plan, plan
from debabelizer_providers.google.description import NAME
from debabelizer_providers.google.rest import pcm_form, recognize

_ANSWER_S = 10.0
_SILENCE = bytes(3200)


async def check(options: StreamOptions, http: httpx.AsyncClient) -> Health:
    """Tells missing library, missing key, wrong key, no quota, a model that the region lacks, no network and bad
    settings apart."""
    try:
        wanted = plan(options)
        await _ask(http, wanted)
    except ConfigurationError as error:
        missing = error.remedy is Remedy.SET_KEY or error.code == "library_missing"
        return Health(HealthState.NOT_CONFIGURED if missing else HealthState.FAILED, error.message, error)
    except ProviderError as error:
        return Health(HealthState.FAILED, error.message, error)
    return Health(HealthState.OK, f"The account works at {httpx.URL(wanted.base_url).host}.")


async def _ask(http: httpx.AsyncClient, wanted: Plan) -> None:
    who = await access(wanted.account, http)
    host = httpx.URL(wanted.base_url).host
    try:
        await recognize(http, wanted, who, _SILENCE, pcm_form(wanted), _ANSWER_S)
    except httpx.TimeoutException as problem:
        raise ConnectionError(f"{host} did not answer in {_ANSWER_S:g} s.", NAME) from problem
    except (httpx.HTTPError, httpx.InvalidURL) as problem:
        raise ConnectionError(f"{host} cannot be reached: {problem}", NAME) from problem
