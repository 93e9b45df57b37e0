"""Global keys on X11: passive grabs on the root window, so the key does not reach the focused program.

Facts this rests on (X11 protocol, measured against Xvfb and Xorg's own auto-repeat):

* A grab matches the modifiers exactly, so each key is grabbed once for every combination of the lock keys.
* While a grabbed key is down, the whole keyboard belongs to us: releases of its modifiers come here too, in any
  order, and so does every other key, which is matched here by hand.
* Auto-repeat arrives as release and press with one time; at the release the server still lists the key as down, unless
  we read it so late that the key has meanwhile come up. Its press never begins anything.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from concurrent.futures import TimeoutError as FutureTimeoutError
from typing import Any, ClassVar

import msgspec

from debabelizer.errors import ConfigurationError, ProviderError, Remedy
from debabelizer_desktop.platform.hotkey_text import BUTTONS, MODIFIERS, Hotkey, parse
from debabelizer_desktop.platform.x11_keymap import Keymap, held_keys, symbol
from debabelizer_desktop.platform.x11_thread import XThread

log = logging.getLogger(__name__)

_PROBE_S = 0.25
"""How often a held key is looked up, in case its release was lost (screen lock, keyboard unplugged)."""
_BIND_S = 3.0
_KEYS = {
    "Space": ("space",),
    "Tab": ("Tab",),
    "Backspace": ("BackSpace",),
    "Return": ("Return",),
    "Escape": ("Escape",),
    "PageUp": ("Prior",),
    "PageDown": ("Next",),
    "Pause": ("Pause", "Break"),
    "ScrollLock": ("Scroll_Lock",),
    "CapsLock": ("Caps_Lock",),
    "NumLock": ("Num_Lock",),
    "AltGr": ("ISO_Level3_Shift", "Mode_switch", "Alt_R"),
    "Media Play": ("XF86AudioPlay",),
    "Media Record": ("XF86AudioRecord",),
    "Microphone Mute": ("XF86AudioMicMute",),
    "Left Ctrl": ("Control_L",),
    "Right Ctrl": ("Control_R",),
    "Left Alt": ("Alt_L",),
    "Right Alt": ("Alt_R", "ISO_Level3_Shift"),
    "Left Shift": ("Shift_L",),
    "Right Shift": ("Shift_R",),
    "Left Meta": ("Super_L",),
    "Right Meta": ("Super_R",),
}
_ANY_MODIFIER = 1 << 15

Listener = Callable[[str, float], None]


class _Grab(msgspec.Struct):
    """One bound key. ``codes`` are key codes, or the one mouse button; ``mask`` the modifiers it wants."""

    id: str
    hotkey: Hotkey
    codes: tuple[int, ...] = ()
    mask: int = 0
    modifier_keys: tuple[tuple[int, ...], ...] = ()
    held: int = 0
    """The key code or button that is down, 0 if none."""
    doubtful: tuple[int, float] | None = None
    """Server time (ms) and stamp of a release the server contradicts: half of an auto-repeat, or the end of a press
    that the next one followed at once."""


class X11Hotkeys(XThread):
    """Calls ``pressed(id, stamp)`` and ``released(id, stamp)`` from its thread; stamps are ``time.monotonic()``."""

    swallowed: ClassVar[int] = 0
    """Key presses and middle clicks kept from the focused program so far, lone modifiers and auto-repeat left out."""

    def __init__(
        self,
        pressed: Listener,
        released: Listener,
        problem: Callable[[ProviderError], None],
        display_name: str | None = None,
    ) -> None:
        super().__init__("hotkeys", display_name)
        self._pressed, self._released, self._problem = pressed, released, problem
        self._grabs: dict[str, _Grab] = {}
        self._keymap = Keymap(self.display)
        self._mapping_changed = False
        self._last_release = (0, 0)
        """Key code and server time (ms) of the last release."""
        self._probing = False
        self.start()

    # ------------------------------------------------------------------------------------ from any thread

    def bind(self, id_: str, text: str) -> None:
        """Take the key; ConfigurationError (change_hotkey) if it can't be had."""
        hotkey = parse(text)
        try:
            self.submit(lambda: self._bind(id_, hotkey)).result(_BIND_S)
        except FutureTimeoutError as cause:
            raise ConfigurationError(
                f"The display did not answer when the key {hotkey} was asked for.", remedy=Remedy.RETRY
            ) from cause

    def unbind(self, id_: str) -> None:
        self.submit(lambda: self._unbind(id_))

    def is_down(self, id_: str) -> bool:
        """Whether the key is physically down now, asked of the server. Nothing is heard in time where the machine slept
        or is very busy: that is no release."""
        try:
            return self.submit(lambda: self._is_down(id_), urgent=True).result(_BIND_S)
        except FutureTimeoutError:
            return True
        except ProviderError:
            return False

    # ------------------------------------------------------------------------------------ binding

    def _bind(self, id_: str, hotkey: Hotkey) -> None:
        self._unbind(id_)
        other = next((grab for grab in self._grabs.values() if grab.hotkey == hotkey), None)
        if other is not None:
            raise ConfigurationError(
                f"The key {hotkey} is already used here for something else.", remedy=Remedy.CHANGE_HOTKEY
            )
        grab = self._resolved(id_, hotkey)
        if not grab.codes:
            raise ConfigurationError(f"This keyboard has no key {hotkey}.", remedy=Remedy.CHANGE_HOTKEY)
        if not self._take(grab):
            raise ConfigurationError(
                f"The key {hotkey} is already taken by another program.", remedy=Remedy.CHANGE_HOTKEY
            )
        self._grabs[id_] = grab

    def _unbind(self, id_: str) -> None:
        grab = self._grabs.pop(id_, None)
        if grab is not None:
            self._give_up(grab)
            if grab.held:
                self._let_go(grab)

    def _resolved(self, id_: str, hotkey: Hotkey) -> _Grab:
        keymap = self._keymap
        if hotkey.button is not None:
            codes: list[int] = [hotkey.button]
        elif len(hotkey.key) == 1:
            codes = keymap.key_codes(hotkey.key)
        else:
            names = _KEYS.get(hotkey.key, (hotkey.key,))
            codes = next((found for name in names if (found := keymap.codes(symbol(name)))), [])
        wanted = sorted(hotkey.modifiers)
        masks = [keymap.modifier_mask(name) for name in wanted]
        if not all(masks):
            codes = []
        return _Grab(id_, hotkey, tuple(codes), sum(masks), tuple(tuple(keymap.modifier_keys(name)) for name in wanted))

    def _masks(self, grab: _Grab) -> list[int]:
        if grab.hotkey.lone_modifier:
            return [_ANY_MODIFIER]
        return [grab.mask | lock for lock in self._keymap.lock_masks()]

    def _take(self, grab: _Grab) -> bool:
        from Xlib import X, error

        refused = error.CatchError(error.BadAccess)
        for code in grab.codes:
            for mask in self._masks(grab):
                if grab.hotkey.button is not None:
                    events = X.ButtonPressMask | X.ButtonReleaseMask
                    self.root.grab_button(
                        code, mask, False, events, X.GrabModeAsync, X.GrabModeAsync, X.NONE, X.NONE, onerror=refused
                    )
                else:
                    self.root.grab_key(code, mask, False, X.GrabModeAsync, X.GrabModeAsync, onerror=refused)
        self.display.sync()
        if refused.get_error() is None:
            return True
        self._give_up(grab)
        return False

    def _give_up(self, grab: _Grab) -> None:
        for code in grab.codes:
            for mask in self._masks(grab):
                if grab.hotkey.button is not None:
                    self.root.ungrab_button(code, mask)
                else:
                    self.root.ungrab_key(code, mask)
        self.display.flush()

    # ------------------------------------------------------------------------------------ events

    def on_event(self, event: Any) -> None:
        from Xlib import X

        stamp = time.monotonic()
        if event.type in {X.KeyPress, X.ButtonPress}:
            self._on_press(event, event.type == X.ButtonPress, stamp)
        elif event.type in {X.KeyRelease, X.ButtonRelease}:
            self._on_release(event, event.type == X.ButtonRelease, stamp)
        elif event.type == X.MappingNotify and event.request != X.MappingPointer:
            self._mapping_changed = True

    def on_idle(self) -> None:
        if self._mapping_changed:
            self._mapping_changed = False
            self._grab_again()

    def on_lost(self, cause: Exception) -> None:
        for grab in self._grabs.values():
            if grab.held:
                self._let_go(grab)
        self._problem(ConfigurationError(f"Global keys no longer work: the display closed the connection ({cause})."))

    def _is_repeat(self, event: Any) -> bool:
        repeated = self._last_release == (event.detail, event.time)
        self._last_release = (0, 0)
        return repeated

    def _on_press(self, event: Any, button: bool, stamp: float) -> None:
        repeated = not button and self._is_repeat(event)
        if button:
            X11Hotkeys.swallowed += event.detail == BUTTONS["Mouse Middle"]
        elif not repeated:
            X11Hotkeys.swallowed += event.detail not in self._keymap.modifier_codes
        for grab in list(self._grabs.values()):
            if event.detail not in grab.codes or (grab.hotkey.button is not None) != button:
                continue
            if grab.held:
                doubtful, grab.doubtful = grab.doubtful, None
                if doubtful is None or event.time - doubtful[0] <= 1:
                    return  # auto-repeat
                self._let_go(grab, doubtful[1])
            if not repeated and (grab.hotkey.lone_modifier or self._modifiers_in(event.state) == grab.mask):
                grab.held = event.detail
                self._start_probing()
                self._pressed(grab.id, stamp)
                return

    def _on_release(self, event: Any, button: bool, stamp: float) -> None:
        code = event.detail
        self._last_release = (code, event.time)
        for grab in list(self._grabs.values()):
            if not grab.held or (grab.hotkey.button is not None) != button:
                continue
            if button:
                if code == grab.held:
                    self._let_go(grab, stamp)
            elif code == grab.held or any(code in keys for keys in grab.modifier_keys):
                if not self._held(grab):
                    self._let_go(grab, stamp)
                elif code == grab.held:
                    grab.doubtful = (event.time, stamp)

    def _let_go(self, grab: _Grab, stamp: float | None = None) -> None:
        grab.held, grab.doubtful = 0, None
        self._released(grab.id, time.monotonic() if stamp is None else stamp)

    def _modifiers_in(self, state: int) -> int:
        known = 0
        for name in MODIFIERS:
            known |= self._keymap.modifier_mask(name)
        return state & known

    def _held(self, grab: _Grab) -> bool:
        """Whether the key, and each modifier that belongs to it, is down."""
        if grab.hotkey.button is not None:
            # Core X reports buttons 1 to 5 only; for the others our grab is certain to get the release.
            return grab.held > 5 or bool(self.root.query_pointer().mask & (1 << (7 + grab.held)))
        down = held_keys(self.display)
        return grab.held in down and all(down.intersection(keys) for keys in grab.modifier_keys)

    def _is_down(self, id_: str) -> bool:
        grab = self._grabs.get(id_)
        return grab is not None and grab.held != 0 and self._held(grab)

    # ------------------------------------------------------------------------------------ healing

    def _start_probing(self) -> None:
        if not self._probing:
            self._probing = True
            self.call_later(_PROBE_S, self._probe)

    def _probe(self) -> None:
        self._probing = False
        for grab in list(self._grabs.values()):
            if grab.held and not self._held(grab):
                log.info("the release of %s was lost", grab.hotkey)
                self._let_go(grab)
        if any(grab.held for grab in self._grabs.values()):
            self._start_probing()

    def _grab_again(self) -> None:
        """The layout changed: keys may have moved. Only those that did are grabbed anew."""
        old_locks = self._keymap.lock_masks()
        previous, self._keymap = self._keymap, Keymap(self.display)
        locks_changed = self._keymap.lock_masks() != old_locks
        for id_, grab in list(self._grabs.items()):
            fresh = self._resolved(id_, grab.hotkey)
            if not locks_changed and (fresh.codes, fresh.mask) == (grab.codes, grab.mask):
                grab.modifier_keys = fresh.modifier_keys
                continue
            fresh_keymap, self._keymap = self._keymap, previous
            self._give_up(grab)
            self._keymap = fresh_keymap
            if grab.held:
                self._let_go(grab)
            taken = bool(fresh.codes) and self._take(fresh)
            if not taken:
                fresh.codes = ()  # stays on the list: the next change of the layout may bring it back
            self._grabs[id_] = fresh
            if not taken and grab.codes:
                self._problem(
                    ConfigurationError(
                        f"After the change of the keyboard layout the key {grab.hotkey} can't be used.",
                        remedy=Remedy.CHANGE_HOTKEY,
                    )
                )
