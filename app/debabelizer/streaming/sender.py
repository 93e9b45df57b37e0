"""What is said on one connection, in order: audio, commits in their places, keep-alive, and the last words.

There is no queue of its own: a cursor goes through the replay spool, commits are positions in it, and a
reconnect just starts with the cursor further back.

Everything is said without a task switch where the socket takes it: :meth:`Sender._advance` never waits, it says what
it would wait for. The task only does the waiting.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from functools import partial

from debabelizer.contract.audio import PCM_16K
from debabelizer.contract.stream import KeepAlive, WireMessage
from debabelizer.errors import ConnectionError, StorageError
from debabelizer.streaming.alarm import Alarm
from debabelizer.streaming.commits import Mark, time_out
from debabelizer.streaming.epoch import Epoch, EpochOver
from debabelizer.streaming.handover import Handover
from debabelizer.streaming.timemap import SESSION_RATE
from debabelizer.streaming.transports.link import LinkClosed

Wait = Callable[[], Awaitable[None]]
"""What has to be waited for before more can be said."""


class Sender:
    def __init__(self, epoch: Epoch) -> None:
        self._epoch = epoch
        self._core = epoch.core
        self._stretch = epoch.stretch
        self._limits = epoch.limits
        self._plain = epoch.limits.audio == PCM_16K
        self._sample_bytes = epoch.limits.audio.sample_bytes
        self._chunk = round(epoch.limits.chunk_s * SESSION_RATE)
        self._longest_chunk = max(self._chunk, round(epoch.limits.longest_chunk_s * SESSION_RATE))
        self._handover = Handover(epoch)
        self._short_since: float | None = None
        self._free = 0
        """Of the connection's audio, so much may go without asking anybody."""
        self._try_send = epoch.link.try_send
        self._unwritten: deque[WireMessage] = deque()
        """Said, but the socket takes no more: at most the messages of one step."""
        self._audio_under_way = False
        self._commit_under_way: Mark | None = None
        self._alarm = Alarm(self._core.clock, self._stretch.stir)
        self._fault: Exception | None = None

    async def run(self) -> None:
        """Until the stretch is drained or the connection ends; raises EpochOver."""
        await self._epoch.ready.wait()
        try:
            while True:
                await self._advance()()
        except LinkClosed as closed:
            # The reader hears the close, too, and what came before it; it says what it means.
            await asyncio.sleep(self._core.policy.close_s)
            raise self._epoch.over(closed) from None
        except StorageError as error:
            raise EpochOver(error) from error
        finally:
            self._alarm.stop()

    # -------------------------------------------------------------------------------------------------- steps

    def _advance(self) -> Wait:
        """Say all that can be said at once; what has to be waited for then."""
        while True:
            wait = self._next() if self._write_now() else self._write
            if wait is not None:
                return wait

    def _next(self) -> Wait | None:
        """The next thing to say; None where there is more."""
        stretch, epoch = self._stretch, self._epoch
        if stretch.start is None:
            return self._mind_idleness()
        epoch.cursor = max(epoch.cursor, stretch.covered)
        mark = stretch.next_unsent()
        borders = [position for position in (mark.position if mark else None, stretch.stop) if position is not None]
        limit = min([self._core.spool.end, *borders])
        available = limit - epoch.cursor
        held = self._limits.commit_holds and bool(epoch.unanswered)
        if available > 0 and not held:
            return self._say_some(available, complete=limit in borders)
        self._short_since = None
        if mark is not None and mark.position <= epoch.cursor and not held:
            self._say_commit(mark)
            self._handover.consider(self._core.clock(), after_commit=True)
            return None
        if stretch.stop is not None and epoch.cursor >= stretch.stop:
            return self._finish
        self._handover.consider(self._core.clock())
        return None if stretch.stop is not None and epoch.cursor >= stretch.stop else self._mind_idleness()

    def _say_some(self, available: int, *, complete: bool) -> Wait | None:
        """One message of audio. A short one waits a little for more, unless a commit or the end follows."""
        now = self._core.clock()
        if available < self._chunk and not complete:
            self._short_since = self._short_since or now
            if now < self._short_since + self._limits.chunk_s:
                return self._mind_idleness()
        wait = self._say_audio(available, now)
        if wait is not None:
            return wait
        self._short_since = None
        # While catching up others run in between, too.
        return self._breathe if available >= 2 * self._chunk else None

    def _say_audio(self, available: int, now: float) -> Wait | None:
        """The next samples, as many as a message takes; or what to wait for before they may go.

        The hot path of a day: all in one function, because on caches that are cold after a pause each further one costs
        as much as its work."""
        epoch, pulse = self._epoch, self._epoch.pulse
        samples = min(available, self._longest_chunk)
        sent = pulse.sent + samples
        if sent > self._free and (wait := self._room(sent, now)) is not None:
            return wait
        position = epoch.cursor
        pcm = self._core.spool.read(position, samples)
        pulse.sent = sent
        epoch.cursor = position + samples
        epoch.unclosed = True
        if epoch.at_rest:
            epoch.activity.set()
        if not self._plain:
            position, pcm = epoch.encoder.feed(pcm, position)
            samples = len(pcm) // self._sample_bytes
        if samples:
            epoch.times.audio(position, samples)
            unwritten = self._unwritten
            for message in epoch.protocol.audio(pcm):
                if unwritten or not self._try_send(message):
                    unwritten.append(message)
            if unwritten:
                self._audio_under_way = True
            else:
                epoch.last_said = epoch.last_audio = self._core.last_audio_sent = now
        if now >= self._handover.due:
            self._handover.consider(now)
        return None

    def _room(self, upto: int, now: float) -> Wait | None:
        """What to wait for before audio may go ``upto`` there."""
        pulse, pace = self._epoch.pulse, self._epoch.pace
        if not pulse.has_room(upto):
            return partial(pulse.room, upto)
        if (seconds := pace.wait(upto, now)) > 0:
            return partial(asyncio.sleep, seconds)
        self._free = min(pulse.free, pace.free)
        return None

    def _audio_messages(self, position: int, wire: bytes) -> Sequence[WireMessage]:
        """Messages for wire audio that begins at session sample ``position``."""
        samples = len(wire) // self._sample_bytes
        if not samples:
            return ()
        self._epoch.times.audio(position, samples)
        return self._epoch.protocol.audio(wire)

    def _silence_messages(self, samples: int) -> list[WireMessage]:
        """Messages of filler: ``samples`` of zeros on the wire."""
        epoch = self._epoch
        messages: list[WireMessage] = []
        longest = max(1, int(self._limits.longest_chunk_s * self._limits.audio.rate))
        while samples > 0:
            some = min(samples, longest)
            epoch.times.silence(epoch.cursor, some)
            messages += epoch.protocol.audio(epoch.encoder.silence(some))
            samples -= some
        return messages

    def _say_commit(self, mark: Mark) -> None:
        epoch = self._epoch
        messages = list(self._audio_messages(*epoch.encoder.flush()))
        commit = list(epoch.protocol.commit())
        if not commit:
            # This vendor ends a segment only with the connection: the rest goes to the next one.
            mark.sent = True
            self._say(messages)
            if self._stretch.stop != mark.position:
                self._core.split(self._stretch, mark.position)
            return
        lacking = round(self._limits.least_commit_s * self._limits.audio.rate) - (epoch.times.wire - epoch.committed)
        messages += self._silence_messages(lacking)
        mark.sent = True
        mark.deadline = self._answer_by(self._limits.commit_answer_s)
        epoch.unanswered.append(mark)
        epoch.committed = epoch.times.wire
        epoch.unclosed = False
        epoch.activity.set()
        self._commit_under_way = mark
        self._say([*messages, *commit])

    def _answer_by(self, seconds: float) -> float:
        """A deadline from now, later by what the other side got faster than real time."""
        now = self._core.clock()
        return now + seconds + self._epoch.ahead(now)

    async def _finish(self) -> None:
        """The drain: the last commit's answer, the end message, its answer. Raises EpochOver, unless that answer leaves
        something to say."""
        epoch = self._epoch
        self._say(self._audio_messages(*epoch.encoder.flush()))
        await self._write()
        self._stretch.all_sent = True
        self._core.poke()
        while epoch.unanswered:  # the watch minds the deadline
            epoch.answered.clear()
            due = self._keep_alive_due()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(None if due is None else max(0.0, due - self._core.clock())):
                    await epoch.answered.wait()
                    continue
            self._keep_alive()
            await self._write()
        if epoch.cursor < (self._stretch.stop or 0) or self._stretch.next_unsent() is not None:
            return  # held back until now, or wanted once more
        epoch.finish_said = True
        self._say(epoch.protocol.finish())
        await self._write()
        if epoch.protocol.limits.answers_finish:
            patience = self._answer_by(self._limits.finish_answer_s) - self._core.clock()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(patience):
                    await epoch.finished.wait()
            if not epoch.finished.is_set():
                self._mind_unfinished()
        raise EpochOver(drained=True)

    def _mind_unfinished(self) -> None:
        """No answer to the finish. Where that was the commit, too, its audio is not recognised."""
        waiting = [mark for mark in self._stretch.marks if mark.sent and mark.answer is None]
        if not waiting:
            return
        name = self._epoch.provider
        error = ConnectionError(f"{name} did not answer the end of the audio in time", name, "finish_timeout")
        for mark in waiting:
            time_out(mark, error)
        self._core.commit_failed()
        raise EpochOver(error)

    # ------------------------------------------------------------------------------------------------ writing

    def _say(self, messages: Sequence[WireMessage]) -> None:
        """What there is no room for waits."""
        unwritten = self._unwritten
        for message in messages:
            if unwritten or not self._try_send(message):
                unwritten.append(message)
        if messages and not unwritten:
            self._all_written()

    def _write_now(self) -> bool:
        """Whether all that was said is written; what there is room for is."""
        unwritten = self._unwritten
        if unwritten:
            while unwritten and self._try_send(unwritten[0]):
                unwritten.popleft()
            if not unwritten:
                self._all_written()
        return not unwritten

    async def _write(self) -> None:
        if self._unwritten:
            while self._unwritten:
                await self._epoch.link.send(self._unwritten[0])
                self._unwritten.popleft()
            self._all_written()

    def _all_written(self) -> None:
        epoch = self._epoch
        epoch.last_said = now = self._core.clock()
        if self._audio_under_way:
            self._audio_under_way = False
            epoch.last_audio = self._core.last_audio_sent = now
        if self._commit_under_way is not None:
            self._commit_under_way.deadline = self._answer_by(self._limits.commit_answer_s)
            self._commit_under_way = None

    async def _breathe(self) -> None:
        await asyncio.sleep(0)

    # ------------------------------------------------------------------------------------- nothing to say yet

    async def _idle(self) -> None:
        """Wait for something to say, or to mind."""
        stretch, epoch = self._stretch, self._epoch
        stretch.wake.clear()
        if stretch.start is not None and stretch.stop is None and not (self._limits.commit_holds and epoch.unanswered):
            stretch.more = self._more
        self._alarm.set(self._due())
        try:
            await stretch.wake.wait()
        finally:
            stretch.more = stretch.wake.set
        if self._fault is not None:
            raise self._fault

    def _more(self) -> None:
        """More audio, and nothing else has changed. It is said in the turn of whoever brought it, where that takes no
        waiting."""
        available = self._core.spool.end - self._epoch.cursor
        if available < self._chunk:
            if self._short_since is None:
                self._short_since = self._core.clock()
                self._alarm.set(self._due())
            return
        try:
            if self._say_audio(available, self._core.clock()) is None and not self._unwritten:
                if self._short_since is not None:
                    self._short_since = None
                    self._alarm.set(self._due())
                return
        except Exception as fault:  # noqa: BLE001 - raised where the connection is served
            self._fault = fault
        self._stretch.stir()

    def _due(self) -> float | None:
        """When there is something to mind though nothing happens."""
        moments = (self._short_due(), self._keep_alive_due(), self._close_due(), self._handover.next_moment)
        return min((moment for moment in moments if moment is not None), default=None)

    def _mind_idleness(self) -> Wait | None:
        """What is due while there is nothing to say."""
        now = self._core.clock()
        if (close := self._close_due()) is not None and now >= close:
            self._core.close_idle(self._stretch)
            return self._idle if self._stretch.stop is None else None
        if (keep := self._keep_alive_due()) is not None and now >= keep:
            self._keep_alive()
            return None
        return self._idle

    def _short_due(self) -> float | None:
        return None if self._short_since is None else self._short_since + self._limits.chunk_s

    def _keep_alive_due(self) -> float | None:
        if self._limits.keep_alive not in {KeepAlive.MESSAGE, KeepAlive.SILENCE}:
            return None
        return self._epoch.last_said + self._limits.keep_alive_every_s

    def _close_due(self) -> float | None:
        """When an idle connection is closed on purpose."""
        after = self._core.policy.idle_close(self._limits)
        if after is None or self._stretch.start is None or self._short_since is not None or self._epoch.unanswered:
            return None
        return max(self._core.last_audio_sent or 0.0, self._core.wanted_at) + after

    def _keep_alive(self) -> None:
        epoch = self._epoch
        if self._limits.keep_alive is KeepAlive.MESSAGE:
            messages = list(epoch.protocol.keep_alive())
        else:
            messages = list(self._audio_messages(*epoch.encoder.flush()))
            messages += self._silence_messages(round(self._limits.keep_alive_silence_s * self._limits.audio.rate))
        self._say(messages)
        epoch.last_said = self._core.clock()
