"""What each source says: the file, the environment, the command line. Nothing here knows which one wins."""

from __future__ import annotations

import difflib
import logging
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec

from debabelizer.config import expansion, file, redaction, values
from debabelizer.config.forms import Reading
from debabelizer.config.origin import CODE, COMMAND_LINE, Origin, Source
from debabelizer.config.problem import SettingProblem, bad_value, nearest_key, unknown_key, unreadable_file
from debabelizer.config.table import environment_name
from debabelizer.contract.settings import Kind, Setting
from debabelizer.errors import ConfigurationError

Table = Mapping[str, Setting]

_log = logging.getLogger(__name__)
_PREFIX = "DEBABELIZER_"
_NO_SETTINGS = frozenset({"DEBABELIZER_HOME", "DEBABELIZER_CONFIG", "DEBABELIZER_MODEL_HOST"})


class Found(msgspec.Struct):
    """Values by dotted key with their origin, and what could not be used."""

    values: dict[str, tuple[values.Value, Origin]] = msgspec.field(default_factory=dict)
    problems: list[SettingProblem] = msgspec.field(default_factory=list)


def from_file(path: Path, table: Table, environ: Mapping[str, str]) -> Found:
    """Field by field: one that can't be used is reported and does not harm the others."""
    found = Found()
    try:
        reading = file.read(path)
    except OSError as error:
        found.problems.append(unreadable_file(path, error.strerror or type(error).__name__))
        return found
    if reading is None:
        return found
    if reading.broken:
        found.problems += _damage(path, reading, table)
    for key, raw in _flatten(reading.tree, table):
        line = reading.lines.get(key) or _first_line_below(key, reading.lines)
        _take(found, Origin(Source.FILE, str(path), line), table, key, raw, environ)
    return found


def from_environment(table: Table, environ: Mapping[str, str]) -> Found:
    found = Found()
    names = {environment_name(key): key for key in table}
    for key, setting in table.items():
        for name in (environment_name(key), *setting.env):
            if (text := environ.get(name)) is None or (text == "" and setting.kind is Kind.SECRET):
                continue
            try:
                value = values.parse(setting, text)
            except values.BadValue as error:
                found.problems.append(bad_value(Source.ENVIRONMENT, name, str(error), "What the file says"))
                continue
            if setting.kind is Kind.SECRET:
                redaction.hide(value)
            found.values[key] = value, Origin(Source.ENVIRONMENT, name)
            break
    found.problems += _slips(names, environ)
    return found


def from_overrides(table: Table, overrides: Mapping[str, str]) -> Found:
    """Raises ConfigurationError: whoever typed it is there to put it right."""
    found = Found()
    for key, text in overrides.items():
        setting = table.get(key)
        if setting is None:
            raise ConfigurationError(str(unknown_key(Source.COMMAND_LINE, key, table)))
        if setting.kind is Kind.SECRET:
            raise ConfigurationError(
                f"{key} is a secret, and other programs can see a command line. "
                "Use `debabelizer keys set` or an environment variable."
            )
        try:
            found.values[key] = values.parse(setting, text), COMMAND_LINE
        except values.BadValue as error:
            raise ConfigurationError(f"{key}={text} can't be used: {error}.") from None
    return found


def from_code(tree: Mapping[str, Any], table: Table) -> Found:
    """A dict of the program that uses the library: nested or with dotted keys, secrets included. What can't be used is
    reported and left out."""
    found = Found()
    for key, raw in _flatten(tree, table):
        setting = table.get(key)
        if setting is None:
            found.problems.append(unknown_key(Source.CODE, key, table))
            continue
        try:
            value = values.parse(setting, raw) if isinstance(raw, str) else values.check(setting, raw)
        except values.BadValue as error:
            found.problems.append(bad_value(Source.CODE, key, str(error), "The next source"))
            continue
        if setting.kind is Kind.SECRET:
            redaction.hide(value)
        found.values[key] = value, CODE
    return found


def _slips(names: Mapping[str, str], environ: Mapping[str, str]) -> Iterator[SettingProblem]:
    """Variables that are nearly ours. Others may be named in the same way, so only a slip of the pen is reported."""
    for name in environ:
        if not name.startswith(_PREFIX) or name in names or name in _NO_SETTINGS:
            continue
        known = [ours.removeprefix(_PREFIX) for ours in names]
        for close in difflib.get_close_matches(name.removeprefix(_PREFIX), known, n=1, cutoff=0.85):
            yield SettingProblem(
                source=Source.ENVIRONMENT,
                key=name,
                nearest=_PREFIX + close,
                message=f"There is no setting behind {name}.",
                remedy=f"Did you mean {_PREFIX + close}?",
            )


def _take(found: Found, origin: Origin, table: Table, key: str, raw: Any, environ: Mapping[str, str]) -> None:
    setting, source, line = table.get(key), origin.name, origin.line
    if setting is None:
        found.problems.append(unknown_key(source, key, table, line))
        return
    if setting.kind is Kind.SECRET and not expansion.refers(raw):
        found.problems.append(_open_secret(source, key, line))
        return
    try:
        value = values.check(setting, expansion.expand(raw, environ))
    except (values.BadValue, expansion.Missing) as error:
        used = "Nothing" if setting.kind is Kind.SECRET else values.show(setting, values.default(setting)) or "Nothing"
        found.problems.append(bad_value(source, key, str(error), used, line))
        return
    if setting.kind is Kind.SECRET:
        redaction.hide(value)
    found.values[key] = value, origin


def _open_secret(source: str, key: str, line: int | None) -> SettingProblem:
    provider = key.split(".")[1] if key.startswith("providers.") else key
    return SettingProblem(
        source=source,
        line=line,
        key=key,
        nearest=key,
        message=f"{key} stands in the open in the settings file and is not used.",
        remedy=f"Delete that line and use `debabelizer keys set {provider}`, or write ${{NAME}} to take it "
        "from the environment.",
    )


def _damage(path: Path, reading: Reading, table: Table) -> Iterator[SettingProblem]:
    copy = file.keep(path, "bad")
    kept = f"The damaged file is kept as {copy.name}." if copy else ""
    _log.warning("%s is damaged; what could be read is used. %s", path, kept)
    for broken in reading.broken:
        named = f" ({broken.key})" if broken.key else ""
        yield SettingProblem(
            source=str(path),
            line=broken.line,
            key=broken.key,
            nearest=nearest_key(broken.key, table) if broken.key else None,
            message=f"This line{named} can't be read: {broken.why}.",
            remedy=f"Correct or delete it; the rest of the file is used. {kept}".rstrip(),
        )


def _flatten(tree: Mapping[str, Any], table: Table, prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Dotted keys and values; a table in the file is gone into unless a setting has its name."""
    for part, value in tree.items():
        key = prefix + part
        if isinstance(value, Mapping) and key not in table:
            yield from _flatten(value, table, key + ".")
        else:
            yield key, value


def _first_line_below(key: str, lines: Mapping[str, int]) -> int | None:
    return min((line for name, line in lines.items() if name.startswith(key + ".")), default=None)
