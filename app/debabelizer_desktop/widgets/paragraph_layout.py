"""One paragraph of the transcript, laid out and painted: 16 px text on 26 px lines, a time in the gutter, what may
still change set apart, corrections marked."""

from __future__ import annotations

import unicodedata
from collections.abc import Container, Iterable
from datetime import datetime
from typing import Any

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QPainter,
    QPen,
    QTextCharFormat,
    QTextLayout,
    QTextLine,
    QTextOption,
)

from debabelizer.events import SegmentId
from debabelizer_desktop import theme
from debabelizer_desktop.models.transcript import ParagraphText, Span
from debabelizer_desktop.text import translate

TEXT_PX, LINE_PX, GAP_PX = 16, 26, 20
GUTTER_PX, EDGE_PX = 80, 24
NOTE_PX, NOTE_TEXT_PX = 26, 12


def estimate(characters: int, width: float) -> float:
    """A height before anything is laid out; right within a line for ordinary text."""
    lines = 1 + int(characters * 7.9 / max(width, 80.0))
    return lines * LINE_PX + GAP_PX


class ParagraphLayout:
    """Made for one width and one version of the text; thrown away when either changes."""

    def __init__(self, content: ParagraphText, when: datetime, width: float, noted: Container[SegmentId]) -> None:
        self.content = content
        self.when = when
        self.width = width
        self._base = theme.font(TEXT_PX)
        self.layout = QTextLayout(content.text, self._base)
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        if right_to_left(content.text):
            option.setAlignment(Qt.AlignmentFlag.AlignRight)  # here Qt's left is the left, whatever is written
        self.layout.setTextOption(option)
        self.layout.setFormats(self._formats())
        self._lay_out()
        self.notes = [span for span in content.spans if span.segment in noted and span.previous]
        self.height = self.layout.lineCount() * LINE_PX + len(self.notes) * (NOTE_PX + 6) + GAP_PX

    def _formats(self) -> list[QTextLayout.FormatRange]:
        ranges = []
        for span in self.content.spans:
            if span.settled < span.end:
                soft = QTextCharFormat()
                soft.setForeground(theme.colour(theme.tokens().secondary))
                soft.setFontItalic(True)
                ranges.append(_range(span.settled, span.end, soft))
        return ranges

    def _lay_out(self) -> None:
        metrics = QFontMetricsF(self._base)
        baseline = (LINE_PX + metrics.ascent() - metrics.descent()) / 2
        self.layout.beginLayout()
        y = 0.0
        while (line := self.layout.createLine()).isValid():
            line.setLineWidth(self.width)
            line.setPosition(QPointF(0, y + baseline - line.ascent()))
            y += LINE_PX
        self.layout.endLayout()

    # ------------------------------------------------------------------------------------------- painting

    def paint(
        self,
        painter: QPainter,
        left: float,
        top: float,
        *,
        fresh: Container[SegmentId],
        selection: tuple[int, int] | None,
    ) -> None:
        """``fresh``: segments corrected a moment ago; ``selection``: characters from, to."""
        t = theme.tokens()
        for span in self.content.spans:
            if span.segment in fresh:
                self._paint_behind(painter, left, top, span, theme.colour(t.accent_soft))
            elif span.previous:
                self._paint_under(painter, left, top, span)
        chosen = []
        if selection is not None:
            form = QTextCharFormat()
            form.setBackground(theme.colour(t.accent))
            form.setForeground(theme.colour(t.on_accent))
            chosen.append(_range(*selection, form))
        painter.setPen(theme.colour(t.text))
        self.layout.draw(painter, QPointF(left, top), chosen, QRectF())
        self._paint_notes(painter, left, top)
        if self.content.open:
            self._paint_caret(painter, left, top)

    def paint_time(self, painter: QPainter, place: QRectF, alignment: Qt.AlignmentFlag) -> None:
        t = theme.tokens()
        if self.content.open:
            painter.setFont(theme.font(12, weight=QFont.Weight.DemiBold))
            painter.setPen(theme.colour(t.accent))
            text = translate("Transcript", "now")
        else:
            painter.setFont(theme.tabular(theme.font(12)))
            painter.setPen(theme.colour(t.faint))
            text = self.when.strftime("%H:%M")
        painter.drawText(place, int(alignment | Qt.AlignmentFlag.AlignVCenter), text)

    def pieces(self, start: int, end: int) -> list[QRectF]:
        """The rectangles that characters ``start`` to ``end`` cover, one per line."""
        found = []
        for number in range(self.layout.lineCount()):
            line = self.layout.lineAt(number)
            first, last = line.textStart(), line.textStart() + line.textLength()
            if start < last and end > first:
                x1, x2 = _x(line, max(start, first)), _x(line, min(end, last))
                found.append(QRectF(min(x1, x2), number * LINE_PX, abs(x2 - x1), LINE_PX))
        return found

    def _paint_behind(self, painter: QPainter, left: float, top: float, span: Span, colour: QColor) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        for piece in self.pieces(span.start, span.end):
            painter.drawRoundedRect(piece.translated(left, top).adjusted(-4, 1, 4, -1), 5, 5)

    def _paint_under(self, painter: QPainter, left: float, top: float, span: Span) -> None:
        pen = QPen(theme.colour(theme.tokens().accent), 1.2, Qt.PenStyle.DotLine)
        painter.setPen(pen)
        for piece in self.pieces(span.start, span.end):
            y = top + piece.bottom() - 3
            painter.drawLine(QPointF(left + piece.left(), y), QPointF(left + piece.right(), y))

    def _paint_notes(self, painter: QPainter, left: float, top: float) -> None:
        t = theme.tokens()
        y = top + self.layout.lineCount() * LINE_PX + 4
        small = theme.font(NOTE_TEXT_PX)
        metrics = QFontMetricsF(small)
        for span in self.notes:
            words = metrics.elidedText(was(span.previous or ""), Qt.TextElideMode.ElideMiddle, self.width - 24)
            box = QRectF(left, y, metrics.horizontalAdvance(words) + 20, NOTE_PX)
            painter.setPen(theme.colour(t.line))
            painter.setBrush(theme.colour(t.chip))
            painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
            painter.setFont(small)
            painter.setPen(theme.colour(t.secondary))
            painter.drawText(box.adjusted(10, 0, 0, 0), int(Qt.AlignmentFlag.AlignVCenter), words)
            y += NOTE_PX + 6

    def _paint_caret(self, painter: QPainter, left: float, top: float) -> None:
        last = self.layout.lineCount() - 1
        x, y = 0.0, 0
        if last >= 0:
            behind = -8 if right_to_left(reversed(self.content.text)) else 6
            x, y = _x(self.layout.lineAt(last), len(self.content.text)) + behind, last * LINE_PX
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour(theme.tokens().accent))
        painter.drawRoundedRect(QRectF(left + x, top + y + 4, 2, 18), 1, 1)

    # ------------------------------------------------------------------------------------------- pointing

    def position(self, x: float, y: float) -> int:
        """The character nearest to a point, measured from the text's upper left corner."""
        if not self.layout.lineCount():
            return 0
        number = min(max(int(y // LINE_PX), 0), self.layout.lineCount() - 1)
        return self.layout.lineAt(number).xToCursor(x)

    def x_of(self, position: int) -> float:
        line = self.layout.lineForTextPosition(position)
        return _x(line, position) if line.isValid() else 0.0

    def line_range(self, position: int) -> tuple[int, int]:
        """First and last character of the line that holds ``position``."""
        line = self.layout.lineForTextPosition(position)
        if not line.isValid():
            return 0, 0
        end = line.textStart() + line.textLength()
        return line.textStart(), end if end == len(self.content.text) else end - 1

    def line_of(self, position: int) -> int:
        line = self.layout.lineForTextPosition(position)
        return line.lineNumber() if line.isValid() else 0


def right_to_left(text: Iterable[str]) -> bool:
    """By its first letter, as everybody who shows text decides it."""
    directions = (unicodedata.bidirectional(character) for character in text)
    return next((found != "L" for found in directions if found in ("L", "R", "AL")), False)


def was(previous: str) -> str:
    """The note beside a corrected passage."""
    return translate("Transcript", "corrected — was “{text}”").format(text=previous)


def _range(start: int, end: int, form: QTextCharFormat) -> QTextLayout.FormatRange:
    found = QTextLayout.FormatRange()
    found.start, found.length, found.format = start, end - start, form
    return found


def _x(line: QTextLine, position: int) -> float:
    answer: Any = line.cursorToX(position)  # the stubs say object; it is x, or x and the place it was put to
    return float(answer[0] if isinstance(answer, tuple) else answer)
