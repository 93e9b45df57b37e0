"""The record of usage, kept by a thread: nobody who speaks waits for the disk, and its trouble is not theirs."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TypeVar

from debabelizer.errors import ProviderError
from debabelizer.store.usage import FILE, By, Track, Usage, Use, Work, month_of

T = TypeVar("T")
_log = logging.getLogger(__name__)
_FRESH_S = 600.0
"""How long what was measured counts as up to date, where this program itself writes nothing."""

Written = Callable[[float, float, ProviderError | None], None]
"""The month's dollars before and after a writing, and why it failed. Called in a thread."""


class Book:
    """Any thread may call it. Nothing here raises for what the disk does: it is logged, and told once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._waiting: dict[str, Use] = {}
        self._writer: threading.Thread | None = None
        self._listeners: list[Written] = []
        self._month: tuple[float, float] | None = None
        """The first second of a month, and the dollars spent in it."""
        self._tracks: tuple[float, dict[str, Track]] | None = None
        self._seconds: tuple[float, dict[str, float]] | None = None
        """The first second of a month, and the seconds of speech that each provider heard in it."""
        self._troubled = False

    def write(self, use: Use) -> None:
        """Soon; a later state of the same use takes the place of an earlier one. The thread ends with its work, and
        the program waits for it."""
        with self._lock:
            self._waiting[use.id] = use
            if self._writer is None or not self._writer.is_alive():
                self._writer = threading.Thread(target=self._write_all, name="record of usage")
                self._writer.start()

    def read_ahead(self) -> None:
        """In a thread, so that nobody waits for it when it is wanted."""
        threading.Thread(target=lambda: (self.spent(), self.tracks()), name="reading of usage").start()

    def settle(self) -> None:
        """Returns when everything is on the disk."""
        if (writer := self._writer) is not None:
            writer.join()

    def subscribe(self, listener: Written) -> Callable[[], None]:
        with self._lock:
            self._listeners.append(listener)

        def unsubscribe() -> None:
            with self._lock:
                if listener in self._listeners:
                    self._listeners.remove(listener)

        return unsubscribe

    def spent(self) -> float:
        """US dollars of this calendar month, all programs of this user together, as far as this one has heard of it.
        Reads the disk (a few milliseconds) only the first time."""
        first, _ = month_of(time.time())
        known = self._month
        if known is None or known[0] != first:
            known = self._month = first, self._read_spent(first)
        return known[1]

    def seconds(self) -> dict[str, float]:
        """Of speech that each provider heard in this calendar month; read as :meth:`spent` is."""
        first, _ = month_of(time.time())
        known = self._seconds
        if known is None or known[0] != first:
            known = self._seconds = first, self._read(lambda usage: _heard(usage, first)) or {}
        return known[1]

    def tracks(self) -> dict[str, Track]:
        """How each provider has done in its last uses."""
        known = self._tracks
        if known is None or time.monotonic() - known[0] > _FRESH_S:
            found = self._read(lambda usage: usage.tracks()) or {}
            known = self._tracks = time.monotonic(), found
        return known[1]

    # ---------------------------------------------------------------------------------------------- within

    def _write_all(self) -> None:
        before = self.spent()
        usage = Usage(self._folder)
        try:
            while True:
                with self._lock:
                    uses, self._waiting = self._waiting, {}
                    if not uses:
                        self._writer = None
                        return
                error = self._write(usage, uses)
                before = self._told(usage, before, error)
        finally:
            usage.close()

    def _write(self, usage: Usage, uses: dict[str, Use]) -> ProviderError | None:
        try:
            for use in uses.values():
                usage.record(use)
        except ProviderError as error:
            _log.warning("uses are not recorded: %s", error.message)
            first, self._troubled = not self._troubled, True
            return error if first else None
        self._troubled = False
        return None

    def _told(self, usage: Usage, before: float, error: ProviderError | None) -> float:
        """The month's dollars now, which the listeners learn of."""
        first, following = month_of(time.time())
        after = before
        try:
            after = sum(total.usd for total in usage.totals(since=first, until=following))
            self._month = first, after
            self._seconds = first, _heard(usage, first)
            self._tracks = time.monotonic(), usage.tracks()
        except ProviderError as unread:
            _log.warning("what was spent is not known: %s", unread.message)
        with self._lock:
            listeners = tuple(self._listeners)
        for listener in listeners:
            listener(before, after, error)
        return after

    def _read_spent(self, first: float) -> float:
        totals = self._read(lambda usage: usage.totals(since=first)) or []
        return sum(total.usd for total in totals)

    def _read(self, question: Callable[[Usage], T]) -> T | None:
        """None: there is no record, or it can't be read."""
        if not (self._folder / FILE).exists():
            return None
        usage = Usage(self._folder)
        try:
            return question(usage)
        except ProviderError as error:
            _log.warning("%s", error.message)
            return None
        finally:
            usage.close()


def _heard(usage: Usage, since: float) -> dict[str, float]:
    found: dict[str, float] = {}
    for total in usage.totals(By.PROVIDER, By.WORK, since=since):
        provider, work = total.key
        if work != Work.SPEECH:
            found[provider] = found.get(provider, 0.0) + total.seconds
    return found


@cache
def _book(folder: Path) -> Book:
    return Book(folder)


def book() -> Book:
    """The one of this user."""
    from debabelizer.config import folders

    return _book(folders.data_dir())
