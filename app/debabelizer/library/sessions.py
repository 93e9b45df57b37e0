"""Which sessions there are, what they do, and when they were used last.

Usable from any thread and without a running loop. A session in use never expires: whoever streams through it says so
(:meth:`SessionManager.update_session_activity`), and expiry counts from the last word.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

Ending = Callable[[], Awaitable[None]]

IDLE_S = 3600.0
"""A session of which nothing was heard for so long is ended by the clean-up."""


@dataclass
class SessionInfo:
    """``created_at`` and ``last_activity`` are in UTC."""

    session_id: str
    session_type: str
    provider: str
    metadata: dict[str, Any] = field(default_factory=dict)
    created_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    last_activity: datetime = field(default_factory=lambda: datetime.now(UTC))
    is_active: bool = True

    @property
    def age_seconds(self) -> float:
        return (datetime.now(UTC) - self.created_at).total_seconds()


@dataclass
class _Entry:
    info: SessionInfo
    used: float
    ending: Ending | None
    users: int = 0


class SessionManager:
    """``cleanup_interval``: seconds between looks for sessions that nobody uses any more; ``idle_s``: how long nobody
    must have used one for that."""

    def __init__(
        self,
        cleanup_interval: float = 300,
        *,
        idle_s: float = IDLE_S,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.cleanup_interval = cleanup_interval
        self._idle_s = idle_s
        self._clock = clock
        self._lock = threading.RLock()
        self._entries: dict[str, _Entry] = {}
        self._cleaning: asyncio.Task[None] | None = None

    def __len__(self) -> int:
        return len(self._entries)

    @property
    def sessions(self) -> dict[str, SessionInfo]:
        """All there are, by their ids."""
        return {info.session_id: info for info in self.get_active_sessions()}

    # ---------------------------------------------------------------------------------------- one session

    def create_session(
        self,
        session_id: str,
        session_type: str,
        provider: str,
        metadata: dict[str, Any] | None = None,
        *,
        ending: Ending | None = None,
    ) -> SessionInfo:
        """``ending`` is awaited when the clean-up ends the session. Raises ValueError for an id that is in use."""
        info = SessionInfo(session_id, session_type, provider, dict(metadata or {}))
        with self._lock:
            if session_id in self._entries:
                raise ValueError(f"there is a session {session_id!r} already")
            self._entries[session_id] = _Entry(info, self._clock(), ending)
        return info

    def get_session(self, session_id: str) -> SessionInfo | None:
        with self._lock:
            entry = self._entries.get(session_id)
        return entry.info if entry else None

    def update_session_activity(self, session_id: str) -> bool:
        """False: there is no such session."""
        with self._lock:
            entry = self._entries.get(session_id)
            if entry is None:
                return False
            entry.used = self._clock()
            entry.info.last_activity = datetime.now(UTC)
            return True

    def end_session(self, session_id: str) -> bool:
        """Forgets it; what stands behind it is ended by its owner. False: there is no such session."""
        with self._lock:
            entry = self._entries.pop(session_id, None)
            if entry is not None:
                entry.info.is_active = False
        return entry is not None

    def hold(self, session_id: str) -> None:
        """Somebody waits for it: it does not expire before :meth:`release`, however quiet it is."""
        with self._lock:
            if (entry := self._entries.get(session_id)) is not None:
                entry.users += 1

    def release(self, session_id: str) -> None:
        with self._lock:
            if (entry := self._entries.get(session_id)) is not None:
                entry.users -= 1
                entry.used = self._clock()

    # ---------------------------------------------------------------------------------------------- several

    def get_active_sessions(self) -> list[SessionInfo]:
        with self._lock:
            return [entry.info for entry in self._entries.values()]

    def get_sessions_by_type(self, session_type: str) -> list[SessionInfo]:
        return [info for info in self.get_active_sessions() if info.session_type == session_type]

    def get_sessions_by_provider(self, provider: str) -> list[SessionInfo]:
        return [info for info in self.get_active_sessions() if info.provider == provider]

    def get_session_stats(self) -> dict[str, Any]:
        """``total_sessions``, how many there are ``by_type`` and ``by_provider``, and of the ``oldest_session`` and
        ``newest_session`` (where there is one) ``id`` and ``age_seconds``."""
        active = self.get_active_sessions()
        stats: dict[str, Any] = {
            "total_sessions": len(active),
            "by_type": dict(Counter(info.session_type for info in active)),
            "by_provider": dict(Counter(info.provider for info in active)),
        }
        if active:
            by_age = sorted(active, key=lambda info: info.created_at)
            for name, info in (("oldest_session", by_age[0]), ("newest_session", by_age[-1])):
                stats[name] = {"id": info.session_id, "age_seconds": info.age_seconds}
        return stats

    # --------------------------------------------------------------------------------------------- clean-up

    async def start_cleanup_if_needed(self) -> None:
        """Looks for unused sessions from now on, in a task of the running loop, until there is none left."""
        if self._cleaning is None or self._cleaning.done():
            self._cleaning = asyncio.create_task(self._clean_up(), name="session clean-up")

    async def cleanup_all_sessions(self) -> None:
        """Ends every session, and the looking."""
        cleaning, self._cleaning = self._cleaning, None
        if cleaning is not None and cleaning is not asyncio.current_task():
            cleaning.cancel()
            with suppress(asyncio.CancelledError):
                await cleaning
        await self._end(info.session_id for info in self.get_active_sessions())

    async def end_expired(self) -> list[str]:
        """Ends what nobody has used for too long; the answer is their ids."""
        now = self._clock()
        with self._lock:
            expired = [
                name for name, entry in self._entries.items() if not entry.users and now - entry.used >= self._idle_s
            ]
        await self._end(expired)
        return expired

    async def _clean_up(self) -> None:
        while self._entries:
            await asyncio.sleep(self.cleanup_interval)
            await self.end_expired()

    async def _end(self, names: Any) -> None:
        for name in list(names):
            with self._lock:
                entry = self._entries.get(name)
            if entry is not None and self.end_session(name) and entry.ending is not None:
                await entry.ending()
