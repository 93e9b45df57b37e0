"""Models of local engines on this computer: where they lie, which are there, fetching, unpacking and removing them."""

from debabelizer.models.packed import PackedModel
from debabelizer.models.store import ModelStore, Progress, default_folder

__all__ = ["ModelStore", "PackedModel", "Progress", "default_folder"]
