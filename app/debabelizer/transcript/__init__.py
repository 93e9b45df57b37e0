"""The transcript: what has been said so far, kept in order while providers change their minds."""

from debabelizer.transcript.joining import joined, separator
from debabelizer.transcript.segment import Delta, DeltaKind, Segment, SegmentRecord, Snapshot
from debabelizer.transcript.segment_map import SegmentMap

__all__ = ["Delta", "DeltaKind", "Segment", "SegmentMap", "SegmentRecord", "Snapshot", "joined", "separator"]
