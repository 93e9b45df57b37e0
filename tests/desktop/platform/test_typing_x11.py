"""Typing into real programs, each on a display of its own: openbox takes seconds to digest a change of the keys."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator

import pytest

from debabelizer.events import InsertResult
from debabelizer_desktop.platform.insert_rules import Method
from debabelizer_desktop.platform.x11_keymap import Keymap
from fakes.inserting import TEXT, Hand
from fakes.rig import Display, Terminal, display, wait_until
from fakes.targets import TextWindow

pytestmark = pytest.mark.desktop


@pytest.fixture
def desk() -> Iterator[Display]:
    with display() as it:
        yield it


SHORT = TEXT[:90]
"""Every kind of writing once; the whole text only once, for openbox's sake."""


@pytest.mark.parametrize(("layout", "text"), [("us", TEXT), ("ru", SHORT), ("fr", SHORT)], ids=["us", "ru", "fr"])
def test_typing_is_exact_and_leaves_the_keyboard_as_it_was(
    desk: Display, hand: Hand, field: TextWindow, layout: str, text: str
) -> None:
    subprocess.run(["setxkbmap", layout], env=desk.environ, check=True)
    try:
        inserter = hand.inserter
        before = inserter.submit(lambda: Keymap(inserter.display).rows).result(5)
        done = hand.insert(text, hand.target(), Method.TYPE)
        assert done.result is InsertResult.PROBABLY
        field.wait_for(text, 30)
        assert inserter.submit(lambda: Keymap(inserter.display).rows).result(5) == before
    finally:
        subprocess.run(["setxkbmap", "us"], env=desk.environ, check=True)


def test_typing_into_a_terminal(hand: Hand, target: Terminal) -> None:
    hand.insert(SHORT, hand.target(), Method.TYPE)
    target.wait_for(SHORT, 30)
    assert target.text == SHORT


def test_typing_with_caps_lock_on(desk: Display, hand: Hand, field: TextWindow) -> None:
    desk.press("Caps_Lock")
    try:
        hand.insert("Quiet and ЛОУД", hand.target(), Method.TYPE)
        field.wait_for("Quiet and ЛОУД")
    finally:
        desk.press("Caps_Lock")


def test_a_typed_line_break_is_not_a_plain_return(desk: Display, hand: Hand, field: TextWindow) -> None:
    hand.insert("one\ntwo", hand.target(), Method.TYPE)
    wait_until(lambda: field.text.endswith("two"), 5, "the second line")
    assert field.text in {"one\ntwo", "one\u2028two"}


def test_typing_stops_when_another_window_takes_the_focus(
    desk: Display, hand: Hand, field: TextWindow, target: Terminal
) -> None:
    desk.focus(field.title)
    it = hand.target()
    inserter, text = hand.inserter, "some plain words " * 300
    original = inserter.windows.active
    looks = 0

    def active() -> int:  # in the midst of the typing the user goes to the terminal
        nonlocal looks
        looks += 1
        if looks == 20:
            inserter.windows.activate(terminal_window)
        return original()

    terminal_window = desk.find(target.title)
    inserter.windows.active = active  # type: ignore[method-assign]
    done = hand.insert(text, it, Method.TYPE)
    assert done.result is InsertResult.CLIPBOARD
    assert "took the focus" in done.detail
    assert target.text == ""
    assert desk.paste().decode() == text
