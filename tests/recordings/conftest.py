"""A home of its own for each test, and a server that a list of recordings uses."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from debabelizer.config import Settings
from fakes.held_files import HeldFiles
from fakes.openai_server import scripted
from fakes.recording_list import SAID, List


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DEBABELIZER_HOME", str(tmp_path / "home"))
    return tmp_path


@pytest.fixture
async def server() -> AsyncIterator[HeldFiles]:
    async with HeldFiles(recognise=scripted([SAID])) as server:
        yield server


@pytest.fixture
async def make(server: HeldFiles) -> AsyncIterator[Callable[..., List]]:
    made: list[List] = []

    def make_list(**code: object) -> List:
        named = {key.replace("__", "."): value for key, value in code.items()}
        settings = Settings.load(code={"secrets.store": "memory", **server.settings(), **named})
        made.append(List(settings))
        return made[-1]

    yield make_list
    for one in made:
        await one.queue.close()
