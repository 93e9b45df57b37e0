"""The left edge: the program's pages, and at its foot the key to hold and how quick the last take was."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QPushButton, QVBoxLayout, QWidget

from debabelizer.events import TakeStamps
from debabelizer_desktop import text, theme
from debabelizer_desktop.text import translate
from debabelizer_desktop.widgets.common import Retranslated, label
from debabelizer_desktop.widgets.icons import Symbol, icon

WIDTH, NARROW_WIDTH = 196, 64


class PageName(StrEnum):
    DICTATE = "dictate"
    RECORDINGS = "recordings"
    HISTORY = "history"
    SETTINGS = "settings"


_SYMBOLS = {
    PageName.DICTATE: Symbol.MICROPHONE,
    PageName.RECORDINGS: Symbol.RECORDINGS,
    PageName.HISTORY: Symbol.HISTORY,
    PageName.SETTINGS: Symbol.SETTINGS,
}


def page_title(page: PageName) -> str:
    match page:
        case PageName.DICTATE:
            return translate("Main", "Dictate")
        case PageName.RECORDINGS:
            return translate("Main", "Recordings")
        case PageName.HISTORY:
            return translate("Main", "History")
        case PageName.SETTINGS:
            return translate("Main", "Settings")


class Rail(Retranslated):
    chosen = Signal(object)
    """PageName."""

    def __init__(self, pages: Sequence[PageName], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("Rail")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._key, self._mode = "", "hold"
        self._stamps: TakeStamps | None = None
        self._narrow = False
        self._group = QButtonGroup(self)
        self._buttons: dict[PageName, QPushButton] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.SPACE_3, 24, theme.SPACE_3, theme.SPACE_6)
        column.setSpacing(6)
        self._brand = label("Brand")
        self._brand.setText("Debabelizer")
        self._brand.setContentsMargins(theme.SPACE_3, 0, 0, 20)
        column.addWidget(self._brand)
        for page in pages:
            column.addWidget(self._page_button(page))
        column.addStretch(1)
        self._hold = label("RailKey", wrap=True)
        self._quick = label("RailLatency", wrap=True)
        for foot in (self._hold, self._quick):
            foot.setContentsMargins(theme.SPACE_3, 0, 0, 0)
            column.addWidget(foot)
        self._group.buttonToggled.connect(self._restyle)
        theme.theme().changed.connect(self._restyle)
        self._buttons[pages[0]].setChecked(True)
        self.setFixedWidth(WIDTH)
        self.retranslate()

    def _page_button(self, page: PageName) -> QPushButton:
        made = QPushButton()
        made.setObjectName("RailPage")
        made.setCheckable(True)
        made.setAutoExclusive(True)
        made.setIconSize(QSize(18, 18))
        made.clicked.connect(lambda: self.chosen.emit(page))
        self._group.addButton(made)
        self._buttons[page] = made
        return made

    def choose(self, page: PageName) -> None:
        self._buttons[page].setChecked(True)

    def set_key(self, key: str, mode: str) -> None:
        self._key, self._mode = key, mode
        self.retranslate()

    def set_latency(self, stamps: TakeStamps) -> None:
        """Of the last take."""
        self._stamps = stamps
        self.retranslate()

    def set_narrow(self, narrow: bool) -> None:
        """Icons only."""
        if narrow != self._narrow:
            self._narrow = narrow
            self.setFixedWidth(NARROW_WIDTH if narrow else WIDTH)
            self.retranslate()

    def retranslate(self) -> None:
        for page, made in self._buttons.items():
            made.setText("" if self._narrow else page_title(page))
            made.setAccessibleName(page_title(page))
            made.setToolTip(page_title(page) if self._narrow else "")
        quick = text.latency(self._stamps) if self._stamps is not None else ""
        self._hold.setText(key_hint(self._key, self._mode))
        self._quick.setText(quick)
        self._hold.setVisible(bool(self._key) and not self._narrow)
        self._quick.setVisible(bool(quick) and not self._narrow)
        self._brand.setText("" if self._narrow else "Debabelizer")
        self._restyle()

    def _restyle(self) -> None:
        t = theme.tokens()
        for page, made in self._buttons.items():
            made.setIcon(icon(_SYMBOLS[page], token=t.accent if made.isChecked() else t.secondary))


def key_hint(key: str, mode: str) -> str:
    """What the key does, in a few words."""
    if not key:
        return ""
    name = text.key_name(key)
    match mode:
        case "hold":
            return translate("Main", "{key} hold to talk").format(key=name)
        case "toggle":
            return translate("Main", "{key} starts and stops").format(key=name)
        case _:
            return translate("Main", "{key} hold or tap to talk").format(key=name)
