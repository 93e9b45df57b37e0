"""Notices that the machine has slept, and that the network is another one: an open connection may then be dead, and
one that could not be made may be possible."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import Awaitable, Callable
from enum import Enum, auto

import msgspec

_EVERY_S = 2.0
_SLEPT_S = 1.5
"""Clocks drift apart by less than this between two looks, unless the machine slept or was set."""
_LATE_S = 10.0
"""A look so much too late means sleep as well, where no clock tells."""
_SOMEWHERE = ((socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1"))
"""Addresses for documentation: what leads to them leads everywhere. Nothing is sent there."""


class Change(Enum):
    WOKE = auto()
    NETWORK = auto()


class World(msgspec.Struct, frozen=True):
    """``now``: monotonic seconds. ``asleep``: seconds by which a clock that runs on while the machine sleeps is ahead
    of one that does not. ``addresses``: those this machine is known by; empty without a network."""

    now: float
    asleep: float
    addresses: tuple[str, ...]


def look() -> World:
    return World(time.monotonic(), _asleep(), _addresses())


class Vigil:
    """``changed`` is called on the loop. ``look`` and ``pause`` are the edge of the world."""

    def __init__(
        self,
        changed: Callable[[Change, World], None],
        *,
        look: Callable[[], World] = look,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._changed = changed
        self._look = look
        self._pause = pause
        self.world = look()

    async def run(self) -> None:
        """For as long as it is not cancelled."""
        while True:
            await self._pause(_EVERY_S)
            before, self.world = self.world, self._look()
            if slept(before, self.world):
                self._changed(Change.WOKE, self.world)
            elif before.addresses != self.world.addresses:
                self._changed(Change.NETWORK, self.world)


def slept(before: World, after: World) -> bool:
    """Between two looks of a vigil."""
    return after.asleep - before.asleep > _SLEPT_S or after.now - before.now > _EVERY_S + _LATE_S


def _asleep() -> float:
    boot = getattr(time, "CLOCK_BOOTTIME", None)
    if boot is not None:
        return time.clock_gettime(boot) - time.clock_gettime(time.CLOCK_MONOTONIC)
    return time.time() - time.monotonic()


def _addresses() -> tuple[str, ...]:
    """Where this machine would speak from. Connecting a datagram socket only asks the routing table."""
    found = []
    for family, there in _SOMEWHERE:
        try:
            with socket.socket(family, socket.SOCK_DGRAM) as asking:
                asking.connect((there, 9))
                found.append(str(asking.getsockname()[0]))
        except OSError:
            continue
    return tuple(found)
