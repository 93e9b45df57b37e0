"""Pings on one connection: when the other side last gave a sign of life, and how much audio it has surely got."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from functools import partial

from debabelizer.streaming.timemap import SESSION_RATE
from debabelizer.streaming.transports.link import Link, LinkClosed


class Pulse:
    """``window_s``: seconds of audio that may be under way unconfirmed. It bounds what a ping can queue behind on
    a slow line, and so how late death is noticed. Positions are samples of the connection's audio, from its
    beginning."""

    def __init__(self, link: Link, window_s: float, clock: Callable[[], float]) -> None:
        self._link = link
        self._window = round(window_s * SESSION_RATE)
        self._clock = clock
        self._asking = False
        """A ping is under way."""
        self._asked = 0
        """Pings so far."""
        self._task: asyncio.Task[None] | None = None
        """Of a ping on a link that takes its time."""
        self._answer = asyncio.Event()
        """The newest ping is answered."""
        self.sent = 0
        """Audio has gone out up to there; whoever sends some counts it here."""
        self.free = self._window // 2
        """So far it may go without asking for room."""
        self._confirmed = 0
        self._pinged = 0
        """What had been sent before the newest ping."""
        self.last_heard = clock()
        self.doubted = False
        """There is reason to think that the connection is dead, and it has given no sign of life since."""

    @property
    def under_way_s(self) -> float:
        """Seconds of audio sent and not confirmed."""
        return (self.sent - self._confirmed) / SESSION_RATE

    @property
    def ahead_s(self) -> float:
        """Seconds of audio that the newest ping queues behind; none once it is answered."""
        return max(0.0, (self._pinged - self._confirmed) / SESSION_RATE)

    def has_room(self, upto: int) -> bool:
        """Whether audio may go ``upto`` there now."""
        if upto <= self.free:
            return True
        self.ping()
        return self.sent <= self._confirmed or upto - self._confirmed <= self._window

    async def room(self, upto: int) -> None:
        """Returns when it may."""
        while not self.has_room(upto):
            await self.answer()

    def heard(self) -> None:
        self.doubted = False
        self.last_heard = self._clock()

    def excuse(self) -> None:
        """The silence so far is not the other side's fault."""
        self.last_heard = self._clock()

    def doubt(self) -> None:
        self.doubted = True
        self._asking = False  # the ping may have been lost on a way that is no more

    def ping(self) -> None:
        """Send a ping, unless one is under way."""
        if self._asking:
            return
        self._asking = True
        self._asked += 1
        self._pinged = self.sent
        self._answer.clear()
        answered = partial(self._answered, self._asked, self.sent)
        if not self._link.try_ping(answered):
            self._cancel()
            self._task = asyncio.create_task(self._ping(answered))

    async def _ping(self, answered: Callable[[], None]) -> None:
        with contextlib.suppress(LinkClosed):  # the reader hears of it
            await self._link.ping()
            answered()

    def _answered(self, number: int, sent: int) -> None:
        if number != self._asked or not self._asking:
            return  # one that was given up
        self._asking = False
        self.heard()
        self._confirmed = sent
        self.free = sent + self._window // 2
        self._answer.set()

    async def answer(self) -> None:
        """Returns when the newest ping is answered."""
        await self._answer.wait()

    def _cancel(self) -> None:
        if self._task is not None:
            self._task.cancel()

    async def stop(self) -> None:
        self._cancel()
        if self._task is not None:
            await asyncio.gather(self._task, return_exceptions=True)
