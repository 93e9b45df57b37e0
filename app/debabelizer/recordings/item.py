"""One recording on the list, as a frozen value, and the events that tell of it."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import TYPE_CHECKING

import msgspec

from debabelizer.errors import ProviderError
from debabelizer.recordings.choices import Choices

if TYPE_CHECKING:
    from debabelizer.transcriber import Progress


Name = tuple[tuple[int, str], ...]
"""Numbers and what stands between them."""


class RecordingState(StrEnum):
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    STOPPED = "stopped"
    """By the user; what was understood by then is kept."""
    FAILED = "failed"


class RecordingItem(msgspec.Struct, frozen=True, kw_only=True):
    """``path`` is absolute and names it: a recording is on the list once. ``added`` is the same for all that were added
    together; it and ``finished`` are seconds since 1970. ``seconds``: of sound, where that is known; ``left``: how many
    it will still take."""

    path: str
    state: RecordingState
    added: float
    choices: Choices = Choices()
    provider: str = ""
    """Who does it, or did."""
    seconds: float | None = None
    finished: float | None = None
    has_text: bool = False
    """All of it, or what was understood so far."""
    settled: float = 0.0
    """Where, in seconds, it can be gone on with by whoever left the same ``mark``; 0: nowhere."""
    mark: str = ""
    first: bool = False
    """Somebody wants it before all others."""
    notices: tuple[str, ...] = ()
    error: ProviderError | None = None
    progress: Progress | None = None
    """While it is running."""
    left: float | None = None

    @property
    def natural_name(self) -> Name:
        """To sort by what was added together: 2 before 10."""
        parts = re.split(r"(\d+)", self.path.casefold())
        return tuple((int(part), "") if part.isdecimal() else (-1, part) for part in parts)

    @property
    def over(self) -> bool:
        return self.state not in (RecordingState.WAITING, RecordingState.RUNNING)


class RecordingChanged(msgspec.Struct, frozen=True, kw_only=True):
    """It is new on the list, or something about it is."""

    item: RecordingItem


class RecordingRemoved(msgspec.Struct, frozen=True, kw_only=True):
    path: str


RecordingEvent = RecordingChanged | RecordingRemoved
