"""The end of a take: its text arrives somewhere, or the take is kept with the reason why not."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

import msgspec

from debabelizer.dictation.insertion import Insertion, Target
from debabelizer.errors import InternalError, ProviderError, Remedy, StreamingError
from debabelizer.events import InsertResult, SegmentId, TakeFailed, TakeFinished, TakeStamps
from debabelizer.store import HistoryEntry

if TYPE_CHECKING:
    from debabelizer.dictation.desk import Desk

_log = logging.getLogger(__name__)


class Understood(msgspec.Struct, kw_only=True):
    """What became of a take's sound. ``error``: why it was not understood; ``text`` is then what was until then."""

    text: str
    provider: str
    segments: Sequence[SegmentId] = ()
    start: float = 0.0
    """Where the take's sound begins on the transcript's axis."""
    error: ProviderError | None = None


class Delivery:
    """Of one take. ``target`` None with ``insert``: the inserter decides what to do without one."""

    def __init__(self, desk: Desk, take: str) -> None:
        self._desk = desk
        self._take = take
        self.insertion: Insertion | None = None
        self.told = False
        """Everybody knows how it ended."""
        self.kept = False
        """It can be retried."""

    async def insert(self, text: str, target: Target | None) -> None:
        """Once begun it is not broken off: half a paste helps nobody. Raises ProviderError."""
        inserter = self._desk.inserter
        assert inserter is not None
        inserting = asyncio.create_task(inserter.insert(text, target), name="insertion")
        try:
            self.insertion = await asyncio.shield(inserting)
        except asyncio.CancelledError:
            await asyncio.gather(inserting, return_exceptions=True)
            if not inserting.cancelled() and inserting.exception() is None:
                await inserter.undo(inserting.result())
            raise
        self._desk.last_insertion = self.insertion

    def finished(self, understood: Understood, target: Target | None, stamps: TakeStamps) -> None:
        """The text has arrived as far as it was wanted to."""
        done = self.insertion
        result = InsertResult.NOT_WANTED if done is None else done.result
        arrived = target if done is None else done.target
        program = arrived.program if arrived is not None else None
        desk = self._desk
        seconds = desk.shelf.record(self._take).seconds
        desk.remember(
            HistoryEntry(
                take=self._take,
                text=understood.text,
                provider=understood.provider,
                result=result,
                finished=time.time(),
                language=desk.language_of(understood.segments),
                seconds=seconds,
                target=program,
                stamps=stamps,
            )
        )
        if not desk.looks.begin(self._take, understood, done):
            desk.finish_take(self._take)
            desk.prune()
        self.told = True
        desk.tell(
            TakeFinished(
                take=self._take,
                text=understood.text,
                provider=understood.provider,
                result=result,
                target=program if done is not None else None,
                stamps=stamps,
                paste_keys=None if done is None else done.paste_keys,
                seconds=seconds,
            )
        )

    def nothing_said(self, provider: str, stamps: TakeStamps, *, heard: bool) -> None:
        """No text. If there was anything to hear, the take is kept: another provider may understand it."""
        desk = self._desk
        seconds = desk.shelf.record(self._take).seconds
        if heard:
            error = StreamingError("Nothing was understood.", provider, remedy=Remedy.CHOOSE_PROVIDER)
            self._keep(provider, "", error)
        else:
            desk.discard_take(self._take)
        self.told = True
        desk.tell(
            TakeFinished(
                take=self._take,
                text="",
                provider=provider,
                result=InsertResult.NOTHING_SAID,
                target=None,
                stamps=stamps,
                seconds=seconds,
            )
        )

    def failed(self, error: ProviderError, *, provider: str = "", text: str = "") -> None:
        """The take is kept, unless there is no sound in it."""
        seconds = self._desk.shelf.record(self._take).seconds
        kept = seconds > 0
        if kept:
            self._keep(provider, text, error)
        else:
            self._desk.discard_take(self._take)
        self.told = True
        self._desk.tell(
            TakeFailed(take=self._take, error=error, text=text, kept=kept, provider=provider, seconds=seconds)
        )

    def broken(self, fault: Exception, *, provider: str, text: str) -> None:
        """Something went wrong that nobody had foreseen: into the log with it, and the take is kept like any other."""
        _log.error("take %s: a mistake of the program", self._take, exc_info=fault)
        error = InternalError(f"The program made a mistake ({type(fault).__name__}); the log says more.", provider)
        self.failed(error, provider=provider, text=text)

    def _keep(self, provider: str, text: str, error: ProviderError) -> None:
        self.kept = True
        saved = text if self._desk.keeps_text else ""
        self._desk.shelf.keep(self._take, provider=provider, text=saved, error=error)
