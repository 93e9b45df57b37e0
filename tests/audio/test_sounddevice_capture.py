"""The engine's microphone, against a real sound server: every sample arrives, whatever happens to the device."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from debabelizer.audio import pulse
from debabelizer.audio.capture import CaptureFactory, Microphone
from debabelizer.audio.devices import microphones
from debabelizer.audio.sounddevice_capture import PortAudioOpener, SoundDeviceCapture
from debabelizer.errors import AudioError, Remedy
from fakes import rig
from fakes.sinks import RecordingSink
from fakes.stalls import hold_up

factory: CaptureFactory = SoundDeviceCapture
VMIC = Microphone(id="vmic", name="VirtualMic", is_default=True)


@pytest.fixture(autouse=True)
def portaudio_of_this_test(microphone: rig.Sound) -> None:
    """PortAudio keeps what it knew of the last test's sound server."""
    PortAudioOpener().refresh()


def words(path: Path) -> bytes:
    """What was spoken without the silence around it, which would be found anywhere."""
    return rig.samples(path).strip(b"\0")


def test_microphones_are_named_and_none_is_opened_for_it(microphone: rig.Sound) -> None:
    assert microphones() == [VMIC]
    microphone.second()
    assert microphones() == [VMIC, Microphone(id="mic2", name="SecondMic")]
    assert microphone.recorders() == 0


def test_what_is_spoken_arrives_sample_for_sample(microphone: rig.Sound, sink: RecordingSink) -> None:
    capture = factory("")
    capture.start(sink)
    spoken = microphone.speak("hello world this is a test of dictation")
    sink.wait(lambda: words(spoken) in sink.pcm, "the words")
    capture.stop()
    assert sink.stamps == sorted(sink.stamps)
    assert not sink.events
    assert microphone.recorders() == 0


def test_the_first_buffer_comes_within_a_fifth_of_a_second(microphone: rig.Sound) -> None:
    waits = []
    for _ in range(5):
        sink, capture = RecordingSink(), SoundDeviceCapture("")
        began = time.monotonic()
        capture.start(sink)
        sink.wait(lambda sink=sink: bool(sink.stamps), "the first buffer")
        capture.stop()
        waits.append(sink.stamps[0] - began)
    assert sorted(waits)[2] < 0.2


@pytest.mark.parametrize(("chosen", "other"), [("vmic", "mic2"), ("mic2", "vmic")])
def test_the_chosen_microphone_is_the_one_that_is_heard(
    microphone: rig.Sound, sink: RecordingSink, chosen: str, other: str
) -> None:
    microphone.second()
    capture = SoundDeviceCapture(chosen)
    capture.start(sink)
    aside = microphone.begin_speaking(rig.speech("this is for the other one"), other)
    spoken = microphone.speak("hello world", chosen)
    aside()
    sink.wait(lambda: words(spoken) in sink.pcm, "the words spoken into the chosen microphone")
    capture.stop()


def test_after_stop_nothing_comes_and_nothing_is_held(microphone: rig.Sound, sink: RecordingSink) -> None:
    threads = set(threading.enumerate())
    for _ in range(3):
        capture = SoundDeviceCapture("")
        own = RecordingSink()
        capture.start(own)
        own.wait_for_more()
        capture.stop()
        heard = len(own.pcm)
        capture.stop()
        assert len(own.pcm) == heard
    assert set(threading.enumerate()) == threads
    assert microphone.recorders() == 0


def test_stopping_at_once_is_no_error(microphone: rig.Sound, sink: RecordingSink) -> None:
    capture = SoundDeviceCapture("")
    capture.stop()
    capture.start(sink)
    capture.stop()
    assert not sink.events


def test_unplugged_in_mid_recording_it_goes_on_from_another_and_returns(
    microphone: rig.Sound, sink: RecordingSink
) -> None:
    microphone.second()
    capture = SoundDeviceCapture("vmic")
    capture.start(sink)
    first = microphone.speak("hello world")
    microphone.unplug()
    sink.wait_for_events(2)
    assert isinstance(sink.events[0], AudioError)
    assert "VirtualMic" in sink.events[0].message
    assert isinstance(sink.events[1], Microphone)
    assert sink.events[1].id == "mic2"
    second = microphone.speak("this is a test", "mic2")
    microphone.plug()
    sink.wait_for_events(3)
    assert isinstance(sink.events[2], Microphone)
    assert sink.events[2].id == "vmic"
    third = microphone.speak("of dictation")
    sink.wait(lambda: words(third) in sink.pcm, "the words after the return")
    capture.stop()
    places = [sink.pcm.find(words(path)) for path in (first, second, third)]
    assert -1 not in places
    assert places == sorted(places)


def test_the_last_microphone_gone_and_back(microphone: rig.Sound, sink: RecordingSink) -> None:
    capture = SoundDeviceCapture("")
    capture.start(sink)
    first = microphone.speak("hello world")
    microphone.unplug()
    sink.wait_for_events(1)
    assert isinstance(sink.events[0], AudioError)
    assert sink.events[0].remedy is Remedy.CHOOSE_MICROPHONE
    microphone.plug()
    sink.wait_for_events(2)
    assert sink.events[1] == VMIC
    second = microphone.speak("of dictation")
    sink.wait(lambda: words(second) in sink.pcm, "the words after the return")
    capture.stop()
    assert words(first) in sink.pcm
    assert len(sink.events) == 2


def test_the_sound_server_dies_and_is_restarted(microphone: rig.Sound, sink: RecordingSink) -> None:
    capture = SoundDeviceCapture("vmic")
    capture.start(sink)
    sink.wait_for_more()
    microphone.kill_server()
    sink.wait_for_events(1)
    microphone.start_server()
    microphone.plug()
    sink.wait_for_events(2)
    assert sink.events[1] == VMIC
    spoken = microphone.speak("hello world")
    sink.wait(lambda: words(spoken) in sink.pcm, "the words after the restart")
    capture.stop()


def test_a_microphone_that_stays_but_delivers_nothing_is_a_loss(microphone: rig.Sound, sink: RecordingSink) -> None:
    microphone.second()
    capture = SoundDeviceCapture("vmic")
    capture.start(sink)
    sink.wait_for_more()
    last = sink.stamps[-1]
    microphone.suspend()
    sink.wait_for_events(2)
    assert sink.stamps[-1] - last < 5.0
    assert isinstance(sink.events[1], Microphone)
    assert sink.events[1].id == "mic2"
    microphone.suspend(False)
    capture.stop()


def test_a_program_that_was_held_up_misses_no_sample(microphone: rig.Sound, sink: RecordingSink) -> None:
    capture = factory("")
    capture.start(sink)
    sink.wait_for_more()
    path = rig.speech("hello world this is a test of dictation")
    spoken = microphone.begin_speaking(path)
    sink.wait_for_more(0.5)
    hold_up(2.0)
    spoken()
    sink.wait(lambda: words(path) in sink.pcm, "the words")
    capture.stop()
    assert not sink.events
    assert not sink.missing


def test_a_program_that_was_held_up_stops_where_it_was_told_to(microphone: rig.Sound, sink: RecordingSink) -> None:
    """What the system still holds at that moment belongs to the recording."""
    capture = factory("")
    capture.start(sink)
    sink.wait_for_more()
    hold_up(1.0)
    told = time.monotonic()
    capture.stop()
    assert sink.stamps[-1] >= told
    assert len(sink.pcm) / 32_000 >= told - sink.stamps[0]


def test_stop_ends_the_search_for_a_lost_microphone(microphone: rig.Sound, sink: RecordingSink) -> None:
    capture = SoundDeviceCapture("")
    capture.start(sink)
    sink.wait_for_more()
    microphone.kill_server()
    sink.wait_for_events(1)
    began = time.monotonic()
    capture.stop()
    assert time.monotonic() - began < 1.5


def test_no_microphone_at_all_is_one_clear_error(microphone: rig.Sound, sink: RecordingSink) -> None:
    microphone.unplug()
    assert microphones() == []
    for chosen in ("", "vmic"):
        with pytest.raises(AudioError, match="No microphone was found") as caught:
            SoundDeviceCapture(chosen).start(sink)
        assert caught.value.remedy is Remedy.CHOOSE_MICROPHONE


def test_no_sound_server_at_all_is_the_same_error(microphone: rig.Sound, sink: RecordingSink) -> None:
    microphone.kill_server()
    assert pulse.microphones() is None
    assert microphones() == []
    with pytest.raises(AudioError, match="No microphone was found"):
        SoundDeviceCapture("").start(sink)


def test_a_server_that_came_after_the_program_is_found(microphone: rig.Sound, sink: RecordingSink) -> None:
    microphone.kill_server()
    PortAudioOpener().refresh()
    microphone.start_server()
    microphone.plug()
    capture = SoundDeviceCapture("")
    capture.start(sink)
    sink.wait_for_more()
    capture.stop()


def test_the_chosen_one_is_missing_at_the_start(microphone: rig.Sound, sink: RecordingSink) -> None:
    capture = SoundDeviceCapture("headset-left-at-home")
    capture.start(sink)
    sink.wait_for_events(2)
    capture.stop()
    assert "headset-left-at-home" in str(sink.events[0])
    assert sink.events[1] == VMIC
    assert sink.pcm


def test_without_portaudio_the_error_names_the_package(tmp_path: Path) -> None:
    (tmp_path / "sounddevice.py").write_text("raise OSError('PortAudio library not found')\n", encoding="utf-8")
    program = (
        "import sys; sys.path.insert(0, sys.argv[1])\n"
        "from debabelizer.audio.devices import microphones\n"
        "from debabelizer.errors import AudioError\n"
        "try: microphones()\n"
        "except AudioError as error: print(error)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path)], capture_output=True, text=True, check=True, timeout=30
    )
    assert "libportaudio2" in done.stdout


def test_a_watch_tells_of_every_change(microphone: rig.Sound) -> None:
    told = threading.Condition()
    lists: list[list[str] | None] = []

    def changed() -> None:
        found = pulse.microphones()
        with told:
            lists.append(None if found is None else [m.id for m in found])
            told.notify_all()

    def wait_for(wanted: list[str] | None) -> None:
        with told:
            assert told.wait_for(lambda: bool(lists) and lists[-1] == wanted, 10), (wanted, lists)

    watch = pulse.Watch(changed)
    wait_for(["vmic"])
    microphone.second()
    wait_for(["vmic", "mic2"])
    microphone.unplug()
    wait_for(["mic2"])
    microphone.kill_server()
    wait_for(None)
    microphone.start_server()
    wait_for([])
    watch.close()
    count = len(lists)
    microphone.plug()
    assert len(lists) == count
