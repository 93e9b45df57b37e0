"""The model: US English, as it lies in PocketSphinx's package, or packed as an installed program brings it."""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

from debabelizer.models import PackedModel

NAME = "en-us"
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
PACKED = Path(__file__).with_name(f"{NAME}.zip")
"""Made by packaging/frozen/sphinx_model.py; not in the wheel."""


def came_along() -> bool:
    """Whether this installation has the model in either form."""
    return in_package() is not None or PACKED.is_file()


def in_package() -> Path | None:
    """The folder of PocketSphinx's own copy, found without importing it."""
    spec = find_spec("pocketsphinx")
    places = (spec.submodule_search_locations or []) if spec else []
    folders = (Path(place, "model", NAME) for place in places)
    return next((folder for folder in folders if (folder / LANGUAGE).is_file()), None)


def folder(models: Path, tell: Callable[[str], None]) -> Path:
    """Where the model's files lie; what came packed is unpacked below ``models`` if need be. ``tell`` hears that it
    takes a moment. Raises StorageError and ConfigurationError."""
    own = in_package()
    if own is not None:
        return own
    packed, unpacked = PackedModel(PACKED, _PROVIDER), models / _PROVIDER / NAME
    if not packed.is_unpacked(unpacked):
        tell("The built-in recogniser unpacks its model before its first use.")
        packed.unpack(unpacked)
    return unpacked
