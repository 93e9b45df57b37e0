"""The window's hand on the list of recordings: its verbs go to the engine's loop, what happens comes back as the
model's changes."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from debabelizer.config import Settings, folders
from debabelizer.errors import ProviderError
from debabelizer.events import ErrorOccurred
from debabelizer.recordings.choices import Choices
from debabelizer.recordings.item import RecordingItem, RecordingState
from debabelizer_desktop.bridge import Bridge
from debabelizer_desktop.export import export
from debabelizer_desktop.models.recordings import RecordingsModel

if TYPE_CHECKING:
    from concurrent.futures import Future

    from debabelizer.recordings.queue import RecordingQueue
    from debabelizer.transcriber import Transcript

log = logging.getLogger(__name__)


class Recordings(QObject):
    """Verbs may be called once the engine is there."""

    added = Signal(list)
    """Paths that are on the list because somebody wanted them to be."""
    failed = Signal(object)
    """ProviderError of a verb, not of a recording: those stand on the list."""

    all_over = Signal(int, int)
    """Nothing is left to be done; how many are text since that was so last, and how many failed."""

    def __init__(self, bridge: Bridge, settings: Settings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge, self._settings = bridge, settings
        self._queue: RecordingQueue | None = None
        self.model = RecordingsModel(self)
        self._since: list[RecordingState] = []
        self.model.ended.connect(self._ended)
        bridge.recording_changed.connect(self.model.take_in)
        bridge.recording_removed.connect(self.model.take_out)

    def restore(self, then: Callable[[list[RecordingItem]], object]) -> None:
        """Go on with what the last run left; ``then`` gets what had not come to its end."""
        self._bridge.call(self._restored, self, then)

    def close(self) -> Future[None]:
        """What is under way is kept for the next start; the future ends with that."""
        return self._bridge.call(self._close, self)

    def add(self, names: Sequence[str], choices: Choices) -> None:
        """Files and folders."""
        self._bridge.call(lambda: self._made().add(names, choices), self, self.added.emit, self.failed.emit)

    def again(self, paths: Sequence[str], choices: Choices) -> None:
        self._do(lambda queue: queue.again(paths, choices))

    def first(self, paths: Sequence[str]) -> None:
        self._do(lambda queue: queue.first(paths))

    def cancel(self, paths: Sequence[str]) -> None:
        self._do(lambda queue: queue.cancel(paths))

    def remove(self, paths: Sequence[str]) -> None:
        self._do(lambda queue: queue.remove(paths))

    def read(self, paths: Sequence[str], owner: QObject, then: Callable[[str], object]) -> None:
        """The texts as one, with a heading for each where there are several."""

        async def texts() -> str:
            found = [(Path(path), await self._text(path)) for path in paths]
            if len(found) == 1:
                return found[0][1]
            return "\n\n".join(f"{path.name}\n\n{said}" for path, said in found if said)

        self._bridge.call(texts, owner, then, self.failed.emit)

    def save(self, targets: dict[str, Path], form: str) -> None:
        """The text of each path as a file."""

        async def saved() -> None:
            for path, target in targets.items():
                transcript = await self._made().transcript(path)
                if transcript is not None:
                    await export(transcript, target, form, paragraphs=False)

        self._bridge.call(saved, self, None, self.failed.emit)

    @property
    def far(self) -> tuple[int, int]:
        """How many are over of those that are to be done; nothing of nothing where all are."""
        left = sum(not item.over for item in self.model.items)
        return (len(self._since), len(self._since) + left) if left else (0, 0)

    def _ended(self, item: RecordingItem) -> None:
        self._since.append(item.state)
        if all(one.over for one in self.model.items):
            since, self._since = self._since, []
            self.all_over.emit(since.count(RecordingState.DONE), since.count(RecordingState.FAILED))

    # ------------------------------------------------------------------------------------ on the engine's loop

    def _made(self) -> RecordingQueue:
        if self._queue is None:
            from debabelizer.recordings.kept import KeptList
            from debabelizer.recordings.queue import RecordingQueue

            kept = KeptList(self._settings, folders.data_dir())
            self._queue = RecordingQueue(self._settings, kept, self._bridge.take_in, self._not_kept)
        return self._queue

    async def _restored(self) -> list[RecordingItem]:
        """Who never had a recording turned into text needs none of this."""
        from debabelizer.store.recordings import FILE

        return await self._made().restore() if (folders.data_dir() / FILE).exists() else []

    def _not_kept(self, error: ProviderError) -> None:
        self._bridge.take_in(ErrorOccurred(error=error))

    async def _close(self) -> None:
        if self._queue is not None:
            await self._queue.close()

    async def _text(self, path: str) -> str:
        import asyncio

        transcript = await self._made().transcript(path)
        return "" if transcript is None else await asyncio.to_thread(_readable, transcript)

    def _do(self, verb: Callable[[RecordingQueue], object]) -> None:
        async def done() -> None:
            verb(self._made())

        self._bridge.call(done, self, None, self.failed.emit)


def _readable(transcript: Transcript) -> str:
    """As a text file has it: paragraphs, and who says what."""
    from debabelizer.export.documents import write

    return write(transcript, "txt", "").decode().strip()
