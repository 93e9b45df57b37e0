"""Windows of an X desktop: which has the focus, whose it is, and bringing one back to the front."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from debabelizer.dictation.insertion import Target
from debabelizer_desktop.platform.x11_thread import XThread

_ACTIVATE_S = 0.7


class Windows:
    """Belongs to an :class:`XThread` and is used inside it only. Windows are the server's numbers, 0 is none."""

    def __init__(self, thread: XThread) -> None:
        from Xlib import X

        self._thread = thread
        self._display = thread.display
        self._root = thread.root
        self._client_mask = ~self._display.display.info.resource_id_mask & 0xFFFFFFFF
        self._processes: dict[int, int] = {}
        self._can_ask_process = bool(self._display.has_extension("X-Resource"))
        self._root.change_attributes(event_mask=X.PropertyChangeMask)

    def active(self) -> int:
        """The window with the focus, by the window manager's word, else by the server's."""
        found = self._property(self._root, "_NET_ACTIVE_WINDOW")
        if found is not None:
            return int(found[0]) if len(found) else 0
        return self._top_of_focus()

    def describe(self, window: int) -> Target:
        """Program and title; the program is the lower-case class of the window, else its process's name."""
        from Xlib import error

        handle = self._handle(window)
        program = title = ""
        try:
            names = handle.get_wm_class()
            program = (names[1] or names[0]).lower() if names else ""
            raw = self._property(handle, "_NET_WM_NAME") or self._property(handle, "WM_NAME")
            title = raw.decode(errors="replace") if isinstance(raw, bytes) else str(raw or "")
        except error.XError:
            return Target(window, program, title)
        return Target(window, program or self._process_name(window), title)

    def exists(self, window: int) -> bool:
        from Xlib import error

        try:
            self._handle(window).get_geometry()
        except error.XError:
            return False
        return True

    def activate(self, window: int) -> bool:
        """Ask the window manager to bring the window to the front, and wait until keys go there."""
        from Xlib import X
        from Xlib.protocol import event

        if self._property(self._root, "_NET_ACTIVE_WINDOW") is None:
            self._handle(window).set_input_focus(X.RevertToParent, X.CurrentTime)
        else:
            message = event.ClientMessage(
                window=self._handle(window),
                client_type=self._display.get_atom("_NET_ACTIVE_WINDOW"),
                data=(32, [2, 0, 0, 0, 0]),  # 2: on the user's behalf
            )
            self._root.send_event(message, event_mask=X.SubstructureRedirectMask | X.SubstructureNotifyMask)
        settled = lambda: self.active() == window and self.has_input(window)  # noqa: E731
        return self._thread.pump(settled, _ACTIVATE_S) or self.active() == window

    def has_input(self, window: int) -> bool:
        """Whether keys go to the program of that window."""
        focus = self._display.get_input_focus().focus
        return not isinstance(focus, int) and self.client(focus.id) == self.client(window)

    def client(self, window: int) -> int:
        """The connection that made the window: the upper bits of its number."""
        return window & int(self._client_mask)

    def same_program(self, window: int, other: int) -> bool | None:
        """Whether two windows belong to one process; None where the server does not tell."""
        if self.client(window) == self.client(other):
            return True
        mine, theirs = self.process(window), self.process(other)
        return mine == theirs if mine and theirs else None

    def process(self, window: int) -> int:
        """Process number, 0 if unknown. The server's own knowledge, which holds inside containers too."""
        from Xlib import error
        from Xlib.ext import res

        client = self.client(window)
        if client not in self._processes and self._can_ask_process:
            try:
                reply = self._display.res_query_client_ids([{"client": window, "mask": res.LocalClientPIDMask}])
                found = [value for entry in reply.ids for value in entry.value]
            except error.XError:
                found = []
            if len(self._processes) > 500:
                self._processes.clear()
            self._processes[client] = int(found[0]) if found else 0
        return self._processes.get(client, 0)

    def answers_pings(self, window: int) -> bool:
        """Whether the program takes part in _NET_WM_PING: its answer shows that it has handled all events so far."""
        from Xlib import error

        try:
            protocols = self._property(self._handle(window), "WM_PROTOCOLS")
        except error.XError:
            return False
        return protocols is not None and self._display.get_atom("_NET_WM_PING") in list(protocols)

    def ping(self, window: int, stamp: int) -> None:
        """The answer comes as a ClientMessage on the root window with the same stamp."""
        from Xlib import X
        from Xlib.protocol import event

        words = [self._display.get_atom("_NET_WM_PING"), stamp, window, 0, 0]
        handle = self._handle(window)
        message = event.ClientMessage(
            window=handle, client_type=self._display.get_atom("WM_PROTOCOLS"), data=(32, words)
        )
        self._root.change_attributes(event_mask=X.PropertyChangeMask | X.SubstructureNotifyMask)
        handle.send_event(message, event_mask=X.NoEventMask)

    def stop_pinging(self) -> None:
        from Xlib import X

        self._root.change_attributes(event_mask=X.PropertyChangeMask)

    def _handle(self, window: int) -> Any:
        return self._display.create_resource_object("window", window)

    def _property(self, window: Any, name: str) -> Any:
        from Xlib import X

        found = window.get_full_property(self._display.get_atom(name), X.AnyPropertyType)
        return None if found is None else found.value

    def _top_of_focus(self) -> int:
        """Without a window manager: the focused window's ancestor right below the root."""
        from Xlib import error

        focus = self._display.get_input_focus().focus
        if isinstance(focus, int):
            return 0
        try:
            while True:
                parent = focus.query_tree().parent
                if isinstance(parent, int) or parent.id == self._root.id:
                    return int(focus.id)
                focus = parent
        except error.XError:
            return 0

    def _process_name(self, window: int) -> str:
        process = self.process(window)
        try:
            return Path(f"/proc/{process}/comm").read_text(encoding="utf-8").strip().lower() if process else ""
        except OSError:
            return ""
