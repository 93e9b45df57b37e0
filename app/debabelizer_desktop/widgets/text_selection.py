"""Selecting text in the transcript with mouse and keyboard, and taking it away."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QContextMenuEvent, QGuiApplication, QKeyEvent, QKeySequence, QMouseEvent, QTextLayout
from PySide6.QtWidgets import QMenu

from debabelizer_desktop.text import translate

if TYPE_CHECKING:
    from PySide6.QtWidgets import QAbstractScrollArea

    from debabelizer_desktop.models.transcript import TranscriptModel
    from debabelizer_desktop.widgets.heights import Heights
    from debabelizer_desktop.widgets.paragraph_layout import ParagraphLayout

    _Base = QAbstractScrollArea
else:
    _Base = object

Place = tuple[int, int]
"""Paragraph and character."""


class Selecting(_Base):
    """The part of the view that knows a selection; the view tells what stands where."""

    if TYPE_CHECKING:
        model: TranscriptModel
        heights: Heights

        @property
        def text_left(self) -> float: ...
        @property
        def offset(self) -> float: ...
        def laid_out(self, index: int) -> ParagraphLayout: ...
        def scroll_to(self, index: int, position: int) -> None: ...

    _anchor: Place | None = None
    _cursor: Place | None = None

    # ----------------------------------------------------------------------------------------- what is selected

    @property
    def selection(self) -> tuple[Place, Place] | None:
        if self._anchor is None or self._cursor is None or self._anchor == self._cursor:
            return None
        return min(self._anchor, self._cursor), max(self._anchor, self._cursor)

    def selected_in(self, index: int) -> tuple[int, int] | None:
        """Selected characters of one paragraph."""
        chosen = self.selection
        if chosen is None or not chosen[0][0] <= index <= chosen[1][0]:
            return None
        start = chosen[0][1] if index == chosen[0][0] else 0
        end = chosen[1][1] if index == chosen[1][0] else len(self._text(index))
        return start, end

    def selected_text(self) -> str:
        chosen = self.selection
        if chosen is None:
            return ""
        first, last = chosen[0][0], min(chosen[1][0], len(self.model.paragraphs) - 1)
        pieces = []
        for index in range(first, last + 1):
            text = self._text(index)
            start = chosen[0][1] if index == first else 0
            end = chosen[1][1] if index == chosen[1][0] else len(text)
            pieces.append(text[start:end].strip() if first != last else text[start:end])
        return "\n".join(pieces)

    def clear_selection(self) -> None:
        self._anchor = self._cursor = None

    def selection_moved(self, index: int, by: int) -> None:
        """A paragraph came or went at ``index``."""
        chosen = self.selection
        if chosen is not None and index <= chosen[1][0]:
            self.clear_selection()

    def select_all(self) -> None:
        if self.model.paragraphs:
            last = len(self.model.paragraphs) - 1
            self._anchor, self._cursor = (0, 0), (last, len(self._text(last)))
            self.viewport().update()

    def copy(self) -> None:
        """The selection, or everything where nothing is selected."""
        text = self.selected_text() or self.model.whole_text()
        if text:
            QGuiApplication.clipboard().setText(text)

    def _text(self, index: int) -> str:
        return self.model.text(self.model.paragraphs[index]).text

    # -------------------------------------------------------------------------------------------------- mouse

    def place_at(self, x: float, y: float) -> Place | None:
        index = self.heights.find(max(0.0, y - self.offset))
        if index < 0:
            return None
        top = self.heights.before(index) + self.offset
        return index, self.laid_out(index).position(x - self.text_left, y - top)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            return
        place = self.place_at(event.position().x(), event.position().y())
        extend = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if not extend or self._anchor is None:
            self._anchor = place
        self._cursor = place
        self.viewport().update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if not event.buttons() & Qt.MouseButton.LeftButton or self._anchor is None:
            return
        y = event.position().y()
        bar = self.verticalScrollBar()
        if y < 0 or y > self.viewport().height():
            bar.setValue(bar.value() + round(y if y < 0 else y - self.viewport().height()))
        self._cursor = self.place_at(event.position().x(), y)
        self.viewport().update()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        place = self.place_at(event.position().x(), event.position().y())
        if place is None:
            return
        text, at = self._text(place[0]), place[1]
        start = end = min(at, max(0, len(text) - 1))
        while start > 0 and _in_word(text[start - 1]):
            start -= 1
        while end < len(text) and _in_word(text[end]):
            end += 1
        self._anchor, self._cursor = (place[0], start), (place[0], end)
        self.viewport().update()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        copy = menu.addAction(translate("Transcript", "Copy"), self.copy)
        copy.setShortcut(QKeySequence(QKeySequence.StandardKey.Copy))
        everything = menu.addAction(translate("Transcript", "Select all"), self.select_all)
        everything.setShortcut(QKeySequence(QKeySequence.StandardKey.SelectAll))
        for action in (copy, everything):
            action.setEnabled(bool(self.model.paragraphs))
        menu.popup(event.globalPos())

    # ----------------------------------------------------------------------------------------------- keyboard

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif event.matches(QKeySequence.StandardKey.SelectAll):
            self.select_all()
        elif event.key() in _MOVES and event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self._extend(event)
        elif not self._scroll(event.key()):
            super().keyPressEvent(event)

    def _scroll(self, key: int) -> bool:
        bar = self.verticalScrollBar()
        match key:
            case Qt.Key.Key_Home:
                bar.setValue(0)
            case Qt.Key.Key_End:
                bar.setValue(bar.maximum())
            case Qt.Key.Key_PageUp:
                bar.setValue(bar.value() - bar.pageStep())
            case Qt.Key.Key_PageDown:
                bar.setValue(bar.value() + bar.pageStep())
            case Qt.Key.Key_Up:
                bar.setValue(bar.value() - bar.singleStep())
            case Qt.Key.Key_Down:
                bar.setValue(bar.value() + bar.singleStep())
            case _:
                return False
        return True

    def _extend(self, event: QKeyEvent) -> None:
        if not self.model.paragraphs:
            return
        last = len(self.model.paragraphs) - 1
        cursor = self._cursor or (last, len(self._text(last)))
        if self._anchor is None:
            self._anchor = cursor
        by_word = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        self._cursor = self._moved(cursor, event.key(), by_word)
        self.scroll_to(*self._cursor)
        self.viewport().update()

    def _moved(self, place: Place, key: int, by_word: bool) -> Place:
        index, at = place
        layout = self.laid_out(index)
        mode = QTextLayout.CursorMode.SkipWords if by_word else QTextLayout.CursorMode.SkipCharacters
        last = len(self.model.paragraphs) - 1
        match key:
            case Qt.Key.Key_Left:
                if at == 0 and index:
                    return index - 1, len(self._text(index - 1))
                return index, layout.layout.previousCursorPosition(at, mode)
            case Qt.Key.Key_Right:
                if at >= len(layout.content.text) and index < last:
                    return index + 1, 0
                return index, layout.layout.nextCursorPosition(at, mode)
            case Qt.Key.Key_Home:
                return (0, 0) if by_word else (index, layout.line_range(at)[0])
            case Qt.Key.Key_End:
                return (last, len(self._text(last))) if by_word else (index, layout.line_range(at)[1])
            case _:
                return self._moved_by_line(place, -1 if key == Qt.Key.Key_Up else 1)

    def _moved_by_line(self, place: Place, by: int) -> Place:
        index, at = place
        layout = self.laid_out(index)
        x, line = layout.x_of(at), layout.line_of(at) + by
        if 0 <= line < layout.layout.lineCount():
            return index, layout.layout.lineAt(line).xToCursor(x)
        if not 0 <= index + by < len(self.model.paragraphs):
            return index, 0 if by < 0 else len(layout.content.text)
        other = self.laid_out(index + by)
        line = other.layout.lineCount() - 1 if by < 0 else 0
        return index + by, other.layout.lineAt(line).xToCursor(x)


_MOVES = (
    Qt.Key.Key_Left,
    Qt.Key.Key_Right,
    Qt.Key.Key_Up,
    Qt.Key.Key_Down,
    Qt.Key.Key_Home,
    Qt.Key.Key_End,
)


def _in_word(character: str) -> bool:
    return unicodedata.category(character)[0] in "LNM" or character in "'’-"
