"""A rounded choice with a caret and, if wanted, a dot that tells a state by colour and by being full or hollow."""

from __future__ import annotations

from enum import Enum

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QMenu, QSizePolicy, QStyle, QStyleOptionToolButton, QToolButton, QWidget

from debabelizer_desktop import theme
from debabelizer_desktop.widgets.icons import Symbol, paint


class Dot(Enum):
    NONE = "none"
    HOLLOW = "hollow"
    FULL = "full"
    HALF = "half"
    CROSS = "cross"


class Chip(QToolButton):
    def __init__(self, parent: QWidget | None = None, *, widest: int = 260) -> None:
        super().__init__(parent)
        self._dot = Dot.NONE
        self._widest = widest
        self._words = ""
        self.setObjectName("Chip")
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setMenu(QMenu(self))
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        theme.theme().changed.connect(self.update)

    def show_choice(self, words: str, *, dot: Dot = Dot.NONE) -> None:
        self._words, self._dot = words, dot
        self.setToolTip(words)
        self.setAccessibleDescription(words)
        self.updateGeometry()
        self.update()

    @property
    def words(self) -> str:
        return self._words

    @property
    def dot(self) -> Dot:
        return self._dot

    def sizeHint(self) -> QSize:
        width = QFontMetrics(theme.font(13)).horizontalAdvance(self._words) + self._lead + 42
        return QSize(min(width, self._widest), 34)

    def minimumSizeHint(self) -> QSize:
        return QSize(min(104, self.sizeHint().width()), 34)

    @property
    def _lead(self) -> int:
        return 16 if self._dot is Dot.NONE else 30

    def paintEvent(self, event: QPaintEvent) -> None:
        t = theme.tokens()
        option = QStyleOptionToolButton()
        self.initStyleOption(option)
        option.text = ""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.style().drawComplexControl(QStyle.ComplexControl.CC_ToolButton, option, painter, self)
        mirrored = self.isRightToLeft()
        width = self.width()
        lead = self._lead
        area = QRectF(34 if mirrored else lead, 0, width - lead - 34, self.height())
        words = theme.font(13)
        painter.setFont(words)
        painter.setPen(theme.colour(t.text))
        shown = QFontMetrics(words).elidedText(self._words, Qt.TextElideMode.ElideRight, int(area.width()))
        side = Qt.AlignmentFlag.AlignRight if mirrored else Qt.AlignmentFlag.AlignLeft
        painter.drawText(area, int(Qt.AlignmentFlag.AlignVCenter | side), shown)
        caret = QRectF(14 if mirrored else width - 28, self.height() / 2 - 6, 12, 12)
        paint(painter, caret, Symbol.DOWN, theme.colour(t.secondary))
        self._paint_dot(painter, QPointF(width - 18 if mirrored else 18, self.height() / 2))

    def _paint_dot(self, painter: QPainter, centre: QPointF) -> None:
        if self._dot is Dot.NONE:
            return
        t = theme.tokens()
        if self._dot is Dot.CROSS:
            place = QRectF(centre.x() - 7, centre.y() - 7, 14, 14)
            paint(painter, place, Symbol.WARNING, theme.colour(t.warning))
            return
        strong = theme.colour(t.accent if self._dot is not Dot.HOLLOW else t.secondary)
        painter.setPen(QPen(strong, 1.5))
        painter.setBrush(strong if self._dot is Dot.FULL else Qt.BrushStyle.NoBrush)
        painter.drawEllipse(centre, 4.5, 4.5)
        if self._dot is Dot.HALF:
            painter.setBrush(strong)
            painter.drawPie(QRectF(centre.x() - 4.5, centre.y() - 4.5, 9, 9), 90 * 16, 180 * 16)
