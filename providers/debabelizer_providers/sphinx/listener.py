"""Speech-bounded recognition with PocketSphinx: PCM in, reports out; no clock, no pipe."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from debabelizer.contract import CommitMode, CommitOutcome
from debabelizer.errors import ConfigurationError
from debabelizer.events import Word
from debabelizer_providers._local.messages import Committed, Consumed, Heard, Hearing, Nothing, Report, Speech
from debabelizer_providers._local.speech import FRAME, RATE, Edge, SpeechProbe, SpeechTrack, samples_of
from debabelizer_providers.sphinx import model
from debabelizer_providers.sphinx.start import Start

LEAD_S = 0.3
"""Silence in front of each segment: without it the first word suffers."""
PAD_S = 0.3
"""Audio taken from before the detected start, so that a soft first sound is in."""
LONGEST_S = 25.0
"""A segment this long is cut at the next unvoiced frame; at 1.2 times that, anywhere."""
LEAST_VOICED_S = 0.1
"""Less speech than that in a segment is a click, and gives no text."""
MOST_STATES = 3000
"""Hypotheses kept in each frame. Measured on 35 s of speech: half the time of the default (30,000), the same words.
With 1,500 and without its second search the decoder of 5.1.1 crashed."""
COVER_EVERY_S = 2.0
_FRAMES_PER_S = 100
_MARKS = ("<", "[", "+")
"""Beginnings of what is no word: <s>, <sil>, [SPEECH], ++NOISE++."""


ADAPT_S = 8.0
"""Speech after which the decoder knows microphone and voice well enough for its running mean to be right."""


class Engine:
    """The decoder with the model in ``folder``; takes about half a second to load.

    While it listens it can only subtract a running mean of what it has heard so far, which is wrong at first (measured
    with five spoken sentences, each the first of its decoder: 10 % of the words wrong, at a quarter of the level 22 %).
    So the first segments are decoded once more as a whole when they end, with the mean of their own: 0 %.
    """

    def __init__(self, folder: Path) -> None:
        import pocketsphinx

        try:
            self._decoder: Any = pocketsphinx.Decoder(
                hmm=str(folder / model.ACOUSTIC),
                lm=str(folder / model.LANGUAGE),
                dict=str(folder / model.DICTIONARY),
                samprate=RATE,
                loglevel="FATAL",
                maxhmmpf=MOST_STATES,
            )
        except RuntimeError as error:
            raise ConfigurationError(f"The built-in recogniser could not be loaded: {error}", "sphinx") from error
        self._segment = bytearray()
        self._to_adapt = int(ADAPT_S * RATE) * 2

    def begin(self) -> None:
        self._decoder.start_utt()
        self._segment.clear()
        self.hear(bytes(2 * int(LEAD_S * RATE)))

    def hear(self, pcm: bytes) -> None:
        self._decoder.process_raw(pcm, False, False)
        if self._to_adapt > 0:
            self._segment += pcm

    def end(self) -> None:
        self._decoder.end_utt()
        if self._to_adapt > 0:
            self._to_adapt -= len(self._segment)
            self._decoder.start_utt()
            self._decoder.process_raw(bytes(self._segment), False, True)
            self._decoder.end_utt()

    def text(self) -> str:
        hypothesis = self._decoder.hyp()
        return str(hypothesis.hypstr) if hypothesis else ""

    def words(self, origin: float) -> tuple[Word, ...]:
        """Word times, ``origin`` being the second at which the audio after the lead begins."""
        found = []
        for part in self._decoder.seg() or ():
            if part.word.startswith(_MARKS):
                continue
            start = part.start_frame / _FRAMES_PER_S - LEAD_S + origin
            end = (part.end_frame + 1) / _FRAMES_PER_S - LEAD_S + origin
            text = part.word.split("(")[0]  # "read(2)" is the second pronunciation of "read"
            found.append(Word(text, round(max(start, 0.0), 2), round(end, 2)))
        return tuple(found)


class Listener:
    """One connection. Every method returns what to report, in order."""

    def __init__(self, engine: Engine, probe: SpeechProbe, start: Start) -> None:
        self._engine = engine
        self._probe = probe
        pause = start.pause_s if start.commit is CommitMode.PAUSE else 0.6
        self._track = SpeechTrack(hang_s=pause)
        self._recent = bytearray()
        """The last PCM not yet given to the decoder; its end is sample ``_fed``."""
        self._fed = 0
        self._open_at: int | None = None
        self._segment = 0
        self._shown = ""
        self._said_something = False
        self._covered = 0

    def feed(self, pcm: bytes) -> list[Report]:
        samples = samples_of(pcm)
        self._fed += len(samples)
        self._recent += pcm
        reports: list[Report] = []
        for probability in self._probe.feed(samples):
            edge = self._track.push(probability)
            if edge is not None:
                reports.extend(self._turn(edge))
            elif self._too_long(probability):
                at = self._track.position
                reports.extend(self._close(at))
                self._open(at)
        reports.extend(self._listen())
        return reports

    def commit(self) -> list[Report]:
        reports = list(self._close(self._fed))
        if self._track.speaking:
            self._track.stop()
            reports.append(Speech(False, self._fed / RATE))
        outcome = CommitOutcome.FINAL if self._said_something else CommitOutcome.EMPTY
        self._said_something = False
        self._recent.clear()
        self._covered = self._fed
        return [*reports, Consumed(self._fed), Committed(outcome)]

    def finish(self) -> list[Report]:
        return [*self._close(self._fed), Consumed(self._fed)]

    # ------------------------------------------------------------------------------------------- segments

    def _turn(self, edge: Edge) -> Iterator[Report]:
        yield Speech(edge.started, edge.at / RATE)
        if edge.started:
            self._open(max(edge.at - int(PAD_S * RATE), self._fed - len(self._recent) // 2))
        else:
            yield from self._close(edge.known)

    def _open(self, at: int) -> None:
        self._open_at = at
        self._shown = ""
        del self._recent[: 2 * (at - (self._fed - len(self._recent) // 2))]
        self._engine.begin()

    def _too_long(self, probability: float) -> bool:
        if self._open_at is None:
            return False
        length = (self._track.position - self._open_at) / RATE
        return length > LONGEST_S and (probability < 0.35 or length > 1.2 * LONGEST_S)

    def _listen(self) -> Iterator[Report]:
        """Gives the decoder what is new and shows its guess; between segments keeps just enough for the pad."""
        if self._open_at is None:
            keep = int(PAD_S * RATE) + 8 * FRAME
            del self._recent[: max(0, len(self._recent) - 2 * keep)]
            quiet = max(self._covered, self._fed - keep)
            if quiet - self._covered >= COVER_EVERY_S * RATE:
                self._covered = quiet
                yield Consumed(quiet)
            return
        self._give(self._fed)
        text = self._engine.text()
        if text != self._shown:
            self._shown = text
            yield Hearing(segment=self._segment, volatile=text, start=self._open_at / RATE)

    def _give(self, until: int) -> None:
        size = max(0, len(self._recent) - 2 * (self._fed - until))
        if size:
            self._engine.hear(bytes(self._recent[:size]))
            del self._recent[:size]

    def _close(self, at: int) -> Iterator[Report]:
        """Ends the open segment at sample ``at``."""
        if self._open_at is None:
            return
        self._give(at)
        self._engine.end()
        start, self._open_at = self._open_at, None
        words = self._engine.words(start / RATE)
        voiced = self._track.voiced(start, at)
        self._track.forget(at)
        if words and voiced >= LEAST_VOICED_S * RATE:
            self._said_something = True
            text = " ".join(word.text for word in words)
            yield Heard(segment=self._segment, text=text, words=words, language="en", start=start / RATE, end=at / RATE)
            self._segment += 1
        elif self._shown:
            yield Nothing(self._segment)
            self._segment += 1
        self._covered = at
        yield Consumed(at)
