"""How much of a recording is read, and what reading it may cost."""

from __future__ import annotations

from typing import Protocol

import msgspec

from debabelizer.errors import LimitExceededError

LONGEST, LARGEST, MEMORY = "files.longest_h", "files.largest_mb", "files.memory_mb"
"""The settings, by key."""
HOUR = 3600.0
MEGABYTE = 1 << 20


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """``seconds`` of sound and ``size`` in bytes of one recording (None: any); ``memory`` in bytes for the process that
    reads it, ``patience`` in seconds of processor time: for nothing, and beyond that one for each second of sound;
    ``stall``: seconds in which it neither says nor asks anything."""

    seconds: float | None = 24 * HOUR
    size: int | None = None
    memory: int = 256 * MEGABYTE
    patience: float = 30.0
    stall: float = 120.0

    def check_length(self, seconds: float, name: str) -> None:
        """Raises LimitExceededError."""
        if self.seconds is not None and seconds > self.seconds + 1:
            raise LimitExceededError(
                f"{name} is longer than {self.seconds / HOUR:g} h, the most that is read.", setting=LONGEST
            )

    def check_size(self, size: int, name: str) -> None:
        """Raises LimitExceededError."""
        if self.size is not None and size > self.size:
            raise LimitExceededError(
                f"{name} is larger than {self.size / MEGABYTE:g} MB, the most that is read.", setting=LARGEST
            )


class Asked(Protocol):
    """The settings, as far as this needs them."""

    def get(self, key: str) -> object: ...


def limits_of(settings: Asked) -> Limits:
    """What the user set; 0 is no limit."""
    hours, size, memory = (float(str(settings.get(key))) for key in (LONGEST, LARGEST, MEMORY))
    return Limits(seconds=hours * HOUR or None, size=round(size * MEGABYTE) or None, memory=round(memory * MEGABYTE))
