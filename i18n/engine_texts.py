"""Finds the texts the engine and the providers show to users: in the settings table and the descriptions, and in the
messages their source hands to errors, notices and the like."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ("app/debabelizer", "app/debabelizer_desktop/platform", "providers/debabelizer_providers")
NOT_SHOWN = ("app/debabelizer/cli",)
"""The command line speaks English."""

_CALLS = {
    *("Health", "Notice", "VendorNotice", "Library", "Standing", "SettingProblem", "SecretStatus", "Capabilities"),
    *("_Unusable", "BadValue", "Insertion", "bad_value", "unknown_key", "unreadable_file", "_told"),
}
_ARGUMENTS = ("message", "detail", "reason", "way_out", "remedy", "text", "why", "used")


def declared() -> Iterator[str]:
    """Titles, helps and the like of the settings table and the providers."""
    from debabelizer import registry
    from debabelizer.config.table import full_table

    for setting in full_table():
        yield from (setting.group, setting.section, setting.title, setting.help, setting.unit)
        for need in setting.needs:
            yield from (need.reason, *(other.reason for other in need.unless))
        for choice in setting.choices:
            yield from (choice.title, choice.help, choice.without)
    for name in registry.names():
        described = registry.describe(name)
        yield from (described.title, described.summary, described.privacy)
        for model in described.models:
            yield from (model.title, model.help)


def messages() -> Iterator[str]:
    """Constant and formatted texts in calls that tell a user something; values become ``{0}``, ``{1}``, …"""
    for folder in SOURCES:
        for path in sorted((ROOT / folder).rglob("*.py")):
            if any(path.is_relative_to(ROOT / hidden) for hidden in NOT_SHOWN):
                continue
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and _tells(node):
                    yield from _texts_of(node)
                elif isinstance(node, ast.Tuple) and _is_kind(node):
                    yield from _texts(node.elts[1])
                elif isinstance(node, ast.Assign) and _is_message(node):
                    yield from _texts(node.value)


def _tells(call: ast.Call) -> bool:
    function = call.func
    name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    return name.endswith("Error") or name in _CALLS


def _is_kind(node: ast.Tuple) -> bool:
    """A line of a table of errors: ``(QuotaExceededError, "The credits are used up.")``."""
    return len(node.elts) == 2 and isinstance(node.elts[0], ast.Name) and node.elts[0].id.endswith("Error")


def _is_message(node: ast.Assign) -> bool:
    """``message = "..."``, for an error that is made a line later."""
    return any(isinstance(target, ast.Name) and target.id == "message" for target in node.targets)


def _texts_of(call: ast.Call) -> Iterator[str]:
    arguments: list[ast.expr] = [*call.args]
    arguments += [keyword.value for keyword in call.keywords if keyword.arg in _ARGUMENTS]
    for argument in arguments:
        for text in _texts(argument):
            if " " in text.strip() and any(character.isalpha() for character in text):
                yield text


def _texts(node: ast.expr) -> Iterator[str]:
    match node:
        case ast.Constant(value=str(text)):
            yield text
        case ast.JoinedStr():
            yield _template(node)
        case ast.IfExp():
            yield from _texts(node.body)
            yield from _texts(node.orelse)
        case ast.BinOp(op=ast.Add()):
            yield from _joined(node)


def _joined(node: ast.BinOp) -> Iterator[str]:
    for left in _texts(node.left):
        for right in _texts(node.right):
            yield _renumbered(left + right)


def _template(node: ast.JoinedStr) -> str:
    return _renumbered("".join(_literal(piece) for piece in node.values))


def _literal(piece: ast.expr) -> str:
    return str(piece.value) if isinstance(piece, ast.Constant) else "\0"


def _renumbered(text: str) -> str:
    """Every value gets its number; ``\\0`` stands for one that has none yet."""
    import re

    pieces = re.split(r"\0|\{\d+\}", text)
    return "".join(piece + (f"{{{n}}}" if n < len(pieces) - 1 else "") for n, piece in enumerate(pieces))


def worth_it(text: str) -> bool:
    """Whether there is anything to translate beside the values. A unit may be a single letter."""
    import re

    bare = re.sub(r"\{\d+\}", "", text)
    return bare.isalpha() or bool(re.search(r"[A-Za-z]{2,}", bare))


def every_text() -> list[str]:
    found: Iterable[str] = (*declared(), *messages())
    return sorted({text for text in found if text and worth_it(text)})


def templates(texts: Iterable[str]) -> list[str]:
    return sorted(text for text in texts if "{0}" in text)
