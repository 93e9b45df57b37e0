"""The segment map: applies changes, keeps order, tells which characters changed and why. Pure and synchronous."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from debabelizer.events import Append, Change, Freeze, Replace, Retract, SegmentId, Tail
from debabelizer.transcript.joining import separator
from debabelizer.transcript.order import Order, Span
from debabelizer.transcript.segment import Delta, DeltaKind, Segment, SegmentRecord, Snapshot
from debabelizer.transcript.sequence import Node

Listener = Callable[[Delta], None]


class SegmentMap:
    """All segments of a transcript, in order.

    A change costs O(log n) for n segments; only a segment that turns out to belong elsewhere costs more (what is
    linked behind it moves along). No order of changes is an error: a partial for a committed segment is late and
    ignored, a retracted segment never comes back, a doubled change changes nothing (``Append`` excepted: it has no
    identity of its own).

    Order: a segment stands behind the predecessor it names, as soon as that is known; two that name the same one
    stand in the order of their ids. The others are ordered by start time, then by id. One without a start time
    is placed as if it started with the latest known at that moment.
    """

    def __init__(self) -> None:
        self._order = Order()
        self._nodes: dict[SegmentId, Node] = {}
        self._gone: set[SegmentId] = set()
        self._listeners: list[Listener] = []

    # -------------------------------------------------------------------------------------------- reading

    @property
    def text(self) -> str:
        return "".join(node.rendered for node in self._order)

    def __len__(self) -> int:
        """Number of segments that were not retracted, empty ones included."""
        return len(self._nodes) - self._order.retracted

    def __contains__(self, segment: SegmentId) -> bool:
        node = self._nodes.get(segment)
        return node is not None and not node.retracted

    @property
    def characters(self) -> int:
        """Length of ``text``."""
        return self._order.total

    def segment(self, segment: SegmentId) -> Segment:
        """Raises KeyError for one that is unknown or retracted."""
        node = self._nodes[segment]
        if node.retracted:
            raise KeyError(segment)
        return _view(node)

    def segments(self) -> Iterator[Segment]:
        """In order; the map must not be changed meanwhile."""
        return (_view(node) for node in self._order if not node.retracted)

    def char_range(self, segment: SegmentId) -> tuple[int, int]:
        """Where the segment's own text stands in ``text``: (start, end), the space before it not included.

        Raises KeyError for one that is unknown or retracted."""
        node = self._nodes[segment]
        if node.retracted:
            raise KeyError(segment)
        start = self._order.offset(node) + len(node.gap)
        return start, start + len(node.text)

    def at(self, offset: int) -> Segment | None:
        """The segment whose text, or the space before it, holds the character at ``offset``."""
        if not 0 <= offset < self._order.total:
            return None
        return _view(self._order.at(offset))

    def slice(self, start: int, end: int) -> str:
        """``text[start:end]`` (neither may be negative) without building the whole text."""
        return self._order.slice(start, min(end, self._order.total))

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """``listener`` gets every delta, in order; the answer takes it off again."""
        self._listeners.append(listener)

        def unsubscribe() -> None:
            if listener in self._listeners:
                self._listeners.remove(listener)

        return unsubscribe

    # ------------------------------------------------------------------------------------------- changing

    def apply(self, change: Change) -> Delta | None:
        """Make the change; the delta says what it did to the text, None: nothing changed."""
        delta = self._apply(change)
        if delta is not None:
            self._tell(delta)
        return delta

    def clear(self) -> Delta | None:
        """Forget everything. Later changes to the forgotten segments are ignored."""
        if not self._nodes:
            return None
        delta = Delta(DeltaKind.CLEARED, None, 0, self._order.total, "", self.text)
        self._gone.update(self._nodes)
        self._nodes.clear()
        self._order = Order()
        self._tell(delta)
        return delta

    def _apply(self, change: Change) -> Delta | None:
        node = self._nodes.get(change.segment)
        if isinstance(change, Retract):
            return self._retract(change.segment, node)
        if node is None:
            return None if change.segment in self._gone else self._new(change)
        if node.retracted:
            return None
        if isinstance(change, Freeze):
            return self._freeze(node, change)
        return None if node.committed else self._revise(node, change)

    def _new(self, change: Replace[SegmentId] | Append[SegmentId] | Tail[SegmentId] | Freeze[SegmentId]) -> Delta:
        total = self._order.total
        node = Node(change.segment, change.joining)
        parent = self._known(change.after)
        self._nodes[change.segment] = node
        span = self._order.add(node, change.start, parent, change.after)
        if isinstance(change, Freeze):
            _describe(node, change)
            kind = DeltaKind.COMMITTED
        else:
            kind = DeltaKind.NEW
        text, frozen = _text(node, change)
        return self._delta(kind, node, text, frozen, span, total)

    def _revise(self, node: Node, change: Replace[SegmentId] | Append[SegmentId] | Tail[SegmentId]) -> Delta | None:
        total = self._order.total
        span = self._order.update(node, change.start, self._known(change.after), change.after)
        text, frozen = _text(node, change)
        if span is None and text == node.text and frozen == node.frozen and change.joining is node.joining:
            return None
        node.joining = change.joining
        return self._delta(DeltaKind.REVISED, node, text, frozen, span, total)

    def _freeze(self, node: Node, change: Freeze[SegmentId]) -> Delta | None:
        total = self._order.total
        span = self._order.update(node, change.start, self._known(change.after), change.after)
        previous = node.text
        corrected = node.committed and change.text != previous
        unchanged = node.committed and not corrected and change.joining is node.joining
        _describe(node, change)
        if unchanged and span is None:
            return None
        if not corrected:
            kind = DeltaKind.REVISED if unchanged else DeltaKind.COMMITTED
            return self._delta(kind, node, change.text, len(change.text), span, total)
        node.previous_text = previous
        return self._delta(DeltaKind.CORRECTED, node, change.text, len(change.text), span, total, previous)

    def _retract(self, segment: SegmentId, node: Node | None) -> Delta | None:
        if node is None:
            self._gone.add(segment)
            return None
        if node.retracted:
            return None
        total = self._order.total
        previous = node.text
        node.retracted = True
        node.words = ()
        self._order.retracted += 1
        return self._delta(DeltaKind.RETRACTED, node, "", 0, None, total, previous)

    def _delta(
        self,
        kind: DeltaKind,
        node: Node,
        text: str,
        frozen: int,
        span: Span | None,
        total: int,
        previous: str | None = None,
    ) -> Delta:
        """Give ``node`` its text; ``span`` is what moving it about has touched, ``total`` the length before that."""
        node.frozen = frozen
        start, removed, inserted = self._order.write(node, text)
        if span is not None:
            span.touch(start, self._order.total - start - len(inserted))
            start, removed = span.start, total - span.start - span.tail
            inserted = self._order.slice(start, self._order.total - span.tail)
        return Delta(kind, node.id, start, removed, inserted, previous)

    def _known(self, after: SegmentId | None) -> Node | None:
        return None if after is None else self._nodes.get(after)

    def _tell(self, delta: Delta) -> None:
        for listener in tuple(self._listeners):
            listener(delta)

    # ------------------------------------------------------------------------------------------ snapshots

    def snapshot(self) -> Snapshot:
        """Everything, as plain data. O(n)."""
        return Snapshot(tuple(_record(node) for node in self._order), tuple(sorted(self._gone)))

    @classmethod
    def restore(cls, snapshot: Snapshot) -> SegmentMap:
        """A map that goes on exactly where the one of the snapshot was; listeners start anew."""
        new = cls()
        new._gone.update(snapshot.gone)
        last = ""
        for record in snapshot.segments:
            node = Node(record.id, record.joining)
            node.text = record.frozen + record.volatile
            node.frozen = len(record.frozen)
            node.gap = separator(last, node.text[:1], record.joining)
            last = node.text[-1:] or last
            node.committed, node.retracted = record.committed, record.retracted
            node.words, node.language = record.words, record.language
            node.start, node.end = record.start, record.end
            node.previous_text, node.after = record.previous_text, record.after
            new._nodes[record.id] = node
            new._order.restore(node, new._known(record.after) if record.linked else None, record.key)
        return new


def _text(
    node: Node, change: Replace[SegmentId] | Append[SegmentId] | Tail[SegmentId] | Freeze[SegmentId]
) -> tuple[str, int]:
    """The text the change gives the segment, and how much of it is settled."""
    if isinstance(change, Replace):
        return change.text, 0
    if isinstance(change, Append):
        return node.text + change.text, node.frozen
    if isinstance(change, Tail):
        return change.frozen + change.volatile, len(change.frozen)
    return change.text, len(change.text)


def _describe(node: Node, change: Freeze[SegmentId]) -> None:
    """Take over what a commit says beside the text. What a later twin leaves out stays as it was, except the words
    of a text that is no longer there."""
    if change.words or change.text != node.text:
        node.words = change.words
    node.language = change.language or node.language
    node.end = node.end if change.end is None else change.end
    node.joining = change.joining
    node.committed = True


def _view(node: Node) -> Segment:
    return Segment(
        id=node.id,
        frozen=node.text[: node.frozen],
        volatile=node.text[node.frozen :],
        committed=node.committed,
        joining=node.joining,
        words=node.words,
        language=node.language,
        start=node.start,
        end=node.end,
        previous_text=node.previous_text,
    )


def _record(node: Node) -> SegmentRecord:
    return SegmentRecord(
        id=node.id,
        frozen=node.text[: node.frozen],
        volatile=node.text[node.frozen :],
        committed=node.committed,
        retracted=node.retracted,
        joining=node.joining,
        words=node.words,
        language=node.language,
        start=node.start,
        end=node.end,
        previous_text=node.previous_text,
        after=node.after,
        linked=node.parent is not None,
        key=node.root.key[0],
    )
