"""How each program wants its text: paste with which keys, typed, or only copied."""

from __future__ import annotations

import fnmatch
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any

import msgspec

from debabelizer.errors import ConfigurationError


class Method(StrEnum):
    PASTE = "paste"
    TYPE = "type"
    COPY = "copy"


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """``program`` is a pattern (``*term*``) for the program's lower-case name. ``keys`` paste there."""

    program: str
    method: Method = Method.PASTE
    keys: str = "Ctrl+V"
    terminal: bool = False
    """A line break would run a command there, so it becomes a space; taking back is by Backspace."""
    undo: bool = True
    """Whether an insertion can be taken back there: marking with Shift and copying work as everywhere."""
    untold: bool = False
    """Another process reads the clipboard for it, so it can't be told whether it took the text."""


_TERMINALS = (
    *(
        "xterm",
        "uxterm",
        "urxvt",
        "rxvt",
        "st",
        "st-*",
        "alacritty",
        "kitty",
        "konsole",
        "yakuake",
        "foot",
        "footclient",
    ),
    *("gnome-terminal*", "org.gnome.terminal", "org.gnome.console", "kgx", "xfce4-terminal", "mate-terminal", "tilix"),
    *("terminator", "lxterminal", "qterminal", "guake", "tilda", "terminology", "wezterm*", "org.wezfurlong.wezterm"),
    *("com.mitchellh.ghostty", "ghostty", "ptyxis", "org.gnome.ptyxis", "deepin-terminal", "cool-retro-term"),
)
BUILT_IN: tuple[Rule, ...] = (
    # Shift+Insert is in every X terminal, takes the selection or the clipboard (we fill both) and needs no letter
    # key, so that it works in every keyboard layout.
    *(Rule(program=name, keys="Shift+Insert", terminal=True) for name in _TERMINALS),
    Rule(program="emacs*", keys="Shift+Insert", undo=False),
    Rule(program="gvim", keys="Shift+Insert", undo=False),
    Rule(program="*.exe", untold=True),  # Wine: its explorer.exe takes every new clipboard at once, for all programs
)
DEFAULT_KEYS = "Ctrl+V"


def rules_from(tables: Iterable[Mapping[str, Any]]) -> tuple[Rule, ...]:
    """The user's own rules, as they stand in the settings. What a rule leaves out is as in the built-in one for that
    program. Raises ConfigurationError that names the rule that makes no sense."""
    rules = []
    for number, table in enumerate(tables, 1):
        try:
            rule = msgspec.convert(dict(table), Rule)
        except msgspec.ValidationError as problem:
            raise ConfigurationError(f"Rule {number} of insert.rules makes no sense: {problem}") from problem
        built_in = _first(rule.program, BUILT_IN)
        if built_in is not None:
            rule = msgspec.convert(msgspec.structs.asdict(built_in) | dict(table), Rule)
        rules.append(rule)
    return tuple(rules)


def rule_for(program: str, own: Iterable[Rule], method: Method = Method.PASTE) -> Rule:
    """The rule for a program: the user's first that fits, else the built-in one with the method set for all."""
    name = program.lower()
    found = _first(name, own)
    if found is not None:
        return found
    built_in = _first(name, BUILT_IN) or Rule(program=name)
    return msgspec.structs.replace(built_in, method=method)


def fitted(text: str, rule: Rule) -> str:
    """``text`` as that program may get it: one kind of line break, none at all in a terminal, nothing invisible
    that would act as a key."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = "".join(
        character for character in text if character in "\n\t" or character.isprintable() or _joins(character)
    )
    return " ".join(text.split("\n")) if rule.terminal else text


def _joins(character: str) -> bool:
    """Invisible but part of writing: joiners, direction marks, variation selectors, unusual spaces. Not the halves of
    a broken character (surrogates), which no program could read."""
    return ord(character) >= 0xA0 and not 0xD800 <= ord(character) <= 0xDFFF


def _first(name: str, rules: Iterable[Rule]) -> Rule | None:
    return next((rule for rule in rules if fnmatch.fnmatchcase(name, rule.program.lower())), None)
