"""Pings on one connection: when the other side last gave a sign of life, and how much audio it has surely got."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable

from debabelizer.streaming.transports.link import Link, LinkClosed


class Pulse:
    """``window_s``: seconds of audio that may be under way unconfirmed. It bounds what a ping can queue behind on
    a slow line, and so how late death is noticed."""

    def __init__(self, link: Link, window_s: float, clock: Callable[[], float]) -> None:
        self._link = link
        self._window_s = window_s
        self._clock = clock
        self._ping: asyncio.Task[None] | None = None
        self._confirmed = asyncio.Event()
        self._sent_s = 0.0
        self._confirmed_s = 0.0
        self._pinged_s = 0.0
        """What had been sent before the newest ping."""
        self.last_heard = clock()
        self.doubted = False
        """There is reason to think that the connection is dead, and it has given no sign of life since."""

    @property
    def under_way_s(self) -> float:
        """Seconds of audio sent and not confirmed."""
        return self._sent_s - self._confirmed_s

    @property
    def ahead_s(self) -> float:
        """Seconds of audio that the newest ping queues behind; none once it is answered."""
        return max(0.0, self._pinged_s - self._confirmed_s)

    def has_room(self, seconds: float) -> bool:
        """Whether ``seconds`` more of audio may go now."""
        under_way_s = self._sent_s - self._confirmed_s
        if under_way_s + seconds <= self._window_s / 2:
            return True
        self.ping()
        return under_way_s <= 0 or under_way_s + seconds <= self._window_s

    async def room(self, seconds: float) -> None:
        """Returns when it may."""
        while not self.has_room(seconds):
            self._confirmed.clear()
            await self._confirmed.wait()

    def sent(self, seconds: float) -> None:
        self._sent_s += seconds

    def heard(self) -> None:
        self.doubted = False
        self.excuse()

    def excuse(self) -> None:
        """The silence so far is not the other side's fault."""
        self.last_heard = self._clock()

    def doubt(self) -> None:
        self.doubted = True
        if self._ping is not None:
            self._ping.cancel()  # it may have been lost on a way that is no more
            self._ping = None

    def ping(self) -> asyncio.Task[None]:
        """Send a ping, unless one is under way."""
        if self._ping is None or self._ping.done():
            self._ping = asyncio.create_task(self._answered_ping())
        return self._ping

    async def _answered_ping(self) -> None:
        sent_s = self._pinged_s = self._sent_s
        with contextlib.suppress(LinkClosed):  # the reader hears of it
            await self._link.ping()
            self.heard()
            self._confirmed_s = sent_s
            self._confirmed.set()

    async def stop(self) -> None:
        if self._ping is not None:
            self._ping.cancel()
            await asyncio.gather(self._ping, return_exceptions=True)
