"""The page one dictates on: choices, transcript, the bar with the round button."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QStandardPaths, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QFrame, QStackedWidget, QVBoxLayout, QWidget

from debabelizer.config import Settings
from debabelizer.errors import Category, ProviderError, Remedy
from debabelizer.events import (
    Committed,
    Corrected,
    DictationChanged,
    DictationState,
    ErrorOccurred,
    LevelChanged,
    Notice,
    Partial,
    ProviderChanged,
    Retracted,
    SessionState,
    SilenceHint,
    StateChanged,
    TakeCorrected,
    TakeFailed,
    TakeFinished,
    TakesRecovered,
)
from debabelizer_desktop import text, theme
from debabelizer_desktop.bridge import Bridge
from debabelizer_desktop.export import export, form_of, transcript_of
from debabelizer_desktop.models.transcript import TranscriptModel
from debabelizer_desktop.text import translate
from debabelizer_desktop.widgets.common import Retranslated, card
from debabelizer_desktop.widgets.control_bar import ControlBar
from debabelizer_desktop.widgets.empty_state import EmptyState
from debabelizer_desktop.widgets.error_strip import ErrorStrip, Offer
from debabelizer_desktop.widgets.icons import Symbol, icon
from debabelizer_desktop.widgets.top_bar import TopBar
from debabelizer_desktop.widgets.transcript_view import TranscriptView


class DictatePage(Retranslated):
    remedy_wanted = Signal(object, object)
    """Remedy and the ProviderError it is for; what the page can do alone it does alone."""
    kept_takes_wanted = Signal()

    def __init__(self, bridge: Bridge, settings: Settings, model: TranscriptModel) -> None:
        super().__init__()
        self.setObjectName("Page")
        self._bridge, self._settings, self.model = bridge, settings, model
        self._failed_take: str | None = None
        self._speaking = False
        self._told: tuple[type[ProviderError], str | None] | None = None
        """Why there is no connection, as it was told. None: there is one, or who speaks now has not been told."""
        self._export_dialog: QFileDialog | None = None
        self.top = TopBar(settings)
        self.strip = ErrorStrip()
        self.view = TranscriptView(model)
        self.empty = EmptyState()
        self.bar = ControlBar()
        self._arrange()
        self._fill_more()
        self._wire()
        self._key_changed()
        self._content_changed()

    def _arrange(self) -> None:
        self._stack = QStackedWidget()
        self._stack.addWidget(self.empty)
        self._stack.addWidget(self.view)
        middle = card()
        inside = QVBoxLayout(middle)
        inside.setContentsMargins(1, 1, 1, 1)
        inside.addWidget(self._stack)
        bottom = QFrame()
        bottom.setObjectName("Card")
        below = QVBoxLayout(bottom)
        below.setContentsMargins(0, 0, 0, 0)
        below.addWidget(self.bar)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.SPACE_6, 20, theme.SPACE_6, 20)
        column.setSpacing(theme.SPACE_4)
        column.addWidget(self.top)
        column.addWidget(self.strip)
        column.addWidget(middle, 1)
        column.addWidget(bottom)

    def _wire(self) -> None:
        bridge, model, bar = self._bridge, self.model, self.bar
        for changes in (bridge.partial, bridge.committed, bridge.corrected, bridge.retracted):
            changes.connect(self._apply)
        bridge.state_changed.connect(self._session_changed)
        bridge.dictation_changed.connect(self._dictation_changed)
        bridge.level_changed.connect(self._level_changed)
        bridge.error.connect(self._failed)
        bridge.notice.connect(self._noticed)
        bridge.provider_changed.connect(self._provider_changed)
        bridge.silence_hint.connect(self._silent)
        bridge.take_failed.connect(self._take_failed)
        bridge.take_finished.connect(self._take_finished)
        bridge.take_corrected.connect(self._take_corrected)
        bridge.takes_recovered.connect(self._recovered)
        model.inserted.connect(self._content_changed)
        model.removed.connect(self._content_changed)
        model.replaced.connect(self._content_changed)
        bar.record.connect(self.toggle)
        bar.send_chunk.connect(bridge.send_chunk)
        bar.commit.connect(bridge.commit)
        bar.copy.connect(self._copy)
        bar.export.connect(self.ask_export)
        self.empty.try_it.connect(self.toggle)
        self.empty.undo_clear.connect(model.bring_back)
        self.top.connect_wanted.connect(bridge.connect_session)
        self.top.disconnect_wanted.connect(bridge.disconnect_session)
        self.top.failed.connect(self.strip.show_error)
        self.strip.remedy_chosen.connect(self._remedy)
        theme.theme().changed.connect(self._restyle_more)

    def _fill_more(self) -> None:
        menu = self.bar.more.menu()
        assert menu is not None
        self.clear_action = menu.addAction("", self._clear)
        self.back_action = menu.addAction("", self.model.bring_back)
        menu.addSeparator()
        self.undo_action = menu.addAction("", self._undo)
        self.retry_action = menu.addAction("", self.retry_last)
        self.kept_action = menu.addAction("", self.kept_takes_wanted.emit)
        menu.aboutToShow.connect(self._restyle_more)
        self._restyle_more()
        self.retranslate()

    def _restyle_more(self) -> None:
        for action, symbol in (
            (self.clear_action, Symbol.TRASH),
            (self.back_action, Symbol.UNDO),
            (self.undo_action, Symbol.UNDO),
            (self.retry_action, Symbol.RETRY),
            (self.kept_action, Symbol.HISTORY),
        ):
            action.setIcon(icon(symbol))
        self._enable_more()

    def _enable_more(self) -> None:
        self.clear_action.setEnabled(not self.model.is_empty)
        self.back_action.setEnabled(self.model.can_bring_back)
        self.retry_action.setEnabled(self._failed_take is not None)

    def retranslate(self) -> None:
        self.setAccessibleName(translate("Main", "Dictate"))
        self.clear_action.setText(translate("Main", "Clear the transcript"))
        self.back_action.setText(translate("Main", "Bring the text back"))
        self.undo_action.setText(translate("Main", "Undo the last insertion"))
        self.retry_action.setText(translate("Main", "Retry the last take"))
        self.kept_action.setText(translate("Main", "Kept takes…"))

    # --------------------------------------------------------------------------------------------- settings

    def _key_changed(self) -> None:
        self.empty.set_key(self._settings.get("dictation.key"), self._settings.get("dictation.mode"))

    def setting_changed(self, key: str) -> None:
        if key in ("dictation.key", "dictation.mode"):
            self._key_changed()
        elif key in ("provider", "languages", "microphone"):
            self.top.retranslate()

    # ----------------------------------------------------------------------------------------------- events

    def _apply(self, event: Partial | Committed | Corrected | Retracted) -> None:
        self.model.apply(event.change)

    def _session_changed(self, event: StateChanged) -> None:
        self.top.set_session(event.state, event.provider)
        if event.error is not None:
            if self._told != _kind(event.error):  # every attempt comes with the same
                self._show(event.error)
        elif event.state is SessionState.CONNECTED:
            self._told = None
            self.strip.connected(event.provider)

    def _show(self, error: ProviderError, *, fatal: bool = False) -> None:
        self._told = _kind(error)
        self.strip.show_error(error, meanwhile=self._speaking and error.retryable and not fatal)

    def _dictation_changed(self, event: DictationChanged) -> None:
        self._speaking = event.state in (DictationState.OPENING, DictationState.LISTENING)
        if event.state is DictationState.OPENING:
            self.model.begin_take()
            self.bar.show_elapsed(0.0)
            self.strip.dismiss()
            self._told = None
        self.bar.set_state(event.state)

    def _level_changed(self, event: LevelChanged) -> None:
        self.bar.meter.hear(event.rms)
        self.bar.show_elapsed(event.elapsed)

    def _failed(self, event: ErrorOccurred) -> None:
        self._show(event.error, fatal=event.fatal)

    def _noticed(self, event: Notice) -> None:
        lost = self.strip.error is not None and self.strip.error.category is Category.AUDIO
        if self.strip.error is None or (lost and event.code == "microphone_back"):
            self.strip.show_notice(event.text)

    def _provider_changed(self, event: ProviderChanged) -> None:
        if self.strip.take is None:
            self.strip.show_notice(lambda: text.provider_changed(event))

    def _silent(self, event: SilenceHint) -> None:
        if self.strip.error is not None:
            return
        if event.muted:
            words = translate("Main", "The microphone gives no sound at all. Is it muted?")
        else:
            words = translate("Main", "Nothing can be heard. Is this the right microphone?")
        self.strip.show_notice(words)

    def _take_failed(self, event: TakeFailed) -> None:
        self._failed_take = event.take if event.kept else None
        self.strip.show_error(event.error, event.take if event.kept else None)

    def _take_finished(self, event: TakeFinished) -> None:
        if event.take == self._failed_take:
            self._failed_take = None

    def _take_corrected(self, event: TakeCorrected) -> None:
        """The transcript is corrected already; what another program has is the user's to decide."""
        if self.strip.error is not None or (event.target is None and not event.replaceable):
            return
        program = event.target or translate("Main", "the other program")
        self.strip.show_notice(
            lambda: translate("Main", "A second look corrected the text that is in {program}.").format(program=program),
            self._replacing(event) if event.replaceable else self._copying(event),
        )

    def _replacing(self, event: TakeCorrected) -> Offer:
        def replaced(done: bool) -> None:
            if not done:
                words = translate("Main", "The old text is no longer there as it was: it was left alone.")
                self.strip.show_notice(words, self._copying(event))

        return (
            lambda: translate("Main", "Replace it there"),
            lambda: self._bridge.replace_inserted(event.take, replaced),
        )

    def _copying(self, event: TakeCorrected) -> Offer:
        return (
            lambda: translate("Main", "Copy the corrected text"),
            lambda: QGuiApplication.clipboard().setText(event.text),
        )

    def _recovered(self, event: TakesRecovered) -> None:
        count = len(event.takes)
        if count:
            self._failed_take = event.takes[-1]
            words = translate("Main", "Recordings from last time that never became text: {count}").format(count=count)
            self.strip.show_error(ProviderError(words), event.takes[-1])

    def _content_changed(self) -> None:
        empty = self.model.is_empty
        self.empty.set_can_undo(self.model.can_bring_back)
        self._stack.setCurrentWidget(self.empty if empty else self.view)
        self.bar.set_has_text(not empty)
        self._enable_more()

    # ---------------------------------------------------------------------------------------------- actions

    def toggle(self) -> None:
        """Start or stop by button: the text stays here, it is not inserted anywhere."""
        self._bridge.toggle_take(insert=False)

    def retry_last(self) -> None:
        if self._failed_take is not None:
            self.strip.dismiss()
            self._bridge.retry(self._failed_take)

    def _remedy(self, remedy: Remedy) -> None:
        error, take = self.strip.error, self.strip.take
        if remedy is Remedy.PASTE:
            self._copy()
        elif remedy in (Remedy.RETRY, Remedy.CHECK_NETWORK, Remedy.WAIT):
            self.strip.dismiss()
            if take is not None:
                self._bridge.retry(take)
            else:
                self._bridge.connect_session()
        else:
            self.remedy_wanted.emit(remedy, error)

    def _undo(self) -> None:
        self._bridge.undo(self._undone)

    def _undone(self, done: bool) -> None:
        if not done and self.strip.error is None:
            self.strip.show_notice(translate("Main", "Nothing was inserted that could be taken back."))

    def _clear(self) -> None:
        self.model.clear()
        self._bridge.clear()

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.view.selected_text() or self.model.whole_text())

    def ask_export(self) -> None:
        from debabelizer_desktop.widgets.export_dialog import export_dialog

        documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        self._export_dialog = export_dialog(self, documents, translate("Main", "Transcript"), self.save)

    def save(self, path: str) -> None:
        target = Path(path)
        form = form_of(target)
        transcript = transcript_of(self.model, form)
        self._bridge.call(lambda: export(transcript, target, form), self, failed=self.strip.show_error)

    def widget_for_focus(self) -> QWidget:
        return self.bar.record_button


def _kind(error: ProviderError) -> tuple[type[ProviderError], str | None]:
    return type(error), error.code
