"""The Debian package: for Debian 12, Ubuntu 24.04 and whatever is newer or made from them."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path

import licences
import program
from context import Context, Target, lacking, only_on
from linux import control, metainfo, share
from program import VARIANTS, Variant

from targets.frozen import target

PLACE = Path("usr/lib") / program.COMMAND
"""Of both variants: what starts the program need not know which one is there."""


def why_not() -> str | None:
    return only_on("linux") or lacking("dpkg-deb (dpkg)", "dpkg-shlibdeps (dpkg-dev)", "objdump (binutils)")


def build(context: Context, variant: Variant) -> list[Path]:
    frozen = context.result(target(variant))
    root = context.fresh(target(variant, "deb"))
    shutil.copytree(frozen, root / PLACE, symlinks=True)
    share.lay(context, root / "usr" / "share", frozen)
    if variant.name != program.COMMAND:  # Debian names the folder after the package
        (root / "usr/share/doc" / program.COMMAND).rename(root / "usr/share/doc" / variant.name)
    depends = control.together(control.linked(context, frozen), control.declared())
    return [pack(context, variant, root, version=program.debian_version(), depends=depends)]


def pack(context: Context, variant: Variant, root: Path, *, version: str, depends: list[str]) -> Path:
    """A package of what lies in ``root``, which gets what Debian adds. Its links in ``/usr/bin`` are relative."""
    _commands(root)
    _documents(root / "usr" / "share" / "doc" / variant.name, variant, version)
    _overrides(root / "usr" / "share" / "lintian" / "overrides" / variant.name, variant)
    debian = root / "DEBIAN"
    debian.mkdir(exist_ok=True)
    shutil.copy(program.HERE / "linux" / "prerm", debian / "prerm")
    _rights(root)
    (debian / "prerm").chmod(0o755)
    architecture = context.run(["dpkg", "--print-architecture"]).strip()
    size = sum(p.lstat().st_size for p in root.rglob("*") if not p.is_dir()) // 1024
    text = control.control(variant, version=version, architecture=architecture, size_kb=size, depends=depends)
    (debian / "control").write_text(text, encoding="utf-8")
    _checksums(context, root)
    context.out.mkdir(parents=True, exist_ok=True)
    made = context.out / f"{variant.name}_{version}_{architecture}.deb"
    context.run(["dpkg-deb", "--root-owner-group", "-Zxz", "--build", root, made])
    return made


def _commands(root: Path) -> None:
    folder = root / "usr" / "bin"
    folder.mkdir(parents=True, exist_ok=True)
    for command in (program.COMMAND, program.WINDOW_COMMAND):
        if not (folder / command).is_symlink():
            (folder / command).symlink_to(Path("../lib") / program.COMMAND / command)


def _documents(folder: Path, variant: Variant, version: str) -> None:
    """Debian's copyright file in its machine-readable form, and a changelog in its own."""
    folder.mkdir(parents=True, exist_ok=True)
    licence = "\n".join(f" {line}" if line else " ." for line in (program.ROOT / "LICENSE").read_text().splitlines())
    (folder / "LICENSE").unlink(missing_ok=True)
    (folder / "copyright").write_text(
        "Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/\n"
        f"Upstream-Name: {program.TITLE}\nSource: {program.REPOSITORY}\n\n"
        f"Files: *\nCopyright: {program.PUBLISHER}\nLicense: {program.LICENCE}\n"
        "Comment: Libraries of others lie in /usr/lib/debabelizer, each with its licence in THIRD-PARTY.txt there.\n\n"
        f"{''.join(_compiled(variant))}"
        f"License: {program.LICENCE}\n{licence}\n",
        encoding="utf-8",
    )
    date = dict(metainfo.releases()).get(program.version(), "")
    when = datetime.fromisoformat(date).replace(tzinfo=UTC) if date else datetime.now(UTC)
    share.compress(
        folder / "changelog.gz",
        f"{variant.name} ({version}) unstable; urgency=medium\n\n  * See CHANGELOG.md of the project.\n\n"
        f" -- {program.PUBLISHER} <{program.CONTACT}>  {format_datetime(when)}\n",
    )


def _compiled(variant: Variant) -> Iterator[str]:
    """What was compiled for the program, and from whose sources."""
    for it in licences.inside(variant):
        for part in licences.bundled(it, licences.COMPILED):
            yield f"Files: {PLACE}/_internal/{it.name}*\nCopyright: the makers of {it.name} and of {part['name']}\n"
            yield f"License: {licences.terms(it)} and {licences.terms_of(part)}\n"
            yield f" Both texts are in /{PLACE}/THIRD-PARTY.txt.\n"
            yield f"Comment: with {part['name']} {part['version']}, {licences.source_of(part)}\n\n"


def _overrides(path: Path, variant: Variant) -> None:
    """What Debian's checker would rather not see, and why it is so."""
    path.parent.mkdir(parents=True, exist_ok=True)
    template = (program.HERE / "linux" / "lintian-overrides").read_text(encoding="utf-8")
    path.write_text(template.replace("PACKAGE", variant.name), encoding="utf-8")


def _rights(root: Path) -> None:
    """What Debian expects: libraries need not be executable, programs and folders are."""
    for path in root.rglob("*"):
        if path.is_symlink():
            continue
        is_program = path.parent == root / PLACE and path.name in (program.COMMAND, program.WINDOW_COMMAND)
        path.chmod(0o755 if path.is_dir() or is_program else 0o644)


def _checksums(context: Context, root: Path) -> None:
    files = sorted(p.relative_to(root) for p in (root / "usr").rglob("*") if p.is_file() and not p.is_symlink())
    (root / "DEBIAN" / "md5sums").write_text(
        "".join(
            context.run(["md5sum", "--", *files[start : start + 500]], cwd=root) for start in range(0, len(files), 500)
        )
    )


TARGETS = tuple(
    Target(
        name=target(variant, "deb"),
        about=f"{variant.title} for Debian and Ubuntu",
        needs=(target(variant),),
        why_not=why_not,
        build=lambda context, variant=variant: build(context, variant),  # type: ignore[misc]
    )
    for variant in VARIANTS
)
