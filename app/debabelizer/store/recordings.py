"""The list of recordings and their texts, in SQLite."""

from __future__ import annotations

import time
from collections.abc import Iterable
from pathlib import Path

import msgspec

from debabelizer.store.database import Database

FILE = "recordings.sqlite3"
_DAY = 86_400.0
_VERSION = 1
_SCHEMA = """
CREATE TABLE IF NOT EXISTS recordings (
    path TEXT PRIMARY KEY,
    added REAL NOT NULL,
    finished REAL,
    state TEXT NOT NULL,
    details TEXT NOT NULL,
    transcript TEXT
) WITHOUT ROWID;
"""


class RecordingRow(msgspec.Struct, frozen=True, kw_only=True):
    """``finished``: None while it is to be done; times are seconds since 1970; ``details`` is JSON."""

    path: str
    added: float
    state: str
    details: str
    finished: float | None = None


class Recordings:
    """Any thread may call it. Every verb raises StorageError where the disk does not do its part."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / FILE
        self._database = Database(self.path, _SCHEMA, _VERSION, "The list of recordings")

    def rows(self) -> list[RecordingRow]:
        with self._database.transaction() as database:
            found = database.execute("SELECT path, added, finished, state, details FROM recordings")
            return [RecordingRow(**dict(row)) for row in found]

    def put(self, rows: Iterable[RecordingRow]) -> None:
        """A row of the same path takes the place of the earlier one, whose transcript stays."""
        with self._database.transaction() as database:
            database.executemany(
                "INSERT INTO recordings (path, added, finished, state, details)"
                " VALUES (:path, :added, :finished, :state, :details) ON CONFLICT (path) DO UPDATE SET"
                " added = :added, finished = :finished, state = :state, details = :details",
                [msgspec.structs.asdict(row) for row in rows],
            )

    def put_transcript(self, path: str, transcript: str) -> None:
        """Of a row that is there."""
        with self._database.transaction() as database:
            database.execute("UPDATE recordings SET transcript = ? WHERE path = ?", (transcript, path))

    def transcript(self, path: str) -> str | None:
        with self._database.transaction() as database:
            row = database.execute("SELECT transcript FROM recordings WHERE path = ?", (path,)).fetchone()
        return None if row is None else row["transcript"]

    def delete(self, paths: Iterable[str]) -> None:
        with self._database.transaction() as database:
            database.executemany("DELETE FROM recordings WHERE path = ?", [(path,) for path in paths])

    def delete_older(self, days: float) -> None:
        """What was finished longer ago than that."""
        with self._database.transaction() as database:
            database.execute("DELETE FROM recordings WHERE finished <= ?", (time.time() - days * _DAY,))

    def close(self) -> None:
        self._database.close()
