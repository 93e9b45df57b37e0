"""The settings file on disk: found, read with care, written atomically with its comments kept."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from debabelizer.config.forms import SUFFIXES, Form, Reading, form_of
from debabelizer.config.forms.reading import look_up
from debabelizer.errors import StorageError

STEM = "settings"
_HEADING = "Settings of Debabelizer. What can stand here: `debabelizer config reference`.\nKeys of providers do not."


def find(folder: Path) -> tuple[Path, ...]:
    """The settings files of a folder, the one that is read first; where there is none, the name of a new one."""
    there = tuple(path for suffix in SUFFIXES if (path := folder / f"{STEM}{suffix}").exists())
    return there or (folder / f"{STEM}.toml",)


def read(path: Path) -> Reading | None:
    """None where there is no file. Raises OSError where it can't be read."""
    try:
        return form_of(path).read(path.read_bytes())
    except FileNotFoundError:
        return None


def keep(path: Path, why: str) -> Path | None:
    """Copies a file beside itself, named after the time it was written and ``why``: once, however often it is asked.
    None where the folder can't be written."""
    try:
        when = datetime.fromtimestamp(path.stat().st_mtime).astimezone()
        copy = path.with_name(f"{path.stem}.{why}-{when:%Y-%m-%d-%H%M%S}{path.suffix}")
        if not copy.exists():
            shutil.copy2(path, copy)
    except OSError:
        return None
    return copy


def write_value(path: Path, key: str, value: Any) -> None:
    """Sets one dotted key (None: removes it), leaving the rest of the file as it stands.

    A damaged file is written anew from what can be read of it, and so is one that can't be changed in place; then the
    old one is kept beside it. Raises StorageError.
    """
    path = path.resolve()
    form = form_of(path)
    try:
        reading = read(path)
        if value is None and (reading is None or (look_up(reading.tree, key) is None and not reading.broken)):
            return
        if reading is None:
            text = form.fresh(_with({}, key, value), _HEADING)
        else:
            text = _changed(path, form, reading, key, value)
        _replace(path, text)
    except OSError as error:
        raise StorageError(f"The settings were not saved: {path} can't be written ({error.strerror}).") from error


def _changed(path: Path, form: Form, reading: Reading, key: str, value: Any) -> str:
    wanted = _with(reading.tree, key, value)
    if reading.broken:
        keep(path, "bad")
    else:
        text = form.edited(path.read_bytes().decode("utf-8-sig"), key, value)
        if text is not None:
            outcome = form.read(text.encode())
            if not outcome.broken and _tidy(outcome.tree) == _tidy(wanted):
                return text
        if form.HAS_COMMENTS:
            keep(path, "old")
    return form.fresh(_tidy(wanted), _HEADING)


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


def _tidy(tree: Mapping[str, Any]) -> dict[str, Any]:
    """The tree with dotted keys as tables, and without tables in which nothing stands."""
    found: dict[str, Any] = {}
    for key, value in tree.items():
        head, _, rest = key.partition(".")
        inner = {rest: value} if rest else value
        if not isinstance(inner, Mapping):
            found[head] = inner
        elif below := _tidy(inner):
            found[head] = _tidy({**found.get(head, {}), **below})
    return found


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
