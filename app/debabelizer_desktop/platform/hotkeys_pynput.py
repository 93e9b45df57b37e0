"""Global keys on Windows and macOS, by pynput's keyboard hook.

Written against pynput's documented interface and not run on either system by its authors: the window shows that.
The hook sees every key; only the bound one is kept from the focused program (``win32_event_filter`` with
``suppress_event``, ``darwin_intercept``). Mouse buttons are not offered here.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

import msgspec

from debabelizer.errors import ConfigurationError, Remedy
from debabelizer_desktop.platform.hotkey_text import Hotkey, parse

_NAMES = {
    "Space": "space",
    "Tab": "tab",
    "Backspace": "backspace",
    "Return": "enter",
    "Escape": "esc",
    "Insert": "insert",
    "Delete": "delete",
    "Home": "home",
    "End": "end",
    "PageUp": "page_up",
    "PageDown": "page_down",
    "Up": "up",
    "Down": "down",
    "Left": "left",
    "Right": "right",
    "Print": "print_screen",
    "Pause": "pause",
    "ScrollLock": "scroll_lock",
    "CapsLock": "caps_lock",
    "NumLock": "num_lock",
    "Menu": "menu",
    "AltGr": "alt_gr",
    "Media Play": "media_play_pause",
    "Left Ctrl": "ctrl_l",
    "Right Ctrl": "ctrl_r",
    "Left Alt": "alt_l",
    "Right Alt": "alt_r",
    "Left Shift": "shift_l",
    "Right Shift": "shift_r",
    "Left Meta": "cmd_l",
    "Right Meta": "cmd_r",
}
_MODIFIER_KEYS = {
    "Ctrl": ("ctrl", "ctrl_l", "ctrl_r"),
    "Alt": ("alt", "alt_l", "alt_r", "alt_gr"),
    "Shift": ("shift", "shift_l", "shift_r"),
    "Meta": ("cmd", "cmd_l", "cmd_r"),
}
_MAC_ANSI = dict(
    zip(
        "ASDFHGZXCVBQWERYT123465=97-80]OU[IPLJ'K;\\,/NM.`",
        (*range(10), *range(11, 36), 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47, 50),
        strict=True,
    )
)
"""Characters of the US keyboard to macOS key codes (Carbon's HIToolbox/Events.h, kVK_ANSI_*)."""
_WIN_KEY_DOWN = (0x0100, 0x0104)  # WM_KEYDOWN, WM_SYSKEYDOWN


def _ask_macos() -> None:
    """Raises ConfigurationError where the user has not allowed it yet; macOS asks for both permissions by itself then.
    Without them the hook would be told of no key, and say nothing. (Quartz: CGEvent.h; HIServices: AXUIElement.h)"""
    import HIServices  # type: ignore[import-not-found, unused-ignore]  # both come with pynput on macOS
    import Quartz  # type: ignore[import-not-found, unused-ignore]

    listening = Quartz.CGPreflightListenEventAccess() or Quartz.CGRequestListenEventAccess()
    pressing = HIServices.AXIsProcessTrustedWithOptions({HIServices.kAXTrustedCheckOptionPrompt: True})
    if not (listening and pressing):
        raise ConfigurationError(
            "macOS does not let Debabelizer see and press keys yet: allow it in System Settings, Privacy & Security, "
            "under Input Monitoring and under Accessibility, and start it again.",
            remedy=None,
        )


class _Bound(msgspec.Struct):
    id: str
    hotkey: Hotkey
    code: int
    modifiers: tuple[frozenset[int], ...]
    held: bool = False


class PynputHotkeys:
    """Same contract as the X11 one; callbacks come from the hook's thread."""

    def __init__(
        self, pressed: Callable[[str, float], None], released: Callable[[str, float], None], *, mac: bool
    ) -> None:
        """Raises ConfigurationError where macOS does not allow it yet."""
        if mac:
            _ask_macos()
        from pynput import keyboard

        self._keyboard = keyboard
        self._mac = mac
        self._pressed, self._released = pressed, released
        self._lock = threading.RLock()
        self._bound: dict[str, _Bound] = {}
        self._down: set[int] = set()
        self._all_modifiers = {name: self._codes(keys) for name, keys in _MODIFIER_KEYS.items()}
        if mac:
            self._listener = keyboard.Listener(
                on_press=lambda key: self._mac_event(key, True),
                on_release=lambda key: self._mac_event(key, False),
                darwin_intercept=self._mac_intercept,
            )
        else:
            self._listener = keyboard.Listener(win32_event_filter=self._windows_event)
        self._listener.start()

    def bind(self, id_: str, text: str) -> None:
        hotkey = parse(text)
        code = self._code(hotkey.key)
        if code is None:
            raise ConfigurationError(f"The key {hotkey} can't be used on this system.", remedy=Remedy.CHANGE_HOTKEY)
        with self._lock:
            if any(other.hotkey == hotkey and other.id != id_ for other in self._bound.values()):
                raise ConfigurationError(
                    f"The key {hotkey} is already used here for something else.", remedy=Remedy.CHANGE_HOTKEY
                )
            self.unbind(id_)
            wanted = tuple(self._all_modifiers[name] for name in sorted(hotkey.modifiers))
            self._bound[id_] = _Bound(id_, hotkey, code, wanted)

    def unbind(self, id_: str) -> None:
        with self._lock:
            bound = self._bound.pop(id_, None)
        if bound is not None and bound.held:
            self._released(id_, time.monotonic())

    def is_down(self, id_: str) -> bool:
        with self._lock:
            bound = self._bound.get(id_)
            return bound is not None and bound.code in self._down

    def close(self) -> None:
        self._listener.stop()

    def _codes(self, names: tuple[str, ...]) -> frozenset[int]:
        keys = (getattr(self._keyboard.Key, name, None) for name in names)
        return frozenset(int(key.value.vk) for key in keys if key is not None)

    def _code(self, name: str) -> int | None:
        if len(name) == 1:
            return _MAC_ANSI.get(name) if self._mac else (ord(name) if name.isalnum() and name.isascii() else None)
        found = self._codes((_NAMES.get(name, name.lower()),))
        return next(iter(found), None)

    def _event(self, code: int, down: bool) -> bool:
        """Note a key; True if it is one of ours and must not reach the program."""
        stamp = time.monotonic()
        calls: list[tuple[Callable[[str, float], None], str]] = []
        ours = False
        with self._lock:
            (self._down.add if down else self._down.discard)(code)
            for bound in self._bound.values():
                if down and code == bound.code and (bound.held or self._modifiers_fit(bound)):
                    ours = True
                    if not bound.held:
                        bound.held = True
                        calls.append((self._pressed, bound.id))
                elif not down and bound.held and (code == bound.code or any(code in keys for keys in bound.modifiers)):
                    ours = ours or code == bound.code
                    bound.held = False
                    calls.append((self._released, bound.id))
        for call, id_ in calls:
            call(id_, stamp)
        return ours

    def _modifiers_fit(self, bound: _Bound) -> bool:
        if bound.hotkey.lone_modifier:
            return True
        return all(bool(self._down & keys) == (keys in bound.modifiers) for keys in self._all_modifiers.values())

    def _windows_event(self, message: int, data: Any) -> bool:
        if self._event(int(data.vkCode), message in _WIN_KEY_DOWN):
            self._listener.suppress_event()  # raises; the key goes no further
        return False  # everything is done here; no need to call on_press as well

    def _mac_event(self, key: Any, down: bool) -> None:
        code = key.value.vk if isinstance(key, self._keyboard.Key) else key.vk
        if code is not None:
            self._event(int(code), down)

    def _mac_intercept(self, _kind: int, event: Any) -> Any:
        import Quartz

        code = Quartz.CGEventGetIntegerValueField(event, Quartz.kCGKeyboardEventKeycode)
        with self._lock:
            ours = any(code == bound.code and self._modifiers_fit(bound) for bound in self._bound.values())
        return None if ours else event
