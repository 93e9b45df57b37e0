"""The round button: red with a dot when it starts, with a square when it stops."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from debabelizer.events import DictationState
from debabelizer_desktop import theme
from debabelizer_desktop.text import translate
from debabelizer_desktop.widgets.icons import Symbol, paint


class RecordButton(QAbstractButton):
    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = DictationState.IDLE
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        theme.theme().changed.connect(self.update)
        self.retranslate()

    @property
    def recording(self) -> bool:
        return self._state in (DictationState.OPENING, DictationState.LISTENING)

    @property
    def ready(self) -> bool:
        """Whether a press does something. The button is never disabled for it: the focus would move to another."""
        return self._state in (DictationState.IDLE, DictationState.OPENING, DictationState.LISTENING)

    def set_state(self, state: DictationState) -> None:
        self._state = state
        self.retranslate()
        self.update()

    def retranslate(self) -> None:
        text = translate("Main", "Stop") if self.recording else translate("Main", "Record")
        self.setAccessibleName(text)
        self.setToolTip(text)

    def hitButton(self, pos: QPoint) -> bool:
        return self.ready and super().hitButton(pos)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self.ready or event.key() not in (Qt.Key.Key_Space, Qt.Key.Key_Select):
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def sizeHint(self) -> QSize:
        return QSize(68, 68)

    def paintEvent(self, event: QPaintEvent) -> None:
        t = theme.tokens()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        disc = QRectF(self.rect()).adjusted(4, 4, -4, -4)
        fill = theme.colour(t.recording) if self.ready else theme.colour(t.line)
        if self.isDown():
            fill = fill.darker(112)
        elif self.ready and self.underMouse():
            fill = fill.lighter(106)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(fill)
        painter.drawEllipse(disc)
        if self.hasFocus():
            painter.setPen(QPen(theme.colour(t.accent), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(disc.adjusted(-2.5, -2.5, 2.5, 2.5))
        inner = theme.colour(t.on_recording)
        if self.recording:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(inner)
            painter.drawRoundedRect(QRectF(disc.center().x() - 10, disc.center().y() - 10, 20, 20), 4, 4)
        else:
            side = 26.0
            place = QRectF(disc.center().x() - side / 2, disc.center().y() - side / 2, side, side)
            paint(painter, place, Symbol.MICROPHONE, inner)
