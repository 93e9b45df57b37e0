"""Global keys for the window: one small Qt interface, one implementation per system behind it."""

from __future__ import annotations

import logging
from typing import Protocol

from PySide6.QtCore import QObject, Signal

from debabelizer.errors import ConfigurationError, ProviderError, Remedy, UnsupportedError
from debabelizer_desktop.platform import system as systems
from debabelizer_desktop.platform.hotkey_text import parse
from debabelizer_desktop.platform.system import Capabilities, System

log = logging.getLogger(__name__)


class HotkeyBackend(Protocol):
    """Takes keys from the system. Its callbacks may come from any thread."""

    def bind(self, id_: str, text: str) -> None: ...
    def unbind(self, id_: str) -> None: ...
    def is_down(self, id_: str) -> bool: ...
    def close(self) -> None: ...


class Hotkeys(QObject):
    """Press and release of global keys as signals. Ids are the caller's own (``dictate``, ``cancel``, ``undo``).

    Stamps are ``time.monotonic()`` of the moment the key event arrived, before any queue. Auto-repeat, a second
    press of a key already down and a release nobody saw are dealt with before the signals.
    """

    pressed = Signal(str, float)
    released = Signal(str, float)
    problem = Signal(object)
    """A ProviderError: the key was lost after it had been bound."""

    def __init__(self, system: System | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.system = systems.current() if system is None else system
        self.capabilities: Capabilities = systems.hotkey_capabilities(self.system)
        self._backend: HotkeyBackend | None = None

    def bind(self, id_: str, text: str) -> None:
        """Take the key for ``id_``, in place of the one it had. Raises ConfigurationError (change_hotkey) that
        names the key if it makes no sense or is taken, UnsupportedError where the system has no global keys."""
        parse(text)
        self._start().bind(id_, text)

    def unbind(self, id_: str) -> None:
        """Give the key back; nothing happens if there is none."""
        if self._backend is not None:
            self._backend.unbind(id_)

    def is_down(self, id_: str) -> bool:
        """Whether the key is down now, asked of the system (to heal a lost release)."""
        return self._backend is not None and self._backend.is_down(id_)

    def close(self) -> None:
        """Give everything back; a later ``bind`` starts anew."""
        backend, self._backend = self._backend, None
        if backend is not None:
            backend.close()

    def _start(self) -> HotkeyBackend:
        if self._backend is not None:
            return self._backend
        if not self.capabilities.supported:
            raise UnsupportedError(
                f"{self.capabilities.reason} {self.capabilities.way_out}", remedy=Remedy.OPEN_SETTINGS
            )
        if self.system is System.X11:
            from debabelizer_desktop.platform.hotkeys_x11 import X11Hotkeys

            self._backend = X11Hotkeys(self.pressed.emit, self.released.emit, self._on_problem)
        else:
            from debabelizer_desktop.platform.hotkeys_pynput import PynputHotkeys

            self._backend = PynputHotkeys(self.pressed.emit, self.released.emit, mac=self.system is System.MACOS)
        return self._backend

    def _on_problem(self, error: ProviderError) -> None:
        log.warning("global keys: %s", error)
        self.problem.emit(error)


def make_hotkeys(parent: QObject | None = None) -> Hotkeys:
    """Global keys of this system. Nothing is started before the first ``bind``."""
    return Hotkeys(parent=parent)


__all__ = ["Capabilities", "ConfigurationError", "HotkeyBackend", "Hotkeys", "make_hotkeys"]
