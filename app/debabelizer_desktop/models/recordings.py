"""Recordings as a list: the newest first, those that were added together in their order; and what is said of each."""

from __future__ import annotations

from bisect import bisect, bisect_left
from enum import IntEnum
from pathlib import Path
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from debabelizer.recordings.item import Name, RecordingChanged, RecordingItem, RecordingRemoved, RecordingState
from debabelizer_desktop import text
from debabelizer_desktop.text import translate

Index = QModelIndex | QPersistentModelIndex
_Place = tuple[float, Name, str]
"""What the list is in order of: when it was added, its name, and its path, so that no two are the same."""


class RecordingRole(IntEnum):
    ITEM = Qt.ItemDataRole.UserRole.value


class RecordingsModel(QAbstractListModel):
    ended = Signal(object)
    """RecordingItem: it was under way or waited, and does no more."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._items: list[RecordingItem] = []
        self._order: list[_Place] = []
        self._places: dict[str, _Place] = {}

    def take_in(self, event: RecordingChanged) -> None:
        item = event.item
        row = self.row(item.path)
        if row is None:
            place = self._places[item.path] = (-item.added, item.natural_name, item.path)
            row = bisect(self._order, place)
            self.beginInsertRows(QModelIndex(), row, row)
            self._items.insert(row, item)
            self._order.insert(row, place)
            self.endInsertRows()
            return
        before, self._items[row] = self._items[row], item
        self.dataChanged.emit(self.index(row), self.index(row))
        if item.over and not before.over:
            self.ended.emit(item)

    def take_out(self, event: RecordingRemoved) -> None:
        row = self.row(event.path)
        if row is not None:
            self.beginRemoveRows(QModelIndex(), row, row)
            del self._items[row], self._order[row], self._places[event.path]
            self.endRemoveRows()

    @property
    def items(self) -> list[RecordingItem]:
        return list(self._items)

    def row(self, path: str) -> int | None:
        place = self._places.get(path)
        return None if place is None else bisect_left(self._order, place)

    def item(self, row: int) -> RecordingItem | None:
        return self._items[row] if 0 <= row < len(self._items) else None

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self._items)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        item = self.item(index.row())
        if item is None:
            return None
        match role:
            case RecordingRole.ITEM:
                return item
            case Qt.ItemDataRole.DisplayRole:
                return name(item)
            case Qt.ItemDataRole.AccessibleTextRole:
                return ". ".join(part for part in (name(item), state(item), about(item)) if part)
            case Qt.ItemDataRole.ToolTipRole:
                return item.path
        return None


def name(item: RecordingItem) -> str:
    return Path(item.path).name


def about(item: RecordingItem) -> str:
    """How long it is, and who does it or did."""
    length = text.clock(item.seconds) if item.seconds else ""
    who = text.provider_title(item.provider) if item.provider else ""
    return " · ".join(part for part in (length, who) if part)


def state(item: RecordingItem) -> str:
    """What becomes of it, or became."""
    match item.state:
        case RecordingState.WAITING if item.first:
            return translate("Recordings", "comes next")
        case RecordingState.WAITING:
            return translate("Recordings", "waiting")
        case RecordingState.RUNNING:
            return _under_way(item)
        case RecordingState.DONE if not item.has_text:
            return translate("Recordings", "done: no speech was understood")
        case RecordingState.DONE:
            return translate("Recordings", "done")
        case RecordingState.STOPPED if item.has_text:
            return translate("Recordings", "stopped; what was understood is kept")
        case RecordingState.STOPPED:
            return translate("Recordings", "stopped")
        case RecordingState.FAILED:
            return text.error(item.error) if item.error is not None else translate("States", "failed")


def _under_way(item: RecordingItem) -> str:
    progress = item.progress
    if progress is None:
        return translate("Recordings", "opening")
    if progress.stage == "waiting" and progress.error is not None:
        return translate("Recordings", "{reason} Trying again in {seconds} s.").format(
            reason=text.sentence(text.error(progress.error)), seconds=round(progress.wait)
        )
    if progress.stage == "converting":
        return translate("Recordings", "reading the file")
    if not progress.done:
        return translate("Recordings", "sent, waiting for the text")
    far = text.clock(progress.done)
    if item.seconds:
        far = translate("Recordings", "{done} of {total}").format(done=far, total=text.clock(item.seconds))
    return far if item.left is None else f"{far} · {_left(item.left)}"


def _left(seconds: float) -> str:
    minutes = round(seconds / 60)
    if minutes < 1:
        return translate("Recordings", "less than a minute left")
    if minutes < 90:
        return translate("Recordings", "about {minutes} min left").format(minutes=minutes)
    return translate("Recordings", "about {hours} h left").format(hours=round(minutes / 60))


def share(item: RecordingItem) -> float | None:
    """How much of it is understood, 0 to 1; None: nobody can tell."""
    if item.progress is None or not item.seconds or not item.progress.done:
        return None
    return min(1.0, item.progress.done / item.seconds)
