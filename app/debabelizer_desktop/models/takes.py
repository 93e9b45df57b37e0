"""Takes as a list: those that wait for a retry first, then those that became text, newest first."""

from __future__ import annotations

from datetime import datetime
from enum import IntEnum
from typing import Any

import msgspec
from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from debabelizer.events import InsertResult
from debabelizer_desktop.text import engine, insert_result, provider_title, translate

Index = QModelIndex | QPersistentModelIndex


class TakeItem(msgspec.Struct, frozen=True, kw_only=True):
    take: str
    when: datetime
    text: str
    provider: str = ""
    kept: bool = False
    """Waits for a retry; its recording is on disk."""
    detail: str = ""
    """Why it waits."""
    result: InsertResult | None = None
    target: str | None = None
    """Where the text went."""
    seconds: float = 0.0


class TakeRole(IntEnum):
    ITEM = Qt.ItemDataRole.UserRole.value


class TakesModel(QAbstractListModel):
    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._items: list[TakeItem] = []

    def replace(self, items: list[TakeItem]) -> None:
        self.beginResetModel()
        self._items = sorted(items, key=lambda item: (item.kept, item.when), reverse=True)
        self.endResetModel()

    def item(self, row: int) -> TakeItem | None:
        return self._items[row] if 0 <= row < len(self._items) else None

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self._items)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        item = self.item(index.row())
        if item is None:
            return None
        if role == TakeRole.ITEM:
            return item
        if role == Qt.ItemDataRole.DisplayRole:
            return item.text
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{headline(item)}. {item.text}"
        if role == Qt.ItemDataRole.ToolTipRole:
            return item.text or engine(item.detail)
        return None


def headline(item: TakeItem) -> str:
    """When it was, and what became of it."""
    when = f"{item.when:%Y-%m-%d %H:%M}"
    if not item.kept:
        went = insert_result(item.result, item.target, None) if item.result is not None else ""
        who = provider_title(item.provider) if item.provider else ""
        return " · ".join(part for part in (when, who, went) if part)
    waits = translate("History", "kept, not text yet")
    return " · ".join(part for part in (when, waits, engine(item.detail)) if part)
