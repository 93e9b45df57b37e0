"""Idle connections: renewed where the vendor would close them, closed where they cost."""

from __future__ import annotations

import asyncio

import msgspec

from debabelizer.contract import KeepAlive
from debabelizer.events import ErrorOccurred, SessionStarted, SessionState, StateChanged
from fakes.numbered_protocol import numbered, unrolled
from fakes.numbered_server import NumberedServer
from fakes.numbered_session import QUICK, QUICK_LIMITS

RENEWED = msgspec.structs.replace(QUICK_LIMITS, keep_alive=KeepAlive.NONE, idle_s=2.0)


def idle(event: StateChanged) -> bool:
    return event.state is SessionState.IDLE


async def test_an_idle_connection_is_made_anew_before_the_vendor_closes_it(open_session):
    async with asyncio.timeout(60), NumberedServer() as server:
        server.idle_close_s = 15.0
        session, listener = open_session(server.url, limits=RENEWED)
        await session.connect()
        await session.send(numbered(0, 8_000))
        assert unrolled([(await session.commit()).text], 0) == 8_000
        await listener.event(SessionStarted, lambda event: event.epoch >= 3)
        assert not [event for event in listener.of(StateChanged) if event.state is not SessionState.CONNECTED][1:]
        assert not listener.of(ErrorOccurred)
        assert server.most_at_once <= 2
        await session.send(numbered(8_000, 8_000))
        assert unrolled([(await session.commit()).text], 8_000) == 16_000


async def test_speech_during_the_renewal_is_heard_once(open_session):
    async with asyncio.timeout(60), NumberedServer() as server:
        limits = msgspec.structs.replace(RENEWED, idle_s=0.2)
        session, listener = open_session(server.url, limits=limits)
        await session.connect()
        position = 0
        while len(server.connections) < 6:
            await session.send(numbered(position, 1_600))
            position += 1_600
            if position % 8_000 == 0:
                await session.commit()
            await asyncio.sleep(0.11)
        await session.disconnect()
        await listener.end()
        assert listener.recognised() == position


async def test_renewing_ends_when_nobody_comes_for_long(open_session):
    limits = msgspec.structs.replace(RENEWED, idle_s=0.3)
    policy = msgspec.structs.replace(QUICK, renewed_idle_close_s=1.0)
    async with asyncio.timeout(60), NumberedServer() as server:
        session, listener = open_session(server.url, limits=limits, policy=policy)
        await session.connect()
        await listener.event(StateChanged, idle)
        assert len(listener.of(SessionStarted)) > 1, "it was renewed until then"
        await session.send(numbered(0, 8_000))
        assert unrolled([(await session.commit()).text], 0) == 8_000


async def test_a_connection_that_costs_is_closed_and_another_is_not(open_session):
    policy = msgspec.structs.replace(QUICK, costly_idle_close_s=0.2)
    costly = msgspec.structs.replace(QUICK_LIMITS, idle_costs=True)
    async with asyncio.timeout(60), NumberedServer() as free, NumberedServer() as server:
        other, _ = open_session(free.url, limits=QUICK_LIMITS, policy=policy)
        await other.connect()
        session, listener = open_session(server.url, limits=costly, policy=policy)
        await session.connect()
        for position in (0, 8_000):
            await listener.event(StateChanged, idle)
            await server.until(lambda: not server.live)
            await session.send(numbered(position, 8_000))
            assert unrolled([(await session.commit()).text], position) == position + 8_000
        assert other.state is SessionState.CONNECTED, "it had no work for longer"
