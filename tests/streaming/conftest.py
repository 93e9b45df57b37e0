from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from typing import Any

import pytest

from debabelizer.contract import EpochContext, StreamProtocol
from debabelizer.streaming import Session, SessionPolicy
from debabelizer.streaming.transports import websocket  # noqa: F401 - else imported in a test's short deadline
from fakes.leaks import nothing_left
from fakes.numbered_session import QUICK, Listener, numbered_session


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
        first_epoch: int = 0,
        **more: Any,
    ) -> tuple[Session, Listener]:
        if isinstance(target, str):
            session = numbered_session(target, policy=policy, first_epoch=first_epoch, **more)
        else:
            session = Session(target, policy=policy, first_epoch=first_epoch)
        listener = Listener(session)
        made.append((session, listener))
        return session, listener

    yield make
    for session, listener in made:
        await session.abort()
        await listener.end()
