"""Every sample is recognised exactly once and in order though the recogniser's process is killed again and again."""

from __future__ import annotations

import os
import random
import signal

import msgspec

from debabelizer.contract import CommitOutcome
from debabelizer.events import SessionStarted
from debabelizer.streaming import default_transports
from fakes.numbered_protocol import numbered
from fakes.numbered_session import QUICK, QUICK_LIMITS


async def test_killed_processes_lose_and_double_nothing(open_session):
    draw = random.Random(5)
    policy = msgspec.structs.replace(QUICK, connect_s=20.0, max_instant_drops=1_000, drain_s=20.0)
    limits = msgspec.structs.replace(QUICK_LIMITS, ready_s=20.0, commit_answer_s=10.0)
    session, listener = open_session("fakes.numbered_worker:run", policy=policy, limits=limits)
    await session.connect()
    sent = 0
    for kill in range(4):
        started = len(listener.of(SessionStarted))
        for _ in range(draw.randrange(5, 40)):
            await session.send(numbered(sent, 1_600))
            sent += 1_600
        if draw.random() < 0.5:
            assert (await session.commit()).outcome is CommitOutcome.FINAL
        for process in default_transports().pool.processes:
            os.kill(process.pid, signal.SIGKILL)
        await listener.until(lambda started=started: len(listener.of(SessionStarted)) > started)
        assert kill + 2 == len(listener.of(SessionStarted))
    await session.commit()
    await session.disconnect()
    await listener.end()
    assert listener.events[-1].error is None
    assert listener.recognised() == sent
