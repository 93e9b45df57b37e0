"""The first run, on one page: can the microphone hear you, who listens, which key, try it. Everything has a default
that works at once, so each step may be skipped."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from debabelizer.audio.capture import Microphone
from debabelizer.config import Settings
from debabelizer.errors import ProviderError, Remedy
from debabelizer.events import (
    DictationChanged,
    DictationState,
    ErrorOccurred,
    LevelChanged,
    SessionState,
    StateChanged,
    TakeFailed,
)
from debabelizer_desktop import text, theme
from debabelizer_desktop.bridge import Bridge
from debabelizer_desktop.models.transcript import TranscriptModel
from debabelizer_desktop.text import translate
from debabelizer_desktop.widgets.common import Retranslated, button, card, label
from debabelizer_desktop.widgets.editors import CalmCombo
from debabelizer_desktop.widgets.error_strip import ErrorStrip
from debabelizer_desktop.widgets.hotkey_recorder import HotkeyRecorder
from debabelizer_desktop.widgets.level_meter import LevelMeter
from debabelizer_desktop.widgets.provider_choice import ProviderChoice
from debabelizer_desktop.widgets.record_button import RecordButton


class FirstRunPage(Retranslated):
    done = Signal()
    key_wanted = Signal(str)
    """Name of a provider whose settings the user wants to see."""
    recording_hotkey = Signal(bool)

    def __init__(self, settings: Settings, bridge: Bridge, model: TranscriptModel) -> None:
        super().__init__()
        self.setObjectName("Page")
        self._settings, self._bridge, self._model = settings, bridge, model
        self._microphones: list[Microphone] = []
        self._title, self._sentence = label("Title"), label("Secondary", wrap=True)
        self.strip = ErrorStrip()
        self._make_microphone()
        self._make_engines()
        self._make_key()
        self._make_try()
        self.start = button(self.done.emit, primary=True)
        self._arrange()
        bridge.level_changed.connect(self._level_changed)
        bridge.dictation_changed.connect(self._dictation_changed)
        bridge.take_failed.connect(self._take_failed)
        bridge.error.connect(self._failed)
        bridge.state_changed.connect(self._session_changed)
        for changed in (model.inserted, model.changed, model.replaced):
            changed.connect(self._show_words)
        self.strip.remedy_chosen.connect(self._remedy)
        self.retranslate()

    # ---------------------------------------------------------------------------------------------- building

    def _make_microphone(self) -> None:
        self._mic_title, self._mic_help = label("Heading"), label("Help", wrap=True)
        self.microphone = CalmCombo()
        self.microphone.setMinimumWidth(240)
        self.microphone.activated.connect(self._microphone_chosen)
        self.meter = LevelMeter(24)

    def _make_engines(self) -> None:
        from debabelizer import registry

        self._engine_title, self._engine_help = label("Heading"), label("Help", wrap=True)
        self._radios = QButtonGroup(self)
        self.choices: list[ProviderChoice] = []
        for name in sorted(registry.names(), key=_local_first):
            described = registry.find(name)
            if described is None:
                continue
            choice = ProviderChoice(described, self._settings, self._bridge)
            choice.failed.connect(self.strip.show_error)
            choice.details_wanted.connect(self.key_wanted)
            self._radios.addButton(choice.radio)
            self.choices.append(choice)

    def _make_key(self) -> None:
        self._key_title, self._key_help = label("Heading"), label("Help", wrap=True)
        self.key = HotkeyRecorder(self._settings.setting("dictation.key"))
        self.key.show_value(self._settings.get("dictation.key"))
        self.key.recording.connect(self.recording_hotkey)
        self.key.changed.connect(lambda hotkey: self._set("dictation.key", hotkey))

    def _make_try(self) -> None:
        self._try_title, self._try_help = label("Heading"), label("Help", wrap=True)
        self._words = label("Sentence", wrap=True)
        self._words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.record = RecordButton()
        self.record.clicked.connect(lambda: self._bridge.toggle_take(insert=False))

    def _arrange(self) -> None:
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, theme.SPACE_2, theme.SPACE_4)
        column.setSpacing(theme.SPACE_3)
        hearing = QHBoxLayout()
        hearing.addWidget(self.microphone)
        hearing.addSpacing(theme.SPACE_4)
        hearing.addWidget(self.meter)
        hearing.addStretch(1)
        column.addWidget(_step(self._try_title, self._try_help, self._try_row()))
        column.addWidget(_step(self._mic_title, self._mic_help, hearing))
        engines = QVBoxLayout()
        engines.setSpacing(theme.SPACE_2)
        for choice in self.choices:
            engines.addWidget(choice)
        column.addWidget(_step(self._engine_title, self._engine_help, engines))
        keys = QHBoxLayout()
        keys.addWidget(self.key)
        keys.addStretch(1)
        column.addWidget(_step(self._key_title, self._key_help, keys))
        column.addStretch(1)
        self._scroll = scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(inner)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(theme.SPACE_6, 20, theme.SPACE_4, theme.SPACE_4)
        whole.setSpacing(theme.SPACE_3)
        head = QHBoxLayout()
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self._title)
        words.addWidget(self._sentence)
        head.addLayout(words, 1)
        head.addWidget(self.start, 0, Qt.AlignmentFlag.AlignTop)
        whole.addLayout(head)
        whole.addWidget(self.strip)
        whole.addWidget(scroll, 1)

    def _try_row(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(theme.SPACE_4)
        row.addWidget(self.record, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._words, 1)
        return row

    # ------------------------------------------------------------------------------------------------ events

    def set_microphones(self, known: Sequence[Microphone]) -> None:
        self._microphones = list(known)
        self._fill_microphones()

    def setting_changed(self, key: str) -> None:
        for choice in self.choices:
            choice.refresh()
        if key == "dictation.key":
            self.key.show_value(self._settings.get(key))
            self.retranslate()

    def _remedy(self, remedy: Remedy) -> None:
        """What can be missing here is put right on this page; for the rest the settings open."""
        take = self.strip.take
        self.strip.dismiss()
        chosen = next((choice for choice in self.choices if choice.radio.isChecked()), None)
        model = chosen.model if chosen is not None else None
        again = remedy in (Remedy.RETRY, Remedy.CHECK_NETWORK, Remedy.WAIT)
        if remedy in (Remedy.CHOOSE_MICROPHONE, Remedy.ALLOW_MICROPHONE):
            self._lead_to(self.microphone)
        elif remedy is Remedy.CHANGE_HOTKEY:
            self._lead_to(self.key.field)
        elif remedy is Remedy.SET_KEY and chosen is not None and chosen.secret is not None:
            self._lead_to(chosen.secret.line)
        elif remedy is Remedy.CHOOSE_PROVIDER:
            self._lead_to(self.choices[0].radio)
        elif again and take is not None:
            self._bridge.retry(take)
        elif (again or remedy is Remedy.DOWNLOAD_MODEL) and model is not None and not model.present:
            self._lead_to(model.get)
            model.start()
        elif not again:
            self.key_wanted.emit(chosen.description.name if chosen is not None else "")

    def _lead_to(self, widget: QWidget) -> None:
        self._scroll.ensureWidgetVisible(widget)
        widget.setFocus(Qt.FocusReason.OtherFocusReason)

    def _fill_microphones(self) -> None:
        self.microphone.clear()
        self.microphone.addItem(translate("Settings", "The system's default"), "")
        for known in self._microphones:
            self.microphone.addItem(known.name, known.id)
        self.microphone.setCurrentIndex(max(0, self.microphone.findData(self._settings.get("microphone"))))

    def _microphone_chosen(self) -> None:
        self._set("microphone", self.microphone.currentData())

    def _set(self, key: str, value: str) -> None:
        try:
            self._settings.set(key, value)
        except ProviderError as error:
            self.strip.show_error(error)

    def _level_changed(self, event: LevelChanged) -> None:
        self.meter.hear(event.rms)

    def _dictation_changed(self, event: DictationChanged) -> None:
        self.record.set_state(event.state)
        if event.state is DictationState.OPENING:
            self.strip.dismiss()
        elif event.state is DictationState.IDLE:
            self.meter.rest()

    def _take_failed(self, event: TakeFailed) -> None:
        self.strip.show_error(event.error, event.take if event.kept else None)

    def _failed(self, event: ErrorOccurred) -> None:
        self.strip.show_error(event.error)

    def _session_changed(self, event: StateChanged) -> None:
        if event.state is SessionState.CONNECTED:
            self.strip.connected(event.provider)

    def _show_words(self) -> None:
        paragraphs = self._model.paragraphs
        said = self._model.text(paragraphs[-1]).text.strip() if paragraphs else ""
        self._words.setText(said or translate("Welcome", "Your words appear here."))

    def retranslate(self) -> None:
        self._title.setText(translate("Welcome", "Welcome to Debabelizer"))
        self._sentence.setText(
            translate("Welcome", "Hold a key, speak, and the words land where your cursor is. It works right now.")
        )
        self._try_title.setText(translate("Welcome", "Try it"))
        key = text.key_name(self._settings.get("dictation.key"))
        help_ = translate("Welcome", "Press the red button, say a sentence, press it again; or hold {key}.")
        self._try_help.setText(help_.format(key=key))
        self._mic_title.setText(translate("Welcome", "Microphone"))
        self._mic_help.setText(
            translate("Welcome", "The bars move while you speak. If they don't, choose another one.")
        )
        self._engine_title.setText(translate("Welcome", "Who listens"))
        self._engine_help.setText(translate("Welcome", "You can change this at any time."))
        self._key_title.setText(translate("Welcome", "The key"))
        self._key_help.setText(translate("Welcome", "It works in every program, as long as you hold it."))
        self.start.setText(translate("Welcome", "Start dictating"))
        self.microphone.setAccessibleName(translate("Welcome", "Microphone"))
        self.setAccessibleName(translate("Welcome", "Welcome to Debabelizer"))
        self._fill_microphones()
        self._show_words()


def _local_first(name: str) -> tuple[bool, bool]:
    """What works at once, then what needs a download, then what needs a key."""
    from debabelizer import registry

    described = registry.describe(name)
    return bool(described.credentials), any(model.files for model in described.models)


def _step(title: QWidget, help_: QWidget, content: QHBoxLayout | QVBoxLayout) -> QFrame:
    frame = card()
    column = QVBoxLayout(frame)
    column.setContentsMargins(20, theme.SPACE_3, 20, theme.SPACE_4)
    column.setSpacing(theme.SPACE_2)
    column.addWidget(title)
    column.addWidget(help_)
    column.addLayout(content)
    return frame
