"""Quit or killed in any state: the program ends soon, and the recording is kept."""

from __future__ import annotations

import signal
import time
from pathlib import Path

import pytest

from fakes import rig
from fakes.rig_app import app, elevenlabs
from fakes.rig_dictating import SENTENCE, cloud, key, retry, serving

pytestmark = pytest.mark.rig


def test_a_killed_program_loses_nothing(
    desk: rig.Display, microphone: rig.Sound, target: rig.Terminal, home: Path
) -> None:
    server = serving("from the grave")
    with elevenlabs(server) as until:
        with app(desk, microphone, home, cloud(server), key(server)) as program:
            desk.focus(target.title)
            desk.key_down("F9")
            program.wait_for("listening")
            microphone.speak(SENTENCE)
            spoken = len(rig.samples(rig.speech(SENTENCE))) // 2
            until(lambda it: it.connections and it.connections[0].samples >= 0.9 * spoken)
            program.process.kill()
            program.process.wait()
            desk.key_up("F9")
        desk.wait_until_gone("Debabelizer")
        heard = server.connections[0].samples
        with app(desk, microphone, home, env=key(server)) as program:
            program.wait_until_shown("never became text", "[Retry]")
            assert len(program.takes) == 1
            retry(program, "From the grave.")
        assert server.connections[-1].samples >= heard - 1600  # at most 100 ms are lost


@pytest.mark.parametrize("state", ["idle", "opening", "listening", "finishing"])
def test_quitting_is_quick_in_every_state_and_keeps_the_take(
    state: str, desk: rig.Display, microphone: rig.Sound, target: rig.Terminal, home: Path
) -> None:
    server = serving("finished another day", answer_delay_s=30.0)
    with elevenlabs(server) as until:
        with app(desk, microphone, home, cloud(server), key(server)) as program:
            desk.focus(target.title)
            if state != "idle":
                desk.key_down("F9")
            if state in ("listening", "finishing"):
                program.wait_for("listening")
                microphone.speak(SENTENCE)
            if state == "finishing":
                desk.key_up("F9")
                until(lambda it: any(chunk.commit for chunk in it.connections[0].messages))
            began = time.monotonic()
            program.process.send_signal(signal.SIGTERM)
            program.process.wait(10)
            took = time.monotonic() - began
            desk.key_up("F9")
            assert took < 3.0, program.log[-2000:]
            assert program.process.returncode == 0
        desk.wait_until_gone("Debabelizer")
        if state in ("listening", "finishing"):
            with app(desk, microphone, home, env=key(server)) as program:
                assert len(program.takes) == 1
                retry(program, "Finished another day.")
