"""The model: US English, as it lies in PocketSphinx's package, or packed as an installed program brings it."""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

from debabelizer.errors import ConfigurationError
from debabelizer.models import PackedModel

NAME, ARCHIVE = "en-us", "en-us.zip"
_PROVIDER = "sphinx"
DICTIONARY, LANGUAGE, ACOUSTIC = "cmudict-en-us.dict", "en-us.lm.bin", "en-us"
FILES = (
    DICTIONARY,
    LANGUAGE,
    "en-us/README",
    "en-us/feat.params",
    "en-us/mdef",
    "en-us/means",
    "en-us/noisedict",
    "en-us/sendump",
    "en-us/transition_matrices",
    "en-us/variances",
)
"""What the recogniser reads, and the terms of it."""


def origin() -> Path:
    """The folder of PocketSphinx's own copy, or the archive that stands in its place
    (packaging/frozen/sphinx_model.py); found without importing PocketSphinx. Raises ConfigurationError."""
    spec = find_spec("pocketsphinx")
    for place in (spec.submodule_search_locations or []) if spec else []:
        unpacked, packed = Path(place, "model", NAME), Path(place, "model", ARCHIVE)
        if (unpacked / LANGUAGE).is_file():
            return unpacked
        if packed.is_file():
            return packed
    raise ConfigurationError("The built-in recogniser is not fully installed: its model is missing.", _PROVIDER)


def folder(models: Path, tell: Callable[[str], None]) -> Path:
    """Where the model's files lie; what came packed is unpacked below ``models`` if need be. ``tell`` hears that it
    takes a moment. Raises StorageError and ConfigurationError."""
    source = origin()
    if source.is_dir():
        return source
    packed, unpacked = PackedModel(source, _PROVIDER), models / _PROVIDER / NAME
    if not packed.is_unpacked(unpacked):
        message = "The built-in recogniser unpacks its model before its first use."
        tell(message)
        packed.unpack(unpacked)
    return unpacked
