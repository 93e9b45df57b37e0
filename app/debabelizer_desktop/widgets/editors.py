"""One editor per kind of setting. Each shows a value and says when the user changed it; none knows where it is kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QStandardItemModel, QWheelEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QSpinBox,
    QVBoxLayout,
    QWidget,
    QWidgetAction,
)

from debabelizer.contract.settings import Kind, Setting
from debabelizer_desktop import text, theme
from debabelizer_desktop.text import translate
from debabelizer_desktop.widgets.chip import Chip
from debabelizer_desktop.widgets.common import Retranslated, button
from debabelizer_desktop.widgets.language_picker import LanguagePicker, summary

Option = tuple[str, str]
"""Value and title."""
WIDTH = 230
_WHOLE = 2_000_000_000


class Editor(Retranslated):
    """``changed`` carries the new value in the form of the setting's kind."""

    changed = Signal(object)

    def __init__(self, setting: Setting) -> None:
        super().__init__()
        self.setting = setting
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(0, 0, 0, 0)
        self.row.setSpacing(theme.SPACE_2)

    def show_value(self, value: Any) -> None:
        raise NotImplementedError

    def retranslate(self) -> None:
        title, help_ = text.engine(self.setting.title), text.engine(self.setting.help)
        for child in (self, self.focusProxy()):
            if child is not None:
                child.setAccessibleName(title)
                child.setAccessibleDescription(help_)

    def _hold(self, widget: QWidget, *, stretch: int = 0) -> None:
        self.row.addWidget(widget, stretch)
        self.setFocusProxy(widget)
        self.retranslate()


class BoolEditor(Editor):
    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self.box = QCheckBox()
        self.box.toggled.connect(self.changed.emit)
        self.row.addStretch(1)
        self._hold(self.box)

    def show_value(self, value: Any) -> None:
        with QSignalBlocker(self.box):
            self.box.setChecked(bool(value))


class _CalmSpin(QSpinBox):
    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


class _CalmDoubleSpin(QDoubleSpinBox):
    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


class CalmCombo(QComboBox):
    """Does not change when the page is scrolled past it, nor grow with its longest entry."""

    opened = Signal()
    """Its list is about to be looked at."""

    def __init__(self) -> None:
        super().__init__()
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(8)

    def grey(self, value: str, reason: str) -> None:
        """Shows an entry that can't be chosen, and why."""
        model, at = self.model(), self.findData(value)
        if isinstance(model, QStandardItemModel) and (entry := model.item(at)) is not None:
            entry.setEnabled(False)
            entry.setToolTip(reason)

    def showPopup(self) -> None:
        self.opened.emit()
        super().showPopup()

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


class NumberEditor(Editor):
    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        low, high = setting.minimum, setting.maximum
        self.spin: QSpinBox | QDoubleSpinBox
        if setting.kind is Kind.INT:
            self.spin = _CalmSpin()
            self.spin.setRange(int(low if low is not None else -_WHOLE), int(high if high is not None else _WHOLE))
        else:
            self.spin = _CalmDoubleSpin()
            self.spin.setDecimals(2)
            self.spin.setSingleStep(0.1)
            self.spin.setRange(low if low is not None else -1e9, high if high is not None else 1e9)
        self.spin.setKeyboardTracking(False)
        self.spin.setFixedWidth(130)
        self.spin.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.spin.valueChanged.connect(self.changed.emit)
        self.row.addStretch(1)
        self._hold(self.spin)

    def show_value(self, value: Any) -> None:
        with QSignalBlocker(self.spin):
            if isinstance(self.spin, QSpinBox):
                self.spin.setValue(int(value))
            else:
                self.spin.setValue(float(value))

    def retranslate(self) -> None:
        super().retranslate()
        if self.setting.unit and hasattr(self, "spin"):
            self.spin.setSuffix(f" {text.engine(self.setting.unit)}")


class TextEditor(Editor):
    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self.line = QLineEdit()
        self.line.setMinimumWidth(WIDTH if setting.kind is not Kind.PATH else WIDTH - 100)
        self.line.editingFinished.connect(self._done)
        self._shown = ""
        self._hold(self.line, stretch=1)
        if setting.kind is Kind.PATH:
            self.browse = button(self._browse)
            self.row.addWidget(self.browse)
            self.retranslate()

    def show_value(self, value: Any) -> None:
        self._shown = str(value or "")
        self.line.setText(self._shown)

    def _done(self) -> None:
        if self.line.text() != self._shown:
            self._shown = self.line.text()
            self.changed.emit(self._shown)

    def _browse(self) -> None:
        dialog = QFileDialog(self)
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setDirectory(self.line.text() or str(Path.home()))
        dialog.fileSelected.connect(self._browsed)
        dialog.open()

    def _browsed(self, path: str) -> None:
        self.line.setText(path)
        self._done()

    def retranslate(self) -> None:
        super().retranslate()
        if hasattr(self, "browse"):
            self.browse.setText(translate("Settings", "Browse…"))


class ChoiceEditor(Editor):
    """For choices, providers and microphones: ``options`` says what there is, now and at each opening."""

    def __init__(self, setting: Setting, options: Callable[[], Sequence[Option]]) -> None:
        super().__init__(setting)
        self._options = options
        self._value = ""
        self.combo = CalmCombo()
        self.combo.setMinimumWidth(WIDTH)
        self.combo.activated.connect(self._chosen)
        self._hold(self.combo, stretch=1)

    def show_value(self, value: Any) -> None:
        self._value = str(value or "")
        self.refill()

    def refill(self) -> None:
        with QSignalBlocker(self.combo):
            self.combo.clear()
            for value, title in self._options():
                self.combo.addItem(title, value)
            for choice in self.setting.choices:
                if choice.missing:
                    self.combo.grey(choice.value, text.engine(choice.missing))
            at = self.combo.findData(self._value)
            if at < 0:
                self.combo.addItem(self._value, self._value)
                at = self.combo.count() - 1
            self.combo.setCurrentIndex(at)

    def _chosen(self) -> None:
        self._value = str(self.combo.currentData())
        self.changed.emit(self._value)

    def retranslate(self) -> None:
        super().retranslate()
        if hasattr(self, "combo"):
            self.refill()


class ListEditor(Editor):
    """One entry per line."""

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self.edit = _LinesEdit()
        self.edit.setMinimumWidth(WIDTH)
        self.edit.setFixedHeight(110)
        self.edit.setTabChangesFocus(True)
        self.edit.left.connect(self._done)
        self._shown: tuple[str, ...] = ()
        self._hold(self.edit, stretch=1)

    def show_value(self, value: Any) -> None:
        self._shown = tuple(value or ())
        self.edit.setPlainText("\n".join(self._shown))

    def _done(self) -> None:
        entered = tuple(line.strip() for line in self.edit.toPlainText().splitlines() if line.strip())
        if entered != self._shown:
            self._shown = entered
            self.changed.emit(list(entered))

    def retranslate(self) -> None:
        super().retranslate()
        if hasattr(self, "edit"):
            self.edit.setPlaceholderText(translate("Settings", "One entry per line"))


class _LinesEdit(QPlainTextEdit):
    left = Signal()

    def focusOutEvent(self, event: Any) -> None:
        super().focusOutEvent(event)
        self.left.emit()


class LanguagesEditor(Editor):
    def __init__(self, setting: Setting, offered: Callable[[], Sequence[str]]) -> None:
        super().__init__(setting)
        self._offered = offered
        self._value: tuple[str, ...] = ()
        self.chip = Chip(widest=WIDTH)
        self.chip.setMinimumWidth(WIDTH)
        self.picker = LanguagePicker()
        holder = QWidgetAction(self)
        holder.setDefaultWidget(self.picker)
        menu = self.chip.menu()
        assert menu is not None
        menu.addAction(holder)
        menu.aboutToShow.connect(self._fill)
        self.picker.changed.connect(self._picked)
        self._hold(self.chip, stretch=1)

    def show_value(self, value: Any) -> None:
        self._value = tuple(value or ())
        self.chip.show_choice(summary(self._value))

    def _fill(self) -> None:
        with QSignalBlocker(self.picker):
            self.picker.fill(self._offered(), self._value)

    def _picked(self, tags: tuple[str, ...]) -> None:
        self.show_value(tags)
        self.changed.emit(list(tags))

    def retranslate(self) -> None:
        super().retranslate()
        if hasattr(self, "chip"):
            self.chip.show_choice(summary(self._value))


class SecretEditor(Editor):
    """Never shows the secret it has: it says whether there is one, takes a new one, forgets it."""

    cleared = Signal()

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self._there = False
        column = QVBoxLayout()
        column.setSpacing(theme.SPACE_2)
        self.line = QLineEdit()
        self.line.setEchoMode(QLineEdit.EchoMode.Password)
        self.line.setMinimumWidth(WIDTH)
        self.line.returnPressed.connect(self._keep)
        buttons = QHBoxLayout()
        buttons.setSpacing(theme.SPACE_2)
        self.keep = button(self._keep, primary=True)
        self.keep.setEnabled(False)
        self.line.textChanged.connect(lambda words: self.keep.setEnabled(bool(words.strip())))
        self.forget = button(self.cleared.emit)
        buttons.addStretch(1)
        buttons.addWidget(self.forget)
        buttons.addWidget(self.keep)
        column.addWidget(self.line)
        column.addLayout(buttons)
        self.row.addLayout(column, 1)
        self.setFocusProxy(self.line)
        self.retranslate()

    def show_value(self, value: Any) -> None:
        self._there = bool(value)
        self.line.clear()
        self.forget.setVisible(self._there)
        self.retranslate()

    def _keep(self) -> None:
        entered = self.line.text().strip()
        if entered:
            self.line.clear()
            self.changed.emit(entered)

    def retranslate(self) -> None:
        super().retranslate()
        self.keep.setText(translate("Settings", "Keep the key"))
        self.forget.setText(translate("Settings", "Forget"))
        there = translate("Settings", "A key is kept; enter another to replace it")
        self.line.setPlaceholderText(there if self._there else translate("Settings", "Paste the key here"))
