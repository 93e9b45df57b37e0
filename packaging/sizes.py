"""What takes the room in a frozen program, by component."""

from __future__ import annotations

from collections import Counter
from pathlib import Path, PurePath

INSIDE = "_internal"
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


def report(folder: Path, largest: int = 12) -> str:
    """A table, largest first."""
    sizes = by_component(folder)
    rows = [(name, size) for name, size in sizes.most_common(largest)]
    rest = sizes.total() - sum(size for _, size in rows)
    lines = [f"  {size / 1e6:7.1f} MB  {name}" for name, size in [*rows, ("everything else", rest)]]
    return "\n".join([f"{folder.name}: {sizes.total() / 1e6:.1f} MB", *lines])
