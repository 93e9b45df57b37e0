"""The loudness of the last moments, as bars. Moves only while sound comes in."""

from __future__ import annotations

from collections import deque

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from debabelizer_desktop import theme
from debabelizer_desktop.text import translate
from debabelizer_desktop.widgets.common import Retranslated

QUIETEST_DB = -55.0
PITCH = 4.0
"""Pixels from bar to bar; each is 2.4 wide."""


def fraction(db: float) -> float:
    """0 (silence) to 1 (the loudest there is), as the eye expects it."""
    return min(1.0, max(0.0, (db - QUIETEST_DB) / (-6.0 - QUIETEST_DB)))


def paint_bars(painter: QPainter, place: QRectF, levels: list[float], colour: QColor) -> None:
    """Bars for ``levels`` (0 to 1, oldest first), newest at the right end of ``place``."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    middle = place.center().y()
    count = int(place.width() // PITCH)
    shown = levels[-count:]
    x = place.left() + (count - len(shown)) * PITCH
    for level in shown:
        height = max(3.0, level * place.height())
        painter.drawRoundedRect(QRectF(x, middle - height / 2, 2.4, height), 1.2, 1.2)
        x += PITCH


class LevelMeter(Retranslated):
    def __init__(self, bars: int = 28, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bars = bars
        self._levels: deque[float] = deque([0.0] * bars, maxlen=bars)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        theme.theme().changed.connect(self.update)
        self.retranslate()

    def sizeHint(self) -> QSize:
        return QSize(int(self._bars * PITCH), 32)

    def hear(self, rms_db: float) -> None:
        self._levels.append(fraction(rms_db))
        self.update()

    def rest(self) -> None:
        self._levels.extend([0.0] * self._bars)
        self.update()

    def retranslate(self) -> None:
        self.setAccessibleName(translate("Main", "Loudness"))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        t = theme.tokens()
        still = not any(self._levels)
        paint_bars(painter, QRectF(self.rect()), list(self._levels), theme.colour(t.line if still else t.accent))
