"""When sound was spoken, and how much of it never came: known from nothing but samples and their times of arrival.

A device's samples are its clock. A busy machine delivers them late, never early, so the least delayed buffer shows
where that clock stands against the machine's own. Sound that is only late catches up; sound that was thrown away on its
way (a buffer of the system was too small for how long nobody came for it) never does.
"""

from __future__ import annotations

from math import inf

_BYTES_PER_S = 32_000
_WINDOW_S = 2.0
"""How long nothing may be in time before what is late counts as missing, in sound and in time: a backlog that is
delivered at once is much sound in no time."""
_NOTEWORTHY_S = 0.1
"""Less than this between two windows is the difference between two clocks, or two sizes of buffer."""


class SoundClock:
    """The clock of one open device, for PCM at 16 kHz. Times are of ``time.monotonic``, in seconds."""

    def __init__(self) -> None:
        self._delivered = self._stamp = 0.0
        self._start = inf  # when the device's first sample was spoken, by the least delayed buffer
        self._least = inf  # the same, by the least delayed of this window
        self._window = (inf, 0.0)  # where it began: time, sound

    def stamp(self, size: int, arrived: float) -> tuple[float, float]:
        """For the next ``size`` bytes: when they would have arrived on an idle machine, which never goes backwards, and
        how many seconds of sound before them are now known to be missing."""
        self._delivered += size / _BYTES_PER_S
        start = arrived - self._delivered
        self._start, self._least = min(self._start, start), min(self._least, start)
        began, heard = self._window
        if began is inf:
            self._window = arrived, self._delivered
        missing = 0.0
        if arrived - began >= _WINDOW_S and self._delivered - heard >= _WINDOW_S:
            missing = self._least - self._start
            self._start, self._least = self._least, start  # with it the next window begins: it may be stalled at once
            self._window = arrived, self._delivered
        self._stamp = max(self._stamp, self._start + self._delivered)  # but for its rounding it never goes back
        return self._stamp, missing if missing >= _NOTEWORTHY_S else 0.0
