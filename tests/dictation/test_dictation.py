"""A take from the key to the words in another program."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from debabelizer.events import (
    DictationChanged,
    DictationState,
    InsertResult,
    LevelChanged,
    Partial,
    TakeFinished,
)
from fakes.numbered_protocol import unrolled

Enter = Callable[..., Any]


async def test_what_was_said_arrives_in_the_program_that_had_the_focus(room: Enter) -> None:
    async with room() as r:
        take = await r.dictation.start()
        await r.heard.next(DictationChanged, lambda e: e.state is DictationState.OPENING)
        await r.microphone.say(1.0)
        await r.heard.next(DictationChanged, lambda e: e.state is DictationState.LISTENING)
        await r.heard.next(Partial)
        r.program.focus = None  # it is the program at key down that gets the text
        await r.dictation.stop()
        await r.microphone.say(0.02)
        finished = await r.heard.next(TakeFinished)
        await r.dictation.settle()
        assert finished.take == take
        assert finished.result is InsertResult.INSERTED
        assert finished.target == "editor"
        assert unrolled([finished.text]) == r.microphone.said
        assert r.program.text == finished.text == r.dictation.transcript.text
        states = [e.state for e in r.heard.of(DictationChanged)]
        assert states == [*list(DictationState)[1:], DictationState.IDLE]
        assert 20 <= len(r.heard.of(LevelChanged)) <= 32
        stamps = finished.stamps
        order = [
            stamps.key_down, stamps.first_buffer, stamps.first_partial, stamps.key_up,
            stamps.commit, stamps.final, stamps.inserted,
        ]  # fmt: skip
        assert order == sorted(order)
        assert stamps.first_buffer < stamps.last_audio_sent <= stamps.final
        assert r.microphone.closed == 1
        assert r.dictation.takes() == []
        assert list((r.folder / "takes").iterdir()) == [], "its text arrived: no sound is kept by default"
        (entry,) = r.dictation.history.search()
        assert (entry.text, entry.target, entry.provider) == (finished.text, "editor", "numbered")
