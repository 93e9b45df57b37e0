"""The first page: what is missing is put right where it stands, by mouse and by keyboard."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from debabelizer import registry
from debabelizer.errors import AudioError, AuthenticationError, ConfigurationError, ModelMissingError, Remedy
from debabelizer.events import DictationState, ErrorOccurred
from debabelizer_desktop.lifecycle import Program
from debabelizer_desktop.windows.first_run import FirstRunPage
from fakes.model_host import ModelHost
from fakes.rig_app import InThread

from .conftest import MakeProgram

LEFT = Qt.MouseButton.LeftButton
MODEL = Path(__file__).parents[2] / "data" / "whisper-tiny-words"


def first_page(program: Program) -> FirstRunPage:
    page = program.window.findChild(FirstRunPage)
    assert page is not None
    return page


def choose(page: FirstRunPage, name: str) -> None:
    next(choice for choice in page.choices if choice.description.name == name).radio.click()


@pytest.mark.parametrize("key", [Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter])
def test_start_dictating_by_keyboard(make_program: MakeProgram, qtbot: QtBot, key: Qt.Key) -> None:
    program = make_program(welcomed=False)
    page = first_page(program)
    with qtbot.waitSignal(page.done):
        qtbot.keyClick(page.start, key)
    assert program.memory.welcomed


@pytest.mark.parametrize("provider", ["whisper", "elevenlabs"])
def test_a_message_leads_to_what_is_missing(make_program: MakeProgram, qtbot: QtBot, provider: str) -> None:
    program = make_program(welcomed=False)
    page = first_page(program)
    choose(page, provider)
    errors = [
        (AudioError("No microphone."), page.microphone),
        (ConfigurationError("Taken.", remedy=Remedy.CHANGE_HOTKEY), page.key.field),
    ]
    if provider == "elevenlabs":
        secret = next(choice.secret for choice in page.choices if choice.secret is not None)
        errors.append((AuthenticationError("No key.", provider), secret.line))
    for error, place in errors:
        program.bridge.error.emit(ErrorOccurred(error=error))
        qtbot.mouseClick(page.strip._way_out, LEFT)
        assert program.window.focusWidget() is place
        assert not page.strip.isVisible()


def test_the_download_button_of_a_message_downloads(
    make_program: MakeProgram, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = registry.describe("whisper").models
    wanted = next(each for each in model if each.name == registry.describe("whisper").default_model)
    files = {
        httpx.URL(file.url).path.strip("/"): (MODEL / file.name.replace(".txt", ".json")).read_bytes()
        for file in wanted.files
    }
    thread, host = InThread(), ModelHost(files)
    try:
        thread.run(host.__aenter__)
        monkeypatch.setenv("DEBABELIZER_MODEL_HOST", host.url("").rstrip("/"))
        program = make_program(welcomed=False)
        page = first_page(program)
        choose(page, "whisper")
        row = next(choice.model for choice in page.choices if choice.model is not None)
        program.bridge.error.emit(ErrorOccurred(error=ModelMissingError("No model.", "whisper")))
        qtbot.mouseClick(page.strip._way_out, LEFT)
        assert program.window.focusWidget() is row.cancel  # the button that took the place of the one with the focus
        qtbot.waitUntil(lambda: row.present, timeout=20_000)
        qtbot.waitUntil(row.remove.isVisible, timeout=5_000)
    finally:
        thread.run(lambda: host.__aexit__(None, None, None))
        thread.close()


def test_the_focus_stays_on_the_round_button_through_a_take(make_program: MakeProgram, qtbot: QtBot) -> None:
    program = make_program()
    record = program.window.dictate.bar.record_button
    record.setFocus()
    states = []
    program.bridge.dictation_changed.connect(lambda event: states.append((event.state, record.ready)))
    qtbot.keyClick(record, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: program.bridge.dictation_state is DictationState.LISTENING, timeout=10_000)
    qtbot.keyClick(record, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: program.bridge.dictation_state is DictationState.IDLE, timeout=20_000)
    assert (DictationState.FINISHING, False) in states
    assert program.window.focusWidget() is record


def test_undo_says_when_there_is_nothing_to_undo(make_program: MakeProgram, qtbot: QtBot) -> None:
    program = make_program()
    page = program.window.dictate
    page.undo_action.trigger()
    qtbot.waitUntil(page.strip.isVisible, timeout=5_000)
    assert "taken back" in page.strip.message
    assert program.parts is not None
    assert program.parts.tray.undo_action.text() == "Undo the last insertion"


def test_without_a_key_store_the_choice_stands_beside_the_key(
    make_program: MakeProgram, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
    program = make_program(welcomed=False, secrets__store="system")
    page = first_page(program)
    choice = next(choice for choice in page.choices if choice.description.name == "elevenlabs")
    assert choice.place is None  # the store is asked only when a key is wanted
    choice.radio.click()
    assert choice.place is not None
    qtbot.waitUntil(choice.place.in_file.isVisible, timeout=10_000)
    qtbot.mouseClick(choice.place.in_file, LEFT)
    assert choice.secret is not None
    qtbot.keyClicks(choice.secret.line, "sk_entered")
    qtbot.keyClick(choice.secret.line, Qt.Key.Key_Return)
    assert program.settings.get("providers.elevenlabs.api_key") == "sk_entered"
    assert not page.strip.isVisible()
