"""When a connection is made before anybody speaks, and what sleep and another network do to it."""

from __future__ import annotations

import asyncio

import msgspec
import pytest

from debabelizer.dictation import vigil
from debabelizer.dictation.vigil import World
from debabelizer.events import SessionStarted, SessionState, StateChanged, TakeFinished
from debabelizer.streaming import SessionPolicy
from fakes.flaky_proxy import FlakyProxy
from fakes.numbered_protocol import NumberedProtocol, unrolled

PATIENT = SessionPolicy(idle_ping_s=3600.0, backoff_first_s=0.02, backoff_cap_s=0.1, half_open_s=0.5)
"""An idle connection that is dead is not found by itself before the test is long over."""
HOME = World(now=0.0, asleep=0.0, addresses=("192.0.2.7",))
NOWHERE = World(now=0.0, asleep=0.0, addresses=())


@pytest.fixture(autouse=True)
def short_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vigil, "_EVERY_S", 0.01)


@pytest.mark.parametrize(
    ("choice", "provider", "connects"),
    [
        ("automatic", "deepgram", True),
        ("automatic", "whisper", False),
        ("always", "whisper", True),
        ("never", "deepgram", False),
    ],
)
async def test_at_the_start(room, choice: str, provider: str, connects: bool) -> None:
    async with room(provider=provider, session__connect_ahead=choice) as it:
        await it.dictation.recover()
        if connects:
            await it.heard.next(SessionStarted)
        else:
            await it.decided()
            assert it.server.attempts == 0


async def test_who_asks_for_a_connection_does_not_wait_for_the_next_attempt(room) -> None:
    policy = msgspec.structs.replace(PATIENT, backoff_first_s=3600.0, backoff_cap_s=3600.0)
    async with room(policy=policy) as it:
        await it.dictation.connect()
        await it.heard.next(SessionStarted)
        it.server.refuse = (503, {})
        it.server.live[0].transport.abort()
        await it.heard.next(StateChanged, lambda event: event.retry_in is not None)
        it.server.refuse = None
        asking = asyncio.create_task(it.dictation.connect())
        await it.heard.next(SessionStarted, count=2)
        await asking


async def test_a_dead_connection_is_found_when_the_network_changes(room) -> None:
    async with room(policy=PATIENT) as it, FlakyProxy(it.server.port) as proxy:
        it.protocols["numbered"] = lambda context: NumberedProtocol(proxy.url, context)
        await it.dictation.connect()
        await it.heard.next(SessionStarted)
        proxy.half_open()
        it.world[0] = msgspec.structs.replace(HOME, addresses=("198.51.100.3",))
        await it.heard.next(StateChanged, lambda event: event.state is SessionState.RECONNECTING)
        proxy.cut()
        proxy.heal()
        await it.heard.next(SessionStarted, count=2)
        await it.dictation.start()
        await it.microphone.say(0.5)
        await it.dictation.stop()
        assert unrolled([(await it.heard.next(TakeFinished)).text], 0) == 8_000


async def test_started_before_there_is_a_network(room) -> None:
    async with room(provider="deepgram", world=NOWHERE) as it:
        await it.dictation.recover()
        await it.decided()
        assert it.server.attempts == 0
        it.world[0] = HOME
        await it.heard.next(SessionStarted)
        assert it.dictation.session_state is SessionState.CONNECTED


async def test_woken_up_and_connected_again(room) -> None:
    policy = SessionPolicy(idle_close_s=0.1)
    async with room(provider="deepgram", policy=policy) as it:
        await it.dictation.recover()
        await it.heard.next(SessionStarted)
        await it.heard.next(StateChanged, lambda event: event.state is SessionState.IDLE)
        it.world[0] = msgspec.structs.replace(HOME, asleep=3600.0)
        await it.heard.next(SessionStarted, count=2)


async def test_who_has_closed_the_connection_finds_it_closed_after_sleep(room) -> None:
    async with room(provider="deepgram") as it:
        await it.dictation.recover()
        await it.heard.next(SessionStarted)
        await it.dictation.disconnect()
        it.world[0] = msgspec.structs.replace(HOME, asleep=3600.0)
        await it.decided()
        assert len(it.heard.of(SessionStarted)) == 1
