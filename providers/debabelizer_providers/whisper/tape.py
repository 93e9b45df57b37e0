"""The audio a listener may still need, addressed by sample."""

from __future__ import annotations

from typing import TYPE_CHECKING

from debabelizer_providers._local.speech import samples_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class Tape:
    """PCM from sample ``begin`` to sample ``end``."""

    def __init__(self) -> None:
        self._pcm = bytearray()
        self.begin = 0

    @property
    def end(self) -> int:
        return self.begin + len(self._pcm) // 2

    def append(self, pcm: bytes) -> None:
        self._pcm += pcm

    def cut(self, start: int, end: int) -> NDArray[np.float32]:
        """The samples from ``start`` to ``end``, between -1 and 1; what has been forgotten is left out."""
        first = max(0, start - self.begin)
        return samples_of(bytes(self._pcm[2 * first : 2 * max(first, end - self.begin)]))

    def forget(self, before: int) -> None:
        count = min(before, self.end) - self.begin
        if count > 0:
            del self._pcm[: 2 * count]
            self.begin += count
