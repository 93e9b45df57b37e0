"""Dictation as front ends see it: verbs in, events out."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import TYPE_CHECKING, Any

from debabelizer.audio.capture import CaptureFactory
from debabelizer.contract.description import Place
from debabelizer.dictation.desk import Desk, Listener
from debabelizer.dictation.insertion import Inserter
from debabelizer.dictation.journal import TakeRecord
from debabelizer.dictation.microphone import SharedMicrophone
from debabelizer.dictation.replay import Past, Retry
from debabelizer.dictation.second_look import Ask
from debabelizer.dictation.shelf import TakeShelf
from debabelizer.dictation.switchboard import OpenSession, Switchboard
from debabelizer.dictation.take import Take
from debabelizer.dictation.vigil import Change, Vigil, World, look
from debabelizer.errors import ProviderError
from debabelizer.events import (
    DictationState,
    ErrorOccurred,
    Event,
    SessionState,
    TakeCancelled,
    TakesRecovered,
)
from debabelizer.store import History
from debabelizer.transcript import SegmentMap

if TYPE_CHECKING:
    from debabelizer.config import Settings


_ON_ITS_WAY = frozenset({SessionState.CONNECTING, SessionState.CONNECTED, SessionState.RECONNECTING})
_log = logging.getLogger(__name__)


class Dictation:
    """Push-to-talk over one long-lived session. Lives on one asyncio loop; front ends call its verbs there.

    Verbs raise nothing the user should see: failures are events. ``folder`` holds the takes (``takes/``) and the
    history. ``final_s``: how long a take waits for its finals before it is kept as failed. ``ask``: who understands a
    whole recording, for the second look.
    ``open_alone``: a session in which nobody stands in for the provider. ``look``: at clocks and network.
    """

    def __init__(
        self,
        *,
        settings: Settings,
        open_session: OpenSession,
        capture: CaptureFactory,
        inserter: Inserter | None,
        folder: Path,
        clock: Callable[[], float] = time.monotonic,
        history: History | None = None,
        final_s: float = 60.0,
        open_alone: OpenSession | None = None,
        ask: Ask | None = None,
        look: Callable[[], World] = look,
    ) -> None:
        self._settings = settings
        self._desk = Desk(
            settings=settings,
            microphone=SharedMicrophone(capture),
            inserter=inserter,
            shelf=TakeShelf(folder / "takes"),
            history=history or History(folder),
            clock=clock,
            final_s=final_s,
            ask=ask,
        )
        self._switchboard = Switchboard(settings, open_session, self._desk.on_session_event, open_alone)
        self._desk.switchboard = self._switchboard
        self._takes: dict[Take | Retry, asyncio.Task[None]] = {}
        self._past: dict[str, Past] = {}
        self._loop: asyncio.AbstractEventLoop | None = None
        self._ahead: asyncio.Task[None] | None = None
        self._wanted = False
        """A connection is welcome: nobody has closed it on purpose."""
        self._missed = False
        """One was not made for want of a network."""
        self._vigil = Vigil(self._world_changed, look=look)
        self._tasks: set[asyncio.Task[None]] = set()
        """The vigil, and connections made ahead."""
        self._unsubscribe = settings.subscribe(self._setting_changed)

    # -------------------------------------------------------------------------------------------------- to see

    @property
    def state(self) -> DictationState:
        """That of the newest take; an older one may still be finishing."""
        return self._desk.state

    @property
    def transcript(self) -> SegmentMap:
        return self._desk.transcript

    @property
    def session_state(self) -> SessionState:
        return self._switchboard.state

    @property
    def provider(self) -> str:
        """Who understands, or would now; empty: nobody can."""
        try:
            return self._switchboard.provider()
        except ProviderError:
            return ""

    @property
    def history(self) -> History:
        return self._desk.history

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """``listener`` gets every event, in order, on the loop; the answer takes it off again."""
        return self._desk.subscribe(listener)

    def tell(self, event: Event) -> None:
        """For parts that stand beside it: everybody who listens gets this event. On the loop."""
        self._desk.tell(event)

    def takes(self) -> list[TakeRecord]:
        """Takes that can be retried or discarded, oldest first."""
        return self._desk.shelf.kept()

    # ------------------------------------------------------------------------------------------------- session

    async def connect(self) -> None:
        """Open the session, now even where the next attempt was to come later; returns when it is ready or failed."""
        self._begin_vigil()
        try:
            line = self._switchboard.use()
        except ProviderError as error:
            self._desk.tell(ErrorOccurred(error=error, fatal=True))
            return
        line.session.recheck()
        try:
            await line.ready()
        except ProviderError as error:
            if line.session.state is not SessionState.FAILED:  # then the session has said so itself
                self._desk.tell(ErrorOccurred(error=error))

    async def disconnect(self) -> None:
        """Close the session, after its last words; the next take opens another."""
        self._wanted = False
        await self._switchboard.disconnect()

    # --------------------------------------------------------------------------------------------------- takes

    async def start(self, *, insert: bool = True, key_down: float | None = None) -> str:
        """Begin a take, unless one is being recorded; the answer is its id. ``key_down``: when the key really went
        down. A take that is still being finished goes on beside it."""
        self._begin_vigil()
        newest = self._newest()
        if newest is not None and newest.records:
            return newest.take
        if newest is not None:
            newest.cut()
        stamp = self._desk.clock() if key_down is None else key_down
        take = Take(self._desk, insert=insert, key_down=stamp, before=newest)
        self._begin(take)
        await asyncio.sleep(0)  # it has begun: whoever cancels it now finds something to give back
        return take.take

    async def stop(self, *, key_up: float | None = None) -> None:
        """End the recording after the tail; what follows comes as events."""
        if (take := self._newest()) is not None:
            take.stop(self._desk.clock() if key_up is None else key_up)

    async def cancel(self) -> None:
        """Throw the newest take away, wherever it stands; one that is retried stays kept."""
        if not self._takes:
            return
        job = list(self._takes)[-1]
        task = self._takes[job]
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        if isinstance(job, Retry):
            self._desk.tell(TakeCancelled(take=job.take))

    async def send_chunk(self) -> None:
        """In button mode: send what was recorded since the last time."""
        if (take := self._newest()) is not None:
            take.send_chunk()

    async def commit(self) -> None:
        """End the present segment; the take goes on."""
        take = self._newest()
        if take is not None and take.records:
            take.commit()
        elif (line := self._switchboard.line) is not None and not line.over:
            line.session.commit()

    async def settle(self) -> None:
        """Returns when no take is on its way any more, and nobody is looking at one again."""
        while self._takes:
            await asyncio.gather(*self._takes.values(), return_exceptions=True)
        await self._desk.looks.settle()
        await self._desk.chores_done()

    async def retry(self, take: str, provider: str | None = None) -> None:
        """Understand a kept take once more, by the provider of the settings or another one; the outcome comes as
        TakeFinished or TakeFailed. A take of this run goes to the program it was meant for."""
        for job, task in list(self._takes.items()):
            if job.take == take and not job.over:
                return
            if job.take == take:
                await asyncio.wait({task})
        try:
            record = self._desk.shelf.record(take)
            chosen = provider or self._chosen()
        except ProviderError as error:
            self._desk.tell(ErrorOccurred(error=error))
            return
        past = self._past.get(record.take) or Past(self._switchboard.end, None, False, ())
        self._desk.take_back(past.segments)
        self._begin(Retry(self._desk, record.take, chosen, past))

    async def discard(self, take: str) -> None:
        """Delete a kept take."""
        self._desk.looks.cancel(take)
        self._past.pop(take, None)
        self._desk.discard_take(take)

    async def undo(self) -> bool:
        """Remove what was inserted last, if it is still there; a second time there is nothing to remove."""
        insertion, self._desk.last_insertion = self._desk.last_insertion, None
        if insertion is None or insertion.undo is None or self._desk.inserter is None:
            return False
        return await self._desk.inserter.undo(insertion)

    async def cancel_second_look(self) -> None:
        """Whatever is looked at again just now: its text stays as it is."""
        self._desk.looks.cancel()

    async def replace_inserted(self, take: str) -> bool:
        """Put a take's corrected text in the place of the one in another program, if that is still there and nothing
        was inserted after it; else nothing happens (the text may be copied)."""
        revision = self._desk.looks.revisions.pop(take, None)
        inserter = self._desk.inserter
        if revision is None or inserter is None or self._desk.last_insertion is not revision.insertion:
            return False
        self._desk.last_insertion = None
        if not await inserter.undo(revision.insertion):
            return False
        try:
            self._desk.last_insertion = await inserter.insert(revision.text, revision.insertion.target)
        except ProviderError as error:
            self._desk.tell(ErrorOccurred(error=error))
            return False
        return True

    async def clear(self) -> None:
        """Empty the transcript; takes and history stay, and so do the words of a take that is still on its way."""
        self._desk.clear()

    async def recover(self) -> None:
        """At the start of a program: offer what an earlier run left behind, delete what is too old, and, where the
        settings say so, connect and listen ahead."""
        self._begin_vigil()
        try:
            recovered = await asyncio.to_thread(self._desk.shelf.recover)
        except ProviderError as error:
            self._desk.tell(ErrorOccurred(error=error))
            recovered = []
        if recovered:
            self._desk.tell(TakesRecovered(takes=tuple(record.take for record in recovered)))
        self._desk.prune()
        await self._listen_ahead()
        self._connect_ahead()

    async def close(self) -> None:
        """End everything now. A take that is still recorded or awaited is kept."""
        self._unsubscribe()
        for job in self._takes:
            if isinstance(job, Take):
                job.keep = True
        tasks = [*self._takes.values(), *self._tasks]
        if self._ahead is not None:
            tasks.append(self._ahead)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._desk.looks.cancel()
        await self._desk.looks.settle()
        await self._desk.microphone.shut()
        await self._switchboard.close()
        await self._desk.chores_done()
        self._desk.shelf.close()
        self._desk.history.close()

    # -------------------------------------------------------------------------------------------------- within

    def _newest(self) -> Take | None:
        return next((job for job in reversed(self._takes) if isinstance(job, Take)), None)

    def _chosen(self) -> str:
        """Raises ConfigurationError."""
        from debabelizer.config.selection import choose

        return choose(self._settings).provider

    def _begin(self, job: Take | Retry) -> None:
        self._desk.jobs.append(job)
        self._desk.show()
        task = asyncio.create_task(job.run(), name=f"take {job.take}")
        self._takes[job] = task
        task.add_done_callback(lambda _: self._ended(job))

    def _ended(self, job: Take | Retry) -> None:
        task = self._takes.pop(job)
        self._desk.jobs.remove(job)
        past = job.past() if isinstance(job, Take) else None
        if past is not None:
            self._past[job.take] = past
        elif not self._desk.shelf.holds(job.take):
            self._past.pop(job.take, None)
        self._desk.show()
        if not task.cancelled() and (fault := task.exception()) is not None:
            raise fault  # a mistake of ours: the loop's handler reports it

    def _begin_vigil(self) -> None:
        self._wanted = True
        if self._loop is None:
            self._loop = asyncio.get_running_loop()
            self._run(self._vigil.run(), "vigil")

    def _run(self, work: Coroutine[Any, Any, None], name: str) -> None:
        task = asyncio.create_task(work, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _world_changed(self, change: Change, world: World) -> None:
        """A connection that may be dead is looked at now, and one that failed for want of a network is made."""
        _log.info("%s; addresses: %d", "woken up" if change is Change.WOKE else "another network", len(world.addresses))
        self._switchboard.recheck()
        state = self._switchboard.state
        lacking = state is SessionState.FAILED or self._missed
        if self._wanted and (lacking or (change is Change.WOKE and state not in _ON_ITS_WAY)):
            self._connect_ahead()

    def _connect_ahead(self) -> None:
        if self._settings.get("session.connect_ahead") == "never":
            return
        self._missed = not self._vigil.world.addresses
        if not self._missed:
            self._run(self._connect_if_wanted(), "connecting ahead")

    async def _connect_if_wanted(self) -> None:
        """Where a connection is all it takes, or the user wants models loaded as well."""
        try:
            name = await asyncio.to_thread(self._chosen)  # may ask the key store
        except ProviderError:
            return  # it is told when somebody wants to speak
        if self._settings.get("session.connect_ahead") == "always" or _is_far(name):
            await self.connect()

    def _setting_changed(self, key: str, value: Any) -> None:
        """Any thread may set."""
        if key in ("dictation.preroll_ms", "microphone") and self._loop is not None:
            self._loop.call_soon_threadsafe(self._listen_ahead_anew)

    def _listen_ahead_anew(self) -> None:
        self._ahead = asyncio.create_task(self._listen_ahead(), name="listening ahead")

    async def _listen_ahead(self) -> None:
        seconds = self._settings.get("dictation.preroll_ms") / 1000
        try:
            await self._desk.microphone.listen_ahead(seconds, self._settings.get("microphone"))
        except ProviderError as error:
            self._desk.tell(ErrorOccurred(error=error))


def _is_far(provider: str) -> bool:
    from debabelizer import registry

    described = registry.find(provider)
    return described is not None and described.place is Place.CLOUD
