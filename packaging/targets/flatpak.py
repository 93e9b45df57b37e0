"""The Flatpak: its manifest everywhere, the bundle where flatpak-builder and its runtimes are."""

from __future__ import annotations

import shutil
from pathlib import Path

import program
from context import Context, Target, lacking, only_on
from flatpak import manifest


def build_manifest(context: Context) -> list[Path]:
    made = context.out / f"{program.APP_ID}.yml"
    made.write_text(manifest.text(context.result("tar").name), encoding="utf-8")
    return [made]


def build(context: Context) -> list[Path]:
    work = context.fresh("flatpak")
    for path in (context.result("tar"), context.result("flatpak-manifest")):
        shutil.copy(path, work)
    description = work / context.result("flatpak-manifest").name
    context.run(["flatpak-builder", "--repo", work / "repo", work / "made", description], cwd=work)
    made = context.out / f"{program.COMMAND}-{program.version()}.flatpak"
    context.run(["flatpak", "build-bundle", work / "repo", made, program.APP_ID], cwd=work)
    return [made]


TARGETS = (
    Target(
        name="flatpak-manifest",
        about="the description from which a Flatpak is built, with every permission explained",
        needs=("tar",),
        why_not=lambda: only_on("linux"),
        build=build_manifest,
    ),
    Target(
        name="flatpak",
        about="for any Linux with Flatpak",
        needs=("tar", "flatpak-manifest"),
        why_not=lambda: only_on("linux") or lacking("flatpak-builder", "flatpak"),
        build=build,
    ),
)
