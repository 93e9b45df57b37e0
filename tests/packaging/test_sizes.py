"""What takes the room in a frozen program is told by component, and what grows beyond its budget fails the build."""

from __future__ import annotations

from pathlib import Path, PurePath

import build
import program
import pytest
import sizes
from context import Context, Target


def test_sizes_are_told_by_component() -> None:
    assert sizes.component(PurePath("debabelizer")) == "the programs, with their own modules"
    assert sizes.component(PurePath("_internal/av.libs/libavcodec.so")) == sizes.component(
        PurePath("_internal/av/x.so")
    )
    assert sizes.component(PurePath("_internal/libcrypto.so.3")) == "Python and system libraries"
    assert sizes.component(PurePath("_internal/PySide6/Qt/lib/libQt6Gui.so.6")) == "Qt"


@pytest.fixture
def frozen(tmp_path: Path) -> Path:
    """A program of 3 MB, most of it Qt, with a link that weighs nothing."""
    folder = tmp_path / "frozen" / program.FULL.name
    for name, size in (("PySide6/Qt/lib/libQt6Gui.so.6", 2_000_000), ("libcrypto.so.3", 1_000_000)):
        path = folder / sizes.INSIDE / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(bytes(size))
    (folder / "debabelizer-desktop").symlink_to("_internal/libcrypto.so.3")
    return folder


def test_the_whole_program_may_take_what_was_promised_and_each_variant_has_a_limit() -> None:
    assert sizes.budget(program.FULL.name, "linux", "x86_64") == 250
    for limits in sizes.BUDGETS_MB.values():
        assert limits.keys() == {variant.name for variant in program.VARIANTS}
        assert limits[program.LIGHT.name] < limits[program.FULL.name]
    assert sizes.budget(program.FULL.name, "plan9", "mips") is None


def test_what_is_above_its_budget_is_named_with_what_is_largest(frozen: Path) -> None:
    assert sizes.above_budget(frozen, 3) is None
    assert sizes.above_budget(frozen, None) is None
    complaint = sizes.above_budget(frozen, 2)
    assert complaint is not None
    assert "3.0 MB and may be 2 " in complaint
    assert "Qt 2, Python and system libraries 1 MB" in complaint


@pytest.mark.parametrize(("allowed", "status"), [(3, 0), (2, 1)])
def test_a_build_that_is_too_large_fails(
    frozen: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], allowed, status
) -> None:
    target = Target(name="frozen", about="it", why_not=lambda: None, build=lambda context: [frozen])
    monkeypatch.setattr(build, "ALL", (target,))
    monkeypatch.setattr(build, "Context", lambda **_: Context(out=tmp_path / "out", work=tmp_path / "work"))
    monkeypatch.setattr(sizes, "budget", lambda variant: allowed)
    monkeypatch.setattr("sys.argv", ["build.py"])
    assert build.main() == status
    said = capsys.readouterr().out
    assert f"debabelizer: 3.0 of {allowed} MB" in said
    assert ("! frozen: debabelizer is 3.0 MB" in said) == bool(status)
