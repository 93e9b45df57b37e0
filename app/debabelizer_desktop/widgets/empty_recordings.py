"""What stands on the page of recordings before there are any: where to drop them, one sentence, one button."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from debabelizer_desktop import theme
from debabelizer_desktop.text import translate
from debabelizer_desktop.widgets.common import Retranslated, button, label
from debabelizer_desktop.widgets.icons import Symbol, paint


class EmptyRecordings(Retranslated):
    files_wanted = Signal()
    folder_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._picture = _Picture()
        self._sentence = label("Sentence", wrap=True)
        self._sentence.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.button = button(self.files_wanted.emit, primary=True)
        self.folder = button(self.folder_wanted.emit)
        buttons = QHBoxLayout()
        buttons.setSpacing(theme.SPACE_2)
        buttons.addStretch(1)
        buttons.addWidget(self.button)
        buttons.addWidget(self.folder)
        buttons.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(*(theme.SPACE_6 * 2,) * 4)
        column.setSpacing(theme.SPACE_4)
        column.addStretch(1)
        column.addWidget(self._picture, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(self._sentence)
        column.addLayout(buttons)
        column.addStretch(1)
        self.retranslate()

    def retranslate(self) -> None:
        self._sentence.setText(translate("Recordings", "Drop recordings or films here and get their text."))
        self.button.setText(translate("Recordings", "Add files…"))
        self.folder.setText(translate("Recordings", "Add a folder…"))

    def paintEvent(self, event: QPaintEvent) -> None:
        """The edge of a place where something can be put."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.colour(theme.tokens().line), 2, Qt.PenStyle.DashLine))
        frame = QRectF(self.rect()).adjusted(16, 16, -16, -16)
        painter.drawRoundedRect(frame, theme.RADIUS_CONTROL, theme.RADIUS_CONTROL)


class _Picture(QWidget):
    def __init__(self) -> None:
        super().__init__()
        theme.theme().changed.connect(self.update)

    def sizeHint(self) -> QSize:
        return QSize(56, 56)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        area = QRectF(self.rect()).adjusted(4, 4, -4, -4)
        paint(painter, area, Symbol.RECORDINGS, theme.colour(theme.tokens().secondary))
