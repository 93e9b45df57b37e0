"""How fast audio goes out: how fast it may while catching up, and how far ahead of real time it is."""

from __future__ import annotations

from debabelizer.streaming.timemap import SESSION_RATE

_BURST = SESSION_RATE
"""Samples that may go at once."""
_LEAVE = SESSION_RATE // 2
"""So many are allowed at a time, where they may go: to ask for every piece costs more than the answer is worth."""


class Pace:
    """``speed``: times real time; None: as fast as it goes. A bucket of audio that fills at that speed, kept as the
    moment at which it is full. Positions are samples of one connection's audio, from its beginning."""

    def __init__(self, speed: float | None, now: float) -> None:
        self._samples_per_s = None if speed is None else speed * SESSION_RATE
        self._full_at = now
        self._said_until = now
        """When real time has caught up with what may have been said."""
        self.free = 0
        """Audio may go up to there."""

    def wait(self, upto: int, now: float) -> float:
        """Seconds until audio may go ``upto`` there. Nothing: it may, and :attr:`free` says how much more."""
        lacking = upto - self.free
        if lacking <= 0:
            return 0.0
        taken = max(lacking, _LEAVE)
        if self._samples_per_s is not None:
            full_at = max(now, self._full_at)
            room = _BURST - (full_at - now) * self._samples_per_s
            least = min(lacking, _BURST)
            if room < least:
                return (least - room) / self._samples_per_s
            taken = max(lacking, min(taken, int(room)))
            self._full_at = full_at + taken / self._samples_per_s
        self._said_until = max(now, self._said_until) + taken / SESSION_RATE
        self.free += taken
        return 0.0

    def ahead(self, sent: int, now: float) -> float:
        """Seconds by which audio, ``sent`` so far, has gone faster than it was spoken: so much later may an answer
        come."""
        return max(0.0, self._said_until - (self.free - sent) / SESSION_RATE - now)
