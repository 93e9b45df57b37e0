"""Trials of the supervisor, with its default patience, that measure: how soon, how much memory, what is left behind."""

from __future__ import annotations

import asyncio
import gc
import json
import threading
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any

import psutil

from debabelizer.contract import CommitOutcome
from debabelizer.events import ErrorOccurred, Partial, SessionStarted
from debabelizer.streaming import Session, SessionPolicy, default_transports
from fakes.flaky_proxy import FlakyProxy
from fakes.leaks import open_files
from fakes.numbered_protocol import numbered
from fakes.numbered_recogniser import Behaviour
from fakes.numbered_server import NumberedServer
from fakes.numbered_session import Listener, numbered_session
from fakes.trials import listened, numbered_server

DEFAULT = SessionPolicy()
PIECE = 1_600
"""Samples of a tenth of a second."""


@dataclass
class Speaker:
    """Someone who speaks into a session without a pause, in real time."""

    session: Session
    listener: Listener
    proxy: FlakyProxy
    server: Any
    said: int = 0

    async def speak(self) -> None:
        while True:
            await self.session.send(numbered(self.said, PIECE))
            self.said += PIECE
            await asyncio.sleep(0.1)


@asynccontextmanager
async def speaker(transport: str = "ws") -> AsyncIterator[Speaker]:
    """Who has spoken long enough for the first text to be there."""
    async with numbered_server(transport, Behaviour(finals_every=PIECE)) as server, FlakyProxy(server.port) as proxy:
        session = numbered_session(f"{transport}://127.0.0.1:{proxy.port}", policy=DEFAULT)
        async with listened(session) as listener:
            await session.connect()
            it = Speaker(session, listener, proxy, server)
            speaking = asyncio.create_task(it.speak())
            try:
                await listener.event(Partial)
                yield it
            finally:
                speaking.cancel()
                await asyncio.gather(speaking, return_exceptions=True)


# --------------------------------------------------------------------------------------------------- how soon


async def half_open_noticed(transport: str, after_s: float) -> float:
    """Seconds from the moment when nothing passes any more to the moment when that is known."""
    async with speaker(transport) as it:
        await asyncio.sleep(after_s)
        began = time.monotonic()
        it.proxy.half_open()
        dead = await it.listener.event(ErrorOccurred)
        assert dead.error.code == "half_open", dead
        return time.monotonic() - began


async def first_retry(after_s: float) -> float:
    """Seconds from a reset to the next attempt at the vendor's door."""
    async with speaker() as it:
        await asyncio.sleep(after_s)
        began = time.monotonic()
        it.proxy.cut()
        await it.server.until(lambda: it.server.attempts > 1)
        return time.monotonic() - began


async def text_after_outage(outage_s: float, *, told: bool) -> float:
    """Seconds from the return of the way to the final text of all that was said before it. The vendor answers at once.
    ``told``: the session hears of the return, as it does where the system announces networks."""
    async with speaker() as it:
        it.proxy.refusing = True
        it.proxy.cut()
        await asyncio.sleep(outage_s)
        it.proxy.refusing = False
        began, said = time.monotonic(), it.session.position
        if told:
            it.session.recheck()
        await it.listener.until(lambda: it.session.covered >= said)
        assert len(it.listener.of(SessionStarted)) > 1
        return time.monotonic() - began


# ------------------------------------------------------------------------------------------------ left behind


@dataclass(frozen=True)
class Holdings:
    tasks: int
    threads: int
    files: int

    @classmethod
    def now(cls) -> Holdings:
        return cls(len(asyncio.all_tasks()), threading.active_count(), open_files())

    def __sub__(self, other: Holdings) -> Holdings:
        return Holdings(self.tasks - other.tasks, self.threads - other.threads, self.files - other.files)


async def cycles(times: int, transport: str = "ws") -> Holdings:
    """What ``times`` sessions leave behind that a few did not: every other one was used, the rest came and went."""
    async with numbered_server(transport, Behaviour()) as server:
        url = f"{transport}://127.0.0.1:{server.port}"
        for number in range(10):
            await _come_and_go(url, words=number % 2 == 0)
        before = await _settled()
        for number in range(times):
            await _come_and_go(url, words=number % 2 == 0)
        left = await _settled() - before
    await default_transports().close()
    return left


async def _come_and_go(url: str, *, words: bool) -> None:
    session = numbered_session(url, policy=DEFAULT)
    async with listened(session):
        await session.connect()
        if words:
            await session.send(numbered(0, PIECE))
            assert (await session.commit()).outcome is CommitOutcome.FINAL
        await session.disconnect()


async def _settled() -> Holdings:
    """Once the other side's tasks have ended too; what never ends is what is counted."""
    least = Holdings.now()
    for _ in range(20):
        await asyncio.sleep(0.05)
        gc.collect()  # a gRPC channel's socket goes with the last reference to it
        least = min(least, Holdings.now(), key=lambda held: held.tasks + held.threads + held.files)
    return least


# ---------------------------------------------------------------------------------------------- under pressure


@dataclass(frozen=True)
class Pressure:
    """``grown_mb``: this process's memory at its highest, over what it was; both sides of the line are in it."""

    passed_mb: float
    grown_mb: float
    close_s: float


class Memory:
    def __init__(self) -> None:
        gc.collect()
        self._process = psutil.Process()
        self._first = self._highest = self._process.memory_info().rss

    def look(self) -> None:
        self._highest = max(self._highest, self._process.memory_info().rss)

    @property
    def grown_mb(self) -> float:
        return (self._highest - self._first) / 2**20


async def flooded(what: str, frames: int, *, read: bool) -> Pressure:
    """A server that sends as fast as it can. ``what``: ``one segment``, ``many segments`` or ``finals``; ``read``:
    whether anybody reads the session's events."""
    passed, words = 0, "word " * 200

    async def flood(connection: Any) -> None:
        nonlocal passed
        await connection.recv()
        await connection.send(json.dumps({"is": "ready"}))
        for number in range(frames):
            key = 0 if what == "one segment" else number
            kind = "final" if what == "finals" else "partial"
            await connection.send(json.dumps({"is": kind, "key": key, "text": f"{number} {words}"}))
            passed += len(words)

    async with NumberedServer() as server:
        server.take_over = flood
        session = numbered_session(server.url, policy=DEFAULT)
        reader = asyncio.create_task(_read_and_forget(session)) if read else None
        await session.connect()
        memory, before = Memory(), -1
        while passed > before:  # until it has sent all, or is held back
            before = passed
            await session.send(numbered(0, PIECE))
            await asyncio.sleep(0.5)
            memory.look()
        close_s = await _disconnected(session)
        if reader is not None:
            await reader
        memory.look()
    return Pressure(passed / 2**20, memory.grown_mb, close_s)


async def _read_and_forget(session: Session) -> None:
    async for _ in session.events():
        pass


async def stalled(seconds: float) -> Pressure:
    """A server that takes nothing more from the line while ``seconds`` of audio are said."""

    async def stall(connection: Any) -> None:
        await connection.recv()
        await connection.send(json.dumps({"is": "ready"}))
        connection.transport.pause_reading()
        await asyncio.Event().wait()

    async with NumberedServer() as server:
        server.take_over = stall
        session = numbered_session(server.url, policy=DEFAULT)
        async with listened(session):
            await session.connect()
            memory, said = Memory(), 0
            while said < seconds * 16_000:
                await session.send(numbered(said, PIECE))
                said += PIECE
                if said % 160_000 == 0:
                    await asyncio.sleep(0)
                    memory.look()
            close_s = await _disconnected(session)
            memory.look()
    return Pressure(said * 2 / 2**20, memory.grown_mb, close_s)


async def _disconnected(session: Session) -> float:
    began = time.monotonic()
    with suppress(TimeoutError):
        async with asyncio.timeout(60):
            await session.disconnect()
    return time.monotonic() - began
