"""The window: the rail and the pages beside it. Pages other than the first are made when they are first opened."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QCloseEvent, QGuiApplication, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QStackedWidget, QWidget

from debabelizer.config import Settings
from debabelizer.events import TakeFinished
from debabelizer_desktop.bridge import Bridge
from debabelizer_desktop.memory import Memory
from debabelizer_desktop.models.transcript import TranscriptModel
from debabelizer_desktop.widgets.file_drop import FileDrop
from debabelizer_desktop.widgets.rail import PageName, Rail
from debabelizer_desktop.windows.dictate_page import DictatePage
from debabelizer_desktop.windows.tray import TrayState, state_icon

NARROW_PX = 860
"""Below this width the rail shows icons only."""

PageMaker = Callable[[], QWidget]


class MainWindow(QMainWindow):
    closed = Signal()
    """The user closed it; lifecycle decides whether that means quit."""

    def __init__(self, bridge: Bridge, settings: Settings, memory: Memory, model: TranscriptModel) -> None:
        super().__init__()
        self._settings, self._memory = settings, memory
        self._makers: dict[PageName, PageMaker] = {}
        self._pages: dict[PageName, QWidget] = {}
        self.setWindowTitle("Debabelizer")
        self.setWindowIcon(state_icon(TrayState.READY))
        self.rail = Rail(list(PageName))
        self.drop = FileDrop(self)
        self.dictate = DictatePage(bridge, settings, model)
        self._stack = QStackedWidget()
        self._stack.setObjectName("Pages")
        self._pages[PageName.DICTATE] = self.dictate
        self._stack.addWidget(self.dictate)
        centre = QWidget()
        row = QHBoxLayout(centre)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.rail)
        row.addWidget(self._stack, 1)
        self.setCentralWidget(centre)
        self.setMinimumSize(720, 480)
        self.rail.chosen.connect(self.open_page)
        self.dictate.kept_takes_wanted.connect(lambda: self.open_page(PageName.HISTORY))
        bridge.take_finished.connect(self._take_finished)
        self._shortcuts()
        self._key_changed()
        self._restore()
        self.dictate.widget_for_focus().setFocus()

    def _shortcuts(self) -> None:
        for number, page in enumerate(PageName, start=1):
            QShortcut(QKeySequence(f"Ctrl+{number}"), self, lambda page=page: self.open_page(page))
        QShortcut(QKeySequence("Ctrl+,"), self, lambda: self.open_page(PageName.SETTINGS))
        QShortcut(QKeySequence("Ctrl+E"), self, self.dictate.ask_export)
        QShortcut(QKeySequence("Ctrl+R"), self, self.dictate.toggle)

    # ------------------------------------------------------------------------------------------------ pages

    def add_page(self, name: PageName, make: PageMaker) -> None:
        """``make`` is called when the page is first opened."""
        self._makers[name] = make

    def open_page(self, name: PageName) -> QWidget:
        page = self._pages.get(name)
        if page is None:
            page = self._pages[name] = self._makers[name]()
            self._stack.addWidget(page)
        self._stack.setCurrentWidget(page)
        self.rail.choose(name)
        return page

    def page(self, name: PageName) -> QWidget | None:
        """A page that was opened before."""
        return self._pages.get(name)

    def cover(self, page: QWidget) -> None:
        """Show a page that stands in no rail (the first run) until :meth:`uncover`."""
        self._stack.addWidget(page)
        self._stack.setCurrentWidget(page)
        self.rail.setEnabled(False)

    def uncover(self, page: QWidget) -> None:
        self.rail.setEnabled(True)
        self.open_page(PageName.DICTATE)
        self._stack.removeWidget(page)
        page.deleteLater()

    # ----------------------------------------------------------------------------------------------- events

    def setting_changed(self, key: str) -> None:
        if key in ("dictation.key", "dictation.mode"):
            self._key_changed()
        self.dictate.setting_changed(key)

    def _key_changed(self) -> None:
        self.rail.set_key(self._settings.get("dictation.key"), self._settings.get("dictation.mode"))

    def _take_finished(self, event: TakeFinished) -> None:
        self.rail.set_latency(event.stamps)

    def come_forward(self) -> None:
        """Show the window, wherever it was."""
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.show()
        self.raise_()
        self.activateWindow()

    # ------------------------------------------------------------------------------------------------- place

    def _restore(self) -> None:
        wanted = QRect(*self._memory.geometry) if self._memory.geometry else None
        if wanted is not None and any(s.availableGeometry().intersects(wanted) for s in QGuiApplication.screens()):
            self.setGeometry(wanted)
        else:
            self.resize(1000, 660)
        if self._memory.maximised:
            self.setWindowState(Qt.WindowState.WindowMaximized)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.rail.set_narrow(event.size().width() < NARROW_PX)
        super().resizeEvent(event)

    def remember(self) -> None:
        g = self.normalGeometry()
        self._memory.set_window((g.x(), g.y(), g.width(), g.height()), self.isMaximized())

    def closeEvent(self, event: QCloseEvent) -> None:
        self.remember()
        event.accept()
        self.closed.emit()
