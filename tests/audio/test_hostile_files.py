"""Every hostile file gives the sound that is in it, or one of our errors with cause and remedy: within its bounds, and
nothing stays behind."""

from __future__ import annotations

import io
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import numpy as np
import psutil
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from debabelizer.audio.bounded.process import readers
from debabelizer.audio.decode import Limits, decode
from debabelizer.errors import AudioError, LimitExceededError, UnsupportedFormatError
from fakes.hostile_files import EITHER, FILES, SECRET, SOUND
from fakes.made_files import FORMS, TONE_HZ, made
from fakes.reading_processes import reading_processes

LIMITS = Limits(seconds=3600, memory=128 << 20, patience=5.0)
MOST_MEMORY = 250 << 20
"""Of the process: its libraries and the bound."""
REMEDIES = ("Convert it to", "Choose a recording", "The setting files.", "Copy what it gives")
PLAIN = ("There is no file", "is a folder", "can't be read: ")
"""Causes that are their own remedy."""


@pytest.fixture(scope="module", autouse=True)
def nothing_stays(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    readers.close()
    here, before = psutil.Process(), tempfile.tempdir
    files = here.num_fds() if hasattr(here, "num_fds") else 0
    tempfile.tempdir = str(tmp_path_factory.mktemp("temporary"))
    yield
    readers.close()
    assert list(Path(tempfile.tempdir).iterdir()) == []
    tempfile.tempdir = before
    assert reading_processes() == []
    if hasattr(here, "num_fds"):
        assert here.num_fds() <= files


@pytest.mark.parametrize("name", FILES)
def test_right_sound_or_a_clear_error(name: str, tmp_path: Path) -> None:
    write, end, suffix = FILES[name]
    (tmp_path / SECRET).write_bytes(made("a.wav"))
    path = tmp_path / f"it{suffix}"
    write(path)
    sound, error = _outcome(path)
    if end == SOUND:
        assert error is None
        _is_the_tone(sound)
    elif end != EITHER:
        assert error is not None
        assert end in error.message
    if error is not None:
        _is_clear(error, path)
    assert len(reading_processes()) <= 1
    for process in reading_processes():
        assert _most_memory(process) < MOST_MEMORY


def _outcome(path: Path) -> tuple[bytes, AudioError | None]:
    try:
        return _heard(decode(path, limits=LIMITS)), None
    except AudioError as error:
        return b"", error


def _heard(pieces: Iterator[bytes]) -> bytes:
    """At most a minute of it; the rest is only counted."""
    kept = bytearray()
    for piece in pieces:
        assert len(piece) <= 1 << 16
        if len(kept) < 60 * 32_000:
            kept += piece
    return bytes(kept)


def _is_clear(error: AudioError, path: Path) -> None:
    assert isinstance(error, UnsupportedFormatError | LimitExceededError)
    assert path.name in error.message
    assert any(words in error.message for words in (*REMEDIES, *PLAIN)), error.message
    assert "\n" not in error.message
    assert len(error.message) < 300 + len(str(path))


def _is_the_tone(pcm: bytes) -> None:
    """The tone at its pitch and strength, for as long as it lasts, in nearly all of what there is."""
    samples = np.frombuffer(pcm, "<i2").astype(float)
    assert 0.3 * 16_000 < len(samples) < 2.2 * 16_000
    tenths = samples[: len(samples) // 1600 * 1600].reshape(-1, 1600)
    pitch = np.abs(np.fft.rfft(tenths)).argmax(axis=1) * 10
    strength = np.sqrt((tenths**2).mean(axis=1))
    right = (pitch == TONE_HZ) & (abs(20 * np.log10(strength / 32_768 + 1e-9) + 15.05) < 2)
    assert right.mean() > 0.6


def _most_memory(process: psutil.Process) -> int:
    """That it ever had, in bytes; 0 where only the present can be known."""
    if not sys.platform.startswith("linux"):
        return 0
    status = Path(f"/proc/{process.pid}/status").read_text()
    return 1024 * int(status.partition("VmHWM:")[2].split()[0])


def test_there_are_enough_of_them() -> None:
    assert len(FILES) >= 60


def test_bytes_and_open_files_go_the_same_way(tmp_path: Path) -> None:
    for name in ("noise", "a page called mp3", "flac of days of silence", "m4a that is encrypted"):
        FILES[name].write(tmp_path / "it")
        for source in (io.BytesIO((tmp_path / "it").read_bytes()), (tmp_path / "it").open("rb")):
            with source, pytest.raises(AudioError) as told:
                _heard(decode(source, limits=LIMITS))
            assert isinstance(told.value, UnsupportedFormatError | LimitExceededError)


@pytest.mark.long
@pytest.mark.timeout(1800)
@settings(max_examples=4_000, deadline=None)
@given(
    name=st.sampled_from(sorted(FORMS)),
    edits=st.lists(
        st.tuples(
            st.floats(0, 1),
            st.one_of(
                st.binary(min_size=1, max_size=64),
                st.sampled_from([b"\xff" * 4, b"\0" * 4, b"\x7f\xff\xff\xff", b"\xff" * 8, b"\0" * 400]),
            ),
            st.booleans(),
        ),
        max_size=16,
    ),
    keep=st.floats(0, 1),
)
def test_no_mutation_gets_through(name: str, edits: list[tuple[float, bytes, bool]], keep: float) -> None:
    """``edits``: where, what, and whether near the beginning, where what counts is."""
    data = bytearray(made(name))
    for where, what, early in edits:
        at = int(where * (min(400, len(data)) if early else len(data)))
        data[at : at + len(what)] = what
    with suppress(AudioError):
        size = sum(map(len, decode(io.BytesIO(bytes(data[: int(keep * len(data))])), limits=LIMITS)))
        assert size <= 3602 * 32_000
    for process in reading_processes():
        assert _most_memory(process) < MOST_MEMORY
