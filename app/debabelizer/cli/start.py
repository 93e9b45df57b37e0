"""``debabelizer`` without a command: the window, or the terminal where there is no display."""

from __future__ import annotations

import importlib
import os
import re
import socket
import sys
from pathlib import Path
from types import ModuleType

import click

from debabelizer.cli.context import Run, note

_WINDOW = ("debabelizer_desktop.lifecycle", "debabelizer_desktop.__main__")
"""Named as strings: the engine knows no window. The first brings Qt in, which may be missing or broken."""


def start(context: click.Context) -> int:
    """Returns the exit status of the window or of the dictation."""
    run: Run = context.obj
    opened = window()
    if not isinstance(opened, str):
        return int(opened.main(run.overrides, files=(), verbose=run.verbose) or 0)
    note(f"{opened} Dictating in the terminal.")
    from debabelizer.cli.dictate import dictate

    return int(context.invoke(dictate) or 0)


def window() -> ModuleType | str:
    """What opens the window with its ``main``, or why none can be, as a sentence."""
    if why := no_display():
        return why
    try:
        return [importlib.import_module(name) for name in _WINDOW][-1]
    except ImportError as error:
        return f"The window can't be opened ({error})."


def no_display() -> str | None:
    """Why no window can be shown, as a sentence; None: one can."""
    if sys.platform in ("win32", "darwin"):
        return None
    wanted = os.environ.get("QT_QPA_PLATFORM", "")
    if wanted and not wanted.startswith("xcb"):  # offscreen, wayland, ...: somebody knows what they want
        return None
    if os.environ.get("WAYLAND_DISPLAY") and not wanted:
        return None
    display = os.environ.get("DISPLAY", "")
    if not display:
        return "There is no display."
    return None if _answers(display) else f"The display {display} does not answer."


def _answers(display: str) -> bool:
    """Whether somebody listens there. Qt would end the whole program where nobody does."""
    local = re.fullmatch(r"(?:unix)?:(\d+)(?:\.\d+)?", display)
    if local is None:
        return True  # on another machine (ssh -X): Qt finds out
    path = f"/tmp/.X11-unix/X{local.group(1)}"  # noqa: S108 - the X protocol's own place
    for address in (path, f"\0{path}"):
        if address[0] == "/" and not Path(address).exists():
            continue
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
            probe.settimeout(1.0)
            if probe.connect_ex(address) == 0:
                return True
    return False
