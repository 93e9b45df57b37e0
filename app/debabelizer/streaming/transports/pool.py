"""Warm worker processes, kept by target and key, and ended when nobody has used them for a while."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from debabelizer.contract.stream import WorkerOpening
from debabelizer.errors import InternalError
from debabelizer.streaming.transports.link import LinkClosed
from debabelizer.streaming.transports.worker import WorkerLink, WorkerProcess
from debabelizer.workers.frames import Control, FrameKind, pack
from debabelizer.workers.launch import yield_to_others

_Kind = tuple[str, str, bool]


class _PooledLink(WorkerLink):
    """Gives its process back when the connection is over."""

    def __init__(self, worker: WorkerProcess, provider: str, give_back: Callable[[_PooledLink], None]) -> None:
        super().__init__(worker, provider)
        self._give_back = give_back

    async def close(self) -> None:
        await super().close()
        self._give_back(self)

    async def abort(self) -> None:
        await super().abort()
        self._give_back(self)


class WorkerPool:
    def __init__(self) -> None:
        self._idle: dict[WorkerProcess, tuple[_Kind, asyncio.TimerHandle | None]] = {}
        self._busy: set[WorkerProcess] = set()
        self._ending: set[asyncio.Task[None]] = set()

    @property
    def processes(self) -> list[WorkerProcess]:
        """All that are alive, idle or busy."""
        return [worker for worker in (*self._idle, *self._busy) if worker.alive]

    async def open(self, opening: WorkerOpening, provider: str) -> WorkerLink:
        """A connection to a warm process of the same kind, or to a new one."""
        kind = (opening.target, opening.key, opening.background)
        worker = self._take_idle(kind) or await self._started(opening, provider)
        self._busy.add(worker)
        link = _PooledLink(worker, provider, lambda link: self._take_back(link, kind, opening.idle_unload_s))
        try:
            await worker.write(pack(FrameKind.CONTROL, Control.OPEN))
        except LinkClosed as closed:
            self._busy.discard(worker)
            raise closed.error or InternalError("The recogniser's process is gone", provider) from None
        except asyncio.CancelledError:
            self._busy.discard(worker)
            self._end(worker)
            raise
        return link

    @staticmethod
    async def _started(opening: WorkerOpening, provider: str) -> WorkerProcess:
        worker = await WorkerProcess.start(opening.target, provider)
        if opening.background:
            yield_to_others(worker.pid)
        return worker

    def _take_idle(self, kind: _Kind) -> WorkerProcess | None:
        for worker, (its_kind, timer) in list(self._idle.items()):
            if its_kind != kind and worker.alive:
                continue
            del self._idle[worker]
            if timer is not None:
                timer.cancel()
            if worker.alive:
                return worker
            self._end(worker)
        return None

    def _take_back(self, link: _PooledLink, kind: _Kind, idle_unload_s: float | None) -> None:
        worker = link.worker
        if worker not in self._busy:
            return
        self._busy.discard(worker)
        if not link.reusable or idle_unload_s == 0:
            self._end(worker)
            return
        timer = None
        if idle_unload_s is not None:
            timer = asyncio.get_running_loop().call_later(idle_unload_s, self._unload, worker)
        self._idle[worker] = (kind, timer)

    def _unload(self, worker: WorkerProcess) -> None:
        if self._idle.pop(worker, None) is not None:
            self._end(worker)

    def _end(self, worker: WorkerProcess) -> None:
        task = asyncio.create_task(worker.kill(grace=1.0), name="end of a worker")
        self._ending.add(task)
        task.add_done_callback(self._ending.discard)

    async def close(self) -> None:
        """End all of them."""
        for worker, (_, timer) in list(self._idle.items()):
            if timer is not None:
                timer.cancel()
            self._end(worker)
        self._idle.clear()
        for worker in list(self._busy):
            self._busy.discard(worker)
            self._end(worker)
        while self._ending:
            await asyncio.gather(*self._ending)
