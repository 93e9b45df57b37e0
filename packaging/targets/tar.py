"""A relocatable archive with an install script, for every other Linux; and an AppImage where its tool is there."""

from __future__ import annotations

import platform
import shutil
from pathlib import Path

import program
from context import Context, Target, lacking, only_on
from linux import control, share
from program import VARIANTS, Variant

from targets.frozen import target

_APP_RUN = """#!/bin/sh
exec "$APPDIR/usr/lib/debabelizer/debabelizer-desktop" "$@"
"""


def name(variant: Variant) -> str:
    return f"{variant.name}-{program.version()}-linux-{platform.machine()}"


def lay(context: Context, variant: Variant, frozen: Path, folder: Path) -> None:
    """What the archive holds: ``program``, ``share``, ``install.sh``, and the names of libraries it asks for."""
    shutil.copytree(frozen, folder / "program", symlinks=True)
    share.lay(context, folder / "share", frozen)
    shutil.copy(program.HERE / "linux" / "install.sh", folder)
    (folder / "libraries").write_text("".join(f"{library}\n" for library in control.sonames()))


def build(context: Context, variant: Variant) -> list[Path]:
    folder = context.fresh(target(variant, "tar"), name(variant))
    lay(context, variant, context.result(target(variant)), folder)
    made = context.out / f"{name(variant)}.tar.xz"
    context.run(["tar", "--owner=0", "--group=0", "--sort=name", "-C", folder.parent, "-cJf", made, folder.name])
    return [made]


def build_appimage(context: Context, variant: Variant) -> list[Path]:
    frozen = context.result(target(variant))
    folder = context.fresh(target(variant, "appimage"), f"{variant.name}.AppDir")
    shutil.copytree(frozen, folder / "usr" / "lib" / program.COMMAND, symlinks=True)
    share.lay(context, folder / "usr" / "share", frozen)
    shutil.copy(folder / "usr" / "share" / "applications" / f"{program.APP_ID}.desktop", folder)
    shutil.copy(program.ICON, folder / f"{program.APP_ID}.svg")
    (folder / "AppRun").write_text(_APP_RUN)
    (folder / "AppRun").chmod(0o755)
    made = context.out / f"{name(variant)}.AppImage"
    context.run(["appimagetool", "--no-appstream", folder, made], env={"ARCH": platform.machine()})
    return [made]


def _targets(variant: Variant) -> tuple[Target, ...]:
    return (
        Target(
            name=target(variant, "tar"),
            about=f"{variant.title} as an archive with an install script, for any Linux",
            needs=(target(variant),),
            why_not=lambda: only_on("linux") or lacking("tar", "xz (xz-utils)"),
            build=lambda context: build(context, variant),
        ),
        Target(
            name=target(variant, "appimage"),
            about=f"{variant.title} as one file that runs by itself on any Linux",
            needs=(target(variant),),
            why_not=lambda: (
                only_on("linux") or lacking("appimagetool (its project's releases; no distribution has it)")
            ),
            build=lambda context: build_appimage(context, variant),
        ),
    )


TARGETS = tuple(it for variant in VARIANTS for it in _targets(variant))
