"""Compiles ``i18n/*.ts`` into ``resources/i18n/*.qm``, which the program loads: ``python i18n/compile.py``."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
COMPILED = HERE.parent / "resources" / "i18n"


def tool(name: str) -> str:
    """Qt's ``lupdate`` or ``lrelease`` of this Python's PySide6."""
    here = Path(sys.executable).parent
    for suffix in ("", ".exe"):
        found = here / f"pyside6-{name}{suffix}"
        if found.exists():
            return str(found)
    return f"pyside6-{name}"


def compile_all(to: Path = COMPILED) -> None:
    to.mkdir(parents=True, exist_ok=True)
    for source in sorted(HERE.glob("debabelizer_*.ts")):
        target = to / f"{source.stem}.qm"
        subprocess.run([tool("lrelease"), "-silent", "-removeidentical", str(source), "-qm", str(target)], check=True)


if __name__ == "__main__":
    compile_all()
