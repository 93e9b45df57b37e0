"""Models of local engines on this computer: where they lie, which are there, fetching and removing them."""

from debabelizer.models.store import ModelStore, Progress, default_folder

__all__ = ["ModelStore", "Progress", "default_folder"]
