"""X11 by hand: keys through XTEST, windows through the window manager's own messages, a clipboard of many formats."""

from __future__ import annotations

import os
import select
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from Xlib import XK, X
from Xlib import display as xdisplay
from Xlib.ext import xtest
from Xlib.protocol import event as xevent

_NAMES = {
    "ctrl": "Control_L",
    "right_ctrl": "Control_R",
    "alt": "Alt_L",
    "altgr": "ISO_Level3_Shift",
    "shift": "Shift_L",
    "super": "Super_L",
    "enter": "Return",
    "esc": "Escape",
}


class XClient:
    """One connection to the X server for the rig's own doings. Use from one thread at a time."""

    def __init__(self, name: str) -> None:
        self.display = xdisplay.Display(name)
        self.root = self.display.screen().root
        self.root.change_attributes(event_mask=X.PropertyChangeMask | X.SubstructureNotifyMask)
        self._lock = threading.RLock()

    def close(self) -> None:
        self.display.close()

    def wait(self, condition: Callable[[], bool], timeout: float, what: str) -> None:
        """Until ``condition`` holds; looked at again after whatever happens on the screen, and every 50 ms."""
        deadline = time.monotonic() + timeout
        while True:
            with self._lock:
                while self.display.pending_events():
                    self._take(self.display.next_event())
                if condition():
                    return
            left = deadline - time.monotonic()
            if left <= 0:
                raise AssertionError(f"waited {timeout:g} s in vain for: {what}")
            select.select([self.display.fileno()], [], [], min(left, 0.05))

    def _take(self, event: Any) -> None:
        if event.type == X.MappingNotify:
            self.display.refresh_keyboard_mapping(event)

    # --------------------------------------------------------------------------------------------- windows

    def property(self, window: Any, name: str) -> Any:
        with self._lock:
            found = window.get_full_property(self.display.get_atom(name), X.AnyPropertyType)
            return None if found is None else found.value

    def windows(self) -> dict[int, str]:
        """The windows the window manager manages: id -> title."""
        with self._lock:
            return {int(w): self.title(int(w)) for w in self.property(self.root, "_NET_CLIENT_LIST") or ()}

    def title(self, window: int) -> str:
        from Xlib.error import BadWindow

        handle = self.display.create_resource_object("window", window)
        try:
            value = self.property(handle, "_NET_WM_NAME") or self.property(handle, "WM_NAME")
        except BadWindow:
            return ""
        return value.decode(errors="replace") if isinstance(value, bytes) else str(value or "")

    def active(self) -> int:
        value = self.property(self.root, "_NET_ACTIVE_WINDOW")
        return int(value[0]) if value else 0

    def has_input(self, window: int) -> bool:
        """Whether keys go to this window or something inside it."""
        from Xlib.error import BadWindow

        with self._lock:
            current = self.display.get_input_focus().focus
            while not isinstance(current, int) and current.id != self.root.id:
                if current.id == window:
                    return True
                try:
                    current = current.query_tree().parent
                except BadWindow:
                    return False
            return False

    def send_message(self, window: int, name: str, *data: int) -> None:
        """A client message to the window manager about a window."""
        with self._lock:
            handle = self.display.create_resource_object("window", window)
            words = [*data, 0, 0, 0, 0, 0][:5]
            message = xevent.ClientMessage(window=handle, client_type=self.display.get_atom(name), data=(32, words))
            mask = X.SubstructureRedirectMask | X.SubstructureNotifyMask
            self.root.send_event(message, event_mask=mask)
            self.display.flush()

    # ------------------------------------------------------------------------------------------------ keys

    def keycodes(self, combination: str) -> list[tuple[int, bool]]:
        """``"ctrl+alt+space"`` -> keycodes in the order to press them, each with whether it needs Shift."""
        names = combination.split("+") if len(combination) > 1 else [combination]
        return [self._keycode(_NAMES.get(name.lower(), name)) for name in names]

    def _keycode(self, name: str) -> tuple[int, bool]:
        keysym = XK.string_to_keysym(name)
        if not keysym and len(name) == 1:
            keysym = ord(name) if ord(name) < 0x100 else 0x1000000 + ord(name)
        codes = sorted(self.display.keysym_to_keycodes(keysym), key=lambda pair: pair[1])
        if not codes or codes[0][1] > 1:
            raise ValueError(f"this keyboard has no key {name!r}")
        return codes[0][0], codes[0][1] == 1

    def fake_key(self, code: int, down: bool) -> None:
        with self._lock:
            xtest.fake_input(self.display, X.KeyPress if down else X.KeyRelease, code)
            self.display.sync()

    def keys_down(self) -> set[int]:
        """Keycodes that the server takes to be held now."""
        with self._lock:
            rows = self.display.query_keymap()
        return {8 * i + bit for i, row in enumerate(rows) for bit in range(8) if row >> bit & 1}


@contextmanager
def owned_selections(name: str, formats: Mapping[str, bytes], *selections: str) -> Iterator[Clipboard]:
    """Own the clipboard as another program would, until the block ends."""
    owner = Clipboard(name, formats, selections or ("CLIPBOARD",))
    try:
        yield owner
    finally:
        owner.close()


class Clipboard:
    """A program that owns the clipboard with several formats at once and counts how often each is read."""

    def __init__(self, name: str, formats: Mapping[str, bytes], selections: tuple[str, ...]) -> None:
        self.formats, self.reads = dict(formats), dict.fromkeys(formats, 0)
        self.lost = threading.Event()
        """Set when somebody else has taken the clipboard over."""
        self._display = xdisplay.Display(name)
        self._wake, self._waker = os.pipe()
        self._window = self._display.screen().root.create_window(0, 0, 1, 1, 0, X.CopyFromParent)
        for selection in selections:
            atom = self._display.get_atom(selection)
            self._window.set_selection_owner(atom, X.CurrentTime)
            self._display.sync()
            assert self._display.get_selection_owner(atom) == self._window, f"{selection} could not be taken"
        self._thread = threading.Thread(target=self._serve, name="rig-clipboard", daemon=True)
        self._thread.start()

    def close(self) -> None:
        os.write(self._waker, b"x")
        self._thread.join(5)
        self._display.close()
        os.close(self._wake)
        os.close(self._waker)

    def _serve(self) -> None:
        while True:
            while self._display.pending_events():
                event = self._display.next_event()
                if event.type == X.SelectionRequest:
                    self._answer(event)
                elif event.type == X.SelectionClear:
                    self.lost.set()
            readable, _, _ = select.select([self._display.fileno(), self._wake], [], [])
            if self._wake in readable:
                return

    def _answer(self, request: Any) -> None:
        wanted = self._display.get_atom_name(request.target)
        where = request.property or request.target
        if wanted == "TARGETS":
            atoms = [self._display.get_atom(n) for n in ("TARGETS", *self.formats)]
            request.requestor.change_property(where, self._display.get_atom("ATOM"), 32, atoms)
        elif wanted in self.formats:
            self.reads[wanted] += 1
            request.requestor.change_property(where, request.target, 8, self.formats[wanted])
        else:
            where = X.NONE
        reply = xevent.SelectionNotify(
            time=request.time,
            requestor=request.requestor,
            selection=request.selection,
            target=request.target,
            property=where,
        )
        request.requestor.send_event(reply)
        self._display.flush()
