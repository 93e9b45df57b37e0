"""One session as dictation uses it: opened in the background, its events read, its times put on one axis."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from typing import TypeVar

import msgspec

from debabelizer.contract.stream import CommitOutcome
from debabelizer.errors import ConnectionError, ProviderError
from debabelizer.events import (
    Append,
    Committed,
    Corrected,
    Freeze,
    Partial,
    Replace,
    Retracted,
    SegmentId,
    SessionEvent,
    SessionState,
    SpeechEnded,
    SpeechStarted,
    Tail,
)
from debabelizer.streaming import CommitResult, Session

OnEvent = Callable[["Line", SessionEvent], None]
TextEvent = Partial | Committed | Corrected | Retracted
Timed = TypeVar("Timed", bound=Replace[SegmentId] | Append[SegmentId] | Tail[SegmentId] | Freeze[SegmentId])

_OVER = frozenset({SessionState.FAILED, SessionState.CLOSED, SessionState.DRAINING})


class Claim:
    """The stretch of a line's audio that belongs to one take, and the segments heard in it. Seconds on the
    transcript's axis."""

    def __init__(self) -> None:
        self.end: float | None = None
        """None: it still grows."""
        self.segments: dict[SegmentId, None] = {}
        self.settled = False
        """Its finals are there; what is new now belongs to somebody else."""
        self.dropped = False
        """The take was cancelled: what is still said about it is not wanted."""


class Line:
    """A session, where it stands on the transcript's axis, and whose its segments are.

    ``offset``: where the session's time 0 stands in the transcript. Events reach ``on_event`` with their times
    moved there.
    """

    def __init__(self, session: Session, provider: str, offset: float, on_event: OnEvent) -> None:
        self.session = session
        self.provider = provider
        self.offset = offset
        self.aside = False
        """Serves one second pass beside the session everybody sees."""
        self._claims: list[Claim] = []
        self._owners: dict[SegmentId, Claim] = {}
        self._on_event = on_event
        self._connecting: asyncio.Task[None] | None = None
        self._handled = asyncio.Event()
        self._reader = asyncio.create_task(self._read(), name="events of a session")

    @property
    def over(self) -> bool:
        """Nothing more can be expected of it."""
        return self.session.state in _OVER

    @property
    def end(self) -> float:
        """Where its audio ends on the transcript's axis."""
        return self.offset + self.session.position

    @property
    def busy(self) -> bool:
        """Whether text is still expected from it."""
        return bool(self._claims)

    # ------------------------------------------------------------------------------------------- whose it is

    def claim(self) -> Claim:
        """For audio that is sent from now on. Whoever claims must ``settle``."""
        claim = Claim()
        self._claims.append(claim)
        return claim

    def settle(self, claim: Claim) -> None:
        claim.settled = True
        if claim in self._claims:
            self._claims.remove(claim)

    def owner(self, event: TextEvent) -> Claim | None:
        """Whose segment this is about. A segment belongs to the first take that still waits for text and has audio
        where it starts; what comes late stays with its take."""
        change = event.change
        known = self._owners.get(change.segment)
        if isinstance(event, Retracted) or (known is not None and (known.settled or known.dropped)):
            return known
        start = event.change.start
        waiting = [claim for claim in self._claims if claim.end is None or start is None or start < claim.end]
        found = waiting[0] if waiting else self._claims[-1] if self._claims else known
        if found is not known and found is not None:
            if known is not None:
                known.segments.pop(change.segment, None)
            self._owners[change.segment] = found
            found.segments[change.segment] = None
        return found

    # ------------------------------------------------------------------------------------------------- verbs

    def connect(self) -> None:
        """In the background; what goes wrong comes as an event."""
        if self._connecting is None or self._connecting.done():
            self._connecting = asyncio.create_task(self._connect(), name="connecting a session")

    async def _connect(self) -> None:
        # the session tells of its failures by events; here they would only be told twice
        with contextlib.suppress(ProviderError):
            await self.session.connect()

    async def ready(self) -> None:
        """Raises ProviderError when there is no way to a connection now."""
        await self.session.connect()

    async def commit(self, deadline_s: float) -> CommitResult:
        """What became of everything sent so far. Where the session has given up for a reason that may have passed,
        it is tried once more: it still holds the audio. Never raises ProviderError."""
        try:
            async with asyncio.timeout(deadline_s):
                result = await self.session.commit()
                if self.session.state is SessionState.FAILED and result.error is not None and result.error.retryable:
                    await self.ready()
                    result = await self.session.commit()
        except ProviderError as error:
            return CommitResult(outcome=CommitOutcome.FAILED, error=error)
        except TimeoutError:
            return CommitResult(outcome=CommitOutcome.TIMED_OUT)
        await self.caught_up()
        return result

    async def caught_up(self) -> None:
        """Returns when every event the session has told so far has been handled."""
        while self.session.unread_events and not self._reader.done():
            self._handled.clear()
            await self._handled.wait()

    def timed_out(self, seconds: float) -> ProviderError:
        return ConnectionError(
            f"{self.session.title} did not answer within {seconds:.0f} s", self.provider, "commit_timeout"
        )

    async def close(self, *, drain: bool = True) -> None:
        """End the session; every event it still has is handled before this returns."""
        if self._connecting is not None:
            self._connecting.cancel()
            await asyncio.gather(self._connecting, return_exceptions=True)
        if drain:
            # an abort meanwhile cancels the draining, but not whoever waits for its end
            await asyncio.wait({asyncio.create_task(self.session.disconnect(), name="draining a session")})
        else:
            await self.session.abort()
        await self._reader

    async def _read(self) -> None:
        try:
            async for event in self.session.events():
                self._on_event(self, self._moved(event))
                self._handled.set()
        finally:
            self._handled.set()

    def _moved(self, event: SessionEvent) -> SessionEvent:
        if not self.offset:
            return event
        match event:
            case Partial(change=change):
                return Partial(change=self._moved_change(change))
            case Committed(change=freeze):
                return Committed(change=self._moved_freeze(freeze))
            case Corrected(change=freeze):
                return Corrected(change=self._moved_freeze(freeze))
            case SpeechStarted(at=at):
                return SpeechStarted(at=at + self.offset)
            case SpeechEnded(at=at):
                return SpeechEnded(at=at + self.offset)
        return event

    def _moved_change(self, change: Timed) -> Timed:
        return change if change.start is None else msgspec.structs.replace(change, start=change.start + self.offset)

    def _moved_freeze(self, freeze: Freeze[SegmentId]) -> Freeze[SegmentId]:
        words = tuple(
            msgspec.structs.replace(word, start=word.start + self.offset, end=word.end + self.offset)
            for word in freeze.words
        )
        end = None if freeze.end is None else freeze.end + self.offset
        return msgspec.structs.replace(self._moved_change(freeze), words=words, end=end)
