"""How much audio a pass looks at, and how often there is one. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from debabelizer_providers.whisper.agreement import HeardWord

SENTENCE_END = (".", "?", "!", "…", "。", "？", "！", "।", "؟", "։")

TIDY_S = 12.0
"""From this length on a segment is closed behind a finished sentence."""
LONG_S = 16.0
"""From here on at the widest gap between settled words."""
TOO_LONG_S = 24.0
"""From here on behind the last settled word but one, wherever that is."""
LONGEST_S = 28.0
"""The model hears 30 s at a time; here the segment ends whatever has been settled."""
_SHORTEST_S = 2.0
HEAR_S = 4.0
"""A quick pass that would look further back than that begins later the next time, ..."""
KEEP_S = 1.5
"""... with at least that much of what is settled: words cut off from all before them are misheard."""
_LOOSE_S = 1.0
"""A good place to begin is worth looking so much further back."""


def words_to_close(settled: Sequence[HeardWord], start: float, now: float) -> int:
    """How many of the settled words make a segment of their own at time ``now``; 0: the segment goes on.

    ``start``: where the segment begins. At least one settled word always stays, as the anchor of what follows."""
    length = now - start
    if length < TIDY_S or len(settled) < 2:
        return 0
    for index in range(len(settled) - 2, -1, -1):
        if settled[index].text.endswith(SENTENCE_END) and settled[index].end - start >= _SHORTEST_S:
            return index + 1
    if length >= TOO_LONG_S:
        return len(settled) - 1
    if length >= LONG_S:
        half = len(settled) // 2
        gaps = [(settled[i + 1].start - settled[i].end, i) for i in range(half, len(settled) - 1)]
        if gaps:
            return max(gaps)[1] + 1
    return 0


def place_to_begin(settled: Sequence[HeardWord], first: int, start: float, now: float) -> int:
    """The settled word at which the next quick pass may begin; ``first``: where the present one does, at ``start``
    seconds. Behind a finished sentence, else behind the widest gap, of those that leave enough in front of the rest."""
    if now - start < HEAR_S:
        return first
    last = settled[-1].end if settled else start
    enough = [i for i in range(first + 1, len(settled)) if last - settled[i].start >= KEEP_S]
    near = [i for i in enough if last - settled[i].start <= KEEP_S + _LOOSE_S] or enough[-1:]
    return max(near, key=lambda i: _rank(settled[i - 1], settled[i]), default=first)


def _rank(before: HeardWord, after: HeardWord) -> tuple[bool, float, float]:
    return before.text.endswith(SENTENCE_END), round(after.start - before.end, 2), after.start


def between(before: HeardWord, after: HeardWord) -> float:
    """Where to cut the audio between two words: in the middle of the gap, or at the border where there is none."""
    return (before.end + after.start) / 2 if after.start > before.end else after.start


class Pace:
    """When the next pass may start. A pass never overlaps another; on a slow machine they get rarer, so that quick
    passes take at most half of the time (step >= twice what a pass takes)."""

    def __init__(self, least_s: float = 0.5, share: float = 2.0) -> None:
        self._least = least_s
        self._share = share
        self._cost = 0.0

    @property
    def step_s(self) -> float:
        """Seconds of new audio before the next pass."""
        return max(self._least, self._share * self._cost)

    def took(self, seconds: float) -> None:
        """A pass took that long. Slower counts at once, faster by halves, so that one cheap pass does not
        make the next ones late."""
        self._cost = seconds if seconds > self._cost else (self._cost + seconds) / 2
