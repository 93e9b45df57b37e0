"""Where a segment stands, and what stands between it and its neighbours."""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterator

from debabelizer.events import SegmentId
from debabelizer.transcript.joining import separator
from debabelizer.transcript.sequence import Key, Node, Root, Sequence


class Span:
    """The part of a text that a series of edits has touched: from character ``start`` on, all but the last ``tail``
    characters. Both stay true while the text grows and shrinks inside."""

    __slots__ = ("start", "tail")

    def __init__(self, start: int, tail: int) -> None:
        self.start = start
        self.tail = tail

    def touch(self, start: int, tail: int) -> None:
        self.start = min(self.start, start)
        self.tail = min(self.tail, tail)


class Order:
    """The nodes in order, linked into trees by predecessor; trees are ordered by start time, then id."""

    def __init__(self) -> None:
        self._sequence = Sequence()
        self._orphans: dict[SegmentId, list[Node]] = {}  # by the predecessor they wait for
        self.retracted = 0

    def __iter__(self) -> Iterator[Node]:
        return iter(self._sequence)

    @property
    def total(self) -> int:
        return self._sequence.total

    def offset(self, node: Node) -> int:
        return self._sequence.offset(node)

    def at(self, offset: int) -> Node:
        return self._sequence.at(offset)

    def slice(self, start: int, end: int) -> str:
        return self._sequence.slice(start, end)

    # -------------------------------------------------------------------------------------------- placing

    def add(self, node: Node, start: float | None, parent: Node | None, after: SegmentId | None) -> Span | None:
        """Give a new node, still without text, its place; those that waited for it move behind it."""
        node.start, node.after = start, after
        if parent is not None:
            self._attach(node, parent)
            self._sequence.insert(node, self._place_behind(parent, node))
        else:
            if after is not None:
                self._orphans.setdefault(after, []).append(node)
            node.root = Root(self._key(node))
            self._sequence.insert(node, self._sequence.place(node.root.key))
        span: Span | None = None
        for orphan in self._orphans.pop(node.id, ()):
            span = self._link(orphan, node, span)
        return span

    def update(self, node: Node, start: float | None, parent: Node | None, after: SegmentId | None) -> Span | None:
        """Take over what a later change says about the place of ``node``; None: it stays where it is."""
        if start is not None and start != node.start:
            node.start = start
            moved = self._reorder(node) if node.parent is None else None
        else:
            moved = None
        if after is None or node.after is not None:
            return moved
        node.after = after
        if parent is None:
            self._orphans.setdefault(after, []).append(node)
            return moved
        return self._link(node, parent, moved)

    def restore(self, node: Node, parent: Node | None, key: float) -> None:
        """Put a node of a snapshot behind all that are there already."""
        last = self._sequence.last
        if parent is not None:
            self._attach(node, parent)
        else:
            node.root = Root((key, node.id.epoch, node.id.ordinal))
            if node.after is not None:
                self._orphans.setdefault(node.after, []).append(node)
        self._sequence.insert(node, last)
        self.retracted += node.retracted

    def _key(self, node: Node) -> Key:
        if node.start is not None:
            return (node.start, node.id.epoch, node.id.ordinal)
        last = self._sequence.last
        return (last.root.key[0] if last is not None else 0.0, node.id.epoch, node.id.ordinal)

    def _attach(self, node: Node, parent: Node) -> None:
        node.parent = parent
        node.root = parent.root
        insort(parent.children, node, key=lambda child: child.id)

    def _place_behind(self, parent: Node, node: Node) -> Node:
        """The node that comes right before ``node``, a child of ``parent``."""
        if len(parent.children) == 1:
            return parent
        index = parent.children.index(node)
        return parent.children[index - 1].last() if index else parent

    def _link(self, node: Node, parent: Node, span: Span | None) -> Span | None:
        """Move a root behind its predecessor, unless that would close a circle."""
        above: Node | None = parent
        while above is not None:
            if above is node:
                return span
            above = above.parent
        tree = node.subtree()
        touched = self._lift(tree)
        self._attach(node, parent)
        for member in tree:
            member.root = parent.root
        return self._drop(tree, self._place_behind(parent, node), touched, span)

    def _reorder(self, node: Node) -> Span | None:
        """A root has another start: give it another key, and another place where the neighbours ask for it."""
        key = self._key(node)
        before, behind = self._sequence.preceding(node), self._sequence.following(node.last())
        if (before is None or before.root.key <= key) and (behind is None or key <= behind.root.key):
            node.root.key = key
            return None
        tree = node.subtree()
        touched = self._lift(tree)
        node.root.key = key
        return self._drop(tree, self._sequence.place(key), touched, None)

    def _lift(self, tree: list[Node]) -> Span:
        """Take a tree out; the neighbour behind it closes up."""
        start = self.offset(tree[0])
        length = sum(node.length for node in tree)
        touched = Span(start, self.total - start - length)
        for node in tree:
            self._sequence.remove(node)
        touched.tail = min(touched.tail, self._close(start))
        return touched

    def _drop(self, tree: list[Node], behind: Node | None, touched: Span, span: Span | None) -> Span:
        for node in tree:
            self._sequence.insert(node, behind)
            behind = node
        start = self.offset(tree[0])
        length = sum(node.length for node in tree)
        touched.touch(start, self.total - start - length)
        touched.tail = min(touched.tail, self._close(start))
        touched.tail = min(touched.tail, self._close(self.offset(tree[-1]) + tree[-1].length))
        if span is not None:
            touched.touch(span.start, span.tail)
        return touched

    def _close(self, offset: int) -> int:
        """Mend the gap of the first text at or behind ``offset``; the answer is how much text follows that one."""
        if offset >= self.total:
            return 0
        node = self.at(offset)
        self._mend(node, self._last_before(offset))
        return self.total - self.offset(node) - node.length

    # -------------------------------------------------------------------------------------------- writing

    def write(self, node: Node, text: str) -> tuple[int, int, str]:
        """Give ``node`` another text. The edit as (start, removed, inserted), with the neighbour's space if that
        changed too; what the old and the new text have in common at their start is left out."""
        old, old_text = node.rendered, node.text
        offset = self.offset(node)
        node.text = text
        node.gap = separator(self._last_before(offset), text[:1], node.joining)
        new = node.rendered
        self._sequence.resized(node)
        common = _common_prefix(old, new)
        removed, inserted = len(old) - common, new[common:]
        if old_text[-1:] != text[-1:]:
            before, after = self._follow(offset + len(new))
            if before != after:
                removed += len(before)
                inserted += after
        return offset + common, removed, inserted

    def _follow(self, offset: int) -> tuple[str, str]:
        """Mend the gap of the text at ``offset``: what it was and what it is."""
        if offset >= self.total:
            return "", ""
        following = self.at(offset)
        before = following.gap
        self._mend(following, self._last_before(offset))
        return before, following.gap

    def _mend(self, node: Node, last: str) -> None:
        gap = separator(last, node.text[0], node.joining)
        if gap != node.gap:
            node.gap = gap
            self._sequence.resized(node)

    def _last_before(self, offset: int) -> str:
        """The last character before ``offset``, which is where a segment begins."""
        return self.at(offset - 1).text[-1] if offset else ""


def _common_prefix(old: str, new: str) -> int:
    if new.startswith(old):
        return len(old)
    low, high = 0, min(len(old), len(new))
    while low < high:
        middle = (low + high + 1) // 2
        if old[low:middle] == new[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low
