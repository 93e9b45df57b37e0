"""``${NAME}`` and ``${NAME:-default}`` in the texts of the settings file. ``$${`` stands for a plain ``${``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

_REFERENCE = re.compile(r"\$\$\{|\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}")


class Missing(ValueError):  # noqa: N818 - read as "raise Missing(name)"
    """A variable that is not set and has no default; the message is a sentence."""


def refers(value: object) -> bool:
    """Whether a text (or a text inside a list or table) takes anything from the environment."""
    if isinstance(value, str):
        return any(match.group(1) for match in _REFERENCE.finditer(value))
    if isinstance(value, Mapping):
        return any(refers(item) for item in value.values())
    return isinstance(value, list) and any(refers(item) for item in value)


def expand(value: Any, environ: Mapping[str, str]) -> Any:
    """The value with every reference replaced, inside lists and tables too. Raises :class:`Missing`."""
    if isinstance(value, str):
        return _REFERENCE.sub(lambda match: _replacement(match, environ), value)
    if isinstance(value, list):
        return [expand(item, environ) for item in value]
    if isinstance(value, Mapping):
        return {key: expand(item, environ) for key, item in value.items()}
    return value


def escape(value: Any) -> Any:
    """The form in which a value is written to the file, so that reading gives the same value back."""
    if isinstance(value, str):
        return value.replace("${", "$${")
    if isinstance(value, (list, tuple)):
        return [escape(item) for item in value]
    if isinstance(value, Mapping):
        return {key: escape(item) for key, item in value.items()}
    return value


def _replacement(match: re.Match[str], environ: Mapping[str, str]) -> str:
    name, default = match.groups()
    if name is None:
        return "${"
    if environ.get(name):
        return environ[name]
    if default is not None:
        return str(default)
    raise Missing(f"the variable {name} is not set and ${{{name}:-...}} gives no default")
