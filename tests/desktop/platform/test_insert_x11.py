"""Insertion into real programs on a real X server: what arrives, and what is on the clipboard afterwards."""

from __future__ import annotations

import subprocess
import threading
from pathlib import Path

import pytest

from debabelizer.events import InsertResult
from debabelizer_desktop.platform.hotkeys_x11 import X11Hotkeys
from debabelizer_desktop.platform.insert_rules import Method, Rule, rule_for
from debabelizer_desktop.platform.insert_x11 import X11Inserter
from fakes.inserting import TEXT, Hand, editor_text
from fakes.rig import Display, Terminal, display, terminal, wait_until
from fakes.rig_processes import started
from fakes.targets import TextWindow, text_window

pytestmark = pytest.mark.desktop


# ------------------------------------------------------------------------------------------------- pasting


def test_every_character_arrives_in_a_qt_field(hand: Hand, field: TextWindow) -> None:
    target = hand.target()
    done = hand.insert(TEXT, target)
    assert (done.result, done.detail) == (InsertResult.INSERTED, "")
    field.wait_for(TEXT)


def test_every_character_arrives_in_a_terminal(hand: Hand, target: Terminal) -> None:
    it = hand.target()
    assert it.program == "xterm"
    done = hand.insert(TEXT, it)
    assert done.result is InsertResult.INSERTED
    target.wait_for(TEXT)
    assert target.text == TEXT


def test_every_character_arrives_in_a_gtk_editor(desk: Display, hand: Hand) -> None:
    with started(["mousepad"], {**desk.environ, "GSETTINGS_BACKEND": "memory"}):
        desk.focus("Mousepad", 20)
        done = hand.insert(TEXT, hand.target())
        assert done.result is InsertResult.INSERTED
        assert editor_text(desk) == TEXT


def test_a_very_long_text_goes_in_pieces(hand: Hand, field: TextWindow) -> None:
    text = TEXT * 300
    assert len(text.encode()) > 262_140
    assert hand.insert(text, hand.target()).result is InsertResult.INSERTED
    field.wait_for(text)


def test_an_ordinary_field_keeps_line_breaks_and_a_terminal_gets_spaces(
    desk: Display, hand: Hand, field: TextWindow
) -> None:
    hand.insert("one\r\ntwo\nthree", hand.target())
    field.wait_for("one\ntwo\nthree")
    with terminal(desk) as xterm:
        desk.focus(xterm.title)
        hand.insert("one\ntwo", hand.target())
        assert xterm.wait_for("two") == "one two"


def test_enter_afterwards_only_if_asked_for(desk: Display, hand: Hand, target: Terminal) -> None:
    it = hand.target()
    hand.insert("one", it)
    assert target.wait_for("one") == "one"
    done = hand.insert(" two", it, enter_after=True)
    assert target.wait_for("\r") == "one two\r"
    assert done.undo is None


# ----------------------------------------------------------------------------------------------- clipboard

RICH = {
    "UTF8_STRING": "старое".encode(),
    "text/html": b"<b>old</b>",
    "image/png": bytes(range(256)) * 800,
    "text/uri-list": b"file:///tmp/a\r\nfile:///tmp/b\r\n",
    "x-special/gnome-copied-files": b"copy\nfile:///tmp/a",
    "NOT_A_MIME_TYPE": b"kept all the same",
}


def test_every_format_of_the_clipboard_comes_back(desk: Display, hand: Hand, field: TextWindow) -> None:
    with desk.clipboard(RICH, "CLIPBOARD"), desk.clipboard({"UTF8_STRING": b"marked"}, "PRIMARY"):
        done = hand.insert("new words", hand.target())
        field.wait_for("new words")
        assert done.result is InsertResult.INSERTED
        wait_until(lambda: desk.paste() == RICH["UTF8_STRING"], 5, "the old clipboard")
        assert desk.paste(selection="primary") == b"marked"
        assert {name: desk.paste(name) for name in RICH} == RICH
        assert set(RICH) <= desk.clipboard_formats()


def test_the_clipboard_survives_many_insertions_and_the_death_of_its_owner(
    desk: Display, hand: Hand, field: TextWindow
) -> None:
    it = hand.target()
    with desk.clipboard(RICH, "CLIPBOARD"):
        hand.insert("a", it)
        field.wait_for("a")
    for number in range(5):
        hand.insert(str(number), it)
    field.wait_for("a01234")
    wait_until(lambda: desk.paste() == RICH["UTF8_STRING"], 5, "the old clipboard")
    assert desk.paste("image/png") == RICH["image/png"]


def test_an_empty_clipboard_is_empty_again(hand: Hand) -> None:
    with display() as desk:
        inserter = X11Inserter(desk.name)
        other = Hand(inserter)
        try:
            with text_window(desk) as field:
                other.insert("words", other.target())
                field.wait_for("words")
                wait_until(lambda: not inserter.submit(lambda: inserter.selections.offers).result(5), 5, "no offer")
                clipboard = desk.x.display.get_atom("CLIPBOARD")
                assert desk.x.display.get_selection_owner(clipboard) == 0
        finally:
            inserter.close()


def test_what_the_user_copies_meanwhile_wins(desk: Display, hand: Hand, field: TextWindow) -> None:
    with desk.clipboard({"UTF8_STRING": b"old"}):
        hand.insert("words", hand.target())
        with desk.clipboard({"UTF8_STRING": b"newer"}):
            inserter = hand.inserter
            wait_until(lambda: not inserter.submit(lambda: inserter._kept).result(5), 5, "the end of restoring")
            assert desk.paste() == b"newer"


def test_a_hanging_clipboard_owner_costs_little(desk: Display, hand: Hand, field: TextWindow) -> None:
    import os
    import signal

    with started(["xclip", "-selection", "clipboard", "-quiet", "-i", "/dev/null"], desk.environ) as owner:
        clipboard = desk.x.display.get_atom("CLIPBOARD")
        wait_until(lambda: desk.x.display.get_selection_owner(clipboard) != 0, 5, "xclip")
        os.kill(owner.pid, signal.SIGSTOP)
        try:
            done = hand.insert("words", hand.target())
            assert done.result is InsertResult.INSERTED
            field.wait_for("words")
        finally:
            os.kill(owner.pid, signal.SIGCONT)


def test_a_clipboard_manager_is_not_taken_for_the_target(desk: Display, hand: Hand, field: TextWindow) -> None:
    """It reads whatever is copied at once. The target is frozen and reads nothing: that must not pass for inserted."""
    target = hand.target()
    stop = threading.Event()

    def manager() -> None:
        while not stop.wait(0.02):
            subprocess.run(
                ["xclip", "-o", "-selection", "clipboard"], env=desk.environ, capture_output=True, check=False
            )

    thread = threading.Thread(target=manager)
    thread.start()
    try:
        field.tell("freeze 4")
        done = hand.insert("words", target)
    finally:
        stop.set()
        thread.join()
    assert done.result is InsertResult.CLIPBOARD
    assert done.paste_keys == "Ctrl+V"
    assert "did not take" in done.detail


def test_a_big_picture_comes_back_piece_by_piece(desk: Display, hand: Hand, field: TextWindow, tmp_path: Path) -> None:
    picture = tmp_path / "picture"
    picture.write_bytes(bytes(range(256)) * 8000)  # 2 MB; one request holds 256 KB
    command = ["xclip", "-selection", "clipboard", "-t", "image/png", "-quiet", "-i", str(picture)]
    with started(command, desk.environ):
        wait_until(lambda: "image/png" in desk.clipboard_formats(), 5, "the picture")
        assert hand.insert("words", hand.target()).result is InsertResult.INSERTED
        field.wait_for("words")
        inserter = hand.inserter
        wait_until(lambda: not inserter.submit(lambda: inserter._kept).result(5), 5, "the end of restoring")
    assert desk.paste("image/png") == picture.read_bytes()  # its owner has ended; it is ours to give


def test_a_clipboard_manager_takes_over_when_we_end(desk: Display, field: TextWindow) -> None:
    inserter = X11Inserter(desk.name)
    with desk.clipboard({"UTF8_STRING": b"old"}):
        hand = Hand(inserter)
        hand.insert("words", hand.target())
    with desk.clipboard({"SAVE_TARGETS": b""}, "CLIPBOARD_MANAGER") as manager:
        inserter.close()
        assert not inserter.alive
        assert manager.reads["SAVE_TARGETS"] == 1


def test_a_program_whose_clipboard_another_reads_is_only_probably_reached(
    desk: Display, hand: Hand, field: TextWindow
) -> None:
    target = hand.target()
    field.tell("freeze 1")
    rule = Rule(program="field", untold=True)
    inserter = hand.inserter
    assert inserter.submit(lambda: inserter.insert("words", target, rule)).result(5).result is InsertResult.PROBABLY


def test_marked_text_is_replaced(desk: Display, hand: Hand) -> None:
    """GTK drops the marking when somebody else takes the selection."""
    with started(["mousepad"], {**desk.environ, "GSETTINGS_BACKEND": "memory"}):
        desk.focus("Mousepad", 20)
        hand.insert("old words", hand.target())
        desk.press("ctrl+a")
        wait_until(lambda: desk.paste(selection="primary") == b"old words", 5, "the marking")
        hand.insert("new", hand.target())
        assert editor_text(desk) == "new"


# -------------------------------------------------------------------------------------------------- target


def test_a_target_that_is_gone_leaves_the_text_on_the_clipboard(desk: Display, hand: Hand) -> None:
    with text_window(desk, "doomed"):
        target = hand.target()
    desk.wait_until_gone("doomed")
    done = hand.insert("kept words", target)
    assert (done.result, done.paste_keys) == (InsertResult.CLIPBOARD, "Ctrl+V")
    assert "gone" in done.detail
    assert desk.paste() == b"kept words"


def test_a_target_that_lost_the_focus_gets_it_back(
    desk: Display, hand: Hand, field: TextWindow, target: Terminal
) -> None:
    desk.focus(field.title)
    it = hand.target()
    desk.focus(target.title)
    assert hand.insert("words", it).result is InsertResult.INSERTED
    field.wait_for("words")
    assert desk.focused() == field.title
    assert target.text == ""


def test_no_target_at_all(desk: Display, hand: Hand) -> None:
    done = hand.insert("kept words", None)
    assert done.result is InsertResult.CLIPBOARD
    assert desk.paste() == b"kept words"


def test_copy_only_presses_nothing(desk: Display, hand: Hand, field: TextWindow) -> None:
    done = hand.insert("words", hand.target(), Method.COPY)
    assert (done.result, done.paste_keys) == (InsertResult.CLIPBOARD, "Ctrl+V")
    desk.press("ctrl+v")
    field.wait_for("words")


def test_held_modifiers_are_waited_for(desk: Display, hand: Hand, field: TextWindow) -> None:
    target = hand.target()
    desk.key_down("alt")
    inserter = hand.inserter
    rule = rule_for(target.program, ())
    pending = inserter.submit(lambda: inserter.insert("words", target, rule))
    threading.Event().wait(0.2)
    assert not pending.done()
    desk.key_up("alt")
    assert pending.result(5).result is InsertResult.INSERTED
    field.wait_for("words")


def test_a_modifier_held_on_is_released(desk: Display, hand: Hand, field: TextWindow) -> None:
    with desk.held("alt"):
        assert hand.insert("words", hand.target()).result is InsertResult.INSERTED
        field.wait_for("words")


@pytest.mark.parametrize("layout", ["ru", "us,ru", "fr", "gr"])
def test_the_paste_keys_work_in_every_layout(desk: Display, hand: Hand, field: TextWindow, layout: str) -> None:
    subprocess.run(["setxkbmap", layout], env=desk.environ, check=True)
    try:
        assert hand.insert("слова", hand.target()).result is InsertResult.INSERTED
        field.wait_for("слова")
    finally:
        subprocess.run(["setxkbmap", "us"], env=desk.environ, check=True)


def test_a_window_without_a_manager_is_found_by_its_focus() -> None:
    with display(window_manager=False) as desk, started(["xterm", "-class", "Odd"], desk.environ):
        inserter = X11Inserter(desk.name)
        try:
            from Xlib import X

            def shown() -> list[object]:
                children = desk.x.root.query_tree().children
                return [child for child in children if child.get_attributes().map_state == X.IsViewable]

            wait_until(lambda: bool(shown()), 10, "the terminal")
            desk.x.display.set_input_focus(shown()[0], X.RevertToParent, X.CurrentTime)
            desk.x.display.sync()
            found = inserter.submit(inserter.target, urgent=True).result(5)
            assert found is not None
            assert found.program == "odd"
        finally:
            inserter.close()


def test_a_held_global_key_is_waited_for(desk: Display, hand: Hand, field: TextWindow) -> None:
    """While it is down, the whole keyboard belongs to it: the paste keys would end there."""
    pressed = threading.Event()
    hotkeys = X11Hotkeys(lambda *_: pressed.set(), lambda *_: None, lambda _: None, desk.name)
    try:
        hotkeys.bind("dictate", "F9")
        it = hand.target()
        with desk.held("F9"):
            assert pressed.wait(5)
            inserter, rule = hand.inserter, rule_for(it.program, ())
            pending = inserter.submit(lambda: inserter.insert("words", it, rule))
            threading.Event().wait(0.2)
        assert pending.result(5).result is InsertResult.INSERTED
        field.wait_for("words")
    finally:
        hotkeys.close()
