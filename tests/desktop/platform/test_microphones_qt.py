"""The window's microphones: a list that follows what is plugged in, and Qt's own capture where PortAudio can't be used.

QtMultimedia connects to one sound server in the life of a process, so each of its scenarios gets a process.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from debabelizer.audio.capture import Microphone
from debabelizer.audio.sounddevice_capture import PortAudioOpener, SoundDeviceCapture
from debabelizer_desktop.platform.qt_capture import QtMicrophones, choose_capture_factory
from fakes import rig
from fakes.qt_capture_scenarios import SCENARIOS
from fakes.rig import microphone

__all__ = ["microphone"]

VMIC = Microphone(id="vmic", name="VirtualMic", is_default=True)


def test_the_list_follows_what_is_plugged_in(qtbot: QtBot, microphone: rig.Sound) -> None:
    it = QtMicrophones()
    assert it.list() == [VMIC]
    with qtbot.waitSignal(it.changed, timeout=5000):
        microphone.second()
    qtbot.waitUntil(lambda: [m.id for m in it.list()] == ["vmic", "mic2"], timeout=5000)
    microphone.unplug()
    qtbot.waitUntil(lambda: [m.id for m in it.list()] == ["mic2"], timeout=5000)
    assert it.list()[0].is_default
    microphone.kill_server()
    qtbot.waitUntil(lambda: not it.list(), timeout=5000)
    microphone.start_server()
    microphone.plug()
    qtbot.waitUntil(lambda: it.list() == [VMIC], timeout=5000)
    it.close()


def test_listing_opens_no_microphone(qtbot: QtBot, microphone: rig.Sound) -> None:
    it = QtMicrophones()
    it.list()
    assert microphone.recorders() == 0
    it.close()


def test_portaudio_where_it_can_name_microphones(microphone: rig.Sound) -> None:
    assert choose_capture_factory() is SoundDeviceCapture


@pytest.mark.parametrize("scenario", sorted(SCENARIOS))
def test_qt(scenario: str) -> None:
    root = Path(__file__).parents[3]
    path = os.pathsep.join(str(root / folder) for folder in ("app", "providers", "tests"))
    done = subprocess.run(
        [sys.executable, "-W", "error", "-m", "fakes.qt_capture_scenarios", scenario],
        env={**os.environ, "PYTHONPATH": path, "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-4000:]
    assert done.stdout.endswith("done\n")


@pytest.fixture(autouse=True)
def portaudio_of_this_test(microphone: rig.Sound) -> None:
    """PortAudio keeps what it knew of the last test's sound server."""
    PortAudioOpener().refresh()
