"""Recordings on an engine of this machine: one at a time, in the order somebody wants, and none begun anew."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtTest import QSignalSpy
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from debabelizer import registry
from debabelizer.audio.wav import header
from debabelizer.recordings.item import RecordingChanged, RecordingItem, RecordingState
from debabelizer_desktop.bridge import Bridge
from debabelizer_desktop.lifecycle import Program
from debabelizer_desktop.models.recordings import state
from debabelizer_desktop.widgets.rail import PageName
from debabelizer_desktop.windows.recordings_page import RecordingsPage
from fakes.held_engine import HeldEngine
from fakes.recognisers import numbered_audio

PATIENCE_MS = 40_000


def test_one_is_done_first_and_a_stopped_one_goes_on(
    make_program: Callable[..., Program], qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine, load = HeldEngine(), registry.load
    monkeypatch.setattr(registry, "load", lambda name: engine if name == "sphinx" else load(name))
    engine.held = True
    paths = [str(tmp_path / name) for name in ("1 long.wav", "2 short.wav", "3 short.wav")]
    for path, count in zip(paths, (40, 5, 5), strict=True):
        Path(path).write_bytes(header(6_400 * count) + numbered_audio(0, count))
    program = make_program()
    page = program.window.open_page(PageName.RECORDINGS)
    assert isinstance(page, RecordingsPage)
    assert program.parts is not None
    model, panel = program.parts.recordings.model, page.panel

    def choose(row: int) -> None:
        page.list.setCurrentIndex(page.list.model().index(row, 0))

    def states() -> list[str]:
        return [item.state.value for item in model.items]

    page.add(paths)
    qtbot.waitUntil(lambda: len(model.items) == 3 and model.items[0].settled > 0, timeout=PATIENCE_MS)
    choose(2)
    panel.first_button.click()
    qtbot.waitUntil(lambda: states() == ["waiting", "waiting", "running"], timeout=PATIENCE_MS)
    choose(1)
    panel.first_button.click()
    qtbot.waitUntil(lambda: state(model.items[1]) == "comes next", timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: not panel.first_button.isVisible(), timeout=PATIENCE_MS)
    engine.held = False
    qtbot.waitUntil(lambda: states()[1:] == ["done", "done"], timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: states()[0] == "done", timeout=PATIENCE_MS)
    assert engine.heard == [8, 1, 1, 6]
    engine.held = True
    page.add([str(Path(paths[0]).rename(tmp_path / "4 long.wav"))])
    qtbot.waitUntil(lambda: len(model.items) == 4 and model.items[0].settled > 0, timeout=PATIENCE_MS)
    choose(0)
    panel.cancel_button.click()
    qtbot.waitUntil(lambda: panel.again_button.text() == "Go on", timeout=PATIENCE_MS)
    engine.held = False
    panel.again_button.click()
    qtbot.waitUntil(lambda: states()[0] == "done", timeout=PATIENCE_MS)
    assert engine.heard == [8, 1, 1, 6, 8, 6]


def test_thousands_of_events_do_not_hold_the_window(qapp: QApplication, qtbot: QtBot) -> None:
    bridge = Bridge(lambda: pytest.fail("nothing is started"))  # type: ignore[arg-type, return-value]
    seen: list[str] = []
    events = QSignalSpy(bridge.recording_changed)
    bridge.recording_changed.connect(lambda event: (seen.append(event.item.path), time.sleep(0.01)))
    timer = QTimer()
    timer.timeout.connect(lambda: seen.append("window"))
    timer.start(0)
    paths = [str(number) for number in range(30)]
    for path in paths:
        bridge.take_in(RecordingChanged(item=RecordingItem(path=path, state=RecordingState.WAITING, added=1.0)))
    qtbot.waitUntil(lambda: events.count() == 30, timeout=PATIENCE_MS)
    assert [path for path in seen if path != "window"] == paths
    assert "window" in seen[seen.index("0") : seen.index("29")]
