"""Starting with the computer, by the system's own means: an entry of the user's session, kept as the setting wants it.

Linux: a desktop entry in ``autostart`` (freedesktop's Desktop Application Autostart Specification); Windows: a value
under ``Run`` of the user's registry; macOS: a launch agent. Each starts the program hidden, in the tray.
"""

from __future__ import annotations

import contextlib
import importlib
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, Protocol

from debabelizer.errors import StorageError, UnsupportedError
from debabelizer_desktop import APP_ID

_TITLE = "Debabelizer"
_HIDDEN = ("--set", "window.start_hidden=true")
_RUN = r"Software\Microsoft\Windows\CurrentVersion\Run"


def command() -> list[str]:
    """What starts this very copy again, hidden: an AppImage by its own file, a frozen program by its executable
    without a console, anything else by its interpreter."""
    if image := os.environ.get("APPIMAGE"):
        return [image, *_HIDDEN]
    own = Path(sys.executable)
    if getattr(sys, "frozen", False):
        window = own.with_name(f"debabelizer-desktop{own.suffix}")
        return [str(window if window.exists() else own), *_HIDDEN]
    silent = own.with_name("pythonw.exe")
    return [str(silent if silent.exists() else own), "-P", "-m", "debabelizer.cli", *_HIDDEN]


class Entry(Protocol):
    def write(self, words: list[str]) -> None:
        """Start these from now on. Writes nothing where that is so already."""
        ...

    def remove(self) -> None: ...


def why_not() -> str | None:
    """Why this copy can't have itself started; None: it can."""
    if "FLATPAK_ID" in os.environ:
        return "A Flatpak can't start itself with the computer: add it to your desktop's own list of programs to start."
    if os.environ.get("DEBABELIZER_HOME", "").strip():
        return "A copy with a folder of its own (DEBABELIZER_HOME) is not started with the computer."
    return None


def apply(wanted: bool) -> None:
    """Make it so. Raises StorageError where the entry can't be written, UnsupportedError with :func:`why_not`."""
    why = why_not()
    if why is not None:
        raise UnsupportedError(why)
    entry = entry_here()
    try:
        if wanted:
            entry.write(command())
        else:
            entry.remove()
    except OSError as error:
        raise StorageError(f"Starting with the computer can't be arranged: {error.strerror or error}.") from error


def entry_here() -> Entry:
    platform: str = sys.platform
    if platform == "win32":
        return RunValue(importlib.import_module("winreg"))
    if platform == "darwin":
        return LaunchAgent(Path.home() / "Library" / "LaunchAgents")
    import platformdirs

    return DesktopEntry(Path(platformdirs.user_config_dir()) / "autostart")


class _File:
    def __init__(self, path: Path) -> None:
        self.path = path

    def keep(self, content: bytes) -> None:
        if self.path.exists() and self.path.read_bytes() == content:
            return
        self.path.parent.mkdir(parents=True, exist_ok=True)
        fresh = self.path.with_name(f".{self.path.name}.new")
        fresh.write_bytes(content)
        fresh.replace(self.path)

    def remove(self) -> None:
        self.path.unlink(missing_ok=True)


class DesktopEntry(_File):
    """``TryExec`` lets the desktop pass over the entry once the program is gone."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder / "debabelizer.desktop")

    def write(self, words: list[str]) -> None:
        lines = [
            "[Desktop Entry]",
            "Type=Application",
            f"Name={_TITLE}",
            f"TryExec={words[0]}",
            f"Exec={' '.join(map(_exec_word, words))}",
            f"Icon={APP_ID}",
            "Terminal=false",
            "X-GNOME-Autostart-enabled=true",
        ]
        self.keep("\n".join([*lines, ""]).encode())


def _exec_word(word: str) -> str:
    """A word of ``Exec``: in quotes, within which four characters and the percent sign have a meaning; and the file's
    own rule for strings doubles each backslash once more."""
    for special in '\\"`$':
        word = word.replace(special, f"\\{special}")
    return f'"{word}"'.replace("%", "%%").replace("\\", "\\\\")


class LaunchAgent(_File):
    def __init__(self, folder: Path) -> None:
        super().__init__(folder / f"{APP_ID}.plist")

    def write(self, words: list[str]) -> None:
        import plistlib

        agent = {"Label": APP_ID, "ProgramArguments": words, "RunAtLoad": True, "ProcessType": "Interactive"}
        self.keep(plistlib.dumps(agent))


class RunValue:
    """``registry``: the module ``winreg``, which is there on Windows only."""

    def __init__(self, registry: Any) -> None:
        self._registry = registry

    def write(self, words: list[str]) -> None:
        with self._registry.CreateKey(self._registry.HKEY_CURRENT_USER, _RUN) as key:
            self._registry.SetValueEx(key, _TITLE, 0, self._registry.REG_SZ, subprocess.list2cmdline(words))

    def remove(self) -> None:
        with (
            self._registry.CreateKey(self._registry.HKEY_CURRENT_USER, _RUN) as key,
            contextlib.suppress(FileNotFoundError),
        ):
            self._registry.DeleteValue(key, _TITLE)
