from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence

import pytest

from debabelizer.contract import EpochContext, StreamLimits, StreamProtocol
from debabelizer.streaming import Session, SessionPolicy, Transports
from fakes.leaks import nothing_left
from fakes.numbered_protocol import NumberedProtocol
from fakes.numbered_session import QUICK, QUICK_LIMITS, Listener


@pytest.fixture(autouse=True)
async def nothing_leaks() -> AsyncIterator[None]:
    async with nothing_left():
        yield


Open = Callable[..., tuple[Session, Listener]]


@pytest.fixture
async def open_session() -> AsyncIterator[Open]:
    """Makes a session for the numbered vendor, with a listener; it is ended after the test."""
    made: list[tuple[Session, Listener]] = []

    def make(
        target: str | Sequence[tuple[str, Callable[[EpochContext], StreamProtocol]]],
        *,
        policy: SessionPolicy = QUICK,
        limits: StreamLimits = QUICK_LIMITS,
        transports: Transports | None = None,
        first_epoch: int = 0,
        clock: Callable[[], float] | None = None,
        **protocol: object,
    ) -> tuple[Session, Listener]:
        if isinstance(target, str):

            def open_epoch(context: EpochContext) -> StreamProtocol:
                return NumberedProtocol(target, context, limits=limits, **protocol)

            session = Session(
                open_epoch, "numbered", policy=policy, first_epoch=first_epoch, transports=transports, clock=clock
            )
        else:
            session = Session(target, policy=policy, first_epoch=first_epoch, transports=transports)
        listener = Listener(session)
        made.append((session, listener))
        return session, listener

    yield make
    for session, listener in made:
        await session.abort()
        await listener.end()
