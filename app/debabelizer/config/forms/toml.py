"""A settings file in TOML.

One that is valid is read by ``tomllib``. One that is not is taken apart into its statements (``[table]``,
``key = value``); each that can be read alone is kept, each that can't is reported with its line.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from debabelizer.config.forms.reading import NOT_UTF8, SET_TWICE, TOO_DEEP, Broken, Reading, decode

HAS_COMMENTS = True

_HEADER = re.compile(r"\s*(\[\[?)\s*([^\]\[#]*)")
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_PART = r"""(?:[A-Za-z0-9_-]+|"[^"\n]*"|'[^'\n]*')"""
_KEY = re.compile(rf"\s*({_PART}(?:\s*\.\s*{_PART})*)\s*=")
_QUOTES = ('"""', "'''")
_OPENERS = ("[", "{", *_QUOTES)
_CLOSERS = ("]", "}", *_QUOTES)
_LONGEST_VALUE = 500
"""Lines a value of several lines may have in a damaged file."""


class Statement(msgspec.Struct, frozen=True):
    """``key`` is dotted and whole; ``fresh`` starts a new entry of a list of tables."""

    line: int
    key: tuple[str, ...]
    value: Any
    in_list: tuple[str, ...] | None = None
    fresh: bool = False


def read(data: bytes) -> Reading:
    text, decodable = decode(data)
    try:
        tree = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError):
        decodable = False
        tree = {}
    reader = _Reader(text)
    statements = list(reader.statements())
    lines = {".".join(s.key): s.line for s in statements}
    if decodable:
        return Reading(tree, lines)
    salvaged, clashes = _assemble(statements)
    broken = sorted([*reader.broken, *clashes], key=lambda b: b.line)
    if not broken:  # every statement is readable, the whole is not
        broken = [Broken(1, "", "the file as a whole is not valid TOML")]
    return Reading(salvaged, lines, tuple(broken))


def edited(text: str, key: str, value: Any) -> str | None:
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    *tables, last = key.split(".")
    try:
        document = tomlkit.parse(text)
        at: Any = document
        for part in tables:
            if part not in at:
                at[part] = tomlkit.table()
            at = at[part]
        if value is None:
            del at[last]
        else:
            at[last] = value
        return document.as_string()
    except (TOMLKitError, KeyError, TypeError, AttributeError):
        return None


def fresh(tree: Mapping[str, Any], heading: str) -> str:
    import tomlkit

    document = tomlkit.document()
    for line in heading.splitlines():
        document.add(tomlkit.comment(line))
    document.add(tomlkit.nl())
    for name in sorted(tree, key=lambda n: isinstance(tree[n], dict)):  # tables last, as TOML wants it
        document[name] = tree[name]
    return document.as_string()


class _Reader:
    """Goes through a text statement by statement; what it can't read stands in ``broken`` afterwards."""

    def __init__(self, text: str) -> None:
        self.broken: list[Broken] = []
        self._lines = text.split("\n")
        self._table: tuple[str, ...] = ()
        self._is_list = False
        self._fresh = False

    def statements(self) -> Iterator[Statement]:
        at = 0
        while at < len(self._lines):
            line = self._lines[at]
            stripped = line.strip()
            if not stripped or stripped.startswith("#"):
                at += 1
            elif stripped.startswith("["):
                self._enter(line, at + 1)
                at += 1
            else:
                value, used = self._value(at)
                if value is not None:
                    yield from self._flatten(at + 1, value)
                at += used

    def _enter(self, line: str, number: int) -> None:
        match = _HEADER.match(line)
        assert match is not None
        brackets, name = match.groups()
        try:
            tomllib.loads(line)
            self._table = _path_of(tomllib.loads(line))
        except tomllib.TOMLDecodeError as error:
            self._table = tuple(_BARE_KEY.findall(name))
            written = ".".join(self._table)
            self.broken.append(Broken(number, written, f"the table's name is damaged ({_why(error)})"))
        self._is_list = brackets == "[["
        self._fresh = self._is_list

    def _value(self, at: int) -> tuple[dict[str, Any] | None, int]:
        """What the statement at this line says (None: unreadable), and how many lines it takes."""
        line = self._lines[at]
        first = _parse(line)
        if isinstance(first, dict):
            return first, 1
        if any(opener in line for opener in _OPENERS):
            chunk = line
            for used, following in enumerate(self._lines[at + 1 : at + _LONGEST_VALUE], start=2):
                if _KEY.match(following) and not any(quotes in chunk for quotes in _QUOTES):
                    break  # the next statement begins: the value was never closed
                chunk += "\n" + following
                closes = any(closer in following for closer in _CLOSERS)
                if closes and isinstance(whole := _parse(chunk), dict):
                    return whole, used
        match = _KEY.match(line)
        key = ".".join((*self._table, *_BARE_KEY.findall(match.group(1)))) if match else ""
        self.broken.append(Broken(at + 1, key, first))
        return None, 1

    def _flatten(self, line: int, value: dict[str, Any]) -> Iterator[Statement]:
        for path, leaf in _leaves(value):
            in_list = self._table if self._is_list else None
            yield Statement(line, (*self._table, *path), leaf, in_list, self._fresh)
            self._fresh = False


def _parse(text: str) -> dict[str, Any] | str:
    """The statement alone, or why it can't be read."""
    if "\ufffd" in text:
        return NOT_UTF8
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return _why(error)
    except RecursionError:
        return TOO_DEEP


def _why(error: Exception) -> str:
    return str(error).partition(" (at ")[0].lower() or "it can't be read"


def _path_of(tree: dict[str, Any]) -> tuple[str, ...]:
    """The names a single header has made, outermost first."""
    path: list[str] = []
    at: Any = tree
    while at:
        if isinstance(at, list):
            at = at[0]
        else:
            key, at = next(iter(at.items()))
            path.append(key)
    return tuple(path)


def _leaves(tree: dict[str, Any], path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    for key, value in tree.items():
        if isinstance(value, dict) and value:
            yield from _leaves(value, (*path, key))
        else:
            yield (*path, key), value


def _assemble(statements: list[Statement]) -> tuple[dict[str, Any], list[Broken]]:
    """One tree of all statements; of two that contradict each other the later one is left out."""
    tree: dict[str, Any] = {}
    unplaced = [statement for statement in statements if not _place(tree, statement)]
    return tree, [Broken(statement.line, ".".join(statement.key), SET_TWICE) for statement in unplaced]


def _place(tree: dict[str, Any], statement: Statement) -> bool:
    at: Any = tree
    for depth, part in enumerate(statement.key[:-1], start=1):
        if statement.in_list == statement.key[:depth]:
            entries = at.setdefault(part, [])
            if not isinstance(entries, list):
                return False
            if statement.fresh or not entries:
                entries.append({})
            at = entries[-1]
        else:
            at = at.setdefault(part, {})
        if not isinstance(at, dict):
            return False
    if statement.key[-1] in at:
        return False
    at[statement.key[-1]] = statement.value
    return True
