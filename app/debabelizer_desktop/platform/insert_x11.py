"""Insertion on X11, in a thread with its own connection: paste, typing, copy only, and taking back.

Pasting, step by step: the clipboard and the selection are saved (already while the user speaks), both offer the text,
the program's paste keys are pressed, the program asks for the text and takes it, and 150 ms later everything that was
there before is offered again, unless somebody copied something meanwhile. The server tells which program asks, so a
clipboard manager's curiosity is never taken for the target's reading.
"""

from __future__ import annotations

import itertools
import logging
import os
import time
from pathlib import Path
from typing import Any

import msgspec

from debabelizer.dictation.insertion import Insertion, Target
from debabelizer.events import InsertResult
from debabelizer_desktop.platform.insert_rules import DEFAULT_KEYS, Method, Rule, fitted, rule_for
from debabelizer_desktop.platform.x11_keys import Keys
from debabelizer_desktop.platform.x11_selection import TEXT_TARGETS, Content, Offer, Selections
from debabelizer_desktop.platform.x11_thread import XThread
from debabelizer_desktop.platform.x11_windows import Windows

log = logging.getLogger(__name__)

_KEYS_FREE_S = 1.0
_TAKEN_S = 1.5
"""How long the target may take to ask for the text after the paste keys."""
_RESTORE_S = 0.15
_UNTOLD_S = 0.3
_RESTORE_AT_LAST_S = 3.0
_SETTLE_S = 6.0
_IDLE_ROUNDS, _ROUND_S = 5, 0.02
_LAYOUT_FREE_KEYS = "Shift+Insert"
"""Pastes in practically every toolkit, for layouts without a Latin V."""


class _Reads(msgspec.Struct):
    """Who has asked for the text since the keys were pressed."""

    window: int
    counting: bool = False
    asked: bool = False
    taken: bool = False
    unknown: bool = False
    last: float = 0.0
    began: float = 0.0


class Done(msgspec.Struct, frozen=True):
    """What is remembered of an insertion in order to take it back."""

    window: int
    text: str
    rule: Rule
    presses: int


class X11Inserter(XThread):
    """All public verbs may be called from any thread and give futures (through ``submit``)."""

    def __init__(self, display_name: str | None = None) -> None:
        super().__init__("insertion", display_name)
        self.windows = Windows(self)
        self.keys = Keys(self)
        self.selections = Selections(self, self._on_owner_changed)
        self._kept: dict[int, Content] = {}
        """What the selections held before our text, still to be offered again."""
        self._known: dict[int, Content] = {}
        """What other programs offer now, as far as it has been read."""
        self._changes: dict[int, int] = {}
        self._reads: _Reads | None = None
        self._pongs: set[int] = set()
        self._undo: dict[str, Done] = {}
        self._names = itertools.count(1)
        self.start()

    # ------------------------------------------------------------------------------------ events

    def on_event(self, event: Any) -> None:
        from Xlib import X

        self.keys.handle(event)
        self.selections.handle(event)
        if event.type == X.ClientMessage and event.client_type == self.display.get_atom("WM_PROTOCOLS"):
            words = event.data[1]
            if words[0] == self.display.get_atom("_NET_WM_PING"):
                self._pongs.add(words[1])

    def on_closing(self) -> None:
        """What was saved goes back at once; a clipboard manager, where there is one, keeps it alive after us."""
        self._restore(waited=True)
        owned = [selection for selection in self.selections.offers if selection == self.selections.clipboard]
        manager = self.selections.atom("CLIPBOARD_MANAGER")
        if owned and self.selections.owner(manager):
            self.selections.save_to(manager)

    def _on_owner_changed(self, selection: int, owner: int) -> None:
        self._known.pop(selection, None)
        self._changes[selection] = owner

    # ------------------------------------------------------------------------------------ target

    def target(self) -> Target | None:
        """The active window; also begins to save the clipboard, which is due soon."""
        window = self.windows.active()
        if not window:
            return None
        found = self.windows.describe(window)
        self.submit(lambda: self._look_ahead(found.program))
        return found

    def _look_ahead(self, program: str) -> None:
        self._content(self.selections.clipboard)
        if _pastes_selection(rule_for(program, ())):
            self._content(self.selections.primary)

    def _content(self, selection: int) -> Content:
        """What the selection holds now, not counting our own text."""
        offer = self.selections.offers.get(selection)
        if offer is not None:
            return self._kept.get(selection, offer.content)
        if selection not in self._known:
            owner = self.selections.owner(selection)
            self._known[selection] = self.selections.read(selection) if owner else {}
        return self._known[selection]

    # ------------------------------------------------------------------------------------ insert

    def insert(
        self, text: str, target: Target | None, rule: Rule, *, enter_after: bool = False, own_field: bool = True
    ) -> Insertion:
        """Put ``text`` into ``target`` by ``rule``. Runs inside the thread. ``own_field``: whether a window of this
        program itself has a field that takes text; without one, nothing is pressed and the clipboard is left alone."""
        if target is not None and not own_field and self.ours(target.window):
            return Insertion(InsertResult.NOT_WANTED, target, text, detail="The text is in Debabelizer's own window.")
        keys = self._paste_keys(rule)
        if target is None or rule.method is Method.COPY:
            why = "" if target is not None else "No window had the focus when the key was pressed."
            return self._left(text, target, keys, why)
        self.keys.wait_until_free(_KEYS_FREE_S)
        why = self._bring_forward(target)
        if why:
            return self._left(text, target, keys, why)
        prepared = fitted(text, rule)
        if rule.method is Method.TYPE:
            result, why = self._type(prepared, target)
        else:
            result, why = self._paste(prepared, target, rule, keys)
        if result is InsertResult.CLIPBOARD:
            return self._left(text, target, keys, why)
        if enter_after:
            self.keys.press("Return")
        undo = self._remember(prepared, target, rule) if rule.undo and not enter_after else None
        return Insertion(result, target, prepared, undo, None, why)

    def _paste_keys(self, rule: Rule) -> str:
        for keys in (rule.keys, DEFAULT_KEYS, _LAYOUT_FREE_KEYS):
            if self.keys.available(keys):
                return keys
        return rule.keys

    def _bring_forward(self, target: Target) -> str:
        """Why the target can't be written to, empty if it can: it has the focus now."""
        name = target.program or "The program"
        if not self.windows.exists(target.window):
            return f"The window of {name} is gone."
        if self.windows.active() == target.window:
            return ""
        if not self.windows.activate(target.window):
            return f"The window of {name} did not come to the front."
        return ""

    def _left(self, text: str, target: Target | None, keys: str, why: str) -> Insertion:
        """The text stays on the clipboard for the user to paste."""
        self._put_back(self.selections.primary)
        stamp = self.selections.time()
        self.selections.own({self.selections.clipboard: Offer(self.selections.text(text), stamp)})
        self._kept.clear()
        return Insertion(InsertResult.CLIPBOARD, target, text, None, keys, why)

    def _paste(self, text: str, target: Target, rule: Rule, keys: str) -> tuple[InsertResult, str]:
        reads = _Reads(target.window)
        offer = self._offer_everywhere(text, rule, reads)
        if offer is None:
            return InsertResult.CLIPBOARD, "Another program took the clipboard at the same moment."
        reads.counting, reads.began = True, time.monotonic()
        self.keys.press(keys)
        self.pump(lambda: reads.taken or not self._still_ours(offer), _UNTOLD_S if rule.untold else _TAKEN_S)
        reads.last = time.monotonic()
        if reads.taken or reads.asked:
            result, why = InsertResult.INSERTED, ""
        elif reads.unknown or rule.untold:
            result, why = InsertResult.PROBABLY, "It can't be told whether this program took the text."
        else:
            return InsertResult.CLIPBOARD, f"{target.program or 'The program'} did not take the text."
        self.call_later(_RESTORE_S, self._restore)
        return result, why

    def _offer_everywhere(self, text: str, rule: Rule, reads: _Reads) -> Offer | None:
        """Keep what is there and offer the text, in the selection too where the program pastes from that. Only
        there: many programs drop the marking of a text when somebody else takes the selection, and what is marked is
        to be replaced."""
        selections = self.selections
        chosen = {selections.clipboard}
        if _pastes_selection(rule):
            chosen.add(selections.primary)
        for selection in set(self._kept) - chosen:
            self._put_back(selection)
        self._kept = {selection: self._content(selection) for selection in chosen}
        self._reads = reads
        content, stamp = selections.text(text), selections.time()
        offer = Offer(content, stamp, self._on_asked, self._on_delivered)
        if selections.own(dict.fromkeys(chosen, offer)):
            return offer
        self._put_back_all()
        return None

    def _still_ours(self, offer: Offer) -> bool:
        return any(held is offer for held in self.selections.offers.values())

    def _on_asked(self, reader: int, kind: str) -> None:
        self._note_read(reader, kind, taken=False)

    def _on_delivered(self, reader: int, kind: str) -> None:
        self._note_read(reader, kind, taken=True)

    def _note_read(self, reader: int, kind: str, *, taken: bool) -> None:
        reads = self._reads
        if reads is None or not reads.counting or kind not in TEXT_TARGETS:
            return
        same = self.windows.same_program(reader, reads.window)
        if same is not False:  # others, such as clipboard managers that look all the time, hold up nothing
            reads.last = time.monotonic()
        if same is None:
            reads.unknown = True
        elif same and taken:
            reads.taken = True
        elif same:
            reads.asked = True

    # ------------------------------------------------------------------------------------ restoring

    def _restore(self, *, waited: bool = False) -> None:
        """Offer again what was there, when the target is through with reading."""
        reads = self._reads
        now = time.monotonic()
        quiet = reads is None or now - reads.last >= _RESTORE_S * 0.9
        patient = reads is not None and now - reads.began < _RESTORE_AT_LAST_S
        if not waited and patient and (not quiet or self.selections.busy):
            self.call_later(_RESTORE_S / 3, self._restore)
            return
        self._put_back_all()

    def _put_back_all(self) -> None:
        for selection in list(self._kept):
            self._put_back(selection)
        self._reads = None

    def _put_back(self, selection: int) -> None:
        """Only where our text still is: a newer copy by the user wins."""
        content = self._kept.pop(selection, None)
        if content is None or not self.selections.owns(selection):
            return
        if content:
            self.selections.own({selection: Offer(content, self.selections.time())})
        else:
            self.selections.clear(selection)

    # ------------------------------------------------------------------------------------ typing

    def _type(self, text: str, target: Target) -> tuple[InsertResult, str]:
        def still_there() -> bool:
            return self.windows.active() == target.window

        # Return sends a message in most chats; with Shift it is a line break there and everywhere else.
        whole = self.keys.type(text, "Shift+Return", lambda: self._settle(target.window, len(text)), still_there)
        if not whole:
            return InsertResult.CLIPBOARD, "Another window took the focus while the text was being typed."
        return InsertResult.PROBABLY, "Typing leaves no evidence that it arrived."

    def _settle(self, window: int, characters: int) -> None:
        """Until the program has handled the keys pressed so far: it answers a ping after them, or its process has
        gone to sleep again (Qt 6 announces pings and answers none). Where neither can be known, it gets time."""
        self.display.sync()
        process = self.windows.process(window)
        pinged = self.windows.answers_pings(window)
        if not process and not pinged:
            self.pump(lambda: False, 0.25 + characters * 0.003)
            return
        stamp = self.selections.time()
        self._pongs.discard(stamp)
        if pinged:
            self.windows.ping(window, stamp)
        idle, used = 0, -1
        deadline = time.monotonic() + _SETTLE_S
        while idle < _IDLE_ROUNDS and time.monotonic() < deadline:
            if self.pump(lambda: stamp in self._pongs, _ROUND_S):
                break
            before, (used, busy) = used, activity(process)
            idle = idle + 1 if used == before and not busy else 0
        self.windows.stop_pinging()

    # ------------------------------------------------------------------------------------ taking back

    def _remember(self, text: str, target: Target, rule: Rule) -> str:
        self.pump(lambda: True, 0)
        name = str(next(self._names))
        self._undo[name] = Done(target.window, text, rule, self.keys.presses_by_others)
        for old in list(self._undo)[:-20]:
            del self._undo[old]
        return name

    def take_back(self, name: str) -> bool:
        """Remove what that insertion put there, if it is still there; once only."""
        from debabelizer_desktop.platform.undo_x11 import Undo

        done = self._undo.pop(name, None)
        return done is not None and Undo(self, done).run()

    def finish_restoring(self) -> None:
        self._put_back_all()

    def content_of(self, selection: int) -> Content:
        return self._content(selection)

    def forget_change(self, selection: int) -> None:
        self._changes.pop(selection, None)

    def new_owner(self, selection: int) -> int:
        """The program that took the selection over since :meth:`forget_change`, 0 if none did."""
        return self._changes.get(selection, 0)

    def ours(self, window: int) -> bool:
        """Whether a window belongs to this program itself."""
        return self.windows.process(window) == os.getpid()


def _pastes_selection(rule: Rule) -> bool:
    """Whether the program's paste keys may take the selection instead of the clipboard."""
    return "Insert" in rule.keys


def activity(process: int) -> tuple[int, bool]:
    """Nanoseconds the main thread of a process has run, and whether any of its threads runs or waits for a processor
    now (Linux); zero and True where that is not told."""
    folder = Path(f"/proc/{process}")
    try:
        used = int((folder / "schedstat").read_text(encoding="ascii").split()[0])
        states = [
            (task / "stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()[0]
            for task in (folder / "task").iterdir()
        ]
    except (OSError, ValueError, IndexError):
        return 0, True
    return used, any(state in {"R", "D"} for state in states)
