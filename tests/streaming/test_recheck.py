"""After sleep and change of network: what is open proves that it is alive, what is waited for is tried at once."""

from __future__ import annotations

import asyncio

import msgspec

from debabelizer.contract import EpochContext, KeepAlive, StreamProtocol
from debabelizer.events import SessionStarted, SessionState, StateChanged
from fakes.flaky_proxy import FlakyProxy
from fakes.numbered_protocol import NumberedProtocol, numbered, unrolled
from fakes.numbered_server import NumberedServer
from fakes.numbered_session import QUICK, QUICK_LIMITS

PATIENT = msgspec.structs.replace(
    QUICK, connect_s=9000.0, idle_ping_s=3600.0, backoff_first_s=3600.0, backoff_cap_s=3600.0
)
"""Nothing happens by itself before this test is long over."""
SILENT = msgspec.structs.replace(QUICK_LIMITS, keep_alive=KeepAlive.NONE)


async def test_a_dead_idle_connection_is_replaced_at_once(open_session):
    async with asyncio.timeout(30), NumberedServer() as server, FlakyProxy(server.port) as proxy:
        policy = msgspec.structs.replace(PATIENT, backoff_first_s=0.01)
        session, listener = open_session(proxy.url, policy=policy, limits=SILENT)
        await session.connect()
        proxy.half_open()
        session.recheck()
        await listener.event(StateChanged, lambda event: event.state is SessionState.RECONNECTING)
        proxy.cut()
        proxy.heal()
        await listener.event(SessionStarted, lambda event: event.epoch > 0)
        await session.send(numbered(0, 8_000))
        assert unrolled([(await session.commit()).text], 0) == 8_000


async def test_a_living_connection_stays(open_session):
    async with asyncio.timeout(30), NumberedServer() as server:
        session, listener = open_session(server.url, policy=PATIENT, limits=SILENT)
        await session.connect()
        for position in range(0, 32_000, 8_000):
            session.recheck()
            await session.send(numbered(position, 8_000))
            assert unrolled([(await session.commit()).text], position) == position + 8_000
        session.recheck()
        await asyncio.sleep(3 * PATIENT.half_open_s)  # long enough for a dead one to be found
        assert session.state is SessionState.CONNECTED
        assert len(listener.of(SessionStarted)) == 1


async def test_the_wait_for_the_next_attempt_is_cut_short(open_session):
    async with asyncio.timeout(30), NumberedServer() as server:
        server.refuse = (503, {})
        session, listener = open_session(server.url, policy=PATIENT)
        await session.send(numbered(0, 8_000))
        connecting = asyncio.create_task(session.connect())
        await listener.event(StateChanged, lambda event: event.retry_in is not None)
        server.refuse = None
        session.recheck()
        await connecting
        assert unrolled([(await session.commit()).text], 0) == 8_000
        assert server.attempts == 2


async def test_an_attempt_on_a_way_that_is_no_more_is_broken_off(open_session):
    knocked = asyncio.Event()
    doors: list[str] = []

    async def silence(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        knocked.set()
        await reader.read()
        writer.close()

    async with (
        asyncio.timeout(30),
        NumberedServer() as server,
        await asyncio.start_server(silence, "127.0.0.1") as dead,
    ):
        doors += [f"ws://127.0.0.1:{dead.sockets[0].getsockname()[1]}", server.url]

        def next_door(context: EpochContext) -> StreamProtocol:
            return NumberedProtocol(doors.pop(0), context, limits=QUICK_LIMITS)

        session, listener = open_session([("numbered", next_door)], policy=PATIENT)
        await session.send(numbered(0, 8_000))
        connecting = asyncio.create_task(session.connect())
        await knocked.wait()
        session.recheck()
        await connecting
        assert unrolled([(await session.commit()).text], 0) == 8_000
        assert not [event for event in listener.of(StateChanged) if event.error is not None]


async def test_a_session_that_is_not_connected_is_left_in_peace(open_session):
    async with NumberedServer() as server:
        session, listener = open_session(server.url)
        session.recheck()
        await asyncio.sleep(0)
        assert session.state is SessionState.IDLE
        assert not listener.events
        assert server.attempts == 0
