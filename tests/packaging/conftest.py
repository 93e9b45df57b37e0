"""The scripts that build installers lie in a folder, not in a package: they find one another by the search path. The
desk on which an installed program is used is the one of the window's tests."""

from __future__ import annotations

import sys
from pathlib import Path

from fakes.rig import desk, microphone, target

PACKAGING = Path(__file__).parents[2] / "packaging"

sys.path[:0] = [str(PACKAGING), str(PACKAGING / "frozen"), str(Path(__file__).parent)]

__all__ = ["desk", "microphone", "target"]
