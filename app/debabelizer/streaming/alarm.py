"""One timer for a moment that keeps moving."""

from __future__ import annotations

import asyncio
from collections.abc import Callable


class Alarm:
    """Calls ``ring`` when the moment it was last set to has come. Setting it to a later one costs nothing: the timer
    finds out when it fires."""

    def __init__(self, clock: Callable[[], float], ring: Callable[[], None]) -> None:
        self._clock = clock
        self._ring = ring
        self._due: float | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._fires_at = 0.0

    def set(self, moment: float | None) -> None:
        """``moment`` by the clock; None: not at all."""
        self._due = moment
        if moment is None or (self._timer is not None and self._fires_at <= moment):
            return
        self.stop()
        self._start(moment)

    def stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _start(self, moment: float) -> None:
        self._due = self._fires_at = moment
        self._timer = asyncio.get_running_loop().call_later(max(0.0, moment - self._clock()), self._fire)

    def _fire(self) -> None:
        self._timer = None
        due, self._due = self._due, None
        if due is None:
            return
        if self._clock() < due:
            self._start(due)
        else:
            self._ring()
