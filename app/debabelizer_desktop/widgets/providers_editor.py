"""An ordered list of providers: who comes first stands first. Everything in it works by keyboard."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QHBoxLayout, QListWidget, QListWidgetItem, QMenu, QVBoxLayout

from debabelizer.config import Settings
from debabelizer.contract.settings import Setting
from debabelizer_desktop import text, theme
from debabelizer_desktop.text import translate
from debabelizer_desktop.widgets.common import Button, button, label
from debabelizer_desktop.widgets.editors import Editor
from debabelizer_desktop.widgets.icons import Symbol

_ROW_PX, _AROUND_PX = 32, 10
_MOST_ROWS = 6


class ProvidersEditor(Editor):
    """Value: names, in their order. Alt+Up and Alt+Down move an entry, Delete takes it out, Insert offers others."""

    def __init__(self, setting: Setting, settings: Settings) -> None:
        super().__init__(setting)
        self._settings = settings
        self._names: tuple[str, ...] = ()
        self.list = QListWidget()
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.list.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.list.setDefaultDropAction(Qt.DropAction.MoveAction)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.list.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.list.currentRowChanged.connect(lambda _: self._enable())
        self.list.model().rowsMoved.connect(lambda *_: self._reordered())
        self.list.installEventFilter(self)
        self._nobody = label("Help", wrap=True)
        self.add = button(self._offer, symbol=Symbol.ADD)
        self.up = self._tool(Symbol.UP, partial(self.move_by, -1))
        self.down = self._tool(Symbol.DOWN, partial(self.move_by, 1))
        self.remove = self._tool(Symbol.TRASH, self.take_out)
        buttons = QHBoxLayout()
        buttons.setSpacing(theme.SPACE_1)
        buttons.addWidget(self.add)
        buttons.addStretch(1)
        for made in (self.up, self.down, self.remove):
            buttons.addWidget(made)
        column = QVBoxLayout()
        column.setSpacing(theme.SPACE_2)
        column.addWidget(self._nobody)
        column.addWidget(self.list)
        column.addLayout(buttons)
        self.row.addLayout(column, 1)
        self.setFocusProxy(self.list)
        self.retranslate()

    @staticmethod
    def _tool(symbol: Symbol, on_click: Callable[[], object]) -> Button:
        made = button(on_click, symbol=symbol, quiet=True)
        made.setFixedWidth(36)
        made.setStyleSheet("padding: 0;")
        return made

    # ------------------------------------------------------------------------------------------------ showing

    @property
    def names(self) -> tuple[str, ...]:
        return self._names

    def show_value(self, value: Any) -> None:
        self._names = tuple(value or ())
        self._fill(self.list.currentRow())

    def _fill(self, row: int) -> None:
        self.list.blockSignals(True)
        self.list.clear()
        for number, name in enumerate(self._names, start=1):
            self.list.addItem(self._item(number, name))
        self.list.setCurrentRow(min(max(row, 0), len(self._names) - 1))
        self.list.blockSignals(False)
        self.list.setFixedHeight(min(len(self._names), _MOST_ROWS) * _ROW_PX + _AROUND_PX)
        self.list.setVisible(bool(self._names))
        self._nobody.setVisible(not self._names)
        self._enable()

    def _item(self, number: int, name: str) -> QListWidgetItem:
        why = self._why_not(name)
        words = f"{number}.  {text.provider_title(name)}" + (f" — {why}" if why else "")
        item = QListWidgetItem(words)
        item.setData(Qt.ItemDataRole.UserRole, name)
        item.setToolTip(words)
        item.setSizeHint(QSize(0, _ROW_PX))  # as wide as the list: what is longer is cut off, and whole in the tip
        item.setFlags(item.flags() & ~Qt.ItemFlag.ItemIsDropEnabled)
        if why:
            item.setForeground(theme.colour(theme.tokens().secondary))
        return item

    def _why_not(self, name: str) -> str:
        """Why it could not stand in now; empty where it could."""
        from debabelizer.config.selection import Readiness, standing_of

        if name == self._settings.get("provider"):
            return translate("Settings", "listens already")
        match standing_of(self._settings, name).readiness:
            case Readiness.NEEDS_KEY:
                return translate("Settings", "has no key yet, is passed over")
            case Readiness.NEEDS_MODEL:
                return translate("Settings", "has no model yet, is passed over")
            case Readiness.BROKEN:
                return translate("Settings", "is passed over")
        return ""

    def _enable(self) -> None:
        row, count = self.list.currentRow(), len(self._names)
        self.up.setEnabled(row > 0)
        self.down.setEnabled(0 <= row < count - 1)
        self.remove.setEnabled(row >= 0)
        self.add.setEnabled(bool(self._others()))
        for made in (self.up, self.down, self.remove):
            made.setVisible(count > 0)

    def retranslate(self) -> None:
        super().retranslate()
        if not hasattr(self, "remove"):
            return
        self.add.setText(translate("Settings", "Add a provider…"))
        self._nobody.setText(translate("Settings", "Nobody: your words wait for the provider."))
        for made, words, key in (
            (self.up, translate("Settings", "Earlier"), "Alt+↑"),
            (self.down, translate("Settings", "Later"), "Alt+↓"),
            (self.remove, translate("Settings", "Remove"), "Del"),
        ):
            made.setAccessibleName(words)
            made.setToolTip(f"{words} ({key})")
        self._fill(self.list.currentRow())

    # ----------------------------------------------------------------------------------------------- changing

    def move_by(self, rows: int) -> None:
        row = self.list.currentRow()
        if not 0 <= row + rows < len(self._names) or row < 0:
            return
        names = list(self._names)
        names.insert(row + rows, names.pop(row))
        self._change(names, row + rows)

    def take_out(self) -> None:
        row = self.list.currentRow()
        if row >= 0:
            self._change([name for at, name in enumerate(self._names) if at != row], row)
            if not self._names:
                self.add.setFocus()

    def put_in(self, name: str) -> None:
        self._change([*self._names, name], len(self._names))
        self.list.setFocus()

    def _reordered(self) -> None:
        """By the mouse."""
        names = [str(self.list.item(row).data(Qt.ItemDataRole.UserRole)) for row in range(self.list.count())]
        self._change(names, self.list.currentRow())

    def _change(self, names: list[str], row: int) -> None:
        self._names = tuple(names)
        self._fill(row)
        self.changed.emit(names)

    def _others(self) -> list[str]:
        """Who could be added, in the table's order."""
        from debabelizer import registry
        from debabelizer.contract.description import Ability

        taken = {*self._names, self._settings.get("provider")}
        described = ((name, registry.find(name)) for name in registry.names() if name not in taken)
        return [name for name, it in described if it is not None and Ability.STREAM in it.abilities]

    def _offer(self) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for name in self._others():
            why = self._why_not(name)
            menu.addAction(text.provider_title(name) + (f" — {why}" if why else ""), partial(self.put_in, name))
        menu.popup(self.add.mapToGlobal(self.add.rect().bottomLeft()))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and self._key(event):
            return True
        return super().eventFilter(watched, event)

    def _key(self, event: QKeyEvent) -> bool:
        moved = event.modifiers() == Qt.KeyboardModifier.AltModifier
        match event.key():
            case Qt.Key.Key_Up if moved:
                self.move_by(-1)
            case Qt.Key.Key_Down if moved:
                self.move_by(1)
            case Qt.Key.Key_Delete | Qt.Key.Key_Backspace:
                self.take_out()
            case Qt.Key.Key_Insert:
                self._offer()
            case _:
                return False
        return True
