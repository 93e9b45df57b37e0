"""What a key's presses and releases mean. Pure: events with stamps go in, START, STOP and CANCEL come out."""

from __future__ import annotations

from enum import StrEnum


class GestureMode(StrEnum):
    HOLD = "hold"
    """Records while the key is down."""
    TOGGLE = "toggle"
    """One press starts, the next stops."""
    TAP_OR_HOLD = "tap_or_hold"
    """A tap starts and the next press stops; a longer hold records while it lasts."""


class Gesture(StrEnum):
    START = "start"
    STOP = "stop"
    CANCEL = "cancel"
    NONE = "none"


class GestureMachine:
    """One key (or combination). All stamps are seconds of one monotonic clock.

    Beside ``press`` and ``release`` it wants a ``tick`` at ``wake_at``: a release counts only after ``settle_s``
    without another press (keyboards bounce, and an X server's auto-repeat is a release and a press), and while the key
    is down it is probed every ``probe_s``, because releases get lost (screen locked, focus grabbed, keyboard pulled
    out). ``stamp`` is the moment the last gesture really happened, which is earlier than the call that reports it.
    """

    def __init__(
        self,
        mode: GestureMode = GestureMode.HOLD,
        *,
        brush_s: float = 0.15,
        tap_s: float = 0.35,
        settle_s: float = 0.025,
        probe_s: float = 0.4,
    ) -> None:
        self.mode = mode
        self.brush_s = brush_s
        """A hold shorter than this was an accident: CANCEL. Only in HOLD mode, the others are made of taps."""
        self.tap_s = tap_s
        self.settle_s = settle_s
        self.probe_s = probe_s
        self.active = False
        """Whether a take is going on, as far as gestures tell."""
        self.stamp = 0.0
        self._down = False
        self._pressed = 0.0
        self._released: float | None = None  # a release that has not settled yet
        self._probe = 0.0
        self._latched = False  # goes on without the key
        self._queued: float | None = None  # a press that has not been reported yet
        self._stops = False  # the press that ended a take; its release means nothing

    @property
    def wake_at(self) -> float | None:
        """When ``tick`` should be called next; None: not before another event."""
        if self._queued is not None:
            return self._queued
        if self._released is not None:
            return self._released + self.settle_s
        return self._probe if self._down else None

    def press(self, stamp: float) -> Gesture:
        """The key went down, or its auto-repeat says so again."""
        if self._released is not None:
            if stamp < self._released + self.settle_s:
                self._released = None  # a bounce, or half an auto-repeat
                return Gesture.NONE
            return self._settle_then_press(stamp)
        if self._down or self._queued is not None:
            return Gesture.NONE
        return self._press(stamp)

    def release(self, stamp: float) -> Gesture:
        """The key, or any key of the combination, went up. The gesture comes from the ``tick`` that follows."""
        if (self._down or self._queued is not None) and self._released is None:
            self._released = max(stamp, self._pressed if self._queued is None else self._queued)
        return Gesture.NONE

    def tick(self, stamp: float, is_down: bool) -> Gesture:
        """``is_down``: what the system says about the key now."""
        if self._queued is not None:
            queued, self._queued = self._queued, None
            return self._press(queued)
        if self._released is not None:
            if stamp < self._released + self.settle_s:
                return Gesture.NONE
            released, self._released = self._released, None
            return self._release(released)
        if self._down and stamp >= self._probe:
            if not is_down:
                return self._release(stamp)
            self._probe = stamp + self.probe_s
        return Gesture.NONE

    def cancel(self, stamp: float) -> Gesture:
        """The cancel key, in the middle of a take. The key that started it may still be down; that means nothing."""
        if not self.active:
            return Gesture.NONE
        self.follow(active=False)
        self.stamp = stamp
        return Gesture.CANCEL

    def follow(self, *, active: bool) -> None:
        """A take was started or ended by other means (a button, the command line, an error)."""
        if active == self.active:
            return
        self.active = active
        self._latched = active
        self._stops = not active and self._down

    # ------------------------------------------------------------------------------------------- the modes

    def _settle_then_press(self, stamp: float) -> Gesture:
        """A press came before the tick that would have settled the release: both count, in their order."""
        released, self._released = self._released, None
        assert released is not None
        ended = self._release(released)
        if ended is Gesture.NONE:
            return self._press(stamp)
        self._queued = stamp  # two gestures at once: the next tick reports the second
        return ended

    def _press(self, stamp: float) -> Gesture:
        self._down = True
        self._pressed = self.stamp = stamp
        self._probe = stamp + self.probe_s
        if self.active:
            self.active = self._latched = False
            self._stops = True
            return Gesture.STOP
        self.active = True
        self._latched = self.mode is GestureMode.TOGGLE
        self._stops = False
        return Gesture.START

    def _release(self, stamp: float) -> Gesture:
        self._down = False
        if self._stops or not self.active or self._latched:
            self._stops = False
            return Gesture.NONE
        held = stamp - self._pressed
        if self.mode is GestureMode.TAP_OR_HOLD and held < self.tap_s:
            self._latched = True
            return Gesture.NONE
        self.active = False
        self.stamp = stamp
        return Gesture.CANCEL if self.mode is GestureMode.HOLD and held < self.brush_s else Gesture.STOP
