"""The forms a settings file may have: TOML, YAML, JSON. Each is a module that reads, changes and writes it."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol, cast

from debabelizer.config.forms.reading import Broken, Reading

__all__ = ["SUFFIXES", "Broken", "Form", "Reading", "form_of"]

SUFFIXES = {".toml": "toml", ".yaml": "yaml", ".yml": "yaml", ".json": "json"}
"""In the order in which they are looked for; a file with any other suffix is read as TOML."""


class Form(Protocol):
    """``key`` is dotted; ``value`` is made of texts, numbers, booleans, lists and tables."""

    HAS_COMMENTS: bool

    def read(self, data: bytes) -> Reading:
        """Never raises, whatever the bytes are."""
        ...

    def edited(self, text: str, key: str, value: Any) -> str | None:
        """The text of a file without damage with one value set (None: removed), and nothing else touched. None where
        the way it is written does not allow that; the caller reads what it gets to make sure."""
        ...

    def fresh(self, tree: Mapping[str, Any], heading: str) -> str:
        """A whole file of these values, under the lines of ``heading`` where the form has comments."""
        ...


def form_of(path: Path) -> Form:
    """By the file's suffix."""
    name = SUFFIXES.get(path.suffix.lower(), "toml")
    return cast("Form", importlib.import_module(f"{__name__}.{name}"))
