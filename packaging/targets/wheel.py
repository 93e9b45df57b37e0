"""The wheel, for ``pipx install`` and ``uv tool install``, from which everything else is made."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from context import Context, Target
from program import ROOT


def build(context: Context) -> list[Path]:
    """``hatchling`` of this environment, without another one being made."""
    folder = context.fresh("wheel")
    context.run([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder], cwd=ROOT)
    made = next(folder.glob("*.whl"))
    context.out.mkdir(parents=True, exist_ok=True)
    return [Path(shutil.copy2(made, context.out))]


TARGETS = (Target(name="wheel", about="for pipx and uv tool", why_not=lambda: None, build=build),)
