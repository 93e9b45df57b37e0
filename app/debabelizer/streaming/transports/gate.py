"""The door to one provider: so many requests at a time, and none while it asks to be left alone, whoever sends them."""

from __future__ import annotations

import asyncio
import random
import time
from collections import deque
from collections.abc import Callable

from debabelizer.errors import ProviderError

_JITTER = 0.25
"""Those who waited do not all come at once."""
_SOON_S = 0.1
"""A wait of which nothing need be told."""
_GOOD = 10
"""After so many answers one more request at a time is tried again."""

OnWait = Callable[[float, ProviderError], None]


class Place:
    """The right to one request at a time, until it is closed."""

    def __init__(self, gate: Gate) -> None:
        self._gate: Gate | None = gate

    def close(self) -> None:
        gate, self._gate = self._gate, None
        if gate is not None:
            gate._leave()


class Gate:
    """Of one event loop, shared by all recordings that go to the provider. First come, first served."""

    def __init__(self) -> None:
        self._inside = 0
        self._waiting: deque[tuple[int, asyncio.Future[None]]] = deque()
        self._closed_until = 0.0
        self._why: ProviderError | None = None
        self._fewer = 0
        """By so many the requests at a time are fewer than the provider is said to allow, since it refused more."""
        self._good = 0

    async def enter(self, parallel: int) -> Place:
        """Returns when fewer than ``parallel`` requests are inside."""
        let_in = asyncio.get_running_loop().create_future()
        self._waiting.append((parallel, let_in))
        self._let_in()
        try:
            await let_in
        except asyncio.CancelledError:
            if let_in.cancelled():
                self._let_in()  # passes over it
            else:  # it was let in, and never heard of it
                self._leave()
            raise
        return Place(self)

    async def opened(self, told: OnWait) -> None:
        """Returns when the provider may be asked again; ``told`` hears of the wait and its reason."""
        while (rest := self._closed_until - time.monotonic()) > 0:
            pause = rest * random.uniform(1, 1 + _JITTER)  # noqa: S311 - spreads load
            if pause > _SOON_S and self._why is not None:
                told(pause, self._why)
            await asyncio.sleep(pause)

    def leave_alone(self, seconds: float, why: ProviderError) -> None:
        """The provider refused a request for being one too many: nobody asks it for so long, and fewer do then."""
        now = time.monotonic()
        if now >= self._closed_until:  # refusals of the same moment count once
            self._fewer += 1
        self._good = 0
        self._closed_until, self._why = max(self._closed_until, now + seconds), why

    def answered(self) -> None:
        """A request went well."""
        self._good += 1
        if self._good >= _GOOD and self._fewer:
            self._fewer, self._good = self._fewer - 1, 0
            self._let_in()

    def _leave(self) -> None:
        self._inside -= 1
        self._let_in()

    def _let_in(self) -> None:
        while self._waiting:
            parallel, let_in = self._waiting[0]
            if let_in.cancelled():
                self._waiting.popleft()
                continue
            self._fewer = min(self._fewer, max(0, parallel - 1))
            if self._inside >= max(1, parallel - self._fewer):
                return
            self._waiting.popleft()
            self._inside += 1
            let_in.set_result(None)
