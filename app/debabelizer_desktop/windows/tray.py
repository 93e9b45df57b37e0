"""The icon in the system's tray: the same state as the window, by shape and colour. Absent where there is no tray."""

from __future__ import annotations

from enum import StrEnum

from PySide6.QtCore import QObject, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QIcon, QPainter, QPixmap, QPolygonF
from PySide6.QtWidgets import QMenu, QSystemTrayIcon

from debabelizer.errors import ProviderError
from debabelizer.events import DictationChanged, DictationState, ErrorOccurred, TakeFailed
from debabelizer_desktop import text, theme
from debabelizer_desktop.bridge import Bridge
from debabelizer_desktop.text import translate
from debabelizer_desktop.widgets.icons import Symbol, paint

SIDE = 64
MESSAGE_MS = 8000


class TrayState(StrEnum):
    READY = "ready"
    LISTENING = "listening"
    BUSY = "busy"
    TROUBLE = "trouble"


class Tray(QObject):
    show_window = Signal()
    show_settings = Signal()
    retry_last = Signal()
    quit = Signal()

    def __init__(self, bridge: Bridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self.state = TrayState.READY
        self._menu = QMenu()
        self.toggle_action = self._menu.addAction("", self._toggle)
        self.show_action = self._menu.addAction("", self.show_window.emit)
        self.undo_action = self._menu.addAction("", self._undo)
        self.retry_action = self._menu.addAction("", self.retry_last.emit)
        self.settings_action = self._menu.addAction("", self.show_settings.emit)
        self._menu.addSeparator()
        self.quit_action = self._menu.addAction("", self.quit.emit)
        self.retry_action.setEnabled(False)
        self.icon = QSystemTrayIcon(self)
        self.icon.setContextMenu(self._menu)
        self.icon.activated.connect(self._activated)
        bridge.dictation_changed.connect(self._dictation_changed)
        bridge.error.connect(self._failed)
        bridge.take_failed.connect(self._take_failed)
        self._set(TrayState.READY)
        self.retranslate()

    @staticmethod
    def exists() -> bool:
        return QSystemTrayIcon.isSystemTrayAvailable()

    def show(self) -> None:
        self.icon.show()

    def hide(self) -> None:
        self.icon.hide()

    def tell(self, error: ProviderError) -> None:
        """One message beside the icon, for when no window is in sight."""
        if self.icon.isVisible():
            self.icon.showMessage(
                text.category(error.category), text.error(error), QSystemTrayIcon.MessageIcon.Warning, MESSAGE_MS
            )

    def inform(self, words: str) -> None:
        """The same for what is no trouble."""
        if self.icon.isVisible():
            self.icon.showMessage("Debabelizer", words, QSystemTrayIcon.MessageIcon.Information, MESSAGE_MS)

    def retranslate(self) -> None:
        busy = self._bridge.dictation_state is not DictationState.IDLE
        self.toggle_action.setText(
            translate("Tray", "Stop dictation") if busy else translate("Tray", "Start dictation")
        )
        self.show_action.setText(translate("Tray", "Show the window"))
        self.undo_action.setText(translate("Tray", "Undo the last insertion"))
        self.retry_action.setText(translate("Tray", "Retry the last take"))
        self.settings_action.setText(translate("Tray", "Settings"))
        self.quit_action.setText(translate("Tray", "Quit"))
        self.icon.setToolTip(f"Debabelizer · {self._state_words()}")

    def _state_words(self) -> str:
        if self.state is TrayState.TROUBLE:
            return translate("Tray", "Something failed")
        return text.dictation_state(self._bridge.dictation_state)

    def _toggle(self) -> None:
        self._bridge.toggle_take()

    def _undo(self) -> None:
        self._bridge.undo(self._undone)

    def _undone(self, done: bool) -> None:
        if not done:
            self.inform(translate("Tray", "Nothing was inserted that could be taken back."))

    def _activated(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason is QSystemTrayIcon.ActivationReason.Trigger:
            self.show_window.emit()

    def _dictation_changed(self, event: DictationChanged) -> None:
        match event.state:
            case DictationState.IDLE:
                if self.state is not TrayState.TROUBLE:
                    self._set(TrayState.READY)
            case DictationState.LISTENING:
                self._set(TrayState.LISTENING)
            case _:
                self._set(TrayState.BUSY)
        self.retranslate()

    def _failed(self, event: ErrorOccurred) -> None:
        if event.fatal:
            self._set(TrayState.TROUBLE)
            self.retranslate()

    def _take_failed(self, event: TakeFailed) -> None:
        self.retry_action.setEnabled(event.kept)
        self._set(TrayState.TROUBLE)
        self.retranslate()

    def _set(self, state: TrayState) -> None:
        self.state = state
        self.icon.setIcon(state_icon(state))


def state_icon(state: TrayState) -> QIcon:
    """Rounded square: ready. Disc: listening. Disc with an arc: busy. Triangle: trouble."""
    t = theme.tokens()
    picture = QPixmap(SIDE, SIDE)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    whole = QRectF(2, 2, SIDE - 4, SIDE - 4)
    inner = QRectF(14, 14, SIDE - 28, SIDE - 28)
    match state:
        case TrayState.READY:
            painter.setBrush(theme.colour(t.accent))
            painter.drawRoundedRect(whole, 16, 16)
            paint(painter, inner, Symbol.MICROPHONE, theme.colour(t.on_accent))
        case TrayState.LISTENING:
            painter.setBrush(theme.colour(t.recording))
            painter.drawEllipse(whole)
            paint(painter, inner, Symbol.MICROPHONE, theme.colour(t.on_recording))
        case TrayState.BUSY:
            painter.setBrush(theme.colour(t.accent))
            painter.drawEllipse(whole)
            paint(painter, inner, Symbol.MORE, theme.colour(t.on_accent))
        case TrayState.TROUBLE:
            painter.setBrush(theme.colour(t.warning))
            painter.drawPolygon(QPolygonF([QPointF(SIDE / 2, 3), QPointF(SIDE - 2, SIDE - 5), QPointF(2, SIDE - 5)]))
            painter.setBrush(theme.colour(t.card))
            painter.drawRoundedRect(QRectF(SIDE / 2 - 3, 22, 6, 20), 3, 3)
            painter.drawEllipse(QPointF(SIDE / 2, 50), 3.5, 3.5)
    painter.end()
    return QIcon(picture)
