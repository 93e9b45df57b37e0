"""The door to one provider: who waits, who gives up waiting, and who is let in."""

from __future__ import annotations

import asyncio

import pytest

from debabelizer.streaming.transports.gate import Gate


async def test_who_gives_up_waiting_as_a_place_gets_free_is_passed_over() -> None:
    gate = Gate()
    first = await gate.enter(1)
    second, third = (asyncio.ensure_future(gate.enter(1)) for _ in range(2))
    await asyncio.sleep(0)
    second.cancel()
    first.close()
    async with asyncio.timeout(10):
        (await third).close()
    with pytest.raises(asyncio.CancelledError):
        await second


async def test_who_gives_up_after_being_let_in_leaves_the_place_to_the_next() -> None:
    gate = Gate()
    first = await gate.enter(1)
    second, third = (asyncio.ensure_future(gate.enter(1)) for _ in range(2))
    await asyncio.sleep(0)
    first.close()
    second.cancel()
    async with asyncio.timeout(10):
        (await third).close()
        (await gate.enter(1)).close()
    with pytest.raises(asyncio.CancelledError):
        await second
