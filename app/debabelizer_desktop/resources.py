"""Where the program's own pictures, sounds and translations lie: beside this package once installed, at the top of
the repository while it is being worked on."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).parent


def resource(*parts: str) -> Path:
    """A file or folder under ``resources``; it need not exist."""
    installed = _PACKAGE / "resources"
    root = installed if installed.is_dir() else _PACKAGE.parent.parent / "resources"
    return root.joinpath(*parts)
