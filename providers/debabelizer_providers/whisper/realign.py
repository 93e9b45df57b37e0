"""A second pass over several segments gives one row of words; here it is dealt out to the segments again. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher
from itertools import pairwise

from debabelizer_providers.whisper.agreement import HeardWord, bare

_NEAR_S = 1.0
_FEWEST_SHARE = 0.7
"""A correction that loses more of a segment's words than this leaves is a dropped sentence, no correction."""


def deal(old: Sequence[Sequence[HeardWord]], new: Sequence[HeardWord]) -> list[list[HeardWord]]:
    """``new`` cut into as many runs as ``old`` has segments; their concatenation is ``new``.

    A word that is in both stays in its segment; a changed stretch across a border is split by time."""
    borders = _borders(old)
    flat = [word for segment in old for word in segment]
    matcher = SequenceMatcher(None, [bare(w.text) for w in flat], [bare(w.text) for w in new], autojunk=False)
    cuts: list[int] = []
    for index, moment in borders:
        cuts.append(max(_cut(matcher.get_opcodes(), index, moment, new), cuts[-1] if cuts else 0))
    edges = [0, *cuts, len(new)]
    return [list(new[a:b]) for a, b in pairwise(edges)]


def _borders(old: Sequence[Sequence[HeardWord]]) -> list[tuple[int, float]]:
    """Index of the first word of each segment but the first, and the time of the border."""
    found = []
    count = 0
    last_end = 0.0
    for before, after in pairwise(old):
        count += len(before)
        last_end = before[-1].end if before else last_end
        start = after[0].start if after else last_end
        found.append((count, (last_end + start) / 2))
    return found


def _cut(codes: Sequence[tuple[str, int, int, int, int]], index: int, moment: float, new: Sequence[HeardWord]) -> int:
    for tag, a, b, c, d in codes:
        if tag == "equal" and a <= index < b:
            return c + index - a
        if tag != "equal" and a <= index <= b:
            if index == a and a < b:
                return c
            if index == b:
                return _by_time(new, c, d, moment) if a == b else d
            return _by_time(new, c, d, moment)
    return len(new)


def _by_time(new: Sequence[HeardWord], first: int, last: int, moment: float) -> int:
    for position in range(first, last):
        if (new[position].start + new[position].end) / 2 >= moment:
            return position
    return last


def border(new: Sequence[HeardWord], before: HeardWord, after: HeardWord) -> int:
    """How many words of ``new`` belong in front of the border between two words that were heard earlier: where the same
    two stand within a second of it, else where it is nearest in time."""
    moment = (before.end + after.start) / 2

    def rank(index: int) -> tuple[int, float]:
        left, right = new[max(0, index - 1)], new[min(index, len(new) - 1)]
        place = right.start if index == 0 else left.end if index == len(new) else (left.end + right.start) / 2
        away = abs(place - moment)
        same = (index > 0 and bare(left.text) == bare(before.text)) + (
            index < len(new) and bare(right.text) == bare(after.text)
        )
        return same if away <= _NEAR_S else 0, -away

    return max(range(len(new) + 1), key=rank) if new else 0


def believable(old: Sequence[HeardWord], new: Sequence[HeardWord]) -> bool:
    """Whether ``new`` may replace ``old``: a correction changes words, it does not swallow them."""
    if not old:
        return True
    if len(old) < 4:
        return len(new) >= 1
    return len(new) >= _FEWEST_SHARE * len(old)
