"""What a Debian package says of itself, and what it depends on."""

from __future__ import annotations

import re
from pathlib import Path

import program
from context import Context
from linux.shrink import is_elf

SYSTEM_PACKAGES = program.HERE / "system-packages.txt"
RECOMMENDS = ("espeak-ng",)
"""The computer's own voice."""
SUGGESTS = ("gnome-keyring", "xclip")
"""A store for keys where the desktop has none; a clipboard for the terminal."""


def control(variant: program.Variant, *, version: str, architecture: str, size_kb: int, depends: list[str]) -> str:
    """The file ``DEBIAN/control``. Both variants can't be installed at once; either may replace the other."""
    others = ", ".join(v.name for v in program.VARIANTS if v != variant)
    fields = {
        "Package": variant.name,
        "Version": version,
        "Architecture": architecture,
        "Maintainer": f"{program.PUBLISHER} <{program.CONTACT}>",
        "Installed-Size": str(size_kb),
        "Depends": ", ".join(depends),
        "Recommends": ", ".join(RECOMMENDS),
        "Suggests": ", ".join(SUGGESTS),
        "Conflicts": others,
        "Replaces": others,
        "Section": "sound",
        "Priority": "optional",
        "Homepage": program.REPOSITORY,
        "Description": _description(variant),
    }
    return "".join(f"{key}: {value}\n" for key, value in fields.items())


def _description(variant: program.Variant) -> str:
    texts = program.texts()["en"]
    lines = ["dictation into any program, through any speech provider or none"]
    for paragraph in texts["description"]:
        lines += [*_wrapped(paragraph), " ."]
    for feature in texts["features"]:
        first, *more = _wrapped(feature)
        lines += [f"  *{first}", *(f"   {line}" for line in more)]
    if variant.leaves_out:
        lines += [" .", *_wrapped("This variant comes without the engines that recognise on this computer.")]
    return "\n".join(lines)


def _wrapped(text: str) -> list[str]:
    import textwrap

    return [f" {line}" for line in textwrap.wrap(text, 74)]


def _needed() -> list[list[str]]:
    """The rows of the list from which ``./run`` installs that are for the running program: group, probe, names."""
    rows = [line.split() for line in SYSTEM_PACKAGES.read_text(encoding="utf-8").splitlines() if line[:1] != "#"]
    return [row for row in rows if row and row[0] in ("audio", "window")]


def declared() -> list[str]:
    """The Debian packages of what the program loads by name."""
    return sorted({row[2] for row in _needed()})


def sonames() -> list[str]:
    """The libraries that a system must have, as the loader knows them."""
    return sorted({row[1] for row in _needed() if row[1].startswith("lib")})


def linked(context: Context, frozen: Path) -> list[str]:
    """The Debian packages, with least versions, of the libraries that the program's own ask the loader for and that it
    does not bring itself: dpkg-shlibdeps, on a system that has them."""
    files = [path for path in frozen.rglob("*") if is_elf(path)]
    work = context.fresh("shlibdeps")
    (work / "debian").mkdir()
    (work / "debian" / "control").write_text("Source: debabelizer\n\nPackage: debabelizer\nArchitecture: any\n")
    command = ["dpkg-shlibdeps", "-O", "--ignore-missing-info", "--warnings=0"]
    command += [f"-l{folder}" for folder in sorted({path.parent for path in files})]
    command += [f"-x{package}" for package in _packages_of(context, {path.name for path in files})]
    told = context.run([*command, *(f"-e{path}" for path in files)], cwd=work)
    found = re.search(r"shlibs:Depends=(.*)", told)
    return [part.strip() for part in found[1].split(",")] if found else []


def _packages_of(context: Context, libraries: set[str]) -> set[str]:
    """The packages that would bring these libraries, if the program did not."""
    patterns = sorted(f"*/{name}" for name in libraries if re.fullmatch(r"lib[^/]*\.so[.\d]+", name))
    told = context.run(
        ["sh", "-c", 'dpkg -S "$@" 2>/dev/null || true', "sh", *patterns]
    )  # it fails where one is unknown
    return {line.partition(":")[0] for line in told.splitlines() if not line.startswith("diversion")}


def together(*lists: list[str]) -> list[str]:
    """Each package once, with its version where one is known."""
    best: dict[str, str] = {}
    for entry in (entry for entries in lists for entry in entries):
        name = entry.split()[0]
        best[name] = max(best.get(name, ""), entry, key=len)
    return [best[name] for name in sorted(best)]
