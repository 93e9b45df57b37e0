"""Streaming over Whisper: PCM in, reports out; no pipe, no process.

Speech (as the detector hears it) opens a *segment*. While it is open and somebody speaks, *quick* passes settle words
by local agreement; their window follows the speech, so that a pass costs the same in the twentieth second as in the
fifth. A short silence, a finished sentence in a long segment, or the end of the utterance closes it with a *careful*
pass over all of it, which has the last word. The *utterance* (until a commit, or a long pause) may get a second pass
over all its segments at once, and what that understands better is reported as a correction of segments closed before.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from debabelizer.contract import CommitMode, CommitOutcome
from debabelizer_providers._local.messages import Committed, Consumed, Hearing, Note, Nothing, Report, Speech
from debabelizer_providers._local.speech import FRAME, RATE, Edge, SpeechProbe, SpeechTrack, samples_of
from debabelizer_providers.whisper.agreement import HeardWord, LocalAgreement
from debabelizer_providers.whisper.gates import LEAST_VOICED_S, Pass, said, without_overrun
from debabelizer_providers.whisper.languages import UNSPACED, LanguageChoice
from debabelizer_providers.whisper.realign import believable, border
from debabelizer_providers.whisper.start import Start
from debabelizer_providers.whisper.tape import Tape
from debabelizer_providers.whisper.utterance import Segment, correct, windows
from debabelizer_providers.whisper.window import LONGEST_S, Pace, between, place_to_begin, words_to_close

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

PAD_S = 0.3
"""Audio taken from before the detected start: the first sound may be soft."""
SETTLE_S = 0.6
"""A silence that closes a segment without ending the utterance."""
NEAR_END_S = 0.25
"""While someone speaks, words this close to the end of the audio may still be cut in half."""
CALM_S = 3.0
"""How far back the quietest place is looked for when a segment must be cut in running speech."""
COVER_EVERY_S = 2.0
SECOND_PASS_TIME_S = 6.0
"""The second pass looks at no more windows than the machine manages in that time."""
_CONTEXT_CHARACTERS = 400
"""Of what was said before. With three times as much, and sentences said again and again, Whisper left out words of the
next one."""


class Ears(Protocol):
    """What turns a window of audio into words; :class:`~debabelizer_providers.whisper.engine.Engine` is it."""

    notes: list[Note]

    def hear(
        self,
        audio: NDArray[np.float32],
        choice: LanguageChoice,
        *,
        voiced_s: float,
        prefix: str = "",
        prefix_s: float = 0.0,
        context: str = "",
        final: bool = False,
    ) -> Pass: ...

    def compare(self, settled: Sequence[HeardWord], careful: Sequence[HeardWord]) -> None: ...


@dataclass
class _Open:
    start: int
    window: int
    """Quick passes begin here."""
    heard_until: int
    """The last pass ended here."""
    finished: int = 0
    """Settled words that are to make a segment of their own."""
    agreement: LocalAgreement = field(default_factory=LocalAgreement)
    language: str = "en"
    shown: Hearing | None = None


class Listener:
    """One connection. Every generator must be run to its end; it yields what to report, in order.

    ``clock``: seconds, to measure what a pass costs."""

    def __init__(
        self, ears: Ears, probe: SpeechProbe, start: Start, clock: Callable[[], float] = time.perf_counter
    ) -> None:
        self._ears = ears
        self._probe = probe
        self._start = start
        self._clock = clock
        self._by_pause = start.commit is CommitMode.PAUSE
        self._track = SpeechTrack(hang_s=min(SETTLE_S, start.pause_s) if self._by_pause else SETTLE_S)
        self._tape = Tape()
        self._pace = Pace()
        self._final_cost = 0.0
        self._choice = LanguageChoice(start.languages)
        self._before = start.previous_text
        self._segments: list[Segment] = []
        self._open: _Open | None = None
        self._keys = 0
        self._floor = 0
        """Audio before this sample belongs to an earlier segment."""
        self._covered = 0
        self._calm: deque[tuple[float, int]] = deque(maxlen=int(CALM_S * RATE / FRAME))

    # ------------------------------------------------------------------------------------------------ verbs

    def feed(self, pcm: bytes) -> Iterator[Report]:
        self._tape.append(pcm)
        for probability in self._probe.feed(samples_of(pcm)):
            edge = self._track.push(probability)
            self._calm.append((probability, self._track.position))
            if edge is not None:
                yield from self._turn(edge)
            elif self._open is not None and self._track.position - self._open.start >= LONGEST_S * RATE:
                yield from self._split()
            if self._by_pause and self._segments and self._pause_s >= self._start.pause_s:
                yield from self._end_utterance()
        yield from self._cover_silence()

    @property
    def due(self) -> bool:
        """Whether there is enough new speech for another pass, or a sentence to close."""
        opened = self._open
        if opened is None:
            return False
        fresh = self._track.last_voiced > opened.heard_until
        paced = self._tape.end - opened.heard_until >= self._pace.step_s * RATE
        return opened.finished > 0 or (fresh and paced)

    def step(self) -> Iterator[Report]:
        """One pass: a careful one that closes finished sentences, or a quick one over the newest speech."""
        if self._open is None:
            return
        if self._open.finished:
            yield from self._close_sentences(self._open)
        else:
            yield from self._follow(self._open)
        yield from self._show()

    def commit(self) -> Iterator[Report]:
        yield from self._close(self._tape.end)
        outcome = CommitOutcome.FINAL if any(s.words for s in self._segments) else CommitOutcome.EMPTY
        yield from self._end_utterance()
        if self._track.speaking:
            self._track.stop()
            yield Speech(False, self._tape.end / RATE)
        self._floor = self._tape.end
        yield from self._cover(self._tape.end)
        yield Committed(outcome)

    def finish(self) -> Iterator[Report]:
        yield from self._close(self._tape.end)
        yield from self._end_utterance()
        yield from self._cover(self._tape.end)

    @property
    def held_s(self) -> float:
        """Seconds of audio in memory."""
        return (self._tape.end - self._tape.begin) / RATE

    # --------------------------------------------------------------------------------------------- segments

    @property
    def _pause_s(self) -> float:
        return 0.0 if self._track.speaking or self._open is not None else self._track.quiet / RATE

    def _turn(self, edge: Edge) -> Iterator[Report]:
        yield Speech(edge.started, edge.at / RATE)
        if not edge.started:
            yield from self._close(edge.known)
        elif self._open is None:
            self._begin(max(edge.at - int(PAD_S * RATE), self._floor))

    def _begin(self, at: int) -> None:
        self._open = _Open(start=at, window=at, heard_until=at)
        self._calm.clear()

    def _follow(self, opened: _Open) -> Iterator[Report]:
        agreement, end = opened.agreement, self._tape.end
        words, opened.language = self._hear(opened.window, end, after=agreement)
        yield from self._notes()
        opened.heard_until = end
        if not words:
            return
        given = len(agreement.settled) - agreement.anchor
        words = [*words[:given], *without_overrun(words[given:])]
        near = NEAR_END_S if self._track.speaking else 0.0
        agreement.update(words, end / RATE - near)
        anchor = place_to_begin(agreement.settled, agreement.anchor, opened.window / RATE, end / RATE)
        if anchor > agreement.anchor:
            agreement.move_up(anchor)
            opened.window = int(between(*agreement.settled[anchor - 1 : anchor + 1]) * RATE)
        opened.finished = words_to_close(agreement.settled, opened.start / RATE, end / RATE)

    def _close(self, at: int) -> Iterator[Report]:
        """The open segment ends at sample ``at``: one careful pass over all of it gives its text."""
        if self._open is None:
            return
        opened, self._open = self._open, None
        words, language = self._hear(opened.start, at, final=True)
        yield from self._notes()
        if believable(opened.agreement.settled, words):
            self._ears.compare(opened.agreement.settled, words)
        else:
            words = opened.agreement.words
        if words:
            yield self._add(opened.start, at, words, language).report()
        elif opened.shown is not None:
            yield Nothing(self._keys)
            self._keys += 1
        self._floor = at
        yield from self._cover(at)

    def _split(self) -> Iterator[Report]:
        """Nobody has paused for as long as the model can listen: cut at the quietest place of the last seconds."""
        calmest = min(self._calm)[1]
        yield from self._close(calmest)
        self._begin(calmest)

    def _close_sentences(self, opened: _Open) -> Iterator[Report]:
        """Settled sentences leave a segment that has grown long. The careful pass that gives their text hears what was
        said after them, too, and they get those of its words that are theirs: none is lost or doubled at the border."""
        agreement = opened.agreement
        taken, opened.finished = agreement.take(opened.finished), 0
        heard, language = self._hear(opened.start, opened.heard_until, final=True)
        yield from self._notes()
        count = border(heard, taken[-1], agreement.words[0])
        words, rest = heard[:count], heard[count:]
        if rest and believable(taken, words):
            self._ears.compare(taken, words)
        else:
            words, rest = taken, agreement.words
        cut = min(int(between(words[-1], rest[0]) * RATE), opened.heard_until)
        yield self._add(opened.start, cut, words, language).report()
        opened.start = self._floor = cut
        opened.window = max(opened.window, cut)
        opened.shown = None
        yield from self._cover(cut)

    def _add(self, start: int, end: int, words: list[HeardWord], language: str) -> Segment:
        segment = Segment(self._keys, start, end, words, language)
        self._keys += 1
        self._segments.append(segment)
        return segment

    def _show(self) -> Iterator[Report]:
        opened = self._open
        if opened is None or not opened.agreement.words:
            return
        now = Hearing(
            segment=self._keys,
            settled=opened.agreement.settled_text,
            volatile=opened.agreement.volatile_text,
            start=opened.start / RATE,
            spaced=opened.language not in UNSPACED,
        )
        if now != opened.shown:
            opened.shown = now
            yield now

    # -------------------------------------------------------------------------------------------- utterance

    def _end_utterance(self) -> Iterator[Report]:
        if self._segments and self._start.second_pass:
            most = max(1, int(SECOND_PASS_TIME_S / max(self._final_cost, 0.01)))
            for run in windows(self._segments, LONGEST_S, self._start.second_pass_s, most):
                words, language = self._hear(run[0].start, run[-1].end, final=True, before=run[0])
                yield from self._notes()
                yield from correct(run, words, language)
        self._before = self._context(None)
        self._segments.clear()
        self._choice = LanguageChoice(self._start.languages)
        self._forget()

    def _context(self, before: Segment | None) -> str:
        """What was said before that segment (None: all that was said)."""
        texts = [self._before]
        for segment in self._segments:
            if segment is before:
                break
            texts.append(segment.text)
        return " ".join(text for text in texts if text)[-_CONTEXT_CHARACTERS:]

    # ------------------------------------------------------------------------------------------------- pass

    def _hear(
        self,
        start: int,
        end: int,
        *,
        after: LocalAgreement | None = None,
        final: bool = False,
        before: Segment | None = None,
    ) -> tuple[list[HeardWord], str]:
        """Believable words with times of the connection's audio, and the language (Whisper's code). ``after``: begins
        with what has been settled; ``before``: only what was said before that segment is known."""
        voiced_s = self._track.voiced(start, end) / RATE
        if voiced_s < LEAST_VOICED_S:
            return [], self._choice.settled or "en"
        context = self._context(before)
        prefix, prefix_s = "", 0.0
        if after is not None and after.settled:
            prefix, prefix_s = after.prefix, max(0.0, after.settled[-1].end - start / RATE)
            context = " ".join(filter(None, (context, after.behind)))[-_CONTEXT_CHARACTERS:]
        began = self._clock()
        heard = self._ears.hear(
            self._tape.cut(start, end),
            self._choice,
            voiced_s=voiced_s,
            prefix=prefix,
            prefix_s=prefix_s,
            context=context,
            final=final,
        )
        cost = self._clock() - began
        if final:
            self._final_cost = cost
        else:
            self._pace.took(cost)
        prompt = " ".join((*self._start.vocabulary, self._start.prompt, context))
        words = said(heard, voiced_s, prompt)
        return [placed(word.shifted(start / RATE), self._track) for word in words], heard.language

    def _notes(self) -> Iterator[Report]:
        while self._ears.notes:
            yield self._ears.notes.pop(0)

    # ------------------------------------------------------------------------------------------------ covered

    def _cover_silence(self) -> Iterator[Report]:
        if self._open is not None:
            return
        quiet = self._tape.end - int((PAD_S + 0.3) * RATE)
        if quiet - self._covered >= COVER_EVERY_S * RATE:
            self._floor = max(self._floor, quiet)
            yield from self._cover(quiet)

    def _cover(self, sample: int) -> Iterator[Report]:
        if sample > self._covered:
            self._covered = sample
            yield Consumed(sample)
        self._forget()

    def _forget(self) -> None:
        """Drops audio that no pass will look at again, so that hours of speech take no more memory than minutes."""
        keep = self._covered
        if self._segments and self._start.second_pass:
            back = self._tape.end - int((self._start.second_pass_s + LONGEST_S) * RATE)
            keep = min(keep, max(self._segments[0].start, back))
            while len(self._segments) > 1 and self._segments[0].end <= back:
                self._before = f"{self._before} {self._segments.pop(0).text}"[-_CONTEXT_CHARACTERS:].strip()
        self._tape.forget(keep)
        self._track.forget(keep)


def placed(word: HeardWord, track: SpeechTrack) -> HeardWord:
    """The model lets a word begin where the one before ended, across any silence; the detector knows better."""
    voice = track.first_voiced(int(word.start * RATE), int(word.end * RATE))
    if voice is None or voice / RATE - word.start < 0.15:
        return word
    return HeardWord(word.text, voice / RATE - 0.03, word.end, word.probability)


__all__ = ["Ears", "Listener", "placed"]
