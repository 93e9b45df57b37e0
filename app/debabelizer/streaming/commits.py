"""Commits: what a caller waits on, and the mark it leaves in the audio."""

from __future__ import annotations

import asyncio
from collections.abc import Generator

import msgspec

from debabelizer.contract.stream import CommitOutcome
from debabelizer.errors import ProviderError


class CommitResult(msgspec.Struct, frozen=True, kw_only=True):
    """``text``: the finals since the commit before, joined. ``error``: why, where it did not end well."""

    outcome: CommitOutcome
    text: str = ""
    error: ProviderError | None = None


class CommitHandle:
    """``await handle`` gives a :class:`CommitResult`. It always resolves and never raises by itself."""

    def __init__(self) -> None:
        self._future: asyncio.Future[CommitResult] = asyncio.get_running_loop().create_future()

    def __await__(self) -> Generator[object, None, CommitResult]:
        return asyncio.shield(self._future).__await__()

    @property
    def done(self) -> bool:
        return self._future.done()

    def resolve(self, result: CommitResult) -> None:
        if not self._future.done():
            self._future.set_result(result)


class Mark:
    """A commit's place in the audio. It outlives its handle: a reconnect sends it again in place."""

    __slots__ = ("answer", "deadline", "discards", "error", "handles", "made", "position", "sent", "timed_out")

    def __init__(self, position: int, made: float, handle: CommitHandle | None = None) -> None:
        self.position = position
        self.made = made
        self.handles: list[CommitHandle] = [handle] if handle else []
        self.sent = False
        """On the present connection."""
        self.deadline = 0.0
        self.answer: CommitOutcome | None = None
        self.error: ProviderError | None = None
        self.timed_out = False
        self.discards = False
        """Ends forgotten audio; what is said before its answer is not wanted."""

    @property
    def waiting(self) -> bool:
        """Somebody still waits for it."""
        return any(not handle.done for handle in self.handles)

    def resolve(self, result: CommitResult) -> None:
        for handle in self.handles:
            handle.resolve(result)


def time_out(mark: Mark, error: ProviderError) -> None:
    """Its deadline has passed; it is not said again."""
    mark.timed_out = True
    mark.answer = CommitOutcome.TIMED_OUT
    mark.resolve(CommitResult(outcome=CommitOutcome.TIMED_OUT, error=error))
