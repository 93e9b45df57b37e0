"""The items of one connection in the order of their audio, and whose commits they answer.

Items complete in any order. They are frozen in the order of their audio all the same: audio that is covered by a final
is never sent again, so a final that comes early is shown as open text until those before it are there. Positions are
samples of this connection's audio.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from debabelizer.contract import CommitAnswer, CommitOutcome, Covered, StreamSignal
from debabelizer.events import Append, Freeze, Replace

_REMEMBERED = 256
"""Settled items of which an echo may still come."""


class Item(msgspec.Struct, kw_only=True):
    """A piece of the audio. Without a ``key`` it stands for a commit that brought forth none."""

    key: str | None
    start: int
    end: int | None = None
    shown: str = ""
    text: str | None = None
    """Authoritative, once it is complete."""
    language: str | None = None
    committed: bool = False
    paused_at: int | None = None
    """Where the server heard the speech end: then it commits the item by itself."""
    asked: bool = False
    """Answers a commit of ours."""
    throttled: bool = False


class _Mark(NamedTuple):
    """An unanswered commit of ours."""

    event_id: str
    position: int


class Items:
    """Every method that takes an event's content gives the signals it amounts to, in order."""

    def __init__(self, rate: int, *, vad: bool) -> None:
        self._rate = rate
        self._vad = vad
        self.sent = 0
        """Samples given to the connection so far."""
        self._open: list[Item] = []
        """Committed ones first, in order, then those that have only text yet."""
        self._by_key: dict[str, Item] = {}
        self._settled: deque[str] = deque(maxlen=_REMEMBERED)
        self._marks: deque[_Mark] = deque()
        self._commits = 0
        self._base = 0
        """Where the audio begins that no committed item holds."""
        self._covered = 0

    # ------------------------------------------------------------------------------------------------ going out

    def gave(self, samples: int) -> None:
        """This much audio goes out."""
        self.sent += samples

    def asked(self) -> str:
        """A commit of ours goes out here; its event id."""
        self._commits += 1
        event_id = f"commit-{self._commits}"
        self._marks.append(_Mark(event_id, self.sent))
        return event_id

    # ---------------------------------------------------------------------------------------------------- text

    def grown(self, key: str, text: str) -> Sequence[StreamSignal]:
        """The text goes on, verbatim."""
        item = self._item(key)
        if item is None or item.text is not None:
            return ()
        if not item.shown:
            text = text.lstrip()
        if not text:
            return ()
        item.shown += text
        return (Append(segment=key, text=text, start=self._seconds(item.start)),)

    def replaced(self, key: str, text: str) -> Sequence[StreamSignal]:
        """The whole text so far."""
        item = self._item(key)
        text = text.strip()
        if item is None or item.text is not None or text == item.shown:
            return ()
        item.shown = text
        return (Replace(segment=key, text=text, start=self._seconds(item.start)),)

    def completed(self, key: str, text: str, language: str | None, *, part: bool) -> Sequence[StreamSignal]:
        """The authoritative text. ``part``: of a further content of an item, which has no commit of its own."""
        item = self._item(key)
        if item is None or item.text is not None:
            return ()
        if not item.committed:  # some servers leave out the event that says so
            self._place(item, None, asked=False) if part else self._commit(item)
        signals = () if item is self._open[0] else self.replaced(key, text)
        item.text = text.strip()
        item.language = language
        return (*signals, *self._settle())

    # ------------------------------------------------------------------------------------------------- commits

    def started(self, key: str, at_s: float | None) -> None:
        """The server heard speech begin."""
        item = self._item(key)
        if item is not None and not item.committed and at_s is not None:
            item.start = min(max(self._base, self._samples(at_s)), self.sent)

    def stopped(self, key: str, at_s: float | None) -> None:
        """The server heard speech end, and commits the item."""
        item = self._item(key)
        if self._vad and item is not None and not item.committed:
            item.paused_at = self.sent if at_s is None else min(max(item.start, self._samples(at_s)), self.sent)

    def committed(self, key: str) -> Sequence[StreamSignal]:
        """An item has got its audio. These events come in the order of the audio; the links to the item before, too,
        at OpenAI, while Speaches fills in others."""
        item = self._item(key)
        if item is None or item.committed:
            return ()
        self._commit(item)
        return self._settle()

    def refused(self, event_id: str | None) -> Sequence[StreamSignal]:
        """A commit had too little audio. Where the server commits by itself, that is as good as an empty answer."""
        mark = next((mark for mark in self._marks if mark.event_id == event_id), None)
        if mark is None and (event_id is not None or not self._marks):
            return ()
        mark = mark or self._marks[0]
        self._marks.remove(mark)
        nothing = Item(key=None, start=self._base, text="", asked=True, throttled=not self._vad)
        self._place(nothing, mark.position if self._vad else None, asked=True)
        return self._settle()

    def names(self, event_id: str | None) -> bool:
        """Whether this is an unanswered commit of ours."""
        return any(mark.event_id == event_id for mark in self._marks)

    def _commit(self, item: Item) -> None:
        if item.paused_at is not None:
            self._place(item, item.paused_at, asked=False)
        elif self._marks:
            self._place(item, self._marks.popleft().position, asked=True)
        else:
            self._place(item, None, asked=False)

    def _place(self, item: Item, end: int | None, *, asked: bool) -> None:
        """Behind all that are committed already."""
        item.committed, item.asked = True, asked
        item.start = max(item.start if self._vad else self._base, self._base)
        if end is not None:
            item.end = self._base = max(self._base, end)
        if item.key is not None:
            self._open.remove(item)
        place = next((number for number, other in enumerate(self._open) if not other.committed), len(self._open))
        self._open.insert(place, item)

    def _settle(self) -> Sequence[StreamSignal]:
        signals: list[StreamSignal] = []
        while self._open and self._open[0].committed and self._open[0].text is not None:
            item = self._open.pop(0)
            signals += self._final(item)
        return signals

    def _final(self, item: Item) -> Sequence[StreamSignal]:
        signals: list[StreamSignal] = []
        text = item.text or ""
        if item.key is not None:
            self._settled.append(item.key)
            del self._by_key[item.key]
            end = None if item.end is None else self._seconds(item.end)
            start = self._seconds(item.start)
            signals.append(Freeze(segment=item.key, text=text, language=item.language, start=start, end=end))
        if item.end is not None and item.end > self._covered:
            self._covered = item.end
            signals.append(Covered(item.end))
        if item.throttled:
            signals.append(CommitAnswer(CommitOutcome.THROTTLED))
        elif item.asked:
            signals.append(CommitAnswer(CommitOutcome.FINAL if text else CommitOutcome.EMPTY))
        return signals

    def _item(self, key: str) -> Item | None:
        """None: it is settled, and nothing changes any more."""
        item = self._by_key.get(key)
        if item is None and key not in self._settled:
            item = self._by_key[key] = Item(key=key, start=self._base)
            self._open.append(item)
        return item

    def _samples(self, seconds: float) -> int:
        return round(min(max(seconds, 0.0), 1e6) * self._rate)

    def _seconds(self, samples: int) -> float:
        return samples / self._rate
