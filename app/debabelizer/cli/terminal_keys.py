"""Single key presses from a terminal, and lines from a pipe, as an asyncio callback."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
import threading
from collections.abc import Callable, Iterator
from typing import Any

OnKey = Callable[[str], None]
"""Gets one character: ``\\n`` for Enter."""
END = "\x04"
"""Ctrl-D, or a terminal that is closed."""


@contextlib.contextmanager
def key_presses(on_key: OnKey) -> Iterator[bool]:
    """Calls ``on_key`` on the running loop for each key while the block lasts; yields whether a person is there to
    press one. In a pipe, a line counts as Enter; its end counts as nothing, so that ``< /dev/null`` is no hindrance.
    """
    if sys.stdin is None or sys.stdin.closed:
        yield False
    elif sys.platform == "win32":
        with _windows(on_key):
            yield sys.stdin.isatty()
    elif sys.stdin.isatty():
        with _terminal(on_key):
            yield True
    else:
        with _pipe(on_key):
            yield False


@contextlib.contextmanager
def _terminal(on_key: OnKey) -> Iterator[None]:
    import termios
    import tty

    descriptor = sys.stdin.fileno()
    before = termios.tcgetattr(descriptor)
    loop = asyncio.get_running_loop()

    def readable() -> None:
        pressed = b""
        with contextlib.suppress(OSError):
            pressed = os.read(descriptor, 64)
        if not pressed:  # the terminal is gone, and whoever spoke into it: that is the end of what was said
            loop.remove_reader(descriptor)
            on_key(END)
        for character in pressed.decode(errors="ignore"):
            on_key("\n" if character == "\r" else character)

    tty.setcbreak(descriptor)
    loop.add_reader(descriptor, readable)
    try:
        yield
    finally:
        loop.remove_reader(descriptor)
        with contextlib.suppress(termios.error):  # it is gone
            termios.tcsetattr(descriptor, termios.TCSADRAIN, before)


@contextlib.contextmanager
def _pipe(on_key: OnKey) -> Iterator[None]:
    descriptor = sys.stdin.fileno()
    loop = asyncio.get_running_loop()

    def readable() -> None:
        data = os.read(descriptor, 4096)
        if not data:
            loop.remove_reader(descriptor)
        elif b"\n" in data:
            on_key("\n")

    try:
        loop.add_reader(descriptor, readable)
    except (OSError, ValueError):  # a file or /dev/null: nobody will ever press a key there
        yield
        return
    try:
        yield
    finally:
        loop.remove_reader(descriptor)


@contextlib.contextmanager
def _windows(on_key: OnKey) -> Iterator[None]:
    """The console can't be waited on together with sockets: a thread asks it."""
    import msvcrt

    console: Any = msvcrt
    loop = asyncio.get_running_loop()
    ended = threading.Event()

    def watch() -> None:
        while not ended.wait(0.05):
            while console.kbhit():
                character = console.getwch()
                loop.call_soon_threadsafe(on_key, "\n" if character == "\r" else character)

    watcher = threading.Thread(target=watch, name="keys", daemon=True)
    watcher.start()
    try:
        yield
    finally:
        ended.set()
        watcher.join()
