"""Where keys are kept, in plain words; where the system has no store for them, the choice of what to do instead."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout

from debabelizer.config import SecretPlace, SecretStatus, Settings
from debabelizer.errors import ProviderError
from debabelizer_desktop import text, theme
from debabelizer_desktop.bridge import Bridge
from debabelizer_desktop.text import translate
from debabelizer_desktop.widgets.common import Retranslated, button, label


class SecretPlacePanel(Retranslated):
    failed = Signal(object)

    def __init__(self, settings: Settings, bridge: Bridge) -> None:
        super().__init__()
        self._settings, self._bridge = settings, bridge
        self._status: SecretStatus | None = None
        self._words = label("Help", wrap=True)
        self.in_file = button(lambda: self._choose(SecretPlace.FILE))
        self.in_memory = button(lambda: self._choose(SecretPlace.MEMORY))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, theme.SPACE_2, 0, theme.SPACE_2)
        column.setSpacing(theme.SPACE_2)
        column.addWidget(self._words)
        for made in (self.in_file, self.in_memory):  # below each other: their words are long
            column.addWidget(made, 0, Qt.AlignmentFlag.AlignLeading)
        self.retranslate()
        self._ask()

    def _ask(self) -> None:
        """The system's store may be slow, or want a password: never in the GUI thread."""
        settings = self._settings

        async def look() -> SecretStatus:
            import asyncio

            return await asyncio.to_thread(settings.secrets.status)

        self._bridge.call(look, self, self._show)

    def _show(self, status: SecretStatus) -> None:
        self._status = status
        self.retranslate()

    def _choose(self, place: SecretPlace) -> None:
        try:
            self._settings.set("secrets.store", place.value)
        except ProviderError as error:
            self.failed.emit(error)
        self._ask()

    def retranslate(self) -> None:
        status = self._status
        self._words.setText(text.engine(status.detail) if status is not None else "")
        needed = status is not None and not status.usable
        self.in_file.setVisible(needed)
        self.in_memory.setVisible(needed)
        self.in_file.setText(translate("Settings", "Keep keys in a file only I can read"))
        self.in_memory.setText(translate("Settings", "Keep keys in memory until I quit"))
