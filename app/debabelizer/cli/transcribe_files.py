"""Which recordings ``debabelizer transcribe`` is to read, and where the text of each goes."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import msgspec

from debabelizer.errors import StorageError
from debabelizer.recordings.found import Found, found_in, name_of_text

STANDARD_INPUT = "-"
_LOOK_S = 1.0


class Item(Found, frozen=True):
    """A recording, or standard input. Below ``--output`` it keeps its ``place``."""

    @property
    def path(self) -> Path | None:
        """None: standard input."""
        return None if self.name == STANDARD_INPUT else Path(self.name)


def items_of(names: Sequence[str], *, recursive: bool) -> list[Item]:
    """The files of ``names`` and those in its folders, each once, in order. Raises UnsupportedFormatError for a folder
    that can't be read."""
    return [Item(one.name, one.place) for one in found_in(names, recursive=recursive)]


class Arrivals:
    """The recordings that are in some folders, and those that come."""

    def __init__(self, folders: Sequence[str], *, recursive: bool) -> None:
        self._folders, self._recursive = folders, recursive
        self._before: dict[str, tuple[int, int]] = {}
        self._given: dict[str, tuple[int, int]] = {}

    def look(self) -> list[Item]:
        """Those that this look finds as the last one did, so that nobody writes to them any more; each once, and again
        when it was written anew."""
        now: dict[str, tuple[int, int]] = {}
        found: list[Item] = []
        for item in items_of(self._folders, recursive=self._recursive):
            with contextlib.suppress(OSError):  # it was taken away again
                state = Path(item.name).stat()
                now[item.name] = state.st_size, state.st_mtime_ns
                if state.st_size and self._before.get(item.name) == now[item.name] != self._given.get(item.name):
                    self._given[item.name] = now[item.name]
                    found.append(item)
        self._before = now
        return found

    async def until(self, over: asyncio.Event) -> AsyncIterator[Item]:
        while not over.is_set():
            for item in await asyncio.to_thread(self.look):
                yield item
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(over.wait(), _LOOK_S)


class Writing(msgspec.Struct, frozen=True):
    """A text of a recording as a file. ``language``: that of a translation."""

    form: str
    language: str = ""


class Outputs:
    """``NAME.FORM`` beside each recording or below ``folder``, ``NAME.LANGUAGE.FORM`` of a translation. Where several
    recordings have the same name but for its ending, each keeps that too (``talk.mp3.srt``)."""

    def __init__(
        self, forms: Sequence[str], folder: Path | None, languages: Sequence[str] = ("",), *, overwrite: bool
    ) -> None:
        self._writings = [Writing(form, tongue) for form in forms for tongue in languages]
        if len(languages) > 1:  # JSON holds both
            self._writings = [one for one in self._writings if one.language or one.form != "json"]
        self._folder, self._overwrite = folder, overwrite
        self._taken: dict[Path, str] = {}

    def missing(self, item: Item) -> dict[Writing, Path]:
        """What is still to be written, with its files: all that are not newer than the recording. Raises StorageError
        where another recording of this run is written to the same file."""
        targets = {writing: self._target(item, writing) for writing in self._writings}
        for target in targets.values():
            other = self._taken.setdefault(target, item.name)
            if other != item.name:
                raise StorageError(f"{target} is already the text of {other}. Choose another --output folder for it.")
        return {w: path for w, path in targets.items() if self._overwrite or not _is_newer(path, item.path)}

    def _target(self, item: Item, writing: Writing) -> Path:
        ending = ".".join(filter(None, (writing.language, writing.form)))
        if item.path is None:
            return (self._folder or Path()) / f"standard-input.{ending}"
        folder = item.path.parent if self._folder is None else self._folder / item.place
        return folder / f"{name_of_text(item.path)}.{ending}"


def _is_newer(target: Path, source: Path | None) -> bool:
    try:
        return source is not None and target.stat().st_mtime_ns >= source.stat().st_mtime_ns
    except OSError:
        return False


def partial_of(target: Path) -> Path:
    """Where the text of a recording is kept that was not understood to its end."""
    return target.with_name(f"{target.stem}.partial{target.suffix}")
