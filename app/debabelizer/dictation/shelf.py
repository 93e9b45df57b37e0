"""The folder of takes: what is being recorded, what was kept, what an earlier run left behind."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec

from debabelizer.audio.wav import HEADER_BYTES
from debabelizer.dictation.journal import (
    BYTES_PER_S,
    TakeJournal,
    TakeRecord,
    TakeState,
    delete_files,
    finish_header,
    read_pcm,
    write_record,
)
from debabelizer.errors import ConfigurationError, ProviderError, StorageError
from debabelizer.store.file_lock import try_lock

_DAY = 86_400.0
_log = logging.getLogger(__name__)


class TakeShelf:
    """All takes of this user. Several processes may share the folder; none touches what another is recording."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._live: dict[str, TakeJournal] = {}  # of this process: recording, kept, or only in memory

    def new(self, *, on_disk: bool = True) -> TakeJournal:
        """A journal for a take that begins now. Never fails: without a disk it is in memory and says so."""
        now = time.time()
        stamp = time.strftime("%Y%m%d-%H%M%S", time.localtime(now))
        take = f"{stamp}-{int(now * 1000) % 1000:03d}-{os.urandom(2).hex()}"
        record = TakeRecord(take=take, state=TakeState.RECORDING, created=now)
        journal = TakeJournal(self.folder if on_disk else None, record)
        self._live[take] = journal
        return journal

    def kept(self) -> list[TakeRecord]:
        """Takes that can be retried or discarded, oldest first."""
        found = {record.take: record for record in self._records() if record.state is TakeState.KEPT}
        for journal in self._live.values():
            found.pop(journal.take, None)
            if journal.record.state is TakeState.KEPT:
                found[journal.take] = journal.record
        return sorted(found.values(), key=lambda record: (record.created, record.take))

    def holds(self, take: str) -> bool:
        """Whether there is anything left of a take of this run."""
        return take in self._live

    def recover(self) -> list[TakeRecord]:
        """Keep what processes that died were recording; a take without any sound is dropped."""
        recovered = []
        for record in list(self._records()):
            if record.state is TakeState.RECORDING and record.take not in self._live:
                saved = self._recover(record)
                if saved is not None:
                    recovered.append(saved)
        return recovered

    def pcm(self, take: str) -> Iterator[bytes]:
        """The sound of a take. Raises ConfigurationError for one that is not there, StorageError."""
        if (journal := self._live.get(take)) is not None:
            return journal.pcm()
        return read_pcm(Path(self.record(take).audio))

    def record(self, take: str) -> TakeRecord:
        """Raises ConfigurationError for a take that is not there."""
        if (journal := self._live.get(take)) is not None:
            return journal.record
        record = self._read(self.folder / f"{take}.json") if take == Path(take).name else None
        if record is None:
            raise ConfigurationError("This recording is no longer there.", code=take)
        return record

    def update(self, record: TakeRecord) -> None:
        """Write a record of an earlier run anew. Raises StorageError."""
        try:
            write_record(self.folder, record)
        except OSError as error:
            raise StorageError(f"The take {record.take} can't be saved: {error.strerror}.") from error

    def keep(self, take: str, *, provider: str, text: str, error: ProviderError) -> None:
        """It failed: it can be retried until it is discarded. Never fails; without a disk it is kept in memory."""
        journal = self._live.get(take)
        if journal is not None:
            journal.close()
            journal.update(TakeState.KEPT, provider=provider, text=text, error=error)
            return
        kept = msgspec.structs.replace(
            self.record(take),
            state=TakeState.KEPT,
            provider=provider,
            text=text,
            error=error.message,
            category=error.category,
            remedy=error.remedy,
        )
        try:
            self.update(kept)
        except StorageError as problem:
            _log.warning("%s", problem)  # what stands there already says that it is kept

    def discard(self, take: str) -> None:
        """Delete sound and record. Raises StorageError where the system refuses."""
        journal = self._live.pop(take, None)
        if journal is not None:
            journal.delete()
        elif take == Path(take).name:
            delete_files(self.folder, take)

    def finish(self, take: str, keep_audio_days: float) -> None:
        """Its text arrived: the sound stays for as long as the user wants. Raises StorageError."""
        if keep_audio_days <= 0:
            self.discard(take)
            return
        journal = self._live.pop(take, None)
        if journal is not None:
            journal.close()
            journal.update(TakeState.DONE)
        else:
            self.update(msgspec.structs.replace(self.record(take), state=TakeState.DONE, error="", text=""))

    def prune(self, keep_audio_days: float, *, now: float | None = None) -> int:
        """Delete the sound of finished takes older than that; how many there were. Raises StorageError."""
        oldest = (time.time() if now is None else now) - keep_audio_days * _DAY
        old = [r.take for r in self._records() if r.state is TakeState.DONE and r.created <= oldest]
        for take in old:
            self.discard(take)
        return len(old)

    def close(self) -> None:
        """Let go of all files; what was being recorded is kept."""
        for journal in self._live.values():
            if journal.record.state is TakeState.RECORDING and journal.seconds:
                journal.update(TakeState.KEPT)
            journal.close()

    def _records(self) -> Iterator[TakeRecord]:
        for path in sorted(self.folder.glob("*.json")):
            record = self._read(path)
            if record is not None:
                yield record

    def _read(self, path: Path) -> TakeRecord | None:
        """A record from disk, with the sound's real length; a damaged one is made up from the sound beside it."""
        audio = path.with_suffix(".wav")
        try:
            data = path.read_bytes()
        except OSError:
            return None
        size = audio.stat().st_size if audio.exists() else 0
        seconds = max(0, size - HEADER_BYTES) / BYTES_PER_S
        try:
            record = msgspec.json.decode(data, type=TakeRecord)
        except msgspec.DecodeError as error:
            _log.warning("the record %s is damaged (%s); its sound is kept", path.name, error)
            record = TakeRecord(take=path.stem, state=TakeState.RECORDING, created=path.stat().st_mtime)
        return msgspec.structs.replace(record, take=path.stem, seconds=seconds, audio=str(audio) if size else "")

    def _recover(self, record: TakeRecord) -> TakeRecord | None:
        if not record.audio:
            self._drop(record)
            return None
        try:
            descriptor = os.open(record.audio, os.O_RDWR | getattr(os, "O_BINARY", 0))
        except OSError as error:
            _log.warning("the take %s can't be opened: %s", record.take, error.strerror)
            return None
        try:
            if not try_lock(descriptor):
                return None  # another process is recording it
            if record.seconds <= 0:
                self._drop(record)
                return None
            finish_header(descriptor, int(record.seconds * BYTES_PER_S))
        finally:
            os.close(descriptor)
        saved = msgspec.structs.replace(
            record,
            state=TakeState.KEPT,
            error=record.error or "The program ended before this take was finished.",
        )
        self.update(saved)
        return saved

    def _drop(self, record: TakeRecord) -> None:
        """A process died between making a record and its first sound; one that is just doing so is left alone."""
        if time.time() - record.created > 60:
            delete_files(self.folder, record.take)
