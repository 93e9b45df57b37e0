"""Every take goes into the record of usage: what was heard of it by whom, and how long its text took."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING

from debabelizer.accounts import Book, Entry
from debabelizer.accounts.budget import CODE, warning
from debabelizer.errors import ProviderError
from debabelizer.events import (
    Committed,
    DictationChanged,
    DictationState,
    Event,
    LevelChanged,
    Notice,
    ProviderChanged,
    TakeCancelled,
    TakeFailed,
    TakeFinished,
    TakeStamps,
)
from debabelizer.store.usage import Work

if TYPE_CHECKING:
    from debabelizer.config import Settings
    from debabelizer.dictation.dictation import Dictation


class _Take:
    """One take, and what of it is others': where one stands in for another, it hears all again that has no text yet."""

    def __init__(self, entry: Entry) -> None:
        self.entry = entry
        self.seconds = self.covered = self.before = 0.0
        """Recorded; those that have their text; those of them by providers before the present one."""
        self.characters = self.characters_before = 0


class Bookkeeper:
    """``listen`` is a listener for :meth:`Dictation.subscribe`."""

    def __init__(self, dictation: Dictation, settings: Settings, book: Book) -> None:
        self._dictation, self._settings, self._book = dictation, settings, book
        self._takes: dict[str, _Take] = {}
        self._recorded = ""
        """The one that is being recorded, or was last."""
        self._loop: asyncio.AbstractEventLoop | None = None

    def listen(self, event: Event) -> None:
        match event:
            case LevelChanged(elapsed=elapsed):
                self._grow(elapsed)
            case DictationChanged(state=DictationState.OPENING | DictationState.LISTENING, take=str() as take):
                self._of(take)
                self._recorded = take
            case Committed(change=frozen):
                self._cover(len(frozen.text))
            case ProviderChanged(error=ProviderError() as error):
                for one in self._takes.values():
                    self._hand_on(one, event.before, error)
            case TakeFinished():
                took = _answered(event.stamps) if event.text else None
                self._end(event.take, event.provider, event.seconds, len(event.text), took)
            case TakeFailed():
                self._end(event.take, event.provider, event.seconds, len(event.text), error=event.error)
            case TakeCancelled(take=take):
                self._end(take, self._dictation.provider, self._of(take).seconds)
            case _:
                return

    def _of(self, take: str) -> _Take:
        if take not in self._takes:
            self._takes[take] = _Take(self._entry())
        return self._takes[take]

    def _entry(self) -> Entry:
        if self._loop is None:
            self._loop = asyncio.get_running_loop()
            self._book.subscribe(self._written)
        return Entry(self._book, self._settings, "", Work.DICTATION)

    def _grow(self, elapsed: float) -> None:
        """Thirty times a second."""
        if (one := self._takes.get(self._recorded)) is None:
            return
        one.seconds = elapsed
        if one.entry.due:
            one.entry.provider = self._dictation.provider
            one.entry.grow(elapsed - one.before)

    def _cover(self, characters: int) -> None:
        """What was recorded until now is about to have its text."""
        if (one := self._takes.get(self._recorded)) is not None:
            one.covered = one.seconds
            one.characters += characters

    def _hand_on(self, one: _Take, before: str, error: ProviderError) -> None:
        """In the middle of a take this provider failed: what has its text was its part."""
        one.entry.provider = before
        characters = one.characters - one.characters_before
        one.entry.end(seconds=one.covered - one.before, characters=characters, error=error)
        one.entry, one.before, one.characters_before = self._entry(), one.covered, one.characters

    def _end(
        self,
        take: str,
        provider: str,
        seconds: float,
        characters: int = 0,
        answered: float | None = None,
        error: ProviderError | None = None,
    ) -> None:
        one = self._of(take)
        del self._takes[take]
        one.entry.provider = provider
        heard, said = max(0.0, seconds - one.before), max(0, characters - one.characters_before)
        one.entry.end(seconds=heard, characters=said, answered=answered, error=error)

    # ----------------------------------------------------------------------------------- from the book's thread

    def _written(self, before: float, after: float, error: ProviderError | None) -> None:
        if self._loop is not None:
            with contextlib.suppress(RuntimeError):  # the loop has ended
                self._loop.call_soon_threadsafe(self._tell, before, after, error)

    def _tell(self, before: float, after: float, error: ProviderError | None) -> None:
        if error is not None:
            text = f"What is used is not recorded for now: {error.message}"
            self._dictation.tell(Notice(provider="", text=text, code="usage"))
        if text := warning(self._settings, before, after):
            self._dictation.tell(Notice(provider="", text=text, code=CODE))


def _answered(stamps: TakeStamps) -> float | None:
    """Of what was spoken just now; a recording that is understood once more is in no hurry."""
    if stamps.key_up is None or stamps.commit is None or stamps.final is None:
        return None
    return round(stamps.final - stamps.commit, 3)
