"""The root: quick help, mistakes, errors that end in one line."""

from __future__ import annotations

import ctypes
import subprocess
import sys
import time
from types import SimpleNamespace

import pytest

from debabelizer.cli import main

COMMANDS = ["dictate", "transcribe", "providers", "devices", "doctor", "takes", "models", "keys", "config", "remote"]
HEAVY = ("numpy", "httpx", "av", "rich", "tomlkit", "keyring", "PySide6", "websockets", "msgspec", "sounddevice")


def test_help_names_every_command_and_loads_nothing_it_does_not_need(program):
    code = (
        "import sys; from debabelizer.cli import main; status = main(['--help']);"
        f"print([m for m in {HEAVY!r} if m in sys.modules], file=sys.stderr); sys.exit(status)"
    )
    ran = subprocess.run([sys.executable, "-c", code], env=program.env, capture_output=True, text=True, check=True)
    assert ran.stderr == "[]\n"
    for name in COMMANDS:
        assert f"\n  {name} " in ran.stdout


def test_help_costs_little_more_than_the_library_that_prints_it(program):
    def quickest(*command):
        best = 9.0
        for _ in range(5):
            began = time.perf_counter()
            subprocess.run(command, env=program.env, stdout=subprocess.DEVNULL, check=True)
            best = min(best, time.perf_counter() - began)
        return best

    bare = quickest(sys.executable, "-c", "import click")
    assert quickest(*program.command("--help")) <= 2 * bare + 0.05


def test_no_command_reaches_qt(program):
    code = "import sys, pkgutil, importlib, debabelizer.cli as c\n"
    code += "for m in pkgutil.iter_modules(c.__path__):\n"
    code += "    m.name == '__main__' or importlib.import_module('debabelizer.cli.' + m.name)\n"
    code += "sys.exit(any(m.partition('.')[0] in ('PySide6', 'debabelizer_desktop') for m in sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], env=program.env, check=False).returncode == 0


def test_every_command_has_help(program):
    for name in COMMANDS:
        ran = program(name, "--help")
        assert ran.status == 0
        assert len(ran.out.split("Options:")[0].split()) > 5, name


def test_version(program):
    from debabelizer import __version__

    assert program("--version").out == f"debabelizer {__version__}\n"


def test_an_unexpected_error_is_one_line_with_the_log(program):
    """A fault of ours, provoked: the worker's own module is replaced by one that fails."""
    program.home.mkdir()
    (program.home / "sabotage").mkdir()
    (program.home / "sabotage" / "sitecustomize.py").write_text(
        "import debabelizer.audio.devices as d\n"
        "def broken(): raise ZeroDivisionError('on purpose, with sk_0123456789abcdef')\n"
        "d.microphones = broken\n"
    )
    program.env["PYTHONPATH"] = f"{program.home}/sabotage:{program.env['PYTHONPATH']}"
    ran = program("devices")
    assert ran.status == 70
    (line,) = ran.err.splitlines()
    assert "ZeroDivisionError: on purpose" in line
    assert "debabelizer.log" in line
    assert "Traceback" in program.log
    assert "sk_0123456789abcdef" not in line + program.log


def test_a_full_disk_under_the_log_is_no_reason_to_stop(program):
    logs = program.home / "state" / "logs"
    logs.mkdir(parents=True)
    (logs / "debabelizer.log").symlink_to("/dev/full")
    ran = program("--set", "log.level=debug", "doctor", "provider")
    assert ran.status == 0
    assert "Nothing is broken" in ran.out
    assert ran.err == ""


def test_colour_is_for_people_who_want_it(program):
    import os
    import pty

    def screen(**env):
        master, terminal = pty.openpty()
        program.env |= env
        with program.started("doctor", "settings", stdin=terminal, stdout=terminal, stderr=terminal) as process:
            os.close(terminal)
            seen = b""
            while True:
                try:
                    seen += os.read(master, 4096)
                except OSError:  # the other side is closed
                    break
            assert process.wait(timeout=30) == 0
        os.close(master)
        return seen

    assert b"\x1b[32mOK" in screen()
    assert b"\x1b[3" not in screen(NO_COLOR="1")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--set", "dictation.mode=shout", "config", "show"], "none of hold, toggle, tap_or_hold"),
        (["nonsense"], "There is no command 'nonsense'."),
    ],
)
def test_a_program_without_a_console_tells_what_is_wrong_in_a_box_of_windows(monkeypatch, tmp_path, arguments, told):
    monkeypatch.setenv("DEBABELIZER_HOME", str(tmp_path))
    boxes = []
    user32 = SimpleNamespace(MessageBoxW=lambda owner, text, title, kind: boxes.append((text, title, kind)))
    monkeypatch.setattr(ctypes, "windll", SimpleNamespace(user32=user32), raising=False)
    monkeypatch.setattr(sys, "stdout", None)
    monkeypatch.setattr(sys, "stderr", None)
    assert main(arguments) == 2
    [(text, title, kind)] = boxes
    assert told in text
    assert (title, kind) == ("Debabelizer", 0x10)
