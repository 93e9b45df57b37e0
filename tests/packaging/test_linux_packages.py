"""The Debian package and the archive with its script, made from a tiny program and looked into."""

from __future__ import annotations

import ctypes
import hashlib
import os
import platform
import shutil
import struct
import subprocess
import sys
from pathlib import Path

import check_installers
import program
import PySide6
import pytest
from context import BuildError, Context
from linux import control, shrink
from targets import deb, tar
from targets.frozen import drop_loose_ends


@pytest.fixture
def context(tmp_path: Path) -> Context:
    return Context(out=tmp_path / "out", work=tmp_path / "work")


@pytest.fixture
def frozen(tmp_path: Path) -> Path:
    """A program as frozen ones are: a file, a link to it, a folder beside it."""
    folder = tmp_path / "frozen"
    (folder / "_internal").mkdir(parents=True)
    (folder / "_internal" / "data").write_text("data")
    command = folder / "debabelizer"
    command.write_text('#!/bin/sh\necho "started: $*"\n')
    command.chmod(0o755)
    (folder / "debabelizer-desktop").symlink_to("debabelizer")
    return folder


def test_the_package_says_what_it_is_and_what_it_needs(context: Context, frozen: Path, tmp_path: Path) -> None:
    if shutil.which("dpkg-deb") is None:
        pytest.skip("no Debian tools here")
    root = tmp_path / "root"
    shutil.copytree(frozen, root / deb.PLACE, symlinks=True)
    depends = control.together(["libc6 (>= 2.36)"], control.declared())
    made = deb.pack(context, program.FULL, root, version="2.0.0~dev0", depends=depends)
    fields = dict(
        row.split(": ", 1) for row in told("dpkg-deb", "-f", made).splitlines() if ": " in row and row[0] != " "
    )
    assert (fields["Package"], fields["Version"]) == ("debabelizer", "2.0.0~dev0")
    needs = {part.split()[0] for part in fields["Depends"].split(", ")}
    assert {"libc6", "libportaudio2", "libasound2-plugins", "libegl1", "libxcb-cursor0"} <= needs
    assert fields["Conflicts"] == program.LIGHT.name
    listing = told("dpkg-deb", "-c", made)
    assert "./usr/bin/debabelizer -> ../lib/debabelizer/debabelizer" in listing
    assert "root/root" in listing.splitlines()[0]
    unpacked = tmp_path / "unpacked"
    told("dpkg-deb", "-R", made, unpacked)
    assert told(unpacked / "usr/bin/debabelizer-desktop", "x") == "started: x\n"
    for row in (unpacked / "DEBIAN/md5sums").read_text().splitlines():
        digest, path = row.split(maxsplit=1)
        assert hashlib.md5((unpacked / path).read_bytes()).hexdigest() == digest
    assert subprocess.run(["sh", "-n", unpacked / "DEBIAN/prerm"]).returncode == 0


def told(*words: str | Path) -> str:
    return subprocess.run([str(w) for w in words], check=True, capture_output=True, text=True).stdout


def test_a_dependency_stands_once_with_its_version() -> None:
    assert control.together(["libc6 (>= 2.36)", "libx"], ["libx", "liby"]) == ["libc6 (>= 2.36)", "libx", "liby"]


@pytest.fixture
def archive(frozen: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The unpacked archive, with desktop files that need no Qt to be drawn."""

    def lay(context: Context, share: Path, frozen: Path) -> None:
        (share / "applications").mkdir(parents=True)
        (share / "applications" / f"{program.APP_ID}.desktop").write_text("[Desktop Entry]\nExec=debabelizer-desktop\n")

    monkeypatch.setattr(tar.share, "lay", lay)
    folder = tmp_path / "archive"
    folder.mkdir()
    tar.lay(Context(out=tmp_path, work=tmp_path), program.FULL, frozen, folder)
    return folder


def run_script(archive: Path, prefix: Path, *more: str) -> str:
    return told("sh", archive / "install.sh", "--prefix", prefix, *more)


def test_the_archive_installs_anywhere_and_takes_itself_away(archive: Path, tmp_path: Path) -> None:
    prefix = tmp_path / "a place"
    prefix.mkdir()
    (prefix / "mine").write_text("not the program's")
    run_script(archive, prefix)
    assert told(prefix / "bin" / "debabelizer", "hello") == "started: hello\n"
    entry = (prefix / "share" / "applications" / f"{program.APP_ID}.desktop").read_text()
    assert f'Exec="{prefix}/bin/debabelizer-desktop"\n' in entry
    (archive / "program" / "_internal" / "data").rename(archive / "program" / "_internal" / "newer")
    run_script(archive, prefix)
    assert [p.name for p in (prefix / "lib" / "debabelizer" / "_internal").iterdir()] == ["newer"]
    run_script(archive, prefix, "--remove")
    assert [p.name for p in prefix.rglob("*")] == ["mine"]


def test_the_archive_is_tried_where_others_have_files_too(archive: Path, tmp_path: Path) -> None:
    packed, scratch = tmp_path / "archive.tar.xz", tmp_path / "scratch"
    scratch.mkdir()
    told("tar", "-C", tmp_path, "-cJf", packed, "archive")
    with check_installers.archive(packed, scratch) as programs:
        assert told(programs / "debabelizer-desktop", "x") == "started: x\n"
    assert [path.name for path in (scratch / "prefix").iterdir()] == ["theirs"]
    shutil.rmtree(scratch / "prefix")
    with pytest.raises(SystemExit, match="leaves behind"), check_installers.archive(packed, scratch) as programs:
        (programs.parents[1] / "forgotten").touch()


def test_the_archive_names_libraries_that_are_missing(archive: Path, tmp_path: Path) -> None:
    (archive / "libraries").write_text("libc.so.6\nlibnowhere.so.7\n")
    said = run_script(archive, tmp_path / "prefix")
    assert "libnowhere.so.7" in said
    assert "libc.so.6" not in said


@pytest.mark.skipif(platform.machine() not in shrink.PROCESSORS, reason="not for this processor")
def test_a_hollow_library_has_the_same_names_and_does_nothing(context: Context, tmp_path: Path) -> None:
    if shutil.which("as") is None:
        pytest.skip("binutils are missing")
    symbols = [
        shrink.Symbol("encode", 20, function=True),
        shrink.Symbol("ucol_open_73", 80, function=True),
        shrink.Symbol("u_strToUpper_73", 80, function=True),
        shrink.Symbol("limit", 4, function=False),
        shrink.Symbol("tables", 1 << 20, function=False),
    ]
    shrink.make_hollow(context, "libicu.so.1", symbols, tmp_path / "libicu.so.1")
    library = ctypes.CDLL(str(tmp_path / "libicu.so.1"))
    assert library.encode(1, 2, 3) == 0
    assert ctypes.c_int.in_dll(library, "limit").value == 0
    for function, first in ((library.ucol_open_73, [b"de"]), (library.u_strToUpper_73, [None] * 5)):
        said = ctypes.c_int(0)
        assert function(*first, ctypes.byref(said)) == 0
        assert said.value == shrink.UNSUPPORTED
    assert (tmp_path / "libicu.so.1").stat().st_size < 30_000


QT_WITHOUT_ICU = """
from PySide6.QtCore import QCollator, QLocale, QStringDecoder, QTimeZone
assert QLocale("ru").toUpper("слово") == "СЛОВО" and QLocale("de").toLower("GRÖSSE") == "grösse"
assert QCollator(QLocale("ru")).compare("а", "б") < 0 < QCollator(QLocale("en")).compare("b", "a")
assert QStringDecoder("UTF-8").isValid() and not QStringDecoder("windows-1251").isValid()
assert QLocale("ru").dayName(1) == "понедельник"
assert QTimeZone(b"Europe/Berlin").displayName(QTimeZone.StandardTime)
maps = open("/proc/self/maps").read()
assert all(f"{FOLDER}/{name}" in maps for name in NAMES), maps
"""


@pytest.mark.skipif(platform.machine() not in shrink.PROCESSORS, reason="not for this processor")
def test_qt_does_without_icu(context: Context, tmp_path: Path) -> None:
    """Qt as it is installed here, with hollow libraries found before its own."""
    if shutil.which("as") is None:
        pytest.skip("binutils are missing")
    own = Path(PySide6.__file__).parent / "Qt" / "lib"
    names = [library.name for pattern in shrink.HOLLOW for library in own.glob(pattern)]
    assert len(names) == len(shrink.HOLLOW)
    for name in names:
        shutil.copy(own / name, tmp_path)
        shrink.hollow(context, tmp_path / name)
    source = f"FOLDER, NAMES = {str(tmp_path)!r}, {names!r}\n{QT_WITHOUT_ICU}"
    environment = {**os.environ, "LD_LIBRARY_PATH": str(tmp_path)}
    ran = subprocess.run([sys.executable, "-c", source], env=environment, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr


def test_a_library_that_the_loader_would_refuse_is_noticed(tmp_path: Path) -> None:
    if platform.system() != "Linux" or platform.architecture()[0] != "64bit":
        pytest.skip("not the files of this system")
    whole = bytearray(Path(sys.executable).resolve().read_bytes())
    file = tmp_path / "library"
    file.write_bytes(whole)
    assert shrink.loadable(file)
    start, size, count = (*struct.unpack_from("<Q", whole, 32), *struct.unpack_from("<HH", whole, 54))
    parts = [start + n * size for n in range(count)]
    part = next(at for at in parts if struct.unpack_from("<I", whole, at)[0] == 1)
    struct.pack_into("<Q", whole, part + 8, 0x123)
    file.write_bytes(whole)
    assert not shrink.loadable(file)


def test_no_link_leads_to_what_was_left_out(frozen: Path) -> None:
    (frozen / "_internal" / "libQt6Pdf.so.6").symlink_to("PySide6/Qt/lib/libQt6Pdf.so.6")
    drop_loose_ends(frozen)
    assert sorted(path.name for path in frozen.rglob("*")) == [
        "_internal",
        "data",
        "debabelizer",
        "debabelizer-desktop",
    ]


def test_what_fails_says_why(context: Context) -> None:
    with pytest.raises(BuildError, match="no such thing"):
        context.run(["sh", "-c", "echo no such thing >&2; exit 3"])
