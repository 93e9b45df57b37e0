"""The virtual microphone, and a sink that remembers."""

from __future__ import annotations

import pytest

from fakes.rig import microphone
from fakes.sinks import RecordingSink

__all__ = ["microphone", "sink"]


@pytest.fixture
def sink() -> RecordingSink:
    return RecordingSink()
