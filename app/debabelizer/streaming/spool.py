"""The replay spool: audio not yet covered by a final, in memory up to a bound, then on disk."""

from __future__ import annotations

import contextlib
import tempfile
from collections import deque
from pathlib import Path
from typing import IO

from debabelizer.errors import StorageError

SAMPLE_BYTES = 2
"""Of the session's own form, PCM_16K."""
_BLOCK_BYTES = 256 << 10


class _Block:
    """A stretch of audio: in ``memory``, or in a nameless ``file``."""

    __slots__ = ("file", "length", "memory", "start")

    def __init__(self, start: int) -> None:
        self.start = start
        self.memory = bytearray()
        self.length = 0
        self.file: IO[bytes] | None = None

    @property
    def end(self) -> int:
        return self.start + self.length

    def read(self, position: int, count: int) -> bytes:
        offset = position - self.start
        if self.file is None:
            return bytes(self.memory[offset : offset + count])
        self.file.seek(offset)
        return self.file.read(count)

    def spill(self, folder: Path | None) -> None:
        """Move to disk. Raises OSError and stays in memory."""
        file = tempfile.TemporaryFile(dir=folder, prefix="debabelizer-")  # noqa: SIM115 - lives as long as the block
        try:
            file.write(self.memory)
            file.flush()
        except OSError:
            with contextlib.suppress(OSError):  # closing flushes again, into the same full disk
                file.close()
            raise
        self.file = file
        self.memory = bytearray()

    def close(self) -> None:
        if self.file is not None:
            self.file.close()


class Spool:
    """Samples ``start`` to ``end`` of everything ever appended; positions are counted in samples.

    ``append`` never loses what it was given: where the disk is full the audio stays in memory and ``trouble``
    holds the reason, until ``ceiling`` bytes are reached and it raises :class:`StorageError` without taking any.
    """

    def __init__(self, memory_bytes: int, ceiling: int, folder: Path | None = None) -> None:
        self._memory_bytes = memory_bytes
        self._ceiling = max(ceiling, memory_bytes)
        self._folder = folder
        self._blocks: deque[_Block] = deque()
        self._start = 0
        self._end = 0
        self.end = 0
        """Samples appended so far."""
        self._in_memory = 0
        self._newest = b""
        """As it was given to ``append``: most audio is read once, and at once."""
        self.trouble: StorageError | None = None

    @property
    def start(self) -> int:
        return self._start // SAMPLE_BYTES

    @property
    def in_memory(self) -> int:
        """Bytes held in memory."""
        return self._in_memory

    def append(self, pcm: bytes) -> None:
        """Take whole samples of PCM_16K."""
        if not pcm:
            return
        if len(pcm) % SAMPLE_BYTES:
            raise ValueError("audio must come in whole samples of two bytes")
        if self._in_memory + len(pcm) > self._ceiling:
            raise self.trouble or StorageError("too much audio is waiting to be recognised")
        block = self._blocks[-1] if self._blocks else None
        if block is None or block.file is not None or block.length + len(pcm) > _BLOCK_BYTES:
            self._append_over_blocks(pcm)
        else:
            block.memory += pcm
            block.length += len(pcm)
        self._end += len(pcm)
        self._in_memory += len(pcm)
        self.end = self._end // SAMPLE_BYTES
        self._newest = pcm
        if self._in_memory > self._memory_bytes:
            self._spill()

    def _append_over_blocks(self, pcm: bytes) -> None:
        start, rest = self._end, memoryview(pcm)
        while rest:
            block = self._open_block(start)
            some = rest[: _BLOCK_BYTES - block.length]
            block.memory += some
            block.length += len(some)
            start += len(some)
            rest = rest[len(some) :]

    def _open_block(self, start: int) -> _Block:
        last = self._blocks[-1] if self._blocks else None
        if last is None or last.file is not None or last.length >= _BLOCK_BYTES:
            last = _Block(start)
            self._blocks.append(last)
        return last

    def _spill(self) -> None:
        """Move the oldest full blocks to disk, as many as needed."""
        for block in self._blocks:
            if block.file is not None or block.length < _BLOCK_BYTES:
                continue
            try:
                if self._folder is not None:
                    self._folder.mkdir(parents=True, exist_ok=True)
                block.spill(self._folder)
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
            self._in_memory -= block.length
            if self._in_memory <= self._memory_bytes:
                return

    def read(self, position: int, count: int) -> bytes:
        """Up to ``count`` samples from ``position``, less at the end or where a block ends. Raises OSError."""
        offset = position * SAMPLE_BYTES
        if offset == self._end - len(self._newest) and count * SAMPLE_BYTES == len(self._newest):
            return self._newest
        if not self._start <= offset <= self._end:
            raise ValueError(f"sample {position} is not in the spool ({self.start} to {self.end})")
        for block in reversed(self._blocks):
            if block.start <= offset < block.end:
                return block.read(offset, min(count * SAMPLE_BYTES, block.end - offset))
        return b""

    def trim(self, position: int) -> None:
        """Forget everything before ``position``."""
        self._start = max(self._start, min(position * SAMPLE_BYTES, self._end))
        while self._blocks and self._blocks[0].end <= self._start:
            block = self._blocks.popleft()
            if block.file is None:
                self._in_memory -= block.length
            block.close()

    def close(self) -> None:
        for block in self._blocks:
            block.close()
        self._blocks.clear()
        self._newest = b""
        self._start = self._end
        self._in_memory = 0
