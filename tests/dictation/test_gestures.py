"""What key events mean: modes, auto-repeat, bounce, lost releases, brushes."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from debabelizer.dictation.gestures import Gesture, GestureMachine, GestureMode

MODES = list(GestureMode)


@dataclass
class Hand:
    """A key under a finger: what the keyboard reports, and the machine woken when it wants to be."""

    machine: GestureMachine
    now: float = 100.0
    really_down: bool = False
    heard: list[tuple[Gesture, float]] = field(default_factory=list)

    def wait(self, seconds: float) -> Hand:
        until = self.now + seconds
        while (wake := self.machine.wake_at) is not None and wake <= until:
            self.now = max(wake, self.now)
            self._note(self.machine.tick(self.now, self.really_down))
        self.now = until
        return self

    def press(self, *, reported: bool = True) -> Hand:
        self.really_down = True
        if reported:
            self._note(self.machine.press(self.now))
        return self

    def release(self, *, reported: bool = True) -> Hand:
        self.really_down = False
        if reported:
            self._note(self.machine.release(self.now))
        return self

    def auto_repeat(self, seconds: float) -> Hand:
        """As an X server reports it: release and press at the same moment, thirty times a second."""
        for _ in range(int(seconds * 30)):
            self.wait(1 / 30)
            self._note(self.machine.release(self.now))
            self._note(self.machine.press(self.now))
        return self

    def _note(self, gesture: Gesture) -> None:
        if gesture is not Gesture.NONE:
            self.heard.append((gesture, self.machine.stamp))

    @property
    def gestures(self) -> list[Gesture]:
        return [gesture for gesture, _ in self.heard]


def hand(mode: GestureMode) -> Hand:
    return Hand(GestureMachine(mode))


def test_hold_records_while_the_key_is_down_and_stamps_tell_when_it_really_moved() -> None:
    key = hand(GestureMode.HOLD).press().wait(2.0).release().wait(1.0)
    assert key.heard == [(Gesture.START, 100.0), (Gesture.STOP, 102.0)]


def test_a_brush_of_the_key_is_cancelled() -> None:
    key = hand(GestureMode.HOLD).press().wait(0.1).release().wait(1.0)
    assert key.gestures == [Gesture.START, Gesture.CANCEL]


def test_toggle_starts_and_stops_on_presses() -> None:
    key = hand(GestureMode.TOGGLE).press().wait(0.08).release().wait(5.0)
    assert key.gestures == [Gesture.START]
    key.press().wait(0.08).release().wait(1.0)
    assert key.gestures == [Gesture.START, Gesture.STOP]
    key.press().wait(0.08).release().wait(1.0)
    assert key.gestures[2:] == [Gesture.START]


def test_tap_or_hold_does_both() -> None:
    key = hand(GestureMode.TAP_OR_HOLD).press().wait(0.12).release().wait(4.0)
    assert key.gestures == [Gesture.START], "a tap keeps recording"
    key.press().wait(0.12).release().wait(1.0)
    assert key.gestures == [Gesture.START, Gesture.STOP]
    key.press().wait(1.2).release().wait(1.0)
    assert key.gestures[2:] == [Gesture.START, Gesture.STOP], "a hold stops with its release"


@pytest.mark.parametrize("mode", MODES)
def test_auto_repeat_neither_splits_nor_ends_a_take(mode: GestureMode) -> None:
    key = hand(mode).press().auto_repeat(3.0)
    assert key.gestures == [Gesture.START]
    key.wait(0.01).release().wait(1.0)
    assert key.gestures == ([Gesture.START] if mode is GestureMode.TOGGLE else [Gesture.START, Gesture.STOP])


@pytest.mark.parametrize("mode", [GestureMode.HOLD, GestureMode.TAP_OR_HOLD])
def test_a_lost_release_heals_within_a_second(mode: GestureMode) -> None:
    key = hand(mode).press().wait(2.0).release(reported=False)
    lost = key.now
    key.wait(1.0)
    assert key.gestures == [Gesture.START, Gesture.STOP]
    assert lost <= key.heard[-1][1] <= lost + 1.0


def test_a_lost_release_does_not_swallow_the_press_that_should_stop_a_toggled_take() -> None:
    key = hand(GestureMode.TOGGLE).press().wait(0.1).release(reported=False).wait(1.0).press()
    assert key.gestures == [Gesture.START, Gesture.STOP]


def test_cancel_ends_the_take_and_the_key_still_down_starts_no_new_one() -> None:
    key = hand(GestureMode.HOLD).press().wait(0.5)
    assert key.machine.cancel(key.now) is Gesture.CANCEL
    key.auto_repeat(0.5).release().wait(1.0)
    assert key.gestures == [Gesture.START]
    assert key.machine.cancel(key.now) is Gesture.NONE
    key.press()
    assert key.gestures == [Gesture.START, Gesture.START]


@pytest.mark.parametrize("mode", MODES)
def test_a_take_started_by_a_button_is_stopped_by_the_key(mode: GestureMode) -> None:
    key = hand(mode)
    key.machine.follow(active=True)
    key.press().wait(0.1).release().wait(1.0)
    assert key.gestures == [Gesture.STOP]


def test_a_late_tick_loses_neither_the_stop_nor_the_start_that_follows_it() -> None:
    key = hand(GestureMode.HOLD).press().wait(1.0).release()
    key.now += 0.2  # nobody ticked
    key.press().wait(1.0).release().wait(1.0)
    assert key.gestures == [Gesture.START, Gesture.STOP, Gesture.START, Gesture.STOP]


def test_a_release_without_a_press_means_nothing() -> None:
    key = hand(GestureMode.HOLD).release().wait(1.0).release().wait(1.0)
    assert key.gestures == []


moves = st.lists(
    st.tuples(
        st.sampled_from(["press", "press lost", "release", "release lost", "cancel", "button"]),
        st.floats(0.0, 3.0, allow_nan=False),
    ),
    max_size=40,
)


@settings(max_examples=500, deadline=None)
@given(st.sampled_from(MODES), moves)
def test_whatever_the_hand_does_every_take_begins_once_and_ends_once(
    mode: GestureMode, story: list[tuple[str, float]]
) -> None:
    key = hand(mode)
    running = False
    for move, pause in story:
        before = len(key.heard)
        if move == "cancel":
            key._note(key.machine.cancel(key.now))
        elif move == "button":
            key.machine.follow(active=not running)
            running = not running
        else:
            verb = key.press if move.startswith("press") else key.release
            verb(reported="lost" not in move)
        key.wait(pause)
        for gesture, stamp in key.heard[before:]:
            assert (gesture is Gesture.START) != running
            running = gesture is Gesture.START
            assert stamp <= key.now
        assert key.machine.active == running
    if mode is GestureMode.HOLD and not any(move == "button" for move, _ in story):
        key.release(reported=False).wait(1.0)
        assert not key.machine.active, "with the key up for a second nothing records in hold mode"


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from(MODES),
    st.lists(st.tuples(st.sampled_from([0.2, 0.3, 0.5, 2.0]), st.floats(0.1, 2.0)), min_size=1, max_size=8),
    st.lists(st.floats(0.0, 0.02), min_size=1, max_size=4),
)
def test_bounces_change_nothing(mode: GestureMode, holds: list[tuple[float, float]], bounces: list[float]) -> None:
    clean, bouncing = hand(mode), hand(mode)
    for held, pause in holds:
        clean.press().wait(held).release().wait(pause)
        bouncing.press()
        spent = 0.0
        for bounce in bounces:
            bouncing.release().wait(bounce).press()
            spent += bounce
        bouncing.wait(held - spent).release().wait(pause)
    assert bouncing.gestures == clean.gestures
