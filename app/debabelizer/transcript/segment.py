"""The values a transcript hands out: segments, deltas, snapshots."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from debabelizer.events import Joining, SegmentId, Word


class Segment(msgspec.Struct, frozen=True, kw_only=True):
    """One segment as it stands now. ``text`` is ``frozen`` (settled part) followed by ``volatile`` (may vanish)."""

    id: SegmentId
    frozen: str
    volatile: str
    committed: bool
    joining: Joining
    words: tuple[Word, ...] = ()
    language: str | None = None
    start: float | None = None
    end: float | None = None
    previous_text: str | None = None
    """What it said before the last context correction; None: it was never corrected."""

    @property
    def text(self) -> str:
        return self.frozen + self.volatile


class DeltaKind(StrEnum):
    NEW = "new"
    """An open segment appeared."""
    REVISED = "revised"
    """An open segment changed, or a segment found its place."""
    COMMITTED = "committed"
    """A segment got its authoritative text (the text may be the one that already stood there)."""
    CORRECTED = "corrected"
    """A committed segment got another authoritative text; ``previous`` is what it said before."""
    RETRACTED = "retracted"
    """A segment went away; ``previous`` is what it said."""
    CLEARED = "cleared"
    """Everything went away; ``segment`` is None."""


class Delta(msgspec.Struct, frozen=True):
    """At character ``start`` of the whole text, ``removed`` characters were replaced by ``inserted``.

    Characters are Unicode code points. Applied in order to a string that starts empty, deltas always give the
    map's ``text``. The range may reach beyond the segment where a neighbour's space comes or goes.
    """

    kind: DeltaKind
    segment: SegmentId | None
    start: int
    removed: int
    inserted: str
    previous: str | None = None

    def apply(self, text: str) -> str:
        return text[: self.start] + self.inserted + text[self.start + self.removed :]


class SegmentRecord(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One segment in a snapshot: all that is needed to go on from there."""

    id: SegmentId
    frozen: str = ""
    volatile: str = ""
    committed: bool = False
    retracted: bool = False
    joining: Joining = Joining.SPACE
    words: tuple[Word, ...] = ()
    language: str | None = None
    start: float | None = None
    end: float | None = None
    previous_text: str | None = None
    after: SegmentId | None = None
    """The predecessor it named, known or not."""
    linked: bool = False
    """Whether it stands behind that predecessor."""
    key: float = 0.0
    """Start time it is ordered by, where it is not linked."""


class Snapshot(msgspec.Struct, frozen=True):
    """A map at one moment; plain data that msgspec writes and reads (JSON, MessagePack)."""

    segments: tuple[SegmentRecord, ...]
    """In the order of the text, predecessors before their successors; retracted ones keep their place."""
    gone: tuple[SegmentId, ...] = ()
    """Ids that were retracted or cleared and have no place."""

    @property
    def text(self) -> str:
        from debabelizer.transcript.joining import joined

        return joined((record.frozen + record.volatile, record.joining) for record in self.segments)
