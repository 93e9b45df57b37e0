"""The way back after a failover: now and then the chosen provider is tried, beside the one that stands in."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable

from debabelizer.errors import ProviderError
from debabelizer.streaming import Session

_log = logging.getLogger(__name__)

FIRST_S = 30.0
HOPELESS_S = 600.0
"""The first wait where only the user can mend it: a key, a bill."""
LONGEST_S = 1800.0


class WayBack:
    """``open_alone`` gives a session with the chosen provider and nobody standing in; ``found`` is called when it can
    be connected. ``why`` it was left; ``returns``: how often that way was found and did not last. Lives on one asyncio
    loop, until :meth:`end`."""

    def __init__(
        self, open_alone: Callable[[], Session], found: Callable[[], None], why: ProviderError | None, returns: int
    ) -> None:
        self._open_alone = open_alone
        self._found = found
        self._hurried = asyncio.Event()
        first = FIRST_S if why is None or why.retryable else HOPELESS_S
        self._task = asyncio.create_task(
            self._run(min(first * 2**returns, LONGEST_S)), name="way back to the chosen provider"
        )

    def hurry(self) -> None:
        """The network is another one: now it may work."""
        self._hurried.set()

    async def end(self) -> None:
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)

    async def _run(self, wait: float) -> None:
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(wait):
                    await self._hurried.wait()
            self._hurried.clear()
            if await self._works():
                self._found()
                return
            wait = min(2 * wait, LONGEST_S)

    async def _works(self) -> bool:
        """Whether a connection gets ready."""
        try:
            session = self._open_alone()
        except ProviderError as error:
            _log.debug("the chosen provider does not work yet: %s", error)
            return False
        try:
            await session.connect()
        except ProviderError as error:
            _log.debug("the chosen provider does not work yet: %s", error)
            return False
        finally:
            await session.abort()
        return True
