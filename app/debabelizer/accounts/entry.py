"""One use on its way into the book: it grows while somebody speaks, and ends once."""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from debabelizer.accounts.book import Book
from debabelizer.accounts.free import seconds_left
from debabelizer.accounts.prices import Prices, model_of
from debabelizer.contract.description import Ability
from debabelizer.errors import Category, ProviderError
from debabelizer.store.usage import Use, Work

if TYPE_CHECKING:
    from debabelizer.config import Settings

GROWS_S = 10.0
"""A crash loses no more than that."""
_ABILITIES = {Work.DICTATION: Ability.STREAM, Work.FILE: Ability.FILES, Work.SPEECH: Ability.SPEECH}
_NOT_THEIRS = frozenset({Category.AUDIO, Category.CONFIG, Category.STORAGE, Category.UNSUPPORTED})
"""Errors that come before a provider has heard anything, and say nothing about it."""


class Entry:
    """Numbers only: neither text nor the id of a take is in it, so it is kept even where nothing else is."""

    def __init__(
        self,
        book: Book,
        settings: Settings,
        provider: str,
        work: Work,
        *,
        model: str = "",
        ability: Ability | None = None,
    ) -> None:
        """``model``: where it is another one than the settings name; ``ability``: what of the provider is used, where
        that is not what the work says."""
        self.provider = provider
        """Empty as long as it is not known; such a use is not written."""
        self._book, self._settings, self._work = book, settings, work
        self._model, self._ability = model, ability or _ABILITIES[work]
        self._id, self._at = uuid.uuid4().hex, time.time()
        self._written = time.monotonic()
        self._seconds = 0.0
        self._over = False
        self._free: dict[str, float] = {}
        """Seconds that cost nothing, by provider, before this use began."""
        self._free_of(provider)

    @property
    def due(self) -> bool:
        """Whether it would be written if it grew now."""
        return not self._over and time.monotonic() - self._written >= GROWS_S

    def grow(self, seconds: float) -> None:
        """So much audio so far."""
        self._seconds = max(seconds, self._seconds)
        if self.due and self.provider:
            self._written = time.monotonic()
            self._write()

    def end(
        self,
        *,
        seconds: float | None = None,
        characters: int = 0,
        answered: float | None = None,
        error: ProviderError | None = None,
    ) -> float:
        """``seconds`` of audio, if they are not those it has grown to; ``answered``: from the last audio to its text.
        The answer is its price in US dollars (0.0: not known). What failed without a word costs nothing."""
        if self._over:
            return 0.0
        self._over = True
        self._seconds = self._seconds if seconds is None else seconds
        if not self.provider or not (
            self._seconds or characters or (error is not None and error.category not in _NOT_THEIRS)
        ):
            return 0.0
        return self._write(characters, answered, error)

    @contextmanager
    def failing(self) -> Iterator[None]:
        """An error that leaves the block is what it ends with; so is being cancelled, after what it has grown to."""
        try:
            yield
        except ProviderError as error:
            self.end(error=error)
            raise
        except (asyncio.CancelledError, GeneratorExit):
            self.end()
            raise

    def _free_of(self, provider: str) -> float:
        if provider not in self._free and self._work is not Work.SPEECH:
            self._free[provider] = seconds_left(self._settings, provider) if provider else 0.0
        return self._free.get(provider, 0.0)

    def _write(self, characters: int = 0, answered: float | None = None, error: ProviderError | None = None) -> float:
        model = self._model or model_of(self._settings, self.provider, self._ability)
        paid = max(0.0, self._seconds - self._free_of(self.provider))
        usd = Prices(self._settings).usd(self.provider, self._ability, model, paid, characters)
        if error is not None and not characters:
            usd = 0.0
        self._book.write(
            Use(
                id=self._id,
                provider=self.provider,
                at=self._at,
                work=self._work,
                model=model,
                seconds=round(self._seconds, 3),
                characters=characters,
                usd=usd,
                answered=answered,
                error=None if error is None else error.category.value,
            )
        )
        return usd or 0.0
