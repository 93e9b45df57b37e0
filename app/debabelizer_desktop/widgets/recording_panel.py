"""The recordings that are chosen in the list: the text, what went wrong, and what can be done."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QSizePolicy, QVBoxLayout

from debabelizer.errors import Remedy
from debabelizer.recordings.choices import Choices
from debabelizer.recordings.item import RecordingItem, RecordingState
from debabelizer_desktop import theme
from debabelizer_desktop.models.recordings import name, state
from debabelizer_desktop.text import engine, translate
from debabelizer_desktop.widgets.common import Retranslated, button, label
from debabelizer_desktop.widgets.error_strip import ErrorStrip
from debabelizer_desktop.widgets.icons import Symbol

_LONGEST_PARAGRAPH = 600
"""Characters."""
_AGAIN = (Remedy.RETRY, Remedy.CHECK_NETWORK, Remedy.WAIT)


class RecordingPanel(Retranslated):
    again = Signal()
    first = Signal()
    cancel = Signal()
    remove = Signal()
    copy = Signal()
    save = Signal()
    open_folder = Signal()
    remedy_wanted = Signal(object, object)
    """Remedy and the ProviderError it is for."""

    def __init__(self) -> None:
        super().__init__()
        self._items: tuple[RecordingItem, ...] = ()
        self._live = ""
        self._choices = Choices()
        self.title = label("Heading")
        self.title.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.strip = ErrorStrip()
        self.strip.remedy_chosen.connect(self._remedy)
        self.text = QPlainTextEdit()
        self.text.setObjectName("Text")
        self.text.setReadOnly(True)
        self.text.setTabChangesFocus(True)
        self.text.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.text.document().setDocumentMargin(0)
        self.again_button = button(self.again.emit, symbol=Symbol.RETRY)
        self.first_button = button(self.first.emit)
        self.cancel_button = button(self.cancel.emit, symbol=Symbol.CLOSE)
        self.copy_button = button(self.copy.emit)
        self.save_button = button(self.save.emit)
        self.folder_button = button(self.open_folder.emit, symbol=Symbol.FOLDER, quiet=True)
        self.remove_button = button(self.remove.emit, symbol=Symbol.TRASH, quiet=True)
        self._arrange()
        self.retranslate()

    def _arrange(self) -> None:
        foot = QHBoxLayout()
        foot.setSpacing(theme.SPACE_2)
        for iconic in (self.remove_button, self.folder_button):
            iconic.setFixedWidth(40)
            iconic.setStyleSheet("padding: 0;")
            foot.addWidget(iconic)
        foot.addStretch(1)
        for made in (self.first_button, self.cancel_button, self.again_button, self.copy_button, self.save_button):
            foot.addWidget(made)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.SPACE_4, theme.SPACE_3, theme.SPACE_4, theme.SPACE_3)
        column.setSpacing(theme.SPACE_2)
        column.addWidget(self.title)
        column.addWidget(self.strip)
        column.addWidget(self.text, 1)
        column.addLayout(foot)

    # ---------------------------------------------------------------------------------------------- showing

    @property
    def items(self) -> tuple[RecordingItem, ...]:
        return self._items

    def set_choices(self, choices: Choices) -> None:
        """What counts for whatever is done from now on."""
        self._choices = choices
        self.retranslate()

    def show_items(self, items: Sequence[RecordingItem]) -> None:
        """Others than before, or the same as they are now; their text comes by :meth:`show_text`."""
        before, self._items = self._items, tuple(items)
        if [item.path for item in before] != [item.path for item in items]:
            self.show_text("")
            self.strip.dismiss()
        if len(items) == 1:
            self._show_trouble(items[0])
            if items[0].progress is not None and items[0].progress.text:
                self.show_text(items[0].progress.text)
        self.retranslate()

    def _show_trouble(self, item: RecordingItem) -> None:
        if item.error is not None:
            if item.error is not self.strip.error:
                self.strip.show_error(item.error)
        elif item.notices:
            self.strip.show_notice(lambda: " ".join(map(engine, item.notices)))
        else:
            self.strip.dismiss()

    def show_text(self, words: str) -> None:
        """What is there already stays as it is, and where it is: somebody may be reading it."""
        if words == self._live:
            return
        bar = self.text.verticalScrollBar()
        place, follows = bar.value(), bar.value() == bar.maximum() > 0
        if self._live and words.startswith(self._live):
            self._append(words[len(self._live) :])
        else:
            self.text.setPlainText(words)
        bar.setValue(bar.maximum() if follows else place)
        self._live = words
        self._enable()

    def _append(self, more: str) -> None:
        """What comes in hours is no single paragraph: that would be laid out anew with each word."""
        cursor = QTextCursor(self.text.document())
        cursor.movePosition(QTextCursor.MoveOperation.End)
        if cursor.block().length() > _LONGEST_PARAGRAPH:
            cursor.insertBlock()
            more = more.lstrip()
        cursor.insertText(more)

    def retranslate(self) -> None:
        first = self._items[0] if self._items else None
        if first is None:
            self.title.setText("")
        elif len(self._items) == 1:
            self.title.setText(name(first))
            self.title.setToolTip(first.path)
        else:
            words = translate("Recordings", "Recordings: {count}").format(count=len(self._items))
            self.title.setText(words)
            self.title.setToolTip("")
        self.again_button.setText(self._again_words())
        self.first_button.setText(translate("Recordings", "Do first"))
        self.first_button.setToolTip(translate("Recordings", "Before all others that wait"))
        self.cancel_button.setText(translate("Recordings", "Stop"))
        self.copy_button.setText(translate("Main", "Copy"))
        self.save_button.setText(translate("Recordings", "Save as…"))
        for iconic, words in (
            (self.folder_button, translate("Recordings", "Open the folder of the recording")),
            (self.remove_button, translate("Recordings", "Remove from the list")),
        ):
            iconic.setToolTip(words)
            iconic.setAccessibleName(words)
        self.setAccessibleName(translate("Recordings", "Chosen recording"))
        self.text.setAccessibleName(translate("Main", "Transcript"))
        self.text.setPlaceholderText(state(first) if first is not None and first.error is None else "")
        self._enable()

    def _again_words(self) -> str:
        broken_off = [item for item in self._items if item.state in (RecordingState.FAILED, RecordingState.STOPPED)]
        if broken_off and all(item.settled and item.choices == self._choices for item in broken_off):
            return translate("Recordings", "Go on")
        if broken_off:
            return translate("History", "Retry")
        if any(item.over for item in self._items):
            return translate("Recordings", "Do it again")
        return translate("Recordings", "As chosen above")

    def _can_be_done_otherwise(self, item: RecordingItem) -> bool:
        return item.over or (item.state is RecordingState.WAITING and item.choices != self._choices)

    def _enable(self) -> None:
        some = bool(self._items)
        busy = any(not item.over for item in self._items)
        has_text = any(item.has_text for item in self._items)
        self.first_button.setVisible(any(map(_can_come_first, self._items)))
        self.cancel_button.setVisible(busy)
        self.again_button.setVisible(any(map(self._can_be_done_otherwise, self._items)))
        begun = has_text or any(item.state is not RecordingState.WAITING for item in self._items)
        for made in (self.copy_button, self.save_button):  # else their room is for others
            made.setVisible(begun or not some)
        self.copy_button.setEnabled(has_text or bool(self._live))
        self.save_button.setEnabled(has_text)
        self.folder_button.setEnabled(len({str(Path(item.path).parent) for item in self._items}) == 1)
        self.remove_button.setEnabled(some)

    def _remedy(self, remedy: Remedy) -> None:
        if remedy in _AGAIN:
            self.again.emit()
        else:
            self.remedy_wanted.emit(remedy, self.strip.error)


def _can_come_first(item: RecordingItem) -> bool:
    return item.state is RecordingState.WAITING and not item.first
