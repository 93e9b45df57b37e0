"""Taking back what was inserted, on X11."""

from __future__ import annotations

import subprocess
import threading

import pytest

from debabelizer_desktop.platform.hotkeys_x11 import X11Hotkeys
from fakes.inserting import Hand, editor_text
from fakes.rig import Display, Terminal, wait_until
from fakes.rig_processes import started
from fakes.targets import TextWindow

pytestmark = pytest.mark.desktop


def test_undo_removes_exactly_the_insertion_and_only_once(desk: Display, hand: Hand, field: TextWindow) -> None:
    target = hand.target()
    with desk.clipboard({"UTF8_STRING": b"old"}):
        hand.insert("Before. ", target)
        done = hand.insert("Ça 漢字 😀 👩‍👩‍👧 test ", target)
        field.wait_for("Before. Ça 漢字 😀 👩‍👩‍👧 test ")
        assert hand.undo(done) is True
        field.wait_for("Before. ")
        assert hand.undo(done) is False
        assert field.text == "Before. "
        assert desk.paste() == b"old"


def test_undo_in_a_gtk_editor(desk: Display, hand: Hand) -> None:
    with started(["mousepad"], {**desk.environ, "GSETTINGS_BACKEND": "memory"}):
        desk.focus("Mousepad", 20)
        it = hand.target()
        hand.insert("Before. ", it)
        done = hand.insert("Ça 漢字 слово ", it)
        assert hand.undo(done) is True
        assert editor_text(desk) == "Before. "


def test_undo_is_refused_where_something_was_typed_since(desk: Display, hand: Hand, field: TextWindow) -> None:
    done = hand.insert("words", hand.target())
    field.wait_for("words")
    desk.type("!")
    field.wait_for("words!")
    assert hand.undo(done) is False
    desk.type("?")  # the caret is where it was, nothing is selected
    field.wait_for("words!?")


def test_undo_is_refused_in_another_window(desk: Display, hand: Hand, field: TextWindow, target: Terminal) -> None:
    desk.focus(field.title)
    done = hand.insert("words", hand.target())
    field.wait_for("words")
    desk.focus(target.title)
    assert hand.undo(done) is False
    assert field.text == "words"


def test_undo_in_a_terminal(desk: Display, hand: Hand, target: Terminal) -> None:
    done = hand.insert("слово", hand.target())
    target.wait_for("слово")
    assert hand.undo(done) is True
    wait_until(lambda: len(target.text) == 10, 5, "five backspaces")
    assert target.text[5:] in {"\x7f" * 5, "\x08" * 5}


def test_undo_in_a_terminal_is_refused_once_a_key_was_pressed(desk: Display, hand: Hand, target: Terminal) -> None:
    done = hand.insert("word", hand.target())
    target.wait_for("word")
    desk.type("x")
    target.wait_for("x")
    assert hand.undo(done) is False
    assert target.text == "wordx"


def test_the_undo_key_itself_does_not_count_as_typing(desk: Display, hand: Hand, target: Terminal) -> None:
    pressed = threading.Event()
    hotkeys = X11Hotkeys(lambda *_: pressed.set(), lambda *_: None, lambda _: None, desk.name)
    subprocess.run(["xset", "r", "rate", "60", "50"], env=desk.environ, check=True)
    try:
        hotkeys.bind("undo", "Ctrl+Alt+Z")
        done = hand.insert("word", hand.target())
        target.wait_for("word")
        with desk.held("ctrl+alt+z"):
            assert pressed.wait(5)
            threading.Event().wait(0.3)  # auto-repeat sets in
        assert hand.undo(done) is True
        target.wait_for("word\x7f\x7f\x7f\x7f")
    finally:
        subprocess.run(["xset", "r", "rate"], env=desk.environ, check=True)
        hotkeys.close()
