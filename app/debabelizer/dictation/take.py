"""One take, from the key to its text: record, send, commit, wait for the finals, deliver."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterable
from typing import TYPE_CHECKING

import msgspec

from debabelizer.audio.capture import Microphone
from debabelizer.contract.stream import CommitMode, CommitOutcome
from debabelizer.dictation.delivery import Delivery, Understood
from debabelizer.dictation.insertion import Target
from debabelizer.dictation.line import Claim, Line
from debabelizer.dictation.meter import Meter
from debabelizer.dictation.recording import Recording
from debabelizer.dictation.replay import Past, understand_again
from debabelizer.errors import AudioError, ProviderError, RateLimitError
from debabelizer.events import DictationState, ErrorOccurred, Notice, SegmentId, TakeCancelled, TakeStamps
from debabelizer.streaming import CommitHandle, CommitResult

if TYPE_CHECKING:
    from debabelizer.dictation.desk import Desk

_LATE_S = 0.25
"""How long after the tail the microphone may take to deliver its last buffer."""
_PATIENCE_S = 0.5
"""A pause is the provider's to commit at; how much later it is done for one that does not."""
_THROTTLED_S = 0.6
_SPARE = 0.5
"""Patience per second of sound, beside the usual: a local engine may be behind."""


class Take:
    """``run`` is its whole life; the verbs only tell it what the user wants."""

    def __init__(self, desk: Desk, *, insert: bool, key_down: float, before: Take | None) -> None:
        self._desk = desk
        self._insert = insert and desk.inserter is not None
        self._before = before
        self._settings = desk.settings
        self._journal = desk.shelf.new(on_disk=not desk.keeps_nothing)
        self.take = self._journal.take
        self.state = DictationState.OPENING
        self.stamps = TakeStamps(key_down=key_down)
        self.target: Target | None = None
        self.claim: Claim | None = None
        self.start = 0.0
        """Where it begins on the transcript's axis, as soon as something was sent."""
        self.sent = asyncio.Event()
        """Set when all of its sound is in the session and committed, or never will be."""
        self.done = asyncio.Event()
        self.keep = False
        """Ended from outside, by the end of the program: it is kept, not cancelled."""
        self._line: Line | None = None
        self._unavailable: ProviderError | None = None
        self._recording = Recording(self._journal, self)
        self._meter = Meter(self._settings.get("dictation.silence_hint_s"), self._settings.get("dictation.pause_s"))
        self._by_button = self._settings.get("dictation.send") == "button"
        self._at_pauses = self._settings.get("dictation.commit") == CommitMode.PAUSE
        self._pause_commit: asyncio.TimerHandle | None = None
        self._outbox = bytearray()
        self._wake = asyncio.Event()
        self._stop = asyncio.Event()
        self._commits: list[CommitHandle] = []
        self._asking: asyncio.Task[None] | None = None
        self._closing: asyncio.Task[None] | None = None
        self._wants_commit = False
        self._delivery = Delivery(desk, self.take)

    # ------------------------------------------------------------------------------------------------ verbs

    @property
    def segments(self) -> Iterable[SegmentId]:
        return self.claim.segments if self.claim is not None else ()

    @property
    def over(self) -> bool:
        """Its end has been told."""
        return self._delivery.told

    @property
    def records(self) -> bool:
        """Whether it has not been told to stop yet."""
        return not self._stop.is_set()

    def stop(self, key_up: float) -> None:
        if not self._stop.is_set():
            self.stamps = msgspec.structs.replace(self.stamps, key_up=key_up)
            self._recording.end_at(key_up + self._tail_s)
            self._stop.set()

    def cut(self) -> None:
        """The next take begins: what is said from now on is that one's."""
        self._recording.end_at(self._desk.clock())

    def send_chunk(self) -> None:
        self._wake.set()

    def commit(self) -> None:
        """Everything recorded so far is sent, and the segment ends there."""
        self._wants_commit = True
        self._wake.set()

    # ------------------------------------------------------------------------------- called by the recording

    def heard(self, pcm: bytes, stamp: float) -> None:
        if self.stamps.first_buffer is None:
            self.stamps = msgspec.structs.replace(self.stamps, first_buffer=stamp)
            if self.state is DictationState.OPENING:
                self._show(DictationState.LISTENING)
        for event in self._meter.feed(pcm):
            self._desk.tell(event)
        self._outbox += pcm
        if not self._by_button:
            self._wake.set()
        if self._at_pauses:
            self._watch_pause()

    def trouble(self, error: ProviderError) -> None:
        self._desk.tell(ErrorOccurred(error=error))

    def back(self, microphone: Microphone) -> None:
        self._desk.tell(Notice(provider="", text=f"Listening again: {microphone.name}", code="microphone_back"))

    def missed(self, seconds: float) -> None:
        message = f"The computer was too busy: {seconds:.1f} s of sound are missing."
        self._desk.tell(Notice(provider="", text=message, code="sound_missing"))

    def first_partial(self, claim: Claim) -> None:
        if claim is self.claim and self.stamps.first_partial is None:
            self.stamps = msgspec.structs.replace(self.stamps, first_partial=self._desk.clock())

    def past(self) -> Past | None:
        """What a retry wants to know; None: there is nothing to retry."""
        if not self._delivery.kept:
            return None
        start = self.start if self.claim is not None else self._desk.switchboard.end
        return Past(start, self.target, self._insert, tuple(self.segments))

    # ------------------------------------------------------------------------------------------------- life

    async def run(self) -> None:
        """Never raises but for cancellation, which gives everything back first."""
        try:
            await self._live()
        except ProviderError as error:
            self._delivery.failed(error, provider=self._provider, text=self._text(committed_only=False))
        except asyncio.CancelledError:
            await self._give_up()
            raise
        except Exception as fault:  # noqa: BLE001 - ours or an inserter's: whatever it is, the sound is kept
            self._delivery.broken(fault, provider=self._provider, text=self._text(committed_only=False))
        finally:
            self._recording.end()
            if self._line is not None and self.claim is not None:
                self._line.settle(self.claim)
                self._desk.switchboard.released(self._line)
            self.sent.set()
            self.done.set()
            self._before = None
            await self._let_go()

    async def _let_go(self) -> None:
        """Of the microphone, and of whoever was asked something."""
        if self._asking is not None:
            self._asking.cancel()
            await asyncio.gather(self._asking, return_exceptions=True)
        if self._closing is not None:
            await self._closing

    async def _live(self) -> None:
        await self._open()
        sending = asyncio.create_task(self._send(), name=f"sound of {self.take}")
        try:
            await self._stop.wait()
            self._show(DictationState.FINISHING)
            await self._end_recording()
        finally:
            sending.cancel()
            await asyncio.gather(sending, return_exceptions=True)
        understood = await self._understand()
        if understood.error is not None:
            self._delivery.failed(understood.error, provider=understood.provider, text=understood.text)
        elif understood.text:
            await self._deliver(understood)
        else:
            self._delivery.nothing_said(understood.provider, self.stamps, heard=self._meter.heard)

    async def _open(self) -> None:
        """The microphone first: nothing else may delay the first syllable."""
        opening = asyncio.create_task(
            self._desk.microphone.open(self._recording, self._settings.get("microphone")), name="microphone"
        )
        self._asking = asyncio.create_task(self._ask_target(), name="target")
        try:
            await opening
        except asyncio.CancelledError:
            opening.cancel()
            await asyncio.gather(opening, return_exceptions=True)
            raise
        try:
            self._line = self._desk.switchboard.use()
        except ProviderError as error:
            self._unavailable = error
            self._desk.tell(ErrorOccurred(error=error, fatal=True))

    async def _ask_target(self) -> None:
        if self._insert and self._desk.inserter is not None:
            try:
                self.target = await self._desk.inserter.target()
            except ProviderError as error:
                self._desk.tell(ErrorOccurred(error=error))

    async def _end_recording(self) -> None:
        """Until the first buffer after the tail has come; then the microphone closes by itself. One that delivers
        nothing any more is closed first, which brings what it still has."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self._until_tail()):
                await self._recording.over()
        self._closing = asyncio.create_task(self._desk.microphone.close(self._recording), name="closing the microphone")
        if not self._recording.is_over:
            await asyncio.shield(self._closing)
            self._recording.end()
            await self._recording.over()
        if self._pause_commit is not None:
            self._pause_commit.cancel()

    @property
    def _tail_s(self) -> float:
        return float(self._settings.get("dictation.tail_ms")) / 1000

    def _until_tail(self) -> float:
        key_up = self.stamps.key_up or 0.0
        return max(0.0, key_up + self._tail_s + _LATE_S - self._desk.clock())

    # ---------------------------------------------------------------------------------------------- sending

    async def _send(self) -> None:
        """While it records: what is there goes out whenever it may."""
        if self._before is not None:
            await self._before.sent.wait()  # its sound comes first
        while True:
            await self._wake.wait()
            self._wake.clear()
            wants_commit, self._wants_commit = self._wants_commit, False
            await self._hand_over()
            if wants_commit and self._line is not None:
                self._commits.append(self._line.session.commit())

    async def _hand_over(self) -> None:
        """Give the session what is recorded and not sent yet."""
        line = self._line
        if line is None or not self._outbox:
            return
        if self.claim is None:
            self.start = line.end
            self.claim = line.claim()
        pcm = bytes(self._outbox)
        self._outbox.clear()
        try:
            await line.session.send(pcm)
        except ProviderError as error:
            # the journal has it all: it is understood from there
            self._unavailable = error

    def _watch_pause(self) -> None:
        if not self._meter.paused:
            if self._pause_commit is not None:
                self._pause_commit.cancel()
                self._pause_commit = None
        elif self._pause_commit is None:
            loop = asyncio.get_running_loop()
            self._pause_commit = loop.call_later(_PATIENCE_S, self._commit_at_pause)

    def _commit_at_pause(self) -> None:
        """Only where something is still open: the provider did not commit by itself."""
        transcript = self._desk.transcript
        if any(one in transcript and not transcript.segment(one).committed for one in self.segments):
            self.commit()

    # ---------------------------------------------------------------------------------------- understanding

    async def _understand(self) -> Understood:
        """The text of the take; an empty answer to something audible is asked for once more."""
        if self._journal.seconds == 0:
            raise AudioError("The microphone gave no sound.")
        if self._before is not None:
            await self._before.sent.wait()
        await self._hand_over()
        line, claim = self._line, self.claim
        if line is None or claim is None or self._unavailable is not None:
            self.sent.set()
            return Understood(text="", provider=self._provider, error=self._unavailable)
        result = await self._commit(line, claim)
        self.stamps = msgspec.structs.replace(
            self.stamps, final=self._desk.clock(), last_audio_sent=line.session.last_audio_sent
        )
        line.settle(claim)
        if result.error is None and result.outcome in (CommitOutcome.FINAL, CommitOutcome.EMPTY):
            text = self._text() or result.text
            if text or not self._meter.heard:
                segments = tuple(claim.segments)
                return Understood(text=text, provider=self._provider, segments=segments, start=self.start)
            return await self._second_pass()
        if result.outcome is CommitOutcome.TIMED_OUT:
            self._desk.switchboard.distrust(line)
            self._take_back(claim)
            return await self._second_pass()
        text = self._text(committed_only=False)
        if not line.busy and not line.over:
            line.session.discard_unfinished()  # it is retried from the journal, not from there
        error = result.error or line.timed_out(self._desk.final_s)
        return Understood(text=text, provider=self._provider, error=error)

    async def _commit(self, line: Line, claim: Claim) -> CommitResult:
        claim.end = line.end
        self.stamps = msgspec.structs.replace(self.stamps, commit=self._desk.clock())
        patience = self._desk.final_s + _SPARE * self._journal.seconds
        deadline = self._desk.clock() + patience
        answering = asyncio.create_task(line.commit(patience), name=f"final of {self.take}")
        await asyncio.sleep(0)  # the commit is on its way: the next take may send
        self.sent.set()
        try:
            result = await answering
            while result.outcome is CommitOutcome.THROTTLED and self._desk.clock() + _THROTTLED_S < deadline:
                await asyncio.sleep(_THROTTLED_S)
                result = await line.commit(deadline - self._desk.clock())
        finally:
            answering.cancel()
        if result.outcome is CommitOutcome.THROTTLED:
            error = result.error or RateLimitError(f"{line.session.title} takes no commits now", self._provider)
            return msgspec.structs.replace(result, error=error)
        for earlier in self._commits:
            await earlier
        await line.caught_up()
        return result

    async def _second_pass(self) -> Understood:
        """Nothing was understood though there was something to hear, or no answer came: a new connection gets the
        recording."""
        return await understand_again(self._desk, self.take, self._provider, self.start, lambda _: None)

    def _take_back(self, claim: Claim) -> None:
        """What is still said about it is not wanted, and what was said is gone."""
        claim.dropped = True
        self._desk.take_back(claim.segments)

    async def _deliver(self, understood: Understood) -> None:
        if self._before is not None:
            await self._before.done.wait()  # sentences arrive in their order
        if self._insert:
            self._show(DictationState.INSERTING)
            if self._asking is not None:
                await self._asking
            await self._delivery.insert(understood.text, self.target)
            self.stamps = msgspec.structs.replace(self.stamps, inserted=self._desk.clock())
        self._delivery.finished(understood, self.target, self.stamps)

    @property
    def _provider(self) -> str:
        return self._line.session.provider if self._line is not None else ""

    def _text(self, *, committed_only: bool = True) -> str:
        return self._desk.text_of(self.segments, committed_only=committed_only)

    def _show(self, state: DictationState) -> None:
        self.state = state
        self._desk.show()

    # ------------------------------------------------------------------------------------------- giving up

    async def _give_up(self) -> None:
        """Cancelled, or the program ends: nothing more is said about it, and the microphone is let go of."""
        await self._desk.microphone.close(self._recording)
        self._recording.end()
        await self._recording.over()
        if self._pause_commit is not None:
            self._pause_commit.cancel()
        if self.keep:
            return
        line, claim = self._line, self.claim
        if line is not None and claim is not None:
            self._take_back(claim)
            line.settle(claim)
            if not line.busy and not line.over:
                line.session.discard_unfinished()
            elif not line.over:
                line.session.commit()  # so that its words don't run into those of the next take
        self._desk.discard_take(self.take)
        self._desk.tell(TakeCancelled(take=self.take))
