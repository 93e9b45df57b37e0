"""A stretch of the session's audio: from where to where, how far it is in finals, and the commits in it.

Usually there is one, open at its end. A hand-over ends it and begins the next on a new connection while the old
one still answers; each stretch is then served, retried and finished by itself.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

import msgspec

from debabelizer.contract.stream import CommitOutcome
from debabelizer.errors import ProviderError
from debabelizer.events import Joining, SegmentId
from debabelizer.streaming.commits import Mark

if TYPE_CHECKING:
    from debabelizer.streaming.epoch import Epoch


def _nothing() -> None: ...


class Final(msgspec.Struct, frozen=True):
    """What a commit's text is made of."""

    text: str
    joining: Joining
    start: float


class Stretch:
    """Positions are session samples. ``start`` None: a successor waiting for its beginning."""

    def __init__(self, start: int | None, now: float, *, lazy: bool = False) -> None:
        self.start = start
        self.stop: int | None = None
        self.covered = start or 0
        self.marks: list[Mark] = []
        self.epoch: Epoch | None = None
        """The connection serving it, once that is ready."""
        self.task: asyncio.Task[None] | None = None
        self.hurry: Callable[[], None] = _nothing
        """Try again at once, if a connection is being waited for."""
        self.lazy = lazy
        """Connect only when there is something to say."""
        self.idle_end = 0
        """While lazy: audio up to here is no reason to connect."""
        self.lost_at = now
        self.opening_until = 0.0
        """Deadline of the attempt under way, where it got as far as waiting for readiness."""
        self.error: ProviderError | None = None
        self.finals: dict[SegmentId, Final] = {}
        self.ghosts: list[SegmentId] = []
        """Shown by a connection that is gone; they stay until its successor shows text."""
        self.ghosts_end = 0
        self.done = False
        self.all_sent = False
        self.wake = asyncio.Event()
        self.more: Callable[[], None] = self.wake.set
        """Called when there is more audio."""

    def begin(self, position: int) -> None:
        self.start = position
        self.covered = position
        self.stir()

    def stir(self) -> None:
        """Something has changed: whoever serves it looks at everything again."""
        self.more = self.wake.set
        self.wake.set()

    def next_unsent(self) -> Mark | None:
        for mark in self.marks:
            if not mark.sent and mark.answer is None:
                return mark
        return None

    def has_work(self, end: int) -> bool:
        return self.start is not None and (
            bool(self.marks) or self.stop is not None or end > max(self.start, self.idle_end)
        )

    def cover(self, position: int) -> None:
        self.covered = max(self.covered, position)

    def rewind(self) -> None:
        """The connection is gone: what it has not answered will be said again."""
        for mark in self.marks:
            mark.sent = False
            if mark.answer is None and mark.position <= self.covered:
                mark.answer = CommitOutcome.FINAL  # its final came, its answer was lost
        self.marks = [mark for mark in self.marks if not mark.discards and not mark.timed_out]

    def mark_at(self, position: int) -> Mark | None:
        """An unanswered commit exactly there."""
        return next(
            (
                mark
                for mark in self.marks
                if mark.position == position and mark.answer is None and not mark.discards and not mark.timed_out
            ),
            None,
        )
