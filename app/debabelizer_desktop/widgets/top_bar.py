"""Who listens, in which languages, through which microphone; and the connection."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QHBoxLayout, QMenu, QWidget, QWidgetAction

from debabelizer.audio.capture import Microphone
from debabelizer.config import Settings
from debabelizer.errors import ProviderError
from debabelizer.events import SessionState
from debabelizer_desktop import text, theme
from debabelizer_desktop.text import translate
from debabelizer_desktop.widgets.chip import Chip, Dot
from debabelizer_desktop.widgets.common import Retranslated, button
from debabelizer_desktop.widgets.language_picker import LanguagePicker, summary

_DOTS = {
    SessionState.IDLE: Dot.HOLLOW,
    SessionState.CLOSED: Dot.HOLLOW,
    SessionState.CONNECTING: Dot.HALF,
    SessionState.RECONNECTING: Dot.HALF,
    SessionState.DRAINING: Dot.HALF,
    SessionState.CONNECTED: Dot.FULL,
    SessionState.FAILED: Dot.CROSS,
}


class TopBar(Retranslated):
    connect_wanted = Signal()
    disconnect_wanted = Signal()
    provider_settings_wanted = Signal(str)
    """Name of the provider, empty where it is automatic."""
    microphones_wanted = Signal()
    """The list is about to be looked at."""
    failed = Signal(object)
    """ProviderError: a choice could not be kept."""

    def __init__(self, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        self._state = SessionState.IDLE
        self._provider = ""
        self._microphones: list[Microphone] = []
        self.provider = Chip(widest=300)
        self.languages = Chip(widest=220)
        self.microphone = Chip(widest=240)
        self.connection = button(self._toggle, name="Connection")
        self._picker = LanguagePicker()
        holder = QWidgetAction(self)
        holder.setDefaultWidget(self._picker)
        self._menu(self.languages).addAction(holder)
        self._picker.changed.connect(self._languages_changed)
        self._menu(self.provider).aboutToShow.connect(self._fill_providers)
        self._menu(self.languages).aboutToShow.connect(self._fill_languages)
        self._menu(self.microphone).aboutToShow.connect(self._fill_microphones)
        self._menu(self.microphone).aboutToShow.connect(self.microphones_wanted)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.SPACE_3)
        for chip in (self.provider, self.languages, self.microphone):
            row.addWidget(chip)
        row.addStretch(1)
        row.addWidget(self.connection)
        self.retranslate()

    # ---------------------------------------------------------------------------------------------- showing

    def set_session(self, state: SessionState, provider: str) -> None:
        self._state = state
        self._provider = provider or self._provider
        self.retranslate()

    def set_microphones(self, known: list[Microphone]) -> None:
        """What can be listened to now; asked for again whenever something is plugged."""
        self._microphones = known
        self.retranslate()
        if self._menu(self.microphone).isVisible():
            self._fill_microphones()

    def retranslate(self) -> None:
        provider = self._settings.get("provider")
        listens = self._state is SessionState.CONNECTED  # perhaps one that stands in
        shown = self._provider if listens and self._provider else provider or self._provider
        title = text.provider_title(shown) if shown else translate("Main", "Automatic")
        words = translate("Main", "{provider} · {state}").format(provider=title, state=text.session_state(self._state))
        self.provider.show_choice(words, dot=_DOTS[self._state])
        self.languages.show_choice(summary(self._settings.get("languages")))
        self.microphone.show_choice(self._microphone_title(self._settings.get("microphone")))
        busy = self._state in (SessionState.CONNECTED, SessionState.CONNECTING, SessionState.RECONNECTING)
        connection = translate("Main", "Disconnect") if busy else translate("Main", "Connect")
        self.connection.setText(connection)
        self.connection.setAccessibleName(connection)
        self.connection.setEnabled(self._state is not SessionState.DRAINING)
        self.provider.setAccessibleName(translate("Main", "Provider"))
        self.languages.setAccessibleName(translate("Main", "Languages"))
        self.microphone.setAccessibleName(translate("Main", "Microphone"))

    def _microphone_title(self, chosen: str) -> str:
        for known in self._microphones:
            if known.id == chosen:
                return known.name
        return chosen or translate("Main", "System microphone")

    def _toggle(self) -> None:
        if self._state in (SessionState.CONNECTED, SessionState.CONNECTING, SessionState.RECONNECTING):
            self.disconnect_wanted.emit()
        else:
            self.connect_wanted.emit()

    # -------------------------------------------------------------------------------------------- the menus

    @staticmethod
    def _menu(chip: Chip) -> QMenu:
        menu = chip.menu()
        assert menu is not None
        return menu

    def _fill_providers(self) -> None:
        from debabelizer_desktop.widgets.provider_menu import fill_providers

        menu = self._menu(self.provider)
        fill_providers(menu, self._settings, self._settings.get("provider"), partial(self._choose, "provider"))
        menu.addSeparator()
        menu.addAction(
            translate("Main", "Provider settings…"),
            lambda: self.provider_settings_wanted.emit(self._settings.get("provider") or self._provider),
        )

    def _fill_languages(self) -> None:
        from debabelizer import registry

        provider = self._settings.get("provider") or self._provider
        described = registry.find(provider) if provider else None
        offered = [language.tag for language in described.languages] if described is not None else []
        with QSignalBlocker(self._picker):
            self._picker.fill(offered, self._settings.get("languages"))

    def _fill_microphones(self) -> None:
        menu = self._menu(self.microphone)
        menu.clear()
        group = QActionGroup(menu)
        chosen = self._settings.get("microphone")
        for id_, title in [("", translate("Main", "System microphone")), *((m.id, m.name) for m in self._microphones)]:
            action = menu.addAction(title, partial(self._choose, "microphone", id_))
            action.setCheckable(True)
            action.setChecked(id_ == chosen)
            group.addAction(action)

    def _choose(self, key: str, value: str | list[str]) -> None:
        try:
            self._settings.set(key, value)
        except ProviderError as error:
            self.failed.emit(error)
        self.retranslate()

    def _languages_changed(self, tags: tuple[str, ...]) -> None:
        self._choose("languages", list(tags))
