"""The workflows of the public CI service: what they start exists, they may do little, and what they use is pinned."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from program import ROOT
from targets import ALL

FOLDER = ROOT / ".github" / "workflows"
FILES = sorted(FOLDER.glob("*.yml"))
ELSEWHERE = {"appimage", "appimage-light", "flatpak"}
"""Made by tools that the service's machines don't have (packaging/README.md)."""


def _read(name: str) -> dict[Any, Any]:
    found: dict[Any, Any] = yaml.safe_load((FOLDER / name).read_text(encoding="utf-8"))
    return found


def _steps(workflow: dict[Any, Any]) -> Iterator[dict[str, Any]]:
    for job in workflow["jobs"].values():
        yield from job.get("steps", ())


def _matrix(name: str, job: str) -> list[dict[str, str]]:
    entries: list[dict[str, str]] = _read(name)["jobs"][job]["strategy"]["matrix"]["include"]
    return entries


def test_there_is_one_for_tests_and_one_for_releases() -> None:
    assert [path.name for path in FILES] == ["release.yml", "test.yml"]
    assert _read("release.yml")[True] == {"push": {"tags": ["v*"]}}, "YAML 1.1 reads the key `on` as true"
    assert _read("release.yml")["jobs"]["test"]["uses"] == "./.github/workflows/test.yml"
    assert "workflow_call" in _read("test.yml")[True]


@pytest.mark.parametrize("name", [path.name for path in FILES])
def test_every_action_is_pinned_to_a_commit_and_says_which_version_that_is(name: str) -> None:
    lines = [line for line in (FOLDER / name).read_text(encoding="utf-8").splitlines() if "uses: " in line]
    for line in lines:
        assert re.search(
            r"uses: (\./\.github/workflows/\w+\.yml$|[\w-]+/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$)", line
        ), line
    assert len(lines) >= 2


@pytest.mark.parametrize("name", [path.name for path in FILES])
def test_only_the_draft_may_write_and_no_token_stays_in_the_checkout(name: str) -> None:
    workflow = _read(name)
    assert workflow["permissions"] == {"contents": "read"}
    assert "secrets." not in str(workflow.get("env"))
    for job_name, job in workflow["jobs"].items():
        if job_name == "draft":
            assert job["permissions"] == {"contents": "write", "id-token": "write", "attestations": "write"}
        else:
            assert "permissions" not in job
    for step in _steps(workflow):
        if "checkout@" in step.get("uses", ""):
            assert step["with"]["persist-credentials"] is False


@pytest.mark.parametrize("name", [path.name for path in FILES])
def test_nothing_from_outside_is_pasted_into_a_command(name: str) -> None:
    for step in _steps(_read(name)):
        pasted = re.findall(r"\$\{\{ *([\w.]+)", step.get("run", ""))
        assert all(value.startswith("matrix.") for value in pasted), step


@pytest.mark.parametrize("name", [path.name for path in FILES])
def test_every_script_that_is_started_is_there(name: str) -> None:
    started = set()
    for step in _steps(_read(name)):
        started |= set(re.findall(r"(?:^|\s)((?:packaging|tests|bench)/[\w/.-]+)", step.get("run", "")))
    for job in _read(name)["jobs"].values():
        started |= {entry["start"] for entry in job.get("strategy", {}).get("matrix", {}).get("include", ())}
    assert started
    for path in started:
        assert (ROOT / path).is_file(), path
        assert not path.endswith((".sh", "/run")) or os.access(ROOT / path, os.X_OK), path


def test_a_release_is_noted_tested_built_and_drafted_in_that_order() -> None:
    jobs = _read("release.yml")["jobs"]
    order = {name: job.get("needs") for name, job in jobs.items()}
    assert order == {"notes": None, "test": "notes", "build": "test", "draft": "build"}
    assert {e["system"]: e["runner"] for e in _matrix("release.yml", "build")} == {
        e["system"]: e["runner"] for e in _matrix("test.yml", "test")
    }, "each system is tested before it is built"


def test_the_systems_together_build_everything_and_only_what_there_is() -> None:
    asked = [entry["targets"].split(",") for entry in _matrix("release.yml", "build")]
    known = {target.name for target in ALL}
    union = {name for names in asked for name in names}
    assert union <= known
    needed = {needed for target in ALL for needed in target.needs}
    assert known - union - needed - ELSEWHERE == set()
    assert all({"sbom", "sbom-light"} <= set(names) for names in asked)


def test_what_is_uploaded_is_what_was_built_but_not_the_frozen_folders() -> None:
    [upload] = [s for s in _read("release.yml")["jobs"]["build"]["steps"] if "upload-artifact@" in s.get("uses", "")]
    assert upload["with"]["path"].split("\n")[:2] == ["dist/*", "!dist/frozen"]
    commands = "\n".join(step.get("run", "") for step in _steps(_read("release.yml")))
    assert "packaging/check_installers.py\n" in commands
    assert "packaging/check_installers.py --light" in commands
    assert Path(ROOT, "packaging", "check_frozen.py").is_file()
