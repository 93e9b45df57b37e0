"""What was dictated, in SQLite: survives a crash, and every word can be found again."""

from __future__ import annotations

import sqlite3
import time
from pathlib import Path

import msgspec

from debabelizer.events import InsertResult, TakeStamps
from debabelizer.store.database import Database

FILE = "history.sqlite3"
_DAY = 86_400.0
_VERSION = 1

# bm25 is of no use here: newest first is what people look for
_SCHEMA = """
CREATE TABLE IF NOT EXISTS takes (
    number INTEGER PRIMARY KEY,
    take TEXT NOT NULL UNIQUE,
    finished REAL NOT NULL,
    text TEXT NOT NULL,
    provider TEXT NOT NULL,
    language TEXT,
    seconds REAL NOT NULL,
    target TEXT,
    result TEXT NOT NULL,
    stamps TEXT
);
CREATE INDEX IF NOT EXISTS takes_by_time ON takes (finished);
CREATE VIRTUAL TABLE IF NOT EXISTS words USING fts5 (
    text, content='takes', content_rowid='number', tokenize="unicode61 remove_diacritics 2"
);
CREATE TRIGGER IF NOT EXISTS takes_added AFTER INSERT ON takes BEGIN
    INSERT INTO words (rowid, text) VALUES (new.number, new.text);
END;
CREATE TRIGGER IF NOT EXISTS takes_deleted AFTER DELETE ON takes BEGIN
    INSERT INTO words (words, rowid, text) VALUES ('delete', old.number, old.text);
END;
"""


class HistoryEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One take whose text arrived. ``finished``: seconds since 1970; ``target``: the program that got the text."""

    take: str
    text: str
    provider: str
    result: InsertResult
    finished: float
    language: str | None = None
    seconds: float = 0.0
    target: str | None = None
    stamps: TakeStamps | None = None


class History:
    """Any thread may call it. Every verb raises StorageError where the disk does not do its part.

    A file that is no database is put aside, never overwritten.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / FILE
        self._database = Database(self.path, _SCHEMA, _VERSION, "The history")

    def add(self, entry: HistoryEntry) -> None:
        """A take that is there already (a retry) gets its new text."""
        with self._database.transaction() as database:
            database.execute("DELETE FROM takes WHERE take = ?", (entry.take,))
            database.execute(
                "INSERT INTO takes (take, finished, text, provider, language, seconds, target, result, stamps)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    *(entry.take, entry.finished, entry.text, entry.provider, entry.language, entry.seconds),
                    *(entry.target, entry.result.value),
                    None if entry.stamps is None else msgspec.json.encode(entry.stamps).decode(),
                ),
            )

    def revise(self, take: str, text: str) -> None:
        """Another text for a take that is there; one that is not stays away."""
        entry = self.get(take)
        if entry is not None:
            self.add(msgspec.structs.replace(entry, text=text))

    def search(self, words: str = "", *, limit: int = 100, before: float | None = None) -> list[HistoryEntry]:
        """Newest first. All of ``words`` must be in the text, the last one may be a beginning; empty: everything.
        ``before``: only what was finished earlier, for the next page."""
        query = "SELECT takes.* FROM takes"
        values: list[object] = []
        if terms := _terms(words):
            query += " JOIN words ON words.rowid = takes.number WHERE words MATCH ? AND"
            values.append(terms)
        else:
            query += " WHERE"
        query += " takes.finished < ? ORDER BY takes.finished DESC, takes.number DESC LIMIT ?"
        values += [float("inf") if before is None else before, limit]
        with self._database.transaction() as database:
            return [_entry(row) for row in database.execute(query, values)]

    def get(self, take: str) -> HistoryEntry | None:
        with self._database.transaction() as database:
            row = database.execute("SELECT * FROM takes WHERE take = ?", (take,)).fetchone()
        return None if row is None else _entry(row)

    def delete(self, take: str) -> None:
        self._delete("take = ?", take)

    def delete_older(self, days: float, *, now: float | None = None) -> int:
        """What was finished longer ago than that; the answer is how many there were."""
        oldest = (time.time() if now is None else now) - days * _DAY
        return self._delete("finished <= ?", oldest)

    def clear(self) -> None:
        self._delete("?", 1)

    def _delete(self, where: str, value: object) -> int:
        with self._database.transaction() as database:
            count = database.execute(f"DELETE FROM takes WHERE {where}", (value,)).rowcount  # noqa: S608 - ours
            if count:  # the index keeps deleted words until its parts are merged
                database.execute("INSERT INTO words (words) VALUES ('optimize')")
        return count

    def close(self) -> None:
        self._database.close()


def _terms(words: str) -> str:
    """As FTS5 takes it: every word quoted, so that nothing in it is an operator."""
    quoted = ['"' + word.replace('"', '""') + '"' for word in words.split()]
    return " ".join(quoted) + "*" if quoted else ""


def _entry(row: sqlite3.Row) -> HistoryEntry:
    return HistoryEntry(
        take=row["take"],
        text=row["text"],
        provider=row["provider"],
        result=InsertResult(row["result"]),
        finished=row["finished"],
        language=row["language"],
        seconds=row["seconds"],
        target=row["target"],
        stamps=None if row["stamps"] is None else msgspec.json.decode(row["stamps"], type=TakeStamps),
    )
