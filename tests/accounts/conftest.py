"""The record of usage of a home of the test's own."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from debabelizer.config import Settings
from debabelizer.store import Usage, Use
from fakes.program import Program

Fill = Callable[..., None]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the program of this test keeps everything."""
    monkeypatch.setenv("DEBABELIZER_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def program(home: Path) -> Program:
    return Program(home)


@pytest.fixture
def usage(home: Path) -> Iterator[Usage]:
    """Its record, as another process sees it."""
    kept = Usage(home / "data")
    yield kept
    kept.close()


@pytest.fixture
def used(usage: Usage) -> Fill:
    """``used("deepgram", 3, answered=0.2)``: so many uses in the last seconds."""
    count = 0

    def fill(provider: str, times: int = 1, **more: object) -> None:
        nonlocal count
        for _ in range(times):
            count += 1
            values = {"id": f"u{count}", "provider": provider, "at": time.time() - 1, "seconds": 10.0} | more
            usage.record(Use(**values))

    return fill


@pytest.fixture
def settings(home: Path) -> Callable[..., Settings]:
    """``settings(budget__usd=5)``; keys with ``__`` for dots. Keys of vendors are there where they are named."""

    def load(**values: object) -> Settings:
        code = {key.replace("__", "."): value for key, value in values.items()}
        return Settings.load(
            home / "config" / "settings.toml", environ={"DEBABELIZER_SECRETS_STORE": "memory"}, code=code
        )

    return load
