"""From the real microphone through dictation to the built-in recogniser: the first and the last syllable are there."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from debabelizer.audio.sounddevice_capture import PortAudioOpener, SoundDeviceCapture
from debabelizer.config import Settings
from debabelizer.dictation import Dictation
from debabelizer.dictation.assembly import make_dictation
from debabelizer.dictation.journal import read_pcm
from debabelizer.events import DictationChanged, DictationState, TakeFailed, TakeFinished
from fakes import rig
from fakes.dictation_parts import Heard


async def listening(heard: Heard) -> None:
    await heard.next(DictationChanged, lambda change: change.state is DictationState.LISTENING)


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, microphone: rig.Sound) -> None:
    monkeypatch.setenv("DEBABELIZER_HOME", str(tmp_path))
    PortAudioOpener().refresh()


@asynccontextmanager
async def dictating(**values: str) -> AsyncIterator[tuple[Dictation, Heard]]:
    wanted = {
        "provider": "sphinx",
        "storage.keep_audio_days": "7",
        **{key.replace("__", "."): value for key, value in values.items()},
    }
    settings = Settings.load(overrides=wanted)
    dictation, heard = make_dictation(settings, capture=SoundDeviceCapture, inserter=None), Heard()
    dictation.subscribe(heard)
    try:
        yield dictation, heard
    finally:
        await dictation.close()


def recorded(home: Path, take: str) -> bytes:
    (path,) = home.rglob(f"{take}.wav")
    return b"".join(read_pcm(path))


async def test_speech_becomes_text(microphone: rig.Sound) -> None:
    async with dictating() as (dictation, heard):
        await dictation.connect()
        await dictation.start(insert=False)
        await listening(heard)
        await asyncio.to_thread(microphone.speak, "hello world this is a test of dictation")
        await dictation.stop()
        end = await heard.next(TakeFinished)
    wrong = set(end.text.lower().split()) ^ {"hello", "world", "this", "is", "a", "test", "of", "dictation"}
    assert len(wrong) <= 5, end.text
    assert "hello" in end.text.lower()
    assert "dictation" in end.text.lower()


async def test_the_first_and_the_last_sample_of_what_was_said_are_on_disk(
    microphone: rig.Sound, tmp_path: Path
) -> None:
    """Speech begins at the moment the program says that it listens; the key comes up with the last sample spoken."""
    tight = rig.speech("stop it now", before=0.0, after=0.0)
    async with dictating() as (dictation, heard):
        take = await dictation.start(insert=False)
        await listening(heard)
        await asyncio.to_thread(microphone.speak, tight)
        await dictation.stop()
        end = await heard.next(TakeFinished)
    pcm = recorded(tmp_path, take)
    assert rig.samples(tight).strip(b"\0") in pcm
    stamps = end.stamps
    assert stamps.first_buffer is not None
    assert stamps.key_up is not None
    assert stamps.first_buffer - stamps.key_down < 0.25
    # from the first buffer to the end of the tail, less what the sound server still had in hand
    assert len(pcm) / 32_000 > stamps.key_up - stamps.first_buffer + 0.3 - 0.1


async def test_a_take_over_two_microphones_is_one_recording(microphone: rig.Sound, tmp_path: Path) -> None:
    microphone.second()
    async with dictating(microphone="vmic") as (dictation, heard):
        take = await dictation.start(insert=False)
        await listening(heard)
        first = await asyncio.to_thread(microphone.speak, "hello world")
        await asyncio.to_thread(microphone.unplug)
        second = await asyncio.to_thread(microphone.speak, "this is a test", "mic2")
        await dictation.stop()
        await heard.next(TakeFinished)
    pcm = recorded(tmp_path, take)
    places = [pcm.find(rig.samples(path).strip(b"\0")) for path in (first, second)]
    assert -1 < places[0] < places[1]


async def test_without_a_microphone_the_take_fails_with_the_way_out(microphone: rig.Sound) -> None:
    microphone.unplug()
    async with dictating() as (dictation, heard):
        await dictation.start(insert=False)
        end = await heard.next(TakeFailed)
    assert "No microphone was found" in end.error.message
    assert not end.kept


async def test_the_sound_server_dies_for_good_in_mid_take(microphone: rig.Sound, tmp_path: Path) -> None:
    """What was said before is understood, and nothing hangs."""
    threads = {thread for thread in threading.enumerate() if thread.name == "microphone"}
    async with dictating() as (dictation, heard):
        take = await dictation.start(insert=False)
        await listening(heard)
        said = await asyncio.to_thread(microphone.speak, "hello world")
        await asyncio.to_thread(microphone.kill_server)
        await dictation.stop()
        end = await heard.next(TakeFinished)
    assert rig.samples(said).strip(b"\0") in recorded(tmp_path, take)
    assert "world" in end.text.lower()
    assert {thread for thread in threading.enumerate() if thread.name == "microphone"} == threads
