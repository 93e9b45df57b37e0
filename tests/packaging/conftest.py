"""The scripts that build installers lie in a folder, not in a package: they find one another by the search path."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[2] / "packaging"), str(Path(__file__).parent)]
