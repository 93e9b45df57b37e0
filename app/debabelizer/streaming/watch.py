"""Signs of life: pings while audio flows, so that a half-open connection is noticed while someone speaks, and
the deadlines of commits."""

from __future__ import annotations

import asyncio
import contextlib

from debabelizer.contract.stream import KeepAlive
from debabelizer.errors import ConnectionError
from debabelizer.streaming.commits import time_out
from debabelizer.streaming.epoch import Epoch, EpochOver

_LOOKS_PER_DEADLINE = 5


class Watch:
    def __init__(self, epoch: Epoch) -> None:
        self._epoch = epoch
        self._core = epoch.core
        self._deadline = self._core.policy.half_open_s
        self._between = self._deadline / _LOOKS_PER_DEADLINE
        self._active_since = 0.0

    async def run(self) -> None:
        """Until the connection is dead; raises EpochOver then."""
        await self._epoch.ready.wait()
        while True:
            await self._rest()
            self._epoch.at_rest = False
            self._active_since = self._core.clock()
            while self._active():
                self._look()
                before = self._core.clock()
                await asyncio.sleep(self._between)
                if self._core.clock() - before > self._deadline / 2:
                    self._epoch.pulse.excuse()  # it was we who were away: a suspended or overloaded machine

    def _active(self) -> bool:
        """Audio flows, an answer is due, or there is reason to doubt."""
        epoch = self._epoch
        flowing = self._core.clock() - epoch.last_audio < self._deadline
        waiting = bool(epoch.unanswered) or epoch.finish_said
        return flowing or waiting or epoch.pulse.under_way_s > 0 or epoch.pulse.doubted

    async def _rest(self) -> None:
        """Until there is activity again. An idle connection is pinged where that keeps it alive."""
        epoch = self._epoch
        pings = epoch.limits.keep_alive is KeepAlive.PING
        while True:
            epoch.activity.clear()
            epoch.at_rest = True
            if self._active():
                return
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(epoch.limits.keep_alive_every_s if pings else None):
                    await epoch.activity.wait()
                    return
            await self._idle_ping()

    async def _idle_ping(self) -> None:
        epoch = self._epoch
        epoch.pulse.ping()
        signs = [asyncio.create_task(epoch.activity.wait()), asyncio.create_task(epoch.pulse.answer())]
        try:
            seen, _ = await asyncio.wait(
                signs, timeout=self._core.policy.idle_ping_s, return_when=asyncio.FIRST_COMPLETED
            )
        finally:
            for sign in signs:
                sign.cancel()
            await asyncio.gather(*signs, return_exceptions=True)
        if not seen:
            raise self._dead(self._core.policy.idle_ping_s)

    def _look(self) -> None:
        now = self._core.clock()
        self._mind_commits(now)
        epoch = self._epoch
        if epoch.held_back:
            epoch.pulse.excuse()
        silent_for = now - max(epoch.pulse.last_heard, self._active_since)
        # On a slow line a ping queues behind the audio sent before it; that is not death. What was sent after the ping
        # is no excuse: while someone speaks, it grows as fast as the silence.
        if silent_for >= max(self._deadline, epoch.pulse.ahead_s):
            raise self._dead(silent_for)
        if silent_for >= self._between / 2 or epoch.pulse.doubted:  # whoever talks is alive
            epoch.pulse.ping()

    def _dead(self, seconds: float) -> EpochOver:
        epoch = self._epoch
        return EpochOver(
            ConnectionError(
                f"The connection to {epoch.title} has given no sign of life for {seconds:.1f} s",
                epoch.provider,
                "half_open",
            )
        )

    def _mind_commits(self, now: float) -> None:
        epoch = self._epoch
        if not epoch.unanswered or now < epoch.unanswered[0].deadline:
            return
        error = ConnectionError(f"{epoch.title} did not answer a commit in time", epoch.provider, "commit_timeout")
        time_out(epoch.unanswered[0], error)
        self._core.commit_failed()
        # Answers carry no name: after a lost one, all later ones would be taken for their predecessors'.
        raise EpochOver(error)
