"""Starting with the computer: what is written is what starts this copy, and it goes away again."""

from __future__ import annotations

import configparser
import contextlib
import plistlib
import re
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from debabelizer.errors import StorageError, UnsupportedError
from debabelizer_desktop.platform import autostart

HIDDEN = ["--set", "window.start_hidden=true"]


@pytest.fixture
def entry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where a Linux session looks for what to start."""
    for name in ("DEBABELIZER_HOME", "FLATPAK_ID", "APPIMAGE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return tmp_path / "config" / "autostart" / "debabelizer.desktop"


def _read(path: Path) -> dict[str, str]:
    parser = configparser.RawConfigParser()
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read(path, encoding="utf-8")
    return dict(parser["Desktop Entry"])


def _exec_words(line: str) -> list[str]:
    """As the specification has it: first the file's escapes, then the command line's quotes, then the percent sign."""
    quoted = re.findall(r'"((?:[^"\\]|\\.)*)"', line.replace("\\\\", "\\"))
    return [re.sub(r"\\(.)", r"\1", word).replace("%%", "%") for word in quoted]


def test_what_is_written_starts_this_program_hidden(entry: Path) -> None:
    autostart.apply(True)
    written = _read(entry)
    words = _exec_words(written["Exec"])
    assert words[-2:] == HIDDEN
    assert Path(written["TryExec"]) == Path(words[0]) == Path(sys.executable)
    ran = subprocess.run([*words, "--version"], capture_output=True, text=True, check=True, timeout=60)
    assert ran.stdout.startswith("debabelizer ")


def test_it_is_written_once_and_anew_only_when_the_program_has_moved(
    entry: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    autostart.apply(True)
    first = entry.stat().st_ino
    autostart.apply(True)
    assert entry.stat().st_ino == first
    monkeypatch.setenv("APPIMAGE", "/home/me/Debabelizer 2.AppImage")
    autostart.apply(True)
    assert _exec_words(_read(entry)["Exec"]) == ["/home/me/Debabelizer 2.AppImage", *HIDDEN]
    assert [path.name for path in entry.parent.iterdir()] == [entry.name]


def test_it_goes_away_and_twice_is_as_good_as_once(entry: Path) -> None:
    autostart.apply(True)
    autostart.apply(False)
    assert not entry.exists()
    autostart.apply(False)


def test_a_frozen_program_starts_the_one_without_a_console(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("APPIMAGE", raising=False)
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    for suffix in ("", ".exe"):
        console, window = tmp_path / f"debabelizer{suffix}", tmp_path / f"debabelizer-desktop{suffix}"
        monkeypatch.setattr(sys, "executable", str(console))
        assert autostart.command() == [str(console), *HIDDEN]
        window.touch()
        assert autostart.command() == [str(window), *HIDDEN]


def test_a_copy_of_its_own_and_a_flatpak_leave_the_session_alone(
    entry: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DEBABELIZER_HOME", str(tmp_path))
    with pytest.raises(UnsupportedError, match="DEBABELIZER_HOME"):
        autostart.apply(True)
    monkeypatch.delenv("DEBABELIZER_HOME")
    monkeypatch.setenv("FLATPAK_ID", "x")
    with pytest.raises(UnsupportedError, match="Flatpak"):
        autostart.apply(True)
    assert not entry.exists()


def test_a_folder_that_can_not_be_made_is_told(entry: Path) -> None:
    entry.parent.parent.write_text("in the way")
    assert stat.S_ISREG(entry.parent.parent.stat().st_mode)
    with pytest.raises(StorageError, match="can't be arranged"):
        autostart.apply(True)


@given(st.lists(st.text(st.characters(min_codepoint=32, exclude_categories=["Cs", "Cc"]), min_size=1), min_size=1))
def test_any_path_survives_the_two_quotings_of_a_desktop_entry(words: list[str]) -> None:
    assert _exec_words(" ".join(map(autostart._exec_word, words))) == words


def test_a_launch_agent_runs_it_at_sign_in(tmp_path: Path) -> None:
    agent = autostart.LaunchAgent(tmp_path / "LaunchAgents")
    agent.write(["/Applications/Debabelizer.app/Contents/MacOS/debabelizer-desktop", *HIDDEN])
    read = plistlib.loads(agent.path.read_bytes())
    assert read["RunAtLoad"] is True
    assert read["ProgramArguments"][1:] == HIDDEN
    assert agent.path.name == f"{read['Label']}.plist"
    agent.remove()
    assert not agent.path.exists()


class Registry:
    """As much of ``winreg`` as is used, with its names and its error for what is not there."""

    HKEY_CURRENT_USER, REG_SZ = 1, 1

    def __init__(self) -> None:
        self.values: dict[tuple[str, str], str] = {}

    @contextlib.contextmanager
    def CreateKey(self, root: int, path: str) -> Iterator[str]:
        assert root == self.HKEY_CURRENT_USER
        yield path

    def SetValueEx(self, key: str, name: str, reserved: int, kind: int, value: str) -> None:
        self.values[key, name] = value

    def DeleteValue(self, key: str, name: str) -> None:
        if (key, name) not in self.values:
            raise FileNotFoundError(name)
        del self.values[key, name]


def test_windows_gets_a_command_line_in_the_user_s_registry() -> None:
    registry: Any = Registry()
    value = autostart.RunValue(registry)
    value.write([r"C:\Program Files\Debabelizer\debabelizer-desktop.exe", *HIDDEN])
    [(place, line)] = registry.values.items()
    assert place == (r"Software\Microsoft\Windows\CurrentVersion\Run", "Debabelizer")
    assert line == r'"C:\Program Files\Debabelizer\debabelizer-desktop.exe" --set window.start_hidden=true'
    value.remove()
    value.remove()
    assert registry.values == {}
