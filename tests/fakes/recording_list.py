"""The list of recordings, and what it told."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

from debabelizer.config import Settings, folders
from debabelizer.errors import StorageError
from debabelizer.recordings.item import RecordingEvent, RecordingItem
from debabelizer.recordings.kept import KeptList
from debabelizer.recordings.queue import RecordingQueue

SAID = "the first recording of all"
"""What the server understands."""


class List:
    def __init__(self, settings: Settings) -> None:
        self.told: list[RecordingEvent] = []
        self.troubles: list[StorageError] = []
        self.changed = asyncio.Event()
        kept = KeptList(settings, folders.data_dir())
        self.queue = RecordingQueue(settings, kept, self._tell, self.troubles.append)

    def _tell(self, event: RecordingEvent) -> None:
        self.told.append(event)
        self.changed.set()

    def item(self, name: str) -> RecordingItem:
        return next(item for item in self.queue.items if Path(item.path).name == name)

    async def until(self, right: Callable[[], object]) -> None:
        async with asyncio.timeout(40):
            while not right():
                self.changed.clear()
                await self.changed.wait()

    async def all_over(self) -> None:
        await self.until(lambda: self.queue.items and all(item.over for item in self.queue.items))

    async def text(self, name: str) -> str | None:
        transcript = await self.queue.transcript(self.item(name).path)
        return None if transcript is None else transcript.text
