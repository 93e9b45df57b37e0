"""The key is pressed again the moment the last take is over: every press is a take, every release ends it."""

from __future__ import annotations

from pathlib import Path

import pytest

from debabelizer.events import DictationState
from fakes import rig
from fakes.rig_app import app

TAKES = 3


@pytest.mark.rig
def test_a_press_right_after_a_take_is_a_take_of_its_own(
    desk: rig.Display, target: rig.Terminal, microphone: rig.Sound, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    (home / "state").mkdir(parents=True)
    (home / "state" / "window.json").write_text('{"welcomed":true}')
    with app(desk, microphone, home, {"provider": "sphinx"}) as program:
        desk.focus(target.title)
        for _ in range(TAKES):
            with desk.held("F9"):
                program.wait_for(DictationState.LISTENING)
                microphone.speak("hello world")
            program.wait_for(DictationState.IDLE)
        rig.wait_until(lambda: target.text.count("world") == TAKES, what=f"{TAKES} takes in the terminal")
