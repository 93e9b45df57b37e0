"""What QtMultimedia's capture must do, one scenario per process: ``python -m fakes.qt_capture_scenarios NAME``.

QtMultimedia connects to one sound server in the life of a process and can't be used after that server was restarted.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from debabelizer.audio.capture import Microphone
from debabelizer.errors import AudioError
from fakes import rig
from fakes.sinks import RecordingSink
from fakes.stalls import hold_up

if TYPE_CHECKING:
    from debabelizer_desktop.platform.qt_audio_source import QtDevices


class Stage:
    """A sound server with one microphone, an application, and Qt's list of devices."""

    def __init__(self, sound: rig.Sound) -> None:
        from PySide6.QtCore import QCoreApplication

        from debabelizer_desktop.platform.qt_audio_source import QtDevices

        self.sound, self.sink = sound, RecordingSink()
        self.application = QCoreApplication([])
        self.devices: QtDevices = QtDevices()

    def wait(self, condition: Callable[[], bool], what: str, timeout: float = 8.0) -> None:
        """While the application's events are handled, as in a window."""
        from PySide6.QtCore import QEventLoop

        until = time.monotonic() + timeout
        while not condition():
            assert time.monotonic() < until, f"waited in vain for {what}; events: {self.sink.events}"
            self.application.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)

    def wait_for_events(self, count: int) -> None:
        self.wait(lambda: len(self.sink.events) >= count, f"{count} events")

    def second(self) -> None:
        self.sound.second()
        self.wait(lambda: len(self.devices.microphones()) == 2, "the second microphone in Qt's list")

    def speak_and_hear(self, text: str, into: str = "vmic") -> None:
        words = rig.samples(rig.speech(text)).strip(b"\0")
        self.sound.speak(text, into)
        self.wait(lambda: words in self.sink.pcm, f"{text!r}, sample for sample")


def chosen(stage: Stage) -> None:
    """What is spoken into the chosen microphone arrives, and nothing stays behind."""
    from debabelizer_desktop.platform.qt_audio_source import QtCapture

    stage.second()
    threads = set(threading.enumerate())
    capture = QtCapture("mic2", stage.devices)
    capture.start(stage.sink)
    stage.speak_and_hear("hello world this is a test of dictation", "mic2")
    capture.stop()
    capture.stop()
    assert not stage.sink.events
    assert set(threading.enumerate()) == threads
    assert stage.sound.recorders() == 0


def held_up(stage: Stage) -> None:
    """A program that does not get on for a while misses no sample."""
    from debabelizer_desktop.platform.qt_audio_source import QtCapture

    capture = QtCapture("", stage.devices)
    capture.start(stage.sink)
    path = rig.speech("hello world this is a test of dictation")
    spoken = stage.sound.begin_speaking(path)
    stage.sink.wait_for_more(0.5)
    hold_up(2.0)
    spoken()
    words = rig.samples(path).strip(b"\0")
    stage.wait(lambda: words in stage.sink.pcm, "the words, sample for sample")
    capture.stop()
    assert not stage.sink.events


def chosen_by_rule(stage: Stage) -> None:
    """A system without ALSA's plug-in for PulseAudio gets Qt's capture."""
    from debabelizer_desktop.platform import qt_capture
    from debabelizer_desktop.platform.qt_audio_source import QtCapture

    os.environ["ALSA_PLUGIN_DIR"] = "/nowhere"
    capture = qt_capture.choose_capture_factory()("vmic")
    assert isinstance(capture, QtCapture)
    capture.start(stage.sink)
    stage.speak_and_hear("hello world")
    capture.stop()


def moved(stage: Stage) -> None:
    """Unplugged in mid-recording: on from another one, and back."""
    from debabelizer_desktop.platform.qt_audio_source import QtCapture

    stage.second()
    capture = QtCapture("vmic", stage.devices)
    capture.start(stage.sink)
    stage.sink.wait_for_more()
    stage.sound.unplug()
    stage.wait_for_events(2)
    stage.speak_and_hear("hello world", "mic2")
    stage.sound.plug()
    stage.wait_for_events(3)
    stage.speak_and_hear("of dictation")
    capture.stop()
    first, *rest = stage.sink.events
    assert isinstance(first, AudioError)
    assert [event.id for event in rest if isinstance(event, Microphone)] == ["mic2", "vmic"]


def last_one(stage: Stage) -> None:
    """The last microphone gone, of which Qt says nothing, and back."""
    from debabelizer_desktop.platform.qt_audio_source import QtCapture

    capture = QtCapture("", stage.devices)
    capture.start(stage.sink)
    stage.sink.wait_for_more()
    stage.sound.unplug()
    stage.wait_for_events(1)
    stage.sound.plug()
    stage.wait_for_events(2)
    stage.speak_and_hear("hello world")
    capture.stop()


def restarted(stage: Stage) -> None:
    """After a restart of the sound server Qt is not asked again: libpulse would end the whole program."""
    from debabelizer_desktop.platform.qt_audio_source import QtCapture

    capture = QtCapture("", stage.devices)
    capture.start(stage.sink)
    stage.sink.wait_for_more()
    stage.sound.kill_server()
    stage.sound.start_server()
    stage.sound.plug()
    stage.wait_for_events(1)
    capture.stop()
    assert_refused(stage, "Restart the program")


def none_there(stage: Stage) -> None:
    """No microphone is one clear error."""
    stage.sound.unplug()
    stage.wait(lambda: not stage.devices.microphones(), "an empty list")
    assert_refused(stage, "No microphone was found")


def assert_refused(stage: Stage, words: str) -> None:
    from debabelizer_desktop.platform.qt_audio_source import QtCapture

    with pytest.raises(AudioError, match=words):
        QtCapture("", stage.devices).start(RecordingSink())


SCENARIOS: dict[str, Callable[[Stage], None]] = {
    scenario.__name__: scenario
    for scenario in (chosen, held_up, chosen_by_rule, moved, last_one, restarted, none_there)
}


def main() -> None:
    with rig.sound() as sound:
        os.environ.update(sound.env)
        SCENARIOS[sys.argv[1]](Stage(sound))
    sys.stdout.write("done\n")


if __name__ == "__main__":
    main()
