"""The audio a local vendor has received and not yet made final."""

from __future__ import annotations

import numpy as np

from fakes.recognisers import LOUD, RATE, Samples


class Window:
    """``pieces`` of 16 kHz, from sample ``begin`` to sample ``end`` of all that was received. ``due_s``: how long it
    was when it last had grown enough for an interim text."""

    def __init__(self) -> None:
        self.pieces: list[Samples] = []
        self.begin = 0
        self.end = 0
        self.due_s = 0.0

    def hear(self, samples: Samples) -> None:
        self.pieces.append(samples)
        self.end += len(samples)

    @property
    def seconds(self) -> float:
        return (self.end - self.begin) / RATE

    @property
    def audio(self) -> Samples:
        return np.concatenate(self.pieces) if self.pieces else np.zeros(0, dtype=np.int16)

    def grown_by(self, seconds: float) -> bool:
        """Since the last time that it had, or since it began."""
        if self.seconds < self.due_s + seconds:
            return False
        self.due_s = self.seconds
        return True

    def cut_after_a_word(self) -> Samples:
        """Leaves what is to become final in mid-speech, and gives the rest for the next window: it cuts no word in
        two."""
        audio = self.audio
        quiet = np.flatnonzero(np.abs(audio[-RATE:].astype(np.int32)) <= LOUD)
        keep = max(0, len(audio) - RATE) + int(quiet[-1]) if len(quiet) else len(audio)
        self.pieces = [audio[:keep]]
        return audio[keep:]

    def next(self, rest: Samples | None = None) -> None:
        """A new window, with ``rest`` of this one."""
        rest = np.zeros(0, dtype=np.int16) if rest is None else rest
        self.pieces, self.begin, self.due_s = [rest], self.end - len(rest), 0.0
