"""Where a local engine's files lie."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from debabelizer.contract import StreamOptions


def models_folder(options: StreamOptions) -> Path:
    """The folder of models: the one in the options, or the program's own."""
    from debabelizer.models import default_folder

    return Path(options.settings["models_folder"]) if "models_folder" in options.settings else default_folder()
