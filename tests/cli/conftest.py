"""The real program for the tests of the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from fakes.program import Program
from fakes.recordings import TINY_WHISPER


@pytest.fixture
def program(tmp_path: Path) -> Program:
    return Program(tmp_path / "home")


@pytest.fixture
def whisper(program: Program) -> Program:
    """The program with the tiny model chosen."""
    program.env |= {"DEBABELIZER_PROVIDERS_WHISPER_FOLDER": str(TINY_WHISPER), "DEBABELIZER_PROVIDER": "whisper"}
    return program
