"""What goes over the connection: one line of JSON each way.

::

    {"verb": "toggle", "arguments": {}, "token": ""}
    {"result": {"state": "listening"}}      or      {"error": {"message": "...", "category": "config"}}
"""

from __future__ import annotations

from typing import Any

import msgspec

from debabelizer.errors import Category

MOST_BYTES = 1 << 16


class Request(msgspec.Struct, frozen=True):
    verb: str
    arguments: dict[str, Any] = msgspec.field(default_factory=dict)
    token: str = ""

    def __repr__(self) -> str:
        return f"Request(verb={self.verb!r})"


class Failure(msgspec.Struct, frozen=True):
    message: str
    category: Category = Category.INTERNAL


class Answer(msgspec.Struct, frozen=True, omit_defaults=True):
    result: dict[str, Any] = msgspec.field(default_factory=dict)
    error: Failure | None = None


def line(message: Request | Answer) -> bytes:
    return msgspec.json.encode(message) + b"\n"
