"""Which session is in use: opened when first needed, kept between takes, replaced when settings ask for it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from debabelizer.dictation.line import Line, OnEvent
from debabelizer.dictation.way_back import WayBack
from debabelizer.errors import ProviderError
from debabelizer.events import ProviderChanged, SessionState
from debabelizer.streaming import Session

if TYPE_CHECKING:
    from debabelizer.config import Settings

OpenSession = Callable[[str, int], Session]
"""Provider's name and first epoch to a new session. Raises ConfigurationError and its kin."""

_EPOCHS_EACH = 1 << 16  # no session reconnects more often; ids of all sessions of a transcript stay apart
_log = logging.getLogger(__name__)


class Switchboard:
    """Lives on one asyncio loop."""

    def __init__(
        self, settings: Settings, open_session: OpenSession, on_event: OnEvent, open_alone: OpenSession | None = None
    ) -> None:
        """``open_alone``: a session in which nobody stands in for the provider."""
        self._settings = settings
        self._open_session = open_session
        self._open_alone = open_alone or open_session
        self._on_event = on_event
        self._line: Line | None = None
        self._opened = 0
        self._end = 0.0
        self._stale = False
        self._way_back: WayBack | None = None
        self._returns = 0
        """To a provider that had been left."""
        self._closing: dict[asyncio.Task[None], Line] = {}
        self._ends: set[asyncio.Task[None]] = set()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._reconnecting = frozenset(
            {s.key for s in settings.table if s.reconnects} | {"provider", "languages", "vocabulary"}
        )
        self._unsubscribe = settings.subscribe(self._setting_changed)

    @property
    def line(self) -> Line | None:
        """The present one, if there is one."""
        return self._line

    @property
    def state(self) -> SessionState:
        return SessionState.IDLE if self._line is None else self._line.session.state

    @property
    def end(self) -> float:
        """Where all audio so far ends on the transcript's axis."""
        return max(self._end, self._line.end if self._line is not None else 0.0)

    def provider(self) -> str:
        """The provider of the present session, or the one that would be used. Raises ConfigurationError."""
        if self._line is not None and not self._line.over and not self._stale:
            return self._line.session.provider
        from debabelizer.config.selection import choose

        return choose(self._settings).provider

    def use(self) -> Line:
        """The session for a new take, connected or on its way there. Raises ConfigurationError, QuotaExceededError for
        a budget that is used up."""
        from debabelizer.accounts.budget import allows, require

        self._loop = asyncio.get_running_loop()
        line = self._line
        if line is not None and not line.busy and not allows(self._settings, line.session.provider):
            self._stale = True
        if line is not None and (line.over or (self._stale and not line.busy)):
            self._retire()
            line = None
        if line is None:
            provider = self.provider()
            require(self._settings, provider)
            line = self._line = self.open(provider, self.end)
            self._stale = False
        line.connect()
        return line

    def open(self, provider: str, offset: float) -> Line:
        """A session of its own, beside the present one. Raises ConfigurationError."""
        return Line(self._open_session(provider, self._next_epoch()), provider, offset, self._on_event)

    def _next_epoch(self) -> int:
        self._opened += 1
        return (self._opened - 1) * _EPOCHS_EACH

    def released(self, line: Line) -> None:
        """A take is through with this line: one that is no longer wanted goes now."""
        if line is self._line and self._stale and not line.busy:
            self._refresh()

    def distrust(self, line: Line) -> None:
        """It left an answer out: the next take gets a new session."""
        if line is self._line and not line.busy:
            self._retire(drain=False)

    def recheck(self) -> None:
        """The machine has slept, or the network is another one."""
        if self._line is not None and not self._line.over:
            self._line.session.recheck()
        if self._way_back is not None:
            self._way_back.hurry()

    def changed_over(self, line: Line, event: ProviderChanged) -> None:
        """Another provider listens on this line: if it only stands in, look for a way back to the chosen one."""
        if line is not self._line:
            return
        if event.provider == line.provider:
            self._forget_way_back()
        elif self._way_back is None:

            def open_alone() -> Session:
                return self._open_alone(line.provider, self._next_epoch())

            self._way_back = WayBack(open_alone, self._found_way_back, event.error, self._returns)

    def _found_way_back(self) -> None:
        """The chosen provider gets what is said next, but not the middle of a take."""
        line = self._line
        self._forget_way_back()
        if line is None or line.session.provider == line.provider:
            return
        self._returns += 1
        self._on_event(line, ProviderChanged(provider=line.provider, before=line.session.provider))
        self._outdated()

    def _forget_way_back(self) -> None:
        way_back, self._way_back = self._way_back, None
        if way_back is not None:
            task = asyncio.create_task(way_back.end(), name="end of a way back")
            self._ends.add(task)
            task.add_done_callback(self._ends.discard)

    async def disconnect(self) -> None:
        """Close the present session, with its last words; the next take opens another."""
        self._retire()
        await asyncio.gather(*self._closing)

    async def close(self) -> None:
        """Close everything at once."""
        self._unsubscribe()
        line, self._line = self._line, None
        if line is not None:
            await line.close(drain=False)
        for retired in list(self._closing.values()):
            await retired.session.abort()
        self._forget_way_back()
        await asyncio.gather(*self._closing, *self._ends)

    def _retire(self, *, drain: bool = True) -> None:
        """Let the present line end by itself; without ``drain`` at once."""
        line, self._line = self._line, None
        self._forget_way_back()
        if line is None:
            return
        self._end = max(self._end, line.end)
        task = asyncio.create_task(line.close(drain=drain), name="closing a session")
        self._closing[task] = line
        task.add_done_callback(self._closing.pop)

    def _setting_changed(self, key: str, value: Any) -> None:
        """Any thread may set; what is to be done is done on the loop."""
        if self._loop is None or self._line is None:
            return
        users = (self._line.provider, *self._settings.get("session.failover"))
        if key in self._reconnecting or key.startswith(tuple(f"providers.{name}." for name in users)):
            self._returns = 0
            self._loop.call_soon_threadsafe(self._outdated)

    def _outdated(self) -> None:
        self._stale = True
        if self._line is not None and not self._line.busy:
            self._refresh()

    def _refresh(self) -> None:
        """Put a session with the new settings in the place of the old one, if that was connected."""
        line = self._line
        if line is None:
            return
        wanted = line.session.state in (SessionState.CONNECTED, SessionState.CONNECTING, SessionState.RECONNECTING)
        self._retire()
        if not wanted:
            return
        try:
            self.use()
        except ProviderError as error:
            _log.warning("no session with the new settings: %s", error)
