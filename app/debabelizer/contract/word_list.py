"""Word lists, and how much of one a provider takes."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import msgspec

_MOST_NAMED = 8
"""Terms that are named where terms are left out; the others are counted."""


class Fitted(msgspec.Struct, frozen=True):
    """``terms`` go to the provider, ``left_out`` do not."""

    terms: tuple[str, ...]
    left_out: tuple[str, ...] = ()

    def notices(self, title: str) -> tuple[str, ...]:
        """What the user should know of it; ``title`` is the provider's. At most one sentence."""
        if not self.left_out:
            return ()
        named = ", ".join(self.left_out[:_MOST_NAMED])
        others = len(self.left_out) - _MOST_NAMED
        message = f"{title} takes only part of the word list. Left out: {named}."
        if others > 0:
            message = f"{title} takes only part of the word list. Left out: {named} and others ({others})."
        return (message,)


class WordList(msgspec.Struct, frozen=True, kw_only=True):
    """The limits of a provider's word list. None: no such limit, or not known."""

    terms: int | None = None
    characters: int | None = None
    """Of one term."""
    words: int | None = None
    """Of one term."""
    total: int | None = None
    """Of all terms together, in characters, or in what :meth:`fit` is told to measure."""

    def fit(self, given: Iterable[str], measure: Callable[[str], int] = len) -> Fitted:
        """The longest beginning of the list that fits, without empty and repeated terms and those that are too long
        by themselves."""
        terms: list[str] = []
        left_out: list[str] = []
        used, full = 0, False
        for term in dict.fromkeys(filter(None, (" ".join(term.split()) for term in given))):
            if not full and self._fits_alone(term):
                used += measure(term)
                full = len(terms) == self.terms or (self.total is not None and used > self.total)
                (left_out if full else terms).append(term)
            else:
                left_out.append(term)
        return Fitted(tuple(terms), tuple(left_out))

    def _fits_alone(self, term: str) -> bool:
        return (self.characters is None or len(term) <= self.characters) and (
            self.words is None or len(term.split()) <= self.words
        )
