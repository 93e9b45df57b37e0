"""The virtual desk for every test in this folder."""

from fakes.rig import desk, microphone, session_bus, target
from fakes.rig_dictating import home

__all__ = ["desk", "home", "microphone", "session_bus", "target"]
