"""Where speech begins and ends, by energy: cheap, deterministic, nothing to load.

Frames of 20 ms are compared with a noise floor, the quietest tenth of a second within the last two: speech dips in
between, a fan does not (minimum statistics, R. Martin 2001). Speech starts where enough frames stand well above the
floor, so that a click or a key press does not count, and ends after a pause. It tells pauses in dictation; it does not
judge whether a sound is a voice.
"""

from __future__ import annotations

from collections import deque
from enum import StrEnum
from math import sqrt
from operator import mul
from typing import NamedTuple

from debabelizer.audio.levels import decibels, samples_of

FRAME = 320
"""Samples in a frame: 20 ms at 16 kHz."""


class SpeechKind(StrEnum):
    STARTED = "started"
    ENDED = "ended"


class SpeechMark(NamedTuple):
    """``sample``: the first sample of speech, or the first one after it, counted from the detector's first sample."""

    kind: SpeechKind
    sample: int


class SpeechDetector:
    """Feed it 16 kHz PCM of any cut; it reports each start and, ``pause_s`` seconds late, each end."""

    START_DB = 12.0
    """So much above the floor counts as loud."""
    STAY_DB = 7.0
    """Once speech has started, so much is enough: word ends are quiet."""
    QUIETEST_DB = -55.0
    """Nothing below this is speech, however quiet the room."""
    FIRST_FLOOR_DB = -60.0
    """Taken for the room's noise until there are two seconds to judge by, unless it is even quieter."""
    START_FRAMES = 5
    """Loud frames among the last eight that make a start: 100 ms, longer than a click."""

    def __init__(self, pause_s: float = 1.0) -> None:
        self._pause_frames = max(1, round(pause_s * 50))
        self._rest = b""
        self.reset()

    def reset(self) -> None:
        """As new, counting from 0."""
        self._rest = b""
        self._frames = 0
        self._smooth: deque[float] = deque(maxlen=5)
        self._history: deque[float] = deque(maxlen=100)
        self._recent: list[bool] = []
        self._last_loud = 0
        self.speaking = False

    def feed(self, pcm: bytes) -> list[SpeechMark]:
        data = self._rest + pcm
        step = 2 * FRAME
        whole = len(data) - len(data) % step
        self._rest = data[whole:]
        marks = [self._frame(data[i : i + step]) for i in range(0, whole, step)]
        return [mark for mark in marks if mark is not None]

    def finish(self) -> list[SpeechMark]:
        """The end of speech that is still going on."""
        if not self.speaking:
            return []
        self.speaking = False
        return [SpeechMark(SpeechKind.ENDED, self._last_loud * FRAME)]

    def _frame(self, pcm: bytes) -> SpeechMark | None:
        energy = _energy(pcm)
        above = energy - self._floor(energy)
        loud = energy > self.QUIETEST_DB and above > (self.STAY_DB if self.speaking else self.START_DB)
        self._frames += 1
        self._recent = [*self._recent[-7:], loud]
        if loud:
            self._last_loud = self._frames
        if not self.speaking and sum(self._recent) >= self.START_FRAMES:
            self.speaking = True
            first = self._frames - len(self._recent) + self._recent.index(True)
            return SpeechMark(SpeechKind.STARTED, first * FRAME)
        if self.speaking and self._frames - self._last_loud >= self._pause_frames:
            self.speaking = False
            self._recent = []
            return SpeechMark(SpeechKind.ENDED, self._last_loud * FRAME)
        return None

    def _floor(self, energy: float) -> float:
        self._smooth.append(energy)
        if len(self._smooth) == self._smooth.maxlen:
            self._history.append(sum(self._smooth) / len(self._smooth))
        if len(self._history) == self._history.maxlen:
            return min(self._history)
        return min([self.FIRST_FLOOR_DB, *self._history])


def _energy(pcm: bytes) -> float:
    """RMS in dB with the mean taken out: cheap sound cards put a constant under everything."""
    samples = samples_of(pcm)
    mean = sum(samples) / len(samples)
    return decibels(sqrt(max(0.0, sum(map(mul, samples, samples)) / len(samples) - mean * mean)))
