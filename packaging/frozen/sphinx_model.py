"""The built-in recogniser's model, packed: two thirds of its size, and only the files that are read.

The program unpacks it into the folder of models at its first use (debabelizer/models/packed.py).
"""

from __future__ import annotations

import zipfile
from pathlib import Path

from debabelizer_providers.sphinx import model

FOLDER = "pocketsphinx/model"
"""Where it lies in the frozen program. PocketSphinx itself wants this folder, whatever is in it."""
_AT = (1980, 1, 1, 0, 0, 0)
"""The same time in each archive, so that the same model makes the same bytes."""


def packed(work: Path, compression: int = zipfile.ZIP_LZMA) -> tuple[str, str]:
    """Makes the archive in ``work``; where it is, and where it goes, as PyInstaller wants data."""
    source, archive = model.origin(), work / model.ARCHIVE
    with zipfile.ZipFile(archive, "w", compression) as made:
        for name in model.FILES:
            made.writestr(zipfile.ZipInfo(name, _AT), (source / name).read_bytes(), compression)
    return str(archive), FOLDER
