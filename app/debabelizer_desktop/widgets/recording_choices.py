"""How the recordings that are added next become text: by whom, in which languages, with speakers told apart or not."""

from __future__ import annotations

import msgspec
from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QMenu, QWidgetAction

from debabelizer.config import Settings
from debabelizer.contract.description import ProviderDescription
from debabelizer.recordings.choices import Choices
from debabelizer_desktop import text, theme
from debabelizer_desktop.bridge import Bridge
from debabelizer_desktop.memory import Memory
from debabelizer_desktop.text import translate
from debabelizer_desktop.widgets.chip import Chip
from debabelizer_desktop.widgets.common import Retranslated
from debabelizer_desktop.widgets.language_picker import LanguagePicker, summary
from debabelizer_desktop.widgets.provider_menu import fill_providers


class RecordingChoices(Retranslated):
    changed = Signal()
    settled = Signal()
    """It is known who will do it, and so how much room that takes."""

    def __init__(self, settings: Settings, memory: Memory, bridge: Bridge) -> None:
        super().__init__()
        self._settings, self._memory, self._bridge = settings, memory, bridge
        self._in_force = ""
        """Who would get a recording that is added now; empty: that is not known, or nobody is ready."""
        self.provider = Chip(widest=280)
        self.languages = Chip(widest=220)
        self.speakers = QCheckBox()
        self._picker = LanguagePicker()
        holder = QWidgetAction(self)
        holder.setDefaultWidget(self._picker)
        self._menu(self.languages).addAction(holder)
        self._menu(self.provider).aboutToShow.connect(self._fill_providers)
        self._menu(self.languages).aboutToShow.connect(self._fill_languages)
        self._picker.changed.connect(lambda tags: self._choose(languages=tags))
        self.speakers.toggled.connect(lambda on: self._choose(speakers=on))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.SPACE_3)
        for widget in (self.provider, self.languages, self.speakers):
            row.addWidget(widget)
        row.addStretch(1)
        self.retranslate()
        self.refresh()

    @property
    def choices(self) -> Choices:
        return self._memory.recordings

    def _choose(self, **changes: object) -> None:
        self._memory.set_recordings(msgspec.structs.replace(self.choices, **changes))
        self.refresh()
        self.changed.emit()

    def refresh(self) -> None:
        """Find out who is in force; the key store may be slow, so that is done elsewhere."""
        choices, settings = self.choices, self._settings

        async def found() -> str:
            import asyncio

            from debabelizer.recordings.choices import provider_in_force

            return await asyncio.to_thread(provider_in_force, settings, choices)

        self._bridge.call(found, self, self._found, lambda _: self._found(""))
        self.retranslate()

    def _found(self, provider: str) -> None:
        self._in_force = provider
        self.retranslate()
        self.settled.emit()

    def retranslate(self) -> None:
        title = text.provider_title(self._in_force) if self._in_force else ""
        automatic = translate("Main", "Automatic")
        if not self.choices.provider and not self._settings.get("provider") and title:
            title = translate("Recordings", "{automatic}: {provider}").format(automatic=automatic, provider=title)
        self.provider.show_choice(title or automatic)
        self.provider.setAccessibleName(translate("Main", "Provider"))
        self.languages.show_choice(summary(self._languages()))
        self.languages.setAccessibleName(translate("Main", "Languages"))
        self._show_speakers()

    def _show_speakers(self) -> None:
        from debabelizer.recordings.choices import speakers_setting, tells_speakers

        described = self._described()
        can = described is not None and speakers_setting(self._settings, described) is not None
        wanted = self.choices.speakers
        if wanted is None and described is not None:
            wanted = tells_speakers(self._settings, described)
        self.speakers.setText(translate("Recordings", "Tell speakers apart"))
        with QSignalBlocker(self.speakers):
            self.speakers.setChecked(can and bool(wanted))
        self.speakers.setEnabled(can)
        why_not = ""
        if described is not None and not can:
            title = text.provider_title(described.name)
            why_not = translate("Recordings", "{provider} does not tell speakers apart").format(provider=title)
        self.speakers.setToolTip(why_not)

    def _described(self) -> ProviderDescription | None:
        from debabelizer import registry

        return registry.find(self._in_force) if self._in_force else None

    def _languages(self) -> tuple[str, ...]:
        chosen = self.choices.languages
        return tuple(self._settings.get("languages")) if chosen is None else chosen

    @staticmethod
    def _menu(chip: Chip) -> QMenu:
        menu = chip.menu()
        assert menu is not None
        return menu

    def _fill_providers(self) -> None:
        as_usual = translate("Recordings", "As for dictation") if self._settings.get("provider") else ""
        fill_providers(
            self._menu(self.provider),
            self._settings,
            self.choices.provider,
            lambda name: self._choose(provider=name),
            as_usual,
        )

    def _fill_languages(self) -> None:
        described = self._described()
        offered = [language.tag for language in described.languages] if described is not None else []
        with QSignalBlocker(self._picker):
            self._picker.fill(offered, self._languages())
