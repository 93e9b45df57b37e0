"""Which recordings ``debabelizer transcribe`` is to read, and where the text of each goes."""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import AsyncIterator, Iterator, Sequence
from pathlib import Path

import msgspec

from debabelizer.errors import AudioError, StorageError

STANDARD_INPUT = "-"
_MEDIA = frozenset({".wav", ".wave", ".w64", ".aif", ".aiff", ".au", ".caf", ".flac", ".mp3", ".aac", ".m4a", ".m4b"})
_MEDIA |= {".mp4", ".m4v", ".mov", ".ogg", ".oga", ".ogv", ".opus", ".webm", ".mka", ".mkv", ".avi", ".wma", ".wmv"}
_MEDIA |= {".asf", ".flv", ".mpg", ".mpeg", ".ts", ".amr", ".gsm", ".ac3", ".eac3", ".dts", ".ape", ".tta", ".wv"}
"""Endings by which a recording is found in a folder; a file that is named is read whatever it is called."""
_LOOK_S = 1.0


class Item(msgspec.Struct, frozen=True):
    """A recording. ``name``: as the user knows it. ``place``: its path below the folder that was named, without its own
    name, which it keeps below ``--output``."""

    name: str
    place: Path = Path()

    @property
    def path(self) -> Path | None:
        """None: standard input."""
        return None if self.name == STANDARD_INPUT else Path(self.name)


def items_of(names: Sequence[str], *, recursive: bool) -> list[Item]:
    """The files of ``names`` and those in its folders, each once, in order. Raises AudioError for a folder that can't
    be read."""
    found: dict[str, Item] = {}
    for name in names:
        path = Path(name)
        inside = list(_in_folder(path, recursive=recursive)) if path.is_dir() else [Item(name)]
        for item in inside:
            found.setdefault(item.name, item)
    return list(found.values())


def _in_folder(folder: Path, *, recursive: bool) -> Iterator[Item]:
    def refused(error: OSError) -> None:
        raise AudioError(f"The folder {error.filename} can't be read: {error.strerror}.") from error

    for where, folders, files in os.walk(folder, onerror=refused):
        folders[:] = sorted(name for name in folders if recursive and not name.startswith("."))
        for name in sorted(files):
            if is_recording(name):
                yield Item(str(Path(where, name)), Path(where).relative_to(folder))


def is_recording(name: str) -> bool:
    return Path(name).suffix.lower() in _MEDIA and not name.startswith(".")


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
        name = item.path.name if _has_namesake(item.path) else item.path.stem
        folder = item.path.parent if self._folder is None else self._folder / item.place
        return folder / f"{name}.{ending}"


def _has_namesake(path: Path) -> bool:
    if not is_recording(path.name):
        return True  # notes.txt must not become notes.txt
    with contextlib.suppress(OSError):
        return any(
            other.name != path.name and other.stem == path.stem and is_recording(other.name)
            for other in path.parent.iterdir()
        )
    return False


def _is_newer(target: Path, source: Path | None) -> bool:
    try:
        return source is not None and target.stat().st_mtime_ns >= source.stat().st_mtime_ns
    except OSError:
        return False


def partial_of(target: Path) -> Path:
    """Where the text of a recording is kept that was not understood to its end."""
    return target.with_name(f"{target.stem}.partial{target.suffix}")
