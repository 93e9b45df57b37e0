"""All settings, made from the settings table: one heading per group, one row per setting, a search over everything."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from debabelizer.audio.capture import Microphone
from debabelizer.config import Settings
from debabelizer.contract.description import ProviderDescription
from debabelizer.contract.settings import Kind, Setting
from debabelizer_desktop import text, theme
from debabelizer_desktop.bridge import Bridge
from debabelizer_desktop.text import translate
from debabelizer_desktop.widgets.common import Retranslated, card, label, line
from debabelizer_desktop.widgets.editor_choice import EditorChoice
from debabelizer_desktop.widgets.error_strip import ErrorStrip
from debabelizer_desktop.widgets.hotkey_recorder import HotkeyRecorder
from debabelizer_desktop.widgets.provider_panel import ProviderPanel
from debabelizer_desktop.widgets.secret_place import SecretPlacePanel
from debabelizer_desktop.widgets.setting_row import SettingRow

PROVIDERS = "providers."
NARROW_PX = 700
"""Below this width of the page the editors stand under their words."""


class SettingsPage(Retranslated):
    recording_hotkey = Signal(bool)
    """A field listens for a key: give the global ones back meanwhile."""

    def __init__(self, settings: Settings, bridge: Bridge, microphones: Sequence[Microphone]) -> None:
        super().__init__()
        self.setObjectName("Page")
        self._settings, self._bridge = settings, bridge
        self._editors = EditorChoice(settings, list(microphones))
        self.rows: dict[str, SettingRow] = {}
        self.panels: dict[str, ProviderPanel] = {}
        self._sections: dict[str, _Section] = {}
        self._groups = list(dict.fromkeys(setting.group for setting in settings.table))
        self._title = label("Title")
        self.search = QLineEdit()
        self.search.setClearButtonEnabled(True)
        self.search.setMaximumWidth(280)
        self.search.textChanged.connect(self._filter)
        self.strip = ErrorStrip()
        self.list = QListWidget()
        self.list.setObjectName("Groups")
        self.list.setFixedWidth(176)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setWordWrap(True)
        self.list.currentRowChanged.connect(self._group_chosen)
        bridge.session_started.connect(lambda _: self._provider_changed())
        self._arrange()
        for group in self._groups:
            item = QListWidgetItem()
            item.setData(Qt.ItemDataRole.UserRole, group)
            self.list.addItem(item)
        self.retranslate()
        self.list.setCurrentRow(0)

    def _arrange(self) -> None:
        head = QHBoxLayout()
        head.addWidget(self._title)
        head.addStretch(1)
        head.addWidget(self.search, 1)
        inner = QWidget()
        self._column = QVBoxLayout(inner)
        self._column.setContentsMargins(0, 0, theme.SPACE_2, 0)
        self._column.setSpacing(theme.SPACE_4)
        self._nothing = label("Sentence", wrap=True)
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._nothing.hide()
        self._column.addWidget(self._nothing)
        self._column.addStretch(1)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setWidget(inner)
        body = QHBoxLayout()
        body.setSpacing(theme.SPACE_4)
        body.addWidget(self.list)
        body.addWidget(self._scroll, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.SPACE_6, 20, theme.SPACE_4, 0)
        column.setSpacing(theme.SPACE_4)
        column.addLayout(head)
        column.addWidget(self.strip)
        column.addLayout(body, 1)

    # ---------------------------------------------------------------------------------------------- sections

    def section(self, group: str) -> _Section:
        """The rows of one heading; made when first looked at."""
        found = self._sections.get(group)
        if found is None:
            found = self._sections[group] = _Section(group)
            found.hide()
            members = [setting for setting in self._settings.table if setting.group == group]
            self._add_panel(found, members)
            for setting in members:
                found.add(self._row(setting), setting.section)
            self._column.insertWidget(self._column.count() - 1, found)
        return found

    def _add_panel(self, section: _Section, members: list[Setting]) -> None:
        from debabelizer import registry

        names = {setting.key.split(".")[1] for setting in members if setting.key.startswith(PROVIDERS)}
        for name in names:
            described = registry.find(name)
            if described is not None:
                panel = self.panels[name] = ProviderPanel(described, self._settings, self._bridge)
                panel.failed.connect(self.strip.show_error)
                section.add(panel)
        if any(setting.key == "secrets.store" or setting.kind is Kind.SECRET for setting in members):
            section.add(SecretPlacePanel(self._settings, self._bridge))

    def _row(self, setting: Setting) -> SettingRow:
        editor = self._editors.make(setting)
        row = SettingRow(self._settings, editor, self._provider)
        row.failed.connect(self.strip.show_error)
        if isinstance(editor, HotkeyRecorder):
            editor.recording.connect(self.recording_hotkey)
        row.set_narrow(self.width() < NARROW_PX)
        self.rows[setting.key] = row
        return row

    def _provider(self) -> ProviderDescription | None:
        """The one in force: of the user, or of the present connection."""
        from debabelizer import registry

        name = self._settings.get("provider") or self._bridge.provider
        return registry.find(name) if name else None

    def _provider_changed(self) -> None:
        for row in self.rows.values():
            row.refresh_availability()

    def resizeEvent(self, event: QResizeEvent) -> None:
        for row in self.rows.values():
            row.set_narrow(event.size().width() < NARROW_PX)
        super().resizeEvent(event)

    def _group_chosen(self, index: int) -> None:
        if index < 0:
            return
        if self.search.text():
            self.search.clear()
        chosen = self._groups[index]
        shown = self.section(chosen)
        for section in self._sections.values():
            section.setVisible(section is shown)
        shown.show_all()
        self._nothing.hide()
        self._scroll.verticalScrollBar().setValue(0)

    def _filter(self, words: str) -> None:
        needle = words.strip().lower()
        if not needle:
            if self.list.currentRow() >= 0:
                self._group_chosen(self.list.currentRow())
            return
        found = False
        for group in self._groups:
            section = self.section(group)
            any_here = section.show_matching(needle)
            section.setVisible(any_here)
            found = found or any_here
        self._nothing.setVisible(not found)

    # ----------------------------------------------------------------------------------------------- outside

    def show_setting(self, key: str) -> None:
        """Open the heading that holds ``key`` and put the cursor there."""
        setting = next((s for s in self._settings.table if s.key == key), None)
        if setting is None:
            return
        self.list.setCurrentRow(self._groups.index(setting.group))
        self._group_chosen(self.list.currentRow())
        row = self.rows[key]
        row.editor.setFocus()
        QTimer.singleShot(0, row, lambda: self._scroll.ensureWidgetVisible(row))

    def show_provider(self, name: str) -> None:
        first = next((s for s in self._settings.table if s.key.startswith(f"{PROVIDERS}{name}.")), None)
        if first is None:
            self.show_setting("provider")
        else:
            self.list.setCurrentRow(self._groups.index(first.group))

    def setting_changed(self, key: str) -> None:
        row = self.rows.get(key)
        if row is not None:
            row.refresh()
        for other in self.rows.values():
            if other is not row:
                other.refresh_availability()
        if key == "provider" or key.startswith(PROVIDERS):
            self._refresh_order()

    def _refresh_order(self) -> None:
        """Who could stand in depends on keys, models, and on who listens."""
        row = self.rows.get("session.failover")
        if row is not None:
            row.refresh()

    def set_microphones(self, known: Sequence[Microphone]) -> None:
        self._editors.microphones = list(known)
        row = self.rows.get("microphone")
        if row is not None:
            row.refresh()

    def retranslate(self) -> None:
        self._title.setText(translate("Settings", "Settings"))
        self.setAccessibleName(translate("Settings", "Settings"))
        self.search.setPlaceholderText(translate("Settings", "Search settings"))
        self.search.setAccessibleName(translate("Settings", "Search settings"))
        self.list.setAccessibleName(translate("Settings", "Groups of settings"))
        self._nothing.setText(translate("Settings", "No setting is called that."))
        for index in range(self.list.count()):
            item = self.list.item(index)
            item.setText(text.engine(self._groups[index]))
            item.setToolTip(item.text())


class _Section(Retranslated):
    """A heading of the list on the left and its rows on one card, some of them under headings of their own."""

    def __init__(self, group: str) -> None:
        super().__init__()
        self._group = group
        self._rows: list[tuple[QWidget, QFrame | None, str]] = []
        self._headings: dict[str, QLabel] = {}
        frame = card()
        self._column = QVBoxLayout(frame)
        self._column.setContentsMargins(20, theme.SPACE_2, theme.SPACE_3, theme.SPACE_2)
        self._column.setSpacing(0)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, theme.SPACE_4)
        outer.addWidget(frame)
        self.retranslate()

    def add(self, row: QWidget, heading: str = "") -> None:
        """``heading``: that under which it stands, in English."""
        rule = line() if self._rows else None
        if rule is not None:
            self._column.addWidget(rule)
        if heading and heading not in self._headings:
            made = self._headings[heading] = label("Section")
            made.setIndent(0)
            made.setText(text.engine(heading))
            self._column.addWidget(made)
        self._column.addWidget(row)
        self._rows.append((row, rule, heading))

    def show_all(self) -> None:
        self._show([row for row, _, _ in self._rows])

    def show_matching(self, needle: str) -> bool:
        fitting = [row for row, _, _ in self._rows if isinstance(row, SettingRow) and row.matches(needle)]
        self._show(fitting)
        return bool(fitting)

    def _show(self, shown: Sequence[QWidget]) -> None:
        headed = {heading for row, _, heading in self._rows if row in shown}
        for heading, made in self._headings.items():
            made.setVisible(heading in headed)
        for row, rule, _ in self._rows:
            row.setVisible(row in shown)
            if rule is not None:
                rule.setVisible(row in shown and row is not shown[0])

    def retranslate(self) -> None:
        self.setAccessibleName(text.engine(self._group))
        for heading, made in self._headings.items():
            made.setText(text.engine(heading))
