"""How fast audio goes out: how fast it may while catching up, and how far ahead of real time it is."""

from __future__ import annotations

_BURST_S = 1.0
"""Of audio that may go at once."""


class Pace:
    """``speed``: times real time; None: as fast as it goes. A bucket of audio seconds that fills at that speed, kept as
    the moment at which it is full."""

    def __init__(self, speed: float | None, now: float) -> None:
        self._speed = speed
        self._full_at = now
        self._said_until = now
        """When real time has caught up with what was said."""

    def take(self, seconds: float, now: float) -> float:
        """How long to wait before ``seconds`` of audio may go. Nothing: they go now."""
        if self._speed is not None:
            full_at = max(now, self._full_at)
            wait = full_at - now - (_BURST_S - min(seconds, _BURST_S)) / self._speed
            if wait > 0:
                return wait
            self._full_at = full_at + seconds / self._speed
        self._said_until = max(now, self._said_until) + seconds
        return 0.0

    def ahead(self, now: float) -> float:
        """Seconds by which audio has gone faster than it was spoken: so much later may an answer come."""
        return max(0.0, self._said_until - now)
