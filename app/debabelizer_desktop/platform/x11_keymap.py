"""The keyboard of an X server: which key gives which symbol, which key is which modifier, what is held down."""

from __future__ import annotations

from typing import Any

_US_POSITIONS = {
    **dict(zip("1234567890-=", range(10, 22), strict=True)),
    **dict(zip("qwertyuiop[]", range(24, 36), strict=True)),
    **dict(zip("asdfghjkl;'`", range(38, 50), strict=True)),
    **dict(zip("\\zxcvbnm,./", range(51, 62), strict=True)),
}
"""Key codes of the US layout's characters: evdev numbers, the same on every Linux X server."""

_SYMBOLS = {
    "Ctrl": ("Control_L", "Control_R"),
    "Alt": ("Alt_L", "Alt_R", "Meta_L", "Meta_R"),
    "Shift": ("Shift_L", "Shift_R"),
    "Meta": ("Super_L", "Super_R"),
}
LOCK_MASK = 1 << 1
GROUP_SHIFT = 13
"""XKB puts the active layout's number into these bits of an event's state."""


def symbol(name: str) -> int:
    """The key symbol of an X name, 0 where Xlib knows none."""
    from Xlib import XK

    for group in ("xf86", "xkb"):
        if name.startswith(("XF86", "ISO_")):
            XK.load_keysym_group(group)
    return int(XK.string_to_keysym(name))


def character_symbol(character: str) -> int:
    """The key symbol of one character: Latin-1 stands for itself, the rest has the Unicode bit."""
    code = ord(character)
    if 0x20 <= code <= 0x7E or 0xA0 <= code <= 0xFF:
        return code
    return 0x01000000 | code


class Keymap:
    """A snapshot of the server's mapping; make a new one after a MappingNotify."""

    def __init__(self, display: Any) -> None:
        info = display.display.info
        self.first: int = info.min_keycode
        self.rows: list[list[int]] = [
            list(row) for row in display.get_keyboard_mapping(self.first, info.max_keycode - self.first + 1)
        ]
        self._codes: dict[int, list[tuple[int, int]]] = {}
        for code, row in enumerate(self.rows, self.first):
            for column, keysym in enumerate(row):
                if keysym:
                    self._codes.setdefault(keysym, []).append((column, code))
        for places in self._codes.values():
            places.sort()
        self.modifiers: list[tuple[int, ...]] = [
            tuple(code for code in codes if code) for codes in display.get_modifier_mapping()
        ]
        self.modifier_codes = frozenset(code for codes in self.modifiers for code in codes)

    def codes(self, keysym: int) -> list[int]:
        """Every key that gives the symbol, in whichever layout and level."""
        return list(dict.fromkeys(code for _, code in self._codes.get(keysym, ())))

    def place(self, keysym: int) -> tuple[int, int] | None:
        """(column, key code) of the best key for the symbol, None if no key has it. Columns 0 and 1 are the first
        layout without and with Shift, 2 and 3 the second layout."""
        places = self._codes.get(keysym)
        return places[0] if places else None

    def key_codes(self, character: str) -> list[int]:
        """Keys of a character by the layouts in use, else by its place on a US keyboard: a hotkey with a Latin
        letter stays where it was when the layout has no Latin letters."""
        for form in (character.lower(), character.upper()):
            codes = self.codes(character_symbol(form))
            if codes:
                return codes
        code = _US_POSITIONS.get(character.lower())
        return [code] if code is not None else []

    def modifier_keys(self, name: str) -> list[int]:
        """Key codes of ``Ctrl``, ``Alt``, ``Shift`` or ``Meta``, left and right."""
        return [code for text in _SYMBOLS[name] for code in self.codes(symbol(text)) if code in self.modifier_codes]

    def modifier_mask(self, name: str) -> int:
        """The state bits that modifier sets, 0 if the keyboard has none."""
        keys = set(self.modifier_keys(name))
        return next((1 << index for index, codes in enumerate(self.modifiers) if keys.intersection(codes)), 0)

    def lock_masks(self) -> list[int]:
        """Every combination of the locks (Caps, Num, Scroll) that must not hinder a hotkey."""
        locks = {LOCK_MASK}
        for text in ("Num_Lock", "Scroll_Lock"):
            keys = set(self.codes(symbol(text)))
            locks.update(1 << index for index, codes in enumerate(self.modifiers) if keys.intersection(codes))
        masks = [0]
        for lock in sorted(locks):
            masks += [mask | lock for mask in masks]
        return masks

    def spare_codes(self) -> list[int]:
        """Keys without any symbol, highest first: free for symbols no other key has."""
        spare = [code for code, row in enumerate(self.rows, self.first) if not any(row)]
        return sorted((code for code in spare if code not in self.modifier_codes), reverse=True)


def held_keys(display: Any) -> set[int]:
    """Key codes that are down at this moment, by the server's own account."""
    bits = enumerate(display.query_keymap())
    return {byte * 8 + bit for byte, value in bits if value for bit in range(8) if value >> bit & 1}
