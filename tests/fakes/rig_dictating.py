"""What tests of the real program share: settings for each recogniser, and one dictation as a person does it."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from fakes.elevenlabs_server import Behaviour, ElevenLabsServer, scripted
from fakes.rig_app import App
from fakes.rig_display import Display
from fakes.rig_processes import wait_until
from fakes.rig_sound import Sound

MODEL = Path(__file__).parents[1] / "data" / "whisper-tiny-words"
SENTENCE = "hello world this is a test of dictation"
WELCOMED = '{"welcomed":true}'


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home in which the first run is over."""
    folder = tmp_path / "home"
    (folder / "state").mkdir(parents=True)
    (folder / "state" / "window.json").write_text(WELCOMED)
    return folder


def local(**more: Any) -> dict[str, Any]:
    """Settings for the tiny Whisper."""
    return {
        "provider": "whisper",
        "providers.whisper.folder": str(MODEL),
        "providers.whisper.cpu_threads": 1,
        "providers.whisper.device": "cpu",
        **more,
    }


def cloud(server: ElevenLabsServer, **more: Any) -> dict[str, Any]:
    """Settings for the local ElevenLabs."""
    return {"provider": "elevenlabs", "providers.elevenlabs.base_url": server.url, **more}


def key(server: ElevenLabsServer) -> Mapping[str, str]:
    """The environment that holds its key."""
    return {"ELEVENLABS_API_KEY": server.key}


def dictate(desk: Display, sound: Sound, program: App, text: str | Path, **voice: Any) -> None:
    """Hold the key, wait until the program listens, speak, let go."""
    with desk.held("F9"):
        program.wait_for("listening")
        sound.speak(text, **voice)
    program.wait_for("idle")


def serving(*sentences: str, **behaviour: object) -> ElevenLabsServer:
    """A local ElevenLabs that understands these; ``behaviour``: of its first connection."""
    first = [Behaviour(**behaviour)] if behaviour else []  # type: ignore[arg-type]
    return ElevenLabsServer(recognise=scripted(list(sentences)), behaviours=[*first, Behaviour()])


def retry(program: App, text: str) -> None:
    """The kept take becomes text at last, and nothing waits any more."""
    assert len(program.takes) == 1
    program.call("retry")
    wait_until(lambda: not program.takes, 30, "the take becoming text")
    wait_until(lambda: text in remembered(program), what=f"{text!r} in the history")


def remembered(program: App) -> list[str]:
    """All texts of the program's history."""
    path = next(program.home.rglob("history.sqlite3"), None)
    if path is None:
        return []
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
        made = database.execute("SELECT 1 FROM sqlite_master WHERE name = 'takes'").fetchone()
        return [row[0] for row in database.execute("SELECT text FROM takes")] if made else []
