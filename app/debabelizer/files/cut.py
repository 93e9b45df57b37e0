"""Where a long recording is cut: at silences, and where nobody pauses with some audio in both pieces. Pure."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from debabelizer.audio.speech import SpeechDetector, SpeechKind

RATE = 16_000
OVERLAP_S = 5.0
"""Audio that both pieces have where they were cut in running speech: the words in it tell where one ends."""
WINDOW_S = 60.0
"""How far back from the longest length a silence is looked for."""
_SHARE = 0.3
"""The same, as part of the length, for short ones."""
_PAUSE_S = 0.3
"""A shorter silence may be within a word."""
_WARM_S = 5
"""What the detector hears before, to know the room."""


class Slice(msgspec.Struct, frozen=True):
    """A piece from second ``start`` on; its first ``overlap`` seconds are the end of the piece before."""

    start: float
    overlap: float


class Slices:
    """Cuts a stream of PCM (16 kHz, 16-bit, ``channels`` interleaved) into pieces of at most ``longest_s``.

    Iterate: each item is a slice and its PCM, which has to be read to its end before the next item. Only the last
    minute of a piece is held in memory and listened to.
    """

    def __init__(self, pcm: Iterator[bytes], longest_s: float, channels: int = 1) -> None:
        self._pcm = pcm
        self._longest = int(longest_s * RATE)
        self._window = int(min(WINDOW_S, _SHARE * longest_s) * RATE)
        self._overlap = int(min(OVERLAP_S, 0.1 * longest_s) * RATE)
        self._frame = 2 * channels
        self._channels = channels
        self._detector = SpeechDetector(_PAUSE_S)
        self._listens_from = 0
        self._pauses: list[tuple[int, int]] = []
        self._quiet_since: int | None = 0
        self._held = bytearray()
        self._end = 0
        """Where what was read ends, in samples from the beginning."""

    def __iter__(self) -> Iterator[tuple[Slice, Iterator[bytes]]]:
        start = shared = 0
        while self._more():
            cut: list[tuple[int, int]] = []
            yield Slice(start / RATE, shared / RATE), self._piece(start, cut)
            if not cut:
                return
            start, shared = cut[0]

    # ------------------------------------------------------------------------------------------------ within

    @property
    def _begin(self) -> int:
        """Where what is held begins."""
        return self._end - len(self._held) // self._frame

    def _more(self) -> bool:
        """Whether there is sound beyond what the piece before had."""
        return bool(self._held) or self._read()

    def _read(self) -> bool:
        data = next(self._pcm, None)
        if data is None:
            return False
        self._held += data
        self._end += len(data) // self._frame
        self._listen(data)
        return True

    def _listen(self, data: bytes) -> None:
        """``data`` is the last that was read. Pauses far from where a cut may be are of no interest."""
        unheard = max(0, self._listens_from - (self._end - len(data) // self._frame))
        for mark in self._detector.feed(self._mono(data[unheard * self._frame :])):
            at = self._listens_from + mark.sample
            if mark.kind is SpeechKind.ENDED:
                self._quiet_since = at
            elif self._quiet_since is not None:
                self._pauses.append((self._quiet_since, at))
                self._quiet_since = None

    def _listen_anew(self, start: int) -> None:
        self._detector.reset()
        self._pauses.clear()
        self._listens_from = self._quiet_since = max(start, start + self._longest - self._window - _WARM_S * RATE)
        self._listen(bytes(self._held))

    def _mono(self, data: bytes) -> bytes:
        if self._channels == 1:
            return data
        import numpy as np

        mixed = np.frombuffer(data, "<i2").reshape(-1, self._channels).mean(axis=1)
        return bytes(mixed.astype("<i2").tobytes())

    def _piece(self, start: int, cut: list[tuple[int, int]]) -> Iterator[bytes]:
        """The PCM of the piece that begins at ``start``; ``cut`` gets the next one's start and overlap."""
        self._listen_anew(start)
        limit = start + self._longest
        while self._end <= limit:
            yield from self._give(min(self._end, limit - self._window))
            if not self._read():
                yield from self._give(self._end)
                return
        at, shared = self._cut(limit)
        yield from self._give(at - shared)
        if shared:
            yield bytes(self._held[: shared * self._frame])
        cut.append((at - shared, shared))

    def _give(self, until: int) -> Iterator[bytes]:
        size = (until - self._begin) * self._frame
        if size > 0:
            yield bytes(self._held[:size])
            del self._held[:size]

    def _cut(self, limit: int) -> tuple[int, int]:
        """Where to cut at or before ``limit``, and how much both pieces share."""
        first = limit - self._window
        pauses = [*self._pauses, *([] if self._quiet_since is None else [(self._quiet_since, self._end)])]
        clipped = [(max(a, first), min(b, limit)) for a, b in pauses]
        longest = max(clipped, key=lambda pause: pause[1] - pause[0], default=(0, 0))
        if longest[1] - longest[0] >= _PAUSE_S * RATE:
            return (longest[0] + longest[1]) // 2, 0
        return limit, self._overlap
