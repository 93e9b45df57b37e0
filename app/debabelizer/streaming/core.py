"""What the parts of one session share: the audio, the stretches, the finals, and who waits for what."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence

from debabelizer.contract.stream import CommitOutcome
from debabelizer.errors import ConnectionError, InternalError, ProviderError
from debabelizer.events import (
    ErrorOccurred,
    Freeze,
    Joining,
    Notice,
    ProviderChanged,
    SegmentId,
    SessionStarted,
    SessionState,
    StateChanged,
)
from debabelizer.streaming.commits import CommitResult, Mark
from debabelizer.streaming.epoch import Epoch
from debabelizer.streaming.eventqueue import EventQueue
from debabelizer.streaming.opening import HttpClients
from debabelizer.streaming.policy import SessionPolicy
from debabelizer.streaming.providers import OpenEpoch, Providers
from debabelizer.streaming.runner import Runner
from debabelizer.streaming.spool import Spool
from debabelizer.streaming.stretch import Final, Stretch
from debabelizer.streaming.transports.link import Transports, default_transports

log = logging.getLogger(__name__)

_CONTEXT_CHARACTERS = 2000
_OF_THE_SETTINGS = frozenset({"language", "settings", "vocabulary"})
"""Codes of notices that every connection repeats."""


class Core:
    def __init__(
        self,
        choices: Sequence[tuple[str, OpenEpoch]],
        titles: Mapping[str, str] | None,
        policy: SessionPolicy,
        first_epoch: int,
        http: HttpClients | None,
        transports: Transports | None,
        clock: Callable[[], float],
    ) -> None:
        self.providers = Providers(choices, titles)
        self.listener = self.providers.chosen
        """Whose connection was ready last."""
        self.policy = policy
        self.http = http
        self.clock = clock
        self.next_epoch = first_epoch
        self._transports = transports
        self.spool = Spool(policy.memory_bytes, policy.unspooled_bytes, policy.spool_dir)
        self.events = EventQueue(policy.max_events)
        self.stretches: list[Stretch] = [Stretch(0, clock())]
        self.state = SessionState.IDLE
        self.ending = False
        """It takes no more audio."""
        self.error: ProviderError | None = None
        self.draining = False
        self.connect_until: float | None = None
        """While ``connect()`` waits: no attempt is started after it."""
        self.changed = asyncio.Event()
        self.last_audio_sent: float | None = None
        self.wanted_at = clock()
        """When somebody last asked for a connection."""
        self.commit_position = -1
        """Of the last commit that is answered well or still pending; another one there is empty."""
        self.context = ""
        """The newest committed text."""
        self._noted: set[tuple[str, str]] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def transports(self) -> Transports:
        return self._transports or default_transports()

    def poke(self) -> None:
        """Something changed that senders, runners or a drain may wait for."""
        for stretch in self.stretches:
            stretch.stir()
        self.changed.set()

    def hurry(self) -> None:
        """The world has changed: what is waited for may be there now, and what is there may be gone."""
        for stretch in self.stretches:
            stretch.hurry()
            if stretch.epoch is not None:
                stretch.epoch.pulse.doubt()
                stretch.epoch.activity.set()

    # -------------------------------------------------------------------------------------------------- state

    def set_state(
        self, state: SessionState, *, retry_in: float | None = None, error: ProviderError | None = None
    ) -> None:
        if state is self.state and retry_in is None and error is None:
            return
        self.state = state
        self.ending = state in {SessionState.DRAINING, SessionState.CLOSED}
        self.events.put(StateChanged(provider=self.providers.name, state=state, retry_in=retry_in, error=error))
        self.changed.set()

    def note(self, notice: Notice) -> None:
        """What is wrong with the settings is told once, not at every connection."""
        if notice.code in _OF_THE_SETTINGS:
            told = (notice.provider, notice.text)
            if told in self._noted:
                return
            self._noted.add(told)
        self.events.put(notice)

    def on_opening(self, stretch: Stretch, *, again: bool) -> None:
        if self._speaks_for_all(stretch):
            self.set_state(SessionState.RECONNECTING if again else SessionState.CONNECTING)

    def on_ready(self, epoch: Epoch) -> None:
        before, self.listener = self.listener, epoch.provider
        if before != epoch.provider:
            why = self.providers.reasons.get(before)
            self.events.put(ProviderChanged(provider=epoch.provider, before=before, error=why))
        self.providers.works(epoch.provider)
        self.events.put(
            SessionStarted(provider=epoch.provider, epoch=epoch.number, vendor_session=epoch.vendor_session)
        )
        epoch.stretch.error = None
        if self._speaks_for_all(epoch.stretch):
            self.connect_until = None
            self.error = None
            self.set_state(SessionState.CONNECTED)

    def on_lost(self, stretch: Stretch, error: ProviderError | None, retry_in: float) -> None:
        before, stretch.error = stretch.error, error or stretch.error
        # Told once, not at every attempt; StateChanged carries it each time.
        if error is not None and (before is None or _kind(before) != _kind(error)):
            self.events.put(ErrorOccurred(error=error))
        if self._speaks_for_all(stretch):
            self.set_state(SessionState.RECONNECTING, retry_in=retry_in, error=error)

    def on_idle(self, stretch: Stretch) -> None:
        if self._speaks_for_all(stretch):
            self.set_state(SessionState.IDLE)

    def on_failover(self, before: str, error: ProviderError | None) -> None:
        """The user is told as soon as the other one listens."""
        if error is not None:
            self.providers.reasons[before] = error
        log.info("on from %s to %s: %s", before, self.providers.name, error)

    def _speaks_for_all(self, stretch: Stretch) -> bool:
        """The session's state is that of the stretch at its end; a successor in waiting does not count yet."""
        if self.draining:
            return False
        begun = [one for one in self.stretches if one.start is not None]
        return bool(begun) and stretch is begun[-1]

    def fail(self, error: ProviderError) -> None:
        """Nothing more will be tried. Where several providers fail, the one the user chose is the one to mend."""
        error = self.providers.reasons.get(self.providers.chosen, error)
        self.error = error
        for stretch in self.stretches:
            if stretch.task is not None and stretch.task is not asyncio.current_task():
                stretch.task.cancel()
        self.resolve_all(CommitOutcome.FAILED, error)
        self.events.put(ErrorOccurred(error=error, fatal=True))
        self.set_state(SessionState.FAILED, error=error)

    # ---------------------------------------------------------------------------------------------- stretches

    def start(self, stretch: Stretch) -> None:
        runner = Runner(self, stretch)
        stretch.hurry = runner.hurry
        task = asyncio.create_task(runner.run(), name="connection of a session")
        stretch.task = task
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        self.changed.set()
        if not task.cancelled() and (fault := task.exception()) is not None:
            log.error("A connection's task failed", exc_info=fault)
            self.fail(InternalError(f"The session failed by a fault of this program: {fault!r}", self.providers.name))

    async def stop_all(self) -> None:
        """End every connection without a word."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def prepare_successor(self, stretch: Stretch) -> None:
        if stretch is self.stretches[-1] and not self.draining:
            successor = Stretch(None, self.clock())
            self.stretches.append(successor)
            self.start(successor)

    def successor_ready(self, stretch: Stretch) -> bool:
        after = self._after(stretch)
        return after is not None and after.start is None and after.epoch is not None

    def _after(self, stretch: Stretch) -> Stretch | None:
        index = self.stretches.index(stretch) + 1
        return self.stretches[index] if index < len(self.stretches) else None

    def split(self, stretch: Stretch, position: int) -> None:
        """``stretch`` ends at ``position``; what follows goes to the next connection."""
        successor = self._after(stretch)
        if successor is None or successor.start is not None:
            successor = Stretch(None, self.clock(), lazy=True)
            self.stretches.insert(self.stretches.index(stretch) + 1, successor)
            self.start(successor)
        successor.stop = stretch.stop
        successor.marks = [mark for mark in stretch.marks if mark.position > position]
        stretch.marks = [mark for mark in stretch.marks if mark.position <= position]
        self.end_at(stretch, position)
        successor.begin(position)
        if successor.lazy and not successor.has_work(self.spool.end):
            self.on_idle(successor)
        self.poke()

    def end_at(self, stretch: Stretch, position: int) -> None:
        stretch.stop = position
        if stretch.covered < position and not any(mark.position == position for mark in stretch.marks):
            stretch.marks.append(Mark(position, self.clock()))

    def close_idle(self, stretch: Stretch) -> None:
        epoch = stretch.epoch
        if epoch is not None and stretch.stop is None and epoch.cursor >= self.spool.end and not self.draining:
            self.split(stretch, epoch.cursor)

    def on_done(self, stretch: Stretch) -> None:
        """Everything of it is said and answered."""
        assert stretch.stop is not None
        stretch.cover(stretch.stop)
        for mark in stretch.marks:
            mark.answer = mark.answer or CommitOutcome.FINAL
        stretch.done = True
        stretch.all_sent = True
        self.settle()
        self.covered()
        self.poke()

    # ----------------------------------------------------------------------------------------- finals, commits

    def note_final(self, stretch: Stretch, freeze: Freeze[SegmentId], *, again: bool) -> None:
        """``again``: of a segment that was final before; one that a commit has given out is not given out twice."""
        for one in self.stretches:
            if freeze.segment in one.finals:
                one.finals[freeze.segment] = _final(freeze)
                return
        if again:
            return
        stretch.finals[freeze.segment] = _final(freeze)
        self.context = f"{self.context} {freeze.text}".strip()[-_CONTEXT_CHARACTERS:]

    def drop_final(self, segment: SegmentId) -> None:
        for stretch in self.stretches:
            stretch.finals.pop(segment, None)

    def covered(self) -> None:
        """Audio in finals need not be kept."""
        first = self.stretches[0]
        self.spool.trim(first.covered if first.start is not None else self.spool.start)

    def commit_failed(self) -> None:
        self.commit_position = -1

    def settle(self) -> None:
        """Resolve commits whose answer is there and whose text is complete: all before them is done."""
        while True:
            stretch = self.stretches[0]
            while stretch.marks and stretch.marks[0].answer is not None:
                self._resolve(stretch, stretch.marks.pop(0))
            if not stretch.done or len(self.stretches) == 1:
                return
            self.stretches.pop(0)
            self.stretches[0].finals = {**stretch.finals, **self.stretches[0].finals}

    def _resolve(self, stretch: Stretch, mark: Mark) -> None:
        assert mark.answer is not None
        if not mark.handles:
            return
        outcome = mark.answer
        if outcome in {CommitOutcome.FINAL, CommitOutcome.EMPTY}:
            text = self.take_text(stretch)
            outcome = CommitOutcome.FINAL if text else CommitOutcome.EMPTY
            mark.resolve(CommitResult(outcome=outcome, text=text, error=mark.error))
            return
        self.commit_failed()
        mark.resolve(CommitResult(outcome=outcome, error=mark.error))

    def take_text(self, stretch: Stretch) -> str:
        """The finals since the last commit, joined; they are not given out again."""
        finals = sorted(stretch.finals.items(), key=lambda item: (item[1].start, item[0]))
        stretch.finals = {}
        text = ""
        for _, final in finals:
            space = " " if text and final.text and final.joining is Joining.SPACE else ""
            text += space + final.text
        return text.strip()

    def resolve_all(self, outcome: CommitOutcome, error: ProviderError | None) -> None:
        """Everybody who waits gets an answer now. The marks stay: a later connection still says them."""
        self.commit_failed()
        for stretch in self.stretches:
            for mark in stretch.marks:
                mark.resolve(CommitResult(outcome=outcome, error=error))

    def no_connection(self, seconds: float) -> ProviderError:
        error = self.error or next((one.error for one in reversed(self.stretches) if one.error), None)
        name = self.providers.name
        return error or ConnectionError(f"No connection to {name} for {seconds:.0f} s", name, "not_connected")


def _final(freeze: Freeze[SegmentId]) -> Final:
    return Final(freeze.text, freeze.joining, freeze.start or 0.0)


def _kind(error: ProviderError) -> tuple[type, str | None]:
    return type(error), error.code
