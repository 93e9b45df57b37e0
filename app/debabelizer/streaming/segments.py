"""From a vendor's segments on one connection to the session's: ids, times, repeats and corrections."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from debabelizer.errors import StreamingError
from debabelizer.events import (
    Append,
    Committed,
    Corrected,
    Freeze,
    Partial,
    Replace,
    Retract,
    Retracted,
    SegmentId,
    Tail,
    WireChange,
    Word,
)
from debabelizer.streaming.timemap import TimeMap

TextEvent = Partial | Committed | Corrected | Retracted
_Kind = Callable[..., Replace[SegmentId] | Append[SegmentId]]
"""The bare class: a subscripted one takes several times as long to call."""

MOST_SEGMENTS = 100_000
"""On one connection. A day of speech has a tenth of that; more is a flood."""
MOST_CHARACTERS = 5_000_000
"""Of final text on one connection, which is kept for the next commit. A day of speech has a fifth of that."""


class _Known(msgspec.Struct):
    id: SegmentId
    start: float
    vendor_start: float | None = None
    """What ``start`` was made of."""
    shown: bool = False
    frozen: int | None = None
    """Hash of the last authoritative text and what came with it: to tell a repeat from a correction."""


class Segments:
    """The segments of one epoch. A vendor's key is an alias for the id minted here."""

    def __init__(self, epoch: int, times: TimeMap, provider: str) -> None:
        self._epoch = epoch
        self._times = times
        self._provider = provider
        self._known: dict[str | int, _Known] = {}
        self._forgotten: set[str | int] = set()
        self._characters = 0

    @property
    def open(self) -> list[SegmentId]:
        """Shown, not final and not forgotten."""
        return [
            known.id
            for key, known in self._known.items()
            if known.shown and known.frozen is None and key not in self._forgotten
        ]

    def apply(self, change: WireChange, covered: float) -> TextEvent | None:
        """The event for it, or None where nothing changed. ``covered``: seconds of the session that are in
        finals, which is where a segment starts whose vendor gives no times. Raises StreamingError."""
        key = change.segment
        if key in self._forgotten:
            return None
        known = self._known.get(key) or self._meet(key, covered)
        if isinstance(change, Retract):
            visible, known.shown, known.frozen = known.shown, False, None
            return Retracted(change=Retract(segment=known.id)) if visible else None
        if isinstance(change, Freeze):
            self._place(known, change.start)
            return self._freeze(known, change)
        if known.frozen is not None:
            return None  # an echo of a segment that is already final
        if change.start != known.vendor_start:
            self._place(known, change.start)
        known.shown = True
        return Partial(change=self._partial(known, change))

    def forget(self, key: str | int) -> None:
        """Whatever comes for this key from now on is not wanted."""
        self._forgotten.add(key)

    def forget_open(self) -> list[SegmentId]:
        """Forget all that is not final; gives what was shown of it."""
        shown = self.open
        self._forgotten.update(key for key, known in self._known.items() if known.frozen is None)
        return shown

    def _meet(self, key: str | int, covered: float) -> _Known:
        if len(self._known) >= MOST_SEGMENTS:
            raise StreamingError(f"More than {MOST_SEGMENTS} segments on one connection", self._provider)
        known = self._known[key] = _Known(SegmentId(self._epoch, len(self._known)), covered)
        return known

    def _place(self, known: _Known, start: float | None) -> None:
        known.vendor_start = start
        if start is not None:
            known.start = self._times.seconds(start)

    def _freeze(self, known: _Known, change: Freeze[str | int]) -> Committed | Corrected | None:
        if not change.text and not known.shown and known.frozen is None:
            return None  # the end of a segment nobody has seen: silence, say
        freeze = Freeze(
            segment=known.id,
            text=change.text,
            joining=change.joining,
            words=tuple(self._word(word) for word in change.words),
            language=change.language,
            start=known.start,
            end=None if change.end is None else self._times.seconds(change.end),
            after=self._predecessor(change.after),
        )
        self._characters += len(freeze.text)
        if self._characters > MOST_CHARACTERS:
            raise StreamingError(f"More than {MOST_CHARACTERS} characters on one connection", self._provider)
        before, known.frozen, known.shown = known.frozen, hash(freeze), True
        if before is None:
            return Committed(change=freeze)
        return None if before == known.frozen else Corrected(change=freeze)

    def _partial(
        self, known: _Known, change: Replace[str | int] | Append[str | int] | Tail[str | int]
    ) -> Replace[SegmentId] | Append[SegmentId] | Tail[SegmentId]:
        after = None if change.after is None else self._predecessor(change.after)
        if isinstance(change, Tail):
            return Tail(
                segment=known.id,
                frozen=change.frozen,
                volatile=change.volatile,
                joining=change.joining,
                start=known.start,
                after=after,
            )
        kind: _Kind = Replace if isinstance(change, Replace) else Append
        return kind(segment=known.id, text=change.text, joining=change.joining, start=known.start, after=after)

    def _predecessor(self, key: str | int | None) -> SegmentId | None:
        known = None if key is None else self._known.get(key)
        return known.id if known else None

    def _word(self, word: Word) -> Word:
        return msgspec.structs.replace(word, start=self._times.seconds(word.start), end=self._times.seconds(word.end))
