"""What stands in the middle before anything was said: the key, one sentence, one button."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from debabelizer_desktop import text, theme
from debabelizer_desktop.text import translate
from debabelizer_desktop.widgets.common import KeyCap, Retranslated, button, label


class EmptyState(Retranslated):
    try_it = Signal()
    undo_clear = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._key, self._mode = "F9", "hold"
        self._can_undo = False
        self.cap = KeyCap()
        self._sentence = label("Sentence", wrap=True)
        self._sentence.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.button = button(self._pressed)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.SPACE_6, theme.SPACE_6, theme.SPACE_6, theme.SPACE_6)
        column.setSpacing(theme.SPACE_4)
        column.addStretch(1)
        column.addWidget(self.cap, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(self._sentence)
        column.addWidget(self.button, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(1)
        self.retranslate()

    def set_key(self, key: str, mode: str) -> None:
        self._key, self._mode = key, mode
        self.retranslate()

    def set_can_undo(self, can: bool) -> None:
        self._can_undo = can
        self.retranslate()

    def retranslate(self) -> None:
        self.cap.set_text(text.key_name(self._key))
        self.cap.setVisible(bool(self._key))
        if not self._key:
            words = translate("Main", "Press the round button and speak.")
        elif self._mode == "toggle":
            words = translate("Main", "Press the key, speak, press it again. The words land where your cursor is.")
        else:
            words = translate("Main", "Hold the key and speak. The words land where your cursor is.")
        self._sentence.setText(words)
        undo = translate("Main", "Bring the text back")
        self.button.setText(undo if self._can_undo else translate("Main", "Try it here"))

    def _pressed(self) -> None:
        if self._can_undo:
            self.undo_clear.emit()
        else:
            self.try_it.emit()
