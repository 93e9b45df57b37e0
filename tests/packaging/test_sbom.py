"""A bill of materials names what is inside the program, and not what the building environment has besides."""

from __future__ import annotations

import pytest
from context import BuildError
from targets import sbom

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


def test_a_part_that_the_bill_does_not_know_stops_the_build() -> None:
    with pytest.raises(BuildError, match="lacks numpy"):
        sbom.narrowed(BILL, {"numpy", "pyyaml"})
