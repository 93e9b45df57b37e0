"""A bill of materials names what is inside the program, and not what the building environment has besides."""

from __future__ import annotations

import json
import shutil
from importlib.metadata import Distribution
from pathlib import Path

import licences
import program
import pytest
from context import BuildError, Context
from targets import deb, sbom

BILL = {
    "metadata": {"component": {"bom-ref": "root", "name": "debabelizer-desktop"}},
    "components": [
        {"bom-ref": "a", "name": "faster-whisper"},
        {"bom-ref": "b", "name": "PyYAML"},
        {"bom-ref": "c", "name": "pytest"},
    ],
    "dependencies": [
        {"ref": "root", "dependsOn": ["a", "b", "c"]},
        {"ref": "a", "dependsOn": ["b", "c"]},
        {"ref": "b"},
        {"ref": "c", "dependsOn": ["b"]},
    ],
}


def test_what_is_not_inside_is_neither_listed_nor_pointed_to() -> None:
    made = sbom.narrowed(BILL, {"faster_whisper", "pyyaml"})
    assert [component["name"] for component in made["components"]] == ["faster-whisper", "PyYAML"]
    assert made["dependencies"] == [
        {"ref": "root", "dependsOn": ["a", "b"]},
        {"ref": "a", "dependsOn": ["b"]},
        {"ref": "b", "dependsOn": []},
    ]


def test_files_of_the_building_machine_are_not_named() -> None:
    here, there = {"type": "distribution", "url": "file:///home/me/av.whl"}, {"type": "website", "url": "https://x.org"}
    parts = [
        {"bom-ref": "a", "name": "av", "externalReferences": [here, there]},
        {"bom-ref": "b", "name": "numpy", "externalReferences": [here]},
    ]
    made = sbom.narrowed({**BILL, "components": parts}, {"av", "numpy"})
    assert made["components"] == [
        {"bom-ref": "a", "name": "av", "externalReferences": [there]},
        {"bom-ref": "b", "name": "numpy"},
    ]


class Wheel(Distribution):
    """One with two bills inside (PEP 770)."""

    def __init__(self, folder: Path) -> None:
        bills = folder / "av-1.dist-info" / "sboms"
        bills.mkdir(parents=True)
        own = {"name": "av", "bom-ref": "1"}
        compiled = {
            "name": "ffmpeg",
            "version": "8",
            "licenses": [{"expression": "LGPL-2.1-or-later"}],
            "externalReferences": [{"type": "distribution", "url": "https://ffmpeg.org/8.tar.xz"}],
        }
        taken = {"components": [own, {"name": "libopus0", "bom-ref": "1"}]}
        (bills / "auditwheel.cdx.json").write_text(json.dumps(taken))
        (bills / licences.COMPILED).write_text(json.dumps({"components": [compiled]}))
        (bills.parent / "METADATA").write_text("Metadata-Version: 2.4\nName: av\nVersion: 1\nLicense-Expression: BSD\n")
        names = ["METADATA", "sboms/auditwheel.cdx.json", f"sboms/{licences.COMPILED}"]
        (bills.parent / "RECORD").write_text("".join(f"av-1.dist-info/{name},,\n" for name in names))
        self._folder = folder

    def read_text(self, filename: str) -> str | None:
        file = self._folder / "av-1.dist-info" / filename
        return file.read_text() if file.exists() else None

    def locate_file(self, path: object) -> Path:
        return self._folder / str(path)


def test_what_a_wheel_says_it_has_inside_is_listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wheel = Wheel(tmp_path)
    parts = {part["name"]: part["bom-ref"] for part in sbom.bundled(wheel)}
    assert set(parts) == {"ffmpeg", "libopus0"}
    assert len(set(parts.values())) == 2
    monkeypatch.setattr(licences, "inside", lambda variant: [wheel])
    told = licences.third_party(program.FULL)
    assert "av 1: BSD\nBuilt for this program with ffmpeg 8 (LGPL-2.1-or-later)." in told
    assert "https://ffmpeg.org/8.tar.xz" in told
    assert licences.NOTES["av"] not in told


@pytest.mark.skipif(shutil.which("dpkg-deb") is None, reason="it takes Debian's tools")
def test_the_debian_package_says_what_was_compiled_for_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wheel = Wheel(tmp_path / "site")
    monkeypatch.setattr(licences, "inside", lambda variant: [wheel])
    root = tmp_path / "root"
    (root / deb.PLACE).mkdir(parents=True)
    deb.pack(Context(out=tmp_path, work=tmp_path), program.FULL, root, version="1", depends=["libc6"])
    told = (root / "usr/share/doc/debabelizer/copyright").read_text(encoding="utf-8")
    assert "Files: usr/lib/debabelizer/_internal/av*\n" in told
    assert "License: BSD and LGPL-2.1-or-later\n" in told
    assert "https://ffmpeg.org/8.tar.xz" in told


def test_a_part_that_the_bill_does_not_know_stops_the_build() -> None:
    with pytest.raises(BuildError, match="lacks numpy"):
        sbom.narrowed(BILL, {"numpy", "pyyaml"})
