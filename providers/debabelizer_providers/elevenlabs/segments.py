"""Numbers what lies between two commits, pairs the two frames of each, and tells whose commit it was.

There is no segment id on the wire and no mark on a commit that says who asked for it. Positions are samples of
this connection's audio.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from debabelizer.contract import CommitAnswer, CommitOutcome, Covered, StreamSignal
from debabelizer.events import Freeze, Replace, Tail, Word
from debabelizer_providers.elevenlabs.connect import Plan
from debabelizer_providers.elevenlabs.languages import ISO_639_3
from debabelizer_providers.elevenlabs.voice import last_loud
from debabelizer_providers.elevenlabs.wire import WireWord, timed_words

_SELF_COMMIT_S = 30.0
"""With less than this uncommitted the server was never seen to commit by itself (36 s seen, about 90 s documented)."""
_DOCUMENTED_SELF_COMMIT_S = 90.0
_DEBT_S = 10
"""Audio after which a late answer is not expected any more."""
_LAST_SOUND_S = 0.3
"""How far the sound of a word goes on after its end."""
_UNHEARD_S = 0.9
"""A commit that leaves more voice than this between its last word and our mark was the server's own. Taking ours for
the server's costs a wait and a replay; the other way round words are lost."""
_ECHO_S = 1.5
"""Audio after a commit during which a repeated text is an echo and not a person repeating it."""
_TIME_SLACK_S = 0.3
_REMEMBERED = 64
"""Closed segments that a later frame may still speak of."""


class Segment(msgspec.Struct, kw_only=True):
    """A closed segment. ``said`` is the committed text as it came, by which later frames name it."""

    ordinal: int
    said: str
    text: str
    words: tuple[Word, ...] = ()
    language: str | None = None
    begins: int = 0
    """A position at or before its first sample."""
    timed: bool = False
    rewritten: bool = False
    undecided: bool = False
    """Whether it answers a commit of ours can be told only from its word times."""

    def freeze(self) -> Freeze[str | int]:
        start, end = (self.words[0].start, self.words[-1].end) if self.words else (None, None)
        return Freeze(
            segment=self.ordinal, text=self.text, words=self.words, language=self.language, start=start, end=end
        )


_UNHEARD_PIECES = 32


class _Mark(NamedTuple):
    """An unanswered commit of ours, and where the voice before it ended."""

    position: int
    loud: int


class Segments:
    """Every method that takes a frame's content gives the signals it amounts to, in order."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._segment_times = plan.segment_times
        self._rate = plan.form.rate
        self._sample_bytes = plan.form.sample_bytes
        self.sent = 0
        """Samples given to the connection so far."""
        self._ordinal = 0
        self._shown: str | None = None
        self._closed: deque[Segment] = deque(maxlen=_REMEMBERED)
        self._ahead: str | None = None
        """Text of a timed frame that came before its plain twin."""
        self._stale: set[str] = set()
        self._stale_until = 0
        self._marks: deque[_Mark] = deque()
        self._owed = 0
        """Answers that may still come for commits which a commit of the server's own has answered already."""
        self._owed_until = 0
        self._unheard: list[bytes] = []
        """The newest audio, not yet looked at for a voice."""
        self._loud = 0
        """After the last sample that may hold a voice."""
        self._base = 0
        """Where the audio begins that the last commit, as far as known, left uncommitted."""
        self._covered = 0
        self._due: deque[tuple[int, CommitOutcome]] = deque()
        """Answers that wait for the rewritten text, by ordinal."""
        self._speakers: list[Segment] = []

    @property
    def awaits_twin(self) -> bool:
        return self._plan.twins and any(not segment.timed for segment in self._closed)

    # ------------------------------------------------------------------------------------------- open segment

    def partial(self, text: str) -> Sequence[StreamSignal]:
        """The whole text of the open segment. Echoes of the one before do not open a segment."""
        if self._shown is None:
            if not text.strip() or (text.strip() in self._stale and self.sent <= self._stale_until):
                return ()
            self._stale.clear()
        if text == self._shown:
            return ()
        self._shown = text
        return (Replace(segment=self._ordinal, text=text),)

    def settled(self, text: str) -> Sequence[StreamSignal]:
        """The part of the open segment that is settled though not committed."""
        if self._shown is None or not self._shown.startswith(text):
            return self.partial(text)
        return (Tail(segment=self._ordinal, frozen=text, volatile=self._shown[len(text) :]),)

    # ------------------------------------------------------------------------------------------------ commits

    def gave(self, audio: bytes) -> None:
        """This audio goes out."""
        self._unheard.append(audio)
        self.sent += len(audio) // self._sample_bytes
        if len(self._unheard) > _UNHEARD_PIECES:
            self._listen()

    def _listen(self) -> None:
        """Find the last voice. That is looked for from the end, and seldom far."""
        start = self.sent
        for audio in reversed(self._unheard):
            start -= len(audio) // self._sample_bytes
            loud = last_loud(audio, self._plan.form)
            if loud is not None:
                self._loud = start + loud
                break
        self._unheard.clear()

    def asked(self) -> None:
        """A commit of ours goes out here."""
        self._listen()
        self._marks.append(_Mark(self.sent, self._loud))

    def throttled(self) -> Sequence[StreamSignal]:
        if self._settles_debt() or not self._marks:
            return ()
        self._marks.popleft()
        return (*self._answers_before(self._ordinal), CommitAnswer(CommitOutcome.THROTTLED))

    def committed(self, text: str) -> Sequence[StreamSignal]:
        """The plain frame of a commit."""
        if self._ahead is not None and self._ahead == text.strip():
            self._ahead = None
            return ()
        self._ahead = None
        was_shown = self._shown is not None
        signals = list(self._settle_undecided())
        segment = self._close(text)
        if text.strip() or was_shown or self._marks:
            signals.append(segment.freeze())
        return (*signals, *self._decide(segment, None))

    def timed(self, text: str, language: str | None, words: list[WireWord] | None) -> Sequence[StreamSignal]:
        """The timed frame of a commit; ``words`` is null where only the language was asked for."""
        segment = self._twin_of(text)
        signals: list[StreamSignal] = []
        if segment is None:
            signals += self._settle_undecided()
            segment = self._close(text)
            self._ahead = segment.said
            segment.undecided = True
        segment.timed = True
        segment.language = _tag(language)
        spoken = self._on_our_axis(words, segment) if segment.said == text.strip() else ()
        if not segment.rewritten:
            segment.words = spoken
            signals.append(segment.freeze())
        end = round(spoken[-1].end * self._rate) if spoken else None
        if segment.undecided:
            segment.undecided = False
            return (*signals, *self._decide(segment, end, last_chance=True))
        return (*signals, *self._cover(end))

    def _on_our_axis(self, words: list[WireWord] | None, segment: Segment) -> tuple[Word, ...]:
        begins, end = segment.begins / self._rate, self.sent / self._rate
        if not self._segment_times:
            timed = timed_words(words, 0.0, end)
            # A word before its segment began: then the times count from there, whatever the setting says.
            self._segment_times = bool(timed) and timed[0].start < begins - _TIME_SLACK_S
            if not self._segment_times:
                return timed
        return timed_words(words, begins, end)

    def _close(self, text: str) -> Segment:
        self._stale = {text.strip(), (self._shown or "").strip()}
        self._stale_until = self.sent + round(_ECHO_S * self._rate)
        segment = Segment(ordinal=self._ordinal, said=text.strip(), text=text.strip(), begins=self._covered)
        self._ordinal += 1
        self._shown = None
        self._closed.append(segment)
        return segment

    def _twin_of(self, text: str) -> Segment | None:
        waiting = [segment for segment in self._closed if not segment.timed]
        same = [segment for segment in waiting if segment.said == text.strip()]
        if same:
            return same[0]
        return waiting[0] if waiting and self._plan.twins else None

    # ------------------------------------------------------------------------------------- whose commit was it

    def _decide(self, segment: Segment, end: int | None, *, last_chance: bool = False) -> Sequence[StreamSignal]:
        if not segment.text and self._settles_debt():
            return ()
        ours = self._is_answer(end, last_chance)
        if ours is None:
            segment.undecided = True
            return ()
        if not ours:
            self._base = self.sent
            return self._cover(end)
        return self._answer(segment)

    def _is_answer(self, end: int | None, last_chance: bool) -> bool | None:
        """Whether the commit that just arrived answers our oldest one; None: its word times will tell."""
        if not self._marks:
            return False
        mark, manual = self._marks[0], self._plan.strategy == "manual"
        uncommitted = (mark.position - self._base) / self._rate
        if manual and uncommitted < _SELF_COMMIT_S:
            return True
        if end is not None:
            gap = (mark.position - end) / self._rate
            if gap >= self._plan.silence_s and mark.loud <= end + _LAST_SOUND_S * self._rate:
                # Whoever asked for it: nothing is left that another answer could bring, though one may come.
                self._owe()
                return True
            return mark.loud - end < _UNHEARD_S * self._rate if manual else gap < self._plan.silence_s
        if self._plan.timestamps and not last_chance:
            return None
        return not manual or uncommitted < _DOCUMENTED_SELF_COMMIT_S or self._plan.timestamps

    def _owe(self) -> None:
        self._owed += 1
        self._owed_until = self.sent + _DEBT_S * self._rate

    def _settles_debt(self) -> bool:
        """Whether an answer without text is the late one to a commit that counts as answered."""
        if not self._owed or self.sent > self._owed_until:
            return False
        if self._marks and self._marks[0].loud <= self._base:
            return False  # nothing was said before the oldest commit: it may have this answer
        self._owed -= 1
        return True

    def _settle_undecided(self) -> Sequence[StreamSignal]:
        """The next commit arrives before the word times of the last: then that one was ours only if we asked twice."""
        signals: list[StreamSignal] = []
        for segment in self._closed:
            if segment.undecided:
                segment.undecided = False
                signals += self._answer(segment) if len(self._marks) > 1 else ()
        return signals

    def _answer(self, segment: Segment) -> Sequence[StreamSignal]:
        mark = self._marks.popleft().position
        self._base = mark
        outcome = CommitOutcome.FINAL if segment.text else CommitOutcome.EMPTY
        covered = self._cover(mark)
        if self._plan.rewritten and segment.text and not segment.rewritten:
            self._due.append((segment.ordinal, outcome))
            return covered
        return (*covered, *self._answers_before(segment.ordinal), CommitAnswer(outcome))

    def _answers_before(self, ordinal: int) -> Sequence[StreamSignal]:
        """Answers come in the order of the commits: those still waiting for a rewritten text go first."""
        signals = []
        while self._due and self._due[0][0] < ordinal:
            signals.append(CommitAnswer(self._due.popleft()[1]))
        return signals

    def _cover(self, position: int | None) -> Sequence[StreamSignal]:
        if position is None or not self._covered < position <= self.sent:
            return ()
        self._covered = position
        return (Covered(position),)

    # ------------------------------------------------------------------------------------------ later frames

    def rewritten(self, said: str, text: str) -> Sequence[StreamSignal]:
        """An edited or redacted text. Words and their times go: they would still say what was taken out."""
        segment = next((s for s in self._closed if s.said == said.strip() and not s.rewritten), None)
        if segment is None:
            return ()
        segment.rewritten = True
        segment.text = text.strip()
        segment.words = ()
        return (segment.freeze(), *self._answers_before(segment.ordinal + 1))

    def diarized(self, said: str, words: list[WireWord]) -> Sequence[StreamSignal]:
        """The words of a committed segment with their speakers."""
        segment = next((s for s in self._closed if s.said == said.strip() and s not in self._speakers), None)
        if segment is None or segment.rewritten:
            return ()
        segment.words = self._on_our_axis(words, segment)
        self._speakers.append(segment)
        return (segment.freeze(),)

    def merged(self, old: str, new: str) -> Sequence[StreamSignal]:
        """Two speakers turned out to be one."""
        changed = [s for s in self._speakers if any(word.speaker == old for word in s.words)]
        for segment in changed:
            segment.words = tuple(
                msgspec.structs.replace(word, speaker=new) if word.speaker == old else word for word in segment.words
            )
        return [segment.freeze() for segment in changed]


def _tag(code: str | None) -> str | None:
    return ISO_639_3.get(code, code) if code else None
