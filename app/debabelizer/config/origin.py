"""Where a value comes from."""

from __future__ import annotations

from enum import StrEnum

import msgspec


class Source(StrEnum):
    """Weakest first; a secret store holds what no file may."""

    DEFAULT = "default"
    SECRET_STORE = "secret store"
    FILE = "file"
    ENVIRONMENT = "environment"
    COMMAND_LINE = "command line"
    CODE = "code"


class Origin(msgspec.Struct, frozen=True):
    """``name``: of the environment variable, or the path of the file, in which it stands in ``line`` (from 1)."""

    source: Source
    name: str = ""
    line: int | None = None

    def __str__(self) -> str:
        """``default``, ``/home/me/settings.yaml:12``, ``environment NAME``, ``command line``, ``code``."""
        if self.source is Source.FILE:
            return f"{self.name}:{self.line}" if self.line else self.name
        return f"{self.source} {self.name}".rstrip()


DEFAULT = Origin(Source.DEFAULT)
SECRET_STORE = Origin(Source.SECRET_STORE)
COMMAND_LINE = Origin(Source.COMMAND_LINE)
CODE = Origin(Source.CODE)
