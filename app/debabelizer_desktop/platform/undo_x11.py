"""Taking an insertion back on X11: only what we inserted, only if it is still there.

In an editor it is looked at first: the text before the caret is selected with Shift+Left, copied, compared and only
then deleted. In a terminal nothing can be looked at, so it counts that no key reached any program since.
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from debabelizer_desktop.platform.x11_selection import Offer

if TYPE_CHECKING:
    from debabelizer_desktop.platform.insert_x11 import Done, X11Inserter

_COPY = "Ctrl+Insert"
"""Copies in Qt, GTK, browsers and office programs, in every layout; unlike Ctrl+C it stops no program in a terminal."""
_COPIED_S = 1.0
_ATTEMPTS = 4
_ZERO_WIDTH_JOINER = 0x200D


class Undo:
    """One attempt; runs inside the inserter's thread."""

    def __init__(self, inserter: X11Inserter, done: Done) -> None:
        self._in = inserter
        self._done = done

    def run(self) -> bool:
        """True if the text was there and is gone now."""
        if not self._target_is_active():
            return False
        self._in.keys.wait_until_free(1.0)
        if self._done.rule.terminal:
            return self._backspace()
        return self._select_compare_delete()

    def _target_is_active(self) -> bool:
        """The target has the focus, or we ourselves have it because the user clicked here."""
        windows, window = self._in.windows, self._done.window
        if not windows.exists(window):
            return False
        active = windows.active()
        if active == window:
            return True
        return bool(active) and self._in.ours(active) and windows.activate(window)

    def _backspace(self) -> bool:
        keys = self._in.keys
        self._in.display.sync()
        self._in.pump(lambda: True, 0)
        if not keys.counts or keys.presses_by_others != self._done.presses:
            return False
        keys.press("Backspace", len(self._done.text))
        return True

    def _select_compare_delete(self) -> bool:
        self._in.finish_restoring()
        selections, clipboard = self._in.selections, self._in.selections.clipboard
        before = self._in.content_of(clipboard)
        found = self._select(self._done.text)
        if found:
            self._in.keys.press("Delete")
        else:
            self._in.keys.press("Right")  # back to where the caret was
        if not selections.owns(clipboard):
            if before:
                selections.own({clipboard: Offer(before, selections.time())})
            else:
                selections.clear(clipboard)
        return found

    def _select(self, text: str) -> bool:
        """Select exactly ``text`` before the caret; False if something else stands there."""
        expected = _plain(text)
        steps = cluster_count(expected)
        for _ in range(_ATTEMPTS):
            self._in.keys.press("Shift+Left" if steps > 0 else "Shift+Right", abs(steps))
            selected = self._copied()
            if selected is None:
                return False
            selected = _plain(selected)
            if selected == expected:
                return True
            if expected.endswith(selected) and selected:
                steps = cluster_count(expected[: -len(selected)])
            elif selected.endswith(expected):
                steps = -cluster_count(selected[: -len(expected)])
            else:
                return False
        return False

    def _copied(self) -> str | None:
        """What the target copies when asked to; None if it copies nothing."""
        clipboard = self._in.selections.clipboard
        self._in.forget_change(clipboard)
        self._in.keys.press(_COPY)
        if not self._in.pump(lambda: bool(self._in.new_owner(clipboard)), _COPIED_S):
            return None
        owner = self._in.new_owner(clipboard)
        if self._in.windows.same_program(owner, self._done.window) is False:
            return None
        return self._in.selections.read_text(clipboard)


def _plain(text: str) -> str:
    for other in ("\r\n", "\r", "\u2029", "\u2028"):
        text = text.replace(other, "\n")
    return text.replace("\u00a0", " ")


def cluster_count(text: str) -> int:
    """About how many steps of the caret ``text`` takes: characters as the reader sees them. Close to Unicode's
    rules (UAX 29); where a program counts otherwise, the comparison notices and the selection is mended."""
    count, joined, flags = 0, False, 0
    for character in text:
        code = ord(character)
        extends = unicodedata.category(character) in {"Mn", "Me", "Mc"} or 0x1F3FB <= code <= 0x1F3FF
        if code == _ZERO_WIDTH_JOINER:
            joined = True
            continue
        flags = flags + 1 if 0x1F1E6 <= code <= 0x1F1FF else 0
        if not (extends or joined or (flags and flags % 2 == 0)):
            count += 1
        joined = False
    return count
