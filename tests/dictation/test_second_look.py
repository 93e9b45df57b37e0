"""A take's sound understood once more after its text arrived: corrections in place, nothing behind anybody's back."""

from __future__ import annotations

import asyncio
import io
import tempfile
import wave
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO

import pytest

from debabelizer.contract import FileSegment
from debabelizer.errors import QuotaExceededError
from debabelizer.events import (
    Committed,
    Corrected,
    ErrorOccurred,
    Notice,
    Partial,
    TakeCorrected,
    TakeFinished,
    TakesRecovered,
    Word,
)
from debabelizer.files import FileOutcome
from debabelizer.transcript import SegmentMap

Enter = Callable[..., Any]


class Looker:
    """Whoever looks again, as soon as ``gate`` is open."""

    def __init__(self, text: str = "SECOND TEXT", error: Exception | None = None) -> None:
        self.text = text
        self.error = error
        self.asked: list[tuple[str, bytes]] = []
        self.arrived = asyncio.Event()
        self.gate = asyncio.Event()
        self.gate.set()
        self.words: tuple[Word, ...] = ()

    async def __call__(self, provider: str, recording: BinaryIO) -> FileOutcome:
        self.asked.append((provider, recording.read()))
        self.arrived.set()
        await self.gate.wait()
        if self.error is not None:
            raise self.error
        return FileOutcome(segments=(FileSegment(text=self.text, words=self.words),) if self.text else ())


async def take(r: Any, seconds: float = 0.3, count: int = 1) -> TakeFinished:
    await r.dictation.start()
    await r.microphone.say(seconds)
    await r.dictation.stop()
    await r.microphone.say(0.02)
    finished: TakeFinished = await r.heard.next(TakeFinished, count=count)
    return finished


async def test_what_was_wrong_is_corrected_where_it_stands(room: Enter) -> None:
    look = Looker()
    async with room(ask=look, second_look__by="same", storage__keep_text_days=9) as r:
        finished = await take(r)
        corrected = await r.heard.next(TakeCorrected)
        await r.dictation.settle()
        assert (corrected.take, corrected.text, corrected.previous) == (finished.take, "SECOND TEXT", finished.text)
        (event,) = r.heard.of(Corrected)
        assert r.dictation.transcript.text == "SECOND TEXT"
        assert r.dictation.transcript.segment(event.change.segment).previous_text == finished.text
        assert SegmentMap.restore(r.dictation.transcript.snapshot()).text == "SECOND TEXT"
        assert r.dictation.history.get(finished.take).text == "SECOND TEXT"
        ((provider, recording),) = look.asked
        assert provider == "numbered"
        with wave.open(io.BytesIO(recording)) as sound:
            said = sound.readframes(sound.getnframes())
        assert len(said) // 2 == r.microphone.said
        # the other program still has what it was given
        assert r.program.text == finished.text
        assert (corrected.target, corrected.replaceable) == ("editor", True)


async def test_by_default_nobody_looks_again_and_sound_goes_only_to_whom_the_user_picked(room: Enter) -> None:
    look = Looker()
    async with room(ask=look) as r:
        await take(r)
        r.settings.set("second_look.by", "other")  # and nobody named
        await take(r, count=2)
        await r.dictation.settle()
        assert look.asked == []
        r.settings.set("second_look.provider", "bigger")
        await take(r, count=3)
        await r.dictation.settle()
        assert [provider for provider, _ in look.asked] == ["bigger"]


async def test_every_segment_gets_its_part(room: Enter) -> None:
    look = Looker("one two three four")
    async with room(ask=look, second_look__by="same") as r:
        await r.dictation.start()
        for count in (1, 2):
            await r.microphone.say(0.3)
            await r.heard.next(Partial, lambda e, n=count: e.change.segment.ordinal == n - 1)  # it has arrived
            await r.dictation.commit()
            await r.heard.next(Committed, count=count)
        await r.microphone.say(0.3)
        await r.dictation.stop()
        await r.microphone.say(0.02)
        await r.heard.next(TakeCorrected)
        segments = [segment.text for segment in r.dictation.transcript.segments()]
        assert len(segments) == 3
        assert " ".join(text for text in segments if text) == "one two three four"


async def test_the_inserted_text_is_replaced_only_when_asked_for_and_only_if_it_is_still_there(room: Enter) -> None:
    look = Looker()
    async with room(ask=look, second_look__by="same") as r:
        first = await take(r)
        await r.heard.next(TakeCorrected)
        assert await r.dictation.replace_inserted(first.take) is True
        assert r.program.text == "SECOND TEXT"
        assert await r.dictation.replace_inserted(first.take) is False
        assert await r.dictation.undo() is True
        assert r.program.text == ""

        second = await take(r, count=2)
        await r.heard.next(TakeCorrected, count=2)
        r.program.text += " typed by hand"
        assert await r.dictation.replace_inserted(second.take) is False
        assert r.program.text == second.text + " typed by hand"

        third = await take(r, count=3)
        await r.heard.next(TakeCorrected, count=3)
        look.text = ""
        fourth = await take(r, count=4)
        await r.dictation.settle()
        assert await r.dictation.replace_inserted(third.take) is False
        assert r.program.text.endswith(third.text + fourth.text)


async def test_what_was_not_inserted_is_not_said_to_be_in_a_program(room: Enter) -> None:
    async with room(ask=Looker(), second_look__by="same") as r:
        await r.dictation.start(insert=False)
        await r.microphone.say(0.3)
        await r.dictation.stop()
        await r.microphone.say(0.02)
        corrected = await r.heard.next(TakeCorrected)
        assert (corrected.target, corrected.replaceable) == (None, False)


async def test_the_next_take_does_not_wait(room: Enter) -> None:
    look = Looker()
    look.gate.clear()
    async with room(ask=look, second_look__by="same") as r:
        await take(r)
        await look.arrived.wait()
        await take(r, count=2)
        assert r.heard.of(TakeCorrected) == []
        look.gate.set()
        await r.dictation.settle()
        assert [event.take for event in r.heard.of(TakeCorrected)] == [e.take for e in r.heard.of(TakeFinished)]


@pytest.mark.parametrize(
    ("look", "words"),
    [
        (Looker(error=QuotaExceededError("The credits are used up.", "bigger")), "The credits are used up."),
        (Looker(text=""), "understood much less"),
    ],
)
async def test_a_look_that_fails_is_a_quiet_notice(room: Enter, look: Looker, words: str) -> None:
    look.gate.set()
    async with room(ask=look, second_look__by="other", second_look__provider="bigger") as r:
        finished = await take(r, seconds=0.6)
        notice = await r.heard.next(Notice, lambda e: e.code == "second_look")
        assert words in notice.text
        assert notice.provider == "bigger"
        await r.dictation.settle()
        assert r.dictation.transcript.text == finished.text
        assert r.heard.of(ErrorOccurred) == []
        assert r.dictation.takes() == []


async def test_a_second_text_that_says_the_same_is_not_worth_a_word(room: Enter) -> None:
    look = Looker()
    look.gate.clear()
    async with room(ask=look, second_look__by="same") as r:
        finished = await take(r)
        look.text = finished.text
        look.gate.set()
        await r.dictation.settle()
        assert r.heard.of(Corrected) == r.heard.of(TakeCorrected) == r.heard.of(Notice) == []


@pytest.mark.parametrize("how", ["cancelled", "cleared", "closed"])
async def test_it_can_be_broken_off_at_any_time(room: Enter, how: str) -> None:
    look = Looker()
    look.gate.clear()
    async with room(ask=look, second_look__by="same", storage__keep_audio_days=0) as r:
        await take(r)
        await look.arrived.wait()
        if how == "cancelled":
            await r.dictation.cancel_second_look()
        elif how == "cleared":
            await r.dictation.clear()
            look.gate.set()
        else:
            await r.dictation.close()
        await r.dictation.settle()
        assert r.heard.of(Corrected) == []
        assert list((r.folder / "takes").glob("*")) == []


async def test_the_sound_lies_on_the_shelf_no_longer_than_the_user_wants(
    room: Enter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    look = Looker()
    look.gate.clear()
    async with room(ask=look, second_look__by="same", storage__keep_audio_days=0) as r:
        await take(r)
        await look.arrived.wait()
        assert list((r.folder / "takes").glob("*")) == []  # while it is being looked at
        await r.dictation.recover()
        assert r.heard.of(TakesRecovered) == []
        look.gate.set()
        await r.dictation.settle()
    async with room(ask=look, second_look__by="same", storage__keep_nothing="true") as r:
        await take(r)
        await r.dictation.settle()
        assert len(look.asked) == 2
        assert not (r.folder / "takes").exists() or list((r.folder / "takes").glob("*")) == []
        assert r.heard.of(TakeCorrected)


async def test_a_take_cancelled_before_it_was_looked_at_is_finished_all_the_same(room: Enter) -> None:
    look = Looker()
    async with room(ask=look, second_look__by="same", storage__keep_audio_days=0) as r:
        r.dictation.subscribe(
            lambda event: r.dictation._desk.looks.cancel() if isinstance(event, TakeFinished) else None
        )
        await take(r)
        await r.dictation.settle()
        assert look.asked == []
        assert list((r.folder / "takes").glob("*")) == []
