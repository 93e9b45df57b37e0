"""What can be read of a settings file, whole or damaged, whatever its form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec


class Broken(msgspec.Struct, frozen=True):
    """A line (from 1) that could not be read, the key it seems to set, and why."""

    line: int
    key: str
    why: str


class Reading(msgspec.Struct, frozen=True):
    """``tree``: what could be read. ``lines``: dotted key -> line. ``broken``: what could not; empty for a good
    file."""

    tree: dict[str, Any]
    lines: dict[str, int]
    broken: tuple[Broken, ...] = ()


SET_TWICE = "it was set before, or as something else"


class Gathering:
    """Puts values together one by one; of two that contradict each other the later one is left out and named."""

    def __init__(self) -> None:
        self.tree: dict[str, Any] = {}
        self.lines: dict[str, int] = {}
        self.broken: list[Broken] = []

    def put(self, key: str, value: Any, line: int) -> None:
        *groups, last = key.split(".")
        at: Any = self.tree
        for part in groups:
            at = at.setdefault(part, {})
            if not isinstance(at, dict):
                break
        if not isinstance(at, dict) or last in at:
            self.lost(line, key, SET_TWICE)
        else:
            at[last] = value
            self.lines[key] = line

    def lost(self, line: int, key: str, why: str) -> None:
        self.broken.append(Broken(line, key, why))

    def reading(self) -> Reading:
        return Reading(self.tree, self.lines, tuple(sorted(self.broken, key=lambda b: b.line)))


def look_up(tree: Mapping[str, Any], key: str) -> Any:
    """The value at a dotted key, or None."""
    at: Any = tree
    for part in key.split("."):
        if not isinstance(at, Mapping) or part not in at:
            return None
        at = at[part]
    return at


def decode(data: bytes) -> tuple[str, bool]:
    """The text, and whether all of it is valid UTF-8; what is not, is replaced by U+FFFD."""
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n"), True
    except UnicodeDecodeError:
        return data.decode("utf-8-sig", errors="replace").replace("\r\n", "\n"), False


NOT_UTF8 = "it is not valid UTF-8"
TOO_DEEP = "it is nested too deeply"
