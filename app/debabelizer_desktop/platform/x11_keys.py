"""Pressing keys for another program, through XTEST: combinations, and whole texts."""

from __future__ import annotations

import logging
import struct
from collections import Counter
from collections.abc import Callable
from typing import Any

from debabelizer_desktop.platform.hotkey_text import Hotkey, parse
from debabelizer_desktop.platform.hotkeys_x11 import X11Hotkeys
from debabelizer_desktop.platform.x11_keymap import GROUP_SHIFT, LOCK_MASK, Keymap, character_symbol, held_keys, symbol
from debabelizer_desktop.platform.x11_thread import XThread

log = logging.getLogger(__name__)

_KEY_SYMBOLS = {"Return": "Return", "Space": "space", "Backspace": "BackSpace", "Escape": "Escape", "Tab": "Tab"}
_RELEASE_POLL_S = 0.004
_RAW_KEY_PRESS = 13
_RAW_BUTTON_PRESS = 15
_GENERIC_EVENT = 35
_MIDDLE_BUTTON = 2
_STRETCH = 16
"""Characters typed between two looks whether the window is still the right one."""


Places = dict[str, tuple[int, bool]]
"""Character to (key code, with Shift)."""


class Keys:
    """Belongs to an :class:`XThread` and is used inside it only; gets its events through :meth:`handle`."""

    def __init__(self, thread: XThread) -> None:
        self._thread = thread
        self._display = thread.display
        self._keymap: Keymap | None = None
        self._borrowed: set[int] = set()
        self._own_presses = 0
        self._seen_presses = 0
        self.counts = self._count_presses()
        """Whether presses by the user can be told at all."""

    @property
    def keymap(self) -> Keymap:
        if self._keymap is None:
            self._keymap = Keymap(self._display)
        return self._keymap

    @property
    def presses_by_others(self) -> int:
        """Keys that reached programs so far and did not come from us, modifiers left out; also middle clicks, which
        paste."""
        return self._seen_presses - self._own_presses - X11Hotkeys.swallowed

    def handle(self, event: Any) -> None:
        from Xlib import X

        if event.type == X.MappingNotify and event.request != X.MappingPointer:
            self._keymap = None
        elif event.type == _GENERIC_EVENT and isinstance(event.data, bytes):
            _, _, detail = struct.unpack_from("=HII", event.data)
            key = event.evtype == _RAW_KEY_PRESS and detail not in self.keymap.modifier_codes
            paste = event.evtype == _RAW_BUTTON_PRESS and detail == _MIDDLE_BUTTON
            self._seen_presses += key or paste

    # ------------------------------------------------------------------------------------ combinations

    def available(self, combination: str) -> bool:
        """Whether this keyboard, with its layouts of now, has all keys of the combination."""
        return self._codes(parse(combination)) is not None

    def press(self, combination: str, times: int = 1) -> None:
        """Press and release ``Ctrl+V`` and the like."""
        codes = self._codes(parse(combination))
        if codes is None:
            log.warning("the keyboard has no %s", combination)
            return
        *modifiers, key = codes
        for code in modifiers:
            self._fake(code, True)
        for _ in range(times):
            self._fake(key, True)
            self._fake(key, False)
        for code in reversed(modifiers):
            self._fake(code, False)
        self._display.flush()

    def wait_until_free(self, seconds: float) -> None:
        """Until no key is held: a held modifier would change ours, and a held global key would swallow them.
        Modifiers still down after ``seconds`` are released on the user's behalf."""
        rounds = int(seconds / _RELEASE_POLL_S)
        down = held_keys(self._display)
        while down and rounds:
            self._thread.pump(lambda: False, _RELEASE_POLL_S)
            rounds -= 1
            down = held_keys(self._display)
        for code in down & self.keymap.modifier_codes:
            self._fake(code, False)

    def _codes(self, hotkey: Hotkey) -> list[int] | None:
        keymap = self.keymap
        codes = []
        for name in sorted(hotkey.modifiers):
            keys = keymap.modifier_keys(name)
            if not keys:
                return None
            codes.append(keys[0])
        if len(hotkey.key) == 1:
            place = keymap.place(character_symbol(hotkey.key.lower()))
        else:
            place = keymap.place(symbol(_KEY_SYMBOLS.get(hotkey.key, hotkey.key)))
        if place is None or place[0] > 1:
            place = self._in_other_layout(hotkey.key, place)
        return [*codes, place[1]] if place is not None else None

    def _in_other_layout(self, key: str, place: tuple[int, int] | None) -> tuple[int, int] | None:
        """A letter of the second layout does for a shortcut: toolkits look through all layouts for Latin letters."""
        return place if place is not None and len(key) == 1 and place[0] in {2, 3} else None

    def _fake(self, code: int, down: bool) -> None:
        from Xlib import X
        from Xlib.ext import xtest

        if down and code not in self.keymap.modifier_codes:
            self._own_presses += 1
        xtest.fake_input(self._display, X.KeyPress if down else X.KeyRelease, code)

    def _count_presses(self) -> bool:
        from Xlib.ext import xinput

        if not self._display.has_extension("XInputExtension"):
            return False
        self._display.xinput_query_version()
        mask = xinput.RawKeyPressMask | xinput.RawButtonPressMask
        self._thread.root.xinput_select_events([(xinput.AllMasterDevices, mask)])
        return True

    # ------------------------------------------------------------------------------------ texts

    def type(
        self, text: str, newline: str, settle: Callable[[], None], go_on: Callable[[], bool] = lambda: True
    ) -> bool:
        """Type ``text``; ``newline`` is the combination for a line break. ``go_on()`` is asked every few characters;
        returns whether it said so to the end.

        A character the active layout has no key for is put on a key without a symbol, many at once, because each
        change of the mapping makes every program on the desktop read it anew. ``settle()`` must return when the
        program has handled what was pressed so far; only then is the mapping changed again or put back.
        """
        state = self._thread.root.query_pointer().mask
        caps = self.keymap.codes(symbol("Caps_Lock")) if state & LOCK_MASK else []
        for code in caps[:1]:
            self._tap(code)
        keymap = self.keymap
        # Each spare key holds two characters, the second with Shift.
        spare = [(code, shifted) for shifted in (False, True) for code in keymap.spare_codes()]
        direct = _direct_places(text, keymap, state >> GROUP_SHIFT & 3)
        try:
            for batch, borrowed in _batches(text, direct, len(spare)):
                places = dict(zip(borrowed, spare, strict=False))
                self._map(places, len(keymap.rows[0]))
                whole = self._type_batch(batch, keymap.modifier_keys("Shift")[0], direct | places, newline, go_on)
                if places:
                    settle()
                if not whole:
                    return False
            return go_on()
        finally:
            self._map({}, len(keymap.rows[0]))
            for code in caps[:1]:
                self._tap(code)
            self._display.flush()

    def _type_batch(self, text: str, shift: int, places: Places, newline: str, go_on: Callable[[], bool]) -> bool:
        for number, character in enumerate(text):
            if number % _STRETCH == 0 and not go_on():
                return False
            if character == "\n":
                self.press(newline)
                continue
            code, shifted = places[character]
            if shifted:
                self._fake(shift, True)
            self._tap(code)
            if shifted:
                self._fake(shift, False)
        self._display.flush()
        return True

    def _tap(self, code: int) -> None:
        self._fake(code, True)
        self._fake(code, False)

    def _map(self, places: Places, width: int) -> None:
        """Give spare keys these characters; what was borrowed and is not needed any more becomes spare again."""
        rows = {code: [0] * width for code in self._borrowed}
        levels: dict[int, list[int]] = {}
        for character, (code, shifted) in places.items():
            levels.setdefault(code, [0, 0])[shifted] = character_symbol(character)
        for code, (plain, with_shift) in levels.items():
            # The same in both layouts the core protocol knows, so that the active one does not matter.
            pair = [plain, with_shift or plain]
            rows[code] = (pair * 2 + [0] * width)[:width]
        for first, run in _runs(rows):
            self._display.change_keyboard_mapping(first, run)
        self._borrowed = set(levels)
        if rows:
            self._display.sync()


def _direct_places(text: str, keymap: Keymap, group: int) -> Places:
    """Characters of ``text`` that the active layout has on its first two levels."""
    wanted = {character_symbol(character): character for character in set(text) - {"\n", "\t"}}
    if "\t" in text:
        wanted[symbol("Tab")] = "\t"
    places: Places = {}
    if group > 1:
        return places
    for code, row in enumerate(keymap.rows, keymap.first):
        levels = row[2 * group : 2 * group + 2]
        if group and not any(levels):
            levels = row[:2]
        for shifted, keysym in enumerate(levels):
            if keysym in wanted and code not in keymap.modifier_codes:
                places.setdefault(wanted[keysym], (code, bool(shifted)))
    return places


def _batches(text: str, direct: Places, spare: int) -> list[tuple[str, list[str]]]:
    """Cut the text so that each piece needs at most ``spare`` characters the layout lacks; those beside it, the most
    frequent first."""
    batches: list[tuple[str, list[str]]] = []
    piece, borrowed = "", Counter[str]()
    for character in text:
        if character != "\n" and character not in direct:
            if character not in borrowed and len(borrowed) >= max(1, spare):
                batches.append((piece, [name for name, _ in borrowed.most_common()]))
                piece, borrowed = "", Counter()
            borrowed[character] += 1
        piece += character
    return [*batches, (piece, [name for name, _ in borrowed.most_common()])]


def _runs(rows: dict[int, list[int]]) -> list[tuple[int, list[list[int]]]]:
    """Neighbouring key codes together: (first code, rows)."""
    runs: list[tuple[int, list[list[int]]]] = []
    for code in sorted(rows):
        if runs and code == runs[-1][0] + len(runs[-1][1]):
            runs[-1][1].append(rows[code])
        else:
            runs.append((code, [rows[code]]))
    return runs
