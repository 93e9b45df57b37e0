"""One recording in the list: its name, who does it, how far it is or what became of it."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from debabelizer.recordings.item import RecordingItem, RecordingState
from debabelizer_desktop import theme
from debabelizer_desktop.models.recordings import RecordingRole, about, name, share, state
from debabelizer_desktop.widgets.icons import Symbol, paint

ROW_PX = 60
_SIGN_PX = 18
_BAR_PX = 140

_SIGNS = {
    RecordingState.DONE: Symbol.CHECK,
    RecordingState.FAILED: Symbol.WARNING,
    RecordingState.STOPPED: Symbol.CLOSE,
}


class RecordingRow(QStyledItemDelegate):
    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(200, ROW_PX)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        item: RecordingItem = index.data(RecordingRole.ITEM)
        shown = QStyleOptionViewItem(option)
        self.initStyleOption(shown, index)
        shown.text = ""
        style = shown.widget.style()
        style.drawControl(QStyle.ControlElement.CE_ItemViewItem, shown, painter, shown.widget)
        area: QRect = shown.rect.adjusted(14, 9, -14, -9)
        upper = QRect(area.left(), area.top(), area.width(), area.height() // 2)
        lower = upper.translated(0, area.height() - upper.height())
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pen = _Pen(painter, shown.direction, area)
        self._first_line(pen, upper, item)
        self._second_line(pen, lower, item)
        painter.restore()

    def _first_line(self, pen: _Pen, line: QRect, item: RecordingItem) -> None:
        t = theme.tokens()
        small = theme.tabular(theme.font(12))
        words = about(item)
        room = min(QFontMetrics(small).horizontalAdvance(words) + 2, line.width() // 2)
        pen.write(line.adjusted(line.width() - room, 0, 0, 0), words, small, t.secondary, at_end=True)
        bold = theme.font(14, weight=QFont.Weight.DemiBold)
        pen.write(line.adjusted(0, 0, -room - theme.SPACE_3, 0), name(item), bold, t.text, middle=True)

    def _second_line(self, pen: _Pen, line: QRect, item: RecordingItem) -> None:
        t = theme.tokens()
        if item.state is RecordingState.RUNNING:
            pen.bar(QRect(line.left(), line.center().y() - 1, _BAR_PX, 5), share(item))
            line = line.adjusted(_BAR_PX + theme.SPACE_3, 0, 0, 0)
        elif item.state in _SIGNS:
            failed = item.state is RecordingState.FAILED
            sign = QRect(line.left(), line.center().y() - _SIGN_PX // 2, _SIGN_PX, _SIGN_PX)
            pen.sign(sign, _SIGNS[item.state], t.warning if failed else t.accent)
            line = line.adjusted(_SIGN_PX + theme.SPACE_2, 0, 0, 0)
        pen.write(line, state(item).replace("\n", " "), theme.tabular(theme.font(12)), t.secondary)


class _Pen:
    """Draws from the side where reading begins."""

    def __init__(self, painter: QPainter, direction: Qt.LayoutDirection, area: QRect) -> None:
        self._painter, self._direction, self._area = painter, direction, area

    def _placed(self, rect: QRect) -> QRect:
        return QStyle.visualRect(self._direction, self._area, rect)

    def write(
        self, rect: QRect, words: str, font: QFont, token: str, *, at_end: bool = False, middle: bool = False
    ) -> None:
        side = Qt.AlignmentFlag.AlignRight if at_end else Qt.AlignmentFlag.AlignLeft
        elide = Qt.TextElideMode.ElideMiddle if middle else Qt.TextElideMode.ElideRight
        self._painter.setFont(font)
        self._painter.setPen(theme.colour(token))
        self._painter.drawText(
            self._placed(rect),
            int(QStyle.visualAlignment(self._direction, side) | Qt.AlignmentFlag.AlignVCenter),
            QFontMetrics(font).elidedText(words, elide, rect.width()),
        )

    def sign(self, rect: QRect, symbol: Symbol, token: str) -> None:
        paint(self._painter, self._placed(rect).toRectF(), symbol, theme.colour(token))

    def bar(self, rect: QRect, done: float | None) -> None:
        """``done`` None: an empty one, the words beside it say what happens."""
        t = theme.tokens()
        radius = rect.height() / 2
        self._painter.setPen(Qt.PenStyle.NoPen)
        self._painter.setBrush(theme.colour(t.secondary, 0.25))
        self._painter.drawRoundedRect(QRectF(self._placed(rect)), radius, radius)
        if done is not None:
            full = QRect(rect.left(), rect.top(), max(rect.height(), round(rect.width() * done)), rect.height())
            self._painter.setBrush(theme.colour(t.accent))
            self._painter.drawRoundedRect(QRectF(self._placed(full)), radius, radius)
