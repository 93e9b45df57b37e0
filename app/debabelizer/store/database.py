"""One SQLite file: opened late, used by any thread and by several processes, put aside when it is damaged."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from debabelizer.errors import StorageError

_DAMAGE = ("not a database", "malformed")


class Database:
    """``what`` names the content in messages ("The history"); ``schema`` is a script that may run at every opening."""

    def __init__(self, path: Path, schema: str, version: int, what: str) -> None:
        self.path = path
        self._schema, self._version, self._what = schema, version, what
        self._lock = threading.Lock()
        self._connection: sqlite3.Connection | None = None

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Raises StorageError where the disk does not do its part."""
        with self._lock:
            try:
                if self._connection is None:
                    self._connection = self._connect()
                with self._connection:
                    yield self._connection
            except (sqlite3.Error, OSError) as error:
                why = f"{error.filename}: {error.strerror}" if isinstance(error, OSError) and error.filename else error
                raise StorageError(f"{self._what} can't be used: {why}.", code=type(error).__name__) from error

    def close(self) -> None:
        with self._lock:
            if self._connection is not None:
                self._connection.close()
                self._connection = None

    def _connect(self) -> sqlite3.Connection:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        try:
            return self._prepared()
        except sqlite3.DatabaseError as error:
            if not any(word in str(error) for word in _DAMAGE):
                raise
            self.path.replace(self.path.with_suffix(f".damaged-{int(time.time())}"))
            return self._prepared()

    def _prepared(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self.path, timeout=5.0, check_same_thread=False)
        try:
            self.path.chmod(0o600)
            connection.row_factory = sqlite3.Row
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")
            connection.execute("PRAGMA secure_delete = ON")  # deleted text is gone from the file as well
            connection.executescript(self._schema)
            connection.execute(f"PRAGMA user_version = {self._version}")
        except BaseException:
            connection.close()
            raise
        return connection
