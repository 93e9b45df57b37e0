"""Recordings in the window: they come from everywhere, can be watched, stopped and tried again; their texts stay."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QFileOpenEvent, QGuiApplication
from PySide6.QtWidgets import QAbstractButton, QApplication, QMenu, QWidget
from pytestqt.qtbot import QtBot

from debabelizer.errors import Remedy
from debabelizer.export.documents import FORMS
from debabelizer.recordings.item import RecordingItem, RecordingState
from debabelizer_desktop.lifecycle import Program
from debabelizer_desktop.models.recordings import state
from debabelizer_desktop.widgets.rail import PageName
from debabelizer_desktop.windows.recordings_page import RecordingsPage
from fakes.held_files import HeldFiles, InThread, in_thread
from fakes.openai_server import scripted
from fakes.recordings import SPEECH

MakeProgram = Callable[..., Program]
SAID = "what was said in the recording"
PATIENCE_MS = 40_000
LEFT, NOTHING = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


@pytest.fixture
def vendor() -> Iterator[InThread]:
    with in_thread(HeldFiles(recognise=scripted([SAID]))) as vendor:
        yield vendor


@pytest.fixture
def talks(tmp_path: Path) -> list[str]:
    """Three recordings."""
    folder = tmp_path / "talks"
    folder.mkdir()
    return [str(shutil.copy(SPEECH / "03_digits.wav", folder / f"talk{number}.wav")) for number in range(3)]


@pytest.fixture
def begun(make_program: MakeProgram, vendor: InThread) -> MakeProgram:
    """The program, which sends recordings to the vendor."""

    def make(**values: object) -> Program:
        named = {key.replace(".", "__"): value for key, value in vendor.server.settings().items()}
        return make_program(**{**named, **values})

    return make


class Seen:
    """What somebody in front of the window sees and does."""

    def __init__(self, program: Program, qtbot: QtBot) -> None:
        self.program, self._qtbot = program, qtbot
        page = program.window.open_page(PageName.RECORDINGS)
        assert isinstance(page, RecordingsPage)
        self.page = page
        self.panel, self.list = page.panel, page.list

    def items(self) -> list[RecordingItem]:
        assert self.program.parts is not None
        return self.program.parts.recordings.model.items

    def states(self) -> list[str]:
        return [item.state.value for item in self.items()]

    def until(self, right: Callable[[], object]) -> None:
        self._qtbot.waitUntil(lambda: bool(right()), timeout=PATIENCE_MS)

    def all_done(self, count: int) -> None:
        self.until(lambda: self.states() == ["done"] * count)

    def choose(self, *rows: int) -> None:
        selection = self.list.selectionModel()
        selection.clear()
        for row in rows:
            selection.select(self.list.model().index(row, 0), selection.SelectionFlag.Select)

    def text(self) -> str:
        return self.panel.text.toPlainText()


def dragged(program: Program, over: QWidget, *paths: str) -> None:
    """Over any part of the window, and let go there."""
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(path) for path in paths])
    window, copy = program.window, Qt.DropAction.CopyAction
    enter = QDragEnterEvent(QPoint(20, 20), copy, mime, LEFT, NOTHING)
    QApplication.sendEvent(over, enter)
    assert enter.isAccepted()
    assert window.drop.veil.isVisible()
    QApplication.sendEvent(over, QDropEvent(QPointF(20, 20), copy, mime, LEFT, NOTHING))
    assert not window.drop.veil.isVisible()


def test_they_come_by_drop_dialog_and_system_event_and_become_text(
    begun: MakeProgram, qtbot: QtBot, talks: list[str]
) -> None:
    program = begun()
    dragged(program, program.window.rail, talks[0])
    page = program.window.page(PageName.RECORDINGS)
    assert program.window._stack.currentWidget() is page is not None, "it leads there"
    seen = Seen(program, qtbot)
    seen.until(seen.items)
    dragged(program, seen.panel.text.viewport(), talks[0])
    seen.page.ask_files()
    dialog = seen.page._dialog
    assert dialog is not None
    dialog.selectFile(talks[1])
    dialog.accept()
    QApplication.sendEvent(program.app, QFileOpenEvent(QUrl.fromLocalFile(talks[2])))
    seen.all_done(3)
    assert sorted(item.path for item in seen.items()) == talks
    seen.choose(0)
    seen.until(lambda: seen.text() == SAID)
    qtbot.mouseClick(seen.panel.copy_button, LEFT)
    assert QGuiApplication.clipboard().text() == SAID


def test_an_empty_page_says_what_to_do_and_text_that_is_dragged_is_none_of_its_business(
    begun: MakeProgram, qtbot: QtBot, talks: list[str]
) -> None:
    program = begun()
    seen = Seen(program, qtbot)
    assert seen.page.empty.isVisible()
    assert "Drop" in seen.page.empty._sentence.text()
    mime = QMimeData()
    mime.setText("only words")
    enter = QDragEnterEvent(QPoint(20, 200), Qt.DropAction.CopyAction, mime, LEFT, NOTHING)
    enter.ignore()
    QApplication.sendEvent(program.window, enter)
    assert not program.window.drop.veil.isVisible()
    qtbot.mouseClick(seen.page.empty.folder, LEFT)
    dialog = seen.page._dialog
    assert dialog is not None
    dialog.setDirectory(str(Path(talks[0]).parent.parent))
    dialog.selectFile(str(Path(talks[0]).parent))
    dialog.accept()
    seen.all_done(3)
    assert not seen.page.empty.isVisible()


def test_what_comes_before_the_engine_waits_for_it_and_puts_the_welcome_aside(
    begun: MakeProgram, qtbot: QtBot, talks: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    start = Program.start

    def start_with_files(program: Program) -> None:
        program.open_files(talks)
        start(program)

    monkeypatch.setattr(Program, "start", start_with_files)
    program = begun(welcomed=False)
    seen = Seen(program, qtbot)
    seen.all_done(3)
    assert program.window._stack.currentWidget() is seen.page
    assert program.window.rail.isEnabled()
    assert not program.memory.welcomed, "it is for another time"


def test_words_and_state_are_seen_while_it_is_under_way_and_a_stop_keeps_them(
    begun: MakeProgram, qtbot: QtBot, vendor: InThread, talks: list[str]
) -> None:
    vendor.hold()
    program = begun()
    seen = Seen(program, qtbot)
    seen.page.add(talks[:1])
    seen.until(lambda: len(seen.text().split()) > 2)
    [item] = seen.items()
    assert item.state is RecordingState.RUNNING
    assert item.seconds == pytest.approx(2.4, abs=0.1)
    assert SAID.startswith(seen.text())
    assert seen.panel.cancel_button.isVisible()
    assert not seen.panel.again_button.isVisible()
    told = seen.list.model().index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert "talk0.wav" in told
    assert "OpenAI" in told
    qtbot.mouseClick(seen.panel.cancel_button, LEFT)
    seen.until(lambda: seen.states() == ["stopped"])
    assert len(seen.text().split()) > 2
    assert "kept" in state(seen.items()[0])
    vendor.let_go()
    qtbot.mouseClick(seen.panel.again_button, LEFT)
    seen.until(lambda: seen.text() == SAID)
    seen.all_done(1)


def test_a_wrong_key_and_a_broken_file_name_the_way_out_and_can_be_tried_again(
    begun: MakeProgram, qtbot: QtBot, vendor: InThread, talks: list[str], tmp_path: Path
) -> None:
    right, vendor.server.key = vendor.server.key, "another"
    program = begun(providers__openai__api_key=right)
    seen = Seen(program, qtbot)
    seen.page.add(talks)
    seen.until(lambda: seen.states() == ["failed"] * 3)
    seen.choose(1)
    strip = seen.panel.strip
    assert strip.isVisible()
    assert strip.shown()["remedy"] == "Enter the key"
    qtbot.mouseClick(strip._way_out, LEFT)
    assert program.window._stack.currentWidget() is program.window.page(PageName.SETTINGS)
    vendor.server.key = right
    program.window.open_page(PageName.RECORDINGS)
    seen.page._enable_more()
    seen.page.retry_failed_action.trigger()
    seen.all_done(3)
    assert not strip.isVisible()
    broken = tmp_path / "broken.mp3"
    broken.write_bytes(bytes(range(256)) * 40)
    seen.page.add([str(broken)])
    seen.until(lambda: sorted(seen.states()) == ["done"] * 3 + ["failed"])
    seen.until(lambda: "Convert it" in strip.message)
    assert strip.shown()["remedy"] == "", "no button helps"
    shutil.copy(talks[0], broken)
    qtbot.mouseClick(seen.panel.again_button, LEFT)
    seen.all_done(4)


def test_without_a_network_it_says_what_it_waits_for(
    begun: MakeProgram, qtbot: QtBot, talks: list[str], free_port: int
) -> None:
    program = begun(providers__openai__base_url=f"http://127.0.0.1:{free_port}/v1")
    seen = Seen(program, qtbot)
    seen.page.add(talks[:1])
    seen.until(lambda: any("Trying again in" in state(item) for item in seen.items()))
    with in_thread(HeldFiles(recognise=scripted([SAID]), port=free_port)):
        seen.all_done(1)


@pytest.fixture
def free_port() -> int:
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_texts_are_saved_in_any_form_and_the_last_one_is_remembered(
    begun: MakeProgram, qtbot: QtBot, talks: list[str], tmp_path: Path
) -> None:
    program = begun()
    seen = Seen(program, qtbot)
    seen.page.add(talks)
    seen.all_done(3)
    seen.choose(0)
    for form in FORMS:
        target = tmp_path / f"saved.{form}"
        seen.page.save(str(target))
        seen.until(target.exists)
    assert SAID in (tmp_path / "saved.srt").read_text().replace("\n", " ")
    assert (tmp_path / "saved.txt").read_text() == f"{SAID}\n"
    seen.page.save(str(tmp_path / "last.vtt"))
    seen.page.ask_save()
    dialog = seen.page._dialog
    assert dialog is not None
    assert dialog.selectedNameFilter().endswith("(*.vtt)")
    assert dialog.selectedFiles() == [str(Path(talks[0]).with_suffix(".vtt"))]
    dialog.reject()
    seen.choose(0, 1, 2)
    assert seen.panel.title.text() == "Recordings: 3"
    seen.until(lambda: seen.text().count(SAID) == 3)
    for count in (3, 6):
        seen.page.save_all(str(tmp_path / "all"))
        seen.until(lambda count=count: len(list((tmp_path / "all").glob("talk*.vtt"))) == count)
    seen.page.save(str(tmp_path / "saved.txt" / "no.txt"))
    seen.until(lambda: "can't be written" in seen.page.strip.message)


def test_the_next_start_goes_on_with_what_was_not_done_and_says_so(
    begun: MakeProgram, qtbot: QtBot, vendor: InThread, talks: list[str]
) -> None:
    vendor.hold()
    first = begun()
    seen = Seen(first, qtbot)
    seen.page.add(talks)
    seen.until(lambda: any(item.progress and item.progress.text for item in seen.items()))
    first.stop()
    vendor.let_go()
    second = begun()
    strip = second.window.dictate.strip
    seen = Seen(second, qtbot)
    seen.until(lambda: "not text yet: 3" in strip.message)
    seen.all_done(3)
    second.window.open_page(PageName.DICTATE)
    qtbot.mouseClick(strip._way_out, LEFT)
    assert second.window._stack.currentWidget() is seen.page
    seen.choose(2)
    seen.until(lambda: seen.text() == SAID)


def test_the_list_is_served_by_the_keyboard_and_removing_leaves_the_recording(
    begun: MakeProgram, qtbot: QtBot, talks: list[str]
) -> None:
    program = begun()
    seen = Seen(program, qtbot)
    seen.page.add(talks)
    seen.all_done(3)
    program.window.activateWindow()
    seen.list.setFocus()
    seen.until(seen.list.hasFocus)
    qtbot.keyClick(seen.list, Qt.Key.Key_Down)
    seen.until(lambda: seen.text() == SAID)
    qtbot.keyClick(seen.list, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == SAID
    qtbot.keyClick(seen.list, Qt.Key.Key_Delete)
    seen.until(lambda: len(seen.items()) == 2)
    assert all(Path(path).exists() for path in talks)
    buttons = [made for made in seen.page.findChildren(QAbstractButton) if made.isVisible()]
    assert all(made.text() or made.accessibleName() for made in buttons)
    seen.page._enable_more()
    seen.page.remove_done_action.trigger()
    seen.until(lambda: seen.page.empty.isVisible())


def test_the_choices_name_who_does_it_and_are_remembered(begun: MakeProgram, qtbot: QtBot) -> None:
    program = begun(provider="sphinx")
    choices = Seen(program, qtbot).page.choices
    qtbot.waitUntil(lambda: "Built-in" in choices.provider.words, timeout=PATIENCE_MS)
    assert not choices.speakers.isEnabled()
    assert "does not tell speakers apart" in choices.speakers.toolTip()
    menu = choices.provider.menu()
    assert isinstance(menu, QMenu)
    menu.aboutToShow.emit()
    next(action for action in menu.actions() if action.text().startswith("ElevenLabs")).trigger()
    qtbot.waitUntil(choices.speakers.isEnabled, timeout=PATIENCE_MS)
    choices.speakers.click()
    assert program.memory.recordings.provider == "elevenlabs"
    assert program.memory.recordings.speakers is True
    assert program.settings.get("provider") == "sphinx", "dictation is another matter"
    assert type(program.memory)().recordings == program.memory.recordings
    program.window.open_page(PageName.DICTATE)
    QApplication.sendEvent(choices, QEvent(QEvent.Type.LanguageChange))
    assert "ElevenLabs" in choices.provider.words


def test_one_may_dictate_beside_it(begun: MakeProgram, qtbot: QtBot, vendor: InThread, talks: list[str]) -> None:
    vendor.hold()
    program = begun(provider="sphinx")
    seen = Seen(program, qtbot)
    seen.page.choices._choose(provider="openai")
    seen.page.add(talks[:1])
    seen.until(lambda: seen.states() == ["running"])
    program.window.open_page(PageName.DICTATE)
    qtbot.mouseClick(program.window.dictate.bar.record_button, LEFT)
    seen.until(lambda: len(program.model.whole_text()) > 12)
    with qtbot.waitSignal(program.bridge.take_finished, timeout=PATIENCE_MS):
        qtbot.mouseClick(program.window.dictate.bar.record_button, LEFT)
    assert "hello" in program.model.whole_text()
    assert seen.states() == ["running"]


def test_what_waits_can_be_done_otherwise(
    begun: MakeProgram, qtbot: QtBot, vendor: InThread, talks: list[str], tmp_path: Path
) -> None:
    vendor.hold()
    program = begun()
    seen = Seen(program, qtbot)
    seen.page.add([shutil.copy(talks[0], tmp_path / "talks" / f"more{number}.wav") for number in range(9)])
    seen.until(lambda: len(seen.items()) == 9 and "running" in seen.states())
    seen.choose(8)
    assert seen.states()[8] == "waiting"
    assert not seen.panel.again_button.isVisible()
    seen.page.choices._choose(languages=("de",))
    assert seen.panel.again_button.text() == "As chosen above"
    qtbot.mouseClick(seen.panel.again_button, LEFT)
    seen.until(lambda: [item.choices.languages for item in seen.items()] == [None] * 8 + [("de",)])
    assert not seen.panel.again_button.isVisible()
    vendor.let_go()
    seen.all_done(9)


def test_an_error_that_names_a_setting_leads_to_it(begun: MakeProgram, qtbot: QtBot, talks: list[str]) -> None:
    program = begun(files__longest_h=0.0001)
    seen = Seen(program, qtbot)
    seen.page.add(talks[:1])
    seen.until(lambda: seen.states() == ["failed"])
    error = seen.items()[0].error
    assert error is not None
    assert error.remedy is Remedy.OPEN_SETTINGS
    qtbot.mouseClick(seen.panel.strip._way_out, LEFT)
    page = program.window.page(PageName.SETTINGS)
    assert page is not None
    assert page.list.currentItem().text() == "Recordings"  # type: ignore[attr-defined]
