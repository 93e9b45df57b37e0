"""Recordings to text: how, the list of them, and the text of what is chosen there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QModelIndex, QPoint, QStandardPaths, Qt, QTimer, QUrl, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QDesktopServices,
    QGuiApplication,
    QKeySequence,
    QResizeEvent,
    QShortcut,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFileDialog,
    QHBoxLayout,
    QListView,
    QMenu,
    QSplitter,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from debabelizer.config import Settings
from debabelizer.recordings.item import RecordingItem, RecordingState
from debabelizer_desktop import theme
from debabelizer_desktop.bridge import Bridge
from debabelizer_desktop.export import form_of
from debabelizer_desktop.memory import Memory
from debabelizer_desktop.models.recordings import name, state
from debabelizer_desktop.recordings import Recordings
from debabelizer_desktop.text import translate
from debabelizer_desktop.widgets.common import Retranslated, button, card, label
from debabelizer_desktop.widgets.empty_recordings import EmptyRecordings
from debabelizer_desktop.widgets.error_strip import ErrorStrip
from debabelizer_desktop.widgets.export_dialog import export_dialog
from debabelizer_desktop.widgets.icons import Symbol, icon
from debabelizer_desktop.widgets.recording_choices import RecordingChoices
from debabelizer_desktop.widgets.recording_panel import RecordingPanel
from debabelizer_desktop.widgets.recording_row import RecordingRow


class RecordingsPage(Retranslated):
    remedy_wanted = Signal(object, object)
    """Remedy and the ProviderError it is for."""

    def __init__(self, recordings: Recordings, settings: Settings, memory: Memory, bridge: Bridge) -> None:
        super().__init__()
        self.setObjectName("Page")
        self._recordings, self._memory = recordings, memory
        self._dialog: QFileDialog | None = None
        self._wanted: list[str] = []
        """Paths to choose in the list once they are there."""
        self.choices = RecordingChoices(settings, memory, bridge)
        self.add_button = button(self.ask_files, symbol=Symbol.ADD, primary=True)
        self.more = QToolButton()
        self.more.setProperty("quiet", True)
        self.more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.strip = ErrorStrip()
        self.far = label("Secondary")
        self.empty = EmptyRecordings()
        self.list = QListView()
        self.panel = RecordingPanel()
        self._arrange()
        self._fill_menus()
        self._wire()
        self.retranslate()
        self._count_changed()
        self.list.setCurrentIndex(recordings.model.index(0))

    def _arrange(self) -> None:
        self.list.setModel(self._recordings.model)
        self.list.setItemDelegate(RecordingRow(self.list))
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.list.setUniformItemSizes(True)
        self.list.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.list.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.list.setMinimumHeight(78)
        head = QHBoxLayout()
        head.setSpacing(theme.SPACE_2)
        head.addWidget(self.choices, 1)
        head.addWidget(self.add_button)
        head.addWidget(self.more)
        below = card()
        inside = QVBoxLayout(below)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.addWidget(self.panel)
        self._split = QSplitter(Qt.Orientation.Vertical)
        self._split.setChildrenCollapsible(False)
        self._split.setHandleWidth(theme.SPACE_4)
        self._split.addWidget(self.list)
        self._split.addWidget(below)
        self._split.setStretchFactor(1, 1)
        self._split.setSizes([214, 300])
        nothing = card()
        around = QVBoxLayout(nothing)
        around.setContentsMargins(0, 0, 0, 0)
        around.addWidget(self.empty)
        self._stack = QStackedWidget()
        self._stack.addWidget(nothing)
        self._stack.addWidget(self._split)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.SPACE_6, 20, theme.SPACE_6, 20)
        column.setSpacing(theme.SPACE_4)
        column.addLayout(head)
        column.addWidget(self.strip)
        column.addWidget(self.far)
        column.addWidget(self._stack, 1)

    def _fill_menus(self) -> None:
        menu = QMenu(self.more)
        self.more.setMenu(menu)
        self.folder_action = menu.addAction("", self.ask_folder)
        menu.addSeparator()
        self.retry_failed_action = menu.addAction("", self._retry_failed)
        self.remove_done_action = menu.addAction("", self._remove_done)
        menu.aboutToShow.connect(self._enable_more)
        theme.theme().changed.connect(self._restyle)
        self._restyle()

    def _wire(self) -> None:
        model, panel = self._recordings.model, self.panel
        counting, going = self._soon(self._count_changed), self._soon(self._show_far)
        for count in (model.rowsInserted, model.rowsRemoved):
            count.connect(lambda *_: counting.start())
        model.rowsInserted.connect(lambda *_: self._choose_wanted())
        model.dataChanged.connect(lambda *_: going.start())
        model.dataChanged.connect(lambda changed, *_: self._show_changed(changed))
        model.ended.connect(self._ended)
        self.choices.settled.connect(self._fit)
        self.choices.changed.connect(lambda: panel.set_choices(self.choices.choices))
        panel.set_choices(self.choices.choices)
        self.list.selectionModel().selectionChanged.connect(lambda *_: self._show_chosen(fresh=True))
        self.list.customContextMenuRequested.connect(self._open_menu)
        self._recordings.added.connect(self._added)
        self._recordings.failed.connect(self.strip.show_error)
        self.strip.remedy_chosen.connect(lambda remedy: self.remedy_wanted.emit(remedy, self.strip.error))
        self.empty.files_wanted.connect(self.ask_files)
        self.empty.folder_wanted.connect(self.ask_folder)
        panel.again.connect(self._again)
        panel.first.connect(lambda: self._recordings.first(self._paths()))
        panel.cancel.connect(self._cancel)
        panel.remove.connect(self._remove)
        panel.copy.connect(self._copy)
        panel.save.connect(self.ask_save)
        panel.open_folder.connect(self._open_folder)
        panel.remedy_wanted.connect(self.remedy_wanted)
        QShortcut(QKeySequence("Ctrl+O"), self, self.ask_files)
        for keys, act in ((QKeySequence.StandardKey.Delete, self._remove), (QKeySequence.StandardKey.Copy, self._copy)):
            QShortcut(QKeySequence(keys), self.list, act, context=Qt.ShortcutContext.WidgetShortcut)

    def _soon(self, work: Callable[[], object]) -> QTimer:
        """Once for all that come together."""
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(0)
        timer.timeout.connect(work)
        return timer

    # ---------------------------------------------------------------------------------------------- showing

    def _restyle(self) -> None:
        self.more.setIcon(icon(Symbol.MORE, size=24))
        self.folder_action.setIcon(icon(Symbol.FOLDER))
        self.retry_failed_action.setIcon(icon(Symbol.RETRY))
        self.remove_done_action.setIcon(icon(Symbol.TRASH))

    def retranslate(self) -> None:
        self.setAccessibleName(translate("Main", "Recordings"))
        self.list.setAccessibleName(translate("Main", "Recordings"))
        self.add_button.setAccessibleName(translate("Recordings", "Add files…"))
        self.add_button.setToolTip(translate("Recordings", "Add files…"))
        self._fit()
        self.folder_action.setText(translate("Recordings", "Add a folder…"))
        self.retry_failed_action.setText(translate("Recordings", "Retry all that failed"))
        self.remove_done_action.setText(translate("Recordings", "Remove all that are done"))
        more = translate("Main", "More")
        self.more.setAccessibleName(more)
        self.more.setToolTip(more)
        self.list.viewport().update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._fit()

    def _fit(self) -> None:
        """Where there is no room for its words the button has its sign alone."""
        made, words = self.add_button, self.add_button.accessibleName()
        room = self.width() - 2 * theme.SPACE_6 - self.choices.sizeHint().width() - self.more.sizeHint().width()
        iconic = room < made.fontMetrics().horizontalAdvance(words) + 60
        made.setText("" if iconic else words)
        made.setMaximumWidth(40 if iconic else 16777215)
        made.setStyleSheet("padding: 0; min-width: 38px;" if iconic else "")

    def setting_changed(self, key: str) -> None:
        if key.startswith(("providers.", "selection.", "budget.", "files.")) or key in ("provider", "languages"):
            self.choices.refresh()

    def _enable_more(self) -> None:
        states = {item.state for item in self._recordings.model.items}
        self.retry_failed_action.setEnabled(RecordingState.FAILED in states)
        self.remove_done_action.setEnabled(RecordingState.DONE in states)

    def _count_changed(self) -> None:
        some = self._recordings.model.rowCount() > 0
        self._stack.setCurrentIndex(int(some))
        for made in (self.add_button, self.more):  # the empty page has its own
            made.setVisible(some)
        self._show_far()

    def _show_far(self) -> None:
        done, total = self._recordings.far
        self.far.setVisible(total > 1)
        self.far.setText(translate("Recordings", "Recordings done: {done} of {total}").format(done=done, total=total))

    def _show_changed(self, changed: QModelIndex) -> None:
        if self.list.selectionModel().isSelected(changed):
            self._show_chosen(fresh=False)

    def chosen(self) -> list[RecordingItem]:
        """In the order of the list."""
        rows = sorted(index.row() for index in self.list.selectionModel().selectedIndexes())
        return [item for row in rows if (item := self._recordings.model.item(row)) is not None]

    def _show_chosen(self, *, fresh: bool) -> None:
        """``fresh``: other ones are chosen, so their texts are to be read."""
        items = self.chosen()
        self.panel.show_items(items)
        if fresh:
            self._read(items)

    def _read(self, items: Sequence[RecordingItem]) -> None:
        paths = [item.path for item in items if item.has_text]
        if paths:
            self._recordings.read(paths, self, lambda words: self._show_read(paths, words))

    def _show_read(self, paths: list[str], words: str) -> None:
        """If it is still wanted, and nothing newer is there."""
        items = self.chosen()
        if [item.path for item in items if item.has_text] == paths and not any(_talks(item) for item in items):
            self.panel.show_text(words)

    def _ended(self, item: RecordingItem) -> None:
        if QAccessible.isActive():
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, f"{name(item)}: {state(item)}"))
        if item.has_text and item.path in [one.path for one in self.chosen()]:
            self._read(self.chosen())

    def _added(self, paths: list[str]) -> None:
        self._wanted = paths
        self.strip.dismiss()
        self._choose_wanted()

    def _choose_wanted(self) -> None:
        """The first of what was added last, as soon as the list shows it."""
        row = self._recordings.model.row(self._wanted[0]) if self._wanted else None
        if row is not None:
            self._wanted = []
            self.list.setCurrentIndex(self._recordings.model.index(row))

    # ----------------------------------------------------------------------------------------------- adding

    def add(self, names: Sequence[str]) -> None:
        self._recordings.add(names, self.choices.choices)

    def ask_files(self) -> None:
        """Opens the file dialog; nothing waits for it."""
        self._ask(translate("Recordings", "Add recordings"), QFileDialog.FileMode.ExistingFiles)

    def ask_folder(self) -> None:
        self._ask(translate("Recordings", "Add a folder of recordings"), QFileDialog.FileMode.Directory)

    def _ask(self, title: str, mode: QFileDialog.FileMode) -> None:
        dialog = QFileDialog(self, title)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(mode)
        dialog.setDirectory(self._folder())
        dialog.filesSelected.connect(self.add)
        self._dialog = dialog
        dialog.open()

    def _folder(self) -> str:
        newest = self._recordings.model.item(0)
        if newest is not None and Path(newest.path).parent.is_dir():
            return str(Path(newest.path).parent)
        return QStandardPaths.writableLocation(QStandardPaths.StandardLocation.HomeLocation)

    # ---------------------------------------------------------------------------------------------- actions

    def _paths(self) -> list[str]:
        return [item.path for item in self.chosen()]

    def _again(self) -> None:
        self._recordings.again(self._paths(), self.choices.choices)

    def _cancel(self) -> None:
        self._recordings.cancel(self._paths())

    def _remove(self) -> None:
        self._recordings.remove(self._paths())

    def _retry_failed(self) -> None:
        failed = [item.path for item in self._recordings.model.items if item.state is RecordingState.FAILED]
        self._recordings.again(failed, self.choices.choices)

    def _remove_done(self) -> None:
        done = [item.path for item in self._recordings.model.items if item.state is RecordingState.DONE]
        self._recordings.remove(done)

    def _copy(self) -> None:
        chosen = self.panel.text.textCursor().selectedText().replace("\u2029", "\n")
        QGuiApplication.clipboard().setText(chosen or self.panel.text.toPlainText())

    def _open_folder(self) -> None:
        for path in self._paths()[:1]:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(Path(path).parent)))

    def ask_save(self) -> None:
        """One text as a file; several in a folder, in the form that was used last."""
        items = [item for item in self.chosen() if item.has_text]
        if len(items) == 1:
            path = Path(items[0].path)
            form = self._memory.form
            self._dialog = export_dialog(self, str(path.parent), f"{path.stem}.{form}", self.save, form)
        elif items:
            dialog = QFileDialog(self, translate("Recordings", "Save the texts in a folder"))
            dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            dialog.setFileMode(QFileDialog.FileMode.Directory)
            dialog.setDirectory(str(Path(items[0].path).parent))
            dialog.fileSelected.connect(self.save_all)
            self._dialog = dialog
            dialog.open()

    def save(self, target: str) -> None:
        form = form_of(Path(target))
        self._memory.set_form(form)
        self._recordings.save({item.path: Path(target) for item in self.chosen()[:1]}, form)

    def save_all(self, folder: str) -> None:
        """Beside whatever is there."""
        from debabelizer.recordings.found import name_of_text

        form = self._memory.form
        targets: dict[str, Path] = {}
        for path in (Path(item.path) for item in self.chosen() if item.has_text):
            wanted = Path(folder, name_of_text(path))
            names = [Path(f"{wanted}.{form}"), *(Path(f"{wanted} ({n}).{form}") for n in range(2, 1000))]
            targets[str(path)] = next(one for one in names if one not in targets.values() and not one.exists())
        self._recordings.save(targets, form)

    def _open_menu(self, place: QPoint) -> None:
        menu = QMenu(self.list)
        for made in (
            self.panel.first_button,
            self.panel.cancel_button,
            self.panel.again_button,
            self.panel.copy_button,
            self.panel.save_button,
            self.panel.folder_button,
            self.panel.remove_button,
        ):
            if made.isVisibleTo(self.panel):
                action = menu.addAction(made.text() or made.accessibleName(), made.click)
                action.setEnabled(made.isEnabled())
        menu.popup(self.list.viewport().mapToGlobal(place))

    def widget_for_focus(self) -> QWidget:
        return self.list if self._recordings.model.rowCount() else self.empty.button


def _talks(item: RecordingItem) -> bool:
    """Its newest text comes with its progress."""
    return item.progress is not None and bool(item.progress.text)
