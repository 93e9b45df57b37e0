"""The inserter as dictation uses it: from an event loop in a thread of its own, with settings, in a real Qt program."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from debabelizer.errors import InternalError
from debabelizer_desktop.platform.inserter import make_inserter
from fakes.rig import Display, Terminal, display
from fakes.targets import text_window

pytestmark = pytest.mark.desktop

ROOT = Path(__file__).parents[3]

PROGRAM = """
import asyncio, json, sys, threading
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit
from debabelizer_desktop.platform.inserter import make_inserter

app = QApplication(["own"])
settings = json.loads(sys.argv[1])
inserter = make_inserter(settings)
loop = asyncio.new_event_loop()
threading.Thread(target=loop.run_forever, daemon=True).start()

{window}

async def work():
    target = await inserter.target()
    while {wanted!r} not in (target and target.program or ""):  # the window manager has not caught up
        await asyncio.sleep(0.01)
        target = await inserter.target()
    done = await inserter.insert("слова", target)
    said = [done.result, done.text, target.program]
    if "undo" in settings:
        said.append(await inserter.undo(done))
        said.append(await inserter.undo(done))
    return said

def begin():
    future = asyncio.run_coroutine_threadsafe(work(), loop)
    future.add_done_callback(lambda _: QTimer.singleShot(0, app, app.quit))
    return future

futures = []
{when}
QTimer.singleShot(15000, lambda: app.exit(1))
code = app.exec()
loop.call_soon_threadsafe(loop.stop)
inserter.close()
print(json.dumps(futures[0].result()), end="")
sys.exit(code)
"""
AT_ONCE = "QTimer.singleShot(0, lambda: futures.append(begin()))"
WITH_FOCUS = """
field.show()
app.focusObjectChanged.connect(lambda it: futures.append(begin()) if it is field and not futures else None)
"""


def settings(changed: dict[str, object]) -> str:
    plain = {"insert.method": "paste", "insert.rules": [], "insert.space": False, "insert.enter_after": False}
    return json.dumps(plain | changed)


def run(desk: Display, given: str, window: str = "", when: str = AT_ONCE, wanted: str = "") -> str:
    """What the program said at its end."""
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            PROGRAM.replace("{window}", window).replace("{when}", when).replace("{wanted!r}", repr(wanted)),
            given,
        ],
        env={**desk.environ, "PYTHONPATH": str(ROOT / "app")},
        capture_output=True,
        text=True,
        timeout=40,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_settings_decide(desk: Display, target: Terminal) -> None:
    said = run(desk, settings({"insert.space": True, "insert.enter_after": True}))
    assert said == '["inserted", "\\u0441\\u043b\\u043e\\u0432\\u0430 ", "xterm"]'
    assert target.wait_for("\r") == "слова \r"


def test_a_rule_for_a_program_wins(desk: Display, target: Terminal) -> None:
    rules = [{"program": "XTerm", "method": "type"}]
    said = run(desk, settings({"insert.method": "copy", "insert.rules": rules}))
    assert said.startswith('["probably"')
    assert target.wait_for("слова") == "слова"


def test_a_rule_that_makes_no_sense_stops_nothing(desk: Display, target: Terminal) -> None:
    said = run(desk, settings({"insert.rules": [{"method": "paste"}]}))
    assert said.startswith('["inserted"')
    assert target.wait_for("слова") == "слова"


def test_undo_through_the_same_door(desk: Display) -> None:
    with text_window(desk) as field:
        assert run(desk, settings({"undo": True})).endswith('"field", true, false]')
        field.wait_for("")


async def test_a_dead_display_is_an_error_with_words(qapp: object, monkeypatch: pytest.MonkeyPatch) -> None:
    with display(window_manager=False) as desk:
        monkeypatch.setenv("DISPLAY", desk.name)
        inserter = make_inserter({"insert.space": False, "insert.rules": [], "insert.method": "paste"})
        assert await inserter.target() is None  # nothing has the focus
    with pytest.raises(InternalError, match="display"):
        await inserter.insert("words", None)
    inserter.close()


def test_our_own_window_without_a_field_is_left_alone(desk: Display) -> None:
    with desk.clipboard({"UTF8_STRING": b"old"}):
        said = run(desk, settings({}), "field = QPlainTextEdit(); field.setReadOnly(True)", WITH_FOCUS, "own")
        assert said.startswith('["not_wanted"')
        assert desk.paste() == b"old"


def test_a_field_of_our_own_is_a_target_like_any_other(desk: Display) -> None:
    said = run(
        desk, settings({}), "field = QLineEdit(); field.textChanged.connect(sys.stderr.write)", WITH_FOCUS, "own"
    )
    assert said.startswith('["inserted"')
