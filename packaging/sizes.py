"""What takes the room in a frozen program, by component, and how much it may take."""

from __future__ import annotations

import platform
import sys
from collections import Counter
from pathlib import Path, PurePath

from program import FULL, LIGHT

INSIDE = "_internal"
BUDGETS_MB = {
    ("linux", "x86_64"): {FULL.name: 250, LIGHT.name: 150},
}
"""Per system, processor and variant: a build that installs more than this fails (megabytes of a million bytes). A
system without an entry has not been measured yet."""
_FOLDED = {"PySide6": "Qt", "shiboken6": "Qt", "av": "FFmpeg (av)", "numpy": "numpy", "pocketsphinx": "pocketsphinx"}


def by_component(folder: Path) -> Counter[str]:
    """Component to bytes; a link weighs nothing."""
    sizes: Counter[str] = Counter()
    for path in folder.rglob("*"):
        if path.is_file() and not path.is_symlink():
            sizes[component(path.relative_to(folder))] += path.stat().st_size
    return sizes


def component(path: PurePath) -> str:
    """Which part a file belongs to, by its place in the frozen folder."""
    parts = path.parts
    if parts[0] != INSIDE:
        return "the programs, with their own modules"
    if len(parts) == 2 or parts[1].startswith("python3"):
        return "Python and system libraries"
    name = parts[1].removesuffix(".libs").partition("-")[0]
    return _FOLDED.get(name, name)


def budget(variant: str, system: str = sys.platform, processor: str | None = None) -> int | None:
    """Megabytes, where they are limited."""
    return BUDGETS_MB.get((system, processor or platform.machine()), {}).get(variant)


def above_budget(folder: Path, allowed: int | None) -> str | None:
    """By how much a frozen folder is too large and what is largest in it, as a sentence; None where it is not."""
    sizes = by_component(folder)
    if allowed is None or sizes.total() <= allowed * 1_000_000:
        return None
    largest = ", ".join(f"{name} {size / 1e6:.0f}" for name, size in sizes.most_common(5))
    made = f"{folder.name} is {sizes.total() / 1e6:.1f} MB"
    return f"{made} and may be {allowed} (packaging/sizes.py); largest: {largest} MB"


def report(folder: Path, largest: int = 12) -> str:
    """A table, largest first."""
    sizes = by_component(folder)
    rows = [(name, size) for name, size in sizes.most_common(largest)]
    rest = sizes.total() - sum(size for _, size in rows)
    lines = [f"  {size / 1e6:7.1f} MB  {name}" for name, size in [*rows, ("everything else", rest)]]
    allowed = budget(folder.name)
    limit = f" of {allowed}" if allowed else ""
    return "\n".join([f"{folder.name}: {sizes.total() / 1e6:.1f}{limit} MB", *lines])
