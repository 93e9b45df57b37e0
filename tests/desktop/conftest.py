"""One display and one Qt application on it for all tests of the desktop program in a process, whichever runs first."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication

from fakes.rig import desk, target
from fakes.rig_display import Display

__all__ = ["desk", "target"]


@pytest.fixture(scope="session")
def qapp_cls() -> type[QApplication]:
    """The program's own, which hears of files that are to be opened."""
    from debabelizer_desktop.lifecycle import Application

    return Application


@pytest.fixture(scope="session")
def qapp_args(desk: Display) -> Iterator[list[str]]:
    """Before the one application is made: it is to open its windows on the tests' display, and to end before it."""
    if QApplication.instance() is None:
        os.environ["DISPLAY"] = desk.environ["DISPLAY"]
        os.environ["QT_QPA_PLATFORM"] = "xcb"
    yield ["debabelizer"]
    app = QApplication.instance()
    if app is not None:
        app.shutdown()
