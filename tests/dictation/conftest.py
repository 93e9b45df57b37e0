"""Dictation over real sessions and a real WebSocket server, with a microphone and a program of the test's own."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import msgspec
import pytest

from debabelizer.config import Settings
from debabelizer.config.core_settings import CORE
from debabelizer.contract import EpochContext, Kind, StreamLimits, StreamProtocol
from debabelizer.dictation import Dictation
from debabelizer.dictation.second_look import Ask
from debabelizer.dictation.vigil import World
from debabelizer.events import SessionState
from debabelizer.streaming import OpenEpoch, Session, SessionPolicy
from fakes.dictation_parts import FakeMicrophone, FakeProgram, Heard
from fakes.numbered_protocol import NumberedProtocol
from fakes.numbered_server import NumberedServer

QUICK = SessionPolicy(connect_s=2.0, backoff_first_s=0.02, backoff_cap_s=0.1)
HOME = World(now=0.0, asleep=0.0, addresses=("192.0.2.7",))
_ANY_NAME = {Kind.PROVIDER: Kind.TEXT, Kind.PROVIDERS: Kind.LIST}
TABLE = tuple(msgspec.structs.replace(one, kind=_ANY_NAME.get(one.kind, one.kind)) for one in CORE)


@dataclass
class Room:
    """Everything a test of dictation has at hand."""

    server: NumberedServer
    microphone: FakeMicrophone
    program: FakeProgram
    heard: Heard
    settings: Settings
    folder: Path
    dictation: Dictation
    opened: list[tuple[str, int]]
    protocols: dict[str, Callable[[EpochContext], StreamProtocol]]
    world: list[World]
    """One: what a look at clocks and network shows."""
    looks: asyncio.Semaphore
    """Released by every look."""

    async def decided(self) -> None:
        """Returns when the world as it is now has been looked at, and whoever connects ahead for it has done so."""
        while not self.looks.locked():
            await self.looks.acquire()
        for _ in range(2):  # at the second, what followed from the first is under way
            await asyncio.wait_for(self.looks.acquire(), 10)
        await asyncio.gather(*(task for task in asyncio.all_tasks() if task.get_name() == "connecting ahead"))


Enter = Callable[..., "AsyncIterator[Room]"]


@pytest.fixture
def room(tmp_path: Path) -> Callable[..., object]:
    """``async with room(**settings) as r``; keys with ``__`` for dots."""

    @asynccontextmanager
    async def enter(
        *,
        server: NumberedServer | None = None,
        policy: SessionPolicy = QUICK,
        final_s: float = 10.0,
        world: World = HOME,
        ask: Ask | None = None,
        **values: object,
    ) -> AsyncIterator[Room]:
        wanted = {"provider": "numbered", "dictation.tail_ms": "0"}
        wanted |= {key.replace("__", "."): str(value) for key, value in values.items()}
        settings = Settings.load(tmp_path / "settings.toml", environ={}, table=TABLE)
        for key, value in wanted.items():
            settings.set(key, value)
        async with server or NumberedServer() as running:
            opened: list[tuple[str, int]] = []
            limits = StreamLimits(commit_answer_s=2.0)

            def opener(provider: str) -> OpenEpoch:
                return protocols.get(provider) or (lambda c: NumberedProtocol(running.url, c, limits=limits))

            def open_session(provider: str, first_epoch: int) -> Session:
                opened.append((provider, first_epoch))
                names = (provider, *settings.get("session.failover"))
                return Session([(name, opener(name)) for name in names], policy=policy, first_epoch=first_epoch)

            def open_alone(provider: str, first_epoch: int) -> Session:
                return Session(opener(provider), provider, policy=policy, first_epoch=first_epoch)

            protocols: dict[str, Callable[[EpochContext], StreamProtocol]] = {}
            seen, looks = [world], asyncio.Semaphore(0)

            def look() -> World:
                looks.release()
                return seen[0]

            microphone, program, heard = FakeMicrophone(), FakeProgram(), Heard()
            dictation = Dictation(
                settings=settings,
                open_session=open_session,
                open_alone=open_alone,
                look=look,
                capture=microphone,
                inserter=program,
                folder=tmp_path / "state",
                final_s=final_s,
                ask=ask,
            )
            dictation.subscribe(heard)
            try:
                yield Room(
                    running,
                    microphone,
                    program,
                    heard,
                    settings,
                    tmp_path / "state",
                    dictation,
                    opened,
                    protocols,
                    seen,
                    looks,
                )
            finally:
                await dictation.close()
                assert dictation.session_state in (SessionState.IDLE, SessionState.CLOSED)

    return enter
