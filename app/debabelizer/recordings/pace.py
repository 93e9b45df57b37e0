"""How long a recording will still take, by how far it came since it was first heard of."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from debabelizer.transcriber import Progress

_LEAST_S = 2.0
"""Before that a guess jumps about."""


class Pace:
    def __init__(self) -> None:
        self._first: tuple[float, float] | None = None

    def left(self, progress: Progress) -> float | None:
        """Seconds; None: nobody can tell."""
        now = time.monotonic()
        if not progress.total or not progress.done:
            return None
        if self._first is None:
            self._first = (now, progress.done)
        began, done = self._first
        if now - began < _LEAST_S or progress.done <= done:
            return None
        return max(0.0, (progress.total - progress.done) * (now - began) / (progress.done - done))
