"""A client library that a provider is installed with only on request, because it is large."""

from __future__ import annotations

import importlib.util

import msgspec


class Library(msgspec.Struct, frozen=True):
    """``modules`` are what it is known by; ``advice`` is the sentence that says what is missing and how to add it."""

    modules: tuple[str, ...]
    advice: str

    def present(self) -> bool:
        """Loads nothing of it."""
        try:
            return all(importlib.util.find_spec(name) for name in self.modules)
        except ImportError:  # a package that holds it is missing, too
            return False
