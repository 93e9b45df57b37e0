"""What holds for all tests."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from debabelizer.contract import parts

# What runs in a worker with one thread for NumPy runs so here: two that wait for each other busily beside the other
# tests' took ten times the processor's time. NumPy reads it when it is imported.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

# How long an example takes says more about the machine than about the program. The short run looks at the same examples
# every time, so that it fails for what was changed; `./run test --long` draws new ones, and more of them.
settings.register_profile("short", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("long", max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("short")


@pytest.fixture
def no_graphics_cards(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """As in a package that lacks the code for graphics cards."""
    (tmp_path / parts.FILE_NAME).write_text(f"{parts.GRAPHICS_CARDS}\n")
    monkeypatch.setattr(parts, "_FOLDER", tmp_path)
    parts.left_out.cache_clear()
    yield
    monkeypatch.undo()
    parts.left_out.cache_clear()
