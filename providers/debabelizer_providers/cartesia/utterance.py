"""The text of the open segment, as the pieces of the manual socket make it."""

from __future__ import annotations

from debabelizer.events import Word
from debabelizer_providers.cartesia import wire

_SLACK_S = 0.25
"""Rounding of the vendor's durations, and what it may be ahead in them."""


class Utterance:
    """``start``: sample of the connection's audio at which it begins; ``at_s``: the same on the vendor's clock, which
    counts silence of ours, too. Pieces are joined as they come: a word may be cut in two by them."""

    def __init__(self, start: int, at_s: float, last: wire.Transcript | None = None) -> None:
        self.start = start
        self.at_s = at_s
        self.last = last
        """The piece before, of whatever utterance: one that comes twice counts once."""
        self.frozen = ""
        self.tail = ""
        self.seconds = 0.0
        """Of the pieces, as far as they say."""
        self.language: str | None = None
        self._words: list[tuple[str, float, float]] = []

    @property
    def text(self) -> str:
        """All that is known; settled and not."""
        return (self.frozen + self.tail).strip()

    @property
    def settled(self) -> str:
        return self.frozen.strip()

    def add(self, piece: wire.Transcript, heard_s: float, *, whole: bool) -> bool:
        """A final piece; ``heard_s``: seconds given since the start; ``whole``: it may be all of the segment. False: it
        has been there already."""
        seconds = max(piece.duration or 0.0, 0.0)
        if self._repeats(piece, heard_s):
            return False
        self.last = piece
        self.tail = ""
        self.language = piece.language or self.language
        if whole and self.frozen and piece.text.startswith(self.frozen):
            self.frozen, self.seconds = piece.text, seconds
            self._words.clear()
            self._hear(piece, 0.0)
        else:
            self._hear(piece, self.seconds)
            self.frozen += piece.text
            self.seconds += seconds
        return True

    def _repeats(self, piece: wire.Transcript, heard_s: float) -> bool:
        """The same once more, and longer than what has been heard since."""
        last = self.last
        if last is None or not piece.text.strip() or not piece.duration:
            return False
        same = (piece.text, piece.duration, piece.words) == (last.text, last.duration, last.words)
        return same and self.seconds + piece.duration > heard_s + _SLACK_S

    def _hear(self, piece: wire.Transcript, before_s: float) -> None:
        """Times count from the start of the stream or, with some models, from that of the piece."""
        words = list(wire.timed(piece.words))
        if not words:
            return
        begins = self.at_s + before_s
        shift = begins if words[0][1] < begins - _SLACK_S else 0.0
        self._words += [(text, start + shift - self.at_s, end + shift - self.at_s) for text, start, end in words]

    def words(self, rate: int, sent: int) -> tuple[Word, ...]:
        """With times on the axis of the connection's audio, none beyond what was sent."""
        first, end = self.start / rate, sent / rate
        found = []
        for text, begins, ends in self._words:
            start = min(max(first + begins, first), end)
            found.append(Word(text.strip(), start, min(max(first + ends, start), end)))
        return tuple(word for word in found if word.text)
