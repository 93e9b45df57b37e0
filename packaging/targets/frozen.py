"""The frozen program: a folder that needs no Python, made by PyInstaller from the wheel; every installer holds it."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import licences
import natives
from context import Context, Target, lacking
from linux import shrink
from program import COMMAND, EXTRAS, FULL, HERE, ROOT, VARIANTS, WINDOW_COMMAND, Variant

SPEC = HERE / "frozen" / "debabelizer.spec"


def target(variant: Variant, kind: str = "frozen") -> str:
    """The name of the target that makes this kind of thing from this variant: ``deb``, ``deb-light``."""
    return kind + variant.name.removeprefix(FULL.name)


def why_not() -> str | None:
    try:
        import PyInstaller  # noqa: F401
    except ImportError:
        return "PyInstaller is missing; start with ./run package"
    return lacking("strip (binutils)") if sys.platform == "linux" else None


def build(context: Context, variant: Variant) -> list[Path]:
    """The folder ``dist/frozen/NAME``."""
    _install(context)
    natives.install(context)
    work = context.work / target(variant)
    command = [sys.executable, "-m", "PyInstaller", "--noconfirm", "--clean", "--log-level", "WARN"]
    command += ["--distpath", str(work / "out"), "--workpath", str(work / "scratch"), str(SPEC), "--", variant.name]
    context.run(command, env={"PYTHONHASHSEED": "1"})  # the same archive from the same sources
    made = context.out / "frozen" / variant.name
    shutil.rmtree(made, ignore_errors=True)
    made.parent.mkdir(parents=True, exist_ok=True)
    shutil.move(work / "out" / variant.name, made)
    drop_loose_ends(made)
    (made / "THIRD-PARTY.txt").write_text(licences.third_party(variant), encoding="utf-8")
    if sys.platform == "linux":
        (made / WINDOW_COMMAND).symlink_to(COMMAND)
        shrink.shrink(context, made)
    return [made]


def drop_loose_ends(folder: Path) -> None:
    """Links to what was left out."""
    for path in list(folder.rglob("*")):
        if path.is_symlink() and not path.exists():
            path.unlink()


def _install(context: Context) -> None:
    """The wheel, into this environment, in place of whichever was there before."""
    wheel = f"{context.result('wheel')}[{','.join(EXTRAS)}]"
    uv = Path(sys.executable).with_name("uv.exe" if os.name == "nt" else "uv")
    again = ("--reinstall-package", "debabelizer-desktop")
    lock = ("--constraint", ROOT / "requirements.lock")
    context.run([uv, "pip", "install", "--python", sys.executable, *again, *lock, wheel])


TARGETS = tuple(
    Target(
        name=target(variant),
        about=f"{variant.title} as a folder that needs no Python",
        needs=("wheel",),
        why_not=why_not,
        build=lambda context, variant=variant: build(context, variant),  # type: ignore[misc]
    )
    for variant in VARIANTS
)
