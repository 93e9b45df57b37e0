"""Makes a frozen Linux program smaller: symbols that only debuggers read are taken out."""

from __future__ import annotations

from pathlib import Path

from context import Context

MAGIC = b"\x7fELF"


def is_elf(path: Path) -> bool:
    if path.is_symlink() or not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(4) == MAGIC


def strip(context: Context, folder: Path) -> None:
    """Every library and module below ``folder``; the programs themselves hold their archive behind the last section,
    which stripping would cut off."""
    files = [path for path in (folder / "_internal").rglob("*") if is_elf(path)]
    for start in range(0, len(files), 50):
        context.run(["strip", "--strip-unneeded", *files[start : start + 50]])
