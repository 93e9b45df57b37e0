"""Where things live. ``DEBABELIZER_HOME`` moves everything into one folder (a memory stick, a test)."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

_NAME = "debabelizer"


def config_dir(environ: Mapping[str, str] | None = None) -> Path:
    """The settings file and, where the user chose it, the file of keys."""
    return _folder("config", environ)


def data_dir(environ: Mapping[str, str] | None = None) -> Path:
    """What the user would miss: the history."""
    return _folder("data", environ)


def state_dir(environ: Mapping[str, str] | None = None) -> Path:
    """Logs and takes."""
    return _folder("state", environ)


def cache_dir(environ: Mapping[str, str] | None = None) -> Path:
    """What can be thrown away at any time."""
    return _folder("cache", environ)


def models_dir(environ: Mapping[str, str] | None = None) -> Path:
    """Downloaded recognition models."""
    return data_dir(environ) / "models"


def logs_dir(environ: Mapping[str, str] | None = None) -> Path:
    return state_dir(environ) / "logs"


def takes_dir(environ: Mapping[str, str] | None = None) -> Path:
    """Every recording, from its first buffer until its text has arrived."""
    return state_dir(environ) / "takes"


def _folder(what: str, environ: Mapping[str, str] | None) -> Path:
    home = (os.environ if environ is None else environ).get("DEBABELIZER_HOME", "").strip()
    if home:
        return Path(home).expanduser() / what
    import platformdirs

    dirs = platformdirs.PlatformDirs(_NAME, appauthor=False)
    return Path(getattr(dirs, f"user_{what}_dir"))
