"""The table of rules per program: which program, how its text arrives, its own paste keys."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractItemView, QHBoxLayout, QHeaderView, QTableWidget, QTableWidgetItem, QVBoxLayout

from debabelizer.contract.settings import Setting
from debabelizer_desktop import theme
from debabelizer_desktop.text import translate
from debabelizer_desktop.widgets.common import button
from debabelizer_desktop.widgets.editors import CalmCombo, Editor

METHODS = ("paste", "type", "copy")


class RulesEditor(Editor):
    """Value: a list of ``{"program": …, "method": …, "keys": …}``; a row without a program is not a rule yet."""

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        column = QVBoxLayout()
        column.setSpacing(theme.SPACE_2)
        self.table = QTableWidget(0, 3)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.verticalHeader().hide()
        self.table.verticalHeader().setDefaultSectionSize(40)
        self.table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.table.setMinimumHeight(170)
        self.table.itemChanged.connect(self._edited)
        self.add = button(self._add)
        self.remove = button(self._remove)
        buttons = QHBoxLayout()
        buttons.addWidget(self.add)
        buttons.addWidget(self.remove)
        buttons.addStretch(1)
        column.addWidget(self.table)
        column.addLayout(buttons)
        self.row.addLayout(column, 1)
        self.setFocusProxy(self.table)
        self.retranslate()

    def show_value(self, value: Any) -> None:
        if list(value or ()) == self.rules():
            return
        self.table.blockSignals(True)
        self.table.setRowCount(0)
        for rule in value or ():
            self._append(rule)
        self.table.blockSignals(False)

    def rules(self) -> list[dict[str, Any]]:
        """With every field a rule came with, shown here or not."""
        found = []
        for row in range(self.table.rowCount()):
            program, keys = self._cell(row, 0), self._cell(row, 2)
            combo = self.table.cellWidget(row, 1)
            if program and isinstance(combo, CalmCombo):
                item = self.table.item(row, 0)
                rule = dict(item.data(Qt.ItemDataRole.UserRole) or {}) if item is not None else {}
                rule.pop("keys", None)
                rule |= {"program": program, "method": str(combo.currentData())}
                found.append(rule | ({"keys": keys} if keys else {}))
        return found

    def _cell(self, row: int, column: int) -> str:
        item = self.table.item(row, column)
        return item.text().strip() if item is not None else ""

    def _append(self, rule: dict[str, Any]) -> None:
        row = self.table.rowCount()
        self.table.insertRow(row)
        for column, key in ((0, "program"), (2, "keys")):
            self.table.setItem(row, column, QTableWidgetItem(rule.get(key, "")))
        first = self.table.item(row, 0)
        if first is not None:
            first.setData(Qt.ItemDataRole.UserRole, dict(rule))
        combo = CalmCombo()
        for method, title in _method_titles():
            combo.addItem(title, method)
        combo.setCurrentIndex(max(0, combo.findData(rule.get("method", "paste"))))
        combo.activated.connect(self._edited)
        combo.setAccessibleName(translate("Settings", "Way"))
        self.table.setCellWidget(row, 1, combo)

    def _add(self) -> None:
        self.table.blockSignals(True)
        self._append({})
        self.table.blockSignals(False)
        last = self.table.rowCount() - 1
        self.table.setCurrentCell(last, 0)
        item = self.table.item(last, 0)
        if item is not None:
            self.table.editItem(item)

    def _remove(self) -> None:
        row = self.table.currentRow()
        if row >= 0:
            self.table.removeRow(row)
            self._edited()

    def _edited(self) -> None:
        self.changed.emit(self.rules())

    def retranslate(self) -> None:
        super().retranslate()
        self.add.setText(translate("Settings", "Add a rule"))
        self.remove.setText(translate("Settings", "Remove"))
        titles = (
            translate("Settings", "Program"),
            translate("Settings", "Way"),
            translate("Settings", "Paste keys"),
        )
        self.table.setHorizontalHeaderLabels(list(titles))
        for row in range(self.table.rowCount()):
            combo = self.table.cellWidget(row, 1)
            if isinstance(combo, CalmCombo):
                for index, (_, title) in enumerate(_method_titles()):
                    combo.setItemText(index, title)
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.AllEditTriggers)
        self.table.setTabKeyNavigation(False)
        self.table.setFocusPolicy(Qt.FocusPolicy.StrongFocus)


def _method_titles() -> tuple[tuple[str, str], ...]:
    return (
        ("paste", translate("Settings", "Paste")),
        ("type", translate("Settings", "Type")),
        ("copy", translate("Settings", "Copy only")),
    )
