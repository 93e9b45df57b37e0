"""The texts of a recording's pieces as one, no word lost and none doubled where both pieces have it. Pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

import msgspec

from debabelizer.contract.files import FileSegment
from debabelizer.events import Joining, Word
from debabelizer.transcript import separator

_NEAR_S = 1.0
"""How far outside the shared audio a word's time may be placed."""
_FASTEST = 6
"""Words a second."""
_APART_S = 0.6
"""So far apart, two times are not those of the same word."""


def shifted(segment: FileSegment, seconds: float) -> FileSegment:
    """The same, on the axis of the whole recording."""
    if not seconds:
        return segment
    return msgspec.structs.replace(
        segment,
        start=None if segment.start is None else segment.start + seconds,
        end=None if segment.end is None else segment.end + seconds,
        words=tuple(
            msgspec.structs.replace(word, start=word.start + seconds, end=word.end + seconds) for word in segment.words
        ),
    )


def text_of(segments: Sequence[FileSegment], joining: Joining) -> str:
    """All of it; another speaker, or another channel, begins a new line."""
    text = ""
    last: FileSegment | None = None
    for segment in segments:
        own = segment.text if joining is Joining.VERBATIM else segment.text.strip()
        if not own:
            continue
        if last is not None and (segment.speaker, segment.channel) != (last.speaker, last.channel):
            text = text.rstrip() + "\n" + own.lstrip()
        else:
            text += separator(text[-1:], own[0], joining) + own
        last = segment
    return text.strip()


def joined(
    before: Sequence[FileSegment], after: Sequence[FileSegment], start: float, overlap: float
) -> list[FileSegment]:
    """``after`` behind ``before``, both on the recording's axis; the piece of ``after`` begins at ``start``, and its
    first ``overlap`` seconds are in the piece before, too.

    What both understood there is aligned word by word. The seam is in the middle of what they agree on: the end of the
    earlier piece and the beginning of the later one are where words were cut in half.
    """
    if not overlap or not before or not after:
        return [*before, *after]
    near = [n for n, segment in enumerate(before) if (segment.end or segment.start or start) >= start - 2 * _NEAR_S]
    first = max(0, min([*near, len(before) - 1]) - 1)  # nothing further back can be concerned
    kept, before = before[:first], before[first:]
    tail, head = _Words(before), _Words(after)
    ours = tail.between(start, start + overlap, from_end=True)
    theirs = head.between(start, start + overlap, from_end=False)
    keep, drop = _seam(tail, ours, head, theirs, start + overlap / 2)
    return [*kept, *tail.first(keep), *head.after(drop)]


class _Words:
    """The words of a list of segments, each with its place: written words where there are no timed ones."""

    def __init__(self, segments: Sequence[FileSegment]) -> None:
        self.segments = segments
        self.texts: list[str] = []
        self.times: list[float | None] = []
        self._places: list[tuple[int, int]] = []
        for number, segment in enumerate(segments):
            timed = _timed(segment)
            for index, text in enumerate(w.text for w in timed) if timed else enumerate(segment.text.split()):
                self.texts.append(_bare(text))
                self.times.append((timed[index].start + timed[index].end) / 2 if timed else None)
                self._places.append((number, index))

    def between(self, start: float, end: float, *, from_end: bool) -> range:
        """The words that may lie between the two times: by their own, else as many as can be said in that time."""
        if self.times and all(time is not None for time in self.times):
            least, most = start - _NEAR_S, end + _NEAR_S
            inside = [i for i, time in enumerate(self.times) if time is not None and least <= time <= most]
            return range(inside[0], inside[-1] + 1) if inside else range(0)
        spoken = int((end - start) * _FASTEST) + 2
        count = len(self.texts)
        return range(max(0, count - spoken), count) if from_end else range(min(spoken, count))

    def first(self, count: int) -> list[FileSegment]:
        return [piece for piece in (self._part(n, 0, count) for n in range(len(self.segments))) if piece is not None]

    def after(self, count: int) -> list[FileSegment]:
        everything = len(self.texts)
        parts = (self._part(n, count, everything) for n in range(len(self.segments)))
        return [piece for piece in parts if piece is not None]

    def _part(self, number: int, first: int, last: int) -> FileSegment | None:
        """What of a segment lies among the words ``first`` to ``last``; None: nothing."""
        segment = self.segments[number]
        mine = [i for i, (its, _) in enumerate(self._places) if its == number]
        kept = [i for i in mine if first <= i < last]
        if len(kept) == len(mine):
            return segment
        if not kept:
            return None
        a, b = self._places[kept[0]][1], self._places[kept[-1]][1] + 1
        timed = _timed(segment)
        if timed:
            words = timed[a:b]
            return msgspec.structs.replace(
                segment,
                text=_written(segment, a, b),
                words=words,
                start=words[0].start if a else segment.start,
                end=words[-1].end if b < len(timed) else segment.end,
            )
        return msgspec.structs.replace(segment, text=" ".join(segment.text.split()[a:b]))


def _timed(segment: FileSegment) -> tuple[Word, ...]:
    """Its timed words, if they are the words of its text: found in it one after the other."""
    at = 0
    for word in segment.words:
        found = segment.text.find(word.text, at)
        if found < 0:
            return ()
        at = found + len(word.text)
    return segment.words


def _written(segment: FileSegment, first: int, last: int) -> str:
    """The part of its text that belongs to those of its timed words, marks and spaces as they stand."""
    ends = [0]
    for word in segment.words:
        ends.append(segment.text.index(word.text, ends[-1]) + len(word.text))
    begin = segment.text.index(segment.words[first].text, ends[first])
    if last == len(segment.words):
        return segment.text[begin:].strip()
    following = segment.text.index(segment.words[last].text, ends[last])
    return segment.text[begin:following].strip()


def _seam(tail: _Words, ours: range, head: _Words, theirs: range, middle: float) -> tuple[int, int]:
    """How many words of ``tail`` stay, and how many of ``head`` go."""
    run = _common(tail, ours, head, theirs)
    if run is not None:
        a, b, size = run
        half = (size + 1) // 2
        return a + half, b + half
    if ours and theirs and tail.times[ours[0]] is not None and head.times[theirs[0]] is not None:
        keep = sum(1 for i in ours if (tail.times[i] or 0.0) < middle) + ours[0]
        drop = sum(1 for i in theirs if (head.times[i] or 0.0) < middle) + theirs[0]
        return keep, drop
    return len(tail.texts), 0  # nothing they agree on: a doubled word is better than a lost one


def _common(tail: _Words, ours: range, head: _Words, theirs: range) -> tuple[int, int, int] | None:
    """The run of words that both have there, as places and length: the longest, and where words are repeated the one
    whose times agree best."""
    best: tuple[int, int, int] | None = None
    highest = 0.0
    runs: dict[tuple[int, int], tuple[int, float]] = {}
    for i in ours:
        for j in theirs:
            weight = _same(tail, i, head, j)
            if weight <= 0:
                continue
            size, score = runs.get((i - 1, j - 1), (0, 0.0))
            runs[i, j] = size + 1, score + weight
            if score + weight > highest:
                best, highest = (i - size, j - size, size + 1), score + weight
    timed = best is not None and tail.times[best[0]] is not None and head.times[best[1]] is not None
    if best is not None and best[2] == 1 and not timed and min(len(ours), len(theirs)) > 2:
        return None  # one word alone, and nobody knows when: it may be another "the"
    return best


def _same(tail: _Words, i: int, head: _Words, j: int) -> float:
    """How surely it is one and the same word, 0 to 1."""
    if tail.texts[i] != head.texts[j]:
        return 0.0
    a, b = tail.times[i], head.times[j]
    return 1.0 if a is None or b is None else 1.0 - abs(a - b) / _APART_S


def _bare(text: str) -> str:
    kept = "".join(c for c in text.casefold() if unicodedata.category(c)[0] not in "PZ")
    return kept or text.strip()
