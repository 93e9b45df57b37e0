"""A second text of a take, dealt out to the segments of the first. Pure.

The second text is only ever cut, at places between its words: whatever is aligned well or badly, no word of it is lost
or comes twice.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from difflib import SequenceMatcher
from itertools import pairwise

import msgspec

from debabelizer.events import Word

_WORDS = re.compile(
    r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u31bf\u31f0-\u9fff\uf900-\ufaff\uff66-\uff9f]\s*|"
    r"[^\s\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u31bf\u31f0-\u9fff\uf900-\ufaff\uff66-\uff9f]+\s*"
)
"""Words with the space behind them; of scripts without spaces, characters."""


class Spoken(msgspec.Struct, frozen=True):
    """A text with the times of its words, as far as they are known; ``start`` where nothing else is."""

    text: str
    words: tuple[Word, ...] = ()
    start: float | None = None


class _Unit(msgspec.Struct):
    """A word, or a character: where it begins in its text, and when it is said."""

    form: str
    begin: int
    at: float | None


def deal(first: Sequence[Spoken], second: Spoken) -> list[Spoken]:
    """The second text in as many parts as ``first`` has: each beside the segment it corrects. Times of both count from
    the same moment."""
    if not first:
        return []
    units = _units(second)
    old = [_units(segment) for segment in first]
    blocks = SequenceMatcher(
        None, [unit.form for part in old for unit in part], [unit.form for unit in units], autojunk=False
    ).get_matching_blocks()
    borders = [0]
    count = 0
    for number in range(1, len(first)):
        count += len(old[number - 1])
        place = _place(count, blocks, units, _begin_of(first[number], old[number]))
        borders.append(max(borders[-1], place))
    borders.append(len(units))
    edges = [units[place].begin if place < len(units) else len(second.text) for place in borders]
    edges[0] = 0
    return [_part(second, a, b) for a, b in pairwise(edges)]


def _place(border: int, blocks: Sequence[tuple[int, int, int]], units: Sequence[_Unit], at: float | None) -> int:
    """Before which unit of the second text the border stands that is before old unit ``border``."""
    old = new = 0
    for a, b, size in blocks:  # the last one is empty and stands behind everything
        if border <= a:
            break
        if border < a + size:
            return b + border - a
        old, new = a + size, b + size
    changed = units[new:b]
    if at is not None and all(unit.at is not None for unit in changed):
        return new + sum(1 for unit in changed if unit.at is not None and unit.at < at - 0.05)
    if border == old:
        return new
    return new + round(len(changed) * (border - old) / (a - old))


def _begin_of(segment: Spoken, units: Sequence[_Unit]) -> float | None:
    return next((unit.at for unit in units if unit.at is not None), segment.start)


def _units(spoken: Spoken) -> list[_Unit]:
    units = [_Unit(_bare(found.group()), found.start(), None) for found in _WORDS.finditer(spoken.text)]
    at = index = 0
    for word in spoken.words:  # each stands in the text behind the one before, or its time is of no use
        found = spoken.text.find(word.text, at)
        if found < 0:
            continue
        at = found + len(word.text)
        while index < len(units) and units[index].begin < found:
            index += 1
        if index < len(units) and units[index].begin < at:
            units[index].at = word.start
    return units


def _part(second: Spoken, begin: int, end: int) -> Spoken:
    text = second.text[begin:end]
    words = []
    at = 0
    for word in second.words:
        found = second.text.find(word.text, at)
        if found < 0:
            continue
        at = found + len(word.text)
        if begin <= found < end:
            words.append(word)
    return Spoken(text.strip(), tuple(words), words[0].start if words else None)


def _bare(text: str) -> str:
    kept = "".join(c for c in text.casefold() if unicodedata.category(c)[0] not in "PZ")
    return kept.strip() or text.strip()
