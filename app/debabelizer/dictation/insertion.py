"""Where the words go: the door between dictation and the program that had the focus."""

from __future__ import annotations

from typing import Protocol

import msgspec

from debabelizer.events import InsertResult


class Target(msgspec.Struct, frozen=True):
    """The window that had the focus when the key went down. ``window`` is the system's own id."""

    window: int
    program: str
    """Lower-case name of the program (``xterm``, ``firefox``), for the rule table."""
    title: str = ""


class Insertion(msgspec.Struct, frozen=True):
    """What became of a text. ``undo`` is an opaque handle, None where it can't be taken back."""

    result: InsertResult
    target: Target | None
    text: str
    undo: str | None = None
    paste_keys: str | None = None
    detail: str = ""
    """Why it is not plainly inserted, as a sentence."""


class Inserter(Protocol):
    """Every verb runs on the engine's loop; an implementation crosses to its own thread itself."""

    async def target(self) -> Target | None:
        """The window with the focus now; asked for when the key goes down."""
        ...

    async def insert(self, text: str, target: Target | None) -> Insertion:
        """Put ``text`` into ``target``. Never raises for a target that is gone: the text stays on the clipboard
        and the result says so."""
        ...

    async def undo(self, insertion: Insertion) -> bool:
        """Remove exactly what was inserted, if it is still there; True if it was removed."""
        ...
