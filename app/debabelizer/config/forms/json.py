"""A settings file in JSON, read member by member so that each has its line and a damaged one harms no other."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, NoReturn

from debabelizer.config.forms.reading import NOT_UTF8, TOO_DEEP, Gathering, Reading, decode

HAS_COMMENTS = False

_KEY = re.compile(r'"([^"\\\n]*)"\s*:\s*')
_BLANK = re.compile(r"\s*")
_NEXT = re.compile(r'\n\s*(?=\}|"[^"\\\n]*"\s*:)')
"""Where reading goes on after damage: at the next line that begins like a member, or ends the table."""


def read(data: bytes) -> Reading:
    text, decodable = decode(data)
    found = Gathering()
    if not text.strip():
        return found.reading()
    fault = _fault(text) or (None if decodable else (1, "", NOT_UTF8))
    try:
        _Reader(text, found).all()
    except RecursionError:
        fault = 1, "", TOO_DEEP
    if fault is not None and not found.broken:
        found.lost(*fault)
    return found.reading()


def edited(text: str, key: str, value: Any) -> str | None:
    """JSON has no comments to be kept: it is written anew, in the same order."""
    return None


def fresh(tree: Mapping[str, Any], heading: str) -> str:
    return json.dumps(tree, ensure_ascii=False, indent=2) + "\n"


def _fault(text: str) -> tuple[int, str, str] | None:
    """What is wrong with the file as a whole: line, no key, why."""
    try:
        return None if isinstance(_DECODER.decode(text), dict) else (1, "", "the file is no table in braces")
    except ValueError as error:
        return getattr(error, "lineno", 1), "", _why(error)
    except RecursionError:
        return 1, "", TOO_DEEP


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no number")


_DECODER = json.JSONDecoder(parse_constant=_refuse)


def _why(error: ValueError) -> str:
    why = str(getattr(error, "msg", error))
    return why[:1].lower() + why[1:]


class _Reader:
    def __init__(self, text: str, found: Gathering) -> None:
        self._text = text
        self._found = found

    def all(self) -> None:
        """The table that the file is; raises RecursionError."""
        at = self._after_blank(0)
        if self._text[at : at + 1] == "{":
            self._table(at + 1, "")

    def _table(self, at: int, prefix: str) -> int:
        """Its members, from after the brace; returns the place after the closing one."""
        text = self._text
        while (at := self._after_blank(at)) < len(text):
            if text[at] == "}":
                return at + 1
            match = _KEY.match(text, at)
            if match is None:
                self._lost(at, prefix.rstrip("."), 'a "key": was expected')
                at = self._next(at)
                continue
            key = prefix + match[1]
            at = self._separated(self._member(match.end(), at, key), key)
        return at

    def _member(self, at: int, begin: int, key: str) -> int:
        """The value at this place; returns the place after it."""
        if self._text[at : at + 1] == "{":
            return self._table(at + 1, key + ".")
        try:
            value, end = _DECODER.raw_decode(self._text, at)
        except ValueError as error:
            self._lost(begin, key, _why(error))
            return self._next(at)
        if "\ufffd" in self._text[begin:end]:
            self._lost(begin, key, NOT_UTF8)
        elif value is not None:  # null: as if it were not there
            self._found.put(key, value, self._line(begin))
        return end

    def _separated(self, at: int, key: str) -> int:
        """After the comma that follows a member, unless it was the last."""
        at = self._after_blank(at)
        here = self._text[at : at + 1]
        if here == ",":
            following = self._after_blank(at + 1)
            if self._text[following : following + 1] == "}":
                self._lost(at, key, "no comma may follow the last one")
            return at + 1
        if here == '"':
            self._lost(at, key, "a comma is missing after it")
        return at

    def _after_blank(self, at: int) -> int:
        match = _BLANK.match(self._text, at)
        return match.end() if match else at

    def _next(self, at: int) -> int:
        match = _NEXT.search(self._text, at)
        return match.end() if match else len(self._text)

    def _line(self, at: int) -> int:
        return self._text.count("\n", 0, at) + 1

    def _lost(self, at: int, key: str, why: str) -> None:
        self._found.lost(self._line(at), key, why)
