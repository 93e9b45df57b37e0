"""A recording as the program has it: a file by its path, bytes, an open file, a pipe."""

from __future__ import annotations

import io
import stat
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, TypeVar

from debabelizer.audio.bounded.limits import Limits
from debabelizer.errors import UnsupportedFormatError

T = TypeVar("T")
HEAD = 64
"""Bytes at the start that can be read again even in a pipe."""


class Source:
    """Bytes by their place, from the start of what can be sought in, else from where it stands. Opens what it was given
    as a path; :meth:`close` closes only that."""

    def __init__(self, given: Path | BinaryIO, limits: Limits) -> None:
        """Raises UnsupportedFormatError where there is no such file or it may not be read, LimitExceededError."""
        self.name = name_of(given)
        self._given = given if isinstance(given, Path) else None
        self._file: BinaryIO = _opened(given) if isinstance(given, Path) else given
        self._limits = limits
        self._at = 0
        self._taken = b""
        """The head of a pipe."""
        self.size: int | None = None
        """Bytes; None in a pipe."""
        try:
            self._measure()
        except BaseException:
            self.close()
            raise

    def _measure(self) -> None:
        if self._file.seekable():
            self.size = self._at = self._guarded(lambda: self._file.seek(0, io.SEEK_END))
            self._limits.check_size(self.size, self.name)

    @property
    def head(self) -> bytes:
        """The first bytes, fewer only where there are no more."""
        if self.size is not None:
            return self.read_at(0, HEAD)
        while len(self._taken) < HEAD and (more := self._read(HEAD - len(self._taken))):
            self._taken += more
        return self._taken

    @property
    def rewinds(self) -> bool:
        """It can still be read from its start."""
        return self.size is not None or self._at <= len(self._taken)

    def read_at(self, place: int, size: int) -> bytes:
        """At most ``size`` bytes, empty at the end. A pipe is read in order, whatever ``place`` says. Raises
        UnsupportedFormatError where reading fails, LimitExceededError."""
        if self.size is None:
            if place < len(self._taken):
                return self._taken[place : place + size]
            return self._read(size)
        if place != self._at:
            self._at = self._guarded(lambda: self._file.seek(place))
        return self._read(size)

    def _read(self, size: int) -> bytes:
        some = getattr(self._file, "read1", self._file.read)  # a pipe has more than nothing, but less than asked for
        data = self._guarded(lambda: some(size)) or b""
        self._at += len(data)
        if self.size is None:
            self._limits.check_size(self._at, self.name)
        return data

    def _guarded(self, action: Callable[[], T]) -> T:
        try:
            return action()
        except OSError as error:
            raise UnsupportedFormatError(f"{self.name} can't be read: {error.strerror}.") from error

    def close(self) -> None:
        if self._given is not None:
            self._file.close()


def name_of(given: Path | BinaryIO) -> str:
    """For messages."""
    name = given.name if isinstance(given, Path) else getattr(given, "name", None)
    return shown(Path(name).name) if isinstance(name, str) and not name.startswith("<") else "The recording"


def shown(path: Path | str) -> str:
    """A name may hold what makes a terminal do things."""
    return "".join(character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in str(path))


def _opened(path: Path) -> BinaryIO:
    named = shown(path)
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            raise UnsupportedFormatError(f"{named} is a folder, not a file.")
        if not stat.S_ISREG(mode):
            raise UnsupportedFormatError(
                f"{named} is a pipe or a device, not a file. Copy what it gives to a file, or pipe it in."
            )
        file = path.open("rb", buffering=0)
        try:
            empty = not file.read(1)
        except OSError:
            file.close()
            raise
        if empty:
            file.close()
            raise UnsupportedFormatError(f"{shown(path.name)} is empty. Choose a recording with sound.")
    except FileNotFoundError as error:
        raise UnsupportedFormatError(f"There is no file {named}.") from error
    except PermissionError as error:
        raise UnsupportedFormatError(f"{named} can't be opened: you are not allowed to read it.") from error
    except (OSError, ValueError) as error:
        raise UnsupportedFormatError(f"{named} can't be read: {getattr(error, 'strerror', None) or error}.") from error
    return file
