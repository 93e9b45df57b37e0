"""A recording in the form a provider accepts: what goes up as it is, what is encoded anew, where it is cut."""

from __future__ import annotations

import io
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from debabelizer.audio.decode import decode, probe
from debabelizer.audio.wav import header
from debabelizer.contract import Container, FileLimits
from debabelizer.errors import UnsupportedFormatError
from debabelizer.files.cut import RATE, Slices
from debabelizer.files.prepare import Piece, Preparation
from debabelizer.files.scratch import Scratch
from debabelizer.files.source import Given, Source
from fakes.recordings import SPEECH, recording

EVERYTHING = FileLimits(accepts=frozenset(Container))


async def prepared(given: Given, limits: FileLimits, **more: Any) -> list[tuple[Piece, bytes]]:
    source = Source(given)
    preparation = Preparation(source, limits, **more)
    try:
        found = []
        async for piece in preparation.pieces():
            with piece.sound.open() as file:
                data = file.read()
            assert len(data) == piece.sound.size
            assert b"".join([chunk async for chunk in piece.sound.chunks()]) == data
            found.append((piece, data))
            piece.close()
        return found
    finally:
        await preparation.close()
        source.close()


def encoded(path: Path, codec: str, form: str, *, layout: str = "mono", video: bool = False) -> Path:
    """Two seconds of a tone in any container."""
    import av

    tone = (8000 * np.sin(np.arange(2 * 48_000) * 0.05)).astype(np.int16)
    with av.open(str(path), "w", format=form) as container:
        stream = container.add_stream(codec, rate=48_000, layout=layout)
        if video:
            pictures = container.add_stream("mpeg4", rate=5)
            pictures.width = pictures.height = 64
            for _ in range(5):
                container.mux(pictures.encode(av.VideoFrame(64, 64, "yuv420p")))
            container.mux(pictures.encode(None))
        resampler = av.AudioResampler(format=stream.format.name, layout=layout, rate=48_000)
        frame = av.AudioFrame(format="s16", layout="mono", samples=len(tone))
        frame.planes[0].update(tone.tobytes())
        frame.sample_rate = 48_000
        for piece in [*resampler.resample(frame), *resampler.resample(None)]:
            container.mux(stream.encode(piece))
        container.mux(stream.encode(None))
    return path


@pytest.mark.parametrize(
    ("codec", "form", "video", "expected"),
    [
        ("aac", "mp4", False, Container.M4A),
        ("aac", "mp4", True, Container.MP4),
        ("aac", "mov", True, Container.MOV),
        ("libopus", "webm", False, Container.WEBM),
        ("libopus", "matroska", False, Container.MKV),
        ("libopus", "ogg", False, Container.OGG),
        ("aac", "adts", False, Container.AAC),
        ("mp3", "mp3", False, Container.MP3),
        ("flac", "flac", False, Container.FLAC),
        ("pcm_s16le", "wav", False, Container.WAV),
    ],
)
async def test_what_is_accepted_goes_up_as_it_is_whatever_its_name_says(
    tmp_path: Path, codec: str, form: str, video: bool, expected: Container
) -> None:
    path = encoded(tmp_path / "holiday.txt", codec, form, video=video)
    for given_ in (path, path.read_bytes(), io.BytesIO(path.read_bytes())):
        ((piece, data),) = await prepared(given_, EVERYTHING)
        assert piece.sound.container is expected
        assert piece.sound.name == f"recording.{expected.value}"
        assert data == path.read_bytes()
        assert piece.sound.seconds == pytest.approx(2.0, abs=0.1)
    refused = FileLimits(accepts=frozenset(Container) - {expected}, encoding=Container.WAV)
    ((piece, data),) = await prepared(path, refused)
    assert piece.sound.container is Container.WAV
    assert len(b"".join(decode(io.BytesIO(data)))) / 32_000 == pytest.approx(2.0, abs=0.1)


async def test_a_pipe_is_read_to_its_end(tmp_path: Path) -> None:
    said = recording("hello_test")
    reading, writing = os.pipe()
    with os.fdopen(writing, "wb") as sink:
        sink.write(said.path.read_bytes()[:60_000])  # what a pipe holds
    with os.fdopen(reading, "rb") as pipe:
        ((piece, data),) = await prepared(pipe, FileLimits(encoding=Container.FLAC))
    assert piece.sound.container is Container.FLAC
    assert b"".join(decode(io.BytesIO(data))) == said.path.read_bytes()[44:60_000]


async def test_channels_are_kept_as_far_as_the_provider_hears_them(tmp_path: Path) -> None:
    path = encoded(tmp_path / "two.wav", "pcm_s16le", "wav", layout="stereo")
    for channels, expected in ((1, 1), (2, 2), (5, 2)):
        ((piece, data),) = await prepared(path, FileLimits(channels=channels, encoding=Container.FLAC))
        assert probe(io.BytesIO(data)).channels == piece.sound.channels == expected


async def test_a_limit_of_size_cuts_and_every_piece_keeps_it() -> None:
    path = SPEECH / "08_long_silences.wav"
    whole = recording("long_silences").pcm
    for encoding in (Container.WAV, Container.FLAC):
        found = await prepared(path, FileLimits(size=200_000, encoding=encoding))
        assert len(found) >= 3
        assert all(piece.sound.size <= 200_000 for piece, _ in found)
        joined = bytearray()
        for piece, data in found:
            del joined[int(piece.start * RATE) * 2 :]
            joined += b"".join(decode(io.BytesIO(data)))
        assert bytes(joined) == whole


async def test_a_long_recording_is_cut_where_nobody_speaks() -> None:
    """Three sentences with seconds between them: the cuts lie in the pauses, and nothing is heard twice."""
    found = await prepared(SPEECH / "08_long_silences.wav", FileLimits(seconds=4.5))
    words = recording("long_silences").words
    assert len(found) >= 3
    assert all(piece.overlap == 0.0 for piece, _ in found)
    for piece, _ in found[1:]:
        assert not [text for text, start, end in words if start < piece.start < end]


@settings(deadline=None, max_examples=40)
@given(
    st.lists(st.tuples(st.booleans(), st.floats(0.05, 6.0)), min_size=1, max_size=12),
    st.floats(2.0, 20.0),
    st.integers(1, 2),
    st.integers(500, 40_000),
)
def test_slices_hold_all_sound_once_and_overlaps_say_how_much_twice(
    stretches: list[tuple[bool, float]], longest_s: float, channels: int, chunk: int
) -> None:
    noise = np.random.default_rng(3)
    parts = [
        (noise.integers(-8000, 8000, int(s * RATE)) if loud else np.zeros(int(s * RATE))).astype("<i2")
        for loud, s in stretches
    ]
    pcm = np.repeat(np.concatenate(parts), channels).tobytes()
    frame = 2 * channels

    def fed() -> Iterator[bytes]:
        for at in range(0, len(pcm), chunk * frame):
            yield pcm[at : at + chunk * frame]

    whole = bytearray()
    count = 0
    for slice_, inner in Slices(fed(), longest_s, channels):
        data = b"".join(inner)
        start = round(slice_.start * RATE) * frame
        shared = round(slice_.overlap * RATE) * frame
        assert len(whole) - shared == start
        assert whole[start:] == data[:shared]
        assert len(data) <= int(longest_s * RATE) * frame
        whole += data[shared:]
        count += 1
    assert bytes(whole) == pcm
    assert count <= 2 + len(pcm) / frame / RATE / (0.5 * longest_s)


async def test_what_holds_no_sound_is_told_in_our_own_words(tmp_path: Path) -> None:
    silent = tmp_path / "slides.mp4"
    import av

    with av.open(str(silent), "w", format="mp4") as container:
        stream = container.add_stream("mpeg4", rate=5)
        stream.width = stream.height = 64
        container.mux(stream.encode(av.VideoFrame(64, 64, "yuv420p")))
        container.mux(stream.encode(None))
    empty = tmp_path / "empty.wav"
    empty.touch()
    cases = [
        (silent, "slides.mp4 has no audio track"),
        (empty, "empty.wav is empty"),
        (tmp_path / "gone.wav", "There is no file"),
        (b"ID3" + bytes(range(256)) * 20, "can't be read|not an audio"),
        (header(0), "no sound"),
    ]
    for given_, words in cases:
        with pytest.raises(UnsupportedFormatError, match=words):
            await prepared(given_, EVERYTHING)


@pytest.mark.skipif(os.name != "posix", reason="Windows shows the file until it is closed")
def test_a_large_copy_has_no_name_on_the_disk_and_none_touches_it_where_nothing_may_be_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    for on_disk in (True, False):
        scratch = Scratch(on_disk=on_disk)
        before = len(os.listdir("/proc/self/fd")) if Path("/proc/self/fd").exists() else 0
        for number in range(20):
            scratch.write(bytes([number]) * (1 << 20))
        assert list(tmp_path.iterdir()) == []
        if before:
            assert len(os.listdir("/proc/self/fd")) - before == int(on_disk)
        with scratch.open() as one, scratch.open() as other:
            assert one.read(5) == b"\0" * 5
            other.seek(-3, io.SEEK_END)
            assert other.read() == bytes([19]) * 3
            assert one.tell() == 5
            one.seek(3 << 20)
            assert one.read(1) == b"\3"
        scratch.close()
