"""Heights of very many paragraphs: sums and look-ups in O(log n) (a Fenwick tree)."""

from __future__ import annotations

from collections.abc import Iterable


class Heights:
    def __init__(self, values: Iterable[float] = ()) -> None:
        self._values: list[float] = []
        self._tree: list[float] = [0.0]
        self.replace(values)

    def __len__(self) -> int:
        return len(self._values)

    def __getitem__(self, index: int) -> float:
        return self._values[index]

    def replace(self, values: Iterable[float]) -> None:
        """All heights anew, in O(n)."""
        self._values = list(values)
        tree = [0.0, *self._values]
        for index in range(1, len(tree)):
            parent = index + (index & -index)
            if parent < len(tree):
                tree[parent] += tree[index]
        self._tree = tree

    def append(self, value: float) -> None:
        index = len(self._values) + 1
        self._values.append(value)
        total, below = value, index - 1
        while below > index - (index & -index):
            total += self._tree[below]
            below -= below & -below
        self._tree.append(total)

    def insert(self, index: int, value: float) -> None:
        if index == len(self._values):
            self.append(value)
        else:
            self._values.insert(index, value)
            self.replace(self._values)

    def remove(self, index: int) -> None:
        del self._values[index]
        if index == len(self._values):
            self._tree.pop()
        else:
            self.replace(self._values)

    def set(self, index: int, value: float) -> None:
        change = value - self._values[index]
        if not change:
            return
        self._values[index] = value
        at = index + 1
        while at < len(self._tree):
            self._tree[at] += change
            at += at & -at

    def before(self, index: int) -> float:
        """The sum of all heights before ``index``: where that paragraph begins."""
        total = 0.0
        while index > 0:
            total += self._tree[index]
            index -= index & -index
        return total

    @property
    def total(self) -> float:
        return self.before(len(self._values))

    def find(self, y: float) -> int:
        """The paragraph that covers ``y``; the last one for anything beyond the end. -1 where there is none."""
        if not self._values:
            return -1
        index, step = 0, 1 << (len(self._tree) - 1).bit_length()
        while step:
            following = index + step
            if following < len(self._tree) and self._tree[following] <= y:
                index = following
                y -= self._tree[following]
            step >>= 1
        return min(index, len(self._values) - 1)
