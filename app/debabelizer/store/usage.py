"""What was used and what it cost by the list prices of that day, in SQLite: one row per recording, file or spoken text.

A row is written again while it grows, so that a crash loses seconds, not the row. Several processes may write.
"""

from __future__ import annotations

import sqlite3
import statistics
import time
from enum import StrEnum
from pathlib import Path

import msgspec

from debabelizer.store.database import Database

FILE = "usage.sqlite3"
_VERSION = 1
_SCHEMA = """
CREATE TABLE IF NOT EXISTS uses (
    id TEXT PRIMARY KEY,
    at REAL NOT NULL,
    day TEXT NOT NULL,
    provider TEXT NOT NULL,
    model TEXT NOT NULL,
    work TEXT NOT NULL,
    seconds REAL NOT NULL,
    characters INTEGER NOT NULL,
    usd REAL,
    answered REAL,
    error TEXT
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS uses_by_time ON uses (at);
CREATE INDEX IF NOT EXISTS uses_by_provider ON uses (provider, at);
"""


class Work(StrEnum):
    DICTATION = "dictation"
    FILE = "file"
    SPEECH = "speech"


class Use(msgspec.Struct, frozen=True, kw_only=True):
    """One use. ``at``: seconds since 1970; ``seconds`` of audio; ``usd``: None where no price is known;
    ``answered``: seconds from the last audio to its text; ``error``: the category of the error it ended with."""

    id: str
    provider: str
    at: float
    work: Work = Work.DICTATION
    model: str = ""
    seconds: float = 0.0
    characters: int = 0
    usd: float | None = None
    answered: float | None = None
    error: str | None = None


class Total(msgspec.Struct, frozen=True, kw_only=True):
    """The sum of some uses. ``key``: the values they have in common, in the order in which they were asked for.
    ``usd`` leaves out what has no price; ``unpriced`` says how many uses those were."""

    key: tuple[str, ...]
    uses: int
    seconds: float
    characters: int
    usd: float
    unpriced: int
    errors: int
    answered: float | None
    """Mean seconds to the text, None where it was never measured."""


class Track(msgspec.Struct, frozen=True, kw_only=True):
    """How a provider has done in its last ``uses``. ``answered``: the median of the seconds to the text, over
    ``measured`` of them; None where none was."""

    uses: int
    errors: int
    measured: int = 0
    answered: float | None = None


class By(StrEnum):
    PROVIDER = "provider"
    MODEL = "model"
    DAY = "day"
    WORK = "work"


class Usage:
    """Any thread may call it. Every verb raises StorageError where the disk does not do its part."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / FILE
        self._database = Database(self.path, _SCHEMA, _VERSION, "The record of usage")

    def record(self, use: Use) -> None:
        """A use of the same id takes the place of the earlier one."""
        day = time.strftime("%Y-%m-%d", time.localtime(use.at))
        values = msgspec.structs.asdict(use) | {"day": day, "work": use.work.value}
        names = ", ".join(values)
        marks = ", ".join(f":{name}" for name in values)
        with self._database.transaction() as database:
            database.execute(f"INSERT OR REPLACE INTO uses ({names}) VALUES ({marks})", values)  # noqa: S608 - ours

    def totals(self, *by: By, since: float = 0.0, until: float = float("inf")) -> list[Total]:
        """Sums of what was used from ``since`` and before ``until`` (seconds since 1970), grouped and ordered by
        ``by``; without it, one sum of everything."""
        columns = [field.value for field in by]
        keys = ", ".join(columns)
        query = (
            f"SELECT {keys + ', ' if keys else ''}COUNT(*) AS uses, TOTAL(seconds) AS seconds,"  # noqa: S608 - ours
            " SUM(characters) AS characters, TOTAL(usd) AS usd, COUNT(*) - COUNT(usd) AS unpriced,"
            " COUNT(error) AS errors, AVG(answered) AS answered FROM uses WHERE at >= ? AND at < ?"
            + (f" GROUP BY {keys} ORDER BY {keys}" if keys else "")
        )
        with self._database.transaction() as database:
            rows = database.execute(query, (since, until)).fetchall()
        sums = ("uses", "seconds", "characters", "usd", "unpriced", "errors", "answered")
        return [
            Total(key=tuple(row[column] for column in columns), **{name: row[name] for name in sums})
            for row in rows
            if row["uses"]
        ]

    def tracks(self, last: int = 20) -> dict[str, Track]:
        """Of each provider, its ``last`` recordings and files."""
        query = "SELECT error, answered FROM uses WHERE provider = ? AND work != ? ORDER BY at DESC LIMIT ?"
        found: dict[str, Track] = {}
        with self._database.transaction() as database:
            for (name,) in database.execute("SELECT DISTINCT provider FROM uses").fetchall():
                if rows := database.execute(query, (name, Work.SPEECH.value, last)).fetchall():
                    found[name] = _track(rows)
        return found

    def clear(self) -> int:
        """Forgets everything; the answer is how many uses there were."""
        with self._database.transaction() as database:
            return database.execute("DELETE FROM uses").rowcount

    def close(self) -> None:
        self._database.close()


def _track(rows: list[sqlite3.Row]) -> Track:
    times = [row["answered"] for row in rows if row["answered"] is not None]
    return Track(
        uses=len(rows),
        errors=sum(row["error"] is not None for row in rows),
        measured=len(times),
        answered=statistics.median(times) if times else None,
    )


def month_of(at: float) -> tuple[float, float]:
    """The calendar month (local time) in which a moment lies: its first second, and that of the next."""
    year, month = time.localtime(at)[:2]
    following = (year + 1, 1) if month == 12 else (year, month + 1)
    first, last = ((y, m, 1, 0, 0, 0, 0, 0, -1) for y, m in ((year, month), following))
    return time.mktime(first), time.mktime(last)
