"""The move to a new connection before the vendor's longest connection ends, or before it closes an idle one that
nothing keeps open.

The new one is opened first. Then a good moment is waited for: right after a commit, nothing open at all, or a
pause in the audio; when time runs out, wherever the audio stands. The old connection gets a commit there and
answers it while the new one already has what follows.
"""

from __future__ import annotations

import math
from array import array
from typing import TYPE_CHECKING

from debabelizer.contract.stream import KeepAlive
from debabelizer.streaming.timemap import SESSION_RATE

if TYPE_CHECKING:
    from debabelizer.streaming.epoch import Epoch

_QUIET_PEAK = 328
"""-40 dB below full scale."""
_PAUSE_BELOW_SPEECH = 0.1
"""Mean level of a pause against that of the seconds before it."""
_SPEECH_S = 3.0


class Handover:
    def __init__(self, epoch: Epoch) -> None:
        self._epoch = epoch
        self._core = epoch.core
        self._window = self._core.policy.handover_window_s
        limits = epoch.limits
        self._worn_out = math.inf
        if limits.longest_connection_s is not None:
            self._worn_out = epoch.opened_at + self._before(limits.longest_connection_s)
        self._idle = self._before(limits.idle_s) if limits.idle_s and limits.keep_alive is KeepAlive.NONE else None
        self._forced: float | None = None
        """When the move no longer waits for a good moment. None: the next connection has not been asked for."""
        self.due = -math.inf
        """Before that there is nothing to consider."""

    def _before(self, limit: float) -> float:
        self._window = min(self._window, limit / 2)
        return limit - self._window

    def _due(self) -> float:
        """When the next connection is to be opened."""
        if self._idle is None:
            return self._worn_out
        epoch = self._epoch
        return min(self._worn_out, max(epoch.last_audio, epoch.ready_at or epoch.opened_at) + self._idle)

    @property
    def next_moment(self) -> float | None:
        """When to consider again though nothing happens."""
        if self._epoch.stretch.stop is not None or self._epoch.stretch.start is None:
            return None
        moment = self._due() if self._forced is None else self._forced
        return None if moment == math.inf else moment

    def consider(self, now: float, *, after_commit: bool = False) -> None:
        """Called whenever something was said, or is not about to be."""
        self.due = self._due() if self._forced is None else -math.inf
        if now < self.due:
            return
        stretch = self._epoch.stretch
        if stretch.start is None or stretch.stop is not None:
            return
        if self._forced is None:
            self._forced = now + 0.6 * self._window
            self._core.prepare_successor(stretch)
        if now >= self._forced or (self._core.successor_ready(stretch) and self._good(after_commit)):
            self._core.split(stretch, self._epoch.cursor)

    def _good(self, after_commit: bool) -> bool:
        return after_commit or not self._epoch.unclosed or self._pause()

    def _pause(self) -> bool:
        wanted = round(self._core.policy.pause_s * SESSION_RATE)
        quiet = self._last(wanted)
        if len(quiet) < wanted:
            return False
        if min(quiet) > -_QUIET_PEAK and max(quiet) < _QUIET_PEAK:
            return True
        speech = self._last(round(_SPEECH_S * SESSION_RATE))
        return _mean(quiet) < _PAUSE_BELOW_SPEECH * _mean(speech)

    def _last(self, samples: int) -> array[int]:
        """The newest samples sent, as far as they are kept."""
        position = max(self._core.spool.start, self._epoch.cursor - samples)
        pcm = bytearray()
        while position < self._epoch.cursor:
            some = self._core.spool.read(position, self._epoch.cursor - position)
            pcm += some
            position += len(some) // 2
        return array("h", bytes(pcm))


def _mean(samples: array[int]) -> float:
    return sum(map(abs, samples)) / max(1, len(samples))
