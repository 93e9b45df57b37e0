"""The command opens the window, and controls it from outside."""

from __future__ import annotations

import contextlib
import signal
import subprocess
import time

import pytest

from debabelizer.errors import StorageError
from debabelizer.store.recordings import Recordings
from fakes import rig
from fakes.program import Program

pytestmark = pytest.mark.desktop


@pytest.fixture
def program(tmp_path):
    with rig.display() as desk:
        it = Program(tmp_path / "home")
        it.env |= desk.env | {"XDG_RUNTIME_DIR": str(tmp_path)}
        yield it


def test_without_a_command_the_window_opens_and_answers_the_remote_control(program):
    assert "not running" in program("remote", "status").err
    with program.started("--set", "provider=sphinx", stderr=subprocess.DEVNULL) as window:
        rig.wait_until(lambda: program("remote", "status").status == 0, 30.0, "an answer of the window")
        status = program("remote", "status", "--json").json()
        assert status["state"] == "idle"
        assert status["provider"] == "sphinx", "options of the command reach the window"
        second = program("--set", "provider=sphinx")
        assert second.status == 0
        assert "already running" in second.err
        assert "The running program holds F9." in program("doctor", "hotkey").out
        assert program("remote", "show").status == 0
        window.send_signal(signal.SIGTERM)
        began = time.monotonic()
        assert window.wait(timeout=30) == 0
        assert time.monotonic() - began < 4.0
    assert "not running" in program("remote", "status").err


def test_it_quits_when_told_to_from_outside_and_needs_no_console_for_anything(program):
    """A program without a console has no streams at all on Windows; closing them here is the same to Python. It starts
    with the computer from now on, as it was told to; which a copy with a folder of its own would not."""
    del program.env["DEBABELIZER_HOME"]
    options = ("--set", "provider=sphinx", "--set", "window.autostart=true")
    without_streams = ["sh", "-c", 'exec "$@" <&- >&- 2>&-', "sh", *program.command(*options)]
    with subprocess.Popen(without_streams, env=program.env) as window:
        rig.wait_until(lambda: program("remote", "status").status == 0, 30.0, "an answer of the window")
        second = subprocess.run(without_streams, env=program.env, timeout=60, check=False)
        assert second.returncode == 0, "it hands over to the first, silently"
        assert program("remote", "quit", "--json").json()["state"] == "idle"
        assert window.wait(timeout=30) == 0
    assert "not running" in program("remote", "quit").err
    assert "--set" in (program.home / ".config/autostart/debabelizer.desktop").read_text()


def test_an_option_that_can_not_be_used_is_told_and_no_window_opens(program):
    ran = program("--set", "dictation.mode=shout")
    assert ran.status == 2
    assert "none of hold, toggle, tap_or_hold" in ran.err


def test_a_display_that_does_not_answer_means_the_terminal(program):
    program.env["DISPLAY"] = ":987"
    ran = program()
    assert ran.status == 0
    assert "The display :987 does not answer. Dictating in the terminal." in ran.err
    assert ran.out.strip()


def test_recordings_are_handed_to_the_window_that_runs(program, tmp_path):
    """More of them than one message holds; and folders; by the command, and as file managers do it."""
    talks = tmp_path / "talks"
    talks.mkdir()
    names = [f"{'long' * 55}{number}.wav" for number in range(300)]
    for name in names:
        (talks / name).write_bytes(b"")

    def listed() -> list[str]:
        with contextlib.suppress(StorageError):
            return sorted(row.path for row in Recordings(program.home / "data").rows())
        return []

    with program.started("open", str(talks / names[0]), stderr=subprocess.DEVNULL) as window:
        rig.wait_until(lambda: len(listed()) == 1, 40.0, "the first one on the list")
        assert program("open", *(talks / name for name in names[:250])).status == 0
        rig.wait_until(lambda: len(listed()) == 250, 40.0, "those of the second start")
        assert program(talks).status == 0
        rig.wait_until(lambda: len(listed()) == 300, 40.0, "the folder")
        window.send_signal(signal.SIGTERM)
        assert window.wait(timeout=30) == 0
    assert listed() == sorted(str(talks / name) for name in names)


def test_without_a_display_the_command_says_what_does_it_instead(program, tmp_path):
    del program.env["DISPLAY"]
    (tmp_path / "talk.wav").write_bytes(b"")
    ran = program("open", tmp_path / "talk.wav")
    assert ran.status != 0
    assert "debabelizer transcribe" in ran.err
