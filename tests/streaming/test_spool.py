from __future__ import annotations

import gc
import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from debabelizer.errors import StorageError
from debabelizer.streaming.spool import Spool
from fakes.numbered_protocol import numbered

BLOCK = 131_072
"""Samples in a block of the spool."""


def read_all(spool: Spool, first: int) -> bytes:
    pcm = bytearray()
    while (some := spool.read(first + len(pcm) // 2, 50_000)) != b"":
        pcm += some
    return bytes(pcm)


@pytest.fixture(autouse=True)
def nothing_stays_open() -> Iterator[None]:
    """A file that was left open is told as it goes, which here is within the test."""
    yield
    gc.collect()


@settings(deadline=None, max_examples=25)
@given(
    st.lists(st.one_of(st.integers(1, 200_000), st.floats(0, 1)), max_size=12),
    st.sampled_from([0, 600_000, 4 << 20]),
)
def test_it_gives_back_what_is_not_trimmed(steps: list[int | float], memory: int):
    spool = Spool(memory, 64 << 20)
    for step in steps:
        if isinstance(step, int):
            spool.append(numbered(spool.end, step))
        else:
            spool.trim(spool.start + round(step * (spool.end - spool.start)))
        middle = (spool.start + spool.end) // 2
        assert spool.read(middle, 7) == numbered(middle, min(7, spool.end - middle))
    assert read_all(spool, spool.start) == numbered(spool.start, spool.end - spool.start)
    spool.close()


def test_more_than_memory_goes_to_disk_without_leaving_a_file(tmp_path: Path):
    spool = Spool(600_000, 64 << 20, tmp_path / "spool")
    for first in range(0, 10 * BLOCK, 1_000):
        spool.append(numbered(first, min(1_000, 10 * BLOCK - first)))
    assert spool.in_memory <= 600_000 + 2 * BLOCK
    assert read_all(spool, 0) == numbered(0, 10 * BLOCK)
    assert not [path for path in (tmp_path / "spool").iterdir() if path.stat().st_size == 0]
    spool.trim(spool.end)
    assert spool.in_memory == 0
    spool.close()
    assert list((tmp_path / "spool").iterdir()) == []


def test_a_full_disk_keeps_audio_in_memory_and_says_so(tmp_path: Path):
    blocked = tmp_path / "blocked"
    blocked.write_text("a file where the folder should be")
    spool = Spool(100_000, 2_000_000, blocked)
    spool.append(numbered(0, 900_000))
    assert isinstance(spool.trouble, StorageError)
    assert str(blocked) in spool.trouble.message
    assert read_all(spool, 0) == numbered(0, 900_000)
    with pytest.raises(StorageError):
        spool.append(numbered(900_000, 200_000))
    assert spool.end == 900_000, "what was refused was not taken"
    blocked.unlink()
    spool.append(numbered(900_000, 1_000))
    assert spool.trouble is None
    assert spool.in_memory < 900_000
    assert read_all(spool, 0) == numbered(0, 901_000)
    spool.close()


@pytest.mark.skipif(os.name == "nt", reason="a folder has no descriptor there")
def test_a_disk_that_does_not_give_back_what_it_has_is_named(tmp_path: Path):
    before = _open_files()
    spool = Spool(300_000, 64 << 20, tmp_path)
    spool.append(numbered(0, 300_000))
    (spilled,) = _open_files() - before
    kept, folder = os.dup(spilled), os.open(tmp_path, os.O_RDONLY)
    os.dup2(folder, spilled)  # nothing can be read from a folder
    try:
        with pytest.raises(StorageError, match="cannot be read"):
            spool.read(0, 10)
    finally:
        os.dup2(kept, spilled)
        os.close(kept)
        os.close(folder)
    assert spool.read(0, 10) == numbered(0, 10)
    spool.close()


def _open_files() -> set[int]:
    return {int(entry) for entry in os.listdir("/dev/fd") if _is_file(int(entry))}


def _is_file(descriptor: int) -> bool:
    try:
        return stat.S_ISREG(os.fstat(descriptor).st_mode)
    except OSError:  # the one that listed the others
        return False


def test_half_a_sample_is_refused():
    with pytest.raises(ValueError, match="whole samples"):
        Spool(1, 1_000).append(b"\0")
