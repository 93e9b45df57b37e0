"""One change in a transcript of 1,000 and of 100,000 segments: what it costs in the segment map.

Each figure is the median of batches of 500 changes; the goal is that of a partial at the end of the text, which is what
happens several times a second. Corrections hit random places.
"""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Sequence

from debabelizer.events import Change, Freeze, Replace, SegmentId
from debabelizer.transcript import SegmentMap
from figures import Figure, report

SIZES = (1_000, 100_000)
BATCH, BATCHES = 500, 30
WORDS = [
    "and",
    "so",
    "we",
    "went",
    "down",
    "to",
    "the",
    "river",
    "to",
    "see",
    "whether",
    "the",
    "boats",
    "had",
    "come",
    "back",
]


def grown(size: int) -> SegmentMap:
    transcript = SegmentMap()
    for number in range(size):
        text = " ".join(WORDS[: 3 + number % 12])
        transcript.apply(Freeze(segment=SegmentId(0, number), text=text, start=number * 2.0, end=number * 2.0 + 1.9))
    return transcript


def partials(size: int) -> list[Change]:
    """A sentence that grows word by word, and changes its mind about the last one."""
    return [
        Replace(segment=SegmentId(1, step // 30), text=" ".join(WORDS[: 1 + step % 15]), start=size * 2.0 + step // 30)
        for step in range(BATCH * BATCHES)
    ]


def corrections(size: int) -> list[Change]:
    chance = random.Random(1)
    return [
        Freeze(segment=SegmentId(0, chance.randrange(size)), text=" ".join(WORDS[: 1 + step % 15]))
        for step in range(BATCH * BATCHES)
    ]


def cost(transcript: SegmentMap, changes: Sequence[Change]) -> float:
    """Microseconds of one change."""
    taken = []
    for begin in range(0, len(changes), BATCH):
        started = time.perf_counter()
        for change in changes[begin : begin + BATCH]:
            transcript.apply(change)
        taken.append((time.perf_counter() - started) / BATCH * 1e6)
    return statistics.median(taken)


def main() -> None:
    for size in SIZES:
        transcript = grown(size)
        report(Figure(f"a partial among {size:,} segments, in the map", cost(transcript, partials(size)), "µs", 20.0))
        report(Figure(f"a correction anywhere among {size:,} segments", cost(transcript, corrections(size)), "µs"))


if __name__ == "__main__":
    main()
