"""The examples of docs/library.md, run as they stand."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from fakes.program import ROOT
from fakes.recordings import TINY_WHISPER, recording

PAGE = (ROOT / "docs" / "library.md").read_text("utf-8")
EXAMPLES = re.findall(r"^## ([^\n]+)\n(?:(?!^## ).)*?^```python\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
PRINTED = {
    "A recording": r"Hello world, this is a test of dictation|Hello world this is a test of dictation",
    "Who listens": r"\['deepgram', 'whisper', 'sphinx'\]\ndeepgram",
    "Live speech": r"final   Hello world this is a test",
    "Speaking": r"\d+\.\d+ \d{4,}",
    "Audio": r"\d+ \d+ \d+\n\[\(.*\)\]\nwav True",
}


def test_all_examples_are_known() -> None:
    assert [title for title, _ in EXAMPLES] == list(PRINTED)


@pytest.mark.parametrize(("title", "code"), EXAMPLES, ids=[title for title, _ in EXAMPLES])
def test_an_example_prints_what_it_should(title: str, code: str, tmp_path: Path) -> None:
    shutil.copy(recording("hello_test").path, tmp_path / "speech.wav")
    kept = {k: v for k, v in os.environ.items() if not k.startswith("DEBABELIZER_") and not k.endswith("_API_KEY")}
    environ = kept | {
        "DEBABELIZER_HOME": str(tmp_path / "home"),
        "DEBABELIZER_PROVIDERS_WHISPER_FOLDER": str(TINY_WHISPER),
        "PYTHONPATH": os.pathsep.join(str(ROOT / part) for part in ("app", "providers")),
    }
    command = [sys.executable, "-W", "error", "-c", code]
    ran = subprocess.run(command, cwd=tmp_path, env=environ, capture_output=True, text=True, timeout=90, check=False)
    assert ran.returncode == 0, ran.stderr
    assert ran.stderr == ""
    assert re.search(PRINTED[title], ran.stdout), ran.stdout
