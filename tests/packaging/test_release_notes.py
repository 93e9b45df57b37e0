"""A release's notes are its part of the changelog, or the release stops with a sentence that says what to mend."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import program
import pytest
from release_notes import NotReleasedError, notes

CHANGELOG = """# Changelog

## 2.1.0 (not yet released)

- soon

## 2.0.1 (2026-12-01)

Mends what
two lines say.

### Fixed

- The first, which is so long that it
  goes on.
- The second.

## 2.0.0 (2026-11-30)

- Everything.
"""


def test_the_part_of_one_version_with_its_lines_unwrapped() -> None:
    assert notes(CHANGELOG, "v2.0.1", "2.0.1") == (
        "Mends what two lines say.\n\n### Fixed\n\n- The first, which is so long that it goes on.\n- The second.\n"
    )
    assert notes(CHANGELOG, "v2.0.0", "2.0.0") == "- Everything.\n"


@pytest.mark.parametrize(
    ("tag", "version", "told"),
    [
        ("v2.0.0", "2.0.1", "it must be v2.0.1"),
        ("v2.1.0", "2.1.0", "put the date there"),
        ("v3.0.0", "3.0.0", "has no part '## 3.0.0'"),
        ("v2.0", "2.0", "has no part '## 2.0'"),
    ],
)
def test_a_tag_that_does_not_fit_is_told(tag: str, version: str, told: str) -> None:
    with pytest.raises(NotReleasedError, match=told):
        notes(CHANGELOG, tag, version)


def test_a_part_without_words_is_no_release() -> None:
    with pytest.raises(NotReleasedError, match="says nothing"):
        notes("## 1.0.0 (2026-01-01)\n\n## 0.9.0 (2025-01-01)\n\n- x\n", "v1.0.0", "1.0.0")


def test_the_real_changelog_has_a_part_for_the_version_to_come() -> None:
    text = (program.ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    coming = program.version().partition(".dev")[0]
    dated = text.replace(f"## {coming} (not yet released)", f"## {coming} (2026-12-31)")
    assert "Dictation" in notes(dated, f"v{coming}", coming)


def test_the_command_refuses_a_wrong_tag_with_one_line(tmp_path: Path) -> None:
    script = program.HERE / "release_notes.py"
    ran = subprocess.run([sys.executable, script, "v0.0.1", tmp_path / "notes"], capture_output=True, text=True)
    assert ran.returncode == 1
    assert len(ran.stderr.splitlines()) == 1
    assert not (tmp_path / "notes").exists()
