"""What the overlay shows when: dictation events in, states and words out."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication

from debabelizer.config import Settings
from debabelizer.errors import Category
from debabelizer.events import (
    DictationChanged,
    DictationState,
    ErrorOccurred,
    InsertResult,
    LevelChanged,
    Notice,
    ProviderChanged,
    SessionState,
    SilenceHint,
    StateChanged,
    TakeCancelled,
    TakeFailed,
    TakeFinished,
)
from debabelizer_desktop import text
from debabelizer_desktop.bridge import Bridge
from debabelizer_desktop.models.transcript import TranscriptModel
from debabelizer_desktop.text import translate
from debabelizer_desktop.windows.overlay import Overlay, OverlayState, OverlayStyle

INSERTED_MS, CLIPBOARD_MS, FAILED_MS = 900, 6000, 15000
LIVE_CHARACTERS = 120


class OverlayControl(QObject):
    unseen_failure = Signal(object)
    """TakeFailed that no overlay showed, because the user wants none."""

    def __init__(self, overlay: Overlay, bridge: Bridge, model: TranscriptModel, settings: Settings) -> None:
        super().__init__(overlay)
        self._overlay, self._bridge, self._model, self._settings = overlay, bridge, model, settings
        self._failed: TakeFailed | None = None
        self._first = 0
        self._trouble = ""
        """What is wrong while somebody speaks; the window says more."""
        self._cut_off = False
        """The connection is gone, and being made anew."""
        bridge.dictation_changed.connect(self._dictation_changed)
        bridge.level_changed.connect(self._level_changed)
        bridge.silence_hint.connect(self._silent)
        bridge.error.connect(self._went_wrong)
        bridge.state_changed.connect(self._session_changed)
        bridge.notice.connect(self._noticed)
        bridge.provider_changed.connect(self._provider_changed)
        bridge.take_finished.connect(self._finished)
        bridge.take_failed.connect(self._take_failed)
        bridge.take_cancelled.connect(self._cancelled)
        model.changed.connect(self._text_changed)
        model.inserted.connect(self._text_changed)
        overlay.retry.connect(self._retry)
        overlay.copy.connect(self._copy)
        self.apply_style()

    def apply_style(self) -> None:
        self._overlay.set_style(OverlayStyle(self._settings.get("window.overlay")))

    def _dictation_changed(self, event: DictationChanged) -> None:
        match event.state:
            case DictationState.OPENING:
                self._first = len(self._model.paragraphs)
                self._trouble = ""
                self._overlay.present(OverlayState.OPENING, text.dictation_state(event.state))
            case DictationState.LISTENING:
                self._overlay.present(OverlayState.LISTENING, self._trouble or self._words(event.state))
            case DictationState.FINISHING | DictationState.INSERTING:
                self._overlay.present(OverlayState.FINISHING, self._words(event.state))
            case DictationState.IDLE:
                if self._overlay.state in (OverlayState.OPENING, OverlayState.LISTENING, OverlayState.FINISHING):
                    self._overlay.hide()

    def _words(self, state: DictationState) -> str:
        """The newest ones, unless no more can come for now: who speaks looks here, not at the window."""
        if not self._cut_off:
            return self._live() or text.dictation_state(state)
        if state is DictationState.LISTENING:
            return translate("Overlay", "No connection, still recording")
        return text.category(Category.NETWORK)

    def _live(self) -> str:
        paragraphs = self._model.paragraphs[self._first :]
        return self._model.text(paragraphs[-1]).text.strip()[-LIVE_CHARACTERS:] if paragraphs else ""

    def _text_changed(self) -> None:
        if self._in_a_take and not self._cut_off:
            self._overlay.set_words(self._live())

    @property
    def _in_a_take(self) -> bool:
        return self._overlay.isVisible() and self._overlay.state in (OverlayState.LISTENING, OverlayState.FINISHING)

    def _level_changed(self, event: LevelChanged) -> None:
        if self._overlay.isVisible():
            self._overlay.hear(event.rms, event.elapsed)

    def _silent(self, event: SilenceHint) -> None:
        if self._overlay.state is OverlayState.LISTENING and not self._trouble and not self._live():
            self._overlay.set_words(translate("Overlay", "Nothing can be heard"))

    def _went_wrong(self, event: ErrorOccurred) -> None:
        """A microphone that is gone, nobody who listens: who speaks looks here, not at the window."""
        speaking = self._overlay.state in (OverlayState.OPENING, OverlayState.LISTENING) and self._overlay.isVisible()
        if not speaking or not (event.fatal or event.error.category is Category.AUDIO):
            return
        self._trouble = text.category(event.error.category)
        if event.fatal and not self._settings.get("storage.keep_nothing"):
            cause = text.sentence(self._trouble)
            self._trouble = translate("Overlay", "{cause} Recording kept.").format(cause=cause)
        self._overlay.set_words(self._trouble)

    def _session_changed(self, event: StateChanged) -> None:
        before = self._cut_off
        if event.state is not SessionState.RECONNECTING:
            self._cut_off = False
        elif event.error is not None:
            self._cut_off = event.error.category is not Category.INTERNAL  # an engine of ours begins anew at once
        if self._cut_off != before and self._in_a_take and not self._trouble:
            listening = self._overlay.state is OverlayState.LISTENING
            self._overlay.set_words(self._words(DictationState.LISTENING if listening else DictationState.FINISHING))

    def _noticed(self, event: Notice) -> None:
        if self._overlay.state is OverlayState.LISTENING and event.code == "microphone_back":
            self._trouble = ""
            self._overlay.set_words(self._words(DictationState.LISTENING))

    def _provider_changed(self, event: ProviderChanged) -> None:
        """Until the next words of the transcript; the window says why."""
        self._cut_off = False
        if event.error is not None and self._overlay.isVisible() and self._overlay.state is OverlayState.LISTENING:
            who = text.provider_title(event.provider)
            self._overlay.set_words(translate("Overlay", "{provider} listens now").format(provider=who))

    def _finished(self, event: TakeFinished) -> None:
        words = text.insert_result(event.result, event.target, event.paste_keys)
        if event.result is InsertResult.CLIPBOARD:
            self._overlay.present(OverlayState.CLIPBOARD, words, leave_ms=CLIPBOARD_MS)
        else:
            self._overlay.present(OverlayState.DONE, words, leave_ms=INSERTED_MS)

    def _take_failed(self, event: TakeFailed) -> None:
        self._failed = event
        words = text.error(event.error)
        if event.kept:
            words = translate("Overlay", "{cause} Recording kept.").format(cause=text.sentence(words))
        if self._overlay.present(OverlayState.FAILED, words, leave_ms=FAILED_MS):
            self._overlay.offer(retry=event.kept, copy=bool(event.text))
        else:
            self.unseen_failure.emit(event)

    def _cancelled(self, event: TakeCancelled) -> None:
        self._overlay.hide()

    def _retry(self) -> None:
        if self._failed is not None:
            self._bridge.retry(self._failed.take)

    def _copy(self) -> None:
        if self._failed is not None:
            QGuiApplication.clipboard().setText(self._failed.text)
