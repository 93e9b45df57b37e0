"""The window in this process, on a real X server, with the built-in recogniser and a recording in place of a voice."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from debabelizer.audio.file_capture import FileCapture
from debabelizer.config import Settings
from debabelizer_desktop import theme
from debabelizer_desktop.lifecycle import Program
from fakes.recordings import SPEECH

MakeProgram = Callable[..., Program]


@pytest.fixture
def themed(qapp: QApplication) -> theme.Theme:
    """The theme, for tests of single widgets."""
    made = theme.install(qapp)
    made.apply(theme.ThemeChoice.LIGHT)
    return made


@pytest.fixture
def make_program(
    qapp: QApplication, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[MakeProgram]:
    """The whole program in its own home folder; keyword arguments are settings, with ``__`` for dots."""
    monkeypatch.setenv("DEBABELIZER_HOME", str(tmp_path))
    monkeypatch.setattr(
        "debabelizer_desktop.platform.qt_capture.choose_capture_factory",
        lambda: lambda microphone: FileCapture(SPEECH / "01_hello_test.wav"),
    )
    qapp.setQuitOnLastWindowClosed(False)
    running: list[Program] = []

    def make(*, welcomed: bool = True, **values: object) -> Program:
        settings = Settings.load()
        chosen = {"secrets__store": "memory", "provider": "sphinx", "dictation__key": "", "window__language": "en"}
        for key, value in (chosen | values).items():
            settings.set(key.replace("__", "."), value)
        program = Program(qapp, settings)
        running.append(program)
        if welcomed:
            program.memory.set_welcomed()
        with qtbot.waitSignal(program.bridge.ready, timeout=20_000):
            program.start()
        qtbot.waitExposed(program.window)
        return program

    yield make
    for program in running:
        program.stop()
        program.language.apply("en")
        program.window.deleteLater()
        program.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    QApplication.processEvents()


@pytest.fixture
def program(make_program: MakeProgram) -> Program:
    return make_program()
