"""A person's desk, virtual: a display with a window manager, a microphone one can speak into, another program's
window that remembers what it was given, a clipboard, a D-Bus session. Everything is real, private and temporary::

    from fakes import rig

    with rig.display() as desk, rig.sound() as sound, rig.terminal(desk) as target:
        program = subprocess.Popen([...], env={**os.environ, **desk.env, **sound.env})
        desk.focus("target")
        with desk.held("F9"):
            sound.speak("hello world this is a test of dictation")
        target.wait_for("hello")

Each part ends only the processes it started and leaves no file behind. A missing tool is an error that names its
package: ``./run test`` installs all of them. In a ``conftest.py`` the fixtures below can be imported as they are.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from fakes.rig_bus import Bus, bus, keyring
from fakes.rig_display import Display, Terminal, display, terminal
from fakes.rig_processes import MissingToolError, wait_until
from fakes.rig_sound import Sound, samples, sound, speech

__all__ = [
    "Bus",
    "Display",
    "MissingToolError",
    "Sound",
    "Terminal",
    "bus",
    "desk",
    "display",
    "keyring",
    "microphone",
    "samples",
    "session_bus",
    "sound",
    "speech",
    "target",
    "terminal",
    "wait_until",
]


@pytest.fixture(scope="session")
def desk() -> Iterator[Display]:
    """One display with a window manager for all tests of a process; nothing is exported to ``os.environ``."""
    with display() as it:
        yield it


@pytest.fixture
def target(desk: Display) -> Iterator[Terminal]:
    """A terminal with the focus, titled ``target``."""
    with terminal(desk) as it:
        desk.focus(it.title)
        yield it


@pytest.fixture
def microphone(monkeypatch: pytest.MonkeyPatch) -> Iterator[Sound]:
    """A sound server with one microphone, of the test's own; this process and its children see it."""
    with sound() as it:
        for name, value in it.env.items():
            monkeypatch.setenv(name, value)
        yield it


@pytest.fixture
def session_bus(monkeypatch: pytest.MonkeyPatch) -> Iterator[Bus]:
    """A D-Bus session without any service; this process and its children see it."""
    with bus() as it:
        for name, value in it.env.items():
            monkeypatch.setenv(name, value)
        yield it
