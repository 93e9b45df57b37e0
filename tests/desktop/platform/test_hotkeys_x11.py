"""Global keys against a real X server: what a person does with a keyboard, and what the focused program gets of it."""

from __future__ import annotations

import subprocess
import threading
import time
from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from debabelizer.errors import ConfigurationError, ProviderError, Remedy, UnsupportedError
from debabelizer_desktop.platform.hotkeys import Hotkeys
from debabelizer_desktop.platform.hotkeys_x11 import X11Hotkeys
from debabelizer_desktop.platform.system import System, current
from fakes.rig import Display, Terminal

pytestmark = pytest.mark.desktop


class Ear:
    """Hears the hotkeys' events from their thread."""

    def __init__(self) -> None:
        self.events: list[tuple[str, str]] = []
        self.stamps: list[float] = []
        self.problems: list[ProviderError] = []
        self._news = threading.Condition()

    def pressed(self, id_: str, stamp: float) -> None:
        self._note("down", id_, stamp)

    def released(self, id_: str, stamp: float) -> None:
        self._note("up", id_, stamp)

    def problem(self, error: ProviderError) -> None:
        with self._news:
            self.problems.append(error)
            self._news.notify_all()

    def _note(self, what: str, id_: str, stamp: float) -> None:
        with self._news:
            self.events.append((what, id_))
            self.stamps.append(stamp)
            self._news.notify_all()

    def wait_for(self, *events: tuple[str, str]) -> None:
        with self._news:
            self._news.wait_for(lambda: len(self.events) >= len(events), 5)
            assert self.events == list(events)

    def wait_for_problem(self) -> ProviderError:
        with self._news:
            assert self._news.wait_for(lambda: bool(self.problems), 5), "no problem was told"
            return self.problems[0]

    def none_but(self, hotkeys: X11Hotkeys, *events: tuple[str, str]) -> None:
        """After everything the server had to say has been handled, these and no others came."""
        hotkeys.submit(hotkeys.display.sync).result(5)
        hotkeys.submit(lambda: None).result(5)
        assert self.events == list(events)


@pytest.fixture
def ear() -> Ear:
    return Ear()


@pytest.fixture
def hotkeys(desk: Display, ear: Ear) -> Iterator[X11Hotkeys]:
    it = X11Hotkeys(ear.pressed, ear.released, ear.problem, desk.name)
    yield it
    it.close()
    assert not it.alive


DOWN, UP = ("down", "it"), ("up", "it")


@pytest.mark.parametrize("key", ["F9", "Pause", "ScrollLock", "Insert", "Menu"])
def test_press_and_release_of_a_plain_key(desk: Display, hotkeys: X11Hotkeys, ear: Ear, key: str) -> None:
    hotkeys.bind("it", key)
    with desk.held({"ScrollLock": "Scroll_Lock"}.get(key, key)):
        before = time.monotonic()
        ear.wait_for(DOWN)
        assert ear.stamps[0] <= before + 0.1
        assert hotkeys.is_down("it")
    ear.wait_for(DOWN, UP)
    assert not hotkeys.is_down("it")


def test_no_answer_is_no_release(hotkeys: X11Hotkeys, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("debabelizer_desktop.platform.hotkeys_x11._BIND_S", 0.05)
    awake = threading.Event()
    hotkeys.submit(awake.wait, urgent=True)
    try:
        assert hotkeys.is_down("it")
    finally:
        awake.set()


def test_the_focused_program_gets_nothing_of_it(desk: Display, hotkeys: X11Hotkeys, ear: Ear, target: Terminal) -> None:
    hotkeys.bind("it", "F9")
    desk.type("a")
    desk.press("F9")
    desk.type("b")
    ear.wait_for(DOWN, UP)
    assert target.wait_for("b") == "ab"


def test_auto_repeat_is_one_press(desk: Display, hotkeys: X11Hotkeys, ear: Ear, target: Terminal) -> None:
    subprocess.run(["xset", "r", "rate", "40", "50"], env=desk.environ, check=True)
    try:
        desk.key_down("x")  # the server repeats at all: the terminal sees it
        target.wait_for("xxx")
        desk.key_up("x")
        hotkeys.bind("it", "F9")
        with desk.held("F9"):
            threading.Event().wait(0.5)  # some 20 repeats
            ear.none_but(hotkeys, DOWN)
        ear.wait_for(DOWN, UP)
    finally:
        subprocess.run(["xset", "r", "rate"], env=desk.environ, check=True)


@pytest.mark.parametrize(("late", "events"), [("everything", 7), ("all after the press", 31)])
def test_auto_repeat_that_is_read_after_the_key_is_up_starts_nothing(
    desk: Display, hotkeys: X11Hotkeys, ear: Ear, late: str, events: int
) -> None:
    """A busy machine: the thread gets to the keyboard's events when the hand has long gone. With 31 of them, the look
    for a lost release comes first."""
    hotkeys.bind("it", "F9")
    up = threading.Event()

    def busy() -> None:
        for _ in range(1000):  # 10 s at most
            if hotkeys.display.pending_events() >= events:
                break
            up.wait(0.01)
        repeated.set()
        assert up.wait(10)

    repeated = threading.Event()
    subprocess.run(["xset", "r", "rate", "40", "50"], env=desk.environ, check=True)
    try:
        if late == "everything":
            hotkeys.submit(busy)
        with desk.held("F9"):
            if late != "everything":
                ear.wait_for(DOWN)
                hotkeys.submit(busy)
            assert repeated.wait(10)
    finally:
        up.set()
        subprocess.run(["xset", "r", "rate"], env=desk.environ, check=True)
    ear.wait_for(DOWN, UP)
    ear.none_but(hotkeys, DOWN, UP)


@pytest.mark.parametrize("first_up", ["ctrl", "alt", "space"])
def test_a_combination_ends_with_whichever_key_comes_up_first(
    desk: Display, hotkeys: X11Hotkeys, ear: Ear, first_up: str
) -> None:
    hotkeys.bind("it", "Ctrl+Alt+Space")
    keys = ["ctrl", "alt", "space"]
    for key in keys:
        desk.key_down(key)
    ear.wait_for(DOWN)
    desk.key_up(first_up)
    ear.wait_for(DOWN, UP)
    for key in keys:
        if key != first_up:
            desk.key_up(key)
    ear.none_but(hotkeys, DOWN, UP)


def test_another_combination_of_the_same_key_is_left_alone(
    desk: Display, hotkeys: X11Hotkeys, ear: Ear, target: Terminal
) -> None:
    hotkeys.bind("it", "Ctrl+Alt+E")
    desk.press("ctrl+e")
    assert target.wait_for("\x05") == "\x05"
    ear.none_but(hotkeys)


def test_a_modifier_alone(desk: Display, hotkeys: X11Hotkeys, ear: Ear) -> None:
    hotkeys.bind("it", "Right Ctrl")
    desk.press("ctrl")  # the left one
    ear.none_but(hotkeys)
    desk.press("right_ctrl")
    ear.wait_for(DOWN, UP)


@pytest.mark.parametrize("lock", ["Caps_Lock", "Num_Lock"])
def test_the_locks_do_not_hinder(desk: Display, hotkeys: X11Hotkeys, ear: Ear, lock: str) -> None:
    hotkeys.bind("it", "Ctrl+F8")
    desk.press(lock)
    try:
        desk.press("ctrl+F8")
        ear.wait_for(DOWN, UP)
    finally:
        desk.press(lock)


def test_a_key_taken_by_another_program_is_refused_by_name(desk: Display, hotkeys: X11Hotkeys, ear: Ear) -> None:
    other = X11Hotkeys(lambda *_: None, lambda *_: None, lambda _: None, desk.name)
    try:
        other.bind("theirs", "Ctrl+F7")
        with pytest.raises(ConfigurationError, match=r"Ctrl\+F7 is already taken by another program") as caught:
            hotkeys.bind("it", "Ctrl+F7")
        assert caught.value.remedy is Remedy.CHANGE_HOTKEY
    finally:
        other.close()
    hotkeys.bind("it", "Ctrl+F7")  # free again
    desk.press("ctrl+F7")
    ear.wait_for(DOWN, UP)


def test_two_uses_of_one_key_are_refused(hotkeys: X11Hotkeys) -> None:
    hotkeys.bind("it", "F9")
    with pytest.raises(ConfigurationError, match="already used here"):
        hotkeys.bind("other", "f9")
    hotkeys.bind("it", "F9")  # the same again is no conflict


def test_a_key_given_back_reaches_the_program_again(
    desk: Display, hotkeys: X11Hotkeys, ear: Ear, target: Terminal
) -> None:
    hotkeys.bind("it", "Escape")
    desk.press("Escape")
    ear.wait_for(DOWN, UP)
    hotkeys.unbind("it")
    hotkeys.submit(hotkeys.display.sync).result(5)
    desk.press("Escape")
    assert target.wait_for("\x1b") == "\x1b"
    ear.none_but(hotkeys, DOWN, UP)


def test_cancel_while_the_dictation_key_is_held(desk: Display, hotkeys: X11Hotkeys, ear: Ear, target: Terminal) -> None:
    hotkeys.bind("dictate", "F9")
    with desk.held("F9"):
        hotkeys.bind("cancel", "Escape")
        desk.press("Escape")
        ear.wait_for(("down", "dictate"), ("down", "cancel"), ("up", "cancel"))
        hotkeys.unbind("cancel")
    ear.wait_for(("down", "dictate"), ("down", "cancel"), ("up", "cancel"), ("up", "dictate"))
    desk.type("z")
    assert target.wait_for("z") == "z"


def test_unbinding_a_held_key_releases_it(desk: Display, hotkeys: X11Hotkeys, ear: Ear) -> None:
    hotkeys.bind("it", "F9")
    with desk.held("F9"):
        ear.wait_for(DOWN)
        hotkeys.unbind("it")
        ear.wait_for(DOWN, UP)
    ear.none_but(hotkeys, DOWN, UP)


def test_a_lost_release_is_noticed_within_a_second(desk: Display, hotkeys: X11Hotkeys, ear: Ear) -> None:
    hotkeys.bind("it", "F9")
    desk.key_down("F9")
    ear.wait_for(DOWN)
    hotkeys.submit(lambda: setattr(hotkeys, "_on_release", lambda *_: None)).result(5)  # the event gets lost
    before = time.monotonic()
    desk.key_up("F9")
    ear.wait_for(DOWN, UP)
    assert time.monotonic() - before < 1.0


def test_a_hundred_presses_none_lost(desk: Display, hotkeys: X11Hotkeys, ear: Ear) -> None:
    hotkeys.bind("it", "F9")
    for _ in range(100):
        desk.press("F9")
        threading.Event().wait(0.004)  # faster than any hand; within one millisecond it would be a bounce
    hotkeys.submit(hotkeys.display.sync).result(5)
    ear.wait_for(*[DOWN, UP] * 100)


@pytest.mark.parametrize("layout", ["ru", "us,ru", "de", "fr"])
def test_a_change_of_the_layout_keeps_the_keys(desk: Display, hotkeys: X11Hotkeys, ear: Ear, layout: str) -> None:
    hotkeys.bind("it", "F9")
    hotkeys.bind("letter", "Ctrl+Alt+D")
    subprocess.run(["setxkbmap", layout], env=desk.environ, check=True)
    try:
        hotkeys.submit(hotkeys.display.sync).result(5)
        desk.press("F9")
        ear.wait_for(DOWN, UP)
        for key in ("ctrl", "alt"):
            desk.key_down(key)
        desk.x.fake_key(40, True)  # the D key's place, whatever it is called now
        desk.x.fake_key(40, False)
        for key in ("ctrl", "alt"):
            desk.key_up(key)
        ear.wait_for(DOWN, UP, ("down", "letter"), ("up", "letter"))
        assert ear.problems == []
    finally:
        subprocess.run(["setxkbmap", "us"], env=desk.environ, check=True)


def test_a_moved_key_is_grabbed_at_its_new_place(desk: Display, hotkeys: X11Hotkeys, ear: Ear) -> None:
    hotkeys.bind("it", "Ctrl+Alt+Y")
    subprocess.run(["setxkbmap", "de"], env=desk.environ, check=True)
    try:
        hotkeys.submit(hotkeys.display.sync).result(5)
        for key in ("ctrl", "alt"):
            desk.key_down(key)
        desk.x.fake_key(52, True)  # where a US keyboard has Z, a German one has Y
        desk.x.fake_key(52, False)
        for key in ("ctrl", "alt"):
            desk.key_up(key)
        ear.wait_for(DOWN, UP)
    finally:
        subprocess.run(["setxkbmap", "us"], env=desk.environ, check=True)


def test_a_mouse_button(desk: Display, hotkeys: X11Hotkeys, ear: Ear) -> None:
    hotkeys.bind("it", "Mouse Back")
    from Xlib import X
    from Xlib.ext import xtest

    xtest.fake_input(desk.x.display, X.ButtonPress, 8)
    desk.x.display.sync()
    ear.wait_for(DOWN)
    xtest.fake_input(desk.x.display, X.ButtonRelease, 8)
    desk.x.display.sync()
    ear.wait_for(DOWN, UP)


def test_a_key_the_keyboard_lacks(hotkeys: X11Hotkeys) -> None:
    with pytest.raises(ConfigurationError, match="no key F24"):
        hotkeys.bind("it", "F24")


def test_the_window_gets_them_as_signals(desk: Display, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPLAY", desk.name)
    hotkeys = Hotkeys(System.X11)
    try:
        hotkeys.bind("dictate", "F9")
        with qtbot.waitSignal(hotkeys.released, timeout=3000) as released, qtbot.waitSignal(hotkeys.pressed) as pressed:
            desk.press("F9")
        assert pressed.args is not None
        assert released.args is not None
        assert pressed.args[0] == released.args[0] == "dictate"
        assert pressed.args[1] <= released.args[1]
    finally:
        hotkeys.close()


def test_a_wayland_session_says_so_and_names_the_way_out(qapp: object) -> None:
    system = current({"XDG_SESSION_TYPE": "wayland", "DISPLAY": ":0"}, "linux")
    hotkeys = Hotkeys(system)
    assert not hotkeys.capabilities.supported
    with pytest.raises(UnsupportedError, match="debabelizer remote toggle"):
        hotkeys.bind("dictate", "F9")


def test_a_dead_display_is_told(ear: Ear) -> None:
    from fakes.rig import display

    with display(window_manager=False) as desk:
        hotkeys = X11Hotkeys(ear.pressed, ear.released, ear.problem, desk.name)
        hotkeys.bind("it", "F9")
    assert "no longer work" in ear.wait_for_problem().message
    hotkeys.close()
