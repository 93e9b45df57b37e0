"""One provider on the first-run page: choose it, and do there what it still needs (a key, a download)."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QHBoxLayout, QRadioButton, QVBoxLayout

from debabelizer.config import Settings
from debabelizer.contract.description import ProviderDescription
from debabelizer.errors import ProviderError
from debabelizer_desktop import text, theme
from debabelizer_desktop.bridge import Bridge
from debabelizer_desktop.text import translate
from debabelizer_desktop.widgets.common import Retranslated, button, label
from debabelizer_desktop.widgets.editors import SecretEditor
from debabelizer_desktop.widgets.provider_panel import ModelRow
from debabelizer_desktop.widgets.secret_place import SecretPlacePanel


class ProviderChoice(Retranslated):
    failed = Signal(object)
    details_wanted = Signal(str)

    def __init__(self, description: ProviderDescription, settings: Settings, bridge: Bridge) -> None:
        super().__init__()
        self.description = description
        self._settings, self._bridge = settings, bridge
        self.place: SecretPlacePanel | None = None
        """Where the key will be kept, and the choice where the system has no store; made when it is first wanted."""
        self.radio = QRadioButton()
        self.radio.toggled.connect(self._toggled)
        self._summary = label("Help", wrap=True)
        self.details = button(lambda: self.details_wanted.emit(description.name), quiet=True)
        self.model = self._model_row(bridge)
        self.secret = self._secret_editor()
        head = QHBoxLayout()
        head.addWidget(self.radio)
        head.addStretch(1)
        head.addWidget(self.details)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACE_1)
        column.addLayout(head)
        self._below = below = QVBoxLayout()
        below.setContentsMargins(26, 0, 0, theme.SPACE_1)
        below.addWidget(self._summary)
        for extra in (self.model, self.secret):
            if extra is not None:
                below.addWidget(extra)
        column.addLayout(below)
        self.refresh()

    def _model_row(self, bridge: Bridge) -> ModelRow | None:
        d = self.description
        models = [model for model in d.models if model.files]
        wanted = next((model for model in models if model.name == d.default_model), None)
        if wanted is None:
            return None
        row = ModelRow(d.name, wanted, bridge)
        row.failed.connect(self.failed)
        row.done.connect(self.refresh)
        return row

    def _secret_editor(self) -> SecretEditor | None:
        if not self.description.credentials:
            return None
        key = f"providers.{self.description.name}.{self.description.credentials[0].key}"
        editor = SecretEditor(self._settings.setting(key))
        editor.changed.connect(lambda value: self._set(key, value))
        editor.cleared.connect(lambda: self._set(key, ""))
        return editor

    def refresh(self) -> None:
        with QSignalBlocker(self.radio):
            self.radio.setChecked(self._is_chosen())
        chosen = self.radio.isChecked()
        if self.secret is not None:
            self.secret.setVisible(chosen)
            if chosen:
                self.secret.show_value(self._settings.get(self.secret.setting.key))
                self._show_place()
            if self.place is not None:
                self.place.setVisible(chosen)
        if self.model is not None:
            self.model.setVisible(chosen)
            self.model.retranslate()
        self.retranslate()

    def _show_place(self) -> None:
        if self.place is None:
            self.place = SecretPlacePanel(self._settings, self._bridge)
            self.place.failed.connect(self.failed)
            self._below.addWidget(self.place)

    def _is_chosen(self) -> bool:
        """By the user, or because it needs nothing. The key store is left alone: asking it takes 15 MB."""
        chosen = self._settings.get("provider")
        if chosen:
            return bool(chosen == self.description.name)
        needs_download = any(model.files for model in self.description.models)
        return not self.description.credentials and not needs_download

    def retranslate(self) -> None:
        title = text.engine(self.description.title)
        self.radio.setText(title)
        self._summary.setText(text.engine(self.description.summary))
        self.details.setText(translate("Welcome", "More…"))
        self.details.setAccessibleName(translate("Welcome", "More about {provider}").format(provider=title))

    def _toggled(self, on: bool) -> None:
        if on:
            self._set("provider", self.description.name)

    def _set(self, key: str, value: object) -> None:
        try:
            if value == "" and key != "provider":
                self._settings.reset(key)
            else:
                self._settings.set(key, value)
        except ProviderError as error:
            self.failed.emit(error)
        self.refresh()
