"""Prints what the engine's tests need: the project's requirements without Qt and what stands on it.

``./run test`` installs these into an environment of their own, so that an import of Qt in the engine fails there.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

WINDOW = {"pyside6", "qtawesome", "pytest-qt"}
CHECKERS = {"mypy", "ruff", "import-linter", "grimp", "types-psutil"}


def engine_requirements(pyproject: Path) -> list[str]:
    """Requirement strings without spaces, markers already decided for this Python."""
    from packaging.requirements import Requirement

    data = tomllib.loads(pyproject.read_text(encoding="utf-8"))
    wanted = []
    for text in [*data["project"]["dependencies"], *data["dependency-groups"]["dev"]]:
        requirement = Requirement(text)
        if requirement.marker is not None and not requirement.marker.evaluate():
            continue
        if requirement.name.lower() in WINDOW | CHECKERS:
            continue
        extras = f"[{','.join(sorted(requirement.extras))}]" if requirement.extras else ""
        wanted.append(re.sub(r"\s", "", f"{requirement.name}{extras}{requirement.specifier}"))
    return wanted


if __name__ == "__main__":
    print("\n".join(engine_requirements(Path(__file__).parents[1] / "pyproject.toml")))
