"""The X clipboard by hand (ICCCM 2): owning a selection, knowing who reads it, and reading another's in every format.

Done here and not through QClipboard for three reasons: the reader's window is known, so a clipboard manager's read is
not taken for the target's; a clipboard owner that hangs delays nobody's window; and every format is kept as it is,
also those that are no MIME types.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from debabelizer_desktop.platform.x11_thread import XThread

log = logging.getLogger(__name__)

CHUNK = 200_000
"""Bytes sent at once; more goes piece by piece (INCR). The protocol's smallest limit is 262,140."""
MOST_BYTES = 64 << 20
"""What is kept of another program's clipboard at most."""
_READ_S = 2.0
_STALL_S = 0.5
_TRANSFER_S = 5.0
_NOT_CONTENT = ("TARGETS", "MULTIPLE", "TIMESTAMP", "SAVE_TARGETS", "DELETE", "INSERT_PROPERTY", "INSERT_SELECTION")
TEXT_TARGETS = ("UTF8_STRING", "text/plain;charset=utf-8", "text/plain", "STRING", "TEXT", "COMPOUND_TEXT")


class Format(msgspec.Struct, frozen=True):
    """One representation: its type (an atom), bits per item (8, 16, 32) and the items, raw."""

    type: int
    bits: int
    data: Any

    @property
    def size(self) -> int:
        return len(self.data) * self.bits // 8


Content = Mapping[int, Format]
"""Every format a selection is offered in, by target atom."""


class Offer(msgspec.Struct):
    """What we offer in a selection. The callbacks get the reader's window and the target's name."""

    content: Content
    time: int
    asked: Callable[[int, str], None] | None = None
    delivered: Callable[[int, str], None] | None = None


class _Transfer(msgspec.Struct):
    """A format on its way to a reader: ``left`` is what has not been sent, None when nothing more will be."""

    window: int
    offer: Offer
    target: str
    format: Format
    left: Any = None


class _Reading(msgspec.Struct):
    """A format on its way to us."""

    type: int
    """The target asked for, then the type of what came."""
    done: bool = False
    incremental: bool = False
    bits: int = 8
    pieces: list[Any] = msgspec.field(default_factory=list)
    size: int = 0


class Selections:
    """Belongs to an :class:`XThread` and is used inside it only; gets its events through :meth:`handle`."""

    def __init__(self, thread: XThread, changed: Callable[[int, int], None]) -> None:
        """``changed(selection, owner)`` is called when another program takes a selection over or lets it go."""
        from Xlib import X

        self._thread = thread
        self._display = thread.display
        self._changed = changed
        self.window = thread.root.create_window(0, 0, 1, 1, 0, X.CopyFromParent, event_mask=X.PropertyChangeMask)
        self.clipboard = self.atom("CLIPBOARD")
        self.primary = self.atom("PRIMARY")
        self.offers: dict[int, Offer] = {}
        self._transfers: dict[tuple[int, int], _Transfer] = {}
        self._readings: dict[int, _Reading] = {}
        self._stamp = 0
        if self._display.has_extension("XFIXES"):
            self._display.xfixes_query_version()
            for selection in (self.clipboard, self.primary):
                self._display.xfixes_select_selection_input(self.window, selection, 0b111)

    def atom(self, name: str) -> int:
        return int(self._display.get_atom(name))

    def name(self, atom: int) -> str:
        return str(self._display.get_atom_name(atom))

    # ------------------------------------------------------------------------------------ owning

    def time(self) -> int:
        """The server's time now, as owning a selection wants it: the stamp of a change that changes nothing."""
        self._stamp = 0
        self.window.change_property(self.atom("_DEBABELIZER_TIME"), self.atom("INTEGER"), 32, [0])
        self._thread.pump(lambda: self._stamp != 0, 1.0)
        return self._stamp

    def own(self, offers: Mapping[int, Offer]) -> bool:
        """Offer something in these selections; False if another program was quicker."""
        for selection, offer in offers.items():
            self.window.set_selection_owner(selection, offer.time)
            self.offers[selection] = offer
        return all(self.owns(selection) for selection in offers)

    def owns(self, selection: int) -> bool:
        return selection in self.offers and self.owner(selection) == self.window.id

    def owner(self, selection: int) -> int:
        owner = self._display.get_selection_owner(selection)
        return 0 if isinstance(owner, int) else int(owner.id)

    def clear(self, selection: int) -> None:
        """Leave the selection empty."""
        from Xlib.protocol import request

        self.offers.pop(selection, None)
        request.SetSelectionOwner(display=self._display.display, window=0, selection=selection, time=self.time())

    def save_to(self, manager: int) -> None:
        """Ask the clipboard manager to take over what we offer (ICCCM's SAVE_TARGETS); it has 1 s."""
        from Xlib import X

        place = self.atom("_DEBABELIZER_SAVED")
        self._readings = {place: _Reading(type=self.atom("SAVE_TARGETS"))}
        reading = self._readings[place]
        self.window.convert_selection(manager, reading.type, place, X.CurrentTime)
        self._thread.pump(lambda: reading.done, 1.0)
        self._readings = {}

    @property
    def busy(self) -> bool:
        """Whether a reader is in the middle of taking something."""
        return bool(self._transfers)

    def text(self, text: str) -> Content:
        """``text`` in the forms programs ask for, marked as nothing to keep for clipboard managers that heed it."""
        data = text.encode(errors="replace")
        utf8 = self.atom("UTF8_STRING")
        content = {utf8: Format(utf8, 8, data)}
        for name in ("text/plain;charset=utf-8", "text/plain"):
            content[self.atom(name)] = Format(self.atom(name), 8, data)
        content[self.atom("TEXT")] = Format(utf8, 8, data)
        try:
            string = self.atom("STRING")
            content[string] = Format(string, 8, text.encode("latin-1"))
        except UnicodeEncodeError:
            log.debug("the text has no Latin-1 form")
        hint = self.atom("x-kde-passwordManagerHint")
        content[hint] = Format(hint, 8, b"secret")
        return content

    # ------------------------------------------------------------------------------------ events

    def handle(self, event: Any) -> None:
        from Xlib import X
        from Xlib.ext import xfixes

        if event.type == X.SelectionRequest:
            self._on_request(event)
        elif event.type == X.SelectionClear:
            self.offers.pop(event.atom, None)
        elif event.type == X.SelectionNotify:
            self._on_answer(event)
        elif event.type == X.PropertyNotify:
            self._on_property(event)
        elif isinstance(event, xfixes.SelectionNotify):
            owner = event.owner if isinstance(event.owner, int) else event.owner.id
            if owner != self.window.id:
                self._changed(event.selection, owner)

    def _on_property(self, event: Any) -> None:
        from Xlib import X

        if event.window == self.window:
            if event.atom == self.atom("_DEBABELIZER_TIME"):
                self._stamp = event.time
            elif event.state == X.PropertyNewValue:
                reading = self._readings.get(event.atom)
                if reading is not None and reading.incremental and not reading.done:
                    self._take_piece(event.atom, reading)
        elif event.state == X.PropertyDelete:
            transfer = self._transfers.get((event.window.id, event.atom))
            if transfer is not None:
                self._continue(event.atom, transfer)

    # ------------------------------------------------------------------------------------ serving readers

    def _on_request(self, event: Any) -> None:
        from Xlib import X

        offer = self.offers.get(event.selection)
        where = event.property or event.target
        if offer is None or not self._answer(event.requestor, where, event.target, offer):
            where = X.NONE
        self._notify(event, where)

    def _notify(self, request: Any, where: int) -> None:
        from Xlib.protocol import event

        reply = event.SelectionNotify(
            time=request.time,
            requestor=request.requestor,
            selection=request.selection,
            target=request.target,
            property=where,
        )
        request.requestor.send_event(reply)
        self._display.flush()

    def _answer(self, requestor: Any, where: int, target: int, offer: Offer) -> bool:
        atom = self.atom("ATOM")
        if target == self.atom("TARGETS"):
            special = [self.atom(name) for name in ("TARGETS", "MULTIPLE", "TIMESTAMP")]
            requestor.change_property(where, atom, 32, [*special, *offer.content])
        elif target == self.atom("TIMESTAMP"):
            requestor.change_property(where, self.atom("INTEGER"), 32, [offer.time])
        elif target == self.atom("MULTIPLE"):
            return self._answer_several(requestor, where, offer)
        elif target in offer.content:
            self._give(requestor, where, target, offer)
        else:
            return False
        return True

    def _answer_several(self, requestor: Any, where: int, offer: Offer) -> bool:
        from Xlib import X, error

        try:
            found = requestor.get_full_property(where, X.AnyPropertyType)
        except error.XError:
            return False
        if found is None:
            return False
        pairs = list(found.value)
        multiple = self.atom("MULTIPLE")
        for index in range(0, len(pairs) - 1, 2):
            target, place = pairs[index], pairs[index + 1]
            if target == multiple or not self._answer(requestor, place, target, offer):
                pairs[index + 1] = X.NONE
        requestor.change_property(where, self.atom("ATOM_PAIR"), 32, pairs)
        return True

    def _give(self, requestor: Any, where: int, target: int, offer: Offer) -> None:
        from Xlib import X

        form, name = offer.content[target], self.name(target)
        if offer.asked is not None:
            offer.asked(requestor.id, name)
        transfer = _Transfer(requestor.id, offer, name, form)
        self._transfers[requestor.id, where] = transfer
        self._thread.call_later(_TRANSFER_S, lambda: self._forget(requestor.id, where, transfer))
        requestor.change_attributes(event_mask=X.PropertyChangeMask)
        if form.size > CHUNK:
            transfer.left = form.data
            requestor.change_property(where, self.atom("INCR"), 32, [form.size])
        else:
            requestor.change_property(where, form.type, form.bits, form.data)

    def _continue(self, where: int, transfer: _Transfer) -> None:
        """The reader has taken (and deleted) a piece."""
        window = self._display.create_resource_object("window", transfer.window)
        if transfer.left is not None:
            items = CHUNK * 8 // transfer.format.bits
            piece, rest = transfer.left[:items], transfer.left[items:]
            window.change_property(where, transfer.format.type, transfer.format.bits, piece)
            transfer.left = rest if len(piece) else None  # an empty piece ends it
            self._display.flush()
            return
        del self._transfers[transfer.window, where]
        if all(other != transfer.window for other, _ in self._transfers):
            window.change_attributes(event_mask=0)
        if transfer.offer.delivered is not None:
            transfer.offer.delivered(transfer.window, transfer.target)

    def _forget(self, window: int, where: int, transfer: _Transfer) -> None:
        if self._transfers.get((window, where)) is transfer and transfer.left is None:
            del self._transfers[window, where]

    # ------------------------------------------------------------------------------------ reading another's

    def read(self, selection: int) -> Content:
        """All that another program offers, as far as it hands it over within 2 s."""
        targets = self._read_formats(selection, [self.atom("TARGETS")])
        if not targets:
            return self._read_formats(selection, [self.atom("UTF8_STRING"), self.atom("STRING")])
        listed = list(next(iter(targets.values())).data)
        skipped = {self.atom(name) for name in _NOT_CONTENT}
        return self._read_formats(selection, [atom for atom in dict.fromkeys(listed) if atom and atom not in skipped])

    def read_text(self, selection: int) -> str | None:
        """The text another program offers, None if there is none."""
        utf8 = self.atom("UTF8_STRING")
        found = self._read_formats(selection, [utf8]).get(utf8)
        return None if found is None else bytes(found.data).decode(errors="replace")

    def _read_formats(self, selection: int, targets: list[int]) -> dict[int, Format]:
        from Xlib import X

        places = {self.atom(f"_DEBABELIZER_{number}"): target for number, target in enumerate(targets)}
        readings = {place: _Reading(type=target) for place, target in places.items()}
        self._readings = readings
        for place, target in places.items():
            self.window.convert_selection(selection, target, place, X.CurrentTime)
        self._await(readings)
        self._readings = {}
        content = {}
        for place, reading in readings.items():
            if reading.done and reading.pieces:
                content[places[place]] = Format(reading.type, reading.bits, _joined(reading.pieces))
        return content

    def _await(self, readings: dict[int, _Reading]) -> None:
        """Until all are there, nothing has come for a while, or it has taken too long altogether."""

        def progress() -> int:
            return sum(reading.size + reading.done for reading in readings.values())

        def finished() -> bool:
            return all(reading.done for reading in readings.values())

        for _ in range(int(_READ_S / _STALL_S)):
            before = progress()
            if self._thread.pump(finished, _STALL_S) or progress() == before or progress() > MOST_BYTES:
                break
        if not finished():
            log.info("a clipboard owner did not hand over everything in time")

    def _on_answer(self, event: Any) -> None:
        from Xlib import X

        if event.property == X.NONE:
            # Which request was refused is told by the target alone; without a place it must be searched.
            self._refused(event.target)
            return
        reading = self._readings.get(event.property)
        if reading is not None and not reading.done:
            self._take_piece(event.property, reading)

    def _refused(self, target: int) -> None:
        for reading in self._readings.values():
            if not reading.done and not reading.pieces and reading.type == target:
                reading.done = True

    def _take_piece(self, place: int, reading: _Reading) -> None:
        from Xlib import X

        found = self.window.get_property(place, X.AnyPropertyType, 0, MOST_BYTES // 4, True)
        if found is None:
            reading.done = not reading.incremental
            return
        if not reading.incremental and found.property_type == self.atom("INCR"):
            reading.incremental = True
            self._display.flush()
            return
        reading.type, reading.bits = found.property_type, found.format
        if len(found.value) or not reading.incremental:
            reading.pieces.append(found.value)
            reading.size += len(found.value) * found.format // 8
            reading.done = not reading.incremental
        else:
            reading.done = True


def _joined(pieces: list[Any]) -> Any:
    if len(pieces) == 1:
        return pieces[0]
    if isinstance(pieces[0], bytes):
        return b"".join(pieces)
    whole = pieces[0][:]
    for piece in pieces[1:]:
        whole.extend(piece)
    return whole
