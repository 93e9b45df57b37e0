"""Deadlines of commits that are not on the wire yet: no connection, or one that takes no more audio."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from debabelizer.contract.stream import CommitOutcome
from debabelizer.errors import ConnectionError
from debabelizer.streaming.commits import CommitResult, Mark

if TYPE_CHECKING:
    from debabelizer.streaming.core import Core
    from debabelizer.streaming.stretch import Stretch

_LEAST_S = 0.02


class Guard:
    def __init__(self, core: Core) -> None:
        self._core = core
        self._timers: dict[Mark, asyncio.TimerHandle] = {}

    def watch(self, mark: Mark) -> None:
        """See to it that ``mark`` is resolved."""
        if mark not in self._timers:
            self._again(mark, self._core.policy.connect_s)

    def stop(self) -> None:
        for timer in self._timers.values():
            timer.cancel()
        self._timers.clear()

    def _again(self, mark: Mark, seconds: float) -> None:
        loop = asyncio.get_running_loop()
        self._timers[mark] = loop.call_later(max(_LEAST_S, seconds), self._check, mark)

    def _check(self, mark: Mark) -> None:
        del self._timers[mark]
        stretch = next((one for one in self._core.stretches if mark in one.marks), None)
        if stretch is None or not mark.waiting:
            return
        left = self._left(mark, stretch)
        if left > 0:
            self._again(mark, left)
            return
        error = stretch.error or self._core.no_connection(self._core.policy.connect_s)
        if stretch.epoch is not None:
            name = stretch.epoch.provider
            error = ConnectionError(f"{name} takes no more audio", name, "stalled")
        outcome = CommitOutcome.TIMED_OUT if stretch.epoch is not None else CommitOutcome.FAILED
        mark.resolve(CommitResult(outcome=outcome, error=error))
        self._core.commit_failed()

    def _left(self, mark: Mark, stretch: Stretch) -> float:
        """Seconds of patience left."""
        policy, now = self._core.policy, self._core.clock()
        if mark.sent:
            return policy.connect_s  # the watch over the connection minds it from here
        if stretch.epoch is not None:
            return max(mark.made, stretch.epoch.opened_at, stretch.epoch.last_audio) + policy.stall_s - now
        return max(max(mark.made, stretch.lost_at) + policy.connect_s, stretch.opening_until) - now
