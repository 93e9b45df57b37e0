"""One physical connection: what it hears, and how it ends. What it says is the sender's."""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from typing import TYPE_CHECKING, Any

from debabelizer.contract.stream import (
    CommitAnswer,
    CommitOutcome,
    Covered,
    Failure,
    Finished,
    LastWords,
    Ready,
    Rewind,
    StreamProtocol,
    StreamSignal,
    VendorNotice,
    VendorSpeech,
    WireMessage,
)
from debabelizer.errors import ProviderError, StreamingError
from debabelizer.events import (
    Append,
    Corrected,
    ErrorOccurred,
    Freeze,
    Notice,
    Partial,
    Replace,
    Retract,
    Retracted,
    SessionEvent,
    SpeechEnded,
    SpeechStarted,
    Tail,
    WireChange,
)
from debabelizer.streaming.commits import Mark
from debabelizer.streaming.encode import Encoder
from debabelizer.streaming.pace import Pace
from debabelizer.streaming.pulse import Pulse
from debabelizer.streaming.segments import Segments
from debabelizer.streaming.stretch import Stretch
from debabelizer.streaming.timemap import SESSION_RATE, TimeMap
from debabelizer.streaming.transports.link import Link, LinkClosed

if TYPE_CHECKING:
    from debabelizer.streaming.core import Core

_TEXT = (Replace, Append, Tail, Freeze, Retract)
_YIELD_EVERY = 16
"""Messages after which a flooded reader lets others run."""


class EpochOver(Exception):  # noqa: N818 - the normal end of every connection
    """``error`` None: it ended as it should. ``drained``: everything of its stretch was said and answered."""

    def __init__(self, error: ProviderError | None = None, *, drained: bool = False) -> None:
        super().__init__(str(error))
        self.error = error
        self.drained = drained


class Epoch:
    """``cursor``: the next session sample to send. ``ease``: of the vendor's replay speed, never below real time."""

    def __init__(
        self,
        core: Core,
        stretch: Stretch,
        number: int,
        provider: str,
        protocol: StreamProtocol,
        link: Link,
        ease: float = 1.0,
    ) -> None:
        self.core = core
        self.stretch = stretch
        self.number = number
        self.provider = provider
        self.title = core.providers.title(provider)
        self.protocol = protocol
        self.limits = protocol.limits
        self.link = link
        self.times = TimeMap(self.limits.audio.rate)
        self.encoder = Encoder(self.limits.audio)
        self.segments = Segments(number, self.times, provider)
        self.cursor = stretch.covered
        self.unanswered: deque[Mark] = deque()
        self.committed = 0
        """Wire samples up to the last commit on this connection, filler included."""
        self.unclosed = False
        """Speech was sent since the last commit on this connection."""
        now = core.clock()
        self.opened_at = now
        self.ready_at: float | None = None
        self.pulse = Pulse(link, 2 * core.policy.half_open_s, core.clock)
        self.last_said = now
        self.last_audio = 0.0
        speed = self.limits.replay_speed
        self.pace = Pace(None if speed is None else max(1.0, speed * ease), now)
        self.progress = False
        self.held_back = False
        """Nothing is read because nobody takes the events; silence is no sign of death then."""
        self.finish_said = False
        self.vendor_session: str | None = None
        self.ready = asyncio.Event()
        self.finished = asyncio.Event()
        self.answered = asyncio.Event()
        self.at_rest = False
        """Whoever does something now has to say so by ``activity``."""
        self.activity = asyncio.Event()

    def ahead(self, now: float) -> float:
        """Seconds by which audio has gone faster than it was spoken."""
        return self.pace.ahead(self.pulse.sent, now)

    # ------------------------------------------------------------------------------------------------ hearing

    async def hear(self) -> None:
        """Read until the connection ends; raises EpochOver then."""
        if self.limits.ready_when_open:
            self._on_ready(Ready())
        self.link.deliver_to(self._take)
        try:
            await self._listen()
        finally:
            self.link.deliver_to(None)

    async def _listen(self) -> None:
        count = 0
        while True:
            self.held_back = True
            await self.core.events.room()
            self.held_back = False
            try:
                message = await self.link.receive()
            except LinkClosed as closed:
                raise self.over(closed) from None
            self._on_message(message)
            count += 1
            if count % _YIELD_EVERY == 0:
                await asyncio.sleep(0)

    def _take(self, message: WireMessage) -> bool:
        """A message that has just arrived; false while nothing more is wanted."""
        if self.held_back or self.core.events.full:
            return False
        self._on_message(message)
        return True

    def _on_message(self, message: WireMessage) -> None:
        self.pulse.heard()
        try:
            signals = self.protocol.receive(message)
        except Exception as fault:
            raise EpochOver(
                StreamingError(f"A message of {self.title} was not understood: {fault}", self.provider)
            ) from fault
        for signal in signals:
            if isinstance(signal, _TEXT):
                self._on_text(signal)
            else:
                self._handle(signal)

    def over(self, closed: LinkClosed) -> EpochOver:
        """What the end of the link means."""
        error = closed.meaning(self.protocol)
        if error is not None and error.provider == "unknown":
            error.provider = self.provider
        if self.finish_said and closed.error is None and isinstance(self.protocol, LastWords):
            for signal in self.protocol.last_words(closed.code):
                self._handle(signal)
        if self.finish_said and not self.unanswered and self._all_answered():
            return EpochOver(drained=True)
        return EpochOver(error)

    def _all_answered(self) -> bool:
        stop = self.stretch.stop
        heard = stop is not None and self.stretch.covered >= stop
        return heard or self.finished.is_set() or not self.protocol.limits.answers_finish

    def _handle(self, signal: StreamSignal) -> None:
        match signal:
            case Ready():
                self._on_ready(signal)
            case CommitAnswer():
                self._on_answer(signal)
            case Covered():
                self._on_covered(self.times.session(signal.samples))
            case Rewind():
                self._on_rewind(self.times.session(signal.samples))
            case VendorSpeech():
                self._on_speech(signal)
            case VendorNotice():
                self.core.note(Notice(provider=self.provider, text=signal.text, code=signal.code))
            case Failure(error=error, ends=ends):
                if ends:
                    raise EpochOver(error)
                self._tell(ErrorOccurred(error=error))
            case Finished():
                self.finished.set()
            case _:
                self._on_text(signal)

    def _on_ready(self, signal: Ready) -> None:
        if self.ready.is_set():
            return
        self.ready_at = self.core.clock()
        self.vendor_session = signal.vendor_session
        self.stretch.epoch = self
        self.core.on_ready(self)
        self.ready.set()

    def _tell(self, event: SessionEvent) -> None:
        self.core.events.put(event)

    # --------------------------------------------------------------------------------------------------- text

    @property
    def swallows(self) -> bool:
        """What is heard belongs to forgotten audio."""
        return any(mark.discards for mark in self.stretch.marks)

    def _on_text(self, change: WireChange) -> None:
        if self.stretch.marks and self.swallows:
            self.segments.forget(change.segment)
            return
        try:
            event = self.segments.apply(change, self.stretch.covered / SESSION_RATE)
        except StreamingError as flood:
            raise EpochOver(flood) from None
        if isinstance(change, Freeze) and not self.unanswered:
            self.committed = (
                self.times.wire
            )  # the vendor committed by itself: what it has left is too little to commit again
        if event is None:
            return
        if self.stretch.ghosts and not isinstance(event, Corrected | Retracted):
            self.exorcise()
        self.core.events.put(event)
        if isinstance(event, Partial):
            return
        if isinstance(event, Retracted):
            self.core.drop_final(event.change.segment)
        else:
            self.core.note_final(self.stretch, event.change, again=isinstance(event, Corrected))

    def exorcise(self) -> None:
        """Take back what earlier connections had shown and never made final."""
        for segment in self.stretch.ghosts:
            self._tell(Retracted(change=Retract(segment=segment)))
        self.stretch.ghosts.clear()

    def _on_speech(self, signal: VendorSpeech) -> None:
        at = (self.cursor / SESSION_RATE) if signal.at is None else self.times.seconds(signal.at)
        self._tell(SpeechStarted(at=at) if signal.started else SpeechEnded(at=at))

    # ------------------------------------------------------------------------------------ commits and coverage

    def _on_covered(self, position: int) -> None:
        if position > self.stretch.covered:
            self.progress = True
            self.stretch.cover(position)
            self.core.covered()

    def _on_answer(self, answer: CommitAnswer) -> None:
        if not self.unanswered:
            return
        mark = self.unanswered.popleft()
        self.progress = True
        if mark.discards:
            self.stretch.marks.remove(mark)
            if answer.outcome in {CommitOutcome.THROTTLED, CommitOutcome.FAILED}:
                # The forgotten audio is still in the vendor's open segment: only a new connection is rid of it.
                raise EpochOver(answer.error)
        else:
            mark.answer = answer.outcome
            mark.error = answer.error
            if answer.outcome in {CommitOutcome.FINAL, CommitOutcome.EMPTY}:
                self.stretch.cover(mark.position)
                if self.stretch.ghosts and mark.position >= self.stretch.ghosts_end:
                    self.exorcise()
        self.core.covered()
        self.core.settle()
        self.answered.set()
        self.stretch.stir()  # an idle close may be due from now on

    def _on_rewind(self, position: int) -> None:
        """As after a lost connection, but this one goes on."""
        self.unanswered.clear()
        self.stretch.rewind()
        self.encoder = Encoder(self.limits.audio)
        self.cursor = max(position, self.stretch.covered)
        self.committed = self.times.wire
        self.core.settle()
        self.answered.set()
        self.stretch.stir()

    # -------------------------------------------------------------------------------------------------- ending

    def forget(self, position: int) -> None:
        """Nothing before ``position`` matters any more; see ``Session.discard_unfinished``."""
        for segment in self.segments.forget_open():
            self._tell(Retracted(change=Retract(segment=segment)))
        for mark in self.unanswered:
            mark.discards = True
        self.stretch.marks = list(self.unanswered)
        if self.unclosed:
            boundary = Mark(position, self.core.clock())
            boundary.discards = True
            self.stretch.marks.append(boundary)
        self.cursor = position

    def leave_ghosts(self) -> None:
        self.stretch.ghosts += self.segments.open
        self.stretch.ghosts_end = max(self.stretch.ghosts_end, self.cursor)

    async def end(self, *, politely: bool) -> None:
        """Let go of the connection, within the deadline."""
        await self.pulse.stop()
        if politely:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self.core.policy.close_s):
                    await self.link.close()
                    return
        await self.link.abort()


async def first_end(*parts: Any) -> EpochOver:
    """Run the parts of an epoch together until one raises EpochOver, and end the others."""
    tasks = [asyncio.create_task(part) for part in parts]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        results = await asyncio.gather(*tasks, return_exceptions=True)
    ends = [result for result in results if isinstance(result, EpochOver)]
    for result in results:
        if isinstance(result, BaseException) and not isinstance(result, EpochOver | asyncio.CancelledError):
            raise result
    # Several may have noticed at once; one that knows why says more than one that does not.
    return max(ends, key=lambda end: (end.drained, end.error is not None), default=EpochOver())
