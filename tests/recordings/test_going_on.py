"""A recording that was broken off goes on where its text ends, and one that is wanted first comes first."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from debabelizer import registry
from debabelizer.audio.wav import header
from debabelizer.config import Settings
from debabelizer.recordings.choices import Choices, way_of
from debabelizer.recordings.item import RecordingChanged
from debabelizer.recordings.item import RecordingState as State
from fakes.held_engine import BIT_S, HeldEngine
from fakes.recognisers import numbered_audio
from fakes.recording_list import List

COUNT = 100
"""Words in a recording, 0.2 s each."""
ALL = [f"w{number}" for number in range(COUNT)]


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> HeldEngine:
    """In the place of the built-in recogniser."""
    engine, load = HeldEngine(), registry.load
    monkeypatch.setattr(registry, "load", lambda name: engine if name == "sphinx" else load(name))
    return engine


@pytest.fixture
def long(home: Path) -> str:
    pcm = numbered_audio(0, COUNT)
    (home / "long.wav").write_bytes(header(len(pcm)) + pcm)
    return str(home / "long.wav")


async def broken_off(a_list: List, engine: HeldEngine, path: str) -> None:
    """It is under way, and its first bit is understood."""
    engine.held = True
    await a_list.queue.add([path], Choices())
    await a_list.until(lambda: a_list.item("long.wav").settled)
    item = a_list.item("long.wav")
    assert (item.state, item.settled) == (State.RUNNING, BIT_S)


async def done(a_list: List) -> None:
    """All of it, and every word once, on the time of the whole recording."""
    await a_list.all_over()
    assert a_list.item("long.wav").state is State.DONE
    transcript = await a_list.queue.transcript(a_list.item("long.wav").path)
    assert transcript is not None
    assert transcript.text.split() == ALL
    assert [segment.start for segment in transcript.segments] == list(range(0, COUNT // 5, BIT_S))
    assert transcript.duration == pytest.approx(COUNT / 5)


async def test_a_stopped_recording_goes_on_where_its_text_ends(
    make: Callable[..., List], engine: HeldEngine, long: str
) -> None:
    a_list = make(provider="sphinx")
    await broken_off(a_list, engine, long)
    a_list.queue.cancel([long])
    await a_list.all_over()
    assert a_list.item("long.wav").state is State.STOPPED
    assert (await a_list.text("long.wav") or "").split() == ALL[: 5 * BIT_S]
    engine.held = False
    a_list.queue.again([long], Choices())
    await done(a_list)
    assert engine.heard == [20, 18]
    progress = [e.item.progress for e in a_list.told if isinstance(e, RecordingChanged)]
    assert [p.done for p in progress if p] == sorted(p.done for p in progress if p)
    a_list.queue.again([long], Choices())
    await done(a_list)
    assert engine.heard == [20, 18, 20], "what is done is done from its beginning"


async def test_what_was_understood_outlives_a_crash_and_is_gone_on_with(
    make: Callable[..., List], engine: HeldEngine, long: str, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = make(provider="sphinx")
    await broken_off(first, engine, long)
    assert await first.text("long.wav")
    shutil.copytree(home / "home", home / "left")  # as a program leaves it that comes down
    first.queue.remove([long])
    monkeypatch.setenv("DEBABELIZER_HOME", str(home / "left"))
    second = make(provider="sphinx")
    [item] = await second.queue.restore()
    assert item.has_text
    assert second.item("long.wav").state is State.FAILED
    assert (await second.text("long.wav") or "").split() == ALL[: 5 * BIT_S]
    engine.held = False
    second.queue.again([long], Choices())
    await done(second)
    assert engine.heard == [20, 18]


async def test_what_was_changed_meanwhile_or_is_wanted_otherwise_begins_anew(
    make: Callable[..., List], engine: HeldEngine, long: str
) -> None:
    a_list = make(provider="sphinx")
    await broken_off(a_list, engine, long)
    a_list.queue.cancel([long])
    await a_list.all_over()
    engine.held = False
    os.utime(long, (1.0, 1.0))
    a_list.queue.again([long], Choices())
    await done(a_list)
    assert engine.heard == [20, 20]


async def test_what_is_wanted_first_comes_before_a_long_one_which_goes_on_afterwards(
    make: Callable[..., List], engine: HeldEngine, long: str, home: Path
) -> None:
    a_list = make(provider="sphinx")
    await broken_off(a_list, engine, long)
    short = [str(home / f"{n}.wav") for n in range(3)]
    for path in short:
        Path(path).write_bytes(header(32_000) + numbered_audio(0, 5))
    await a_list.queue.add(short, Choices())
    engine.held = False
    a_list.queue.first(short[1:])
    await done(a_list)
    ended = [e.item for e in a_list.told if isinstance(e, RecordingChanged) and e.item.state is State.DONE]
    assert [Path(item.path).name for item in ended] == ["1.wav", "2.wav", "long.wav", "0.wav"]
    assert engine.heard == [20, 1, 1, 18, 1]


def test_only_the_same_engine_with_the_same_settings_goes_on_with_the_same_recording(long: str) -> None:
    def mark(choices: Choices = Choices(provider="openai"), **code: object) -> str:  # noqa: B008
        return way_of(Settings.load(code={"providers.openai.api_key": "a", **code}), choices).mark(Path(long))

    same = mark()
    assert mark(**{"providers.openai.api_key": "b"}) == same, "a key changes no text"
    others = [
        mark(Choices(provider="sphinx")),
        mark(Choices(provider="openai", languages=("de",))),
        mark(**{"providers.openai.file_model": "whisper-1"}),
        mark(vocabulary=("Debabelizer",)),
    ]
    os.utime(long, (1.0, 1.0))
    assert len({same, *others, mark()}) == 6
