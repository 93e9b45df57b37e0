"""Segments in order, with order statistics by characters.

A blocked list: blocks of at most ``2 * HALF`` nodes, and a Fenwick tree over the blocks' character counts. Finding the
offset of a node, the node at an offset, or the place of a key costs O(log n); inserting costs a block's worth of
list shifting, and a new block now and then.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator

from debabelizer.events import Joining, SegmentId, Word

HALF = 64

Key = tuple[float, int, int]


class Root:
    """What a segment and all that are linked behind it share: the key that places them among the others."""

    __slots__ = ("key",)

    def __init__(self, key: Key) -> None:
        self.key = key


class Node:
    """One segment inside the map. ``gap`` is the space before it, if any; ``length`` counts gap and text."""

    __slots__ = (
        "after",
        "block",
        "children",
        "committed",
        "end",
        "frozen",
        "gap",
        "id",
        "joining",
        "language",
        "parent",
        "previous_text",
        "retracted",
        "root",
        "start",
        "text",
        "words",
    )

    def __init__(self, id: SegmentId, joining: Joining) -> None:  # noqa: A002 - the field's word
        self.id = id
        self.joining = joining
        self.text = ""
        self.frozen = 0  # characters of the settled part
        self.gap = ""
        self.committed = False
        self.retracted = False
        self.words: tuple[Word, ...] = ()
        self.language: str | None = None
        self.start: float | None = None
        self.end: float | None = None
        self.previous_text: str | None = None
        self.after: SegmentId | None = None
        self.parent: Node | None = None
        self.children: list[Node] = []
        self.root: Root
        self.block: Block

    @property
    def length(self) -> int:
        return len(self.gap) + len(self.text)

    @property
    def rendered(self) -> str:
        return self.gap + self.text

    def subtree(self) -> list[Node]:
        """This node and everything linked behind it, in order."""
        found: list[Node] = []
        stack = [self]
        while stack:
            node = stack.pop()
            found.append(node)
            stack.extend(reversed(node.children))
        return found

    def last(self) -> Node:
        """The last node of the subtree."""
        node = self
        while node.children:
            node = node.children[-1]
        return node


class Block:
    __slots__ = ("lengths", "nodes", "number")

    def __init__(self, nodes: list[Node], lengths: list[int]) -> None:
        self.nodes = nodes
        self.lengths = lengths
        self.number = 0
        for node in nodes:
            node.block = self


def _node_key(node: Node) -> Key:
    return node.root.key


def _block_key(block: Block) -> Key:
    return block.nodes[-1].root.key


class Sequence:
    def __init__(self) -> None:
        self._blocks: list[Block] = []
        self._tree: list[int] = [0]
        self.total = 0

    def __iter__(self) -> Iterator[Node]:
        for block in self._blocks:
            yield from block.nodes

    @property
    def last(self) -> Node | None:
        return self._blocks[-1].nodes[-1] if self._blocks else None

    # ------------------------------------------------------------------------------------------ characters

    def offset(self, node: Node) -> int:
        """Characters before ``node``."""
        block = node.block
        return self._before(block.number) + sum(block.lengths[: block.nodes.index(node)])

    def at(self, offset: int) -> Node:
        """The node that holds the character at ``offset``, which must be below ``total``."""
        number = 0
        step = 1 << (len(self._tree) - 1).bit_length()
        while step:
            ahead = number + step
            if ahead < len(self._tree) and self._tree[ahead] <= offset:
                number = ahead
                offset -= self._tree[ahead]
            step >>= 1
        block = self._blocks[number]
        for node, length in zip(block.nodes, block.lengths, strict=True):
            if offset < length:
                return node
            offset -= length
        raise IndexError(offset)

    def resized(self, node: Node) -> None:
        """``node`` has another length than when it was last counted."""
        block = node.block
        index = block.nodes.index(node)
        change = node.length - block.lengths[index]
        if change:
            block.lengths[index] += change
            self._add(block.number, change)

    def slice(self, start: int, end: int) -> str:
        """The text from character ``start`` up to ``end``."""
        if start >= end:
            return ""
        node = self.at(start)
        block = node.block
        skip = start - self.offset(node)
        parts: list[str] = []
        number, index, wanted = block.number, block.nodes.index(node), skip + end - start
        while wanted > 0 and number < len(self._blocks):
            nodes = self._blocks[number].nodes
            while index < len(nodes) and wanted > 0:
                parts.append(nodes[index].rendered)
                wanted -= len(parts[-1])
                index += 1
            number, index = number + 1, 0
        return "".join(parts)[skip : skip + end - start]

    # ----------------------------------------------------------------------------------------------- order

    def place(self, key: Key) -> Node | None:
        """The last node whose key is not above ``key``; None: there is none."""
        number = bisect_right(self._blocks, key, key=_block_key)
        if number < len(self._blocks):
            nodes = self._blocks[number].nodes
            index = bisect_right(nodes, key, key=_node_key)
            if index:
                return nodes[index - 1]
        return self._blocks[number - 1].nodes[-1] if number else None

    def following(self, node: Node) -> Node | None:
        block = node.block
        index = block.nodes.index(node) + 1
        if index < len(block.nodes):
            return block.nodes[index]
        number = block.number + 1
        return self._blocks[number].nodes[0] if number < len(self._blocks) else None

    def preceding(self, node: Node) -> Node | None:
        block = node.block
        index = block.nodes.index(node)
        if index:
            return block.nodes[index - 1]
        return self._blocks[block.number - 1].nodes[-1] if block.number else None

    def insert(self, node: Node, behind: Node | None) -> None:
        """Put ``node`` right behind another one, or first."""
        if not self._blocks:
            self._blocks.append(Block([node], [node.length]))
            self._recount()
            return
        if behind is None:
            block, index = self._blocks[0], 0
        else:
            block = behind.block
            index = block.nodes.index(behind) + 1
        block.nodes.insert(index, node)
        block.lengths.insert(index, node.length)
        node.block = block
        if node.length:
            self._add(block.number, node.length)
        if len(block.nodes) > 2 * HALF:
            self._split(block, index)

    def remove(self, node: Node) -> None:
        block = node.block
        index = block.nodes.index(node)
        length = block.lengths.pop(index)
        del block.nodes[index]
        if not block.nodes:
            self._blocks.remove(block)
            self._recount()
        elif length:
            self._add(block.number, -length)

    # ----------------------------------------------------------------------------------------- bookkeeping

    def _split(self, block: Block, index: int) -> None:
        # a block that only ever grows at its end is left full
        cut = 2 * HALF if index == 2 * HALF else HALF
        half = Block(block.nodes[cut:], block.lengths[cut:])
        del block.nodes[cut:], block.lengths[cut:]
        self._blocks.insert(block.number + 1, half)
        if half is self._blocks[-1]:
            self._append_count(block, half)
        else:
            self._recount()

    def _append_count(self, block: Block, new: Block) -> None:
        """Let the tree grow by one block at its end, which took its characters from the block before."""
        moved = sum(new.lengths)
        self._add(block.number, -moved)
        new.number = len(self._blocks) - 1
        index = len(self._tree)
        self._tree.append(self._before(index - 1) - self._before(index - (index & -index)))
        self._add(new.number, moved)

    def _recount(self) -> None:
        sums = [sum(block.lengths) for block in self._blocks]
        for number, block in enumerate(self._blocks):
            block.number = number
        tree = [0, *sums]
        for index in range(1, len(tree)):
            up = index + (index & -index)
            if up < len(tree):
                tree[up] += tree[index]
        self._tree = tree
        self.total = sum(sums)

    def _add(self, number: int, change: int) -> None:
        self.total += change
        tree = self._tree
        index, size = number + 1, len(tree)
        while index < size:
            tree[index] += change
            index += index & -index

    def _before(self, number: int) -> int:
        tree = self._tree
        found = 0
        while number:
            found += tree[number]
            number &= number - 1
        return found
