"""Which recordings are meant by names of files and folders, and what the text of each is called."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from debabelizer.errors import UnsupportedFormatError

_MEDIA = frozenset({".wav", ".wave", ".w64", ".aif", ".aiff", ".au", ".caf", ".flac", ".mp3", ".aac", ".m4a", ".m4b"})
_MEDIA |= {".mp4", ".m4v", ".mov", ".ogg", ".oga", ".ogv", ".opus", ".webm", ".mka", ".mkv", ".avi", ".wma", ".wmv"}
_MEDIA |= {".asf", ".flv", ".mpg", ".mpeg", ".ts", ".amr", ".gsm", ".ac3", ".eac3", ".dts", ".ape", ".tta", ".wv"}
"""Endings by which a recording is found in a folder; a file that is named is read whatever it is called."""


class Found(msgspec.Struct, frozen=True):
    """A recording. ``name``: as it was named, or below the folder that was. ``place``: its path below that folder,
    without its own name."""

    name: str
    place: Path = Path()


def found_in(names: Sequence[str], *, recursive: bool) -> list[Found]:
    """The files of ``names`` and those in its folders, each once, in order. Raises UnsupportedFormatError for a folder
    that can't be read."""
    found: dict[str, Found] = {}
    for name in names:
        path = Path(name)
        inside = list(_in_folder(path, recursive=recursive)) if path.is_dir() else [Found(name)]
        for item in inside:
            found.setdefault(item.name, item)
    return list(found.values())


def _in_folder(folder: Path, *, recursive: bool) -> Iterator[Found]:
    def refused(error: OSError) -> None:
        raise UnsupportedFormatError(f"The folder {error.filename} can't be read: {error.strerror}.") from error

    for where, folders, files in os.walk(folder, onerror=refused):
        folders[:] = sorted(name for name in folders if recursive and not name.startswith("."))
        for name in sorted(files):
            if is_recording(name):
                yield Found(str(Path(where, name)), Path(where).relative_to(folder))


def is_recording(name: str) -> bool:
    return Path(name).suffix.lower() in _MEDIA and not name.startswith(".")


def name_of_text(recording: Path) -> str:
    """Without its ending: that of the recording, with the ending of that where several are told apart by it."""
    return recording.name if _has_namesake(recording) else recording.stem


def _has_namesake(path: Path) -> bool:
    if not is_recording(path.name):
        return True  # notes.txt must not become notes.txt
    with contextlib.suppress(OSError):
        return any(
            other.name != path.name and other.stem == path.stem and is_recording(other.name)
            for other in path.parent.iterdir()
        )
    return False
