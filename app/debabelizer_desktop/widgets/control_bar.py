"""The bottom bar: loudness and time, Send chunk, the round button, Commit, and what to do with the text.

It makes itself narrower in steps: words of the right-hand buttons become icons, then the loudness goes.
"""

from __future__ import annotations

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QIcon, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QSizePolicy, QToolButton, QWidget

from debabelizer.events import DictationState
from debabelizer_desktop import text, theme
from debabelizer_desktop.text import translate
from debabelizer_desktop.widgets.common import Retranslated, button, label
from debabelizer_desktop.widgets.icons import Symbol, icon
from debabelizer_desktop.widgets.level_meter import LevelMeter
from debabelizer_desktop.widgets.record_button import RecordButton

NARROWEST = 3


class ControlBar(Retranslated):
    record = Signal()
    send_chunk = Signal()
    commit = Signal()
    copy = Signal()
    export = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("Bar")
        self._narrow = 0
        self._has_text = False
        self._state = DictationState.IDLE
        self.meter = LevelMeter()
        self.time = label("Elapsed")
        self.time.setFont(theme.tabular(theme.font(14)))
        self.record_button = RecordButton()
        self.record_button.clicked.connect(self.record)
        self.send_button = button(self.send_chunk.emit)
        self.commit_button = button(self.commit.emit, primary=True)
        self.copy_button = button(self.copy.emit)
        self.export_button = button(self.export.emit)
        self.more = QToolButton()
        self.more.setProperty("quiet", True)
        self.more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.more.setMenu(QMenu(self.more))
        self.more.setIconSize(QSize(24, 24))
        self._arrange()
        theme.theme().changed.connect(self._restyle)
        self.show_elapsed(0.0)
        self.retranslate()
        self.set_state(DictationState.IDLE)
        self._restyle()

    def _arrange(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.SPACE_6, theme.SPACE_3, theme.SPACE_4, theme.SPACE_3)
        row.setSpacing(theme.SPACE_2)
        left, right = QWidget(), QWidget()
        for side in (left, right):
            side.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        ahead = QHBoxLayout(left)
        ahead.setContentsMargins(0, 0, 0, 0)
        ahead.setSpacing(theme.SPACE_3)
        ahead.addWidget(self.meter)
        ahead.addWidget(self.time)
        ahead.addStretch(1)
        behind = QHBoxLayout(right)
        behind.setContentsMargins(0, 0, 0, 0)
        behind.setSpacing(theme.SPACE_2)
        behind.addStretch(1)
        for made in (self.copy_button, self.export_button, self.more):
            behind.addWidget(made)
        row.addWidget(left, 1)
        row.addWidget(self.send_button)
        row.addSpacing(theme.SPACE_2)
        row.addWidget(self.record_button)
        row.addSpacing(theme.SPACE_2)
        row.addWidget(self.commit_button)
        row.addWidget(right, 1)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    # ---------------------------------------------------------------------------------------------- showing

    def set_state(self, state: DictationState) -> None:
        self._state = state
        self.record_button.set_state(state)
        listening = state is DictationState.LISTENING
        self.send_button.setEnabled(listening)
        self.commit_button.setEnabled(listening)
        if state is DictationState.IDLE:
            self.meter.rest()

    def set_has_text(self, has: bool) -> None:
        self._has_text = has
        self.copy_button.setEnabled(has)
        self.export_button.setEnabled(has)

    def show_elapsed(self, seconds: float) -> None:
        words = text.elapsed(seconds)
        if words != self.time.text():
            self.time.setText(words)

    def retranslate(self) -> None:
        self.setAccessibleName(translate("Main", "Recording"))
        self.time.setAccessibleName(translate("Main", "Elapsed time"))
        for made, words, help_ in self._wordings():
            made.setProperty("words", words)
            made.setAccessibleName(words)
            made.setToolTip(help_)
        more = translate("Main", "More")
        self.more.setAccessibleName(more)
        self.more.setToolTip(more)
        self._fit()

    def _wordings(self) -> tuple[tuple[QPushButton, str, str], ...]:
        return (
            (self.send_button, translate("Main", "Send chunk"), translate("Main", "Send what was recorded so far")),
            (self.commit_button, translate("Main", "Commit"), translate("Main", "End the sentence here")),
            (self.copy_button, translate("Main", "Copy"), translate("Main", "Copy the whole transcript")),
            (self.export_button, translate("Main", "Export"), translate("Main", "Save the transcript to a file")),
        )

    # ------------------------------------------------------------------------------------------------- width

    def _fit(self) -> None:
        """The widest form that has room."""
        for step in range(NARROWEST + 1):
            self._narrow = step
            self._dress()
            if self._least_width() <= self.width():
                break

    def _least_width(self) -> int:
        """What the present form needs; the sides are asked anew, they learn of a change only later."""
        outer = self.layout()
        assert outer is not None
        for side in (self.meter.parentWidget(), self.more.parentWidget()):
            inner = side.layout() if side is not None else None
            if inner is not None:
                inner.invalidate()
                inner.activate()
        outer.invalidate()
        return outer.minimumSize().width()

    def _dress(self) -> None:
        self.meter.setVisible(self._narrow < 2)
        for made, symbol in ((self.copy_button, Symbol.COPY), (self.export_button, Symbol.EXPORT)):
            iconic = self._narrow >= 1
            made.setText("" if iconic else str(made.property("words")))
            made.setIcon(icon(symbol) if iconic else QIcon())
            made.setMaximumWidth(40 if iconic else 16777215)
            made.setStyleSheet("padding: 0; min-width: 38px;" if iconic else "")
        for made in (self.send_button, self.commit_button):
            made.setText(str(made.property("words")))
            made.setStyleSheet("padding: 0 8px;" if self._narrow >= NARROWEST else "")

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._fit()

    def _restyle(self) -> None:
        self.more.setIcon(icon(Symbol.MORE, size=24))
        self._dress()
