"""Drops, half-open connections, keep-alive and idle closes."""

from __future__ import annotations

import asyncio
import json
import time

import msgspec
import pytest

from debabelizer.contract import CommitOutcome, KeepAlive
from debabelizer.errors import AuthenticationError, ConnectionError
from debabelizer.events import (
    Committed,
    ErrorOccurred,
    Partial,
    Retracted,
    SegmentId,
    SessionStarted,
    SessionState,
    StateChanged,
)
from debabelizer.streaming import SessionPolicy
from fakes.flaky_proxy import FlakyProxy
from fakes.numbered_protocol import numbered, unrolled
from fakes.numbered_recogniser import Behaviour
from fakes.numbered_server import NumberedServer
from fakes.numbered_session import QUICK, QUICK_LIMITS, Listener


async def test_a_drop_in_mid_utterance_loses_and_doubles_nothing(open_session):
    async with NumberedServer() as server, FlakyProxy(server.port) as proxy:
        session, listener = open_session(proxy.url)
        await session.connect()
        await session.send(numbered(0, 8_000))
        await listener.event(Partial)
        proxy.cut()
        await session.send(numbered(8_000, 8_000))
        result = await session.commit()
        assert unrolled([result.text]) == 16_000
        await session.disconnect()
        await listener.end()
        assert listener.recognised() == 16_000
        assert [event.epoch for event in listener.of(SessionStarted)] == [0, 1]
        states = [event.state for event in listener.of(StateChanged)]
        assert states == [
            SessionState.CONNECTING,
            SessionState.CONNECTED,
            SessionState.RECONNECTING,
            SessionState.CONNECTED,
            SessionState.DRAINING,
            SessionState.CLOSED,
        ]


async def test_only_what_no_final_covers_is_sent_again(open_session):
    async with NumberedServer() as server, FlakyProxy(server.port) as proxy:
        session, listener = open_session(proxy.url)
        await session.connect()
        await session.send(numbered(0, 16_000))
        await session.commit()
        await session.send(numbered(16_000, 3_000))
        await server.until(lambda: server.connections[0].received == 19_000)
        proxy.cut()
        await session.send(numbered(19_000, 1_000))
        await session.commit()
        assert server.connections[1].received == 4_000
        assert session.covered == 20_000 / 16_000
        await session.disconnect()
        await listener.end()
        assert listener.recognised() == 20_000


async def test_shown_text_stays_until_the_new_connection_shows_some(open_session):
    async with NumberedServer() as server, FlakyProxy(server.port) as proxy:
        session, listener = open_session(proxy.url)
        await session.connect()
        await session.send(numbered(0, 4_000))
        await listener.until(lambda: SegmentId(0, 0) in listener.shown)
        proxy.cut()
        await listener.event(Retracted)
        order = [
            type(event)
            for event in listener.events
            if isinstance(event, SessionStarted | Retracted)
            or (isinstance(event, Partial) and event.change.segment.epoch == 1)
        ]
        assert order[:3] == [SessionStarted, SessionStarted, Retracted]
        await listener.until(lambda: SegmentId(1, 0) in listener.shown)
        await session.abort()


async def test_a_half_open_connection_is_noticed_while_speaking(open_session):
    async with NumberedServer() as server, FlakyProxy(server.port) as proxy:
        session, listener = open_session(proxy.url, titles={"numbered": "The Numbered"})
        await session.connect()
        await session.send(numbered(0, 1_600))
        await listener.event(Partial)
        proxy.half_open()
        await session.send(numbered(1_600, 1_600))
        dead = await listener.event(ErrorOccurred)
        assert dead.error.code == "half_open"
        assert "to The Numbered has" in str(dead.error), "by the name that users know"
        assert isinstance(dead.error, ConnectionError)
        proxy.cut()
        proxy.heal()
        assert unrolled([(await session.commit()).text]) == 3_200


def test_the_default_notices_death_within_three_seconds():
    policy = SessionPolicy()
    assert policy.half_open_s * (1 + 1 / 5) <= 3.0


async def test_a_live_but_silent_server_is_not_taken_for_dead(open_session):
    """It answers pings; it just has nothing to say. Three deadlines pass."""
    quiet = msgspec.structs.replace(QUICK, half_open_s=0.1)
    async with NumberedServer() as server:

        async def silent(connection) -> None:
            async for message in connection:
                if isinstance(message, str):
                    await connection.send(json.dumps({"is": "ready"}))

        server.take_over = silent
        session, listener = open_session(server.url, policy=quiet)
        await session.connect()
        until = time.monotonic() + 0.4
        position = 0
        while time.monotonic() < until:
            await session.send(numbered(position, 320))
            position += 320
            await asyncio.sleep(0.02)
        assert not listener.of(ErrorOccurred)
        await session.abort()


async def test_an_idle_dead_connection_is_noticed_by_its_pings(open_session):
    limits = msgspec.structs.replace(QUICK_LIMITS, keep_alive=KeepAlive.PING, keep_alive_every_s=0.05)
    async with NumberedServer() as server, FlakyProxy(server.port) as proxy:
        session, listener = open_session(proxy.url, limits=limits)
        await session.connect()
        proxy.half_open()
        dead = await listener.event(ErrorOccurred)
        assert dead.error.code == "half_open"
        await session.abort()


async def test_keep_alive_messages_go_out_while_idle(open_session):
    limits = msgspec.structs.replace(QUICK_LIMITS, keep_alive=KeepAlive.MESSAGE, keep_alive_every_s=0.02)
    async with NumberedServer() as server:
        session, _ = open_session(server.url, limits=limits)
        await session.connect()
        await server.until(lambda: server.connections[0].keeps >= 3)
        assert server.connections[0].received == 0
        await session.abort()


async def test_keep_alive_by_silence_keeps_the_times_right(open_session):
    limits = msgspec.structs.replace(
        QUICK_LIMITS, keep_alive=KeepAlive.SILENCE, keep_alive_every_s=0.02, keep_alive_silence_s=0.5
    )
    async with NumberedServer() as server:
        server.idle_close_s = 1.0
        session, listener = open_session(server.url, limits=limits)
        await session.connect()
        await session.send(numbered(0, 1_600))
        await session.commit()
        seen = server.connections[0].silence
        await server.until(lambda: server.connections[0].silence >= seen + 16_000)
        await session.send(numbered(1_600, 1_600))
        await session.commit()
        finals = [final for final in listener.finals.values() if final.text]
        assert [(final.start, final.end) for final in finals][-1] == (0.1, 0.2)
        await session.disconnect()
        await listener.end()
        assert listener.recognised() == 3_200
        assert len(server.connections) == 1


@pytest.mark.parametrize("keep_alive", [KeepAlive.REOPEN, KeepAlive.NONE])
async def test_an_idle_close_is_no_error_and_audio_reopens(keep_alive, open_session):
    limits = msgspec.structs.replace(QUICK_LIMITS, keep_alive=keep_alive)
    async with NumberedServer() as server:
        server.idle_close_s = 0.1
        session, listener = open_session(server.url, limits=limits)
        await session.connect()
        await session.send(numbered(0, 1_600))
        await session.commit()
        await listener.event(StateChanged, lambda event: event.state is SessionState.IDLE)
        assert not listener.of(ErrorOccurred)
        assert len(server.connections) == 1
        await session.send(numbered(1_600, 1_600))
        assert unrolled([(await session.commit()).text], 1_600) == 3_200
        assert len(server.connections) == 2
        await session.disconnect()
        await listener.end()
        assert listener.recognised() == 3_200


async def test_a_hang_up_in_good_order_with_a_commit_unanswered_is_no_idle_close(open_session):
    limits = msgspec.structs.replace(QUICK_LIMITS, commit_answer_s=60.0)
    ahead = 0.0
    async with NumberedServer(Behaviour(answers=False)) as server:
        session, listener = open_session(
            server.url,
            limits=limits,
            policy=msgspec.structs.replace(QUICK, half_open_s=60.0),
            clock=lambda: time.monotonic() + ahead,
        )
        await session.connect()
        await session.send(numbered(0, 8_000))
        handle = session.commit()
        await server.until(lambda: server.connections[0].commits)
        server.behaviour = Behaviour()
        ahead = 5.0  # no audio for so long: with nothing owed, it would be an idle close
        await server.live[0].close(1000)
        async with asyncio.timeout(30):
            assert unrolled([(await handle).text]) == 8_000, "without another word from the user"
        assert SessionState.IDLE not in [event.state for event in listener.of(StateChanged)]
        await session.disconnect()
        await listener.end()
        assert listener.recognised() == 8_000


async def test_a_connection_is_closed_after_the_set_idle_time(open_session):
    policy = msgspec.structs.replace(QUICK, idle_close_s=0.1)
    async with NumberedServer() as server:
        session, listener = open_session(server.url, policy=policy)
        await session.connect()
        await session.send(numbered(0, 1_600))
        await session.commit()
        await listener.event(StateChanged, lambda event: event.state is SessionState.IDLE)
        await server.until(lambda: not server.live)
        await session.send(numbered(1_600, 800))
        await session.commit()
        await listener.until(lambda: [event.state for event in listener.of(StateChanged)].count(SessionState.IDLE) >= 2)
        await session.connect()
        assert session.state is SessionState.CONNECTED
        await session.disconnect()
        await listener.end()
        assert listener.recognised() == 2_400
        assert not listener.of(ErrorOccurred)


async def test_instant_drops_in_a_row_stop(open_session):
    async with NumberedServer() as server:

        async def drop(connection) -> None:
            await connection.recv()
            await connection.send(json.dumps({"is": "ready"}))
            await connection.close(1011, "no")

        server.take_over = drop
        policy = msgspec.structs.replace(QUICK, instant_s=1.0, max_instant_drops=4)
        session, listener = open_session(server.url, policy=policy)
        await session.connect()
        failed = await listener.event(StateChanged, lambda event: event.state is SessionState.FAILED)
        assert server.attempts == 4
        assert "1011" in failed.error.message


async def test_success_resets_the_back_off(open_session):
    async with NumberedServer() as server, FlakyProxy(server.port) as proxy:
        policy = msgspec.structs.replace(
            QUICK, backoff_first_s=0.01, backoff_factor=3.0, backoff_jitter=0.0, instant_s=30.0, max_instant_drops=3
        )
        session, listener = open_session(proxy.url, policy=policy)
        await session.connect()
        for position in range(0, 16_000, 1_600):
            await session.send(numbered(position, 1_600))
            assert (await session.commit()).outcome is CommitOutcome.FINAL
            proxy.cut()
        await session.send(numbered(16_000, 1_600))
        await session.commit()
        assert len(waits(listener)) == 10
        assert set(waits(listener)) == {0.01}


def waits(listener: Listener) -> list[float]:
    """Seconds to each next attempt, as they were told."""
    return [event.retry_in for event in listener.of(StateChanged) if event.retry_in is not None]


@pytest.mark.parametrize("speaks", ["before", "while nobody is there"])
async def test_whoever_speaks_waits_for_no_back_off_once_the_vendor_can_be_reached(speaks, open_session):
    """Until then the session is patient: an hour, here."""
    policy = msgspec.structs.replace(
        QUICK, backoff_factor=1e6, backoff_cap_s=3600.0, backoff_jitter=0.0, unreached_cap_s=0.05
    )
    async with NumberedServer() as server, FlakyProxy(server.port) as proxy:
        session, listener = open_session(proxy.url, policy=policy)
        await session.connect()
        await session.send(numbered(0, 8_000))
        await listener.event(Partial)
        if speaks != "before":
            await session.commit()
        proxy.refusing = True
        proxy.cut()
        await listener.until(lambda: len(waits(listener)) > 1)
        assert waits(listener)[1] == (0.05 if speaks == "before" else 3600.0)
        if speaks != "before":
            await session.send(numbered(8_000, 8_000))
        proxy.refusing = False
        async with asyncio.timeout(20):
            await session.commit()
        await session.disconnect()
        await listener.end()
        assert listener.recognised() == (8_000 if speaks == "before" else 16_000)


async def test_what_a_vendor_says_first_after_an_outage_begins_a_new_back_off(open_session):
    policy = msgspec.structs.replace(
        QUICK, backoff_factor=1e6, backoff_cap_s=3600.0, backoff_jitter=0.0, unreached_cap_s=0.05
    )

    async def busy(connection) -> None:
        server.take_over = None
        await connection.close(1013, "busy")

    async with NumberedServer() as server, FlakyProxy(server.port) as proxy:
        session, listener = open_session(proxy.url, policy=policy)
        await session.connect()
        await session.send(numbered(0, 8_000))
        await listener.event(Partial)
        proxy.refusing = True
        proxy.cut()
        await listener.until(lambda: len(waits(listener)) > 1)  # an hour by now, were nobody speaking
        server.take_over = busy
        proxy.refusing = False
        async with asyncio.timeout(20):
            assert (await session.commit()).outcome is CommitOutcome.FINAL
        assert server.take_over is None


async def test_a_hopeless_error_in_mid_session_stops_at_once(open_session):
    async with NumberedServer() as server:

        async def revoke(connection) -> None:
            await connection.recv()
            await connection.send(json.dumps({"is": "ready"}))
            await connection.recv()
            await connection.send(json.dumps({"is": "error", "kind": "auth", "text": "key revoked"}))
            await connection.wait_closed()

        server.take_over = revoke
        session, listener = open_session(server.url)
        await session.connect()
        await session.send(numbered(0, 1_600))
        result = await session.commit()
        assert result.outcome is CommitOutcome.FAILED
        assert isinstance(result.error, AuthenticationError)
        fatal = await listener.event(ErrorOccurred)
        assert fatal.fatal
        assert server.attempts == 1


async def test_an_error_that_does_not_end_the_connection_is_passed_on(open_session):
    async with NumberedServer() as server:

        async def grumble(connection) -> None:
            await connection.recv()
            await connection.send(json.dumps({"is": "ready"}))
            frame = {"is": "error", "kind": "rate", "text": "slow down", "ends": False}
            await connection.send(json.dumps(frame))
            await connection.send(json.dumps({"is": "final", "key": 0, "text": ""}))
            await connection.send(json.dumps({"is": "final", "key": 1, "text": "1+1"}))
            await connection.wait_closed()

        server.take_over = grumble
        session, listener = open_session(server.url)
        await session.connect()
        await listener.event(Committed)
        assert [event.fatal for event in listener.of(ErrorOccurred)] == [False]
        assert session.state is SessionState.CONNECTED
        await session.abort()
