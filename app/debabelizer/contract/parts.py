"""What this program was packaged without. A frozen program cannot be added to later, so it says what is not in it
instead of failing."""

from __future__ import annotations

from functools import cache
from pathlib import Path

GRAPHICS_CARDS = "graphics-cards"
"""The code of engines on this computer that runs on graphics cards."""
FILE_NAME = "left-out.txt"
"""In the folder of the engine: one part per line. Packages write it; a program installed as a wheel has no such file,
and lacks nothing."""
_FOLDER = Path(__file__).parents[1]


@cache
def left_out() -> frozenset[str]:
    try:
        return frozenset((_FOLDER / FILE_NAME).read_text(encoding="utf-8").split())
    except OSError:
        return frozenset()
