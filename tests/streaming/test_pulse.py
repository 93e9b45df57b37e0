"""What pings and silence say about a connection."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from debabelizer.contract import CommitOutcome, WireMessage
from debabelizer.events import SessionStarted
from debabelizer.streaming.pulse import Pulse
from debabelizer.streaming.transports.link import Link
from fakes.numbered_protocol import numbered
from fakes.numbered_recogniser import Behaviour, NumberedRecogniser
from fakes.numbered_server import NumberedServer
from fakes.numbered_session import QUICK_LIMITS


class Line(Link):
    """Answers pings when told."""

    def __init__(self) -> None:
        self.answers = asyncio.Semaphore(0)

    async def ping(self) -> None:
        await self.answers.acquire()

    async def send(self, message: WireMessage) -> None: ...

    async def receive(self) -> WireMessage:
        return ""

    async def close(self) -> None: ...

    async def abort(self) -> None: ...


async def test_only_what_was_sent_before_a_ping_delays_its_answer() -> None:
    """What is said into a dead line after it must not put off the notice: it grows as fast as the silence does."""
    line = Line()
    pulse = Pulse(line, 5.0, lambda: 0.0)
    pulse.sent += 16_000
    line.answers.release()
    pulse.ping()
    await pulse.answer()
    assert (pulse.under_way_s, pulse.ahead_s) == (0.0, 0.0)
    pulse.sent += 8_000
    pulse.ping()
    pulse.sent += 32_000
    assert (pulse.under_way_s, pulse.ahead_s) == (2.5, pytest.approx(0.5))
    line.answers.release()
    await pulse.answer()
    assert (pulse.under_way_s, pulse.ahead_s) == (2.0, 0.0)


async def test_the_answer_to_a_ping_that_was_given_up_says_nothing() -> None:
    """It may have come over a way that is no more: what is doubted proves itself by the ping that follows."""

    class Slow(Line):
        def try_ping(self, answered: Callable[[], None]) -> bool:
            asked.append(answered)
            return True

    asked: list[Callable[[], None]] = []
    pulse = Pulse(Slow(), 5.0, lambda: 0.0)
    pulse.sent += 16_000
    pulse.ping()
    pulse.ping()
    assert len(asked) == 1, "one at a time"
    pulse.doubt()
    pulse.ping()
    assert len(asked) == 2, "a doubt does not wait for the answer to the first"
    asked[0]()
    assert pulse.doubted
    assert pulse.under_way_s == 1.0
    asked[1]()
    assert not pulse.doubted
    assert pulse.under_way_s == 0.0


async def test_while_we_were_away_ourselves_nobody_else_was_silent(open_session: Callable[..., Any]) -> None:
    """A machine that was suspended for a moment has heard nothing of what came meanwhile."""
    looks, now = asyncio.Semaphore(0), [0.0]

    def clock() -> float:
        looks.release()
        return now[0]

    async def looked() -> None:
        """The watch over the connection, and only it by now, has asked for the time again and again."""
        for _ in range(60):
            await looks.acquire()

    answer = asyncio.Event()

    async def slow(connection: Any) -> None:
        recogniser = NumberedRecogniser(Behaviour())
        async for message in connection:
            answers = list(recogniser.hears(message))
            if recogniser.commits:
                await answer.wait()
            for one in answers:
                await connection.send(one)

    async with asyncio.timeout(60), NumberedServer() as server:
        server.take_over = slow
        limits = msgspec.structs.replace(QUICK_LIMITS, commit_answer_s=60.0)
        session, listener = open_session(server.url, limits=limits, clock=clock)
        await session.connect()
        await session.send(numbered(0, 8_000))
        handle = session.commit()
        await looked()
        now[0] = 30.0
        while not looks.locked():
            await looks.acquire()
        await looked()
        answer.set()
        assert (await handle).outcome is CommitOutcome.FINAL
        assert len(listener.of(SessionStarted)) == 1
