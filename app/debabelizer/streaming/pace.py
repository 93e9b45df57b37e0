"""How fast audio may be sent while catching up."""

from __future__ import annotations

_BURST_S = 1.0


class Pace:
    """A bucket of audio seconds that fills at ``speed`` times real time."""

    def __init__(self, speed: float, now: float) -> None:
        self._speed = speed
        self._filled_at = now
        self._seconds = _BURST_S

    def wait(self, seconds: float, now: float) -> float:
        """How long to wait before ``seconds`` of audio may go."""
        self._seconds = min(_BURST_S, self._seconds + (now - self._filled_at) * self._speed)
        self._filled_at = now
        return max(0.0, min(seconds, _BURST_S) - self._seconds) / self._speed

    def spend(self, seconds: float) -> None:
        self._seconds -= seconds
