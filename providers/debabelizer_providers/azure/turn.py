"""The account of one turn: what went into it, and how far the vendor has spoken its last word on that."""

from __future__ import annotations

from collections import deque
from uuid import uuid4

from debabelizer.contract import AudioForm, Encoding

SLACK_S = 0.02
"""Rounding of the vendor's times; no word is that short."""
_LOUD = 128
"""Of 32768: -48 dB below full scale, softer than any voice that is understood."""
_LOUD_MULAW = 0x10
"""The same on G.711's own scale, whose lower seven bits, inverted, grow with loudness."""
_BLOCKS_PER_S = 20
_STRIDE = 8
_REMEMBERED = 64


class Turn:
    """``base``: where its audio begins, in samples of the connection's audio. Seconds count from there."""

    def __init__(self, number: int, base: int) -> None:
        self.id = uuid4().hex
        self.number = number
        self.base = base
        self.ended = False
        """We have said that no more audio comes."""
        self.reach = 0.0
        """Up to here, in seconds, the vendor has said all it will."""
        self._spoken: deque[float] = deque(maxlen=_REMEMBERED)
        """Where finals with words began."""

    def settle(self, start: float, duration: float, *, words: bool) -> None:
        """A final covers this much."""
        if words:
            self._spoken.append(start)
        self.reach = max(self.reach, start + duration)

    def repeats(self, start: float) -> bool:
        """Whether a final with words came already for what begins at ``start``: the vendor says it twice, or late."""
        return any(abs(start - begin) < SLACK_S for begin in self._spoken)


def last_loud(audio: bytes, form: AudioForm) -> int | None:
    """The sample after the last 50 ms in which there may be a voice; None where there is none. Rough and cheap."""
    block = form.rate // _BLOCKS_PER_S
    pcm = form.encoding is Encoding.PCM_S16LE
    samples = memoryview(audio)[: len(audio) // form.sample_bytes * form.sample_bytes]
    values = samples.cast("h") if pcm else samples
    for end in range(len(values), 0, -block):
        piece = values[max(0, end - block) : end : _STRIDE].tolist()
        if max(piece) > _LOUD or min(piece) < -_LOUD if pcm else max(~v & 0x7F for v in piece) > _LOUD_MULAW:
            return end
    return None
