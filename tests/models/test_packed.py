"""Models that come packed: complete or not there, whoever else unpacks them, whatever lay there before."""

from __future__ import annotations

import errno
import os
import shutil
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from debabelizer.errors import ConfigurationError, Remedy, StorageError
from debabelizer.models import PackedModel

FILES = {"words.txt": b"one two three\n" * 5000, "sound/means": os.urandom(40_000), "sound/empty": b""}


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    path = tmp_path / "program" / "en-us.zip"
    path.parent.mkdir()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_LZMA) as made:
        for name, data in FILES.items():
            made.writestr(name, data)
    return path


@pytest.fixture
def packed(archive: Path) -> PackedModel:
    return PackedModel(archive, "sphinx")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "models" / "sphinx" / "en-us"


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_it_is_unpacked_where_it_is_wanted_and_nothing_else_is_left(packed: PackedModel, folder: Path) -> None:
    assert not packed.is_unpacked(folder)
    packed.unpack(folder)
    assert packed.is_unpacked(folder)
    assert files(folder) == FILES
    assert list(folder.parent.iterdir()) == [folder]


@pytest.mark.parametrize("damage", ["a byte", "a missing file", "cut short", "a folder instead of a file"])
def test_what_is_damaged_is_made_again(packed: PackedModel, folder: Path, damage: str) -> None:
    packed.unpack(folder)
    means = folder / "sound" / "means"
    data = bytearray(means.read_bytes())
    data[777] ^= 1
    means.unlink()
    if damage == "a byte":
        means.write_bytes(data)
    elif damage == "cut short":
        means.write_bytes(FILES["sound/means"][:-1])
    elif damage == "a folder instead of a file":
        means.mkdir()
    assert not packed.is_unpacked(folder)
    packed.unpack(folder)
    assert files(folder) == FILES
    assert list(folder.parent.iterdir()) == [folder]


def test_many_may_unpack_it_at_once(packed: PackedModel, folder: Path) -> None:
    packed.unpack(folder)
    (folder / "words.txt").write_bytes(b"damaged")
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: packed.unpack(folder), range(8)))
    assert files(folder) == FILES
    assert list(folder.parent.iterdir()) == [folder]


def test_a_full_disk_is_told_and_leaves_nothing(
    packed: PackedModel, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def extractall(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as full:
        full.setattr(zipfile.ZipFile, "extractall", extractall)
        with pytest.raises(StorageError, match="is full") as caught:
            packed.unpack(folder)
    assert caught.value.remedy is Remedy.FREE_DISK_SPACE
    assert list(folder.parent.iterdir()) == []
    packed.unpack(folder)
    assert files(folder) == FILES


def test_a_disk_without_the_room_is_told_before(
    packed: PackedModel, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = shutil.disk_usage(folder.anchor)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=1_000_000))
    with pytest.raises(StorageError, match=r"needs 17 MB on the disk .* only 1 MB are free"):
        packed.unpack(folder)


def test_a_place_that_is_no_folder_is_told(packed: PackedModel, tmp_path: Path) -> None:
    (tmp_path / "models").write_text("a file")
    with pytest.raises(StorageError, match="Cannot write into"):
        packed.unpack(tmp_path / "models" / "sphinx" / "en-us")


@pytest.mark.parametrize("damage", ["missing", "cut short", "a byte", "no archive"])
def test_a_damaged_installation_is_told(packed: PackedModel, archive: Path, folder: Path, damage: str) -> None:
    data = bytearray(archive.read_bytes())
    data[len(data) // 2] ^= 0xFF
    archive.unlink()
    if damage == "cut short":
        archive.write_bytes(data[:-3000])
    elif damage == "a byte":
        archive.write_bytes(data)
    elif damage == "no archive":
        archive.write_text("not here")
    with pytest.raises(ConfigurationError, match=r"en-us\.zip of this installation is damaged .* Install the program"):
        packed.unpack(folder)
    assert not folder.exists()
    assert list(folder.parent.iterdir()) == []


def test_what_others_left_half_done_long_ago_goes_and_what_they_do_now_stays(packed: PackedModel, folder: Path) -> None:
    abandoned, busy = (folder.with_name(f"en-us.unpacking-{name}") for name in ("old", "new"))
    for other in (abandoned, busy):
        other.mkdir(parents=True)
        (other / "words.txt").write_bytes(b"one")
    os.utime(abandoned, (0, 0))
    packed.unpack(folder)
    assert sorted(folder.parent.iterdir()) == [folder, busy]
