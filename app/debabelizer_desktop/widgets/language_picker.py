"""Choosing what one speaks: a searchable list with ticks, the usual ones first."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QLocale, QSize, Qt, Signal
from PySide6.QtWidgets import QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from debabelizer_desktop import theme
from debabelizer_desktop.text import language_name, translate
from debabelizer_desktop.widgets.common import Retranslated

USUAL = ("en", "ru", "de", "es", "fr", "it", "pt", "pl", "uk", "tr", "nl", "zh", "ja", "ko", "ar", "hi")
"""Offered where the provider names no languages of its own, and first where it does."""


def summary(tags: Iterable[str]) -> str:
    """What the closed chip says."""
    names = [language_name(tag) for tag in tags]
    if not names:
        return translate("Languages", "Any language")
    if len(names) > 2:
        return translate("Languages", "{first} + {others}").format(first=names[0], others=len(names) - 1)
    return ", ".join(names)


class LanguagePicker(Retranslated):
    changed = Signal(tuple)
    """Tags that are ticked, in the order in which they were ticked."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._chosen: list[str] = []
        self._search = QLineEdit()
        self._search.setClearButtonEnabled(True)
        self._search.textChanged.connect(self._filter)
        self._list = QListWidget()
        self._list.setObjectName("Plain")
        self._list.itemChanged.connect(self._ticked)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.SPACE_1, theme.SPACE_1, theme.SPACE_1, theme.SPACE_1)
        column.setSpacing(theme.SPACE_1)
        column.addWidget(self._search)
        column.addWidget(self._list)
        self.setFocusProxy(self._search)
        self.retranslate()

    def sizeHint(self) -> QSize:
        return QSize(260, 300)

    @property
    def chosen(self) -> tuple[str, ...]:
        return tuple(self._chosen)

    def fill(self, offered: Iterable[str], chosen: Iterable[str]) -> None:
        """``offered``: what the provider knows (empty: anything); ``chosen``: what is ticked."""
        self._chosen = list(chosen)
        known = list(offered) or list(USUAL)
        system = QLocale.system().name()[:2]
        first = [*self._chosen, *(tag for tag in (system, *USUAL) if tag in known)]
        rest = sorted((tag for tag in known if tag not in first), key=lambda tag: language_name(tag).lower())
        self._list.blockSignals(True)
        self._list.clear()
        for tag in dict.fromkeys([*first, *rest]):
            item = QListWidgetItem(language_name(tag))
            item.setData(Qt.ItemDataRole.UserRole, tag)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Checked if tag in self._chosen else Qt.CheckState.Unchecked)
            self._list.addItem(item)
        self._list.blockSignals(False)
        self._search.clear()

    def retranslate(self) -> None:
        self._search.setPlaceholderText(translate("Languages", "Search languages"))
        self._search.setAccessibleName(translate("Languages", "Search languages"))
        self._list.setAccessibleName(translate("Languages", "Languages you speak"))

    def _filter(self, words: str) -> None:
        needle = words.strip().lower()
        for row in range(self._list.count()):
            item = self._list.item(row)
            tag = str(item.data(Qt.ItemDataRole.UserRole))
            item.setHidden(needle not in item.text().lower() and not tag.lower().startswith(needle))

    def _ticked(self, item: QListWidgetItem) -> None:
        tag = str(item.data(Qt.ItemDataRole.UserRole))
        if item.checkState() is Qt.CheckState.Checked:
            if tag not in self._chosen:
                self._chosen.append(tag)
        elif tag in self._chosen:
            self._chosen.remove(tag)
        self.changed.emit(self.chosen)
