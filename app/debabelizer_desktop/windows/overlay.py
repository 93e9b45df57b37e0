"""The small window over all others while one dictates. It can never take the focus.

Styles: ``pill`` (words and level), ``dot`` (a sign and the level as a ring), ``bar`` (a line along the top edge),
``none``. A failure always shows the pill, because its buttons are the way out.
"""

from __future__ import annotations

import math
from collections import deque
from enum import StrEnum

import msgspec
from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QCursor,
    QFontMetrics,
    QFontMetricsF,
    QGuiApplication,
    QHideEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QRegion,
    QResizeEvent,
    QWindow,
)
from PySide6.QtWidgets import QHBoxLayout

from debabelizer_desktop import text, theme
from debabelizer_desktop.memory import Memory
from debabelizer_desktop.text import translate
from debabelizer_desktop.widgets.common import Retranslated, button
from debabelizer_desktop.widgets.icons import Symbol, paint
from debabelizer_desktop.widgets.level_meter import fraction, paint_bars

PILL = QSize(420, 50)
FAILED_WIDTH = 560
"""Of a pill that tells a reason, in as many lines as it takes."""
_WORDS_LEFT, _WORDS_RIGHT, _AROUND = 54, 20, 10
DOT = QSize(50, 50)
BAR_HEIGHT = 34
FROM_EDGE = 48
SPIN_MS = 33
BARS = 16


class OverlayStyle(StrEnum):
    PILL = "pill"
    DOT = "dot"
    BAR = "bar"
    NONE = "none"


class OverlayState(StrEnum):
    OPENING = "opening"
    LISTENING = "listening"
    FINISHING = "finishing"
    DONE = "done"
    CLIPBOARD = "clipboard"
    FAILED = "failed"


class Overlay(Retranslated):
    retry = Signal()
    copy = Signal()

    def __init__(self, memory: Memory) -> None:
        super().__init__(None, _FLAGS)
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground)
        self.setAttribute(Qt.WidgetAttribute.WA_AlwaysShowToolTips)
        self.setAttribute(Qt.WidgetAttribute.WA_QuitOnClose, False)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._memory = memory
        self._style = OverlayStyle.PILL
        self._state = OverlayState.OPENING
        self._words = ""
        self._elapsed = 0.0
        self._levels: deque[float] = deque([0.0] * BARS, maxlen=BARS)
        self._turn = 0
        self._grabbed: QPoint | None = None
        self._spin = QTimer(self)
        self._spin.setInterval(SPIN_MS)
        self._spin.timeout.connect(self._turned)
        self._leave = QTimer(self)
        self._leave.setSingleShot(True)
        self._leave.timeout.connect(self.hide)
        self.retry_button = button(self._retry, primary=True)
        self.copy_button = button(self._copy)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 14, 0)
        row.setSpacing(theme.SPACE_2)
        row.addStretch(1)
        for made in (self.retry_button, self.copy_button):
            made.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            made.setStyleSheet("border-radius: 16px; min-height: 30px; padding: 0 15px;")
            row.addWidget(made)
        theme.theme().changed.connect(self.update)
        self.retranslate()

    # ------------------------------------------------------------------------------------------- what it shows

    @property
    def state(self) -> OverlayState:
        return self._state

    @property
    def words(self) -> str:
        return self._words

    def set_style(self, style: OverlayStyle) -> None:
        self._style = style
        if style is OverlayStyle.NONE:
            self.hide()

    def present(self, state: OverlayState, words: str, *, leave_ms: int | None = None) -> bool:
        """Show a state; ``words`` say it, ``leave_ms`` later it goes away. False: the user wants no overlay."""
        self._state, self._words = state, words
        self._leave.stop()
        if self._style is OverlayStyle.NONE:
            return False
        if state is OverlayState.OPENING:
            self._levels.extend([0.0] * BARS)
            self._elapsed = 0.0
        failed = state is OverlayState.FAILED
        self.retry_button.setVisible(failed)
        self.copy_button.setVisible(failed)
        spins = state in (OverlayState.OPENING, OverlayState.FINISHING)
        if spins and not theme.reduced_motion():
            self._spin.start()
        else:
            self._spin.stop()
        self.retranslate()
        if not self.isVisible() or self.size() != self._wanted_size():
            self._place()
        if not self.isVisible():
            self.show()
        self.update()
        if leave_ms is not None:
            self._leave.start(leave_ms)
        return True

    def offer(self, *, retry: bool, copy: bool) -> None:
        """Which ways out a failure has."""
        self.retry_button.setVisible(retry)
        self.copy_button.setVisible(copy)
        self._place()
        self.update()

    def hear(self, rms_db: float, elapsed: float) -> None:
        self._levels.append(fraction(rms_db))
        self._elapsed = elapsed
        self.update()

    def set_words(self, words: str) -> None:
        if words != self._words:
            self._words = words
            self.update()

    def retranslate(self) -> None:
        self.retry_button.setText(translate("Overlay", "Retry"))
        self.copy_button.setText(translate("Overlay", "Copy"))
        self.setAccessibleName(translate("Overlay", "Dictation"))
        self.setAccessibleDescription(self._words)
        self.setWindowTitle(translate("Overlay", "Dictation"))

    def hideEvent(self, event: QHideEvent) -> None:
        self._spin.stop()

    def _retry(self) -> None:
        self.hide()
        self.retry.emit()

    def _copy(self) -> None:
        self.hide()
        self.copy.emit()

    def _turned(self) -> None:
        self._turn = (self._turn + 12) % 360
        self.update()

    # ------------------------------------------------------------------------------------------------- place

    def _effective(self) -> OverlayStyle:
        return OverlayStyle.PILL if self._state is OverlayState.FAILED else self._style

    def _wanted_size(self) -> QSize:
        match self._effective():
            case OverlayStyle.DOT:
                return DOT
            case OverlayStyle.BAR:
                return QSize(_focused_place().area.width(), BAR_HEIGHT)
            case _ if self._state is OverlayState.FAILED:
                return self._size_of_a_reason()
            case _:
                return PILL

    def _size_of_a_reason(self) -> QSize:
        width = FAILED_WIDTH - _WORDS_LEFT - _WORDS_RIGHT - self._buttons_width()
        box = QRect(0, 0, width, 1000)
        lines = QFontMetrics(theme.font(14)).boundingRect(box, int(Qt.TextFlag.TextWordWrap), self._words)
        if lines.height() <= PILL.height() - 2 * _AROUND and lines.width() + FAILED_WIDTH - width <= PILL.width():
            return PILL
        return QSize(FAILED_WIDTH, max(PILL.height(), lines.height() + 2 * _AROUND))

    def _buttons_width(self) -> int:
        return sum(b.sizeHint().width() + 8 for b in (self.retry_button, self.copy_button) if not b.isHidden())

    def _place(self) -> None:
        place = _focused_place()
        area = place.area
        size = self._wanted_size()
        if self._effective() is OverlayStyle.BAR:
            self.setGeometry(QRect(area.topLeft(), size))
            return
        corner = QPoint(area.center().x() - size.width() // 2, area.bottom() + 1 - FROM_EDGE - size.height())
        moved = self._memory.overlay_place(place.name)
        if moved is not None:
            centre = area.topLeft() + QPoint(*moved)
            corner = centre - QPoint(size.width() // 2, size.height() // 2)
            corner.setX(min(max(corner.x(), area.left()), area.right() - size.width()))
            corner.setY(min(max(corner.y(), area.top()), area.bottom() - size.height()))
        self.setGeometry(QRect(corner, size))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._effective() is OverlayStyle.BAR or _composited():
            self.clearMask()
        else:  # nobody blends windows here: cut the corners off instead of painting them black
            self.setMask(_round_region(self.size()))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton and self._effective() is not OverlayStyle.BAR:
            self._grabbed = event.globalPosition().toPoint() - self.pos()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._grabbed is not None:
            self.move(event.globalPosition().toPoint() - self._grabbed)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._grabbed is None:
            return
        self._grabbed = None
        centre = self.geometry().center()
        place = _place_at(centre)
        inside = centre - place.area.topLeft()
        self._memory.set_overlay_place(place.name, (inside.x(), inside.y()))

    # ---------------------------------------------------------------------------------------------- painting

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        t = theme.tokens()
        shape = self._effective()
        whole = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setPen(theme.colour(t.line))
        painter.setBrush(theme.colour(t.card))
        if shape is OverlayStyle.BAR:
            painter.drawRect(whole)
        else:
            painter.drawRoundedRect(whole, _radius(whole.height()), _radius(whole.height()))
        middle = whole.center().y()
        if shape is OverlayStyle.DOT:
            if self._state is OverlayState.LISTENING:
                self._paint_ring(painter, whole)
            self._paint_sign(painter, whole.center())
            return
        left = 28.0
        if shape is OverlayStyle.BAR:
            left = max(28.0, (self.width() - PILL.width()) / 2 + 28)
        mirrored = self.isRightToLeft()
        self._paint_sign(painter, QPointF(self.width() - left if mirrored else left, middle))
        self._paint_words(painter, left + 26, middle, mirrored)

    def _paint_words(self, painter: QPainter, left: float, middle: float, mirrored: bool) -> None:
        t = theme.tokens()
        failed = self._state is OverlayState.FAILED
        right = left - _WORDS_LEFT + (self.width() if failed else PILL.width()) - _WORDS_RIGHT
        if self._state is OverlayState.LISTENING:
            place = QRectF(left - 4, middle - 13, BARS * 4, 26)
            paint_bars(painter, self._mirror(place, mirrored), list(self._levels), theme.colour(t.accent))
            left += BARS * 4 + 8
            small = theme.tabular(theme.font(12))
            time = text.elapsed(self._elapsed, tenths=False)
            width = QFontMetricsF(small).horizontalAdvance(time)
            painter.setFont(small)
            painter.setPen(theme.colour(t.secondary))
            box = QRectF(right - width, middle - 12, width + 1, 24)
            painter.drawText(self._mirror(box, mirrored), int(Qt.AlignmentFlag.AlignCenter), time)
            right -= width + 14
        words = theme.font(14)
        painter.setFont(words)
        painter.setPen(theme.colour(t.secondary if self._state is OverlayState.FINISHING else t.text))
        side = Qt.AlignmentFlag.AlignRight if mirrored else Qt.AlignmentFlag.AlignLeft
        if failed:
            box = QRectF(left, 0, right - self._buttons_width() - left, self.height())
            flags = int(side | Qt.AlignmentFlag.AlignVCenter) | int(Qt.TextFlag.TextWordWrap)
            painter.drawText(self._mirror(box, mirrored), flags, self._words)
            return
        live = self._state in (OverlayState.LISTENING, OverlayState.FINISHING)
        where = Qt.TextElideMode.ElideLeft if live else Qt.TextElideMode.ElideRight
        shown = QFontMetricsF(words).elidedText(self._words, where, right - left)
        box = QRectF(left, middle - 16, right - left, 32)
        painter.drawText(self._mirror(box, mirrored), int(side | Qt.AlignmentFlag.AlignVCenter), shown)

    def _mirror(self, box: QRectF, mirrored: bool) -> QRectF:
        return QRectF(self.width() - box.right(), box.y(), box.width(), box.height()) if mirrored else box

    def _paint_sign(self, painter: QPainter, centre: QPointF) -> None:
        t = theme.tokens()
        place = QRectF(centre.x() - 11, centre.y() - 11, 22, 22)
        match self._state:
            case OverlayState.LISTENING:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(theme.colour(t.recording))
                painter.drawEllipse(centre, 8, 8)
            case OverlayState.OPENING:
                self._paint_spinner(painter, centre, theme.colour(t.secondary))
            case OverlayState.FINISHING:
                self._paint_spinner(painter, centre, theme.colour(t.accent))
            case OverlayState.DONE:
                paint(painter, place, Symbol.CHECK, theme.colour(t.accent))
            case OverlayState.CLIPBOARD:
                paint(painter, place, Symbol.CLIPBOARD, theme.colour(t.warning))
            case OverlayState.FAILED:
                paint(painter, place, Symbol.WARNING, theme.colour(t.warning))

    def _paint_spinner(self, painter: QPainter, centre: QPointF, colour: QColor) -> None:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(colour, 2, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        span = 200 if self._state is OverlayState.OPENING else 270
        circle = QRectF(centre.x() - 8, centre.y() - 8, 16, 16)
        painter.drawArc(circle, round((150 - self._turn) * 16), span * 16)

    def _paint_ring(self, painter: QPainter, whole: QRectF) -> None:
        level = max(list(self._levels)[-3:])
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(theme.colour(theme.tokens().accent), 3, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        span = round(math.ceil(level * 360) * 16)
        painter.drawArc(whole.adjusted(5, 5, -5, -5), 90 * 16, -span)


_FLAGS = (
    Qt.WindowType.Tool
    | Qt.WindowType.FramelessWindowHint
    | Qt.WindowType.WindowStaysOnTopHint
    | Qt.WindowType.WindowDoesNotAcceptFocus
    | Qt.WindowType.X11BypassWindowManagerHint
    | Qt.WindowType.NoDropShadowWindowHint
)


class _Place(msgspec.Struct, frozen=True):
    """A screen's name and the part of it that no panel covers. Not the QScreen: its wrapper does not live long."""

    name: str
    area: QRect


def _place_at(point: QPoint) -> _Place:
    screens = QGuiApplication.screens()
    chosen = next((screen for screen in screens if screen.geometry().contains(point)), screens[0])
    return _Place(chosen.name(), chosen.availableGeometry())


def _focused_place() -> _Place:
    """The screen one works on: of our own active window, else of the pointer."""
    window: QWindow | None = QGuiApplication.focusWindow()
    return _place_at(window.geometry().center() if window is not None else QCursor.pos())


def _composited() -> bool:
    """Whether windows can be see-through. Asked of X11 once per call; everywhere else they can."""
    if QGuiApplication.platformName() != "xcb":
        return True
    from debabelizer_desktop.platform.compositor import is_running

    return is_running()


def _round_region(size: QSize) -> QRegion:
    """A rounded rectangle that follows the painted one."""
    width, height, radius = size.width(), size.height(), round(_radius(size.height()))
    region = QRegion(radius, 0, width - 2 * radius, height) + QRegion(0, radius, width, height - 2 * radius)
    for x in (0, width - 2 * radius):
        for y in (0, height - 2 * radius):
            region += QRegion(x, y, 2 * radius, 2 * radius, QRegion.RegionType.Ellipse)
    return region


def _radius(height: float) -> float:
    """Of the corners: half a pill's, however high it is."""
    return min(height, PILL.height()) / 2
