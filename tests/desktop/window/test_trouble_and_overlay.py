"""Failures stand where they happened, with a way out that works; the overlay shows them and never takes the focus."""

from __future__ import annotations

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QDialog
from pytestqt.qtbot import QtBot

from debabelizer.errors import (
    AudioError,
    AuthenticationError,
    Category,
    ConfigurationError,
    ConnectionError,
    InternalError,
    ModelMissingError,
    ProviderError,
    Remedy,
    StorageError,
)
from debabelizer.events import (
    DictationChanged,
    DictationState,
    ErrorOccurred,
    InsertResult,
    LevelChanged,
    Notice,
    ProviderChanged,
    Replace,
    SegmentId,
    SessionState,
    SilenceHint,
    StateChanged,
    TakeCorrected,
    TakeFailed,
    TakeFinished,
    TakeStamps,
)
from debabelizer.recordings.item import RecordingChanged, RecordingItem, RecordingState
from debabelizer_desktop import text
from debabelizer_desktop.lifecycle import Program
from debabelizer_desktop.widgets.rail import PageName
from debabelizer_desktop.windows.first_run import FirstRunPage
from debabelizer_desktop.windows.overlay import PILL, Overlay, OverlayState
from debabelizer_desktop.windows.settings_page import SettingsPage
from debabelizer_desktop.windows.tray import TrayState
from fakes.rig import target
from fakes.rig_display import Display, Terminal

from .conftest import MakeProgram

__all__ = ["target"]

LEFT = Qt.MouseButton.LeftButton
STAMPS = TakeStamps(key_down=0.0)


def settings_page(program: Program) -> SettingsPage:
    page = program.window.page(PageName.SETTINGS)
    assert isinstance(page, SettingsPage)
    return page


@pytest.mark.parametrize(
    ("error", "button", "leads_to"),
    [
        (AuthenticationError("Refused.", "elevenlabs"), "Enter the key", "ElevenLabs"),
        (ModelMissingError("No model.", "whisper"), "Download the model", "Whisper on this computer"),
        (AudioError("No microphone."), "Choose a microphone", "Microphone"),
        (ConfigurationError("Taken.", remedy=Remedy.CHANGE_HOTKEY), "Choose another key", "Dictation"),
        (ProviderError("Other.", remedy=Remedy.CHOOSE_PROVIDER), "Choose another provider", "Speech"),
    ],
)
def test_each_error_has_its_way_out_in_the_window(
    program: Program, qtbot: QtBot, error: ProviderError, button: str, leads_to: str
) -> None:
    strip = program.window.dictate.strip
    program.bridge.error.emit(ErrorOccurred(error=error))
    assert strip.isVisible()
    assert strip.message == error.message
    assert strip._way_out.text() == button
    assert not [w for w in QApplication.topLevelWidgets() if isinstance(w, QDialog) and w.isVisible()]
    qtbot.mouseClick(strip._way_out, LEFT)
    qtbot.waitUntil(lambda: program.window.page(PageName.SETTINGS) is not None)
    shown = settings_page(program).list.currentItem()
    assert shown.text() == leads_to


def test_errors_do_not_pile_up_and_go_when_dictation_starts(program: Program, qtbot: QtBot) -> None:
    strip = program.window.dictate.strip
    for number in range(3):
        program.bridge.error.emit(ErrorOccurred(error=ProviderError(f"trouble {number}")))
    assert strip.message == "trouble 2"
    program.bridge.dictation_changed.emit(DictationChanged(state=DictationState.OPENING))
    assert not strip.isVisible()
    program.bridge.dictation_changed.emit(DictationChanged(state=DictationState.IDLE))


@pytest.mark.parametrize("welcomed", [True, False])
def test_a_connection_takes_back_only_what_the_provider_said(make_program: MakeProgram, welcomed: bool) -> None:
    program = make_program(welcomed=welcomed)
    bridge, window = program.bridge, program.window
    page = window.dictate if welcomed else window.findChild(FirstRunPage)
    assert page is not None
    strip = page.strip
    connected = StateChanged(provider="sphinx", state=SessionState.CONNECTED)
    bridge.error.emit(ErrorOccurred(error=ProviderError("No answer", "sphinx")))
    assert strip.isVisible()
    bridge.state_changed.emit(connected)
    assert not strip.isVisible()
    bridge.error.emit(ErrorOccurred(error=StorageError("The disk is full")))
    bridge.state_changed.emit(connected)
    assert strip.message == "The disk is full"


def test_a_key_that_is_taken_is_told_beside_the_tray_where_no_window_is(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert program.parts is not None
    tray = program.parts.tray
    told: list[str] = []
    monkeypatch.setattr(tray.icon, "isVisible", lambda: True)  # there is no system tray on the test's display
    monkeypatch.setattr(tray.icon, "showMessage", lambda title, words, *_: told.append(words))
    taken = ConfigurationError("F9 is taken", remedy=Remedy.CHANGE_HOTKEY)
    program.parts.keys.failed.emit(taken)
    assert told == []
    assert tray.state is TrayState.TROUBLE
    program.window.hide()
    program.parts.keys.failed.emit(taken)
    assert told == ["F9 is taken"]


def test_recordings_that_are_over_are_told_beside_the_tray_where_no_window_is(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert program.parts is not None
    tray = program.parts.tray
    told: list[str] = []
    monkeypatch.setattr(tray.icon, "isVisible", lambda: True)
    monkeypatch.setattr(tray.icon, "showMessage", lambda title, words, *_: told.append(words))
    program.window.hide()
    states = {"a": RecordingState.DONE, "b": RecordingState.DONE, "c": RecordingState.FAILED}
    waiting = [RecordingItem(path=path, state=RecordingState.WAITING, added=1.0) for path in states]
    for item in waiting:
        program.bridge.recording_changed.emit(RecordingChanged(item=item))
    for item in waiting:
        assert told == []
        over = msgspec.structs.replace(item, state=states[item.path])
        program.bridge.recording_changed.emit(RecordingChanged(item=over))
    assert told == ["Recordings that are text now: 2; that failed: 1"]


def test_a_microphone_that_is_back_ends_its_message(program: Program) -> None:
    strip, bridge = program.window.dictate.strip, program.bridge
    back = Notice(provider="", text="Listening again: USB", code="microphone_back")
    bridge.error.emit(ErrorOccurred(error=AudioError("It stopped")))
    bridge.notice.emit(back)
    assert strip.error is None
    assert "USB" in strip.message
    bridge.error.emit(ErrorOccurred(error=StorageError("The disk is full")))
    bridge.notice.emit(back)
    assert strip.message == "The disk is full"


def test_the_overlay_tells_that_the_microphone_is_gone(program: Program) -> None:
    assert program.parts is not None
    overlay, bridge = program.parts.overlay, program.bridge
    bridge.dictation_changed.emit(DictationChanged(state=DictationState.LISTENING))
    listening = overlay.words
    bridge.error.emit(ErrorOccurred(error=AudioError("It stopped")))
    assert overlay.words == "Trouble with the microphone", "the window names it; here is little room"
    bridge.notice.emit(Notice(provider="", text="Listening again: USB", code="microphone_back"))
    assert overlay.words == listening
    bridge.dictation_changed.emit(DictationChanged(state=DictationState.IDLE))


@pytest.mark.parametrize("keep_nothing", [False, True])
def test_the_overlay_tells_that_nobody_listens(make_program: MakeProgram, keep_nothing: bool) -> None:
    """Before a word is lost on a key that was never entered, or a network that is gone."""
    program = make_program(storage__keep_nothing=keep_nothing)
    assert program.parts is not None
    overlay, bridge = program.parts.overlay, program.bridge
    bridge.dictation_changed.emit(DictationChanged(state=DictationState.OPENING))
    bridge.error.emit(ErrorOccurred(error=AuthenticationError("Deepgram needs an API key."), fatal=True))
    bridge.dictation_changed.emit(DictationChanged(state=DictationState.LISTENING))
    told = overlay.words
    bridge.silence_hint.emit(SilenceHint(seconds=3.0, muted=True))
    assert overlay.words == told, "that is the smaller trouble"
    assert program.window.dictate.strip.message == "Deepgram needs an API key."
    assert told.endswith("Recording kept.") != keep_nothing
    assert text.category(Category.AUTH) in told
    bridge.dictation_changed.emit(DictationChanged(state=DictationState.OPENING))
    bridge.error.emit(ErrorOccurred(error=ConnectionError("Dropped."), fatal=False))
    bridge.dictation_changed.emit(DictationChanged(state=DictationState.LISTENING))
    assert overlay.words == text.dictation_state(DictationState.LISTENING)


def test_the_overlay_tells_that_the_connection_is_gone_until_it_is_back(program: Program) -> None:
    assert program.parts is not None
    overlay, bridge = program.parts.overlay, program.bridge
    lost = StateChanged(provider="sphinx", state=SessionState.RECONNECTING, error=ConnectionError("Cut.", "sphinx"))
    back = StateChanged(provider="sphinx", state=SessionState.CONNECTED)
    bridge.dictation_changed.emit(DictationChanged(state=DictationState.LISTENING))
    bridge.state_changed.emit(lost)
    program.window.dictate.model.apply(Replace(segment=SegmentId(0, 0), text="what was heard before"))
    assert overlay.words == "No connection, still recording"
    bridge.state_changed.emit(back)
    assert overlay.words == "what was heard before"
    bridge.state_changed.emit(lost)
    bridge.dictation_changed.emit(DictationChanged(state=DictationState.FINISHING))
    assert overlay.words == text.category(Category.NETWORK)
    bridge.provider_changed.emit(ProviderChanged(provider="whisper", before="sphinx", error=lost.error))
    bridge.state_changed.emit(back)
    bridge.dictation_changed.emit(DictationChanged(state=DictationState.LISTENING))
    assert overlay.words == "what was heard before"
    died = StateChanged(provider="sphinx", state=SessionState.RECONNECTING, error=InternalError("Died.", "sphinx"))
    bridge.state_changed.emit(died)
    assert overlay.words == "what was heard before", "an engine on this computer is there again at once"
    bridge.dictation_changed.emit(DictationChanged(state=DictationState.IDLE))


def test_a_message_that_was_put_away_stays_away_while_it_is_tried_again(program: Program) -> None:
    strip, bridge = program.window.dictate.strip, program.bridge

    def attempt() -> None:
        cut = ConnectionError("Cut.", "sphinx", "reset")
        bridge.state_changed.emit(StateChanged(provider="sphinx", state=SessionState.RECONNECTING, error=cut))

    attempt()
    assert strip.message == "Cut."
    strip.dismiss()
    attempt()
    assert not strip.isVisible()
    bridge.dictation_changed.emit(DictationChanged(state=DictationState.OPENING))
    attempt()
    assert strip.message == "Cut. What you say meanwhile is kept.", "who speaks now is told"
    bridge.state_changed.emit(StateChanged(provider="sphinx", state=SessionState.CONNECTED))
    assert not strip.isVisible()
    attempt()
    assert strip.isVisible()
    bridge.dictation_changed.emit(DictationChanged(state=DictationState.IDLE))


def test_a_second_look_leaves_other_programs_alone_and_offers_what_can_be_done(program: Program, qtbot: QtBot) -> None:
    strip = program.window.dictate.strip
    corrected = TakeCorrected(take="a", text="Ice cream", previous="I scream", provider="whisper")
    program.bridge.take_corrected.emit(corrected)
    assert strip.message == ""  # it is in no other program
    elsewhere = msgspec.structs.replace(corrected, target="editor", replaceable=True)
    program.bridge.take_corrected.emit(elsewhere)
    assert "editor" in strip.message
    assert strip.shown()["remedy"] == "Replace it there"
    qtbot.mouseClick(strip._way_out, LEFT)  # the engine knows of no such insertion: it is not there any more
    qtbot.waitUntil(lambda: "no longer there" in strip.message, timeout=20_000)
    assert strip.shown()["remedy"] == "Copy the corrected text"
    qtbot.mouseClick(strip._way_out, LEFT)
    assert QGuiApplication.clipboard().text() == "Ice cream"
    assert strip.isHidden()


def test_a_failed_take_offers_retry_everywhere(program: Program) -> None:
    assert program.parts is not None
    failed = TakeFailed(take="gone", error=ProviderError("No answer"), text="half of it")
    program.bridge.take_failed.emit(failed)
    overlay, tray = program.parts.overlay, program.parts.tray
    assert program.window.dictate.strip._way_out.text() == "Retry"
    assert overlay.state is OverlayState.FAILED
    assert overlay.words == "No answer. Recording kept."
    assert overlay.retry_button.isVisible()
    assert tray.state is TrayState.TROUBLE
    assert tray.retry_action.isEnabled()
    overlay.copy.emit()
    assert QGuiApplication.clipboard().text() == "half of it"


def test_a_silent_microphone_is_hinted_at(program: Program) -> None:
    program.bridge.silence_hint.emit(SilenceHint(seconds=4, muted=True))
    assert "muted" in program.window.dictate.strip.message


def walk_through(program: Program) -> list[OverlayState]:
    """Every state of a take, as the engine would tell it; the states the overlay showed."""
    assert program.parts is not None
    overlay, bridge = program.parts.overlay, program.bridge
    seen = []

    def look() -> None:
        assert overlay.isVisible()
        seen.append(overlay.state)

    for state in (DictationState.OPENING, DictationState.LISTENING, DictationState.FINISHING):
        bridge.dictation_changed.emit(DictationChanged(state=state))
        bridge.level_changed.emit(LevelChanged(rms=-20, peak=-3, elapsed=1.0))
        QApplication.processEvents()
        look()
    for result in (InsertResult.INSERTED, InsertResult.CLIPBOARD):
        bridge.take_finished.emit(
            TakeFinished(take="t", text="x", provider="p", result=result, target="xterm", stamps=STAMPS)
        )
        QApplication.processEvents()
        look()
    bridge.take_failed.emit(TakeFailed(take="t", error=ProviderError("No answer.")))
    QApplication.processEvents()
    look()
    return seen


@pytest.mark.parametrize("style", ["pill", "dot", "bar"])
def test_the_overlay_never_takes_the_focus(
    program: Program, qtbot: QtBot, desk: Display, target: Terminal, style: str
) -> None:
    program.settings.set("window.overlay", style)
    qtbot.wait(50)  # the setting reaches the overlay through the event queue
    desk.focus(target.title)
    assert walk_through(program) == list(OverlayState)
    assert program.parts is not None
    qtbot.mouseClick(program.parts.overlay, LEFT)
    QApplication.processEvents()
    assert desk.focused() == target.title
    desk.type("still mine")
    target.wait_for("still mine")


def test_the_pill_is_where_it_belongs_goes_and_stays_where_it_was_put(program: Program, qtbot: QtBot) -> None:
    assert program.parts is not None
    overlay = program.parts.overlay
    overlay.present(OverlayState.DONE, "Inserted", leave_ms=900)
    area = overlay.screen().availableGeometry()
    assert overlay.size() == PILL
    assert abs(overlay.geometry().center().x() - area.center().x()) <= 1
    assert area.bottom() - overlay.geometry().bottom() == 48
    qtbot.waitUntil(lambda: not overlay.isVisible(), timeout=3000)
    overlay.present(OverlayState.CLIPBOARD, "On the clipboard")
    qtbot.mousePress(overlay, LEFT, pos=overlay.rect().center())
    qtbot.mouseMove(overlay, overlay.rect().center() - overlay.rect().center() / 2)
    qtbot.mouseRelease(overlay, LEFT)
    moved = overlay.pos()
    again = Overlay(program.memory)
    qtbot.addWidget(again)
    again.present(OverlayState.DONE, "Inserted")
    assert (again.pos() - moved).manhattanLength() <= 2


def test_no_overlay_means_none(program: Program, qtbot: QtBot) -> None:
    assert program.parts is not None
    program.settings.set("window.overlay", "none")
    qtbot.wait(50)
    program.bridge.dictation_changed.emit(DictationChanged(state=DictationState.OPENING))
    assert not program.parts.overlay.isVisible()


def test_nothing_moves_when_nothing_happens(program: Program) -> None:
    """No timer runs in a resting program: that is what keeps idle CPU at zero."""
    from PySide6.QtCore import QTimer

    running = [
        timer
        for top in (program, program.window, program.parts.overlay if program.parts else program)
        for timer in top.findChildren(QTimer)
        if timer.isActive()
    ]
    assert running == []
