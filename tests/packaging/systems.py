"""Modules of the same name that belong to different systems (``windows/freezing.py``, ``macos/freezing.py``)."""

from __future__ import annotations

import importlib.util
from types import ModuleType

import program


def module(system: str, name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"{system}_{name}", program.HERE / system / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    found = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(found)
    return found
