from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path

import pytest

from debabelizer.contract import EpochContext, StreamLimits, StreamProtocol
from debabelizer.streaming import Session, SessionPolicy, Transports, default_transports
from fakes.numbered_protocol import NumberedProtocol
from fakes.numbered_session import QUICK, QUICK_LIMITS, Listener


@pytest.fixture(autouse=True)
async def nothing_leaks() -> AsyncIterator[None]:
    """Tasks, threads and open files are the same after a test as before it."""
    tasks, threads = asyncio.all_tasks(), set(threading.enumerate())
    files = _open_files()
    yield
    await default_transports().close()
    for _ in range(3):
        await asyncio.sleep(0)  # callbacks of transports that have just been closed
    left = [task for task in asyncio.all_tasks() - tasks - {asyncio.current_task()} if not task.done()]
    assert not left
    for thread in set(threading.enumerate()) - threads:
        if not thread.name.startswith("asyncio_"):  # the loop's own pool ends with the loop
            thread.join(2.0)
            assert not thread.is_alive(), thread
    assert _open_files() <= files + 1


def _open_files() -> int:
    folder = Path("/proc/self/fd")
    return len(os.listdir(folder)) if folder.exists() else 0


Open = Callable[..., tuple[Session, Listener]]


@pytest.fixture
async def open_session() -> AsyncIterator[Open]:
    """Makes a session for the numbered vendor, with a listener; it is ended after the test."""
    made: list[tuple[Session, Listener]] = []

    def make(
        target: str | Sequence[tuple[str, Callable[[EpochContext], StreamProtocol]]],
        *,
        policy: SessionPolicy = QUICK,
        limits: StreamLimits = QUICK_LIMITS,
        transports: Transports | None = None,
        first_epoch: int = 0,
        clock: Callable[[], float] | None = None,
        **protocol: object,
    ) -> tuple[Session, Listener]:
        if isinstance(target, str):

            def open_epoch(context: EpochContext) -> StreamProtocol:
                return NumberedProtocol(target, context, limits=limits, **protocol)

            session = Session(
                open_epoch, "numbered", policy=policy, first_epoch=first_epoch, transports=transports, clock=clock
            )
        else:
            session = Session(target, policy=policy, first_epoch=first_epoch, transports=transports)
        listener = Listener(session)
        made.append((session, listener))
        return session, listener

    yield make
    for session, listener in made:
        await session.abort()
        await listener.end()
