"""Sleep and change of network, noticed by clocks and addresses of the test's own."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

import pytest

from debabelizer.dictation.vigil import Change, Vigil, World, look

HOME = ("192.0.2.7",)
OFFICE = ("198.51.100.3", "2001:db8::7")


def world(now: float, *, asleep: float = 5000.0, addresses: tuple[str, ...] = HOME) -> World:
    return World(now=now, asleep=asleep, addresses=addresses)


async def noticed(worlds: Iterable[World]) -> list[tuple[Change, World]]:
    """What a vigil says of these, one look after the other."""
    left = list(worlds)
    said: list[tuple[Change, World]] = []

    async def pause(_: float) -> None:
        if not left:
            raise asyncio.CancelledError

    vigil = Vigil(lambda change, seen: said.append((change, seen)), look=lambda: left.pop(0), pause=pause)
    with pytest.raises(asyncio.CancelledError):
        await vigil.run()
    return said


async def test_nothing_happens_while_the_clocks_agree_and_the_address_stays() -> None:
    drifting = [world(2.0 * n, asleep=5000 + 0.3 * n) for n in range(50)]  # a clock that is being set right slowly
    assert not await noticed(drifting)


@pytest.mark.parametrize("sleeping_s", [2.0, 60.0, 200_000.0])
async def test_sleep_shows_in_the_clock_that_runs_on(sleeping_s: float) -> None:
    after = [world(2.0, asleep=5000 + sleeping_s), world(4.0, asleep=5000 + sleeping_s)]
    assert await noticed([world(0.0), *after]) == [(Change.WOKE, after[0])]


async def test_sleep_shows_in_a_look_that_comes_far_too_late_where_every_clock_runs_on() -> None:
    late = world(3600.0)
    assert await noticed([world(0.0), world(2.5), late, world(3602.0)]) == [(Change.WOKE, late)]


async def test_another_network_no_network_and_back() -> None:
    seen = [
        world(0.0),
        world(2.0, addresses=OFFICE),
        world(4.0, addresses=OFFICE),
        world(6.0, addresses=()),
        world(8.0, addresses=OFFICE),
    ]
    assert await noticed(seen) == [(Change.NETWORK, seen[1]), (Change.NETWORK, seen[3]), (Change.NETWORK, seen[4])]


async def test_waking_up_elsewhere_is_told_once() -> None:
    there = world(2.0, asleep=9000.0, addresses=OFFICE)
    assert await noticed([world(0.0), there, world(4.0, asleep=9000.0, addresses=OFFICE)]) == [(Change.WOKE, there)]


def test_a_real_look_is_the_same_twice() -> None:
    first, second = look(), look()
    assert second.addresses == first.addresses
    assert second.now >= first.now
    assert abs(second.asleep - first.asleep) < 1
