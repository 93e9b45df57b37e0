from __future__ import annotations

from debabelizer.contract import CommitOutcome
from debabelizer.events import Closed, Partial, SessionStarted, SessionState
from fakes.numbered_protocol import numbered, unrolled
from fakes.numbered_server import NumberedServer


async def test_a_take_over_a_socket(open_session):
    async with NumberedServer() as server:
        session, listener = open_session(server.url)
        await session.connect()
        assert session.state is SessionState.CONNECTED
        for first in range(0, 32_000, 320):
            await session.send(numbered(first, 320))
        await listener.event(Partial)
        result = await session.commit()
        assert result.outcome is CommitOutcome.FINAL
        assert unrolled([result.text]) == 32_000
        await session.disconnect()
        await listener.end()
        assert listener.recognised() == 32_000
        assert listener.of(SessionStarted)
        assert isinstance(listener.events[-1], Closed)
        assert listener.events[-1].error is None
        assert session.state is SessionState.CLOSED


async def test_a_take_through_a_worker_process(open_session):
    session, listener = open_session("fakes.numbered_worker:run")
    await session.connect()
    for first in range(0, 64_000, 320):
        await session.send(numbered(first, 320))
    result = await session.commit()
    assert unrolled([result.text]) == 64_000
    await session.disconnect()
    await listener.end()
    assert listener.recognised() == 64_000


async def test_the_drain_brings_what_was_never_committed(open_session):
    async with NumberedServer() as server:
        session, listener = open_session(server.url)
        await session.connect()
        await session.send(numbered(0, 5_000))
        await session.disconnect()
        await listener.end()
        assert listener.recognised() == 5_000
        assert listener.events[-1].error is None
