"""A hundred thousand subtitles as a SubRip file: our writer against the package srt, on the same times and texts.

Cutting speech into subtitles of bounded lines and reading speed, which that package does not do, is measured apart.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from datetime import timedelta

import srt

from debabelizer.events import Word
from debabelizer.export.cues import Cue, Said, cues_of
from debabelizer.export.subtitles import as_srt
from figures import Figure, report

CUES = 100_000
ROUNDS = 9
SENTENCES = (
    "Please send the message tomorrow morning.",
    "Größe & Maß,\nin two lines.",
    "今日はとても良い天気ですね。",
    "Yes.",
)


def cost(work: Callable[[], object]) -> float:
    """CPU seconds."""
    gc.collect()
    began = time.process_time()
    work()
    return time.process_time() - began


def main() -> None:
    ours = [Cue(2.0 * n, 2.0 * n + 1.84, SENTENCES[n % len(SENTENCES)]) for n in range(CUES)]
    theirs = [
        srt.Subtitle(n, timedelta(seconds=cue.start), timedelta(seconds=cue.end), cue.text)
        for n, cue in enumerate(ours, 1)
    ]
    assert [sub.content for sub in srt.parse(as_srt(ours[:100]))] == [cue.text for cue in ours[:100]]
    mine, peers = [], []
    for _ in range(ROUNDS):  # turn by turn, so that a busy moment of the machine hits both
        mine.append(cost(lambda: as_srt(ours)))
        peers.append(cost(lambda: srt.compose(theirs, reindex=False)))
    fast, slow = min(mine), min(peers)
    text = f"srt.compose {slow * 1000:.0f} ms; ours {fast * 1000:.0f} ms"
    report(Figure("export of 100,000 subtitles", fast / slow, "of srt's time", 1 / 3, text))
    words = SENTENCES[0].split()
    speech = [
        Said(
            text=SENTENCES[0],
            start=2.0 * n,
            end=2.0 * n + 1.84,
            words=tuple(Word(w, 2.0 * n + 0.3 * i, 2.0 * n + 0.3 * i + 0.3) for i, w in enumerate(words)),
        )
        for n in range(CUES)
    ]
    report(Figure("100,000 sentences cut into subtitles", cost(lambda: cues_of(speech)), "s", None, ""))


if __name__ == "__main__":
    main()
