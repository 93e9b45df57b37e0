"""Audio piece by piece: whatever the form and wherever it is cut, the same sound comes out."""

from __future__ import annotations

import array
import asyncio
import io
import math
import struct
import threading
from contextlib import suppress

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from debabelizer.audio.bounded.process import readers
from debabelizer.audio.decode import decode
from debabelizer.audio.encode import encode
from debabelizer.audio.telephone import expand
from debabelizer.errors import UnsupportedFormatError
from debabelizer.library.audio import with_header
from debabelizer.library.feed import Feed, open_feed
from fakes.hostile_flac import constant_flac
from fakes.reading_processes import reading_processes

TONE = array.array("h", (round(9000 * math.sin(i / 6)) for i in range(24_000))).tobytes()


def made(name: str, rate: int = 16_000) -> bytes:
    target = io.BytesIO()
    encode([TONE], name, target, rate=rate)
    return target.getvalue()


async def fed(form: str, data: bytes, sizes: list[int], rate: int = 16_000) -> bytes:
    feed = open_feed(form, rate)
    out, at = b"", 0
    for size in sizes:
        out += await feed.feed(data[at : at + size])
        at += size
    out += await feed.feed(data[at:])
    return out + await rest_of(feed)


def decoding() -> bool:
    return "stream decoder" in {thread.name for thread in threading.enumerate()}


async def rest_of(feed: Feed) -> bytes:
    return b"".join([piece async for piece in feed.finish()])


@pytest.mark.parametrize("form", ["wav", "mp3", "flac", "ogg", "webm", "aac", "pcm", "mulaw", "alaw", "wav_mulaw"])
async def test_every_form(form: str) -> None:
    data = made(form)
    name = form.removesuffix("_mulaw") if form.startswith("wav") else form
    whole = await fed(name, data, [])
    assert len(whole) / 2 == pytest.approx(24_000, abs=1_600)
    samples = np.frombuffer(whole, "<i2")[4_000:-4_000].astype(float)
    assert math.sqrt((samples**2).mean()) == pytest.approx(9000 / math.sqrt(2), rel=0.05)
    assert await fed(name, data, [1, 7, 11, 100, 999, 5, 4096]) == whole
    assert not decoding()


@given(st.lists(st.integers(1, 60), max_size=12))
@settings(max_examples=30, deadline=None)
async def test_a_wav_header_may_be_cut_anywhere(sizes: list[int]) -> None:
    assert await fed("wav", made("wav"), sizes) == TONE


async def test_wav_without_a_header_is_pcm() -> None:
    assert await fed("wav", TONE, [3, 1000]) == TONE
    assert len(await fed("wav", TONE, [], rate=48_000)) == pytest.approx(len(TONE) / 3, abs=2)


@pytest.mark.parametrize("law", ["mulaw", "alaw"])
def test_the_laws_are_ffmpegs(law: str) -> None:
    every = bytes(range(256))
    theirs = b"".join(decode(io.BytesIO(with_header(every, law, 16_000))))
    assert expand(every, law) == theirs  # type: ignore[arg-type]


async def test_what_is_no_sound_is_an_error() -> None:
    feed = open_feed("webm", 48_000)
    await feed.feed(b"words, not sound" * 200)
    with pytest.raises(UnsupportedFormatError, match="not an audio"):
        await rest_of(feed)
    assert await rest_of(open_feed("webm", 48_000)) == b""
    with pytest.raises(UnsupportedFormatError, match="24 bits"):
        await open_feed("wav", 16_000).feed(
            b"RIFF\0\0\0\0WAVEfmt "
            + bytes([16, 0, 0, 0, 1, 0, 1, 0])
            + bytes.fromhex("803e0000007d0000030018006461746100000000")
        )


def wav_head(about: bytes, sound: bytes = b"data\0\0\0\0") -> bytes:
    return b"RIFF\0\0\0\0WAVEfmt " + struct.pack("<I", len(about)) + about + sound


@pytest.mark.parametrize(
    "lying",
    [
        wav_head(b"\1\0\1\0\0\0\0\0"),
        wav_head(struct.pack("<HHIIHH", 7, 1, 0, 0, 1, 8)),
        wav_head(struct.pack("<HHIIHH", 1, 0, 16_000, 0, 2, 16)),
        wav_head(struct.pack("<HHIIHH", 1, 60_000, 4_000_000_000, 0, 1, 16)),
        wav_head(struct.pack("<HHIIHH", 1, 1, 16_000, 0, 2, 16), b"LIST\xff\xff\xff\xff") + bytes(1 << 20),
    ],
    ids=["cut short", "no rate", "no channel", "impossible", "no sound"],
)
async def test_a_wav_header_that_lies_is_an_error_of_ours(lying: bytes) -> None:
    with pytest.raises(UnsupportedFormatError):
        await open_feed("wav", 16_000).feed(lying)


@given(st.binary(max_size=80))
@settings(max_examples=200)
def test_no_wav_header_does_more_than_raise_our_own_error(anything: bytes) -> None:
    with suppress(UnsupportedFormatError):
        asyncio.run(open_feed("wav", 16_000).feed(b"RIFF\0\0\0\0WAVEfmt " + anything))


async def somebody_waits_for_room() -> bool:
    """A piece that was decoded can't be put where it waits to be taken: it is there for more than a moment."""
    found = [task for task in asyncio.all_tasks() if "Queue.put" in repr(task.get_coro())]
    for _ in range(3):
        await asyncio.sleep(0)
    return any(not task.done() for task in found)


async def test_an_hour_of_silence_in_a_few_bytes_waits_to_be_taken() -> None:
    """What is decoded ahead is bounded, and closing ends the process."""
    feed = open_feed("flac", 16_000)
    await feed.feed(constant_flac(32_000, 2_000))
    rest = feed.finish()
    await anext(rest)
    while decoding() and not await somebody_waits_for_room():
        await asyncio.sleep(0.01)
    assert decoding(), "all of it was decoded before anyone took it"
    assert 0 < len(await feed.feed(b"")) < 40 * (1 << 16)
    await feed.close()
    readers.close()
    assert reading_processes() == []
    assert not decoding()


async def test_closing_in_the_middle_leaves_nothing() -> None:
    for form in ("ogg", "wav", "pcm"):
        feed = open_feed(form, 16_000)
        await feed.feed(made(form)[:9_000])
        await feed.close()
    readers.close()
    assert reading_processes() == []
