"""One long-lived session with a speech provider, whatever happens to the connections below it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence

from debabelizer.contract.stream import CommitOutcome, StreamLimits
from debabelizer.errors import ConnectionError, ProviderError, StorageError
from debabelizer.events import Closed, ErrorOccurred, Retract, Retracted, SegmentId, SessionEvent, SessionState
from debabelizer.streaming.commits import CommitHandle, CommitResult, Mark
from debabelizer.streaming.core import Core
from debabelizer.streaming.guard import Guard
from debabelizer.streaming.opening import HttpClients
from debabelizer.streaming.policy import SessionPolicy
from debabelizer.streaming.providers import OpenEpoch
from debabelizer.streaming.stretch import Stretch
from debabelizer.streaming.timemap import SESSION_RATE
from debabelizer.streaming.transports.link import Transports

_DEFAULT_POLICY = SessionPolicy()


class Session:
    """Audio in, events out. Lives on one asyncio loop; no method may be called from another thread.

    ``open_epoch`` makes the protocol for each new connection. Several providers, as a sequence of pairs of name
    and ``open_epoch``, mean failover: when one is hopeless or keeps failing, the next gets the same audio.
    ``titles``: what messages call a provider, by its name. Audio handed to ``send`` is kept until a final covers it.
    """

    def __init__(
        self,
        open_epoch: OpenEpoch | Sequence[tuple[str, OpenEpoch]],
        provider: str = "",
        *,
        titles: Mapping[str, str] | None = None,
        policy: SessionPolicy = _DEFAULT_POLICY,
        first_epoch: int = 0,
        http: HttpClients | None = None,
        transports: Transports | None = None,
        clock: Callable[[], float] | None = None,
    ) -> None:
        choices = [(provider, open_epoch)] if callable(open_epoch) else open_epoch
        self._core = Core(choices, titles, policy, first_epoch, http, transports, clock or time.monotonic)
        self._guard = Guard(self._core)
        self._storage_trouble: StorageError | None = None
        self._closing: asyncio.Task[None] | None = None
        self._started = False

    # ------------------------------------------------------------------------------------------------- to see

    @property
    def state(self) -> SessionState:
        return self._core.state

    @property
    def provider(self) -> str:
        """Of the present connection, or the next."""
        return self._core.providers.name

    @property
    def title(self) -> str:
        """What messages call that provider."""
        return self._core.providers.title(self.provider)

    @property
    def next_epoch(self) -> int:
        """For the ``first_epoch`` of a session that follows this one in the same transcript."""
        return self._core.next_epoch

    @property
    def position(self) -> float:
        """Seconds of audio given to ``send`` so far."""
        return self._core.spool.end / SESSION_RATE

    @property
    def covered(self) -> float:
        """Seconds of audio, from the beginning, that are in finals (or forgotten)."""
        return self._core.stretches[0].covered / SESSION_RATE

    @property
    def last_audio_sent(self) -> float | None:
        """Monotonic stamp of the last audio written to a connection; None: none yet."""
        return self._core.last_audio_sent

    def events(self) -> AsyncIterator[SessionEvent]:
        """What happens, in order, until :class:`Closed`. For one reader; a slow one gets fewer partials and every
        final."""
        return self._core.events

    @property
    def unread_events(self) -> int:
        """How many events the reader of ``events()`` has not taken yet."""
        return len(self._core.events)

    # ------------------------------------------------------------------------------------------------- verbs

    async def connect(self) -> None:
        """Returns when ready; raises :class:`ProviderError` when that is hopeless or takes too long. May be
        called again after a failure: what was sent meanwhile is recognised then."""
        core = self._core
        if core.ending:
            raise ConnectionError("The session is closed", self.provider, "closed")
        if core.state is SessionState.CONNECTED:
            return
        core.wanted_at = core.clock()
        if not self._started or core.state is SessionState.FAILED:
            await self._start()
        elif core.state is SessionState.IDLE:
            core.connect_until = core.clock() + core.policy.connect_s
            core.stretches[-1].lazy = False
            core.poke()
        await self._until_connected()

    async def _start(self) -> None:
        core = self._core
        await core.stop_all()
        self._started = True
        core.error = None
        core.providers.forgive()
        core.stretches = [stretch for stretch in core.stretches if stretch.start is not None]
        core.connect_until = core.clock() + core.policy.connect_s
        core.set_state(SessionState.CONNECTING)
        for stretch in core.stretches:
            if not stretch.done:
                stretch.lost_at = core.clock()
                core.start(stretch)

    async def _until_connected(self) -> None:
        core = self._core
        patience = core.clock() + core.policy.connect_s
        late = False
        while core.state is not SessionState.CONNECTED:
            if core.state in {SessionState.FAILED, SessionState.CLOSED}:
                raise core.error or ConnectionError("The session was closed", self.provider, "closed")
            if late:  # and not, though this loop was busy, connected meanwhile
                raise core.no_connection(core.policy.connect_s)
            core.changed.clear()
            wait = max(patience, self._trying_until()) - core.clock()
            try:
                async with asyncio.timeout(max(0.05, wait + 0.05)):
                    await core.changed.wait()
            except TimeoutError:
                late = core.clock() >= max(patience, self._trying_until())

    def _trying_until(self) -> float:
        """An attempt under way, or a provider that was gone over to meanwhile, may take until then."""
        core = self._core
        return max(core.connect_until or 0.0, *(stretch.opening_until for stretch in core.stretches))

    async def send(self, pcm: bytes) -> None:
        """Take whole samples of PCM_16K; never waits for the network. Works in every state but closed. Raises
        StorageError where neither disk nor memory holds more, ConnectionError after the end."""
        core = self._core
        if core.ending:
            raise ConnectionError("The session is closed", self.provider, "closed")
        core.spool.append(pcm)
        if core.spool.trouble is not self._storage_trouble:
            self._tell_storage_trouble()
        for stretch in tuple(core.stretches):  # the last one may be a successor that still waits
            stretch.more()

    def _tell_storage_trouble(self) -> None:
        trouble = self._core.spool.trouble
        if trouble is not None and self._storage_trouble is None:
            self._core.events.put(ErrorOccurred(error=trouble))
        self._storage_trouble = trouble

    def commit(self) -> CommitHandle:
        """End the open segment here. The handle always resolves: final, empty, throttled, failed, timed out."""
        core = self._core
        handle = CommitHandle()
        position = core.spool.end
        if core.ending or core.state is SessionState.FAILED:
            handle.resolve(CommitResult(outcome=CommitOutcome.FAILED, error=core.no_connection(0.0)))
        elif position == max(core.commit_position, 0):
            handle.resolve(CommitResult(outcome=CommitOutcome.EMPTY))
        elif core.stretches[0].covered >= position:
            core.commit_position = position
            text = core.take_text(core.stretches[0])
            outcome = CommitOutcome.FINAL if text else CommitOutcome.EMPTY
            handle.resolve(CommitResult(outcome=outcome, text=text))
        else:
            core.commit_position = position
            self._guard.watch(self._mark(position, handle))
            core.poke()
        return handle

    def _mark(self, position: int, handle: CommitHandle) -> Mark:
        """The commit at ``position``: one that is there for other reasons, or a new one."""
        stretches = self._core.stretches
        for stretch in stretches:
            if (mark := stretch.mark_at(position)) is not None:
                mark.handles.append(handle)
                return mark
        last = next(stretch for stretch in reversed(stretches) if stretch.start is not None)
        mark = Mark(position, self._core.clock(), handle)
        last.marks.append(mark)
        return mark

    def discard_unfinished(self) -> None:
        """Forget the audio that is not final, and take back what is shown of it. The connection stays; a final
        that comes for it after all is swallowed. Commits still waiting are answered ``empty``."""
        core = self._core
        core.resolve_all(CommitOutcome.EMPTY, None)
        *earlier, last = core.stretches
        if last.start is None:
            earlier, last = core.stretches[:-2], core.stretches[-2]
        for stretch in earlier:
            self._drop(stretch)
        core.stretches = core.stretches[len(earlier) :]
        position = core.spool.end
        self._retract(last.ghosts)
        last.finals.clear()
        last.cover(position)
        last.idle_end = position
        if last.epoch is not None:
            last.epoch.forget(position)
        else:
            last.marks.clear()
        core.commit_position = position
        core.covered()
        core.poke()

    def _drop(self, stretch: Stretch) -> None:
        if stretch.epoch is not None:
            self._retract(stretch.epoch.segments.forget_open())
        self._retract(stretch.ghosts)
        if stretch.task is not None:
            stretch.task.cancel()

    def _retract(self, segments: list[SegmentId]) -> None:
        for segment in segments:
            self._core.events.put(Retracted(change=Retract(segment=segment)))
        segments.clear()

    def recheck(self) -> None:
        """The machine has slept, or the network is another one: an open connection has to prove at once that it is
        alive, and one that is waited for is tried at once."""
        self._core.hurry()

    # ---------------------------------------------------------------------------------------------- the end

    async def disconnect(self) -> None:
        """Say the rest, wait for the answers, close; each step has a deadline. Raises nothing: what went wrong is
        in :class:`Closed`."""
        if self._closing is None:
            self._closing = asyncio.create_task(self._drain(), name="drain of a session")
        await asyncio.shield(self._closing)

    async def abort(self) -> None:
        """Close at once. What is not final yet is lost to this session."""
        if self._closing is not None:
            self._closing.cancel()
            await asyncio.gather(self._closing, return_exceptions=True)
        if self.state is not SessionState.CLOSED:
            await self._end(None)

    async def _drain(self) -> None:
        core = self._core
        error = core.error
        if self._started and core.state is not SessionState.FAILED:
            self._end_stretches()
            core.draining = True
            core.set_state(SessionState.DRAINING)
            core.poke()
            if await self._until(lambda stretch: stretch.all_sent, core.policy.drain_s):
                await self._until(lambda stretch: stretch.done, self._answers_s())
            error = core.error
        await self._end(error)

    def _end_stretches(self) -> None:
        """Every stretch gets an end; one that never began, or has nothing to say, goes."""
        core = self._core
        last = core.stretches[-1]
        if last.start is None or (last.lazy and not last.has_work(core.spool.end)):
            if last.task is not None:
                last.task.cancel()
            last.done = last.all_sent = True
            last = core.stretches[-2] if len(core.stretches) > 1 else last
        if not last.done and last.stop is None:
            core.end_at(last, core.spool.end)

    async def _until(self, reached: Callable[[Stretch], bool], seconds: float) -> bool:
        """Whether all stretches came so far in time; False also when the session failed."""
        core = self._core
        try:
            async with asyncio.timeout(seconds):
                while not all(reached(stretch) for stretch in core.stretches):
                    if core.error is not None:
                        return False
                    core.changed.clear()
                    await core.changed.wait()
        except TimeoutError:
            return False
        return True

    def _answers_s(self) -> float:
        policy = self._core.policy
        longest = 0.0
        for stretch in self._core.stretches:
            limits = stretch.epoch.limits if stretch.epoch else StreamLimits()
            backlog = stretch.epoch.ahead(self._core.clock()) if stretch.epoch else 0.0
            longest = max(longest, limits.commit_answer_s + limits.finish_answer_s + backlog)
        return longest + policy.half_open_s + 2 * policy.close_s

    async def _end(self, error: ProviderError | None) -> None:
        core = self._core
        unheard = core.spool.end - core.stretches[0].covered
        await core.stop_all()
        for stretch in core.stretches:
            self._retract(stretch.ghosts)
        core.settle()
        if error is None and unheard > 0 and not core.stretches[0].done:
            seconds = unheard / SESSION_RATE
            error = core.no_connection(0.0) if not self._started else self._unheard(seconds)
        core.resolve_all(CommitOutcome.FAILED, error)
        self._guard.stop()
        core.spool.close()
        core.set_state(SessionState.CLOSED, error=error)
        core.events.put(Closed(provider=self.provider, error=error))

    def _unheard(self, seconds: float) -> ProviderError:
        name = self.provider
        return ConnectionError(f"{name} did not recognise the last {seconds:.1f} s before the end", name, "unheard")


__all__ = ["CommitHandle", "CommitResult", "Session", "SessionPolicy"]
