"""One setting on the settings page: its title and help, its editor, where the value comes from, the way back."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from debabelizer.config import Settings, Source
from debabelizer.config.availability import hint, why_not
from debabelizer.contract.description import ProviderDescription
from debabelizer.contract.settings import Kind
from debabelizer.errors import ProviderError
from debabelizer_desktop import text, theme
from debabelizer_desktop.text import translate
from debabelizer_desktop.widgets.common import Retranslated, button, label
from debabelizer_desktop.widgets.editors import Editor, SecretEditor
from debabelizer_desktop.widgets.icons import Symbol

_BELOW = (Kind.RULES, Kind.PROVIDERS)
"""Editors that need the whole width."""
_SMALL_PX = 160
"""Editors up to this wide stay beside the words in a narrow window too."""


class SettingRow(Retranslated):
    failed = Signal(object)
    """ProviderError: the value can't be used, or can't be kept."""

    def __init__(self, settings: Settings, editor: Editor, provider: Callable[[], ProviderDescription | None]) -> None:
        """``provider``: the one in force, if that is known."""
        super().__init__()
        self._provider = provider
        self._settings, self.editor, self.setting = settings, editor, editor.setting
        self._title = label("Heading", wrap=True)
        self._help = label("Help", wrap=True)
        self._origin = label("Origin", wrap=True)
        self._reconnects = label("Help", wrap=True)
        self._reason = label("Reason", wrap=True)
        self.back = button(self._reset, symbol=Symbol.UNDO, quiet=True)
        self.back.setFixedWidth(36)
        self.back.setStyleSheet("padding: 0;")
        words = QVBoxLayout()
        words.setSpacing(2)
        for line in (self._title, self._help, self._reason, self._reconnects, self._origin):
            words.addWidget(line)
        words.addStretch(1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, theme.SPACE_3, 0, theme.SPACE_3)
        whole.setSpacing(theme.SPACE_2)
        row = QHBoxLayout()
        row.setSpacing(theme.SPACE_4)
        row.addLayout(words, 1)
        whole.addLayout(row)
        self._row, self._whole = row, whole
        self._narrow = False
        if self.setting.kind in _BELOW:
            whole.addWidget(editor)
        else:
            row.addWidget(editor, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.back, 0, Qt.AlignmentFlag.AlignTop)
        editor.changed.connect(self._changed)
        if isinstance(editor, SecretEditor):
            editor.cleared.connect(self._reset)
        self.refresh()

    @property
    def overridden(self) -> bool:
        """Environment or command line win over what is entered here."""
        return self._settings.origin(self.setting.key).source in (Source.ENVIRONMENT, Source.COMMAND_LINE)

    def set_narrow(self, narrow: bool) -> None:
        """In a narrow window the editor stands below the words."""
        if self.setting.kind in _BELOW or self.editor.sizeHint().width() <= _SMALL_PX or narrow == self._narrow:
            return
        self._narrow = narrow
        if narrow:
            self._row.removeWidget(self.editor)
            self._whole.addWidget(self.editor, 0, Qt.AlignmentFlag.AlignLeft)
        else:
            self._whole.removeWidget(self.editor)
            self._row.insertWidget(1, self.editor, 0, Qt.AlignmentFlag.AlignTop)

    @property
    def unavailable(self) -> str:
        """Why it has no effect now, in English; empty where it has."""
        return why_not(self._settings, self.setting.key, self._provider())

    def refresh(self) -> None:
        self.editor.show_value(self._settings.get(self.setting.key))
        self.refresh_availability()
        self.retranslate()

    def refresh_availability(self) -> None:
        """Another setting, or the provider, may have ruled it out."""
        why = self.unavailable
        self.editor.setEnabled(not self.overridden and not why)
        self._title.setEnabled(not why)
        self._help.setEnabled(not why)
        self._say_reason()

    def _say_reason(self) -> None:
        said = self.unavailable or hint(self._settings, self.setting.key, self._provider())
        self._reason.setText(text.engine(said))
        self._reason.setVisible(bool(said))

    def retranslate(self) -> None:
        setting = self.setting
        self._title.setText(text.engine(setting.title))
        self._help.setText(self._help_words())
        self._help.setVisible(bool(setting.help))
        self._say_reason()
        self._reconnects.setText(translate("Settings", "A change needs a new connection."))
        self._reconnects.setVisible(setting.reconnects and setting.advanced)
        origin = self._settings.origin(setting.key)
        self._origin.setVisible(self.overridden)
        if origin.source is Source.COMMAND_LINE:
            self._origin.setText(translate("Settings", "Set on the command line for this run"))
        else:
            said = translate("Settings", "Set by the environment variable {name}")
            self._origin.setText(said.format(name=origin.name))
        back = translate("Settings", "Back to the default: {title}").format(title=text.engine(setting.title))
        self.back.setAccessibleName(back)
        self.back.setToolTip(translate("Settings", "Back to the default"))
        changed = origin.source is Source.FILE and setting.kind is not Kind.SECRET
        self.back.setEnabled(changed)
        policy = self.back.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.back.setSizePolicy(policy)
        self.back.setVisible(changed)

    def _help_words(self) -> str:
        """What the setting does, and what the choice that is made means."""
        setting = self.setting
        value = self._settings.get(setting.key) if setting.choices else ""
        chosen = next((choice.help for choice in setting.choices if choice.value == value), "")
        return "\n".join(text.engine(words) for words in (setting.help, chosen) if words)

    def matches(self, needle: str) -> bool:
        """Whether a search for ``needle`` (lower case) means this setting, in its own words or the file's."""
        setting = self.setting
        english = [setting.title, setting.help]
        for choice in setting.choices:
            english += [choice.title, choice.help]
        words = (setting.key, *english, *map(text.engine, english))
        return any(needle in word.lower() for word in words)

    def _changed(self, value: object) -> None:
        try:
            self._settings.set(self.setting.key, value)
        except ProviderError as error:
            self.failed.emit(error)
        self.refresh()

    def _reset(self) -> None:
        try:
            self._settings.reset(self.setting.key)
        except ProviderError as error:
            self.failed.emit(error)
        self.refresh()
