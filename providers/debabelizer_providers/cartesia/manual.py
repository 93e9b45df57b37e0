"""The manual socket without I/O: verbs into frames, frames into signals.

Text comes in pieces, each what is new since the last final one; where in the audio they belong is not said. So a
segment reaches from one ``finalize`` to the next, and its audio counts as heard when that is acknowledged. The vendor
finalises at pauses by itself, too; then, where segments end at pauses or this one has grown long, ``finalize`` is said
in that pause without anybody asking for it.

An acknowledgement that stays away is had by ending the stream, which is always answered; the next audio opens a new
one.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

import msgspec

from debabelizer.contract import (
    CommitAnswer,
    CommitOutcome,
    Covered,
    EpochContext,
    Failure,
    Finished,
    KeepAlive,
    Opening,
    StreamLimits,
    StreamSignal,
    VendorNotice,
    WireMessage,
)
from debabelizer.errors import ProviderError
from debabelizer.events import Freeze, Tail
from debabelizer_providers.cartesia import wire
from debabelizer_providers.cartesia.connect import Plan, opening
from debabelizer_providers.cartesia.sound import Recent
from debabelizer_providers.cartesia.trouble import close_error, garbage
from debabelizer_providers.cartesia.utterance import Utterance

_FINALIZE = "finalize"
_PATIENCE_S = 3.0
"""Without a word of ours after which an acknowledgement is not waited for any longer."""
_PATIENCE_AUDIO_S = 6.0
"""The same while audio flows; then the next pause is taken."""
_SILENCE_EVERY = 5
"""Every so many times ``_PATIENCE_S`` of nothing, some silence keeps the connection open. The vendor's documents give
20 seconds (2025) and three minutes (2026) before it closes."""
_SILENCE_S = 0.1
_LONG_S = 20.0
"""A segment as long as this ends at the vendor's next pause."""
_MOST_CHARACTERS = 200_000
"""Of a segment: three hours of speech without a pause. More is a flood."""
_ENDS = (1000, 1005)


class _Mark(msgspec.Struct):
    """A ``finalize``. ``position``: samples given before it; ``finals``: pieces received before it."""

    position: int
    finals: int
    ours: bool
    """Nobody asked for it."""
    acknowledged: bool = False


class Manual:
    """One connection. Segments are counted."""

    def __init__(self, plan: Plan, context: EpochContext) -> None:
        self._plan = plan
        self._rate = plan.form.rate
        # Once the first text is there, a reconnect has nothing new to tell.
        self._notices = () if context.previous_text else plan.notices
        self._recent = Recent(plan.form)
        self._filler_s = 0.0
        """Silence of ours so far."""
        self._idle = 0
        self._marks: deque[_Mark] = deque()
        self._finals = 0
        self._utterance = Utterance(0, 0.0)
        self._ordinal = 0
        self._shown = False
        self._pausing = False
        """The last word was a final of the vendor's own."""
        self._new_text = False
        """Text became final since the last commit's answer."""
        self._covered = 0
        self._closing_at: int | None = None
        self._finishing = False
        self.limits = StreamLimits(
            audio=plan.form,
            longest_chunk_s=0.25,
            idle_s=20.0,
            idle_costs=True,
            keep_alive=KeepAlive.MESSAGE,
            keep_alive_every_s=_PATIENCE_S,
            replay_speed=plan.replay_speed,
            ready_when_open=True,
            commit_answer_s=15.0,
            finish_answer_s=8.0,
        )

    def __repr__(self) -> str:
        return f"Manual({self._plan!r})"

    # ------------------------------------------------------------------------------------------------ going out

    def opening(self) -> Opening:
        return opening(self._plan)

    def audio(self, pcm: bytes) -> Sequence[WireMessage]:
        """Nothing after the end of the stream: it comes again later."""
        if not pcm:
            return ()
        closed = self._closing_at is not None
        before = (self._finalize(ours=True),) if not closed and self._wants_finalize() else ()
        self._idle = 0
        self._recent.add(pcm)
        if closed:
            return ()
        return (*before, pcm, *(self._close() if self._overdue() else ()))

    def commit(self) -> Sequence[WireMessage]:
        """After the end of the stream it is not heard any more; the next connection says it again."""
        return (self._finalize(ours=False),)

    def keep_alive(self) -> Sequence[WireMessage]:
        """There is no such message: silence does it."""
        if self._marks:
            return self._close()
        self._idle += 1
        if self._idle % _SILENCE_EVERY or self._closing_at is not None:
            return ()
        self._filler_s += _SILENCE_S
        if self._sent == self._utterance.start:
            self._utterance.at_s += _SILENCE_S
        return (silence(self._plan, _SILENCE_S),)

    def finish(self) -> Sequence[WireMessage]:
        self._finishing = True
        return self._close()

    def _finalize(self, *, ours: bool) -> str:
        self._marks.append(_Mark(self._sent, self._finals, ours))
        self._pausing = False
        return _FINALIZE

    def _wants_finalize(self) -> bool:
        """In a pause that the vendor has noticed, and that is not over yet."""
        if not self._pausing or self._marks:
            return False
        long = self._sent - self._utterance.start >= _LONG_S * self._rate
        return (long or self._plan.at_pauses) and self._recent.ends_quietly()

    def _overdue(self) -> bool:
        """Elsewhere than in a pause the end of the stream would cut a word."""
        waited = self._sent - self._marks[0].position if self._marks else 0
        return waited > _PATIENCE_AUDIO_S * self._rate and self._recent.ends_quietly()

    def _close(self) -> Sequence[WireMessage]:
        if self._closing_at is not None:
            return ()
        self._closing_at = self._sent
        return (self._plan.edition.closing,)

    @property
    def _sent(self) -> int:
        return self._recent.end

    # ------------------------------------------------------------------------------------------------ coming in

    def receive(self, message: WireMessage) -> Sequence[StreamSignal]:
        frame = wire.decode(message)
        match frame:
            case wire.Transcript():
                return [*self._told(), *(self._final(frame) if frame.is_final else self._interim(frame))]
            case wire.FlushDone():
                return [*self._told(), *self._acknowledged()]
            case wire.Done():
                return self._ended()
            case wire.Error():
                return self._failed(frame.error)
            case ProviderError():
                return self._failed(frame)
            case _:
                return ()

    def _told(self) -> Sequence[StreamSignal]:
        notices, self._notices = self._notices, ()
        return [VendorNotice(text, code) for text, code in notices]

    def _failed(self, error: ProviderError) -> Sequence[StreamSignal]:
        return (Finished(),) if self._finishing and not self._marks else (Failure(error),)

    def _interim(self, frame: wire.Transcript) -> Sequence[StreamSignal]:
        if frame.text == self._utterance.tail or not (frame.text.strip() or self._shown):
            return ()
        self._utterance.tail = frame.text
        self._pausing = False
        return self._show()

    def _final(self, frame: wire.Transcript) -> Sequence[StreamSignal]:
        heard_s = (self._sent - self._utterance.start) / self._rate
        if not self._utterance.add(frame, heard_s, whole=self._plan.edition.repeats):
            return ()
        if len(self._utterance.frozen) > _MOST_CHARACTERS:
            return (Failure(garbage("more text in a segment than anyone can say")),)
        self._finals += 1
        self._pausing = not self._marks
        return self._answers() or self._show()

    def _show(self) -> Sequence[StreamSignal]:
        frozen = self._utterance.frozen.lstrip()
        tail = self._utterance.tail if frozen else self._utterance.tail.lstrip()
        if not (frozen or tail or self._shown):
            return ()
        self._shown = True
        return (Tail(segment=self._ordinal, frozen=frozen, volatile=tail, start=self._utterance.start / self._rate),)

    def _acknowledged(self) -> Sequence[StreamSignal]:
        mark = next((mark for mark in self._marks if not mark.acknowledged), None)
        if mark is None:  # nobody asked
            return ()
        mark.acknowledged = True
        return self._answers()

    def _answers(self) -> Sequence[StreamSignal]:
        """Of the oldest commits, as far as they are answered."""
        signals: list[StreamSignal] = []
        while self._marks and self._answered(self._marks[0]):
            signals += self._settle(self._marks.popleft())
        return signals

    def _answered(self, mark: _Mark) -> bool:
        """Acknowledged, and its text is complete. Text that was shown has a final still to come; in editions that
        acknowledge first, so may text that was not."""
        if not mark.acknowledged:
            return False
        fresh, open_ = self._finals > mark.finals, bool(self._utterance.tail.strip())
        if self._plan.edition.acknowledges_first:
            return not open_ and (fresh or mark.ours)
        return fresh or not open_

    def _settle(self, mark: _Mark) -> Sequence[StreamSignal]:
        signals = [*self._freeze(mark.position), *self._cover(mark.position)]
        if not mark.ours:
            signals.append(CommitAnswer(CommitOutcome.FINAL if self._new_text else CommitOutcome.EMPTY))
            self._new_text = False
        return signals

    def _freeze(self, end: int) -> Sequence[StreamSignal]:
        """The segment ends at sample ``end``. What is not final of it belongs to the next."""
        said, ordinal, shown = self._utterance, self._ordinal, self._shown
        self._utterance = Utterance(end, end / self._rate + self._filler_s, said.last)
        self._utterance.tail = said.tail
        if not said.settled and not shown:
            return ()
        self._ordinal += 1
        self._shown = False
        self._new_text = self._new_text or bool(said.settled)
        freeze = Freeze[str | int](
            segment=ordinal,
            text=said.settled,
            words=said.words(self._rate, end),
            language=said.language or self._plan.language,
            start=said.start / self._rate,
            end=max(said.start, end) / self._rate,
        )
        return (freeze, *(self._show() if said.tail.strip() else ()))

    def _cover(self, position: int) -> Sequence[StreamSignal]:
        if position <= self._covered:
            return ()
        self._covered = position
        return (Covered(position),)

    def _ended(self) -> Sequence[StreamSignal]:
        """The stream is over: all that was sent is in finals, and what is still open will not change any more."""
        if self._closing_at is None:
            return ()
        self._utterance.frozen += self._utterance.tail
        self._utterance.tail = ""
        signals: list[StreamSignal] = []
        while self._marks and self._marks[0].position <= self._closing_at:
            signals += self._settle(self._marks.popleft())
        signals += [*self._freeze(self._closing_at), *self._cover(self._closing_at)]
        return [*signals, Finished()]

    def last_words(self, code: int | None) -> Sequence[StreamSignal]:
        """A stream that was ended, and closed without the word for it."""
        return self._ended() if code in _ENDS else ()

    def closed(self, code: int | None, reason: str) -> ProviderError | None:
        ended = self._closing_at is not None and not self._marks
        return None if ended and code is not None and code != 1006 else close_error(code, reason)


def silence(plan: Plan, seconds: float) -> bytes:
    """In the form of the connection."""
    zero = b"\xff" if plan.form.sample_bytes == 1 else b"\0\0"
    return zero * round(seconds * plan.form.rate)
