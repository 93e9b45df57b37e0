"""The written form of a global key: ``F9``, ``Ctrl+Alt+Space``, ``Right Ctrl``, ``Pause``, ``Mouse Back``.

The same text stands in the settings file, in the window and in messages, on every system.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from debabelizer.errors import ConfigurationError, Remedy

MODIFIERS = ("Ctrl", "Alt", "Shift", "Meta")
"""In the order in which they are written."""

_MODIFIER_NAMES = {
    "ctrl": "Ctrl",
    "control": "Ctrl",
    "alt": "Alt",
    "option": "Alt",
    "shift": "Shift",
    "meta": "Meta",
    "super": "Meta",
    "win": "Meta",
    "cmd": "Meta",
}

LONE_MODIFIERS = tuple(f"{side} {name}" for name in MODIFIERS for side in ("Left", "Right"))
BUTTONS = {"Mouse Middle": 2, "Mouse Back": 8, "Mouse Forward": 9}
"""Buttons that can be a global key, with their X11 number. Left and right stay with the pointer."""

_NAMED_KEYS = (
    *("Space", "Tab", "Backspace", "Return", "Escape", "Insert", "Delete", "Home", "End", "PageUp", "PageDown"),
    *("Up", "Down", "Left", "Right", "Print", "Pause", "ScrollLock", "CapsLock", "NumLock", "Menu", "AltGr"),
    *("Media Play", "Media Record", "Microphone Mute"),
    *(f"F{number}" for number in range(1, 25)),
)
_SYNONYMS = {
    "esc": "Escape",
    "enter": "Return",
    "del": "Delete",
    "ins": "Insert",
    "pgup": "PageUp",
    "pgdown": "PageDown",
    "break": "Pause",
    "scroll lock": "ScrollLock",
    "caps lock": "CapsLock",
    "num lock": "NumLock",
    "page up": "PageUp",
    "page down": "PageDown",
    "right control": "Right Ctrl",
    "left control": "Left Ctrl",
    "right super": "Right Meta",
    "left super": "Left Meta",
}
_KEYS = {name.lower(): name for name in (*_NAMED_KEYS, *LONE_MODIFIERS, *BUTTONS)} | _SYNONYMS


class Hotkey(msgspec.Struct, frozen=True):
    """``key`` is a name from this page or one character, upper case; ``modifiers`` are names from :data:`MODIFIERS`."""

    key: str
    modifiers: frozenset[str] = frozenset()

    @property
    def lone_modifier(self) -> bool:
        """A modifier pressed alone, such as the right Ctrl key."""
        return self.key in LONE_MODIFIERS or self.key == "AltGr"

    @property
    def button(self) -> int | None:
        """Number of the mouse button, None for a key."""
        return BUTTONS.get(self.key)

    def __str__(self) -> str:
        return "+".join([*(name for name in MODIFIERS if name in self.modifiers), self.key])


def parse(text: str) -> Hotkey:
    """Read a key from its written form. Raises ConfigurationError that names what is wrong."""
    parts = _split(text)
    if not parts:
        raise _refused(text, "no key is named")
    modifiers = set()
    for part in parts[:-1]:
        name = _MODIFIER_NAMES.get(part.lower())
        if name is None:
            raise _refused(text, f"{part!r} is not a modifier")
        modifiers.add(name)
    key = _key_name(parts[-1])
    if key is None:
        raise _refused(text, f"there is no key called {parts[-1]!r}")
    if modifiers and key in LONE_MODIFIERS:
        raise _refused(text, f"{key} can only stand alone")
    if not modifiers and len(key) == 1:
        raise _refused(text, f"{key} alone would take that key away from typing; add Ctrl, Alt or Meta")
    return Hotkey(key, frozenset(modifiers))


def normalised(text: str) -> str:
    """The one way to write the key that ``text`` means."""
    return str(parse(text))


def _split(text: str) -> list[str]:
    stripped = text.strip()
    if stripped.endswith("++"):  # the plus key itself
        return [*(part.strip() for part in stripped[:-2].split("+")), "+"]
    if stripped == "+":
        return ["+"]
    return [part.strip() for part in stripped.split("+")] if stripped else []


def _key_name(part: str) -> str | None:
    named = _KEYS.get(part.lower())
    if named is not None:
        return named
    return part.upper() if len(part) == 1 and part.isprintable() and not part.isspace() else None


def _refused(text: str, why: str) -> ConfigurationError:
    return ConfigurationError(f"{text!r} can't be a global key: {why}.", remedy=Remedy.CHANGE_HOTKEY)


def conflicts(keys: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Pairs of names whose keys are the same. ``keys`` are (name, written key); empty keys are left out."""
    seen: dict[Hotkey, str] = {}
    found = []
    for name, text in keys:
        if not text:
            continue
        key = parse(text)
        if key in seen:
            found.append((seen[key], name))
        else:
            seen[key] = name
    return found
