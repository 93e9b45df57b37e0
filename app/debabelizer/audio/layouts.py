"""FFmpeg's names for so many channels, in the order in which WAV and FLAC have them."""

from __future__ import annotations

from debabelizer.errors import UnsupportedFormatError

LAYOUTS = ("mono", "stereo", "3.0", "quad", "5.0", "5.1", "6.1", "7.1")


def layout_of(channels: int) -> str:
    """Raises UnsupportedFormatError for more than there are names for."""
    if not 1 <= channels <= len(LAYOUTS):
        raise UnsupportedFormatError(f"Audio can't be written with {channels} channels; 1 to {len(LAYOUTS)} can.")
    return LAYOUTS[channels - 1]


def channels_of(layout: str) -> int:
    """Raises ValueError for a name that is none of them."""
    return LAYOUTS.index(layout) + 1
