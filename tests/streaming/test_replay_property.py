"""Every sample is recognised exactly once and in order, whatever the line does in between."""

from __future__ import annotations

import random

import msgspec
import pytest

from debabelizer.contract import CommitOutcome, KeepAlive, StreamLimits
from debabelizer.events import SessionStarted
from fakes.flaky_proxy import FlakyProxy
from fakes.numbered_protocol import numbered
from fakes.numbered_recogniser import Behaviour
from fakes.numbered_server import NumberedServer
from fakes.numbered_session import QUICK

POLICY = msgspec.structs.replace(QUICK, max_instant_drops=1_000, half_open_s=0.25)


async def dictate_through(seed: int, open_session, most: int | None = None) -> int:
    """One session with commits at random places over a line that fails at random; gives the connections used."""
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
    async with (
        NumberedServer(behaviour) as server,
        FlakyProxy(server.port, seed, most=most or draw.choice([20_000, 60_000, 200_000])) as proxy,
    ):
        policy = msgspec.structs.replace(POLICY, handover_window_s=0.1, memory_bytes=draw.choice([300_000, 4 << 20]))
        session, listener = open_session(proxy.url, policy=policy, limits=limits)
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
        await listener.end()
        assert listener.events[-1].error is None
        assert listener.recognised() == total, f"seed {seed}"
        return len(listener.of(SessionStarted))


@pytest.mark.parametrize("block", range(8))
async def test_every_sample_once_short(block, open_session):
    for seed in range(block * 5, block * 5 + 5):
        await dictate_through(seed, open_session)


async def test_the_line_does_fail(open_session):
    """Or the tests above would prove nothing."""
    assert sum([await dictate_through(seed, open_session, most=5_000) for seed in range(3)]) > 6


@pytest.mark.long
@pytest.mark.parametrize("block", range(100))
async def test_every_sample_once_long(block, open_session):
    for seed in range(1_000 + block * 10, 1_010 + block * 10):
        await dictate_through(seed, open_session)
