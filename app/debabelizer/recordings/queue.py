"""The list of recordings at work: what waits is done in order, as many at a time as the provider takes, and what the
program's end broke off is gone on with at the next start."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from debabelizer.errors import InternalError, ProviderError, StorageError
from debabelizer.recordings.choices import HOPELESS, Choices, Way, way_of
from debabelizer.recordings.found import Found, found_in
from debabelizer.recordings.item import (
    RecordingChanged,
    RecordingEvent,
    RecordingItem,
    RecordingRemoved,
    RecordingState,
)
from debabelizer.recordings.pace import Pace

if TYPE_CHECKING:
    from debabelizer.config import Settings
    from debabelizer.recordings.kept import KeptList
    from debabelizer.transcriber import Progress, Transcript

_log = logging.getLogger(__name__)
_LET_GO_S = 1.0
"""What a recording under way may take to stop when the program ends."""


class _Run:
    """A recording under way."""

    def __init__(self, way: Way) -> None:
        self.way = way
        self.pace = Pace()
        self.stop = asyncio.Event()
        self.wanted = True
        """Whatever becomes of it belongs to its item on the list."""
        self.task: asyncio.Task[None] | None = None
        self.mark = ""
        self.there: Transcript | None = None
        """What is kept of it: the whole text stays until there is another whole one, a part until there is more."""

    def is_more(self, found: Transcript) -> bool:
        there = self.there
        if there is None or there.complete:
            return there is None
        return (found.settled, len(found.text)) > (there.settled, len(there.text))


class RecordingQueue:
    """Lives on one asyncio loop. ``tell`` gets every change, and nothing else says what became of a recording: no verb
    raises for that. ``failed`` gets what could not be kept on the disk."""

    def __init__(
        self,
        settings: Settings,
        kept: KeptList,
        tell: Callable[[RecordingEvent], object],
        failed: Callable[[StorageError], object],
    ) -> None:
        self._settings, self._kept, self._tell, self._failed = settings, kept, tell, failed
        self._items: dict[str, RecordingItem] = {}
        self._runs: dict[str, _Run] = {}
        self._hopeless: dict[str, ProviderError] = {}
        """Providers that would fail with every other recording, until somebody asks for one again."""
        self._disk = asyncio.Lock()
        self._writing: set[asyncio.Task[Any]] = set()
        self._beginning: asyncio.Task[None] | None = None
        self._look_again = False
        self._measuring: asyncio.Task[None] | None = None
        self._closed = False

    @property
    def items(self) -> list[RecordingItem]:
        return list(self._items.values())

    # ------------------------------------------------------------------------------------------------- verbs

    async def restore(self) -> list[RecordingItem]:
        """The list of the last run, which is gone on with; what had not come to its end. A recording during which the
        program came down waits to be asked for, so that one which brings it down does so once."""
        found: list[RecordingItem] = await self._on_disk(self._kept.read) or []
        found.sort(key=lambda item: (item.added, item.natural_name))
        unfinished = [item for item in found if not item.over]
        for item in found:
            if item.path in self._items:
                continue
            if item.state is RecordingState.RUNNING:
                broken_off = InternalError("The program ended before this recording was done.")
                self._end(item, RecordingState.FAILED, error=broken_off)
            else:
                self._show(item)
        self._go_on()
        return unfinished

    async def add(self, names: Sequence[str], choices: Choices) -> list[str]:
        """Files, and folders with the folders in them; the paths of what is on the list now because of them. What is
        being done, or was done since the recording was last written to, stays as it is. Raises UnsupportedFormatError
        for a folder that can't be read."""
        paths = await asyncio.to_thread(lambda: [str(Path(one.name).absolute()) for one in _found(names)])
        fresh = [path for path in dict.fromkeys(paths) if await asyncio.to_thread(self._is_wanted, path)]
        self._await(fresh, choices)
        return paths

    def _is_wanted(self, path: str) -> bool:
        item = self._items.get(path)
        if item is None or item.state in (RecordingState.STOPPED, RecordingState.FAILED):
            return True
        try:
            written = Path(path).stat().st_mtime
        except OSError:
            return False
        return item.state is RecordingState.DONE and written > (item.finished or 0.0)

    def again(self, paths: Iterable[str], choices: Choices) -> None:
        """Do these with these choices: what is over once more, what waits when its turn comes. A text that is there
        stays until there is another one."""
        self._await([path for path in paths if path in self._items and path not in self._runs], choices)

    def first(self, paths: Iterable[str]) -> None:
        """What waits of these comes next. For an engine that takes one at a time, what is under way steps aside where
        that costs little, and is gone on with afterwards."""
        for path in paths:
            item = self._items.get(path)
            if item is not None and item.state is RecordingState.WAITING:
                self._show(msgspec.structs.replace(item, first=True))
        self._go_on()

    def cancel(self, paths: Iterable[str]) -> None:
        """What is under way keeps what was understood so far."""
        for path in paths:
            if run := self._runs.get(path):
                run.stop.set()
            if (item := self._items.get(path)) is not None and item.state is RecordingState.WAITING:
                self._end(item, RecordingState.STOPPED)

    def remove(self, paths: Iterable[str]) -> None:
        """From the list, with their texts. The recordings themselves are nobody's to touch."""
        gone = [path for path in paths if path in self._items]
        for path in gone:
            del self._items[path]
            if run := self._runs.get(path):
                run.wanted = False
                run.stop.set()
            self._tell(RecordingRemoved(path=path))
        self._write(lambda: self._kept.delete(*gone))

    async def transcript(self, path: str) -> Transcript | None:
        """What was understood of a recording, as it was last told. Raises StorageError."""
        if self._writing:
            await asyncio.wait(self._writing)
        async with self._disk:
            return await asyncio.to_thread(self._kept.transcript, path)

    async def close(self) -> None:
        """What is under way is kept as far as it was understood, and waits for the next start."""
        self._closed = True
        for path, run in self._runs.items():
            run.stop.set()
            if run.wanted:
                self._put(self._items[path], state=RecordingState.WAITING)
        tasks = [run.task for run in self._runs.values() if run.task is not None]
        if tasks:
            await asyncio.wait(tasks, timeout=_LET_GO_S)
        for task in (*tasks, self._beginning, self._measuring):
            if task is not None:
                task.cancel()
        await asyncio.gather(*self._writing, return_exceptions=True)
        await asyncio.to_thread(self._kept.close)

    # --------------------------------------------------------------------------------------------- beginning

    def _await(self, paths: Sequence[str], choices: Choices) -> None:
        self._hopeless.clear()
        now = time.time()
        items = [self._fresh(path, now, choices) for path in paths]
        for item in sorted(items, key=lambda item: (item.added, item.natural_name)):
            self._show(item)
        self._write(lambda: self._kept.put(*items))
        self._go_on()
        self._measure()

    def _fresh(self, path: str, now: float, choices: Choices) -> RecordingItem:
        fresh = RecordingItem(path=path, state=RecordingState.WAITING, added=now, choices=choices)
        before = self._items.get(path)
        if before is None:
            return fresh
        stays = ("added", "seconds", "has_text", "settled", "mark", "first")
        return msgspec.structs.replace(fresh, **{name: getattr(before, name) for name in stays})

    def _go_on(self) -> None:
        self._look_again = True
        if not self._closed and (self._beginning is None or self._beginning.done()):
            self._beginning = asyncio.create_task(self._begin_what_can(), name="beginning recordings")

    async def _begin_what_can(self) -> None:
        while self._look_again:
            self._look_again = False
            ways: dict[Choices, Way | ProviderError] = {}
            for path, choices in [(i.path, i.choices) for i in sorted(self.items, key=lambda i: not i.first)]:
                if not self._may_begin(path, choices):
                    continue
                if choices not in ways:
                    ways[choices] = await asyncio.to_thread(_way, self._settings, choices)
                way = ways[choices]
                if not self._may_begin(path, choices):  # something happened meanwhile
                    continue
                item = self._items[path]
                hopeless = way if isinstance(way, ProviderError) else self._hopeless.get(way.provider)
                if isinstance(way, ProviderError) or hopeless is not None:
                    self._end(item, RecordingState.FAILED, error=hopeless)
                elif sum(run.way.provider == way.provider for run in self._runs.values()) < way.at_a_time:
                    self._begin(item, way)
                elif item.first and way.steps_aside:
                    self._set_aside(way.provider)

    def _may_begin(self, path: str, choices: Choices) -> bool:
        item = self._items.get(path)
        waits = item is not None and item.state is RecordingState.WAITING and item.choices == choices
        return waits and path not in self._runs and not self._closed

    def _set_aside(self, provider: str) -> None:
        """What is under way waits again, unless somebody wanted that first, too."""
        for path, run in self._runs.items():
            item = self._items.get(path)
            if item is not None and run.way.provider == provider and not item.first:
                run.stop.set()
                self._put(item, state=RecordingState.WAITING, progress=None, left=None)

    def _begin(self, item: RecordingItem, way: Way) -> None:
        run = self._runs[item.path] = _Run(way)
        self._put(item, state=RecordingState.RUNNING, provider=way.provider)
        run.task = asyncio.create_task(self._run(item, run), name=f"recording {Path(item.path).name}")

    # ----------------------------------------------------------------------------------------------- at work

    async def _run(self, begun: RecordingItem, run: _Run) -> None:
        from debabelizer.transcriber import Transcriber

        path = begun.path
        transcript, error = None, None
        try:
            transcript = await Transcriber(run.way.settings).transcribe(
                Path(path),
                run.way.provider,
                before=await self._before(begun, run),
                on_progress=lambda p: self._progressed(path, run, p),
                on_settled=lambda found: self._settled(path, run, found),
                stop=run.stop,
            )
            error = transcript.error
        except ProviderError as problem:
            error = problem
        except Exception as problem:  # noqa: BLE001 - a fault of ours costs one recording, not the list
            _log.exception("a recording failed")
            error = InternalError(f"The program made a mistake: {type(problem).__name__}. The log says more.")
        finally:
            del self._runs[path]
        if run.wanted:
            self._take_in(self._items[path], run, transcript, error)
        self._go_on()

    async def _before(self, item: RecordingItem, run: _Run) -> Transcript | None:
        """What is gone on with."""
        with contextlib.suppress(OSError):
            run.mark = await asyncio.to_thread(run.way.mark, Path(item.path))
        with contextlib.suppress(StorageError):  # then there is nothing
            run.there = await self.transcript(item.path) if item.has_text or item.settled else None
        return run.there if run.there and not run.there.complete and item.mark == run.mark else None

    def _settled(self, path: str, run: _Run, found: Transcript) -> None:
        """What is understood for good is not lost even if the program comes down."""
        if run.wanted and run.is_more(found):
            self._put(self._keep(self._items[path], run, found))

    def _keep(self, item: RecordingItem, run: _Run, found: Transcript) -> RecordingItem:
        """Its text on the disk; the item is put by the caller."""
        run.there = found
        self._write(lambda: self._kept.put_transcript(item.path, found))
        settled, mark = (0.0, "") if found.complete else (found.settled, run.mark)
        return msgspec.structs.replace(
            item, has_text=bool(found.text), notices=found.notices, settled=settled, mark=mark
        )

    def _progressed(self, path: str, run: _Run, progress: Progress) -> None:
        if not run.stop.is_set():
            item = self._items[path]
            total, left = progress.total or item.seconds, run.pace.left(progress)
            self._show(msgspec.structs.replace(item, progress=progress, seconds=total, left=left))

    def _take_in(self, item: RecordingItem, run: _Run, found: Transcript | None, error: ProviderError | None) -> None:
        complete = found is not None and found.complete and error is None
        if found is not None and (complete or (found.text and run.is_more(found))):
            item = self._keep(item, run, found)
        if complete and found is not None:
            self._end(item, RecordingState.DONE, provider=found.provider, seconds=found.duration)
        elif item.state is not RecordingState.RUNNING:
            self._put(item)  # it waits, or is over, already
        elif error is None:
            self._end(item, RecordingState.STOPPED)
        else:
            self._end(item, RecordingState.FAILED, error=error)
            if error.category in HOPELESS:
                self._hopeless[item.provider] = error

    def _measure(self) -> None:
        """How long what waits is, read beside the work; what can't be read says so when its turn comes."""
        if self._measuring is None or self._measuring.done():
            self._measuring = asyncio.create_task(self._measured(), name="lengths of recordings")

    async def _measured(self) -> None:
        asked: set[str] = set()
        while unknown := [i.path for i in self.items if i.seconds is None and not i.over and i.path not in asked]:
            asked.add(unknown[0])
            seconds = await asyncio.to_thread(_length, self._settings, Path(unknown[0]))
            item = self._items.get(unknown[0])
            if item is not None and item.seconds is None and seconds is not None:
                self._show(msgspec.structs.replace(item, seconds=seconds))

    # ----------------------------------------------------------------------------------------------- keeping

    def _end(self, item: RecordingItem, state: RecordingState, **changes: Any) -> None:
        _log.info("a recording of %.0f s: %s %s", item.seconds or 0.0, state, changes.get("error") or "")
        self._put(_ended(item, state, **changes))

    def _put(self, item: RecordingItem, **changes: Any) -> None:
        """Another state, told and kept."""
        changed = msgspec.structs.replace(item, **changes) if changes else item
        self._show(changed)
        self._write(lambda: self._kept.put(changed))

    def _show(self, item: RecordingItem) -> None:
        self._items[item.path] = item
        self._tell(RecordingChanged(item=item))

    def _write(self, work: Callable[[], object]) -> None:
        """In a thread, one after the other."""
        task = asyncio.create_task(self._on_disk(work))
        self._writing.add(task)
        task.add_done_callback(self._writing.discard)

    async def _on_disk(self, work: Callable[[], Any]) -> Any:
        async with self._disk:
            try:
                return await asyncio.to_thread(work)
            except StorageError as error:
                self._failed(error)


def _ended(item: RecordingItem, state: RecordingState, **changes: Any) -> RecordingItem:
    over = {"state": state, "finished": time.time(), "progress": None, "left": None, "first": False}
    return msgspec.structs.replace(item, **over, **changes)


def _found(names: Sequence[str]) -> Iterable[Found]:
    return found_in(names, recursive=True)


def _way(settings: Settings, choices: Choices) -> Way | ProviderError:
    """In a thread, with all that a recording will need loaded."""
    import debabelizer.files
    import debabelizer.transcriber  # noqa: F401

    try:
        return way_of(settings, choices)
    except ProviderError as error:
        return error


def _length(settings: Settings, path: Path) -> float | None:
    from debabelizer.audio.bounded.limits import limits_of
    from debabelizer.audio.decode import probe

    try:
        return probe(path, limits=limits_of(settings)).duration
    except (ProviderError, OSError):
        return None
