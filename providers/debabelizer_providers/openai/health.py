"""Would it work now? OpenAI is asked for a client secret, which costs nothing and tests key, rights and settings;
other servers for their models."""

from __future__ import annotations

import httpx
import msgspec

from debabelizer.contract import Health, HealthState, HttpRequest, StreamOptions
from debabelizer.errors import (
    ConfigurationError,
    ConnectionError,
    ProviderError,
    Remedy,
)
from debabelizer_providers.openai.connect import Plan, authorization, plan, secret, secret_request
from debabelizer_providers.openai.description import BASE_URL, NAME
from debabelizer_providers.openai.trouble import http_error

_ANSWER_S = 10.0
_NAMED = 5
"""Models named where the wanted one is not there."""


async def check(options: StreamOptions, http: httpx.AsyncClient) -> Health:
    """Tells missing key, wrong key, wrong region, no credits, no network, a missing model and bad settings apart."""
    try:
        wanted = plan(options)
    except ConfigurationError as error:
        missing = error.remedy is Remedy.SET_KEY
        return Health(HealthState.NOT_CONFIGURED if missing else HealthState.FAILED, error.message, error)
    except ProviderError as error:
        return Health(HealthState.FAILED, error.message, error)
    try:
        if not (wanted.dialect.mints and await _can_mint(http, wanted)):
            await _look_for_the_model(http, wanted)
    except ProviderError as error:
        return Health(HealthState.FAILED, error.message, error)
    host = httpx.URL(wanted.base_url).host
    if not wanted.key:
        return Health(HealthState.OK, f"There is a server at {host}, with the model {wanted.model}.")
    return Health(HealthState.OK, f"The key works at {host}, with the model {wanted.model}.")


async def _can_mint(http: httpx.AsyncClient, wanted: Plan) -> bool:
    """False where a server in OpenAI's place has no client secrets; whether it is one at all, its models tell."""
    status, body = await _ask(http, secret_request(wanted, wanted.configuration()))
    if status in (404, 405) and wanted.base_url != BASE_URL:
        return False
    secret(status, body)
    return True


async def _look_for_the_model(http: httpx.AsyncClient, wanted: Plan) -> None:
    headers = {**authorization(wanted), **wanted.headers}
    status, body = await _ask(http, HttpRequest(method="GET", url=wanted.base_url + "/models", headers=headers))
    if status != 200:
        raise http_error(status, body)
    names = _names(body)
    # At Azure the model is the name of a deployment, which this list does not have.
    if names and wanted.model not in names and wanted.dialect.name != "azure":
        some = ", ".join(names[:_NAMED]) + (", …" if len(names) > _NAMED else "")
        raise ConfigurationError(f"The server has no model “{wanted.model}”; it has {some}.", NAME, "model_not_found")


async def _ask(http: httpx.AsyncClient, request: HttpRequest) -> tuple[int, bytes]:
    host = httpx.URL(request.url).host
    try:
        answer = await http.request(
            request.method,
            request.url,
            headers=dict(request.headers),
            content=request.body or None,
            timeout=_ANSWER_S,
        )
    except httpx.TimeoutException as problem:
        raise ConnectionError(f"{host} did not answer in {_ANSWER_S:g} s.", NAME) from problem
    except (httpx.HTTPError, httpx.InvalidURL) as problem:
        raise ConnectionError(f"{host} cannot be reached: {problem}", NAME) from problem
    return answer.status_code, answer.content


class _Named(msgspec.Struct):
    id: str


class _Models(msgspec.Struct):
    data: list[_Named] = []


def _names(body: bytes) -> list[str]:
    """Empty where the server lists none."""
    try:
        return [model.id for model in msgspec.json.decode(body, type=_Models).data]
    except (ValueError, RecursionError):
        return []
