"""The segments of one utterance, and the second pass over them that corrects what was understood too early."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from debabelizer.events import Word
from debabelizer_providers._local.messages import Heard
from debabelizer_providers._local.speech import RATE
from debabelizer_providers.whisper.agreement import HeardWord, text_of
from debabelizer_providers.whisper.languages import UNSPACED, tag_of
from debabelizer_providers.whisper.realign import believable, deal


@dataclass
class Segment:
    """Closed: ``start`` and ``end`` are samples, word times seconds, both of the connection's audio."""

    key: int
    start: int
    end: int
    words: list[HeardWord]
    language: str

    @property
    def text(self) -> str:
        return text_of(self.words)

    def report(self) -> Heard:
        return Heard(
            segment=self.key,
            text=self.text,
            words=tuple(
                Word(w.text.strip(), round(w.start, 2), round(w.end, 2), round(w.probability, 3)) for w in self.words
            ),
            language=tag_of(self.language),
            start=self.start / RATE,
            end=round(self.words[-1].end, 2) if self.words else self.end / RATE,
            spaced=self.language not in UNSPACED,
        )


def windows(segments: Sequence[Segment], longest_s: float, back_s: float, most: int) -> Iterator[Sequence[Segment]]:
    """Runs of neighbouring segments that fit into one window of ``longest_s``, in order: the newest ``most`` runs
    among those that begin at most ``back_s`` before the end. A run of one segment is left out: hearing it
    alone once more would tell nothing new."""
    recent = [s for s in segments if segments[-1].end - s.start <= back_s * RATE]
    runs: list[list[Segment]] = []
    for segment in recent:
        if runs and segment.end - runs[-1][0].start <= longest_s * RATE:
            runs[-1].append(segment)
        else:
            runs.append([segment])
    yield from [run for run in runs if len(run) > 1][-most:]


def correct(run: Sequence[Segment], words: Sequence[HeardWord], language: str) -> list[Heard]:
    """Deals the second pass's ``words`` out to the segments of ``run`` and returns the corrections. A segment that
    would lose much of its text keeps what it has."""
    found = []
    for segment, dealt in zip(run, deal([s.words for s in run], words), strict=True):
        if not believable(segment.words, dealt) or text_of(dealt) == segment.text:
            continue
        segment.words = dealt
        segment.language = language
        found.append(segment.report())
    return found
