"""Global keys to verbs: which key is bound for what, and what its presses and releases mean for a take."""

from __future__ import annotations

import time

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from debabelizer.config import Settings
from debabelizer.dictation.gestures import Gesture, GestureMachine, GestureMode
from debabelizer.errors import ProviderError
from debabelizer.events import DictationChanged, DictationState
from debabelizer_desktop.bridge import Bridge
from debabelizer_desktop.platform.hotkeys import Hotkeys

DICTATE, CANCEL, UNDO = "dictate", "cancel", "undo"
_SETTINGS = {"dictation.key": DICTATE, "dictation.cancel_key": CANCEL, "dictation.undo_key": UNDO}


class KeyControl(QObject):
    failed = Signal(object)
    """ProviderError: a key is taken or makes no sense; the remedy leads to its setting."""

    def __init__(self, hotkeys: Hotkeys, bridge: Bridge, settings: Settings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._hotkeys, self._bridge, self._settings = hotkeys, bridge, settings
        self._paused = False
        self._starting = False
        """A take was asked for, and its first event is still on its way: what comes before it is about an older one."""
        self._machine = self._make_machine()
        self._wake = QTimer(self)
        self._wake.setSingleShot(True)
        self._wake.setTimerType(Qt.TimerType.PreciseTimer)
        self._wake.timeout.connect(self._tick)
        hotkeys.pressed.connect(self._pressed)
        hotkeys.released.connect(self._released)
        hotkeys.problem.connect(self.failed)
        bridge.dictation_changed.connect(self._dictation_changed)

    def start(self) -> None:
        """Take the keys. The cancel key is taken only while a take runs: others need it."""
        self._bind(DICTATE, "dictation.key")
        self._bind(UNDO, "dictation.undo_key")

    def pause(self, paused: bool) -> None:
        """Give the keys back while a settings field listens for one."""
        self._paused = paused
        if paused:
            for name in _SETTINGS.values():
                self._hotkeys.unbind(name)
        else:
            self.start()

    def setting_changed(self, key: str) -> None:
        if key in ("dictation.mode", "dictation.brush_ms"):
            self._machine = self._make_machine()
        elif key in ("dictation.key", "dictation.undo_key") and not self._paused:
            self._bind(_SETTINGS[key], key)

    def _make_machine(self) -> GestureMachine:
        mode = GestureMode(self._settings.get("dictation.mode"))
        machine = GestureMachine(mode, brush_s=self._settings.get("dictation.brush_ms") / 1000)
        machine.follow(active=self._bridge.dictation_state is not DictationState.IDLE)
        return machine

    def _bind(self, name: str, key: str) -> None:
        wanted = self._settings.get(key)
        self._hotkeys.unbind(name)
        if not wanted:
            return
        try:
            self._hotkeys.bind(name, wanted)
        except ProviderError as error:
            self.failed.emit(error)

    # ------------------------------------------------------------------------------------------------ events

    def _pressed(self, name: str, stamp: float) -> None:
        if name == DICTATE:
            self._act(self._machine.press(stamp))
        elif name == CANCEL:
            self._act(self._machine.cancel(stamp))
        elif name == UNDO:
            self._bridge.undo()

    def _released(self, name: str, stamp: float) -> None:
        if name == DICTATE:
            self._act(self._machine.release(stamp))

    def _tick(self) -> None:
        self._act(self._machine.tick(time.monotonic(), self._hotkeys.is_down(DICTATE)))

    def _act(self, gesture: Gesture) -> None:
        if gesture is not Gesture.NONE:
            self._starting = gesture is Gesture.START
        match gesture:
            case Gesture.START:
                self._bridge.start_take(insert=True, key_down=self._machine.stamp)
            case Gesture.STOP:
                self._bridge.stop_take(key_up=self._machine.stamp)
            case Gesture.CANCEL:
                self._bridge.cancel_take()
        wake_at = self._machine.wake_at
        if wake_at is None:
            self._wake.stop()
        else:
            self._wake.start(max(0, round((wake_at - time.monotonic()) * 1000) + 1))

    def _dictation_changed(self, event: DictationChanged) -> None:
        if event.state is DictationState.OPENING:
            self._starting = False
            self._bind(CANCEL, "dictation.cancel_key")
            self._machine.follow(active=True)
        elif event.state is DictationState.IDLE and not self._starting:
            self._hotkeys.unbind(CANCEL)
            self._machine.follow(active=False)
