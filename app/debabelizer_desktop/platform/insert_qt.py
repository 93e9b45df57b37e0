"""Insertion where there is no X11: through Qt's clipboard, in the GUI thread.

Windows and macOS: paste by pynput's keyboard and put the clipboard back after it has been read. These systems do not
tell *who* read it, so nothing more than "probably" is ever claimed. Written against the documented interfaces and not
run on either system by its authors. Wayland: the text is left on the clipboard, by ``wl-copy`` where that is
installed, because a program without the focus can't do it itself.
"""

from __future__ import annotations

import asyncio
import ctypes
import logging
import shutil
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import PureWindowsPath
from typing import Any

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QGuiApplication

from debabelizer.dictation.insertion import Insertion, Target
from debabelizer.errors import InternalError, Remedy
from debabelizer.events import InsertResult
from debabelizer_desktop.platform import clipboard as clipboards
from debabelizer_desktop.platform.hotkey_text import parse
from debabelizer_desktop.platform.insert_rules import Method, Rule, fitted
from debabelizer_desktop.platform.system import System

log = logging.getLogger(__name__)

_TAKEN_MS = 1500
_RESTORE_MS = 150
_WAYLAND_WORDS = "Wayland lets no program press keys in another one."
_NO_CLIPBOARD_WORDS = (
    "Wayland gives the clipboard only to the program with the focus. With wl-copy (package wl-clipboard) installed "
    "the text goes there; without it, copy it from Debabelizer's window."
)
_COPY_S = 3.0

Press = Callable[[str], None]


class QtClipboardInserter(QObject):
    """``press`` presses a combination such as ``Ctrl+V`` in the focused program; None takes the system's own way."""

    _wanted = Signal(object)

    def __init__(self, system: System, press: Press | None = None) -> None:
        super().__init__()
        self._system = system
        self._press = press or (None if system is System.WAYLAND else _pynput_press)
        self._wanted.connect(self._run, Qt.ConnectionType.QueuedConnection)

    def target(self) -> Target | None:
        """The foreground window on Windows; the other systems tell nothing, so it is "whatever has the focus"."""
        return _windows_target() if self._system is System.WINDOWS else None

    def insert(self, text: str, target: Target | None, rule: Rule, *, enter_after: bool) -> Future[Insertion]:
        """From any thread; the future ends when it is known whether the text was taken."""
        future: Future[Insertion] = Future()

        def job() -> None:
            try:
                self._insert(text, target, rule, enter_after, future)
            except Exception as problem:  # noqa: BLE001 - whatever the system's library does, the take must go on
                future.set_exception(InternalError(f"The text could not be inserted: {problem}", remedy=Remedy.PASTE))

        self._wanted.emit(job)
        return future

    @Slot(object)
    def _run(self, job: Callable[[], None]) -> None:
        job()

    def _insert(
        self, text: str, target: Target | None, rule: Rule, enter_after: bool, future: Future[Insertion]
    ) -> None:
        keys = self._keys(rule)
        why = self._why_not(target, rule)
        if why or self._press is None or rule.method is Method.COPY:
            self._leave(text, target, keys, why, future)
            return
        prepared = fitted(text, rule)
        if rule.method is Method.TYPE:
            _pynput_type(prepared)
            self.finish(Insertion(InsertResult.PROBABLY, target, prepared), enter_after, future)
            return
        _Paste(self, prepared, target, keys, enter_after, future).start(self._press)

    def _keys(self, rule: Rule) -> str:
        return rule.keys.replace("Ctrl", "Meta") if self._system is System.MACOS else rule.keys

    def _why_not(self, target: Target | None, rule: Rule) -> str:
        if rule.method is Method.COPY:
            return ""
        if self._system is System.WAYLAND:
            return _WAYLAND_WORDS
        now = self.target()
        if target is not None and (now is None or now.window != target.window):
            return f"Another window than that of {target.program} has the focus now."
        return ""

    def _leave(self, text: str, target: Target | None, keys: str, why: str, future: Future[Insertion]) -> None:
        active = QGuiApplication.applicationState() is Qt.ApplicationState.ApplicationActive
        if self._system is System.WAYLAND and not active:
            future.set_result(Insertion(InsertResult.NOT_WANTED, target, text, detail=_NO_CLIPBOARD_WORDS))
            return
        clipboards.clipboard().setText(text)
        future.set_result(Insertion(InsertResult.CLIPBOARD, target, text, None, keys, why))

    def finish(self, done: Insertion, enter_after: bool, future: Future[Insertion]) -> None:
        if enter_after and self._press is not None:
            self._press("Return")
        future.set_result(done)


class _Paste(QObject):
    """One paste, from taking the clipboard to putting it back."""

    def __init__(
        self,
        owner: QtClipboardInserter,
        text: str,
        target: Target | None,
        keys: str,
        enter_after: bool,
        future: Future[Insertion],
    ) -> None:
        super().__init__(owner)
        self._owner, self._text, self._target, self._keys = owner, text, target, keys
        self._enter_after, self._future = enter_after, future
        self._pressed = False
        self._kept = clipboards.snapshot(clipboards.clipboard())
        self._offer = clipboards.WatchedText(text, self._was_read)

    def start(self, press: Press) -> None:
        clipboards.clipboard().setMimeData(self._offer)
        self._pressed = True
        press(self._keys)
        QTimer.singleShot(_TAKEN_MS, self, self._not_taken)

    def _was_read(self) -> None:
        if self._pressed and not self._future.done():
            done = Insertion(InsertResult.PROBABLY, self._target, self._text, detail="The text was taken.")
            self._owner.finish(done, self._enter_after, self._future)
            QTimer.singleShot(_RESTORE_MS, self, self._restore)

    def _not_taken(self) -> None:
        if not self._future.done():
            why = "No program took the text."
            self._future.set_result(Insertion(InsertResult.CLIPBOARD, self._target, self._text, None, self._keys, why))
            self.deleteLater()

    def _restore(self) -> None:
        if clipboards.clipboard().text() == self._text:  # otherwise somebody copied something newer
            clipboards.clipboard().setMimeData(self._kept)
        self.deleteLater()


async def wl_copy(text: str) -> bool:
    """Put ``text`` on Wayland's clipboard by ``wl-copy``; False where that is missing or fails."""
    program = shutil.which("wl-copy")
    if program is None:
        return False
    try:
        process = await asyncio.create_subprocess_exec(
            program, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL
        )
    except OSError as problem:
        log.warning("wl-copy can't be run: %s", problem)
        return False
    try:
        async with asyncio.timeout(_COPY_S):
            await process.communicate(text.encode(errors="replace"))
    except TimeoutError:
        process.kill()
        await process.wait()
    return process.returncode == 0


def wayland_left(text: str, target: Target | None, keys: str) -> Insertion:
    """The result of :func:`wl_copy`."""
    return Insertion(InsertResult.CLIPBOARD, target, text, None, keys, _WAYLAND_WORDS)


def _pynput_press(combination: str) -> None:
    from pynput import keyboard

    hotkey = parse(combination)
    names = {"Ctrl": "ctrl", "Alt": "alt", "Shift": "shift", "Meta": "cmd", "Return": "enter", "Insert": "insert"}
    control = keyboard.Controller()
    modifiers = [getattr(keyboard.Key, names[name]) for name in sorted(hotkey.modifiers)]
    key: Any = hotkey.key.lower() if len(hotkey.key) == 1 else getattr(keyboard.Key, names.get(hotkey.key, hotkey.key))
    with control.pressed(*modifiers):
        control.tap(key)


def _pynput_type(text: str) -> None:
    from pynput import keyboard

    control = keyboard.Controller()
    for number, part in enumerate(text.split("\n")):
        if number:
            with control.pressed(keyboard.Key.shift):  # a plain Return would send a message in a chat
                control.tap(keyboard.Key.enter)
        control.type(part)


def _windows_target() -> Target | None:
    """The foreground window, its title and the name of its program without ``.exe``."""
    dll: Any = getattr(ctypes, "windll", None)
    if dll is None:
        return None
    window = dll.user32.GetForegroundWindow()
    if not window:
        return None
    title = ctypes.create_unicode_buffer(512)
    dll.user32.GetWindowTextW(window, title, 512)
    process = ctypes.c_ulong()
    dll.user32.GetWindowThreadProcessId(window, ctypes.byref(process))
    handle = dll.kernel32.OpenProcess(0x1000, False, process.value)  # PROCESS_QUERY_LIMITED_INFORMATION
    path, size = ctypes.create_unicode_buffer(1024), ctypes.c_ulong(1024)
    if handle:
        dll.kernel32.QueryFullProcessImageNameW(handle, 0, path, ctypes.byref(size))
        dll.kernel32.CloseHandle(handle)
    return Target(int(window), PureWindowsPath(path.value).stem.lower(), title.value)
