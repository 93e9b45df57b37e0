"""Trials of the supervisor over lines that fail: tests assert of a few what the reliability figures count of many."""

from __future__ import annotations

import asyncio
import os
import random
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import msgspec

from debabelizer.contract import CommitOutcome, KeepAlive, StreamLimits
from debabelizer.events import SessionStarted
from debabelizer.streaming import Session, Transports
from fakes.flaky_proxy import FlakyProxy
from fakes.numbered_protocol import numbered
from fakes.numbered_recogniser import Behaviour
from fakes.numbered_server import NumberedServer
from fakes.numbered_session import QUICK, QUICK_LIMITS, Listener, numbered_session

PATIENT = msgspec.structs.replace(QUICK, max_instant_drops=1_000, half_open_s=0.25)
WORKER_POLICY = msgspec.structs.replace(QUICK, connect_s=20.0, max_instant_drops=1_000, drain_s=20.0)
WORKER_LIMITS = msgspec.structs.replace(QUICK_LIMITS, ready_s=20.0, commit_answer_s=10.0)


@dataclass(frozen=True)
class Outcome:
    """Samples said, missing and doubled; the connections it took, and how often the line failed."""

    said: int
    lost: int
    doubled: int
    connections: int
    faults: int

    @property
    def whole(self) -> bool:
        return (self.lost, self.doubled) == (0, 0)


@asynccontextmanager
async def listened(session: Session) -> AsyncIterator[Listener]:
    listener = Listener(session)
    try:
        yield listener
    finally:
        await session.abort()
        await listener.end()


async def through_a_failing_line(seed: int, transport: str = "ws", most: int | None = None) -> Outcome:
    """One session with commits at random places over a line that fails at random. ``transport``: ``ws`` or ``grpc``.
    ``most``: bytes after which a connection fails at the latest."""
    draw = random.Random(seed)
    behaviour = Behaviour(
        finals_every=draw.choice([None, 4_000, 20_000, 60_000]), lag=draw.choice([0, 500, 5_000]), seed=seed
    )
    limits = StreamLimits(
        ready_s=0.5,
        commit_answer_s=2.0,
        finish_answer_s=1.0,
        chunk_s=draw.choice([0.02, 0.1]),
        longest_chunk_s=draw.choice([0.1, 1.0]),
        keep_alive=draw.choice([KeepAlive.PING, KeepAlive.MESSAGE, KeepAlive.SILENCE, KeepAlive.NONE]),
        keep_alive_every_s=0.05,
        least_commit_s=draw.choice([0.0, 0.3]),
        longest_connection_s=draw.choice([None, None, 0.15]),
    )
    total = draw.randrange(50_000, 300_000)
    most = most or draw.choice([20_000, 60_000, 200_000])
    memory = draw.choice([300_000, 4 << 20])
    policy = msgspec.structs.replace(PATIENT, handover_window_s=0.1, memory_bytes=memory)
    async with numbered_server(transport, behaviour) as server, FlakyProxy(server.port, seed, most=most) as proxy:
        session = numbered_session(f"{transport}://127.0.0.1:{proxy.port}", policy=policy, limits=limits)
        async with listened(session) as listener:
            await session.connect()
            sent = 0
            while sent < total:
                count = min(total - sent, draw.choice([160, 320, 1_600, 16_000]))
                await session.send(numbered(sent, count))
                sent += count
                if draw.random() < 0.02:
                    result = await session.commit()
                    assert result.outcome in {CommitOutcome.FINAL, CommitOutcome.TIMED_OUT}, result
            proxy.calm()
            result = await session.commit()
            if result.outcome is not CommitOutcome.FINAL:
                await session.commit()
            await session.disconnect()
        return _outcome(listener, total, len(proxy.faults))


def numbered_server(transport: str, behaviour: Behaviour) -> Any:
    """As an asynchronous context manager. ``transport``: ``ws`` or ``grpc``."""
    if transport == "ws":
        return NumberedServer(behaviour)
    from fakes.numbered_grpc import NumberedGrpcServer

    return NumberedGrpcServer(behaviour)


async def with_killed_workers(seed: int, kills: int) -> Outcome:
    """One session with an engine whose process is killed ``kills`` times while someone speaks."""
    draw = random.Random(seed)
    transports = Transports()
    session = numbered_session(
        "fakes.numbered_worker:run", policy=WORKER_POLICY, limits=WORKER_LIMITS, transports=transports
    )
    async with listened(session) as listener:
        await session.connect()
        sent = 0
        for _ in range(kills):
            started = len(listener.of(SessionStarted))
            for _ in range(draw.randrange(5, 40)):
                await session.send(numbered(sent, 1_600))
                sent += 1_600
            if draw.random() < 0.5:
                assert (await session.commit()).outcome is CommitOutcome.FINAL
            for process in transports.pool.processes:
                os.kill(process.pid, signal.SIGKILL)
            await listener.until(lambda started=started: len(listener.of(SessionStarted)) > started)
        await session.commit()
        await session.disconnect()
    await transports.close()
    return _outcome(listener, sent, kills)


def _outcome(listener: Listener, said: int, faults: int) -> Outcome:
    assert listener.events[-1].error is None, listener.events[-1]
    assert not listener.shown, f"still shown and not final: {listener.shown}"
    return Outcome(said, *listener.tally(said), len(listener.of(SessionStarted)), faults)


async def handed_over(times: int, longest_s: float = 0.1) -> Outcome:
    """One session that someone speaks into without a pause while its connections wear out."""
    limits = msgspec.structs.replace(QUICK_LIMITS, longest_connection_s=longest_s)
    policy = msgspec.structs.replace(QUICK, handover_window_s=longest_s / 2)
    async with NumberedServer(Behaviour(finals_every=6_000, lag=1_000)) as server:
        session = numbered_session(server.url, policy=policy, limits=limits)
        async with listened(session) as listener:
            await session.connect()
            sent = 0
            while len(listener.of(SessionStarted)) <= times:
                await session.send(numbered(sent, 160))
                sent += 160
                if sent % 16_000 == 0:
                    await session.commit()
                await asyncio.sleep(0.001)
            await session.disconnect()
        return _outcome(listener, sent, 0)
