"""Whose work lies inside the frozen program, and on which terms."""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib.metadata import Distribution, PackageNotFoundError, distribution, packages_distributions
from typing import Any

import program

OURS = "debabelizer-desktop"
COMPILED = "natives.cdx.json"
"""A wheel's bill of materials about what was compiled for this program (natives)."""
NOTES = {
    "pyside6": "Qt and Qt for Python, used under the LGPL version 3. Their libraries lie as files of their own in\n"
    "PySide6 and can be replaced. Sources: https://download.qt.io",
    "av": "PyAV, with the libraries of FFmpeg and of codecs as files of their own in av.libs (LGPL and GPL; this\n"
    "FFmpeg is built with GPL parts). Sources: https://github.com/PyAV-Org/pyav-ffmpeg",
    "pocketsphinx": "PocketSphinx with its English model (BSD).",
}


def third_party(variant: program.Variant) -> str:
    """Name, version and terms of every distribution inside, with the texts that came with it."""
    parts = [f"{program.TITLE} {program.version()} contains the work of others.", ""]
    for found in sorted(inside(variant), key=lambda d: d.name.lower()):
        parts += ["=" * 100, f"{found.name} {found.version}: {terms(found)}"]
        note = NOTES.get(found.name.lower())
        made = [_compiled(part) for part in bundled(found, COMPILED)]
        parts += made or ([note] if note else [])
        parts += ["", *_texts(found)]
    return "\n".join(parts)


def bundled(it: Distribution, bill: str = "*.json") -> list[dict[str, Any]]:
    """The libraries of others inside a distribution, by what it says itself (PEP 770): components of CycloneDX."""
    bills = [file for file in it.files or () if file.parent.name == "sboms" and file.match(bill)]
    parts = [part for file in bills for part in json.loads(file.read_text("utf-8")).get("components", ())]
    return [part for part in parts if _normal(part["name"]) != _normal(it.name)]


def terms_of(part: dict[str, Any]) -> str:
    return str(part["licenses"][0]["expression"])


def source_of(part: dict[str, Any]) -> str:
    """The address of what was compiled."""
    return str(part["externalReferences"][0]["url"])


def _compiled(part: dict[str, Any]) -> str:
    return (
        f"Built for this program with {part['name']} {part['version']} ({terms_of(part)}). Libraries that are files\n"
        f"of their own can be replaced. Sources: {source_of(part)}\n"
        f"How it was built: packaging/natives in {program.REPOSITORY}"
    )


def inside(variant: program.Variant) -> list[Distribution]:
    """The distributions that the program requires on this system, and what those require, but what is left out."""
    left_out = {_normal(name) for name in (*variant.leaves_out, *program.UNUSED_MODULES)}
    found: dict[str, Distribution] = {}
    waiting = [(OURS, frozenset(program.EXTRAS))]
    while waiting:
        name, extras = waiting.pop()
        if _normal(name) in left_out or _normal(name) in found:
            continue
        try:
            it = distribution(name)
        except PackageNotFoundError:  # wanted on other systems only
            continue
        found[_normal(name)] = it
        waiting += _required(it, extras)
    found.pop(OURS, None)
    return list(found.values())


def strangers(variant: program.Variant) -> list[str]:
    """The top-level modules of this environment that belong to no distribution inside: tools that build, not parts."""
    wanted = {_normal(it.name) for it in inside(variant)} | {OURS}
    return sorted(
        module for module, owners in packages_distributions().items() if wanted.isdisjoint(map(_normal, owners))
    )


def _required(it: Distribution, extras: frozenset[str]) -> Iterator[tuple[str, frozenset[str]]]:
    from packaging.requirements import Requirement

    for text in it.requires or ():
        requirement = Requirement(text)
        marker = requirement.marker
        if marker is None or any(marker.evaluate({"extra": extra}) for extra in ("", *extras)):
            yield requirement.name, frozenset(requirement.extras)


def terms(it: Distribution) -> str:
    """Its licence, as it says itself."""
    meta = it.metadata
    classified = [line.rpartition(" :: ")[2] for line in meta.get_all("Classifier") or () if line.startswith("License")]
    short = (meta.get("License") or "").partition("\n")[0][:80]
    return meta.get("License-Expression") or short or ", ".join(classified) or "see below"


def _texts(it: Distribution) -> Iterator[str]:
    for file in it.files or ():
        words = file.name.lower()
        if ".dist-info" in str(file) and words.startswith(("licen", "copying", "notice", "copyright")):
            yield file.read_text(encoding="utf-8").strip()
            yield ""


def _normal(name: str) -> str:
    return name.lower().replace("_", "-").replace(".", "-")
