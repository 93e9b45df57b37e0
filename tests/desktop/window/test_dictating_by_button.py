"""A person at the window: press the round button, speak, see the words, take them away."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from debabelizer.events import DictationState, Freeze, InsertResult, SegmentId, TakeFinished
from debabelizer.export.documents import FORMS
from debabelizer_desktop.lifecycle import Program

LEFT = Qt.MouseButton.LeftButton


def dictate(program: Program, qtbot: QtBot) -> str:
    """One take by button, from the press to the finished text."""
    bar = program.window.dictate.bar
    finished: list[TakeFinished] = []
    program.bridge.take_finished.connect(finished.append)
    qtbot.mouseClick(bar.record_button, LEFT)
    qtbot.waitUntil(lambda: program.bridge.dictation_state is DictationState.LISTENING, timeout=10_000)
    qtbot.waitUntil(lambda: len(program.model.whole_text()) > 12, timeout=20_000)
    qtbot.mouseClick(bar.record_button, LEFT)
    qtbot.waitUntil(lambda: bool(finished), timeout=20_000)
    assert finished[0].result is InsertResult.NOT_WANTED
    return program.model.whole_text()


def test_words_appear_and_can_be_copied_exported_cleared_and_brought_back(
    program: Program, qtbot: QtBot, tmp_path: Path
) -> None:
    page = program.window.dictate
    assert page.empty.isVisible()
    said = dictate(program, qtbot)
    assert "hello" in said
    assert page.view.isVisible()
    assert not page.empty.isVisible()
    assert "ms" in program.window.rail._quick.text()

    qtbot.mouseClick(page.bar.copy_button, LEFT)
    assert QGuiApplication.clipboard().text() == said

    for form in FORMS:
        page.save(str(tmp_path / f"said.{form}"))
    qtbot.waitUntil(lambda: len(list(tmp_path.glob("said.*"))) == len(FORMS), timeout=20_000)
    assert json.loads((tmp_path / "said.json").read_text())["text"] == said
    assert (tmp_path / "said.txt").read_text() == said + "\n"
    assert " --> " in (tmp_path / "said.srt").read_text()
    page.save(str(tmp_path / "said.json" / "no folder.txt"))
    qtbot.waitUntil(lambda: page.strip.error is not None, timeout=20_000)

    page.clear_action.trigger()
    assert program.model.is_empty
    assert page.empty.isVisible()
    qtbot.mouseClick(page.empty.button, LEFT)
    assert program.model.whole_text() == said


def test_level_and_time_move_while_listening_and_commit_is_offered(program: Program, qtbot: QtBot) -> None:
    bar = program.window.dictate.bar
    assert not bar.commit_button.isEnabled()
    qtbot.mouseClick(bar.record_button, LEFT)
    qtbot.waitUntil(lambda: bar.time.text() > "0:00.5" and any(bar.meter._levels), timeout=10_000)
    assert bar.commit_button.isEnabled()
    assert bar.send_button.isEnabled()
    assert bar.record_button.accessibleName() == "Stop"
    with qtbot.waitSignal(program.bridge.committed, timeout=20_000):
        qtbot.waitUntil(lambda: bool(program.model.whole_text()), timeout=20_000)
        qtbot.mouseClick(bar.commit_button, LEFT)
    program.bridge.cancel_take()
    qtbot.waitUntil(lambda: program.bridge.dictation_state is DictationState.IDLE, timeout=10_000)


def test_connect_and_disconnect(program: Program, qtbot: QtBot) -> None:
    top = program.window.dictate.top
    assert top.connection.text() == "Connect"
    qtbot.mouseClick(top.connection, LEFT)
    qtbot.waitUntil(lambda: "· connected" in top.provider.words, timeout=20_000)
    assert top.connection.text() == "Disconnect"
    qtbot.mouseClick(top.connection, LEFT)
    qtbot.waitUntil(lambda: "not connected" in top.provider.words, timeout=10_000)


@pytest.mark.parametrize("state", ["idle", "listening", "finishing"])
def test_quit_is_quick_in_any_state(program: Program, qtbot: QtBot, state: str) -> None:
    if state != "idle":
        program.bridge.start_take(insert=False)
        qtbot.waitUntil(lambda: program.bridge.dictation_state is DictationState.LISTENING, timeout=10_000)
    if state == "finishing":
        program.bridge.stop_take()
        qtbot.waitUntil(lambda: program.bridge.dictation_state is not DictationState.LISTENING, timeout=10_000)
    began = time.monotonic()
    program.stop()
    assert time.monotonic() - began < 3


def test_history_shows_what_was_said_and_finds_it(program: Program, qtbot: QtBot) -> None:
    from debabelizer_desktop.widgets.rail import PageName
    from debabelizer_desktop.windows.history_page import HistoryPage

    said = dictate(program, qtbot)
    page = program.window.open_page(PageName.HISTORY)
    assert isinstance(page, HistoryPage)
    qtbot.waitUntil(lambda: page.model.rowCount() == 1, timeout=10_000)
    found = page.model.item(0)
    assert found is not None
    assert found.text.strip() == said.strip()
    page.search.setText("zebra")
    qtbot.waitUntil(lambda: page.model.rowCount() == 0, timeout=10_000)
    page.search.setText(said.split()[0])
    qtbot.waitUntil(lambda: page.model.rowCount() == 1, timeout=10_000)
    page.list.setCurrentIndex(page.model.index(0))
    qtbot.mouseClick(page.discard, LEFT)
    qtbot.waitUntil(lambda: page.model.rowCount() == 0, timeout=10_000)


def test_a_late_correction_does_not_bring_cleared_text_back(program: Program) -> None:
    segment = SegmentId(900, 0)
    program.model.apply(Freeze(segment=segment, text="first words"))
    program.model.clear()
    program.model.apply(Freeze(segment=segment, text="first worlds"))
    assert program.model.is_empty
