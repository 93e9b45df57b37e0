"""The newest audio of a connection, and where in it nobody spoke."""

from __future__ import annotations

from array import array
from collections import deque
from itertools import accumulate

from debabelizer.contract import AudioForm, Encoding

_KEPT_S = 3.0
_STEP_S = 0.02
_WIDTH = 10
"""Steps: a fifth of a second is a pause, if it is soft enough."""
_SOFT = 0.1
"""Mean level of a pause against that of all that is kept."""
_SILENT = 100
"""Samples below this on average are silence, whatever is around them (50 dB below full scale)."""


def _mulaw_levels() -> tuple[int, ...]:
    """ITU-T G.711: magnitudes."""
    codes = (~code & 0xFF for code in range(256))
    return tuple((((code & 15) << 3) + 132 << (code >> 4 & 7)) - 132 for code in codes)


_MULAW = _mulaw_levels()


class Recent:
    """``end``: samples given so far."""

    def __init__(self, form: AudioForm) -> None:
        self._form = form
        self._pieces: deque[bytes] = deque()
        self._kept = 0
        self.end = 0

    def add(self, audio: bytes) -> None:
        samples = len(audio) // self._form.sample_bytes
        self.end += samples
        self._kept += samples
        self._pieces.append(audio)
        while self._kept - len(self._pieces[0]) // self._form.sample_bytes >= _KEPT_S * self._form.rate:
            self._kept -= len(self._pieces.popleft()) // self._form.sample_bytes

    def ends_quietly(self) -> bool:
        """Whether the last fifth of a second is a pause."""
        levels = self._levels()
        gap = levels[-_WIDTH:]
        return len(gap) == _WIDTH and _mean(gap) < _soft(levels)

    def pause(self) -> int | None:
        """The sample in the middle of the quietest fifth of a second, of several the latest; None where none of it is
        a pause."""
        levels = self._levels()
        sums = list(accumulate(levels, initial=0))
        places = range(len(levels) - _WIDTH, -1, -1)
        if not places:
            return None
        best = min(places, key=lambda place: max(sums[place + _WIDTH] - sums[place], _SILENT * _WIDTH))
        if sums[best + _WIDTH] - sums[best] >= _soft(levels) * _WIDTH:
            return None
        step = round(_STEP_S * self._form.rate)
        return self.end - self._kept + best * step + _WIDTH * step // 2

    def _levels(self) -> list[int]:
        """Mean magnitude of each step, oldest first."""
        audio = b"".join(self._pieces)
        step = round(_STEP_S * self._form.rate)
        if self._form.encoding is Encoding.MULAW:
            return [sum(_MULAW[code] for code in audio[at : at + step]) // step for at in _steps(len(audio), step)]
        samples = array("h", audio)
        return [sum(map(abs, samples[at : at + step])) // step for at in _steps(len(samples), step)]


def _steps(length: int, step: int) -> range:
    """Starts of whole steps."""
    return range(0, length - step + 1, step)


def _soft(levels: list[int]) -> float:
    """What a pause stays below on average."""
    return max(_SILENT + 1, _SOFT * _mean(levels))


def _mean(levels: list[int]) -> float:
    return sum(levels) / max(1, len(levels))
