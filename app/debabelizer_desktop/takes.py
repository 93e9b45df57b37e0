"""Where the history page gets its takes from: the journal's kept ones and the history's finished ones."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from debabelizer_desktop.bridge import Bridge
from debabelizer_desktop.models.takes import TakeItem

if TYPE_CHECKING:
    from debabelizer.dictation import Dictation, TakeRecord
    from debabelizer.store import HistoryEntry

NEWEST = 300
"""Finished takes shown at once; the search reaches all of them."""


class TakeSource:
    """The history is asked in a worker thread: it is a file."""

    def __init__(self, bridge: Bridge) -> None:
        self._bridge = bridge

    def read(self, needle: str, owner: QObject, then: Callable[[list[TakeItem]], object]) -> None:
        """Takes whose text holds ``needle``; the answer comes in the GUI thread."""

        async def both(engine: Dictation) -> list[TakeItem]:
            import asyncio

            finished = await asyncio.to_thread(lambda: engine.history.search(needle, limit=NEWEST))
            kept = [_from_record(record) for record in engine.takes()]
            return [item for item in kept if needle.lower() in item.text.lower()] + [_from_entry(e) for e in finished]

        self._bridge.ask(both, owner, then)

    def discard(self, item: TakeItem, owner: QObject, then: Callable[[], object]) -> None:
        """Forget a take: its recording if it waits, its text if it has arrived."""

        async def forget(engine: Dictation) -> None:
            import asyncio

            if item.kept:
                await engine.discard(item.take)
            else:
                await asyncio.to_thread(lambda: engine.history.delete(item.take))

        self._bridge.ask(forget, owner, lambda _: then())


def _from_record(record: TakeRecord) -> TakeItem:
    return TakeItem(
        take=record.take,
        when=_local(record.created),
        text=record.text,
        provider=record.provider,
        kept=True,
        detail=record.error,
        seconds=record.seconds,
    )


def _from_entry(entry: HistoryEntry) -> TakeItem:
    return TakeItem(
        take=entry.take,
        when=_local(entry.finished),
        text=entry.text,
        provider=entry.provider,
        result=entry.result,
        target=entry.target,
        seconds=entry.seconds,
    )


def _local(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds)  # noqa: DTZ006 - shown to a person, in their own time
