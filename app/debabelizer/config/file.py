"""The settings file on disk: read with care, written atomically with its comments kept."""

from __future__ import annotations

import os
import shutil
import tempfile
import tomllib
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from debabelizer.config.salvage import Reading, read_toml
from debabelizer.errors import StorageError

_HEADING = "Settings of Debabelizer. What can stand here: `debabelizer config reference`.\nKeys of providers do not."


def read(path: Path) -> Reading | None:
    """None where there is no file. Raises OSError where it can't be read."""
    try:
        return read_toml(path.read_bytes())
    except FileNotFoundError:
        return None


def keep_bad(path: Path) -> Path | None:
    """Copies a damaged file beside itself, named after the time it was written: once, however often it is read.
    None where the folder can't be written."""
    try:
        when = datetime.fromtimestamp(path.stat().st_mtime).astimezone()
        copy = path.with_name(f"{path.stem}.bad-{when:%Y-%m-%d-%H%M%S}{path.suffix}")
        if not copy.exists():
            shutil.copy2(path, copy)
    except OSError:
        return None
    return copy


def write_value(path: Path, key: str, value: Any) -> None:
    """Sets one dotted key (None: removes it), leaving the rest of the file as it stands.

    A damaged file is written anew from what can be read of it. Raises StorageError.
    """
    path = path.resolve()
    try:
        reading = read(path)
        if reading is None:
            text = _fresh({key: value} if value is not None else {})
        elif reading.broken:
            keep_bad(path)
            text = _rebuilt(reading.tree, key, value)
        else:
            text = _edited(path.read_bytes().decode("utf-8-sig"), reading.tree, key, value)
        _replace(path, text)
    except OSError as error:
        raise StorageError(f"The settings were not saved: {path} can't be written ({error.strerror}).") from error


def look_up(tree: Mapping[str, Any], key: str) -> Any:
    """The value at a dotted key, or None."""
    at: Any = tree
    for part in key.split("."):
        if not isinstance(at, Mapping) or part not in at:
            return None
        at = at[part]
    return at


def _edited(text: str, tree: dict[str, Any], key: str, value: Any) -> str:
    """The text with one value changed. Where the way it is written does not allow that, all is written anew."""
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    try:
        document = tomlkit.parse(text)
        if value is None:
            _remove(document, key.split("."))
        else:
            _put(document, key.split("."), value)
        edited = document.as_string()
        if tomllib.loads(edited) == _with(tree, key, value):
            return edited
    except (TOMLKitError, tomllib.TOMLDecodeError, KeyError, TypeError, AttributeError):
        return _rebuilt(tree, key, value)
    return _rebuilt(tree, key, value)


def _put(document: Any, parts: list[str], value: Any) -> None:
    import tomlkit

    at = document
    for part in parts[:-1]:
        if part not in at:
            at[part] = tomlkit.table()
        at = at[part]
    at[parts[-1]] = value


def _remove(document: Any, parts: list[str]) -> None:
    at = document
    for part in parts[:-1]:
        at = at[part]
    del at[parts[-1]]


def _with(tree: Mapping[str, Any], key: str, value: Any) -> dict[str, Any]:
    """A copy of the tree with one value changed or removed."""
    copy = dict(tree)
    head, _, rest = key.partition(".")
    if rest:
        below = copy.get(head)
        copy[head] = _with(below if isinstance(below, Mapping) else {}, rest, value)
    elif value is None:
        copy.pop(head, None)
    else:
        copy[head] = value
    return copy


def _rebuilt(tree: Mapping[str, Any], key: str, value: Any) -> str:
    return _fresh(_with(tree, key, value))


def _fresh(tree: Mapping[str, Any]) -> str:
    import tomlkit

    document = tomlkit.document()
    for line in _HEADING.splitlines():
        document.add(tomlkit.comment(line))
    document.add(tomlkit.nl())
    plain: dict[str, Any] = {}
    _nest(plain, tree)
    for name in sorted(plain, key=lambda n: isinstance(plain[n], dict)):  # tables last, as TOML wants it
        document[name] = plain[name]
    return document.as_string()


def _nest(into: dict[str, Any], tree: Mapping[str, Any]) -> None:
    for key, value in tree.items():
        head, _, rest = key.partition(".")
        if rest:
            _nest(into.setdefault(head, {}), {rest: value})
        elif isinstance(value, Mapping):
            _nest(into.setdefault(head, {}), value)
        else:
            into[head] = value


def _replace(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    mode = path.stat().st_mode & 0o777 if path.exists() else 0o600
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(mode)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
