"""The ways to dictate: one take after another, by button, with commits and pauses, listening ahead, undo."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any

from websockets.asyncio.server import ServerConnection

from debabelizer.events import (
    Committed,
    DictationChanged,
    DictationState,
    InsertResult,
    LevelChanged,
    Partial,
    Retracted,
    SessionState,
    SilenceHint,
    StateChanged,
    TakeFinished,
)
from fakes.numbered_protocol import unrolled
from fakes.numbered_recogniser import Behaviour
from fakes.numbered_server import NumberedServer

Enter = Callable[..., Any]


async def stop(r: Any) -> None:
    await r.dictation.stop()
    await r.microphone.say(0.02)


async def take(r: Any, seconds: float = 0.5, **how: Any) -> str:
    """A whole take; the answer is its text."""
    count = len(r.heard.of(TakeFinished)) + 1
    await r.dictation.start(**how)
    await r.microphone.say(seconds)
    await stop(r)
    return str((await r.heard.next(TakeFinished, count=count)).text)


async def test_the_session_stays_open_and_no_take_says_what_another_said(room: Enter) -> None:
    async with room() as r:
        texts = [await take(r) for _ in range(4)]
        assert unrolled(texts) == r.microphone.said
        assert r.server.attempts == 1
        assert r.dictation.session_state is SessionState.CONNECTED
        assert r.program.text == "".join(texts)
        assert r.dictation.transcript.text == " ".join(texts)
        await r.dictation.disconnect()
        await r.heard.next(StateChanged, lambda e: e.state is SessionState.CLOSED)
        texts.append(await take(r))
        assert unrolled(texts) == r.microphone.said
        assert r.server.attempts == 2
        assert r.dictation.transcript.text == " ".join(texts), "the new session's words stand behind the old one's"


async def test_a_take_begun_while_the_last_is_finishing_loses_no_sentence(room: Enter) -> None:
    async with room(dictation__tail_ms=200) as r:
        r.program.hold.clear()
        first = await r.dictation.start()
        await r.microphone.say(0.5)
        await r.dictation.stop()
        second = await r.dictation.start()
        assert first != second
        assert r.dictation.state is DictationState.OPENING
        await r.microphone.say(0.5)
        await stop(r)
        await r.microphone.say(0.3)
        await r.program.asked.wait()
        r.program.hold.set()
        await r.heard.next(TakeFinished, count=2)
        finished = r.heard.of(TakeFinished)
        assert [event.take for event in finished] == [first, second]
        assert [text for text, _ in r.program.inserted] == [event.text for event in finished]
        assert unrolled([finished[0].text]) >= 0.5 * 16_000
        runs = [run.split("+") for run in finished[1].text.split()]
        assert int(runs[-1][0]) + int(runs[-1][1]) >= 16_000, "all of the second sentence is in the second take"
        assert r.microphone.closed == 1, "one microphone for both"
        await r.dictation.settle()
        assert r.heard.of(DictationChanged)[-1].state is DictationState.IDLE


async def test_starting_twice_and_stopping_without_a_take_do_nothing(room: Enter) -> None:
    async with room() as r:
        await r.dictation.stop()
        await r.dictation.cancel()
        assert await r.dictation.start() == await r.dictation.start()
        await r.microphone.say(0.2)
        await stop(r)
        await stop_again(r)
        await r.heard.next(TakeFinished)
        assert len(r.microphone.opened) == 1


async def stop_again(r: Any) -> None:
    await r.dictation.stop()


async def test_the_last_syllable_after_the_release_is_in_the_take(room: Enter) -> None:
    async with room(dictation__tail_ms=1500) as r:
        await r.dictation.start()
        await r.microphone.say(0.5)
        await r.heard.next(Partial)
        await r.dictation.stop()
        await r.microphone.say(0.3)
        finished = await r.heard.next(TakeFinished)
        assert unrolled([finished.text]) == r.microphone.said
        assert finished.stamps.commit - finished.stamps.key_up >= 1.4


async def test_in_button_mode_nothing_is_sent_before_the_button(room: Enter) -> None:
    async with room(dictation__send="button") as r:
        await r.dictation.connect()
        await r.dictation.start()
        await r.microphone.say(0.5)
        await r.heard.next(LevelChanged, lambda e: e.elapsed >= 0.45)
        (vendor,) = r.server.connections
        assert vendor.received == 0
        await r.dictation.send_chunk()
        await r.server.until(lambda: vendor.received >= 8000)
        sent = vendor.received
        await r.microphone.say(0.5)
        await r.heard.next(LevelChanged, lambda e: e.elapsed >= 0.95)
        assert vendor.received == sent
        await r.dictation.commit()
        committed = await r.heard.next(Committed)
        assert unrolled([committed.change.text]) >= 15_000
        await stop(r)
        finished = await r.heard.next(TakeFinished)
        assert unrolled([finished.text]) == r.microphone.said


async def test_a_commit_in_mid_take_ends_a_segment_and_the_take_goes_on(room: Enter) -> None:
    async with room() as r:
        await r.dictation.start()
        await r.microphone.say(0.5)
        await r.heard.next(Partial)
        await r.dictation.commit()
        await r.heard.next(Committed)
        await r.microphone.say(0.5)
        await stop(r)
        finished = await r.heard.next(TakeFinished)
        assert len(r.heard.of(Committed)) == 2
        assert unrolled([finished.text]) == r.microphone.said
        assert len(r.program.inserted) == 1


async def test_a_pause_commits_where_the_provider_does_not(room: Enter) -> None:
    async with room(dictation__commit="pause", dictation__pause_s=0.3) as r:
        await r.dictation.start()
        await r.microphone.silence(0.3)
        await r.microphone.say(0.8)
        await r.heard.next(Partial)
        await r.microphone.silence(0.6)
        await r.heard.next(Committed)
        assert r.dictation.state is DictationState.LISTENING
        await stop(r)
        finished = await r.heard.next(TakeFinished)
        assert unrolled([finished.text]) == r.microphone.said


async def test_listening_ahead_puts_what_was_said_before_the_key_into_the_take(room: Enter) -> None:
    async with room(dictation__preroll_ms=300) as r:
        await r.dictation.recover()
        assert len(r.microphone.opened) == 1
        await r.microphone.silence(1.0)
        await r.microphone.say(0.2)
        await r.dictation.start()
        await r.heard.next(DictationChanged, lambda e: e.state is DictationState.LISTENING)
        await r.microphone.say(0.5)
        await stop(r)
        finished = await r.heard.next(TakeFinished)
        assert unrolled([finished.text]) == r.microphone.said, "the 0.2 s from before the key are there"
        assert len(r.microphone.opened) == 1
        assert r.microphone.closed == 0
        r.settings.set("dictation.preroll_ms", 0)
        await asyncio.to_thread(r.microphone.idle.wait, 10)
        assert r.microphone.closed == 1


async def test_silence_gives_no_text_a_hint_and_nothing_to_keep(room: Enter) -> None:
    async with room(dictation__silence_hint_s=0.5) as r:
        await r.dictation.start()
        await r.microphone.silence(1.5)
        hint = await r.heard.next(SilenceHint)
        assert hint.muted
        await r.dictation.stop()
        await r.microphone.silence(0.04)
        finished = await r.heard.next(TakeFinished)
        assert (finished.text, finished.result) == ("", InsertResult.NOTHING_SAID)
        assert len(r.heard.of(SilenceHint)) == 1
        assert [name for name, _ in r.opened] == ["numbered"], "silence is not sent a second time"
        assert r.dictation.takes() == []
        assert r.program.inserted == []


class DeafFirst:
    """A vendor whose first ``count`` connections hear nothing."""

    def __init__(self, count: int) -> None:
        self.left = count

    async def __call__(self, connection: ServerConnection) -> bool:
        self.left -= 1
        if self.left < 0:
            return False
        async for message in connection:
            frame = json.loads(message) if isinstance(message, str) else {}
            if "hello" in frame:
                await connection.send(json.dumps({"is": "ready"}))
            elif frame.get("do") == "commit":
                await connection.send(json.dumps({"is": "answer", "outcome": "empty"}))
            elif frame.get("do") == "finish":
                await connection.send(json.dumps({"is": "finished"}))
        return True


async def test_an_empty_answer_to_something_audible_is_asked_for_once_more(room: Enter) -> None:
    async with room() as r:
        r.server.take_over = DeafFirst(1)
        text = await take(r, 1.0)
        assert unrolled([text]) == r.microphone.said
        assert r.program.text == text == r.dictation.transcript.text
        assert len(r.opened) == 2
        states = [event.state for event in r.heard.of(StateChanged)]
        assert states == [SessionState.CONNECTING, SessionState.CONNECTED], "the second pass is nobody's business"


async def test_what_nobody_understands_is_kept_for_another_provider(room: Enter) -> None:
    async with room() as r:
        r.server.take_over = DeafFirst(2)
        assert await take(r, 1.0) == ""
        assert r.heard.of(TakeFinished)[0].result is InsertResult.NOTHING_SAID
        (record,) = r.dictation.takes()
        await r.dictation.retry(record.take)
        finished = await r.heard.next(TakeFinished, count=2)
        assert unrolled([finished.text]) == r.microphone.said


async def test_undo_removes_what_was_inserted_last_and_only_once(room: Enter) -> None:
    async with room() as r:
        kept = await take(r)
        await take(r)
        assert await r.dictation.undo() is True
        assert r.program.text == kept
        assert await r.dictation.undo() is False
        assert r.program.text == kept


async def test_a_take_that_is_not_to_be_inserted(room: Enter) -> None:
    async with room() as r:
        text = await take(r, insert=False)
        assert text
        finished = r.heard.of(TakeFinished)[0]
        assert (finished.result, finished.target) == (InsertResult.NOT_WANTED, None)
        assert r.program.inserted == []


async def test_a_setting_that_needs_it_reconnects_between_takes(room: Enter) -> None:
    async with room() as r:
        await r.dictation.start()
        await r.microphone.say(0.5)
        await r.heard.next(Partial)
        r.settings.set("languages", "ru")
        await r.microphone.say(0.5)
        await stop(r)
        finished = await r.heard.next(TakeFinished)
        assert unrolled([finished.text]) == r.microphone.said
        await r.heard.next(StateChanged, lambda e: e.state is SessionState.CONNECTED, count=2)
        assert len(r.opened) == 2
        r.settings.set("window.sounds", "false")
        first = r.microphone.said
        assert unrolled([await take(r)], first=first) == r.microphone.said
        assert len(r.opened) == 2


async def test_connect_before_the_first_take_and_clear_afterwards(room: Enter) -> None:
    async with room() as r:
        assert (r.dictation.provider, r.dictation.session_state) == ("numbered", SessionState.IDLE)
        await r.dictation.connect()
        assert r.dictation.session_state is SessionState.CONNECTED
        await take(r)
        await r.dictation.clear()
        assert r.dictation.transcript.text == ""
        assert r.program.text


async def test_clear_in_mid_take_does_not_cost_the_take_its_words(room: Enter) -> None:
    async with room() as r:
        await take(r)
        first = r.microphone.said
        await r.dictation.start()
        await r.microphone.say(0.5)
        await r.heard.next(Partial, lambda e: e.change.text.startswith(f"{first + 1}+"))
        await r.dictation.commit()
        await r.heard.next(Committed, count=2)
        await r.dictation.clear()
        await r.microphone.say(0.5)
        await stop(r)
        finished = await r.heard.next(TakeFinished, count=2)
        assert unrolled([finished.text], first=first) == r.microphone.said
        assert r.dictation.transcript.text == finished.text


async def test_the_end_of_the_program_does_not_wait_for_a_session_that_is_just_closing(room: Enter) -> None:
    async with room(server=NumberedServer(Behaviour(answers=False))) as r:
        await r.dictation.start()
        await r.microphone.say(0.5)
        await r.heard.next(Partial)
        closing = asyncio.create_task(r.dictation.disconnect())
        await r.heard.next(StateChanged, lambda e: e.state is SessionState.DRAINING)
        async with asyncio.timeout(2):
            await r.dictation.close()
            await closing


async def test_history_and_sound_are_kept_as_the_settings_say(room: Enter) -> None:
    async with room(storage__keep_text_days=0, storage__keep_audio_days=7) as r:
        await take(r)
        await r.dictation.settle()
        assert not r.dictation.history.path.exists()
        assert len(list((r.folder / "takes").glob("*.wav"))) == 1
        assert r.dictation.takes() == [], "it arrived: there is nothing to retry"
        for path in (r.folder / "takes").glob("*.json"):
            assert json.loads(path.read_text()).get("text", "") == ""


async def test_a_vendor_that_ends_segments_by_itself(room: Enter) -> None:
    async with room(server=NumberedServer(Behaviour(finals_every=3000, lag=500))) as r:
        texts = [await take(r, 1.5) for _ in range(3)]
        assert unrolled(texts) == r.microphone.said
        assert len(r.heard.of(Committed)) > 6
        assert r.heard.of(Retracted) == []
