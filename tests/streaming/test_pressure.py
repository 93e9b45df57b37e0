"""Floods, stalls and slow readers: memory stays bounded, closing ends, finals are never dropped."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import msgspec
import pytest

from debabelizer.contract import CommitOutcome
from debabelizer.errors import StorageError, StreamingError
from debabelizer.events import Closed, Committed, ErrorOccurred, Partial
from debabelizer.streaming import Session
from fakes.numbered_protocol import NumberedProtocol, numbered
from fakes.numbered_recogniser import Behaviour
from fakes.numbered_server import NumberedServer
from fakes.numbered_session import QUICK, QUICK_LIMITS


@pytest.mark.parametrize("what", ["one segment", "many segments", "finals"])
async def test_a_flooding_server_fills_no_memory_and_closing_ends(what, open_session):
    sent = [0]

    async def flood(connection) -> None:
        await connection.recv()
        await connection.send(json.dumps({"is": "ready"}))
        while True:
            key = 0 if what == "one segment" else sent[0]
            kind = "final" if what == "finals" else "partial"
            await connection.send(json.dumps({"is": kind, "key": key, "text": f"{sent[0]} " * 20}))
            sent[0] += 1

    async with NumberedServer() as server:
        server.take_over = flood
        policy = msgspec.structs.replace(QUICK, max_events=50)
        session = Session(lambda c: NumberedProtocol(server.url, c, limits=QUICK_LIMITS), "numbered", policy=policy)
        await session.connect()
        for _ in range(20):
            await session.send(numbered(0, 320))
            await asyncio.sleep(0.005)  # the flood may go on meanwhile
        assert session.unread_events <= 60
        async with asyncio.timeout(5):
            await session.disconnect()
        events = [event async for event in session.events()]
        assert isinstance(events[-1], Closed)
        assert len(events) <= 70


async def test_more_final_text_than_anyone_can_speak_ends_the_session(open_session):
    """It is kept for the next commit, and would fill the memory."""

    async def flood(connection) -> None:
        await connection.recv()
        await connection.send(json.dumps({"is": "ready"}))
        for key in range(1_000):
            await connection.send(json.dumps({"is": "final", "key": key, "text": "word " * 20_000}))

    async with NumberedServer() as server:
        server.take_over = flood
        session, listener = open_session(server.url, policy=msgspec.structs.replace(QUICK, max_instant_drops=2))
        await session.connect()
        await listener.until(lambda: any(event.fatal for event in listener.of(ErrorOccurred)))
        assert isinstance(listener.of(ErrorOccurred)[-1].error, StreamingError)
        assert "characters" in listener.of(ErrorOccurred)[-1].error.message
        assert sum(len(text) for text in listener.texts) <= 2 * 5_000_000
        assert server.attempts == 2


async def test_finals_reach_a_slow_reader_all_and_in_order(open_session):
    async with NumberedServer(Behaviour(finals_every=1_000)) as server:
        policy = msgspec.structs.replace(QUICK, max_events=10, drain_s=10.0)
        session = Session(lambda c: NumberedProtocol(server.url, c, limits=QUICK_LIMITS), "numbered", policy=policy)
        await session.connect()
        for number in range(100):
            await session.send(numbered(number * 1_600, 1_600))
        events = session.events()
        finals, partials = [], 0
        closing = None
        async for event in events:
            await asyncio.sleep(0.001)
            partials += isinstance(event, Partial)
            if isinstance(event, Committed):
                finals.append(event.change)
                if closing is None:
                    closing = asyncio.create_task(session.disconnect())
        await closing
        position = 0
        for final in finals:
            value, count = map(int, final.text.split("+"))
            assert value == position % 32_749 + 1
            position += count
        assert position == 160_000
        assert not [event for event in finals if not event.text]


async def test_a_stalled_server_is_given_up_while_audio_keeps_coming(open_session):
    stalled = []

    async def stall(connection) -> bool:
        if stalled:
            return False
        stalled.append(connection)
        await connection.send(json.dumps({"is": "ready"}))
        connection.transport.pause_reading()
        await asyncio.Event().wait()
        return True

    async with NumberedServer() as server:
        server.take_over = stall
        policy = msgspec.structs.replace(QUICK, memory_bytes=300_000)
        session, listener = open_session(server.url, policy=policy)
        await session.connect()
        for number in range(100):
            await session.send(numbered(number * 16_000, 16_000))
        assert session._core.spool.in_memory < 1_000_000, "the rest is on disk"
        dead = await listener.event(ErrorOccurred)
        assert dead.error.code == "half_open"
        await session.disconnect()
        await listener.end()
        assert listener.recognised() == 1_600_000
        stalled[0].transport.abort()


async def test_a_commit_behind_audio_that_nobody_takes_times_out(open_session):
    async def stall(connection) -> bool:
        await connection.send(json.dumps({"is": "ready"}))
        connection.transport.pause_reading()
        await asyncio.Event().wait()
        return True

    async with NumberedServer() as server:
        server.take_over = stall
        policy = msgspec.structs.replace(QUICK, half_open_s=12.0, stall_s=0.1)
        session, _ = open_session(server.url, policy=policy)
        await session.connect()
        await session.send(numbered(0, 60 * 16_000))
        async with asyncio.timeout(30):
            result = await session.commit()
        assert result.outcome is CommitOutcome.TIMED_OUT
        assert result.error.code == "stalled"
        await session.abort()


async def test_audio_beyond_memory_goes_to_disk_and_is_recognised(open_session, tmp_path: Path):
    async with NumberedServer(Behaviour(finals_every=50_000)) as server:
        policy = msgspec.structs.replace(QUICK, memory_bytes=300_000, spool_dir=tmp_path / "spool")
        session, listener = open_session(server.url, policy=policy)
        for number in range(100):
            await session.send(numbered(number * 16_000, 16_000))
        assert session._core.spool.in_memory < 1_000_000
        await session.connect()
        await session.disconnect()
        await listener.end()
        assert listener.recognised() == 1_600_000
        assert list((tmp_path / "spool").iterdir()) == []


async def test_a_full_disk_is_an_event_and_not_the_end(open_session, tmp_path: Path):
    blocked = tmp_path / "blocked"
    blocked.write_text("a file where the folder should be")
    async with NumberedServer() as server:
        policy = msgspec.structs.replace(QUICK, memory_bytes=300_000, spool_dir=blocked)
        session, listener = open_session(server.url, policy=policy)
        for number in range(40):
            await session.send(numbered(number * 16_000, 16_000))
        told = await listener.event(ErrorOccurred)
        assert isinstance(told.error, StorageError)
        assert not told.fatal
        await session.connect()
        await session.disconnect()
        await listener.end()
        assert listener.recognised() == 640_000
        assert len([event for event in listener.of(ErrorOccurred) if isinstance(event.error, StorageError)]) == 1


async def test_replay_is_no_faster_than_the_vendor_takes_it(open_session):
    limits = msgspec.structs.replace(QUICK_LIMITS, replay_speed=10.0, longest_chunk_s=0.1)
    async with NumberedServer() as server:
        session, _ = open_session(server.url, limits=limits)
        await session.send(numbered(0, 5 * 16_000))
        await session.connect()
        begun = asyncio.get_running_loop().time()
        await session.commit()
        # A second may go at once, the other four at ten times real time. Less would be too fast; slower is the machine.
        assert asyncio.get_running_loop().time() - begun >= 0.35
        await session.abort()


async def test_garbage_ends_the_connection_and_not_the_session(open_session):
    talked: list[object] = []

    async def babble(connection) -> bool:
        if talked:
            return False
        talked.append(connection)
        await connection.send(json.dumps({"is": "ready"}))
        await connection.send("{not json")
        await connection.wait_closed()
        return True

    async with NumberedServer() as server:
        server.take_over = babble
        session, listener = open_session(server.url)
        await session.send(numbered(0, 1_600))
        await session.connect()
        told = await listener.event(ErrorOccurred)
        assert isinstance(told.error, StreamingError)
        assert (await session.commit()).outcome is CommitOutcome.FINAL
        await session.disconnect()
        await listener.end()
        assert listener.recognised() == 1_600


async def test_a_message_too_large_ends_the_connection_and_not_the_session(open_session):
    talked: list[object] = []

    async def shout(connection) -> bool:
        if talked:
            return False
        talked.append(connection)
        await connection.send(json.dumps({"is": "ready"}))
        await connection.send("x" * (5 << 20))
        await connection.wait_closed()
        return True

    async with NumberedServer() as server:
        server.take_over = shout
        session, listener = open_session(server.url)
        await session.send(numbered(0, 1_600))
        await session.connect()
        told = await listener.event(ErrorOccurred)
        assert isinstance(told.error, StreamingError)
        assert (await session.commit()).outcome is CommitOutcome.FINAL
