"""The move to a new connection before the vendor's longest connection ends.

The new one is opened first. Then a good moment is waited for: right after a commit, nothing open at all, or a
pause in the audio; when time runs out, wherever the audio stands. The old connection gets a commit there and
answers it while the new one already has what follows.
"""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING

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
        longest = epoch.limits.longest_connection_s
        self._due: float | None = None
        self._forced = 0.0
        if longest is not None:
            window = min(self._core.policy.handover_window_s, longest / 2)
            self._due = epoch.opened_at + longest - window
            self._forced = self._due + window * 0.6
        self._prepared = False

    @property
    def next_moment(self) -> float | None:
        """When to consider again though nothing happens."""
        if self._due is None or self._epoch.stretch.stop is not None:
            return None
        return self._forced if self._prepared else self._due

    def consider(self, now: float, *, after_commit: bool = False) -> None:
        """Called whenever something was said, or is not about to be."""
        if self._due is None or now < self._due:
            return
        stretch = self._epoch.stretch
        if stretch.start is None or stretch.stop is not None:
            return
        if not self._prepared:
            self._prepared = True
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
