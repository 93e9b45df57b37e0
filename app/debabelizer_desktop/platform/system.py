"""Which desktop this is, as far as global keys and insertion are concerned."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from enum import StrEnum

import msgspec


class System(StrEnum):
    X11 = "x11"
    WAYLAND = "wayland"
    WINDOWS = "windows"
    MACOS = "macos"
    NONE = "none"
    """No desktop at all."""


def current(environ: Mapping[str, str] = os.environ, platform: str = sys.platform) -> System:
    """A Wayland session counts as Wayland even where an X server for old programs runs beside it: that one sees
    neither the keys nor the windows of the others."""
    if platform == "win32":
        return System.WINDOWS
    if platform == "darwin":
        return System.MACOS
    if environ.get("XDG_SESSION_TYPE") == "wayland" or environ.get("WAYLAND_DISPLAY"):
        return System.WAYLAND
    return System.X11 if environ.get("DISPLAY") else System.NONE


class Capabilities(msgspec.Struct, frozen=True, kw_only=True):
    """What this system can do, in plain words where it can't. Texts are English; the window translates them."""

    supported: bool
    reason: str = ""
    """Why not, or what to know."""
    way_out: str = ""
    """What to do instead."""
    lone_modifiers: bool = False
    mouse_buttons: bool = False
    proven: bool = True
    """Whether this version was tried on such a system."""


def hotkey_capabilities(system: System) -> Capabilities:
    match system:
        case System.X11:
            return Capabilities(supported=True, lone_modifiers=True, mouse_buttons=True)
        case System.WINDOWS:
            return Capabilities(supported=True, lone_modifiers=True, proven=False)
        case System.MACOS:
            return Capabilities(
                supported=True,
                lone_modifiers=True,
                proven=False,
                reason="macOS asks for the permissions Input Monitoring and Accessibility.",
            )
        case System.WAYLAND:
            return Capabilities(
                supported=False,
                reason="Global keys are not supported on Wayland in this version.",
                way_out="Bind a key of your desktop to the command: debabelizer remote toggle",
            )
        case System.NONE:
            return Capabilities(
                supported=False,
                reason="There is no desktop here.",
                way_out="Dictate in the terminal: debabelizer dictate",
            )


def insertion_capabilities(system: System) -> Capabilities:
    match system:
        case System.X11:
            return Capabilities(supported=True)
        case System.WINDOWS | System.MACOS:
            return Capabilities(
                supported=True,
                proven=False,
                reason="This system does not tell whether a program has taken the text.",
            )
        case System.WAYLAND:
            return Capabilities(
                supported=False,
                reason="Wayland lets no program press keys in another one; the text is left on the clipboard.",
                way_out="Install wl-copy (package wl-clipboard) for that, and paste with Ctrl+V.",
            )
        case System.NONE:
            return Capabilities(supported=False, reason="There is no desktop here.")
