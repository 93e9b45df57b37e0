"""When things go wrong: the take is kept, the user is told once, and a retry brings the words."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any

import pytest

from debabelizer.contract import EpochContext, StreamProtocol
from debabelizer.dictation import TakeState
from debabelizer.errors import AudioError, AuthenticationError, ConfigurationError, Remedy, StorageError
from debabelizer.events import (
    Committed,
    DictationChanged,
    DictationState,
    ErrorOccurred,
    InsertResult,
    Notice,
    Partial,
    SessionStarted,
    TakeCancelled,
    TakeFailed,
    TakeFinished,
    TakesRecovered,
)
from fakes.dictation_parts import FOUND
from fakes.numbered_protocol import NumberedProtocol, unrolled
from fakes.numbered_recogniser import Behaviour
from fakes.numbered_server import NumberedServer

Enter = Callable[..., Any]


async def stop(r: Any) -> None:
    """Let go of the key; the microphone goes on delivering, as microphones do."""
    await r.dictation.stop()
    await r.microphone.say(0.04)


async def test_a_connection_lost_in_mid_take_costs_no_word(room: Enter) -> None:
    async with room() as r:
        await r.dictation.start()
        await r.microphone.say(0.5)
        await r.heard.next(Partial)
        for connection in list(r.server.live):
            connection.transport.abort()
        await r.microphone.say(0.5)
        await r.heard.next(SessionStarted, count=2)
        await r.microphone.say(0.5)
        await stop(r)
        finished = await r.heard.next(TakeFinished)
        assert unrolled([finished.text]) >= 1.5 * 16_000
        assert not any(event.fatal for event in r.heard.of(ErrorOccurred))


async def test_a_wrong_key_keeps_the_take_and_the_retry_goes_where_it_was_meant_to(room: Enter) -> None:
    attempts = 0

    def refused(context: EpochContext) -> StreamProtocol:
        nonlocal attempts
        attempts += 1
        raise AuthenticationError("The key was refused", "numbered")

    async with room() as r:
        r.protocols["numbered"] = refused
        take = await r.dictation.start()
        await r.microphone.say(1.0)
        await r.heard.next(ErrorOccurred, lambda e: e.fatal)
        await stop(r)
        failed = await r.heard.next(TakeFailed)
        assert (failed.take, failed.kept, failed.error.remedy) == (take, True, Remedy.SET_KEY)
        assert attempts == 1, "a wrong key does not get better by trying"
        (record,) = r.dictation.takes()
        assert (record.take, record.state, record.error) == (take, TakeState.KEPT, "The key was refused")
        assert record.seconds >= 1.0
        del r.protocols["numbered"]
        r.program.focus = None
        await r.dictation.retry(take)
        finished = await r.heard.next(TakeFinished)
        assert (finished.take, finished.result, finished.target) == (take, InsertResult.INSERTED, "editor")
        assert unrolled([r.program.text]) >= 16_000
        await r.dictation.settle()
        assert r.dictation.takes() == []
        assert r.dictation.transcript.text == finished.text
        assert r.dictation.state is DictationState.IDLE


async def test_a_retry_with_another_provider(room: Enter) -> None:
    async with room(server=NumberedServer(Behaviour(outcome="failed"))) as r, NumberedServer() as other:
        r.protocols["other"] = lambda context: NumberedProtocol(other.url, context)
        take = await r.dictation.start()
        await r.microphone.say(0.5)
        await stop(r)
        await r.heard.next(TakeFailed)
        await r.dictation.retry(take, "other")
        finished = await r.heard.next(TakeFinished)
        assert finished.provider == "other"
        assert unrolled([finished.text]) >= 8000
        assert [name for name, _ in r.opened] == ["numbered", "other"]
        assert len({epoch for _, epoch in r.opened}) == 2, "segments of two sessions never share an id"


async def test_a_retry_that_fails_keeps_the_take(room: Enter) -> None:
    async with room(server=NumberedServer(Behaviour(outcome="failed"))) as r:
        take = await r.dictation.start()
        await r.microphone.say(0.5)
        await stop(r)
        await r.heard.next(TakeFailed)
        await r.dictation.retry(take)
        again = await r.heard.next(TakeFailed, count=2)
        assert (again.take, again.kept) == (take, True)
        assert [record.take for record in r.dictation.takes()] == [take]
        assert r.dictation.transcript.text == ""
        await r.dictation.discard(take)
        assert r.dictation.takes() == []
        assert list((r.folder / "takes").iterdir()) == []


async def test_no_network_until_the_key_goes_up(room: Enter) -> None:
    reachable = False
    address = ""

    def protocol(context: EpochContext) -> StreamProtocol:
        return NumberedProtocol(address if reachable else "ws://127.0.0.1:9", context)

    async with room() as r:
        address = r.server.url
        r.protocols["numbered"] = protocol
        await r.dictation.start()
        await r.microphone.say(1.0)
        await r.heard.next(ErrorOccurred, lambda e: e.fatal)
        reachable = True
        await r.microphone.say(0.5)
        await stop(r)
        finished = await r.heard.next(TakeFinished)
        assert unrolled([finished.text]) >= 1.5 * 16_000


async def test_a_provider_that_cannot_even_be_opened(room: Enter) -> None:
    async with room() as r:

        def broken(context: EpochContext) -> StreamProtocol:
            raise ConfigurationError("There is no such model", "numbered")

        r.protocols["numbered"] = broken
        take = await r.dictation.start()
        await r.microphone.say(0.3)
        await stop(r)
        failed = await r.heard.next(TakeFailed)
        assert (failed.kept, failed.error.message) == (True, "There is no such model")
        assert [record.take for record in r.dictation.takes()] == [take]


async def test_a_commit_that_is_never_answered_fails_the_take_and_not_the_next_one(room: Enter) -> None:
    async with room(server=NumberedServer(Behaviour(answers=False)), final_s=0.5) as r:
        take = await r.dictation.start()
        await r.microphone.say(0.5)
        await r.heard.next(Partial)
        await stop(r)
        failed = await r.heard.next(TakeFailed)
        assert failed.kept
        assert unrolled([failed.text]) >= 8000, "what was understood so far is offered with the failure"
        assert len(r.opened) == 2, "a new connection was tried before giving up"
        await r.dictation.settle()
        r.server.behaviour.answers = True
        first = r.microphone.said
        await r.dictation.start()
        await r.microphone.say(0.5)
        await stop(r)
        finished = await r.heard.next(TakeFinished)
        unrolled([finished.text], first=first)
        assert [record.take for record in r.dictation.takes()] == [take]


async def test_no_microphone_is_one_clear_failure_and_nothing_is_kept(room: Enter) -> None:
    async with room() as r:
        r.microphone.error = AudioError("There is no microphone")
        await r.dictation.start()
        failed = await r.heard.next(TakeFailed)
        assert (failed.kept, failed.error.remedy) == (False, Remedy.CHOOSE_MICROPHONE)
        await r.dictation.settle()
        assert r.dictation.takes() == []
        assert r.server.attempts == 0
        assert r.dictation.state is DictationState.IDLE
        r.microphone.error = None
        await r.dictation.start()
        await r.microphone.say(0.5)
        await stop(r)
        await r.heard.next(TakeFinished)


async def test_a_microphone_lost_in_mid_take_is_told_and_the_take_goes_on(room: Enter) -> None:
    async with room() as r:
        await r.dictation.start()
        await r.microphone.say(0.3)
        for sink in r.microphone.sinks:
            sink.interrupted(AudioError("The microphone was unplugged"))
            sink.resumed(FOUND)
        await r.microphone.say(0.3)
        await stop(r)
        finished = await r.heard.next(TakeFinished)
        assert unrolled([finished.text]) >= 0.6 * 16_000
        assert [event.error.message for event in r.heard.of(ErrorOccurred)] == ["The microphone was unplugged"]
        assert [event.code for event in r.heard.of(Notice)] == ["microphone_back"]


async def test_sound_that_never_came_is_told(room: Enter) -> None:
    async with room() as r:
        await r.dictation.start()
        await r.microphone.say(0.3)
        for sink in r.microphone.sinks:
            sink.missed(0.42)
        await r.microphone.say(0.3)
        await stop(r)
        await r.heard.next(TakeFinished)
        told = {event.code: event.text for event in r.heard.of(Notice)}
        assert "0.4 s" in told["sound_missing"]


async def test_a_full_disk_is_told_once_and_the_words_still_arrive(room: Enter) -> None:
    async with room() as r:
        r.folder.mkdir()
        (r.folder / "takes").write_text("no folder can be made here")
        await r.dictation.start()
        await r.microphone.say(0.5)
        await stop(r)
        finished = await r.heard.next(TakeFinished)
        assert unrolled([finished.text]) >= 8000
        await r.dictation.settle()
        (event,) = r.heard.of(ErrorOccurred)
        assert isinstance(event.error, StorageError)
        assert not event.fatal


@pytest.mark.parametrize("error", [AudioError("The display is gone"), RuntimeError("a bug in the inserter")])
async def test_a_program_that_takes_no_text_keeps_the_take_and_offers_the_words(room: Enter, error: Exception) -> None:
    async with room() as r:
        r.program.error = error
        take = await r.dictation.start()
        await r.microphone.say(0.5)
        await stop(r)
        failed = await r.heard.next(TakeFailed)
        assert unrolled([failed.text]) >= 8000
        assert [record.take for record in r.dictation.takes()] == [take]


async def test_a_take_cut_off_by_the_end_of_the_program_is_offered_by_the_next_run(room: Enter) -> None:
    async with room() as r:
        take = await r.dictation.start()
        await r.microphone.say(1.0)
        await r.heard.next(Partial)
    async with room() as r:
        (record,) = r.dictation.takes()
        assert record.take == take
        assert record.seconds == 1.0
        await r.dictation.retry(take)
        finished = await r.heard.next(TakeFinished)
        assert finished.result is InsertResult.NOT_WANTED, "who knows what has the focus today"
        assert unrolled([finished.text]) == 16_000
        assert r.program.inserted == []


async def test_a_take_of_a_killed_program_is_told_at_the_start(room: Enter) -> None:
    async with room() as r:
        take = await r.dictation.start()
        await r.microphone.say(0.5)
        await r.heard.next(Partial)
    record = r.folder / "takes" / f"{take}.json"
    record.write_text(json.dumps(json.loads(record.read_text()) | {"state": "recording"}))
    async with room() as r:
        await r.dictation.recover()
        assert r.heard.of(TakesRecovered) == [TakesRecovered(takes=(take,))]


@pytest.mark.parametrize("state", ["opening", "listening", "finishing", "inserting"])
async def test_cancel_from_anywhere_leaves_nothing(room: Enter, state: str) -> None:
    async with room(server=NumberedServer(Behaviour(answers=state != "finishing"))) as r:
        if state == "opening":
            r.microphone.gate.clear()
        if state == "inserting":
            r.program.hold.clear()
        take = await r.dictation.start()
        if state != "opening":
            await r.microphone.say(0.5)
            await r.heard.next(Partial)
        if state in ("finishing", "inserting"):
            await stop(r)
        await r.heard.next(DictationChanged, lambda e: e.state.value == state)
        if state == "inserting":
            await r.program.asked.wait()
        cancelling = asyncio.create_task(r.dictation.cancel())
        await asyncio.sleep(0)
        r.microphone.gate.set()
        r.program.hold.set()
        await cancelling
        assert [event.take for event in r.heard.of(TakeCancelled)] == [take]
        assert r.heard.of(TakeFinished) == []
        assert r.program.text == ""
        assert r.dictation.state is DictationState.IDLE
        assert r.dictation.transcript.text == ""
        assert r.dictation.takes() == []
        assert r.microphone.sinks == []
        r.server.behaviour.answers = True
        first = r.microphone.said
        await r.dictation.start()
        await r.microphone.say(0.5)
        await stop(r)
        finished = await r.heard.next(TakeFinished)
        assert unrolled([finished.text], first=first) >= first + 8000, "nothing of the cancelled take comes up again"


async def test_keep_nothing_touches_no_disk_even_where_a_take_fails(room: Enter) -> None:
    async with room(server=NumberedServer(Behaviour(outcome="failed")), storage__keep_nothing="true") as r:
        take = await r.dictation.start()
        await r.microphone.say(0.5)
        await stop(r)
        await r.heard.next(TakeFailed)
        r.server.behaviour.outcome = ""
        await r.dictation.retry(take)
        finished = await r.heard.next(TakeFinished)
        assert unrolled([finished.text]) >= 8000
        await r.dictation.settle()
        assert not r.folder.exists()
        assert r.heard.of(Committed)


async def test_a_front_end_that_makes_a_mistake_does_not_cost_the_take(
    room: Enter, caplog: pytest.LogCaptureFixture
) -> None:
    def clumsy(_event: object) -> None:
        raise RuntimeError("oops")

    async with room() as r:
        r.dictation.subscribe(clumsy)
        await r.dictation.start()
        await r.microphone.say(0.3)
        await stop(r)
        assert unrolled([(await r.heard.next(TakeFinished)).text]) >= 4800
        assert "oops" in caplog.text
