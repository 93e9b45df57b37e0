"""A virtual display with a window manager, and a terminal on it as the program that gets the words."""

from __future__ import annotations

import os
import subprocess
import threading
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path

from fakes.rig_processes import Reader, ask, private_folder, started
from fakes.rig_x import Clipboard, XClient, owned_selections


class Display:
    """``env``: what a program needs to open its window here. Window titles may be given in part."""

    def __init__(self, number: int) -> None:
        self.name = f":{number}"
        self.env = {"DISPLAY": self.name, "QT_QPA_PLATFORM": "xcb", "XDG_SESSION_TYPE": "x11"}
        self.x = XClient(self.name)

    @property
    def environ(self) -> dict[str, str]:
        """The whole environment for a program on this display."""
        rest = {k: v for k, v in os.environ.items() if k not in {"WAYLAND_DISPLAY", "XAUTHORITY"}}
        return {**rest, **self.env, "LC_ALL": "C.UTF-8"}

    # --------------------------------------------------------------------------------------------- windows

    def find(self, title: str) -> int:
        """The window with this in its title; 0 where there is none."""
        return next((w for w, t in self.x.windows().items() if title in t), 0)

    def wait_for_window(self, title: str, timeout: float = 15.0) -> int:
        self.x.wait(lambda: bool(self.find(title)), timeout, f"a window titled {title!r}")
        return self.find(title)

    def wait_until_gone(self, title: str, timeout: float = 10.0) -> None:
        self.x.wait(lambda: not self.find(title), timeout, f"no window titled {title!r}")

    def focus(self, title: str, timeout: float = 10.0) -> int:
        """Bring a window to the front; returns when keys go to it."""
        window = self.wait_for_window(title, timeout)
        self.x.send_message(window, "_NET_ACTIVE_WINDOW", 2, 0, 0)
        self.wait_for_focus(title, timeout)
        return window

    def wait_for_focus(self, title: str, timeout: float = 10.0) -> None:
        window = self.find(title)
        settled = lambda: self.x.active() == window and self.x.has_input(window)  # noqa: E731
        self.x.wait(settled, timeout, f"the focus on {title!r}")

    def focused(self) -> str:
        """Title of the window that has the focus."""
        active = self.x.active()
        return self.x.title(active) if active else ""

    def close_window(self, title: str) -> None:
        """As a click on the window's close button."""
        self.x.send_message(self.wait_for_window(title), "_NET_CLOSE_WINDOW", 0, 2)

    # ------------------------------------------------------------------------------------------------ keys

    def press(self, combination: str) -> None:
        """A short press: ``"F9"``, ``"ctrl+v"``, ``"shift+Insert"``, ``"a"``."""
        with self.held(combination):
            pass

    @contextmanager
    def held(self, combination: str) -> Iterator[None]:
        """Keys down, in order; up again in reverse order when the block ends."""
        codes = [code for code, _shift in self.x.keycodes(combination)]
        pressed: list[int] = []
        try:
            for code in codes:
                self.x.fake_key(code, True)
                pressed.append(code)
            yield
        finally:
            for code in reversed(pressed):
                self.x.fake_key(code, False)

    def key_down(self, name: str) -> None:
        for code, _shift in self.x.keycodes(name):
            self.x.fake_key(code, True)

    def key_up(self, name: str) -> None:
        for code, _shift in self.x.keycodes(name):
            self.x.fake_key(code, False)

    def is_down(self, name: str) -> bool:
        return {code for code, _shift in self.x.keycodes(name)} <= self.x.keys_down()

    def type(self, text: str) -> None:
        """Type what the keyboard layout has keys for."""
        for character in text:
            code, shift = self.x.keycodes({" ": "space", "\n": "Return"}.get(character, character))[0]
            with self.held("shift") if shift else ExitStack():
                self.x.fake_key(code, True)
                self.x.fake_key(code, False)

    # -------------------------------------------------------------------------------- clipboard, screenshot

    def clipboard(self, formats: Mapping[str, bytes], *selections: str) -> AbstractContextManager[Clipboard]:
        """Another program owns the clipboard, with every format given (``{"UTF8_STRING": b"...", "text/html": ...}``),
        until the block ends. ``selections``: CLIPBOARD where none is named, else any of CLIPBOARD, PRIMARY."""
        return owned_selections(self.name, formats, *selections)

    def paste(self, target: str = "UTF8_STRING", selection: str = "clipboard") -> bytes:
        """What the clipboard holds in this format; empty where it holds nothing of it."""
        try:
            return ask(["xclip", "-o", "-selection", selection, "-t", target], self.environ)
        except RuntimeError as error:
            if "not available" in str(error):
                return b""
            raise

    def clipboard_formats(self, selection: str = "clipboard") -> set[str]:
        return set(self.paste("TARGETS", selection).decode().split())

    def screenshot(self, path: Path) -> Path:
        """A picture of the whole screen (PNG by the path's ending)."""
        ask(["import", "-window", "root", str(path)], self.environ)
        return path


class Terminal:
    """An xterm that shows nothing and remembers every character it was given."""

    def __init__(self, title: str) -> None:
        self.title = title
        self._heard = bytearray()
        self._news = threading.Condition()

    def take(self, data: bytes) -> None:
        with self._news:
            self._heard += data
            self._news.notify_all()

    @property
    def text(self) -> str:
        """All it got since it opened, or since :meth:`clear`."""
        with self._news:
            return self._heard.decode(errors="replace")

    def clear(self) -> None:
        with self._news:
            self._heard.clear()

    def wait_for(self, text: str, timeout: float = 20.0) -> str:
        """Until ``text`` has arrived; returns everything that has."""
        with self._news:
            arrived = self._news.wait_for(lambda: text.encode() in self._heard, timeout)
        if not arrived:
            raise AssertionError(f"waited {timeout:g} s in vain for {text!r} in the terminal; it holds {self.text!r}")
        return self.text

    def wait_for_any(self, timeout: float = 20.0) -> str:
        """Until anything has arrived; returns it."""
        with self._news:
            arrived = self._news.wait_for(lambda: bool(self._heard), timeout)
        if not arrived:
            raise AssertionError(f"nothing arrived in the terminal within {timeout:g} s")
        return self.text


@contextmanager
def display(size: str = "1280x800", *, window_manager: bool = True) -> Iterator[Display]:
    """An X server on a free display number with openbox; both answer when the block begins."""
    with ExitStack() as stack:
        read, write = os.pipe()
        command = ["Xvfb", "-displayfd", str(write), "-screen", "0", f"{size}x24", "-nolisten", "tcp", "-noreset"]
        try:
            stack.enter_context(started(command, os.environ, pass_fds=(write,)))
        finally:
            os.close(write)
        with os.fdopen(read, "rb") as pipe:
            number = pipe.readline().strip()
        if not number:
            raise RuntimeError("Xvfb did not start")
        it = Display(int(number))
        stack.callback(it.x.close)
        if window_manager:
            folder = stack.enter_context(private_folder())
            home = {"HOME": str(folder), "XDG_CONFIG_HOME": str(folder), "XDG_CACHE_HOME": str(folder)}
            manager = stack.enter_context(started(["openbox", "--sm-disable"], {**it.environ, **home}))
            stack.callback(manager.kill)  # asked to end, it first digests every change of the keys
            it.x.wait(
                lambda: (
                    bool(it.x.property(it.x.root, "_NET_SUPPORTING_WM_CHECK"))
                    and it.x.property(it.x.root, "_NET_CLIENT_LIST") is not None
                ),
                10,
                "the window manager",
            )
        yield it


@contextmanager
def terminal(on: Display, title: str = "target") -> Iterator[Terminal]:
    """An xterm that listens (raw, without echo) when the block begins."""
    with ExitStack() as stack:
        folder = stack.enter_context(private_folder())
        pipe = folder / "heard"
        os.mkfifo(pipe)
        script = f"stty raw -echo; printf '\\006' >'{folder}/ready'; exec cat >'{pipe}'"
        ready = folder / "ready"
        os.mkfifo(ready)
        command = ["xterm", "-T", title, "-n", title, "-u8", "-e", "sh", "-c", script]
        it = Terminal(title)
        opened: list[Reader] = []

        def listen() -> None:
            ready.read_bytes()
            stream = stack.enter_context(pipe.open("rb"))
            opened.append(Reader(stream, it.take))

        listener = threading.Thread(target=listen, name="rig-terminal", daemon=True)
        listener.start()
        with started(command, on.environ, cwd=str(folder), stderr=subprocess.DEVNULL):
            listener.join(15)
            if not opened:
                raise RuntimeError("xterm did not start")
            on.wait_for_window(title)
            yield it
        opened[0].join()
