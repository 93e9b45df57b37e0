"""What is wrong with a setting, said so that the user can put it right."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from pathlib import Path

import msgspec


class SettingProblem(msgspec.Struct, frozen=True, kw_only=True):
    """``message`` names the cause, ``remedy`` the way out; ``key`` is what was written, ``nearest`` the valid key
    that was probably meant. ``line`` counts from 1. ``source``: the file's path, ``environment`` or
    ``command line``."""

    source: str
    message: str
    remedy: str
    key: str = ""
    nearest: str | None = None
    line: int | None = None

    @property
    def place(self) -> str:
        return f"{self.source}, line {self.line}" if self.line else self.source

    def __str__(self) -> str:
        return f"{self.place}: {self.message} {self.remedy}".rstrip()


def nearest_key(key: str, keys: Iterable[str]) -> str | None:
    """The valid key that looks most like ``key``, by its whole or by its last part."""
    known = list(keys)
    if found := difflib.get_close_matches(key, known, n=1, cutoff=0.75):
        return found[0]
    last = key.rpartition(".")[2]
    same = [k for k in known if k.rpartition(".")[2] == last]
    if same:
        return max(same, key=lambda k: difflib.SequenceMatcher(None, k, key).ratio())
    return next(iter(difflib.get_close_matches(key, known, n=1, cutoff=0.6)), None)


def unknown_key(source: str, key: str, keys: Iterable[str], line: int | None = None) -> SettingProblem:
    nearest = nearest_key(key, keys)
    remedy = f"Did you mean {nearest}?" if nearest else "Remove it, or see `debabelizer config reference`."
    return SettingProblem(
        source=source, line=line, key=key, nearest=nearest, message=f"There is no setting {key}.", remedy=remedy
    )


def bad_value(source: str, key: str, why: str, used: str, line: int | None = None) -> SettingProblem:
    return SettingProblem(
        source=source,
        line=line,
        key=key,
        nearest=key,
        message=f"The value of {key} can't be used: {why}.",
        remedy=f"{used} is used until you change it.",
    )


def unreadable_file(path: Path, why: str) -> SettingProblem:
    return SettingProblem(
        source=str(path),
        message=f"The settings file can't be read: {why}.",
        remedy="Defaults are used; make the file readable.",
    )


def no_such_file(path: Path) -> SettingProblem:
    return SettingProblem(
        source=str(path),
        message="There is no such settings file.",
        remedy="Defaults are used; the first `debabelizer config set` makes it.",
    )


def second_file(path: Path, read: Path) -> SettingProblem:
    return SettingProblem(
        source=str(path),
        message=f"This settings file is not read, because {read.name} lies beside it.",
        remedy="Keep one of them.",
    )
