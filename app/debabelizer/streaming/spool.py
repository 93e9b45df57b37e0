"""The replay spool: audio not yet covered by a final, in memory up to a bound, then on disk."""

from __future__ import annotations

import contextlib
import tempfile
from bisect import bisect_right
from collections import deque
from pathlib import Path
from typing import IO, NamedTuple

from debabelizer.errors import StorageError

SAMPLE_BYTES = 2
"""Of the session's own form, PCM_16K."""
_FILE_BYTES = 256 << 10
"""At least so many at a time go to disk."""


class _File(NamedTuple):
    """Samples ``start`` to ``end`` in a nameless file."""

    start: int
    end: int
    file: IO[bytes]


class Spool:
    """Samples ``start`` to ``end`` of everything ever appended; positions are counted in samples.

    The newest are in memory, in the very pieces that were given to ``append``; the oldest, where there are too many,
    in files. ``append`` never loses what it was given: where the disk is full the audio stays in memory and ``trouble``
    holds the reason, until ``ceiling`` bytes are reached and it raises :class:`StorageError` without taking any.
    """

    def __init__(self, memory_bytes: int, ceiling: int, folder: Path | None = None) -> None:
        self._memory_bytes = max(memory_bytes, _FILE_BYTES)
        self._ceiling = max(ceiling, memory_bytes)
        self._folder = folder
        self._files: deque[_File] = deque()
        self._pieces: list[bytes] = []
        self._starts: list[int] = []
        """Where each piece begins."""
        self.start = 0
        self.end = 0
        """Samples appended so far."""
        self.in_memory = 0
        """Bytes held in memory."""
        self.trouble: StorageError | None = None

    def append(self, pcm: bytes) -> None:
        """Take whole samples of PCM_16K."""
        size = len(pcm)
        if size % SAMPLE_BYTES:
            raise ValueError("audio must come in whole samples of two bytes")
        held = self.in_memory + size
        if held > self._ceiling:
            raise self.trouble or StorageError("too much audio is waiting to be recognised")
        if size:
            self._pieces.append(pcm)
            self._starts.append(self.end)
            self.end += size // SAMPLE_BYTES
            self.in_memory = held
            if held > self._memory_bytes:
                self._spill()

    def _spill(self) -> None:
        """Move the oldest pieces to disk, as many as needed."""
        while self.in_memory > self._memory_bytes:
            start = self._starts[0]
            count = bisect_right(self._starts, start + _FILE_BYTES // SAMPLE_BYTES)
            end = self._starts[count] if count < len(self._starts) else self.end
            try:
                file = self._written(self._pieces[:count])
            except OSError as error:
                if self.trouble is None:
                    where = self._folder or tempfile.gettempdir()
                    why = error.strerror or error
                    self.trouble = StorageError(
                        f"Audio waiting to be recognised does not fit on the disk at {where}: {why}",
                        code=str(error.errno),
                    )
                return
            self.trouble = None
            self._files.append(_File(start, end, file))
            self._let_go(count, end)

    def _written(self, pieces: list[bytes]) -> IO[bytes]:
        """Raises OSError."""
        if self._folder is not None:
            self._folder.mkdir(parents=True, exist_ok=True)
        file = tempfile.TemporaryFile(dir=self._folder, prefix="debabelizer-")  # noqa: SIM115 - lives as long as needed
        try:
            file.writelines(pieces)
            file.flush()
        except OSError:
            with contextlib.suppress(OSError):  # closing flushes again, into the same full disk
                file.close()
            raise
        return file

    def _let_go(self, count: int, end: int) -> None:
        """Of the first ``count`` pieces, which reach to ``end``."""
        if count:
            self.in_memory -= (end - self._starts[0]) * SAMPLE_BYTES
            del self._pieces[:count]
            del self._starts[:count]

    def read(self, position: int, count: int) -> bytes:
        """``count`` samples from ``position``, less at the end. Raises StorageError."""
        starts = self._starts
        if starts and position == starts[-1] and count == self.end - position:
            return self._pieces[-1]  # most audio is read once, and at once, as it was given
        if not self.start <= position <= self.end:
            raise ValueError(f"sample {position} is not in the spool ({self.start} to {self.end})")
        stop = min(position + count, self.end)
        return b"".join(self._from_files(position, stop) + self._from_memory(position, stop))

    def _from_files(self, position: int, stop: int) -> list[bytes]:
        parts = []
        for start, end, file in self._files:
            first, last = max(position, start), min(stop, end)
            if first < last:
                try:
                    file.seek((first - start) * SAMPLE_BYTES)
                    parts.append(file.read((last - first) * SAMPLE_BYTES))
                except OSError as error:
                    why = error.strerror or error
                    raise StorageError(f"Audio kept on disk cannot be read: {why}", code=str(error.errno)) from error
        return parts

    def _from_memory(self, position: int, stop: int) -> list[bytes]:
        parts = []
        for number in range(max(0, bisect_right(self._starts, position) - 1), len(self._pieces)):
            start = self._starts[number]
            if start >= stop:
                break
            first = max(0, position - start)
            parts.append(self._pieces[number][first * SAMPLE_BYTES : (stop - start) * SAMPLE_BYTES])
        return parts

    def trim(self, position: int) -> None:
        """Forget everything before ``position``."""
        self.start = max(self.start, min(position, self.end))
        while self._files and self._files[0].end <= self.start:
            self._files.popleft().file.close()
        if self.start == self.end:
            self._let_go(len(self._pieces), self.end)
        elif (before := bisect_right(self._starts, self.start) - 1) > 0:
            self._let_go(before, self._starts[before])

    def close(self) -> None:
        for held in self._files:
            held.file.close()
        self._files.clear()
        self._pieces.clear()
        self._starts.clear()
        self.start = self.end
        self.in_memory = 0
