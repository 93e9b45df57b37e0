"""Bytes that are nobody else's business: in memory while they are few, then in a file without a name."""

from __future__ import annotations

import io
import tempfile
import threading
from typing import TYPE_CHECKING, BinaryIO

from debabelizer.errors import StorageError

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_MEMORY = 8 << 20
"""Bytes; below this nothing touches the disk."""


class Scratch:
    """Written once, read any number of times. The file can be opened by this user only, has no name where the system
    knows such files, and is gone with the process, however that ends. ``on_disk`` False: memory alone."""

    def __init__(self, *, on_disk: bool = True) -> None:
        self._file = tempfile.SpooledTemporaryFile(max_size=_MEMORY if on_disk else 0)  # noqa: SIM115 - see close
        self._lock = threading.Lock()
        self.size = 0

    def write(self, data: bytes) -> int:
        """At the place reached by the last write or ``seek``. Raises StorageError."""
        with self._lock:
            try:
                count = self._file.write(data)
                self.size = max(self.size, self._file.tell())
            except OSError as error:
                raise StorageError(
                    f"There is no room for the recording's copy in {tempfile.gettempdir()}: {error.strerror}."
                ) from error
            return count

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        with self._lock:
            return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()

    def seekable(self) -> bool:
        return True

    def open(self) -> BinaryIO:
        """A reader with a place of its own, from the start; any thread may have one."""
        return io.BufferedReader(_View(self), 1 << 16)

    def close(self) -> None:
        with self._lock:
            self._file.close()

    def read_at(self, offset: int, size: int) -> bytes:
        with self._lock:
            self._file.seek(offset)
            return self._file.read(size)


class _View(io.RawIOBase):
    def __init__(self, scratch: Scratch) -> None:
        self._scratch = scratch
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        target = memoryview(buffer).cast("B")
        data = self._scratch.read_at(self._at, len(target))
        target[: len(data)] = data
        self._at += len(data)
        return len(data)

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._scratch.size}[whence]
        self._at = max(0, base + offset)
        return self._at

    def tell(self) -> int:
        return self._at
