"""Code for graphics cards out of a library: a small one, laid out as the compiler lays out the real one."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from context import BuildError
from linux import graphics, shrink

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or any(shutil.which(tool) is None for tool in ("gcc", "strip", "readelf")),
    reason="it takes Linux, gcc and binutils",
)
_FOR_CARDS = 1_000_000
_SOURCE = f"""
__attribute__((section(".nv_fatbin"), aligned(8))) const unsigned char for_cards[{_FOR_CARDS}] = {{[300000] = 1, 2, 3}};
__attribute__((section(".behind"))) const int behind[3] = {{10, 20, 30}};
static const int before[3] = {{1, 2, 3}};
static int variables[5000] = {{100, 200}};
static int zeros[5000];
static const int *const places[] = {{before, behind, variables, zeros}};
int total(int n) {{ return places[0][n] + places[1][n] + places[2][n] + ++zeros[n]; }}
long left(void) {{ long sum = 0; for (int n = 0; n < {_FOR_CARDS}; n++) sum += for_cards[n] != 0; return sum; }}
"""
_TRIES = "import ctypes, sys; it = ctypes.CDLL(sys.argv[1]); print(it.total(0), it.total(1), it.total(2), it.left())"


@pytest.fixture(scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("graphics")
    (folder / "all.c").write_text(_SOURCE)
    _run("gcc", "-shared", "-fPIC", "-Wl,--build-id", "-o", folder / "all.so", folder / "all.c")
    return folder / "all.so"


@pytest.fixture
def library(compiled: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(compiled, tmp_path))


def _run(*command: str | Path) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def _answers(library: Path) -> str:
    return _run(sys.executable, "-c", _TRIES, library).strip()


def _complaints(library: Path) -> str:
    return subprocess.run(["readelf", "-aW", library], check=True, capture_output=True, text=True).stderr


def test_the_file_is_smaller_by_whole_pages_and_does_what_it_did(library: Path) -> None:
    before = library.stat().st_size
    assert _answers(library) == "112 223 34 3"
    gone = graphics.drop(library)
    assert gone == before - library.stat().st_size
    assert _FOR_CARDS - 3 * 65536 < gone < _FOR_CARDS
    assert gone % 4096 == 0
    assert _answers(library) == "112 223 34 0", "zeros stand where the code was, and everything else is in its place"
    assert graphics.drop(library) == 0, "there is no more to drop"


def test_other_tools_find_nothing_wrong_with_it(library: Path, tmp_path: Path) -> None:
    assert _complaints(library) == ""
    graphics.drop(library)
    assert _complaints(library) == ""
    assert shrink.loadable(library)
    stripped = tmp_path / "stripped.so"
    _run("strip", "--strip-unneeded", "-o", stripped, library)
    assert shrink.loadable(stripped)
    assert stripped.stat().st_size <= library.stat().st_size
    assert _answers(stripped) == "112 223 34 0"


def test_addresses_stay_what_they_were(library: Path) -> None:
    def symbols() -> list[list[str]]:
        return [line.split()[1:3] + line.split()[-1:] for line in _run("readelf", "-sW", library).splitlines()[3:]]

    before = symbols()
    graphics.drop(library)
    assert symbols() == before


def test_what_has_nothing_for_cards_stays_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "text").write_text("not a library")
    for path in (Path(shutil.copy(Path(sys.executable).resolve(), tmp_path / "program")), tmp_path / "text"):
        before = path.read_bytes()
        assert graphics.drop(path) == 0
        assert path.read_bytes() == before


def test_a_layout_it_does_not_know_is_left_alone_and_named(compiled: Path, tmp_path: Path) -> None:
    library = tmp_path / "bare.so"
    _run("gcc", "-shared", "-fPIC", "-Wl,--build-id=none", "-o", library, compiled.with_name("all.c"))
    _run("strip", "--remove-section", ".note.*", library)
    before = library.read_bytes()
    with pytest.raises(BuildError, match=r"bare\.so is not laid out"):
        graphics.drop(library)
    assert library.read_bytes() == before
