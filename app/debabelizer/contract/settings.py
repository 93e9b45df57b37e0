"""One setting, declared once; dialog, file, environment, command line and reference page read it from here."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

import msgspec

from debabelizer.contract.parts import left_out


class Kind(StrEnum):
    """The type of a setting's value, as its file and its editor know it."""

    BOOL = "bool"
    INT = "int"
    FLOAT = "float"
    TEXT = "text"
    CHOICE = "choice"
    LIST = "list"
    """A list of texts."""
    HOTKEY = "hotkey"
    SECRET = "secret"
    """Lives in the secret store, never in a file, a log or an export."""
    PATH = "path"
    URL = "url"
    LANGUAGES = "languages"
    """A list of BCP 47 tags; empty means automatic."""
    MICROPHONE = "microphone"
    PROVIDER = "provider"
    PROVIDERS = "providers"
    """A list of providers' names, in the order of preference."""
    RULES = "rules"
    """A list of tables: rules per program."""


class Choice(msgspec.Struct, frozen=True):
    """``part``: what the program may have been packaged without, and the choice needs; ``without``: the sentence that
    says so to the user, with what to do."""

    value: str
    title: str
    help: str = ""
    part: str = ""
    without: str = ""

    @property
    def missing(self) -> str:
        """Why it can't be chosen in this program; empty: it can."""
        return self.without if self.part in left_out() else ""


class Unless(msgspec.Struct, frozen=True):
    """The setting ``key`` has one of ``values``; without values: it is filled in. ``reason``: the sentence that tells
    the user what the other setting still has an effect on; empty where that is all it is for."""

    key: str
    values: tuple[str, ...] = ()
    reason: str = ""


class Needs(msgspec.Struct, frozen=True):
    """A setting works only while the setting ``key`` (of the same provider, or dotted) has one of ``values`` (without
    values: is filled in), or while one of ``unless`` holds. ``reason``: the sentence that says so to the user."""

    key: str
    values: tuple[str, ...]
    reason: str
    unless: tuple[Unless, ...] = ()


class Setting(msgspec.Struct, frozen=True, kw_only=True):
    """``key`` is dotted (``dictation.mode``); a provider's settings carry the bare name and get their prefix
    (``providers.NAME.``) from the table. Texts are English here and translated where they are shown."""

    key: str
    kind: Kind
    title: str
    help: str
    default: Any = None
    minimum: float | None = None
    maximum: float | None = None
    unit: str = ""
    choices: tuple[Choice, ...] = ()
    pattern: str = ""
    """Of a text, and of each in a list: a regular expression that all of it must match. Empty: anything goes."""
    example: str = ""
    """Of such a text."""
    env: tuple[str, ...] = ()
    """Environment variables beside the regular ``DEBABELIZER_...`` one."""
    group: str = ""
    """Heading under which a dialog shows it."""
    section: str = ""
    """Heading within the group: that under which a provider puts it among its own."""
    needs: tuple[Needs, ...] = ()
    advanced: bool = False
    reconnects: bool = False
    """A change needs a new connection."""
