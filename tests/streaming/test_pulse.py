"""What a ping that is not answered says about a connection."""

from __future__ import annotations

import asyncio

import pytest

from debabelizer.contract import WireMessage
from debabelizer.streaming.pulse import Pulse
from debabelizer.streaming.transports.link import Link


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
