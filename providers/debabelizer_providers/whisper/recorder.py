"""Whole recordings over Whisper: PCM in, reports out; no pipe, no process.

Stretches of speech (as the detector hears them) are gathered into windows of at most half a minute, and the windows are
decoded many at a time. Only the windows that wait for that are in memory.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from debabelizer_providers._local.messages import Consumed, Note, Report, Translated
from debabelizer_providers._local.speech import FRAME, RATE, SpeechProbe, SpeechTrack, samples_of
from debabelizer_providers.whisper.agreement import HeardWord
from debabelizer_providers.whisper.gates import LEAST_VOICED_S, Pass, said
from debabelizer_providers.whisper.languages import LanguageChoice
from debabelizer_providers.whisper.listener import CALM_S, PAD_S, SETTLE_S, placed
from debabelizer_providers.whisper.start import Start
from debabelizer_providers.whisper.tape import Tape
from debabelizer_providers.whisper.translator import LANGUAGE, Stretch
from debabelizer_providers.whisper.utterance import Segment
from debabelizer_providers.whisper.window import LONGEST_S, SENTENCE_END

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

GAP_S = 2.0
"""A longer silence is not put into a window: there is nothing in it but what the model might invent."""
SURE_S = 3.0
"""Less speech than that does not tell its language: it is taken to be that of what was said before."""
_LONG_S = 12.0
"""A segment this long ends with its sentence."""


class Ears(Protocol):
    """What turns windows of audio into words; :class:`~debabelizer_providers.whisper.engine.Engine` is it."""

    notes: list[Note]

    def hear_all(self, windows: Sequence[NDArray[np.float32]], choices: Sequence[LanguageChoice]) -> list[Pass]: ...

    def in_english(self, windows: Sequence[NDArray[np.float32]], languages: Sequence[str]) -> list[list[Stretch]]: ...


@dataclass
class Window:
    """Samples; ``stretches``: where each stretch of speech in it begins."""

    start: int
    end: int
    stretches: list[int] = field(default_factory=list)


class Recorder:
    """One recording. Every generator must be run to its end; it yields what to report, in order."""

    def __init__(self, ears: Ears, probe: SpeechProbe, start: Start) -> None:
        self._ears = ears
        self._probe = probe
        self._start = start
        self._track = SpeechTrack(hang_s=SETTLE_S)
        self._tape = Tape()
        self._speech_from: int | None = None
        self._open: Window | None = None
        self._ready: list[Window] = []
        self._calm: deque[tuple[float, int]] = deque(maxlen=int(CALM_S * RATE / FRAME))
        self._floor = 0
        self._keys = 0
        self._language = start.languages[:1]
        """That of the last window which told."""

    def feed(self, pcm: bytes) -> Iterator[Report]:
        self._tape.append(pcm)
        for probability in self._probe.feed(samples_of(pcm)):
            edge = self._track.push(probability)
            self._calm.append((probability, self._track.position))
            if edge is not None and edge.started:
                self._speech_from = max(edge.at - int(PAD_S * RATE), self._floor)
                self._calm.clear()
            elif edge is not None:
                self._stretch(edge.at + int(PAD_S * RATE))
            elif self._speech_from is not None and self._track.position - self._speech_from >= LONGEST_S * RATE:
                self._split()
        if self._open is not None and self._speech_from is None and self._waited(self._open.end) > GAP_S * RATE:
            self._close_window()
        if self._ready and (
            len(self._ready) >= self._start.batch or self._waited(self._ready[0].start) >= self._start.held_s * RATE
        ):
            yield from self._decode()
        elif not self._ready and self._open is None and self._speech_from is None:
            yield from self._cover(self._tape.end - int(PAD_S * RATE))

    def finish(self) -> Iterator[Report]:
        if self._speech_from is not None:
            self._stretch(self._tape.end)
        self._close_window()
        while self._ready:
            yield from self._decode()
        yield from self._cover(self._tape.end)

    def _waited(self, sample: int) -> int:
        """How much has come since."""
        return self._tape.end - sample

    # --------------------------------------------------------------------------------------------- windows

    def _stretch(self, end: int) -> None:
        """Someone has spoken from ``_speech_from`` to ``end``."""
        assert self._speech_from is not None
        start, self._speech_from = self._speech_from, None
        end = min(end, self._tape.end)
        opened = self._open
        if opened is not None and (end - opened.start > LONGEST_S * RATE or start - opened.end > GAP_S * RATE):
            self._close_window()
            opened = None
        if opened is None:
            opened = self._open = Window(start, end)
        opened.end = end
        opened.stretches.append(start)
        self._floor = end

    def _split(self) -> None:
        """Nobody has paused for as long as the model can listen: cut at the quietest place of the last seconds."""
        calmest = min(self._calm)[1]
        self._stretch(calmest)
        self._close_window()
        self._speech_from = calmest
        self._calm.clear()

    def _close_window(self) -> None:
        if self._open is not None:
            self._ready.append(self._open)
            self._open = None

    # -------------------------------------------------------------------------------------------- decoding

    def _decode(self) -> Iterator[Report]:
        batch, self._ready = self._ready[: self._start.batch], self._ready[self._start.batch :]
        spoken = [window for window in batch if self._voiced(window) >= LEAST_VOICED_S]
        if spoken:
            choices = [self._choice(window) for window in spoken]
            passes = self._ears.hear_all([self._tape.cut(w.start, w.end) for w in spoken], choices)
            while self._ears.notes:
                yield self._ears.notes.pop(0)
            foreign: list[tuple[Window, str]] = []
            for window, heard in zip(spoken, passes, strict=True):
                segments = self._segments(window, heard)
                yield from (segment.report() for segment in segments)
                if self._start.translate and heard.language == LANGUAGE:
                    yield from (_in_its_own_words(segment) for segment in segments)
                elif self._start.translate and segments:
                    foreign.append((window, heard.language))
            yield from self._translations(foreign)
        yield from self._cover(batch[-1].end)

    def _voiced(self, window: Window) -> float:
        return self._track.voiced(window.start, window.end) / RATE

    def _choice(self, window: Window) -> LanguageChoice:
        if self._voiced(window) < SURE_S and self._language:
            return LanguageChoice(self._language)
        return LanguageChoice(self._start.languages)

    def _segments(self, window: Window, heard: Pass) -> list[Segment]:
        prompt = " ".join((*self._start.vocabulary, self._start.prompt))
        words = said(heard, self._voiced(window), prompt)
        if not words:
            return []
        if self._voiced(window) >= SURE_S:
            self._language = (heard.language,)
        shifted = [placed(word.shifted(window.start / RATE), self._track) for word in words]
        segments = []
        for part in _parts(shifted, window.stretches[1:]):
            segments.append(Segment(self._keys, int(part[0].start * RATE), window.end, part, heard.language))
            self._keys += 1
        return segments

    def _translations(self, windows: Sequence[tuple[Window, str]]) -> Iterator[Translated]:
        if not windows:
            return
        cut = [self._tape.cut(window.start, window.end) for window, _ in windows]
        for (window, _), stretches in zip(
            windows, self._ears.in_english(cut, [language for _, language in windows]), strict=True
        ):
            begin = window.start / RATE
            for stretch in stretches:
                yield Translated(
                    text=stretch.text,
                    start=round(begin + stretch.start, 2),
                    end=round(begin + stretch.end, 2),
                    language=LANGUAGE,
                )

    def _cover(self, sample: int) -> Iterator[Report]:
        """All before is done with."""
        waiting = [window.start for window in (*self._ready, *filter(None, (self._open,)))]
        self._tape.forget(min([sample, *waiting]))
        self._track.forget(min([sample, *waiting]))
        if sample > 0:
            yield Consumed(min(sample, self._tape.end))


def _in_its_own_words(segment: Segment) -> Translated:
    report = segment.report()
    start, end = segment.words[0].start, segment.words[-1].end
    return Translated(text=report.text, start=round(start, 2), end=round(end, 2), language=LANGUAGE)


def _parts(words: Sequence[HeardWord], borders: Sequence[int]) -> list[list[HeardWord]]:
    """Segments: a new one where somebody began to speak anew, and at a sentence's end where it has grown long."""
    parts: list[list[HeardWord]] = [[]]
    waiting = list(borders)
    for word in words:
        begun = False
        while waiting and word.start * RATE >= waiting[0] - 0.1 * RATE:
            waiting.pop(0)
            begun = True
        last = parts[-1]
        ended = bool(last) and last[-1].text.endswith(SENTENCE_END) and last[-1].end - last[0].start >= _LONG_S
        if last and (begun or ended):
            parts.append([])
        parts[-1].append(word)
    return [part for part in parts if part]
