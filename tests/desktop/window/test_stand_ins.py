"""Who stands in for a failing provider, what a provider lacks, and that the window says both."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFontMetricsF
from PySide6.QtWidgets import QLabel, QMenu
from pytestqt.qtbot import QtBot

from debabelizer.errors import ConnectionError, QuotaExceededError
from debabelizer.events import (
    DictationChanged,
    DictationState,
    ProviderChanged,
    SessionState,
    StateChanged,
    TakeFailed,
    TakeFinished,
)
from debabelizer_desktop import theme
from debabelizer_desktop.lifecycle import Program
from debabelizer_desktop.widgets.providers_editor import ProvidersEditor
from debabelizer_desktop.widgets.rail import PageName
from debabelizer_desktop.widgets.setting_row import SettingRow
from debabelizer_desktop.windows.overlay import PILL
from debabelizer_desktop.windows.settings_page import SettingsPage

MakeProgram = Callable[..., Program]
EMPTY = QuotaExceededError("The Deepgram balance is used up.", "deepgram", "402")


def row(program: Program, key: str) -> SettingRow:
    page = program.window.open_page(PageName.SETTINGS)
    assert isinstance(page, SettingsPage)
    page.show_setting(key)
    return page.rows[key]


def order(program: Program) -> ProvidersEditor:
    editor = row(program, "session.failover").editor
    assert isinstance(editor, ProvidersEditor)
    return editor


def entries(editor: ProvidersEditor) -> list[str]:
    return [editor.list.item(at).text() for at in range(editor.list.count())]


def test_nobody_stands_in_until_somebody_is_added(program: Program, qtbot: QtBot) -> None:
    editor = order(program)
    assert editor.list.isHidden()
    assert not editor._nobody.isHidden()
    editor.add.click()
    menu = editor.findChildren(QMenu)[-1]
    titles = [action.text() for action in menu.actions()]
    assert not any(title.startswith("Built-in") for title in titles), "it listens already"
    next(action for action in menu.actions() if action.text().startswith("Whisper")).trigger()
    menu.close()
    assert program.settings.get("session.failover") == ("whisper",)
    assert not editor.list.isHidden()
    assert editor.names == ("whisper",)


def test_the_order_is_changed_by_keyboard(make_program: MakeProgram, qtbot: QtBot) -> None:
    program = make_program(session__failover=["whisper", "deepgram", "openai"])
    editor = order(program)
    editor.list.setCurrentRow(2)
    qtbot.keyClick(editor.list, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    qtbot.keyClick(editor.list, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    qtbot.keyClick(editor.list, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)  # it is the first already
    assert program.settings.get("session.failover") == ("openai", "whisper", "deepgram")
    assert editor.list.currentRow() == 0
    qtbot.keyClick(editor.list, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert program.settings.get("session.failover") == ("whisper", "openai", "deepgram")
    qtbot.keyClick(editor.list, Qt.Key.Key_Delete)
    assert program.settings.get("session.failover") == ("whisper", "deepgram")


def test_the_order_is_changed_by_buttons_that_know_when_they_can(make_program: MakeProgram) -> None:
    program = make_program(session__failover=["whisper", "deepgram"])
    editor = order(program)
    editor.list.setCurrentRow(0)
    assert (editor.up.isEnabled(), editor.down.isEnabled()) == (False, True)
    editor.down.click()
    assert program.settings.get("session.failover") == ("deepgram", "whisper")
    assert (editor.up.isEnabled(), editor.down.isEnabled()) == (True, False)
    editor.remove.click()
    editor.remove.click()
    assert program.settings.get("session.failover") == ()
    assert editor.list.isHidden()


def test_who_could_not_stand_in_is_told_and_follows_what_is_mended(
    make_program: MakeProgram, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    monkeypatch.delenv("DEEPGRAM_API_KEY", raising=False)
    program = make_program(session__failover=["deepgram", "sphinx"])
    editor = order(program)
    assert entries(editor) == [
        "1.  Deepgram — has no key yet, is passed over",
        "2.  Built-in recogniser — listens already",
    ]
    program.settings.set("providers.deepgram.api_key", "a-key")
    qtbot.waitUntil(lambda: entries(editor)[0] == "1.  Deepgram", timeout=10_000)


def test_what_the_provider_lacks_is_grey_and_says_why(program: Program, qtbot: QtBot) -> None:
    words = row(program, "vocabulary")
    assert not words.editor.isEnabled()
    assert "takes no word list" in words._reason.text()
    program.settings.set("provider", "deepgram")
    qtbot.waitUntil(words.editor.isEnabled, timeout=10_000)
    assert words._reason.isHidden()


def test_what_another_setting_rules_out_comes_back_with_it(program: Program, qtbot: QtBot) -> None:
    pause = row(program, "dictation.pause_s")
    assert not pause.editor.isEnabled()
    program.settings.set("dictation.commit", "pause")
    qtbot.waitUntil(pause.editor.isEnabled, timeout=10_000)


def test_a_provider_keeps_its_headings(program: Program) -> None:
    page = program.window.open_page(PageName.SETTINGS)
    assert isinstance(page, SettingsPage)
    page.show_provider("deepgram")
    section = page.section("Deepgram")
    headings = {one.text(): one for one in section.findChildren(QLabel) if one.objectName() == "Section"}
    assert list(headings)[:3] == ["Account", "Recognition", "Pauses"]
    page.search.setText("find and replace")
    assert not headings["Recognition"].isHidden()
    assert headings["Account"].isHidden()


def test_the_window_says_who_listens_now_and_why(program: Program, qtbot: QtBot) -> None:
    page = program.window.dictate
    bridge = program.bridge
    bridge.provider_changed.emit(ProviderChanged(provider="whisper", before="deepgram", error=EMPTY))
    bridge.state_changed.emit(StateChanged(provider="whisper", state=SessionState.CONNECTED))
    assert page.strip.message == "The Deepgram balance is used up. Whisper on this computer listens now."
    assert page.top.provider.words.startswith("Whisper on this computer")
    program.settings.set("window.language", "ru")
    qtbot.waitUntil(lambda: "listens" not in page.strip.message, timeout=10_000)
    assert "Whisper" in page.strip.message
    program.settings.set("window.language", "en")
    qtbot.waitUntil(lambda: "listens" in page.strip.message, timeout=10_000)
    bridge.provider_changed.emit(ProviderChanged(provider="deepgram", before="whisper"))
    assert page.strip.message == "Deepgram works again: it gets what you say next."


def test_the_overlay_says_who_listens_now(program: Program) -> None:
    assert program.parts is not None
    overlay = program.parts.overlay
    for state in (DictationState.OPENING, DictationState.LISTENING):
        program.bridge.dictation_changed.emit(DictationChanged(state=state, take="t"))
    program.bridge.provider_changed.emit(ProviderChanged(provider="whisper", before="deepgram", error=EMPTY))
    assert overlay.words == "Whisper on this computer listens now"


@pytest.mark.parametrize("kept", [True, False])
def test_a_long_reason_is_read_whole_in_the_overlay(program: Program, kept: bool) -> None:
    assert program.parts is not None
    overlay = program.parts.overlay
    reason = "The name api.deepgram.com cannot be looked up: no network, or a wrong address"
    error = ConnectionError(" ".join([reason] * 3), "deepgram")
    program.bridge.take_failed.emit(TakeFailed(take="t", error=error, kept=kept, text="half of it"))
    buttons = [one for one in (overlay.retry_button, overlay.copy_button) if not one.isHidden()]
    room = overlay.width() - 54 - 20 - sum(one.sizeHint().width() + 8 for one in buttons)
    needed = QFontMetricsF(theme.font(14)).boundingRect(
        QRectF(0, 0, room, 4000), int(Qt.TextFlag.TextWordWrap), overlay.words
    )
    assert overlay.words.count(reason) == 3
    assert overlay.height() >= needed.height() > PILL.height()
    program.bridge.take_failed.emit(TakeFailed(take="t", error=ConnectionError("No answer.", "deepgram"), kept=False))
    assert overlay.size() == PILL


def test_the_history_calls_a_provider_by_its_title() -> None:
    from datetime import datetime

    from debabelizer_desktop.models.takes import TakeItem, headline

    item = TakeItem(take="t", when=datetime(2026, 11, 21, 9, 41), text="hello", provider="elevenlabs")  # noqa: DTZ001
    assert headline(item) == "2026-11-21 09:41 · ElevenLabs"


def test_a_take_goes_on_with_the_one_that_stands_in(
    make_program: MakeProgram, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    """From the button to the history, with the real engine: the chosen provider has no key."""
    monkeypatch.delenv("DEEPGRAM_API_KEY", raising=False)
    program = make_program(provider="deepgram", session__failover=["sphinx"])
    page = program.window.dictate
    finished: list[TakeFinished] = []
    program.bridge.take_finished.connect(finished.append)
    qtbot.mouseClick(page.bar.record_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "Built-in recogniser listens now." in page.strip.message, timeout=20_000)
    assert page.strip.message.startswith("Deepgram needs an API key, and none is set.")
    qtbot.waitUntil(lambda: len(program.model.whole_text()) > 12, timeout=30_000)
    assert page.top.provider.words.startswith("Built-in recogniser")
    qtbot.mouseClick(page.bar.record_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bool(finished), timeout=30_000)
    assert finished[0].provider == "sphinx"
    assert "hello" in program.model.whole_text()
