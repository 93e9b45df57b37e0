"""Asking a provider whether it would work now."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import TYPE_CHECKING

from debabelizer.contract.provider import Health, HealthState, Provider
from debabelizer.contract.stream import StreamOptions
from debabelizer.errors import ConnectionError, InternalError, ProviderError

if TYPE_CHECKING:
    import httpx

_PATIENCE_S = 15.0
"""For the answer."""

_log = logging.getLogger(__name__)


async def health(provider: Provider, options: Callable[[str], StreamOptions], http: httpx.AsyncClient) -> Health:
    """Never raises for what the provider does. ``options``: those of a provider by its name, as the settings give
    them. What the network did is told as everywhere else."""
    name, title = provider.description.name, provider.description.title
    try:
        async with asyncio.timeout(_PATIENCE_S):
            found = await provider.check(options(name), http)
    except TimeoutError:
        return _failed(ConnectionError(f"{title} did not answer within {_PATIENCE_S:g} s.", name))
    except ProviderError as error:
        return _failed(error)
    except Exception as problem:  # noqa: BLE001 - another's code: whatever it raises, the others are still asked
        _log.exception("the health check of %s failed", name)
        detail = f"{title} could not be checked: {type(problem).__name__}. The log says more."
        return _failed(InternalError(detail, name))
    cause = found.error.__cause__ if found.error is not None else None
    return found if cause is None else _of_the_network(cause, name) or found


def _of_the_network(cause: BaseException, provider: str) -> Health | None:
    import httpx

    from debabelizer.streaming.transports.failures import from_http

    if not isinstance(cause, httpx.RequestError):
        return None
    try:
        url = str(cause.request.url)
    except RuntimeError:  # it failed before there was one
        return None
    return _failed(from_http(cause, provider, url))


def _failed(error: ProviderError) -> Health:
    return Health(HealthState.FAILED, error.message, error)
