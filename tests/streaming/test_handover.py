"""The move to a new connection before the vendor's longest one ends, and the drain."""

from __future__ import annotations

import asyncio
import json
import random
from array import array
from itertools import pairwise

import msgspec
import pytest

from debabelizer.contract import AudioForm, CommitOutcome
from debabelizer.errors import ConnectionError
from debabelizer.events import Closed, ErrorOccurred, Partial, SessionStarted, StateChanged
from fakes.flaky_proxy import FlakyProxy
from fakes.numbered_protocol import numbered, unrolled
from fakes.numbered_recogniser import Behaviour
from fakes.numbered_server import NumberedServer
from fakes.numbered_session import QUICK, QUICK_LIMITS


async def speak(session, until, commit_every: int | None = None, piece: int = 160) -> int:
    """Numbered audio in small pieces until ``until()``; gives how much."""
    position = 0
    while not until():
        await session.send(numbered(position, piece))
        position += piece
        if commit_every and position % commit_every == 0:
            await session.commit()
        await asyncio.sleep(0.002)
    return position


@pytest.mark.parametrize("commit_every", [None, 1_600])
async def test_nothing_is_lost_or_doubled_while_speaking(commit_every, open_session):
    limits = msgspec.structs.replace(QUICK_LIMITS, longest_connection_s=0.4)
    async with NumberedServer(Behaviour(finals_every=6_000, lag=1_000)) as server:
        session, listener = open_session(
            server.url, limits=limits, policy=msgspec.structs.replace(QUICK, handover_window_s=0.2)
        )
        await session.connect()
        position = await speak(session, lambda: len(server.connections) >= 4, commit_every)
        await session.disconnect()
        await listener.end()
        assert listener.recognised() == position
        assert not listener.of(ErrorOccurred)
        assert listener.events[-1].error is None
        assert server.most_at_once == 2, "the new one is opened before the old one is let go"


async def test_a_commit_is_a_good_moment(open_session):
    limits = msgspec.structs.replace(QUICK_LIMITS, longest_connection_s=60.0)
    policy = msgspec.structs.replace(QUICK, handover_window_s=29.9)
    async with NumberedServer() as server:
        # The window opens 30 s before the end, that is soon after the beginning; the end itself is far away.
        limits = msgspec.structs.replace(limits, longest_connection_s=30.0)
        policy = msgspec.structs.replace(policy, handover_window_s=15.0)
        now = [0.0]
        session, listener = open_session(server.url, limits=limits, policy=policy, clock=lambda: now[0])
        await session.connect()
        await session.send(numbered(0, 8_000))
        await server.until(lambda: server.connections[0].received == 8_000)
        now[0] = 16.0
        await session.send(numbered(8_000, 8_000))
        await listener.until(lambda: len(listener.of(SessionStarted)) == 2)
        await server.until(lambda: server.connections[0].received == 16_000)
        assert server.connections[0].commits == 0, "no good moment yet"
        result = await session.commit()
        assert unrolled([result.text]) == 16_000
        await session.send(numbered(16_000, 1_600))
        await server.until(lambda: server.connections[1].received == 1_600)
        assert server.connections[0].commits == 1
        assert server.connections[0].received == 16_000
        await session.abort()


async def test_a_pause_is_a_good_moment(open_session):
    limits = msgspec.structs.replace(QUICK_LIMITS, longest_connection_s=30.0)
    policy = msgspec.structs.replace(QUICK, handover_window_s=15.0, pause_s=0.2)
    async with NumberedServer() as server:
        now = [0.0]
        session, listener = open_session(server.url, limits=limits, policy=policy, clock=lambda: now[0])
        await session.connect()
        now[0] = 16.0
        await session.send(numbered(8_000, 8_000))
        await listener.until(lambda: len(listener.of(SessionStarted)) == 2)
        await session.send(numbered(16_000, 1_600))
        await server.until(lambda: server.connections[0].received == 9_600)
        assert server.connections[0].commits == 0
        await session.send(bytes(2 * 4_800))
        await server.until(lambda: server.connections[0].commits == 1)
        await session.send(numbered(17_600, 1_600))
        await server.until(lambda: len(server.connections) == 2 and server.connections[1].received >= 1_600)
        result = await session.commit()
        assert unrolled([result.text], 8_000) == 19_200, "one text, though it came over two connections"
        await session.abort()


async def test_a_pause_may_be_noisy_if_speech_is_much_louder(open_session):
    limits = msgspec.structs.replace(QUICK_LIMITS, longest_connection_s=30.0)
    policy = msgspec.structs.replace(QUICK, handover_window_s=15.0, pause_s=0.2)
    async with NumberedServer() as server:
        now = [0.0]
        session, listener = open_session(server.url, limits=limits, policy=policy, clock=lambda: now[0])
        await session.connect()
        now[0] = 16.0
        await session.send(numbered(8_000, 16_000))
        await listener.until(lambda: len(listener.of(SessionStarted)) == 2)
        assert server.connections[0].commits == 0
        await session.send(array("h", [400, -400] * 2_400).tobytes())
        await server.until(lambda: server.connections[0].commits == 1)
        await session.abort()


async def test_an_idle_session_moves_without_a_commit(open_session):
    limits = msgspec.structs.replace(QUICK_LIMITS, longest_connection_s=0.2)
    async with NumberedServer() as server:
        session, listener = open_session(server.url, limits=limits)
        await session.connect()
        await server.until(lambda: len(server.connections) >= 3)
        assert sum(connection.commits for connection in server.connections) == 0
        await session.disconnect()
        await listener.end()
        assert not listener.of(ErrorOccurred)


async def test_the_old_connection_may_die_before_its_last_answer(open_session):
    """Then its end is said again on a connection of its own, and the order stays right."""
    limits = msgspec.structs.replace(QUICK_LIMITS, longest_connection_s=0.3)
    async with NumberedServer() as server:
        died: list[bool] = []

        async def dies_at_commit(connection) -> bool:
            if died:
                return False
            await connection.send(json.dumps({"is": "ready"}))
            async for message in connection:
                if isinstance(message, str) and "commit" in message:
                    died.append(True)
                    connection.transport.abort()
            return True

        server.take_over = dies_at_commit
        session, listener = open_session(
            server.url, limits=limits, policy=msgspec.structs.replace(QUICK, handover_window_s=0.15)
        )
        await session.connect()
        position = await speak(session, lambda: bool(died))
        await session.send(numbered(position, 16_000))
        await session.disconnect()
        await listener.end()
        assert listener.recognised() == position + 16_000


@pytest.mark.parametrize("rate", [8_000, 24_000])
async def test_times_stay_right_over_resampling_drops_and_hand_overs(rate, open_session):
    """Commits at known places, and hand-overs between them: each final starts where the last one ended, on the
    session's axis."""
    limits = msgspec.structs.replace(
        QUICK_LIMITS, audio=AudioForm(rate=rate), longest_connection_s=0.3, least_commit_s=0.2
    )
    draw = random.Random(rate)
    async with NumberedServer() as server, FlakyProxy(server.port) as proxy:

        async def hears_lengths(connection) -> None:
            received = begun = key = 0
            await connection.send(json.dumps({"is": "ready"}))
            async for message in connection:
                if isinstance(message, bytes):
                    received += len(message) // 2
                elif "commit" in message:
                    frame = {"is": "final", "key": key, "text": "x", "start": begun / rate, "end": received / rate}
                    await connection.send(json.dumps({**frame, "samples": received, "answer": "final"}))
                    begun, key = received, key + 1
                elif "finish" in message:
                    await connection.send(json.dumps({"is": "finished"}))

        server.take_over = hears_lengths
        session, listener = open_session(
            proxy.url, limits=limits, policy=msgspec.structs.replace(QUICK, handover_window_s=0.15)
        )
        await session.connect()
        borders = []
        for number in range(30):
            for _ in range(draw.randrange(1, 30)):
                await session.send(b"\1\1" * 320)
            assert (await session.commit()).outcome is CommitOutcome.FINAL
            borders.append(session.position)
            if number % 7 == 3:
                proxy.cut()
        finals = sorted(listener.finals.values(), key=lambda final: final.start)
        assert finals[0].start == 0
        for before, after in pairwise(finals):
            assert after.start == pytest.approx(before.end, abs=0.001)
        assert {round(border, 2) for border in borders} <= {round(final.end, 2) for final in finals}
        await session.abort()


# ------------------------------------------------------------------------------------------------------- drain


@pytest.mark.parametrize("silent_at", ["audio", "commit", "finish", "close"])
async def test_every_step_of_the_drain_has_a_deadline(silent_at, open_session):
    limits = msgspec.structs.replace(QUICK_LIMITS, commit_answer_s=0.2, finish_answer_s=0.2)
    policy = msgspec.structs.replace(QUICK, drain_s=0.5, close_s=0.2, half_open_s=0.3)
    async with NumberedServer() as server:

        async def stubborn(connection) -> bool | None:
            await connection.send(json.dumps({"is": "ready"}))
            if silent_at == "audio":
                connection.transport.pause_reading()
                await asyncio.Event().wait()
            async for message in connection:
                if "commit" in str(message) and silent_at != "commit":
                    frame = {"is": "final", "key": 0, "text": "1+8000", "samples": 8_000, "answer": "final"}
                    await connection.send(json.dumps(frame))
                elif "finish" in str(message) and silent_at == "close":
                    await connection.send(json.dumps({"is": "finished"}))
                    connection.transport.pause_reading()
            return True

        server.take_over = stubborn
        session, listener = open_session(server.url, limits=limits, policy=policy)
        await session.connect()
        await session.send(numbered(0, 8_000))
        handle = session.commit()
        async with asyncio.timeout(10):
            await session.disconnect()
        await listener.end()
        closed = listener.events[-1]
        assert isinstance(closed, Closed)
        assert handle.done
        if silent_at in {"finish", "close"}:
            assert closed.error is None
            assert listener.recognised() == 8_000
        else:
            assert isinstance(closed.error, ConnectionError)
            assert (await handle).outcome in {CommitOutcome.TIMED_OUT, CommitOutcome.FAILED}
        for connection in list(server.live):
            connection.transport.abort()


@pytest.mark.parametrize("busy", [False, True])
async def test_the_end_does_not_wait_for_a_late_attempt_unless_the_vendor_asked_for_the_wait(busy, open_session):
    policy = msgspec.structs.replace(
        QUICK, backoff_first_s=1800.0, backoff_cap_s=3600.0, backoff_jitter=0.0, unreached_cap_s=0.05
    )
    if busy:
        policy = msgspec.structs.replace(policy, backoff_first_s=0.01, drain_s=0.5)
    async with NumberedServer() as server:
        session, listener = open_session(server.url, policy=policy)
        await session.connect()
        await session.send(numbered(0, 8_000))
        await listener.event(Partial)
        server.refuse = (429, {"Retry-After": "3600"}) if busy else None
        server.live[0].transport.abort()
        await listener.until(lambda: any(e.retry_in is not None and e.retry_in > 1 for e in listener.of(StateChanged)))
        await session.disconnect()
        await listener.end()
        assert (server.attempts, listener.recognised()) == ((2, 0) if busy else (2, 8_000))


async def test_what_was_never_heard_is_told_at_the_end(open_session):
    session, listener = open_session("ws://127.0.0.1:9")
    await session.send(numbered(0, 16_000))
    await session.disconnect()
    await listener.end()
    assert isinstance(listener.events[-1].error, ConnectionError)


async def test_disconnect_twice_and_after_abort(open_session):
    async with NumberedServer() as server:
        session, listener = open_session(server.url)
        await session.connect()
        await asyncio.gather(session.disconnect(), session.disconnect())
        await session.abort()
        await session.disconnect()
        await listener.end()
        assert len(listener.of(Closed)) == 1
        with pytest.raises(ConnectionError):
            await session.send(b"\0\0")
        with pytest.raises(ConnectionError):
            await session.connect()
