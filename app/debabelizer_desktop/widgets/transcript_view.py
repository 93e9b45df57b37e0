"""The transcript on screen: only paragraphs in sight are laid out and painted, so the cost of a change is the same at
ten segments and at a hundred thousand."""

from __future__ import annotations

from collections import OrderedDict

from PySide6.QtCore import QEvent, QRectF, Qt, QTimer
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QHelpEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QToolTip, QWidget

from debabelizer.events import SegmentId
from debabelizer_desktop import theme
from debabelizer_desktop.models.transcript import Paragraph, TranscriptModel
from debabelizer_desktop.text import translate
from debabelizer_desktop.widgets.heights import Heights
from debabelizer_desktop.widgets.paragraph_layout import (
    EDGE_PX,
    GAP_PX,
    GUTTER_PX,
    LINE_PX,
    ParagraphLayout,
    estimate,
    was,
)
from debabelizer_desktop.widgets.text_selection import Selecting

HIGHLIGHT_MS = 2000
NOTE_MS = 6000
KEPT_LAYOUTS = 120


class TranscriptView(Selecting, QAbstractScrollArea):
    """Shows a :class:`TranscriptModel`; follows the end unless the user scrolled away from it."""

    def __init__(self, model: TranscriptModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = model
        self.heights = Heights()
        self.fresh: set[SegmentId] = set()
        self.noted: set[SegmentId] = set()
        self._layouts: OrderedDict[Paragraph, tuple[tuple[int, float, bool], ParagraphLayout]] = OrderedDict()
        self._follow = True
        self._settling = False
        self._asked = False
        self._width = 0.0
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.viewport().setCursor(Qt.CursorShape.IBeamCursor)
        self.viewport().setAutoFillBackground(False)
        self.viewport().setMouseTracking(False)
        self.verticalScrollBar().setSingleStep(LINE_PX)
        self.verticalScrollBar().valueChanged.connect(self._scrolled)
        model.inserted.connect(self._inserted)
        model.changed.connect(self._changed)
        model.removed.connect(self._removed)
        model.replaced.connect(self._replaced)
        model.corrected.connect(self._corrected)
        model.spoken.connect(self._announce)
        theme.theme().changed.connect(self._restyle)
        self._name()
        self._replaced()

    # ------------------------------------------------------------------------------------- following the model

    def _inserted(self, index: int) -> None:
        self.heights.insert(index, estimate(self.model.paragraphs[index].length, self.text_width))
        self.selection_moved(index, 1)
        self._ask()

    def _changed(self, index: int) -> None:
        paragraph = self.model.paragraphs[index]
        if paragraph not in self._layouts:
            self.heights.set(index, estimate(paragraph.length, self.text_width))
        self._ask()

    def _removed(self, index: int) -> None:
        self.heights.remove(index)
        self.selection_moved(index, -1)
        self._ask()

    def _replaced(self) -> None:
        self._layouts.clear()
        self.fresh.clear()
        self.noted.clear()
        self.clear_selection()
        self._follow = True
        self._estimate_all()
        self._ask()

    def _corrected(self, segment: SegmentId) -> None:
        self.fresh.add(segment)
        self.noted.add(segment)
        QTimer.singleShot(HIGHLIGHT_MS, self, lambda: self._settle_correction(self.fresh, segment))
        QTimer.singleShot(NOTE_MS, self, lambda: self._settle_correction(self.noted, segment))
        self._ask()

    def _settle_correction(self, marks: set[SegmentId], segment: SegmentId) -> None:
        marks.discard(segment)
        paragraph = self.model.owner(segment)
        if paragraph is not None:
            self._layouts.pop(paragraph, None)
        self._ask()

    def _announce(self, text: str) -> None:
        if text and QAccessible.isActive():
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, text))

    # --------------------------------------------------------------------------------------------- measures

    @property
    def text_width(self) -> float:
        return max(80.0, self.viewport().width() - GUTTER_PX - EDGE_PX)

    @property
    def text_left(self) -> float:
        return EDGE_PX if self.isRightToLeft() else GUTTER_PX

    @property
    def offset(self) -> float:
        """Where the first paragraph's top is, in viewport coordinates."""
        return GAP_PX - self.verticalScrollBar().value()

    def laid_out(self, index: int) -> ParagraphLayout:
        """The layout of a paragraph, made now if it has to be; its true height replaces the guess."""
        paragraph = self.model.paragraphs[index]
        noted = any(segment in self.noted for segment in paragraph.segments) if self.noted else False
        key = (paragraph.version, self.text_width, noted)
        known = self._layouts.get(paragraph)
        if known is not None and known[0] == key:
            self._layouts.move_to_end(paragraph)
            return known[1]
        made = ParagraphLayout(self.model.text(paragraph), paragraph.when, self.text_width, self.noted)
        self._layouts[paragraph] = (key, made)
        if len(self._layouts) > KEPT_LAYOUTS:
            self._layouts.popitem(last=False)
        self.heights.set(index, made.height)
        return made

    def _estimate_all(self) -> None:
        self._width = self.text_width
        self.heights.replace(estimate(paragraph.length, self._width) for paragraph in self.model.paragraphs)

    # --------------------------------------------------------------------------------------- staying in place

    def _ask(self) -> None:
        """Settle once, before the next paint, however many changes come."""
        if not self._asked:
            self._asked = True
            QTimer.singleShot(0, self, self.settle)

    def settle(self) -> None:
        """Lay out what is in sight, correct the scroll range, keep the end (or the reader's place) where it is."""
        self._asked = False
        self._settling = True
        bar = self.verticalScrollBar()
        height = self.viewport().height()
        for _ in range(4):
            total = self.heights.total + GAP_PX
            reach = max(0, round(total - height))
            bar.setPageStep(height)
            bar.setRange(0, reach)
            if self._follow:
                bar.setValue(reach)
            shifted = self._lay_out_visible(bar.value(), height)
            if shifted and not self._follow:
                bar.setValue(bar.value() + round(shifted))
            if abs(self.heights.total + GAP_PX - total) < 0.5:
                break
        self._settling = False
        self.viewport().update()

    def _lay_out_visible(self, top: float, height: float) -> float:
        """Returns by how much paragraphs above the upper edge grew."""
        top -= GAP_PX
        first = self.heights.find(max(0.0, top))
        shifted, index = 0.0, first
        while 0 <= index < len(self.heights):
            begins = self.heights.before(index)
            if begins > top + height:
                break
            before = self.heights[index]
            self.laid_out(index)
            if begins < top:
                shifted += self.heights[index] - before
            index += 1
        return shifted

    def _scrolled(self, value: int) -> None:
        if not self._settling:
            self._follow = value >= self.verticalScrollBar().maximum()
            self.settle()

    def scroll_to(self, index: int, position: int) -> None:
        """Bring a character into sight."""
        layout = self.laid_out(index)
        y = self.heights.before(index) + layout.line_of(position) * LINE_PX
        bar = self.verticalScrollBar()
        if y < bar.value():
            bar.setValue(round(y))
        elif y + LINE_PX + GAP_PX > bar.value() + self.viewport().height():
            bar.setValue(round(y + LINE_PX + GAP_PX - self.viewport().height()))

    # ---------------------------------------------------------------------------------------------- painting

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        index = self.heights.find(max(0.0, event.rect().top() - self.offset))
        if index < 0:
            return
        top = self.heights.before(index) + self.offset
        while index < len(self.heights) and top <= event.rect().bottom():
            layout = self.laid_out(index)
            layout.paint(painter, self.text_left, top, fresh=self.fresh, selection=self.selected_in(index))
            layout.paint_time(painter, *self._time_place(top))
            top += layout.height
            index += 1

    def _time_place(self, top: float) -> tuple[QRectF, Qt.AlignmentFlag]:
        if self.isRightToLeft():
            place = QRectF(self.viewport().width() - GUTTER_PX, top, GUTTER_PX - EDGE_PX, LINE_PX)
            return place, Qt.AlignmentFlag.AlignRight
        return QRectF(EDGE_PX, top, GUTTER_PX - EDGE_PX, LINE_PX), Qt.AlignmentFlag.AlignLeft

    def resizeEvent(self, event: QResizeEvent) -> None:
        if self.text_width != self._width:
            self._layouts.clear()
            self._estimate_all()
        self.settle()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._name()
            self._restyle()
        super().changeEvent(event)

    def _restyle(self) -> None:
        self._layouts.clear()
        self._ask()

    def _name(self) -> None:
        self.setAccessibleName(translate("Transcript", "Transcript"))

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            where = self.place_at(event.pos().x(), event.pos().y())
            span = self.laid_out(where[0]).content.at(where[1]) if where else None
            if span is not None and span.previous:
                QToolTip.showText(event.globalPos(), was(span.previous), self.viewport())
            else:
                QToolTip.hideText()
            return True
        return super().viewportEvent(event)
