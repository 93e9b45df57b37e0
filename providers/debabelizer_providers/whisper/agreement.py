"""Stable partial text: what two passes in a row agree on stays (LocalAgreement-2, Macháček et al. 2023,
"Turning Whisper into Real-Time Transcription System"). Pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

import msgspec


class HeardWord(msgspec.Struct, frozen=True):
    """A word as the model wrote it, with the space in front of it and the marks after it; seconds."""

    text: str
    start: float
    end: float
    probability: float = 1.0

    def shifted(self, seconds: float) -> HeardWord:
        return HeardWord(self.text, self.start + seconds, self.end + seconds, self.probability)


def text_of(words: Sequence[HeardWord]) -> str:
    return "".join(word.text for word in words).strip()


def bare(text: str) -> str:
    """Without case, marks and spaces: what has to be equal for two passes to agree."""
    kept = "".join(c for c in text.casefold() if unicodedata.category(c)[0] not in "PZ")
    return kept or text.strip()


class LocalAgreement:
    """The words of one open segment: ``settled`` never shrinks or changes, ``tail`` is the last pass's rest.

    Passes need not hear all that is settled: from :meth:`move_up` on they begin at a later word, and what stands before
    it is given to them as text."""

    def __init__(self) -> None:
        self.settled: list[HeardWord] = []
        self.tail: list[HeardWord] = []
        self.anchor = 0
        """Index of the first settled word that passes hear."""
        self._suffix = ""

    def update(self, words: Sequence[HeardWord], until: float) -> None:
        """``words``: the window as the latest pass, forced to begin with :attr:`prefix`, has it.
        Words that end after ``until`` seconds are too near the end of the audio to be settled."""
        rest = self._after_settled(words)
        agreed = 0
        for before, now in zip(self.tail, rest, strict=False):
            if bare(before.text) != bare(now.text) or now.end > until:
                break
            agreed += 1
        if agreed and self._suffix:
            last = self.settled[-1]
            self.settled[-1] = HeardWord(last.text + self._suffix, last.start, last.end, last.probability)
            self._suffix = ""
        self.settled.extend(rest[:agreed])
        self.tail = list(rest[agreed:])

    def move_up(self, index: int) -> None:
        """The next passes begin at the settled word ``index``; never further back than now."""
        self.anchor = max(self.anchor, min(index, len(self.settled) - 1))

    def take(self, count: int) -> list[HeardWord]:
        """The first ``count`` settled words leave: they make a segment of their own."""
        taken, self.settled = self.settled[:count], self.settled[count:]
        self.anchor = max(0, self.anchor - count)
        if not self.settled:
            self._suffix = ""
        return taken

    @property
    def behind(self) -> str:
        """The settled text that passes no longer hear."""
        return "".join(word.text for word in self.settled[: self.anchor]).strip()

    @property
    def prefix(self) -> str:
        """The settled text that passes hear, and therefore begin with."""
        return "".join(word.text for word in self.settled[self.anchor :]).strip()

    @property
    def settled_text(self) -> str:
        return "".join(word.text for word in self.settled).lstrip()

    @property
    def volatile_text(self) -> str:
        rest = self._suffix + "".join(word.text for word in self.tail)
        return rest if self.settled else rest.lstrip()

    @property
    def words(self) -> list[HeardWord]:
        return [*self.settled, *self.tail]

    def _after_settled(self, words: Sequence[HeardWord]) -> list[HeardWord]:
        """What the pass heard beyond the settled words; by time where it did not keep to them."""
        given = self.settled[self.anchor :]
        self._suffix = ""
        if not given:
            return list(words)
        kept = len(words) >= len(given) and all(
            bare(a.text) == bare(b.text) for a, b in zip(given, words, strict=False)
        )
        if not kept:
            return [word for word in words if word.start >= given[-1].end - 0.1]
        mine, theirs = given[-1].text, words[len(given) - 1].text
        if theirs.startswith(mine):
            self._suffix = theirs[len(mine) :]
        return list(words[len(given) :])
