"""What was said before: kept takes with their retry, and texts that arrived."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFont, QFontMetrics, QGuiApplication, QPainter, QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QLineEdit,
    QListView,
    QStackedWidget,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
)

from debabelizer_desktop import theme
from debabelizer_desktop.bridge import Bridge
from debabelizer_desktop.models.takes import TakeItem, TakeRole, TakesModel, headline
from debabelizer_desktop.takes import TakeSource
from debabelizer_desktop.text import translate
from debabelizer_desktop.widgets.common import Retranslated, button, label
from debabelizer_desktop.widgets.icons import Symbol, paint

ROW_PX = 68
SEARCH_AFTER_MS = 150


class HistoryPage(Retranslated):
    copied = Signal()

    def __init__(self, bridge: Bridge, source: TakeSource) -> None:
        super().__init__()
        self.setObjectName("Page")
        self._bridge, self._source = bridge, source
        self.model = TakesModel(self)
        self._title = label("Title")
        self.search = QLineEdit()
        self.search.setClearButtonEnabled(True)
        self.search.setMaximumWidth(280)
        self.list = QListView()
        self.list.setModel(self.model)
        self.list.setItemDelegate(_TakeDelegate(self.list))
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.list.setUniformItemSizes(True)
        self.list.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.retry = button(self._retry, primary=True)
        self.copy = button(self._copy)
        self.discard = button(self._discard)
        self._empty = label("Sentence", wrap=True)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._arrange()
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(SEARCH_AFTER_MS)
        self._later.timeout.connect(self.refresh)
        self.search.textChanged.connect(lambda _: self._later.start())
        self.list.selectionModel().currentChanged.connect(self._selected)
        self.list.doubleClicked.connect(self._copy)
        for ended in (bridge.take_finished, bridge.take_failed, bridge.takes_recovered, bridge.take_cancelled):
            ended.connect(self._refresh_if_seen)
        self.retranslate()
        self._selected()

    def _arrange(self) -> None:
        head = QHBoxLayout()
        head.addWidget(self._title)
        head.addStretch(1)
        head.addWidget(self.search, 1)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._empty)
        self._stack.addWidget(self.list)
        foot = QHBoxLayout()
        foot.setSpacing(theme.SPACE_2)
        foot.addWidget(self.discard)
        foot.addStretch(1)
        foot.addWidget(self.copy)
        foot.addWidget(self.retry)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.SPACE_6, 20, theme.SPACE_6, 20)
        column.setSpacing(theme.SPACE_4)
        column.addLayout(head)
        column.addWidget(self._stack, 1)
        column.addLayout(foot)

    # ----------------------------------------------------------------------------------------------- content

    def showEvent(self, event: QShowEvent) -> None:
        self.refresh()
        super().showEvent(event)

    def _refresh_if_seen(self) -> None:
        if self.isVisible():
            self.refresh()

    def refresh(self) -> None:
        self._source.read(self.search.text().strip(), self, self._show)

    def _show(self, items: list[TakeItem]) -> None:
        chosen = self.current()
        self.model.replace(items)
        self._stack.setCurrentWidget(self.list if items else self._empty)
        for row in range(self.model.rowCount()):
            item = self.model.item(row)
            if chosen is not None and item is not None and item.take == chosen.take:
                self.list.setCurrentIndex(self.model.index(row))
        self._selected()

    def current(self) -> TakeItem | None:
        return self.model.item(self.list.currentIndex().row())

    def _selected(self) -> None:
        item = self.current()
        self.retry.setVisible(item is None or item.kept)
        self.retry.setEnabled(item is not None and item.kept)
        self.copy.setEnabled(item is not None and bool(item.text))
        self.discard.setEnabled(item is not None)

    def retranslate(self) -> None:
        self._title.setText(translate("History", "History"))
        self.setAccessibleName(translate("History", "History"))
        self.search.setPlaceholderText(translate("History", "Search in your texts"))
        self.search.setAccessibleName(translate("History", "Search in your texts"))
        self.list.setAccessibleName(translate("History", "Takes"))
        self.retry.setText(translate("History", "Retry"))
        self.copy.setText(translate("History", "Copy"))
        self.discard.setText(translate("History", "Discard"))
        self._empty.setText(translate("History", "Nothing here yet. What you dictate is kept on this computer only."))

    # ----------------------------------------------------------------------------------------------- actions

    def _retry(self) -> None:
        item = self.current()
        if item is not None and item.kept:
            self._bridge.retry(item.take)

    def _copy(self) -> None:
        item = self.current()
        if item is not None and item.text:
            QGuiApplication.clipboard().setText(item.text)
            self.copied.emit()

    def _discard(self) -> None:
        item = self.current()
        if item is not None:
            self._source.discard(item, self, self.refresh)


class _TakeDelegate(QStyledItemDelegate):
    """Two lines: when and what became of it; the text."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(200, ROW_PX)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        item: TakeItem = index.data(TakeRole.ITEM)
        t = theme.tokens()
        shown = QStyleOptionViewItem(option)
        self.initStyleOption(shown, index)
        shown.text = ""
        style = shown.widget.style()
        style.drawControl(QStyle.ControlElement.CE_ItemViewItem, shown, painter, shown.widget)
        area: QRect = shown.rect.adjusted(14, 10, -14, -10)
        painter.save()
        if item.kept:
            paint(
                painter,
                area.adjusted(0, 0, -area.width() + 18, -area.height() + 18).toRectF(),
                Symbol.WARNING,
                theme.colour(t.warning),
            )
        small = theme.tabular(theme.font(12))
        painter.setFont(small)
        painter.setPen(theme.colour(t.secondary))
        first = area.adjusted(26 if item.kept else 0, 0, 0, -area.height() // 2)
        words = QFontMetrics(small).elidedText(headline(item), Qt.TextElideMode.ElideRight, first.width())
        painter.drawText(first, int(Qt.AlignmentFlag.AlignVCenter), words)
        body = theme.font(15, weight=QFont.Weight.Normal, italic=not item.text)
        painter.setFont(body)
        painter.setPen(theme.colour(t.text if item.text else t.secondary))
        second = area.adjusted(0, area.height() // 2, 0, 0)
        text = item.text or translate("History", "Recording of {seconds} s").format(seconds=f"{item.seconds:.1f}")
        painter.drawText(
            second,
            int(Qt.AlignmentFlag.AlignVCenter),
            QFontMetrics(body).elidedText(text.replace("\n", " "), Qt.TextElideMode.ElideRight, second.width()),
        )
        painter.restore()
