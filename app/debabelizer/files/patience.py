"""Trying again where that can help: by the error's category, with growing pauses, never for what is hopeless."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable, Mapping
from typing import TypeVar

import msgspec

from debabelizer.errors import Category, ProviderError, RateLimitError

_log = logging.getLogger(__name__)
T = TypeVar("T")


_ATTEMPTS = {Category.NETWORK: 6, Category.RATE_LIMIT: 10, Category.PROTOCOL: 3, Category.INTERNAL: 2}


class Patience(msgspec.Struct, frozen=True, kw_only=True):
    """Seconds. ``attempts``: by category, the first one included; a category not named is tried once."""

    attempts: Mapping[Category, int] = msgspec.field(default_factory=lambda: _ATTEMPTS)
    first_s: float = 0.5
    factor: float = 2.0
    cap_s: float = 60.0
    jitter: float = 0.25
    longest_wait_s: float = 600.0
    """Whoever is asked to wait longer than that is told so instead."""


PATIENCE = Patience()


async def attempted(
    work: Callable[[], Awaitable[T]],
    patience: Patience,
    waiting: Callable[[float, ProviderError], None],
    sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
) -> T:
    """What ``work`` returns, at last; raises the error that was one too many. ``waiting`` is told of each pause and
    why."""
    failures: dict[Category, int] = {}
    delay = patience.first_s
    while True:
        try:
            return await work()
        except ProviderError as error:
            count = failures[error.category] = failures.get(error.category, 0) + 1
            if not error.retryable or count >= patience.attempts.get(error.category, 1):
                raise
            pause = delay * random.uniform(1 - patience.jitter, 1 + patience.jitter)  # noqa: S311 - spreads load
            if isinstance(error, RateLimitError) and error.retry_after is not None:
                if error.retry_after > patience.longest_wait_s:
                    raise
                pause = max(error.retry_after, 0.01) + pause * patience.jitter
            delay = min(delay * patience.factor, patience.cap_s)
            _log.info("%s: %s; trying again in %.1f s", error.provider, error.message, pause)
            waiting(pause, error)
        await sleep(pause)
