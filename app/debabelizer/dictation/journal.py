"""The recording of one take, on disk from its first buffer.

``<take>.wav`` is 16-bit mono PCM at 16 kHz whose header gets its length when the take ends; ``<take>.json`` is the
:class:`TakeRecord`. While a process records, it holds a lock on the WAV file; a record that says *recording* without
a lock is what a killed process left behind.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path

import msgspec

from debabelizer.audio.wav import HEADER_BYTES, header
from debabelizer.errors import Category, ProviderError, Remedy, StorageError
from debabelizer.store.file_lock import try_lock

RATE = 16_000
BYTES_PER_S = 2 * RATE
_CHUNK = BYTES_PER_S // 2
_OPEN_END = 0xFFFF_FFFF - 36


class TakeState(StrEnum):
    RECORDING = "recording"
    KEPT = "kept"
    """It failed, or its program died: offered for retry until it is discarded."""
    DONE = "done"
    """Its text arrived; the sound is deleted when it is old enough."""


class TakeRecord(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is known about a take beside its sound."""

    take: str
    state: TakeState
    created: float
    """Seconds since 1970."""
    seconds: float = 0.0
    provider: str = ""
    error: str = ""
    """Why it was kept, as a sentence."""
    category: Category | None = None
    remedy: Remedy | None = None
    text: str = ""
    """What had been understood."""
    audio: str = ""
    """Path of the WAV file; empty: only in memory."""


class TakeJournal:
    """Takes the sound of one take. ``append`` is called by one thread at a time; everything else by any.

    Where the disk takes no more, the take goes on in memory and :attr:`problem` says so; what is on disk stays
    there. With ``folder`` None nothing ever touches the disk.
    """

    def __init__(self, folder: Path | None, record: TakeRecord) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._file: int | None = None
        self._written = 0
        self._memory = bytearray()
        self._record = record
        self.problem: StorageError | None = None
        if folder is not None:
            self._open(folder)

    @property
    def record(self) -> TakeRecord:
        return msgspec.structs.replace(self._record, seconds=self.seconds)

    @property
    def take(self) -> str:
        return self._record.take

    @property
    def seconds(self) -> float:
        return (self._written + len(self._memory)) / BYTES_PER_S

    @property
    def path(self) -> Path | None:
        """The WAV file, if there is one."""
        return Path(self._record.audio) if self._record.audio else None

    def append(self, pcm: bytes) -> None:
        """Give it to the operating system before this returns; it then survives the end of this process."""
        with self._lock:
            if self._file is None:
                self._memory += pcm
                return
            written = 0
            try:
                while written < len(pcm):
                    written += os.write(self._file, pcm[written:])
            except OSError as error:
                self._stop_writing(error)
            written &= ~1  # half a sample on disk is not worth reading
            self._written += written
            self._memory += pcm[written:]

    def pcm(self) -> Iterator[bytes]:
        """All sound so far, in pieces of half a second. Raises StorageError where the file can't be read."""
        yield from read_pcm(self.path, self._written if self.path else 0)
        with self._lock:
            rest = bytes(self._memory)
        for start in range(0, len(rest), _CHUNK):
            yield rest[start : start + _CHUNK]

    def update(
        self, state: TakeState, *, provider: str = "", text: str = "", error: ProviderError | None = None
    ) -> None:
        """Change the record, here and on disk."""
        self._record = msgspec.structs.replace(
            self.record,
            state=state,
            provider=provider or self._record.provider,
            text=text,
            error="" if error is None else error.message,
            category=None if error is None else error.category,
            remedy=None if error is None else error.remedy,
        )
        self._save()

    def close(self) -> None:
        """No more sound will come: write the header's length and let go of the file. May be called twice."""
        with self._lock:
            if self._file is None:
                return
            descriptor, self._file = self._file, None
            try:
                finish_header(descriptor, self._written)
            except OSError as error:
                self.problem = self.problem or _storage_error(error)
            finally:
                os.close(descriptor)
        self._save()

    def delete(self) -> None:
        """The sound and the record, from disk and memory."""
        self.close()
        with self._lock:
            self._memory.clear()
            self._written = 0
        if self._folder is not None:
            delete_files(self._folder, self.take)
        self._record = msgspec.structs.replace(self._record, audio="")

    def _open(self, folder: Path) -> None:
        path = folder / f"{self.take}.wav"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._record = msgspec.structs.replace(self._record, audio=str(path))
            write_record(folder, self._record)
            flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
            self._file = os.open(path, flags, 0o600)
            try_lock(self._file)
            os.write(self._file, header(_OPEN_END))
        except OSError as error:
            self._stop_writing(error)
            if not path.exists():
                self._record = msgspec.structs.replace(self._record, audio="")

    def _save(self) -> None:
        if self._folder is None or not self._record.audio:
            return
        try:
            write_record(self._folder, self.record)
        except OSError as error:
            self.problem = self.problem or _storage_error(error)

    def _stop_writing(self, error: OSError) -> None:
        self.problem = _storage_error(error)
        if self._file is not None:
            os.close(self._file)
            self._file = None


def read_pcm(path: Path | None, size: int | None = None) -> Iterator[bytes]:
    """The samples of a take's WAV file; ``size``: bytes of sound to read, None: all there is."""
    if path is None or size == 0:
        return
    try:
        with path.open("rb") as file:
            file.seek(HEADER_BYTES)
            left = size
            while chunk := file.read(_CHUNK if left is None else min(_CHUNK, left)):
                left = None if left is None else left - len(chunk)
                yield chunk[: len(chunk) & ~1]
    except OSError as error:
        raise StorageError(f"The recording {path.name} can't be read: {error.strerror}.", remedy=None) from error


def finish_header(descriptor: int, size: int) -> None:
    """Write the length of the sound into a WAV file's header. Raises OSError."""
    os.lseek(descriptor, 0, os.SEEK_SET)
    os.write(descriptor, header(min(size, _OPEN_END)))


def write_record(folder: Path, record: TakeRecord) -> None:
    """Whole or not at all. Raises OSError."""
    path = folder / f"{record.take}.json"
    beside = path.with_suffix(".json.new")
    try:
        beside.write_bytes(msgspec.json.format(msgspec.json.encode(record)))
        beside.replace(path)
    except OSError:
        beside.unlink(missing_ok=True)
        raise


def delete_files(folder: Path, take: str) -> None:
    """Raises StorageError where the system refuses."""
    try:
        for ending in (".wav", ".json", ".json.new"):
            (folder / f"{take}{ending}").unlink(missing_ok=True)
    except NotADirectoryError:
        return  # there never was a folder, nor a file in it
    except OSError as error:
        raise StorageError(f"The take {take} can't be deleted: {error.strerror}.", remedy=None) from error


def _storage_error(error: OSError) -> StorageError:
    cause = error.strerror or str(error)
    return StorageError(
        f"The recording can't be written to disk ({cause}); it goes on in memory and is lost if the program ends.",
        code=str(error.errno),
    )
