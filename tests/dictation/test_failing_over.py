"""Takes while the provider fails: who listens instead, who never does, and the way back."""

from __future__ import annotations

import asyncio

import pytest

from debabelizer.contract import EpochContext, StreamLimits, StreamProtocol
from debabelizer.dictation import way_back
from debabelizer.errors import AuthenticationError
from debabelizer.events import InsertResult, ProviderChanged, SessionState, StateChanged, TakeFailed, TakeFinished
from fakes.numbered_protocol import NumberedProtocol, unrolled
from fakes.numbered_server import NumberedServer

LIMITS = StreamLimits(commit_answer_s=2.0)


@pytest.fixture
async def stand_in():
    async with NumberedServer() as server:
        yield server


def serve(it, name: str, server: NumberedServer) -> None:
    """``name`` is that server from now on."""

    def protocol(context: EpochContext) -> StreamProtocol:
        return NumberedProtocol(server.url, context, limits=LIMITS)

    it.protocols[name] = protocol


async def take(it, count: int, seconds: float = 0.5) -> TakeFinished:
    """A whole take, the ``count``-th of the test."""
    await it.dictation.start()
    await it.microphone.say(seconds)
    await it.dictation.stop()
    return await it.heard.next(TakeFinished, count=count)


async def test_the_take_goes_on_with_the_next_provider_and_says_so(room, stand_in) -> None:
    async with room(session__failover="second") as it:
        serve(it, "second", stand_in)
        await it.dictation.start()
        await it.microphone.say(0.5)
        await it.server.until(lambda: bool(it.server.connections) and it.server.connections[0].received == 8_000)
        it.server.refuse = (401, {})
        it.server.live[0].transport.abort()
        await it.microphone.say(0.5)
        await it.dictation.stop()
        finished = await it.heard.next(TakeFinished)
        assert unrolled([finished.text], 0) == 16_000
        assert finished.result is InsertResult.INSERTED
        assert finished.provider == "second"
        changed = await it.heard.next(ProviderChanged)
        assert (changed.provider, changed.before) == ("second", "numbered")
        assert isinstance(changed.error, AuthenticationError)
        await it.dictation.settle()
        assert it.dictation.history.search("")[0].provider == "second"


async def test_sound_never_goes_to_a_provider_that_was_not_named(room, stand_in) -> None:
    async with room() as it:
        serve(it, "second", stand_in)
        it.server.refuse = (401, {})
        await it.dictation.start()
        await it.microphone.say(0.5)
        await it.dictation.stop()
        failed = await it.heard.next(TakeFailed)
        assert failed.kept
        assert stand_in.attempts == 0
        assert not it.heard.of(ProviderChanged)


async def test_the_chosen_provider_gets_the_next_take_when_it_works_again(room, stand_in, monkeypatch) -> None:
    monkeypatch.setattr(way_back, "HOPELESS_S", 0.05)
    async with room(session__failover="second") as it:
        serve(it, "second", stand_in)
        it.server.refuse = (401, {})
        assert (await take(it, 1)).provider == "second"
        await it.server.until(lambda: it.server.attempts >= 3)  # it is tried again, and again
        assert not [event for event in it.heard.of(ProviderChanged) if event.provider == "numbered"]
        it.server.refuse = None
        back = await it.heard.next(ProviderChanged, lambda event: event.provider == "numbered")
        assert (back.before, back.error) == ("second", None)
        finished = await take(it, 2)
        assert finished.provider == "numbered"
        assert unrolled([finished.text], 8_000) == 16_000


async def test_a_running_take_stays_where_it_is(room, stand_in, monkeypatch) -> None:
    monkeypatch.setattr(way_back, "HOPELESS_S", 0.01)
    async with room(session__failover="second") as it:
        serve(it, "second", stand_in)
        it.server.refuse = (401, {})
        await it.dictation.start()
        await it.microphone.say(0.5)
        await it.heard.next(ProviderChanged)
        it.server.refuse = None
        await it.heard.next(ProviderChanged, lambda event: event.provider == "numbered")
        await it.microphone.say(0.5)
        await it.dictation.stop()
        finished = await it.heard.next(TakeFinished)
        assert finished.provider == "second"
        assert unrolled([finished.text], 0) == 16_000
        assert (await take(it, 2)).provider == "numbered"


async def test_when_nobody_works_the_take_is_kept_with_the_reason_of_the_chosen_one(room, stand_in) -> None:
    async with room(session__failover="second") as it:
        serve(it, "second", stand_in)
        it.server.refuse = (401, {})
        stand_in.refuse = (503, {})
        await it.dictation.start()
        await it.microphone.say(0.5)
        await it.dictation.stop()
        failed = await it.heard.next(TakeFailed)
        assert failed.kept
        assert isinstance(failed.error, AuthenticationError)


async def test_who_is_named_or_mended_while_connected_counts_from_the_next_connection(room, stand_in) -> None:
    async with room() as it:
        serve(it, "second", stand_in)
        await take(it, 1)
        it.settings.set("session.failover", ["second"])
        await it.heard.next(StateChanged, lambda event: event.state is SessionState.CONNECTED, count=2)
        await it.server.until(lambda: len(it.server.live) == 1)
        it.server.refuse = (402, {})
        it.server.live[0].transport.abort()
        assert (await take(it, 2)).provider == "second"


async def test_the_end_of_the_program_does_not_wait_for_the_way_back(room, stand_in) -> None:
    async with asyncio.timeout(20), room(session__failover="second") as it:
        serve(it, "second", stand_in)
        it.server.refuse = (401, {})
        assert (await take(it, 1)).provider == "second"
        await it.dictation.close()
        assert it.server.attempts == 1
