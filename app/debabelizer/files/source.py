"""What a caller has of a recording: a path, bytes, an open file, a pipe."""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from debabelizer.errors import StorageError
from debabelizer.files.scratch import Scratch

Given = Path | bytes | BinaryIO
_CHUNK = 1 << 18


class Source:
    """Can be opened any number of times. Make it in a thread: what can be read only once is copied first, until
    ``stopped`` says so. ``name`` is for messages to the user, never for a vendor."""

    def __init__(self, given: Given, *, on_disk: bool = True, stopped: Callable[[], bool] = lambda: False) -> None:
        self._given = given
        self._copy: Scratch | None = None
        self.name = given.name if isinstance(given, Path) else "The recording"
        if not isinstance(given, Path | bytes):
            self._copy = _copied(given, on_disk, stopped)

    @property
    def readable(self) -> Path | BinaryIO:
        """As :mod:`debabelizer.audio.decode` takes it."""
        return self._given if isinstance(self._given, Path) else self.open()

    @property
    def size(self) -> int:
        """Bytes."""
        if isinstance(self._given, Path):
            with self.open() as file:
                return file.seek(0, io.SEEK_END)
        return len(self._given) if isinstance(self._given, bytes) else self._held.size

    def open(self) -> BinaryIO:
        """Raises StorageError where the file is gone or may not be read."""
        if isinstance(self._given, bytes):
            return io.BytesIO(self._given)
        if not isinstance(self._given, Path):
            return self._held.open()
        try:
            return self._given.open("rb")
        except OSError as error:
            raise StorageError(f"{self.name} can't be read any more: {error.strerror}.", remedy=None) from error

    def close(self) -> None:
        if self._copy is not None:
            self._copy.close()

    @property
    def _held(self) -> Scratch:
        assert self._copy is not None
        return self._copy


def _copied(file: BinaryIO, on_disk: bool, stopped: Callable[[], bool]) -> Scratch:
    copy = Scratch(on_disk=on_disk)
    try:
        while not stopped() and (data := file.read(_CHUNK)):
            copy.write(data)
    except OSError as error:
        copy.close()
        raise StorageError(f"The recording can't be read: {error.strerror or os.strerror(5)}.", remedy=None) from error
    except BaseException:
        copy.close()
        raise
    return copy
