"""The watchdog's own decisions, with devices a test can hold in its hand: the machine's edge is the only fake."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import pytest

from debabelizer.audio.capture import Microphone
from debabelizer.audio.supervised import SupervisedCapture, Timing
from debabelizer.errors import AudioError, Remedy
from fakes.sinks import RecordingSink
from fakes.stalls import hold_up

QUICK = Timing(first=0.3, silent=0.1, late=0.1, retry=0.1, look_around=0.05)
BUFFER = b"\1\0" * 160


class Machine:
    """Microphones that are there or not, and deliver when the test says so."""

    def __init__(self, *names: str) -> None:
        self.present = {name: Microphone(id=name, name=name.title(), is_default=not i) for i, name in enumerate(names)}
        self.live = set(names)
        self.busy: set[str] = set()
        self.opened: list[str] = []
        self.open_sources: set[PretendSource] = set()
        self.at_close = b""

    def microphones(self) -> list[Microphone]:
        return list(self.present.values())

    def refresh(self) -> None:
        assert not self.open_sources

    def open(self, microphone_id: str, heard: Callable[[bytes], None], lost: Callable[[], None]) -> PretendSource:
        name = microphone_id or next(iter(self.present), "")
        self.opened.append(name)
        if name in self.busy:
            raise AudioError(f"{name} is in use", remedy=Remedy.ALLOW_MICROPHONE)
        if name not in self.present:
            raise AudioError(f"{name} is not connected")
        return PretendSource(self, self.present[name], heard, lost)


class PretendSource:
    def __init__(
        self, machine: Machine, microphone: Microphone, heard: Callable[[bytes], None], lost: Callable[[], None]
    ) -> None:
        self.microphone, self.machine, self.heard, self.lost = microphone, machine, heard, lost
        self.closed = threading.Event()
        machine.open_sources.add(self)
        self._clock = threading.Thread(target=self._tick)
        self._clock.start()

    def _tick(self) -> None:
        name = self.microphone.id
        while not self.closed.wait(0.01):
            if name in self.machine.live:
                self.heard(BUFFER)

    def close(self) -> None:
        self.closed.set()
        self._clock.join()
        self.machine.open_sources.discard(self)
        if self.machine.at_close:
            self.heard(self.machine.at_close)


@pytest.fixture
def machine() -> Iterator[Machine]:
    made = Machine("desk", "headset")
    yield made
    assert not made.open_sources, "a microphone was left open"


def names(sink: RecordingSink) -> list[str]:
    return [event.id if isinstance(event, Microphone) else "!" for event in sink.events]


def test_what_the_device_still_had_when_it_was_closed_arrives(machine: Machine, sink: RecordingSink) -> None:
    machine.at_close = b"\7\0" * 33
    capture = SupervisedCapture(machine, "desk", QUICK)
    capture.start(sink)
    sink.wait_for_more(0.05)
    capture.stop()
    assert sink.pcm.endswith(machine.at_close)


def test_silence_of_the_device_is_a_loss_and_the_next_one_takes_over(machine: Machine, sink: RecordingSink) -> None:
    capture = SupervisedCapture(machine, "headset", QUICK)
    capture.start(sink)
    sink.wait_for_more(0.05)
    machine.live.discard("headset")
    sink.wait_for_events(2)
    capture.stop()
    assert names(sink)[:2] == ["!", "desk"]
    assert machine.opened[:3] == ["headset", "headset", "desk"]


def test_a_microphone_that_is_still_there_may_be_late(machine: Machine, sink: RecordingSink) -> None:
    """Opening it anew would throw away what waits in the system's buffers."""
    asked = threading.Event()
    listed = machine.microphones

    def ask() -> list[Microphone]:
        asked.set()
        return listed()

    machine.microphones = ask  # type: ignore[method-assign]
    capture = SupervisedCapture(machine, "headset", Timing(silent=0.1, late=60, look_around=60))
    capture.start(sink)
    sink.wait_for_more(0.05)
    machine.live.discard("headset")
    assert asked.wait(15)
    machine.live.add("headset")
    sink.wait_for_more(0.05)
    capture.stop()
    assert machine.opened == ["headset"]
    assert not sink.events


def test_what_was_spoken_before_the_end_is_waited_for(machine: Machine, sink: RecordingSink) -> None:
    """The device is late by a second when the recording is stopped."""
    capture = SupervisedCapture(machine, "", Timing(silent=60, late=60, look_around=60))
    capture.start(sink)
    sink.wait_for_more(0.05)
    machine.live.clear()
    (source,) = machine.open_sources
    ending = threading.Thread(target=capture.stop)
    ending.start()
    assert not source.closed.wait(0.3), "it was closed before its sound had come"
    source.heard(b"\7\0" * 16_000)
    ending.join(15)
    assert sink.pcm.endswith(b"\7\0" * 16_000)


def test_one_that_is_not_there_any_more_is_not_waited_for(machine: Machine, sink: RecordingSink) -> None:
    capture = SupervisedCapture(machine, "headset", Timing(silent=0.1, late=60, look_around=60))
    capture.start(sink)
    sink.wait_for_more(0.05)
    machine.live.discard("headset")
    machine.present.pop("headset")
    sink.wait_for_events(2)
    capture.stop()
    assert names(sink) == ["!", "desk"]


def test_while_the_system_is_too_busy_to_answer_nothing_is_opened(machine: Machine, sink: RecordingSink) -> None:
    asked = threading.Semaphore(0)

    def too_busy() -> None:
        asked.release()

    capture = SupervisedCapture(machine, "headset", QUICK)
    capture.start(sink)
    sink.wait_for_more(0.05)
    machine.live.clear()
    machine.microphones = too_busy  # type: ignore[method-assign, assignment]
    sink.wait_for_events(1)
    while asked.acquire(blocking=False):
        pass
    assert all(asked.acquire(timeout=15) for _ in range(3))
    machine.live.add("headset")
    sink.wait_for_events(2)
    capture.stop()
    assert names(sink) == ["!", "headset"]
    assert machine.opened == ["headset"]


def test_a_program_that_was_held_up_does_not_blame_the_microphone(machine: Machine, sink: RecordingSink) -> None:
    no_second_chance = Timing(silent=1.0, late=0, look_around=60)
    capture = SupervisedCapture(machine, "headset", no_second_chance)
    capture.start(sink)
    sink.wait_for_more(0.05)
    hold_up(1.5)
    sink.wait_for_more(0.05)
    capture.stop()
    assert machine.opened == ["headset"]
    assert not sink.events


def test_a_device_that_never_delivered_is_a_loss_too(machine: Machine, sink: RecordingSink) -> None:
    machine.live.discard("desk")
    capture = SupervisedCapture(machine, "", QUICK)
    capture.start(sink)
    sink.wait_for_events(2)
    capture.stop()
    assert names(sink) == ["!", "headset"]


def test_a_loss_that_is_told_is_not_waited_for(machine: Machine, sink: RecordingSink) -> None:
    patient = Timing(first=60, silent=60, retry=1, look_around=60)
    capture = SupervisedCapture(machine, "desk", patient)
    capture.start(sink)
    sink.wait_for_more(0.05)
    machine.live.discard("desk")
    machine.present.pop("desk")
    next(iter(machine.open_sources)).lost()
    sink.wait_for_events(2)
    capture.stop()
    assert names(sink) == ["!", "headset"]


def test_the_server_moved_us_to_another_microphone_unasked(machine: Machine, sink: RecordingSink) -> None:
    """As PulseAudio does: samples go on, from another device, and nothing is opened."""
    capture = SupervisedCapture(machine, "headset", QUICK)
    capture.start(sink)
    sink.wait_for_more(0.05)
    gone = machine.present.pop("headset")
    sink.wait_for_events(2)
    assert names(sink) == ["!", "desk"]
    assert machine.opened == ["headset"]
    machine.present["headset"] = gone
    sink.wait_for_events(3)
    sink.wait_for_more(0.05)
    capture.stop()
    assert names(sink) == ["!", "desk", "headset"]
    assert not machine.open_sources


def test_a_return_that_fails_keeps_the_fallback(machine: Machine, sink: RecordingSink) -> None:
    chosen = machine.present.pop("headset")
    capture = SupervisedCapture(machine, "headset", QUICK)
    capture.start(sink)
    sink.wait_for_events(2)
    machine.live.discard("headset")
    machine.present["headset"] = chosen
    opened = len(machine.opened)
    sink.wait(lambda: len(machine.opened) > opened, "an attempt to return")
    sink.wait_for_more(0.3)
    capture.stop()
    assert names(sink) == ["!", "desk"]
    assert not machine.open_sources


def test_one_message_for_a_long_loss(machine: Machine, sink: RecordingSink) -> None:
    capture = SupervisedCapture(machine, "", QUICK)
    capture.start(sink)
    sink.wait_for_more(0.05)
    gone, machine.present = machine.present, {}
    machine.live.clear()
    sink.wait_for_events(1)
    capture_opened = len(machine.opened)
    machine.live.add("desk")
    machine.present = gone
    sink.wait_for_events(2)
    capture.stop()
    assert names(sink) == ["!", "desk"]
    assert len(machine.opened) > capture_opened


def test_permission_denied_is_not_worked_around(machine: Machine, sink: RecordingSink) -> None:
    machine.busy.add("headset")
    with pytest.raises(AudioError) as caught:
        SupervisedCapture(machine, "headset", QUICK).start(sink)
    assert caught.value.remedy is Remedy.ALLOW_MICROPHONE
    assert machine.opened == ["headset"]
    assert not sink.events


def test_a_capture_records_once(machine: Machine, sink: RecordingSink) -> None:
    capture = SupervisedCapture(machine, "", QUICK)
    capture.start(sink)
    with pytest.raises(RuntimeError):
        capture.start(sink)
    capture.stop()
    assert not machine.open_sources


@pytest.mark.parametrize("chosen", ["", "desk"])
def test_the_last_microphone_gone_is_a_loss_though_sound_of_another_kind_comes(
    chosen: str, machine: Machine, sink: RecordingSink
) -> None:
    """A sound server without a microphone moves recorders to what the loudspeakers play."""
    del machine.present["headset"]
    capture = SupervisedCapture(machine, chosen, QUICK)
    capture.start(sink)
    sink.wait_for_more(0.05)
    desk = machine.present.pop("desk")
    sink.wait_for_events(1)
    machine.present["desk"] = desk
    sink.wait_for_events(2)
    capture.stop()
    assert names(sink) == ["!", "desk"]


def test_a_list_that_misses_the_microphone_once_is_no_loss(machine: Machine, sink: RecordingSink) -> None:
    looks: list[int] = []
    listed = machine.microphones

    def late_once() -> list[Microphone]:
        looks.append(1)
        return [] if len(looks) == 2 else listed()

    machine.microphones = late_once  # type: ignore[method-assign]
    capture = SupervisedCapture(machine, "", QUICK)
    capture.start(sink)
    sink.wait(lambda: len(looks) >= 4, "four looks around")
    capture.stop()
    assert sink.events == []
