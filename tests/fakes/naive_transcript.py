"""A transcript the slow way: everything is put in order anew for each question. The segment map must agree with it."""

from __future__ import annotations

from debabelizer.events import Append, Change, Freeze, Joining, Replace, Retract, SegmentId, Tail
from debabelizer.transcript import separator


class NaiveSegment:
    def __init__(self, change: Change) -> None:
        self.id = change.segment
        self.text = ""
        self.committed = False
        self.retracted = False
        self.joining = Joining.SPACE
        self.key = 0.0
        self.start: float | None = None
        self.after: SegmentId | None = None
        self.parent: SegmentId | None = None
        self.previous: str | None = None


class NaiveTranscript:
    def __init__(self) -> None:
        self.segments: dict[SegmentId, NaiveSegment] = {}
        self.gone: set[SegmentId] = set()

    def apply(self, change: Change) -> None:
        known = self.segments.get(change.segment)
        if isinstance(change, Retract):
            if known is None:
                self.gone.add(change.segment)
            else:
                known.retracted, known.text = True, ""
            return
        if change.segment in self.gone or (known and known.retracted):
            return
        if known and known.committed and not isinstance(change, Freeze):
            return
        segment = known or self._new(change)
        self._order(segment, change)
        self._write(segment, change)

    def _new(self, change: Change) -> NaiveSegment:
        segment = NaiveSegment(change)
        in_order = self.order()
        segment.key = self._root(in_order[-1]).key if in_order else 0.0
        self.segments[segment.id] = segment
        return segment

    def _order(self, segment: NaiveSegment, change: Change) -> None:
        assert not isinstance(change, Retract)
        if change.start is not None:
            segment.start = segment.key = change.start
        if segment.after is None:
            segment.after = change.after
        # waiting ones find their predecessor in the order in which they started to wait
        for other in sorted(self.segments.values(), key=lambda one: one is not segment):
            parent = self.segments.get(other.after) if other.after is not None else None
            if other.parent is None and parent is not None and segment in (other, parent):
                above: NaiveSegment | None = parent
                while above is not None and above is not other:
                    above = self.segments[above.parent] if above.parent is not None else None
                if above is None:
                    other.parent = parent.id

    def _write(self, segment: NaiveSegment, change: Change) -> None:
        segment.joining = change.joining  # type: ignore[union-attr]
        before = segment.text
        if isinstance(change, Append):
            segment.text += change.text
        elif isinstance(change, Tail):
            segment.text = change.frozen + change.volatile
        elif isinstance(change, Replace | Freeze):
            segment.text = change.text
        if isinstance(change, Freeze):
            if segment.committed and segment.text != before:
                segment.previous = before
            segment.committed = True

    def _root(self, segment: NaiveSegment) -> NaiveSegment:
        while segment.parent is not None:
            segment = self.segments[segment.parent]
        return segment

    def order(self) -> list[NaiveSegment]:
        found: list[NaiveSegment] = []

        def visit(segment: NaiveSegment) -> None:
            found.append(segment)
            for child in sorted((one for one in self.segments.values() if one.parent == segment.id), key=_id):
                visit(child)

        roots = [one for one in self.segments.values() if one.parent is None]
        for root in sorted(roots, key=lambda one: (one.key, one.id)):
            visit(root)
        return found

    @property
    def text(self) -> str:
        text = ""
        for segment in self.order():
            if segment.text:
                text += separator(text[-1:], segment.text[0], segment.joining) + segment.text
        return text


def _id(segment: NaiveSegment) -> SegmentId:
    return segment.id
