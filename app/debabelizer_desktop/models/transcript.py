"""What the transcript view shows: paragraphs over the segment map, kept up to date by the map's deltas.

A paragraph is a run of neighbouring segments: one take, or the part of a long take that fell into one minute. It
stores only which segments belong to it; texts stay in the map, so nothing is held twice. Segments without text belong
to none, so every one has a place of its own in the text.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from datetime import datetime

import msgspec
from PySide6.QtCore import QObject, Signal

from debabelizer.events import Change, SegmentId
from debabelizer.transcript import Delta, DeltaKind, SegmentMap, Snapshot

LONGEST_PARAGRAPH = 480
"""Characters after which the next segment begins a new paragraph."""


class Span(msgspec.Struct, frozen=True):
    """Characters ``start`` to ``end`` of a paragraph's text that come from one segment."""

    segment: SegmentId
    start: int
    end: int
    settled: int
    """Characters before this may no longer change (``end`` where the segment is committed)."""
    open: bool
    previous: str | None


class ParagraphText(msgspec.Struct, frozen=True):
    text: str
    spans: tuple[Span, ...]

    @property
    def open(self) -> bool:
        return any(span.open for span in self.spans)

    def at(self, position: int) -> Span | None:
        return next((span for span in self.spans if span.start <= position < span.end), None)


class Paragraph:
    """Compared by identity: it is a place, whatever stands there."""

    __slots__ = ("length", "segments", "version", "when")

    def __init__(self, when: datetime) -> None:
        self.when = when
        self.segments: list[SegmentId] = []
        self.version = 0
        self.length = 0
        """Characters, near enough to guess a height from."""


class TranscriptModel(QObject):
    """Signals carry the paragraph's place in :attr:`paragraphs` at the time of the emit."""

    inserted = Signal(int)
    changed = Signal(int)
    removed = Signal(int)
    replaced = Signal()
    """Everything is different: cleared, or brought back."""
    corrected = Signal(object)
    """SegmentId of a segment whose committed text was changed."""
    spoken = Signal(str)
    """Committed text, for whoever reads the screen aloud."""

    def __init__(self, parent: QObject | None = None, *, now: Callable[[], datetime] = datetime.now) -> None:
        super().__init__(parent)
        self._now = now
        self.map = SegmentMap()
        self.paragraphs: list[Paragraph] = []
        self._owner: dict[SegmentId, Paragraph] = {}
        self._break = False
        self._cleared: tuple[Snapshot, list[Paragraph], dict[SegmentId, Paragraph]] | None = None

    # -------------------------------------------------------------------------------------------- changing

    def begin_take(self) -> None:
        """What comes next starts a new paragraph."""
        self._break = True

    def apply(self, change: Change) -> None:
        delta = self.map.apply(change)
        if delta is not None:
            self._follow(delta)

    def clear(self) -> None:
        """Show nothing; :meth:`bring_back` undoes it until something new is said. The map remembers what is gone,
        so that a late correction does not bring it back by itself."""
        self._cleared = (self.map.snapshot(), self.paragraphs, self._owner)
        self.map.clear()
        self.paragraphs, self._owner = [], {}
        self.replaced.emit()

    @property
    def can_bring_back(self) -> bool:
        return self._cleared is not None

    def bring_back(self) -> bool:
        if self._cleared is None:
            return False
        snapshot, self.paragraphs, self._owner = self._cleared
        self.map = SegmentMap.restore(snapshot)
        self._cleared = None
        self.replaced.emit()
        return True

    def _follow(self, delta: Delta) -> None:
        if delta.segment is None:
            return
        paragraph = self._owner.get(delta.segment)
        if delta.kind is DeltaKind.RETRACTED or not self.map.segment(delta.segment).text:
            if paragraph is not None:
                self._drop(delta.segment, paragraph)
            return
        if paragraph is not None and self._moves(delta, delta.segment):
            self._regroup()
        elif paragraph is None:
            self._cleared = None
            self._add(delta.segment)
        else:
            paragraph.length += len(delta.inserted) - delta.removed
            self._touch(paragraph)
        if delta.kind is DeltaKind.CORRECTED:
            self.corrected.emit(delta.segment)
        if delta.kind in (DeltaKind.COMMITTED, DeltaKind.CORRECTED):
            self.spoken.emit(self.map.segment(delta.segment).text)

    def _moves(self, delta: Delta, segment: SegmentId) -> bool:
        """Whether more than this segment and its neighbours' spaces changed: something found its place elsewhere."""
        start, end = self.map.char_range(segment)
        return delta.start < start - 1 or delta.start + len(delta.inserted) > end + 1

    def _regroup(self) -> None:
        """Paragraphs anew in the map's order, every segment with the time it had. Rare: late links, late times."""
        paragraphs: list[Paragraph] = []
        before, last = self._owner, None
        self._owner = {}
        for segment in self.map.segments():
            if not segment.text:
                continue
            home = before.get(segment.id) or last or Paragraph(self._now())
            if home is not last or not paragraphs:
                paragraphs.append(Paragraph(home.when))
                last = home
            paragraphs[-1].segments.append(segment.id)
            paragraphs[-1].length += len(segment.text) + 1
            self._owner[segment.id] = paragraphs[-1]
        self.paragraphs = paragraphs
        self.replaced.emit()

    def _add(self, segment: SegmentId) -> None:
        start = self.map.char_range(segment)[0]
        place = self._place(start)
        last = place == len(self.paragraphs) - 1
        if place < 0 or (last and self._starts_paragraph(segment, self.paragraphs[place])):
            paragraph = Paragraph(self._now())
            self.paragraphs.insert(place + 1, paragraph)
            self._own(segment, paragraph, 0)
            self._break = False
            self.inserted.emit(place + 1)
            return
        paragraph = self.paragraphs[place]
        at = bisect_right(paragraph.segments, start, key=lambda other: self.map.char_range(other)[0])
        self._own(segment, paragraph, at)
        self._touch(paragraph)

    def _starts_paragraph(self, segment: SegmentId, last: Paragraph) -> bool:
        if self.map.char_range(segment)[0] < self.map.char_range(last.segments[-1])[0]:
            return False
        now = self._now()
        other_minute = (now.hour, now.minute) != (last.when.hour, last.when.minute)
        return self._break or other_minute or last.length > LONGEST_PARAGRAPH

    def _place(self, start: int) -> int:
        """The paragraph that text at character ``start`` belongs to; looked for from the end, where it mostly is."""
        place = len(self.paragraphs) - 1
        while place > 0 and self.map.char_range(self.paragraphs[place].segments[0])[0] > start:
            place -= 1
        return place

    def _own(self, segment: SegmentId, paragraph: Paragraph, at: int) -> None:
        paragraph.segments.insert(at, segment)
        paragraph.length += len(self.map.segment(segment).text) + 1
        self._owner[segment] = paragraph

    def _drop(self, segment: SegmentId, paragraph: Paragraph) -> None:
        paragraph.segments.remove(segment)
        del self._owner[segment]
        if paragraph.segments:
            self._touch(paragraph)
            return
        place = self.index(paragraph)
        del self.paragraphs[place]
        self._break = self._break or place == len(self.paragraphs)
        self.removed.emit(place)

    def _touch(self, paragraph: Paragraph) -> None:
        paragraph.version += 1
        self.changed.emit(self.index(paragraph))

    # --------------------------------------------------------------------------------------------- reading

    def index(self, paragraph: Paragraph) -> int:
        """Where a paragraph stands, looked for from the end."""
        for place in range(len(self.paragraphs) - 1, -1, -1):
            if self.paragraphs[place] is paragraph:
                return place
        raise ValueError("not a paragraph of this transcript")

    def owner(self, segment: SegmentId) -> Paragraph | None:
        return self._owner.get(segment)

    def text(self, paragraph: Paragraph) -> ParagraphText:
        pieces: list[str] = []
        spans: list[Span] = []
        length, previous_end = 0, None
        for name in paragraph.segments:
            segment = self.map.segment(name)
            start, end = self.map.char_range(name)
            piece = segment.text
            if not spans:
                piece = piece.lstrip()
            elif piece and previous_end is not None and start > previous_end:
                pieces.append(" " * (start - previous_end))
                length += start - previous_end
            settled = length + len(piece) - (0 if segment.committed else min(len(segment.volatile), len(piece)))
            spans.append(Span(name, length, length + len(piece), settled, not segment.committed, segment.previous_text))
            pieces.append(piece)
            length += len(piece)
            previous_end = end if piece else previous_end
        return ParagraphText("".join(pieces), tuple(spans))

    @property
    def is_empty(self) -> bool:
        return not self.paragraphs

    def whole_text(self) -> str:
        """Every paragraph on a line of its own."""
        return "\n".join(text for text in (self.text(p).text.strip() for p in self.paragraphs) if text)
