"""Taking a key from the keyboard: press the field, then the key or combination."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QPushButton

from debabelizer.contract.settings import Setting
from debabelizer.errors import ConfigurationError
from debabelizer_desktop import text
from debabelizer_desktop.platform.hotkey_text import parse
from debabelizer_desktop.text import translate
from debabelizer_desktop.widgets.common import button
from debabelizer_desktop.widgets.editors import WIDTH, Editor
from debabelizer_desktop.widgets.icons import Symbol

_MODIFIERS = (
    (Qt.KeyboardModifier.ControlModifier, "Ctrl"),
    (Qt.KeyboardModifier.AltModifier, "Alt"),
    (Qt.KeyboardModifier.ShiftModifier, "Shift"),
    (Qt.KeyboardModifier.MetaModifier, "Meta"),
)
_LONE = {
    Qt.Key.Key_Control: "Ctrl",
    Qt.Key.Key_Alt: "Alt",
    Qt.Key.Key_Shift: "Shift",
    Qt.Key.Key_Meta: "Meta",
    Qt.Key.Key_Super_L: "Meta",
    Qt.Key.Key_Super_R: "Meta",
}
_NAMES = {
    Qt.Key.Key_Backtab: "Tab",
    Qt.Key.Key_Enter: "Return",
    Qt.Key.Key_PageUp: "PageUp",
    Qt.Key.Key_PageDown: "PageDown",
    Qt.Key.Key_Print: "Print",
    Qt.Key.Key_ScrollLock: "ScrollLock",
    Qt.Key.Key_CapsLock: "CapsLock",
    Qt.Key.Key_NumLock: "NumLock",
    Qt.Key.Key_AltGr: "AltGr",
    Qt.Key.Key_Insert: "Insert",
    Qt.Key.Key_Delete: "Delete",
}
_RIGHT_SCAN_CODES = frozenset({105, 108, 62, 134})
"""X11 key codes of the right-hand Ctrl, Alt, Shift and Meta."""


def hotkey_of(event: QKeyEvent) -> str:
    """The hotkey a key press stands for, in the settings' form; empty for one that has none."""
    key = Qt.Key(event.key())
    if key in _LONE:
        side = "Right" if event.nativeScanCode() in _RIGHT_SCAN_CODES else "Left"
        return f"{side} {_LONE[key]}"
    name = _NAMES.get(key) or QKeySequence(key).toString(QKeySequence.SequenceFormat.PortableText)
    modifiers = [word for flag, word in _MODIFIERS if event.modifiers() & flag]
    try:
        return str(parse("+".join([*modifiers, name])))
    except ConfigurationError:
        return ""


class HotkeyRecorder(Editor):
    recording = Signal(bool)
    """While True the global keys have to be given back, so that they reach this field."""

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self._value = ""
        self._listening = False
        self._candidate = ""
        self.field = _Field(self)
        self.field.setMinimumWidth(WIDTH - 48)
        self.field.clicked.connect(self.listen)
        self.clear_button = button(self._clear, symbol=Symbol.CLOSE, quiet=True)
        self.clear_button.setFixedWidth(40)
        self.clear_button.setStyleSheet("padding: 0;")
        self.row.addWidget(self.field, 1)
        self.row.addWidget(self.clear_button)
        self.setFocusProxy(self.field)
        self.retranslate()

    @property
    def listening(self) -> bool:
        return self._listening

    def show_value(self, value: Any) -> None:
        self._value = str(value or "")
        self.retranslate()

    def listen(self) -> None:
        if not self._listening:
            self._listening, self._candidate = True, ""
            self.recording.emit(True)
            self.field.setFocus()
            self.retranslate()

    def pressed(self, event: QKeyEvent) -> None:
        if event.isAutoRepeat():
            return
        found = hotkey_of(event)
        if event.key() in _LONE:
            self._candidate = found  # a combination may follow; alone it counts when it comes up
        elif found:
            self._take(found)

    def released(self, event: QKeyEvent) -> None:
        if not event.isAutoRepeat() and event.key() in _LONE and self._candidate:
            self._take(self._candidate)

    def stop(self) -> None:
        if self._listening:
            self._listening = False
            self.recording.emit(False)
            self.retranslate()

    def _take(self, hotkey: str) -> None:
        self._value = hotkey
        self.stop()
        self.changed.emit(hotkey)

    def _clear(self) -> None:
        self._value = ""
        self.stop()
        self.changed.emit("")

    def retranslate(self) -> None:
        super().retranslate()
        if self._listening:
            words = translate("Settings", "Press the key now")
        else:
            words = text.key_name(self._value) or translate("Settings", "None")
        self.field.setText(words)
        self.field.setAccessibleDescription(words)
        self.field.setToolTip(translate("Settings", "Click, then press the key or combination"))
        self.clear_button.setAccessibleName(translate("Settings", "No key"))
        self.clear_button.setToolTip(translate("Settings", "No key"))
        self.clear_button.setEnabled(bool(self._value))


class _Field(QPushButton):
    """Swallows every key while its recorder listens, Tab and Escape included."""

    def __init__(self, recorder: HotkeyRecorder) -> None:
        super().__init__()
        self._recorder = recorder
        self.setAutoDefault(False)

    def event(self, event: QEvent) -> bool:
        if self._recorder.listening and isinstance(event, QKeyEvent):
            if event.type() in (QEvent.Type.KeyPress, QEvent.Type.ShortcutOverride):
                event.accept()
                if event.type() is QEvent.Type.KeyPress:
                    self._recorder.pressed(event)
                return True
            if event.type() is QEvent.Type.KeyRelease:
                self._recorder.released(event)
                return True
        return super().event(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._recorder.stop()
        super().focusOutEvent(event)
