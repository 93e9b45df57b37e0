"""What is said on one connection, in order: audio, commits in their places, keep-alive, and the last words.

There is no queue of its own: a cursor goes through the replay spool, commits are positions in it, and a
reconnect just starts with the cursor further back.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Sequence

from debabelizer.contract.stream import KeepAlive, WireMessage
from debabelizer.errors import ConnectionError, StorageError
from debabelizer.streaming.commits import Mark, time_out
from debabelizer.streaming.epoch import Epoch, EpochOver
from debabelizer.streaming.handover import Handover
from debabelizer.streaming.pace import Pace
from debabelizer.streaming.timemap import SESSION_RATE
from debabelizer.streaming.transports.link import LinkClosed


class Sender:
    def __init__(self, epoch: Epoch) -> None:
        self._epoch = epoch
        self._core = epoch.core
        self._stretch = epoch.stretch
        self._limits = epoch.limits
        self._pace = Pace(epoch.limits.replay_speed, self._core.clock())
        self._handover = Handover(epoch)
        self._short_since: float | None = None

    async def run(self) -> None:
        """Until the stretch is drained or the connection ends; raises EpochOver."""
        await self._epoch.ready.wait()
        try:
            while True:
                self._stretch.wake.clear()
                if not await self._step():
                    await self._idle()
        except LinkClosed as closed:
            # The reader hears the close, too, and what came before it; it says what it means.
            await asyncio.sleep(self._core.policy.close_s)
            raise self._epoch.over(closed) from None

    # -------------------------------------------------------------------------------------------------- steps

    async def _step(self) -> bool:
        """The next thing to say; False where there is nothing."""
        stretch, epoch = self._stretch, self._epoch
        if stretch.start is None:
            return False
        epoch.cursor = max(epoch.cursor, stretch.covered)
        mark = stretch.next_unsent()
        borders = [position for position in (mark.position if mark else None, stretch.stop) if position is not None]
        limit = min([self._core.spool.end, *borders])
        available = limit - epoch.cursor
        held = self._limits.commit_holds and bool(epoch.unanswered)
        if available > 0 and not held:
            return await self._say_some(available, complete=limit in borders)
        self._short_since = None
        if mark is not None and mark.position <= epoch.cursor and not held:
            await self._say_commit(mark)
            self._handover.consider(after_commit=True)
            return True
        if stretch.stop is not None and epoch.cursor >= stretch.stop:
            await self._say_finish()
        self._handover.consider()
        return stretch.stop is not None and epoch.cursor >= stretch.stop

    async def _say_some(self, available: int, *, complete: bool) -> bool:
        """One message of audio. A short one waits a little for more, unless a commit or the end follows."""
        now = self._core.clock()
        chunk = round(self._limits.chunk_s * SESSION_RATE)
        if available < chunk and not complete:
            self._short_since = self._short_since or now
            if now < self._short_since + self._limits.chunk_s:
                return False
        self._short_since = None
        if available >= 2 * chunk:
            chunk = round(self._limits.longest_chunk_s * SESSION_RATE)
        await self._say_audio(min(available, chunk))
        self._handover.consider()
        return True

    async def _say_audio(self, samples: int) -> None:
        epoch = self._epoch
        position = epoch.cursor
        try:
            pcm = self._core.spool.read(position, samples)
        except OSError as error:
            raise EpochOver(StorageError(f"Audio kept on disk cannot be read: {error.strerror or error}")) from error
        seconds = len(pcm) / 2 / SESSION_RATE
        await epoch.pulse.room(seconds)
        wait = self._pace.wait(seconds, self._core.clock())
        if wait > 0 or seconds > self._limits.chunk_s:  # while catching up others run in between, too
            await asyncio.sleep(wait)
        self._pace.spend(seconds)
        if epoch.cursor != position or self._stretch.covered > position:
            return  # forgotten while waiting
        epoch.cursor += len(pcm) // 2
        epoch.unclosed = True
        self._mind_backlog(seconds)
        await self._say(self._audio_messages(*epoch.encoder.feed(pcm, position)))
        epoch.moved_at = epoch.last_audio = self._core.clock()
        self._core.last_audio_sent = epoch.last_audio

    def _mind_backlog(self, seconds: float) -> None:
        """How much faster than real time audio goes decides how long an answer may take."""
        epoch, now = self._epoch, self._core.clock()
        if now - epoch.audio_since > epoch.audio_sent_s:
            epoch.audio_since, epoch.audio_sent_s = now, 0.0
        epoch.audio_sent_s += seconds
        epoch.pulse.sent(seconds)
        epoch.activity.set()

    def _audio_messages(self, position: int, wire: bytes) -> list[WireMessage]:
        """Messages for wire audio that begins at session sample ``position``."""
        samples = len(wire) // self._limits.audio.sample_bytes
        if not samples:
            return []
        self._epoch.times.audio(position, samples)
        self._epoch.uncommitted += samples
        return list(self._epoch.protocol.audio(wire))

    def _silence_messages(self, samples: int) -> list[WireMessage]:
        """Messages of filler: ``samples`` of zeros on the wire."""
        epoch = self._epoch
        messages: list[WireMessage] = []
        longest = max(1, int(self._limits.longest_chunk_s * self._limits.audio.rate))
        while samples > 0:
            some = min(samples, longest)
            epoch.times.silence(epoch.cursor, some)
            epoch.uncommitted += some
            messages += epoch.protocol.audio(epoch.encoder.silence(some))
            samples -= some
        return messages

    async def _say_commit(self, mark: Mark) -> None:
        epoch = self._epoch
        messages = self._audio_messages(*epoch.encoder.flush())
        commit = list(epoch.protocol.commit())
        if not commit:
            # This vendor ends a segment only with the connection: the rest goes to the next one.
            mark.sent = True
            await self._say(messages)
            if self._stretch.stop != mark.position:
                self._core.split(self._stretch, mark.position)
            return
        lacking = round(self._limits.least_commit_s * self._limits.audio.rate) - epoch.uncommitted
        messages += self._silence_messages(lacking)
        mark.sent = True
        mark.deadline = self._answer_by(self._limits.commit_answer_s)
        epoch.unanswered.append(mark)
        epoch.uncommitted = 0
        epoch.unclosed = False
        epoch.activity.set()
        await self._say([*messages, *commit])
        mark.deadline = self._answer_by(self._limits.commit_answer_s)

    def _answer_by(self, seconds: float) -> float:
        """A deadline from now, later by what the other side got faster than real time."""
        epoch, now = self._epoch, self._core.clock()
        return now + seconds + max(0.0, epoch.audio_sent_s - (now - epoch.audio_since))

    async def _say_finish(self) -> None:
        """The drain: the last commit's answer, the end message, its answer. Raises EpochOver, unless that answer leaves
        something to say."""
        epoch = self._epoch
        await self._say(self._audio_messages(*epoch.encoder.flush()))
        self._stretch.all_sent = True
        self._core.poke()
        while epoch.unanswered:  # the watch minds the deadline
            epoch.answered.clear()
            due = self._keep_alive_due()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(None if due is None else max(0.0, due - self._core.clock())):
                    await epoch.answered.wait()
                    continue
            await self._keep_alive()
        if epoch.cursor < (self._stretch.stop or 0) or self._stretch.next_unsent() is not None:
            return  # held back until now, or wanted once more
        epoch.finish_said = True
        await self._say(epoch.protocol.finish())
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

    async def _say(self, messages: Sequence[WireMessage]) -> None:
        for message in messages:
            await self._epoch.link.send(message)
            self._epoch.last_said = self._core.clock()

    # ------------------------------------------------------------------------------------- nothing to say yet

    async def _idle(self) -> None:
        """Wait for something to say, and mind what is due meanwhile."""
        now = self._core.clock()
        due = [time for time in (self._short_due(), self._keep_alive_due(), self._close_due()) if time is not None]
        if (moment := self._handover.next_moment) is not None:
            due.append(moment)
        wait = max(0.0, min(due) - now) if due else None
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(wait):
                await self._stretch.wake.wait()
                return
        now = self._core.clock()
        if (close := self._close_due()) is not None and now >= close:
            self._core.close_idle(self._stretch)
        elif (keep := self._keep_alive_due()) is not None and now >= keep:
            await self._keep_alive()

    def _short_due(self) -> float | None:
        return None if self._short_since is None else self._short_since + self._limits.chunk_s

    def _keep_alive_due(self) -> float | None:
        if self._limits.keep_alive not in {KeepAlive.MESSAGE, KeepAlive.SILENCE}:
            return None
        return self._epoch.last_said + self._limits.keep_alive_every_s

    def _close_due(self) -> float | None:
        """When an idle connection is closed on purpose."""
        after = self._core.policy.idle_close(self._limits)
        if after is None or self._stretch.start is None or self._epoch.unanswered:
            return None
        ready_at = self._epoch.ready_at or self._epoch.opened_at
        return max(self._epoch.last_audio, self._epoch.moved_at, ready_at) + after

    async def _keep_alive(self) -> None:
        epoch = self._epoch
        if self._limits.keep_alive is KeepAlive.MESSAGE:
            messages = list(epoch.protocol.keep_alive())
        else:
            messages = self._audio_messages(*epoch.encoder.flush())
            messages += self._silence_messages(round(self._limits.keep_alive_silence_s * self._limits.audio.rate))
        await self._say(messages)
        epoch.last_said = self._core.clock()
