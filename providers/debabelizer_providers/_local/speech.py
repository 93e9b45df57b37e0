"""Where speech starts and ends: the Silero detector that ships inside faster-whisper, used as a stream.

:class:`SpeechProbe` gives the network (:mod:`silero`) its frames, :class:`SpeechTrack` is the pure bookkeeping behind
it. Positions are samples at 16 kHz, counted from the first sample of the connection.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

RATE = 16_000
FRAME = 512
"""Samples the detector judges at a time: 32 ms."""


class Edge(msgspec.Struct, frozen=True):
    """Speech started or ended at sample ``at``; it became known at sample ``known``."""

    started: bool
    at: int
    known: int


class SpeechTrack:
    """Turns one probability per frame into edges.

    Speech starts once ``onset`` frames in a row are voiced and has ended once ``hang_s`` passed without a voiced
    frame. Between the two thresholds a frame counts as what the one before it was, so that a voice that fades
    stays one stretch.
    """

    def __init__(self, *, threshold: float = 0.5, release: float = 0.35, onset: int = 3, hang_s: float = 0.5) -> None:
        self._threshold = threshold
        self._release = release
        self._onset = onset
        self._hang = int(hang_s * RATE)
        self._run = 0
        self._was_voiced = False
        self._regions: deque[list[int]] = deque()
        self.position = 0
        self.speaking = False
        self.last_voiced = 0
        """End of the last voiced frame."""

    def push(self, probability: float) -> Edge | None:
        start, self.position = self.position, self.position + FRAME
        voiced = probability >= (self._release if self._was_voiced else self._threshold)
        self._was_voiced = voiced
        if voiced:
            self._mark(start)
            self._run += 1
            if not self.speaking and self._run >= self._onset:
                self.speaking = True
                return Edge(True, self.position - self._run * FRAME, self.position)
            return None
        self._run = 0
        if self.speaking and self.quiet >= self._hang:
            self.speaking = False
            return Edge(False, self.last_voiced, self.position)
        return None

    @property
    def quiet(self) -> int:
        """Samples since the last voiced frame."""
        return self.position - self.last_voiced

    def stop(self) -> None:
        """Forget that someone is speaking: the utterance was ended from outside."""
        self.speaking = False
        self._run = 0

    def voiced(self, start: int, end: int) -> int:
        """Voiced samples between ``start`` and ``end``."""
        return sum(max(0, min(b, end) - max(a, start)) for a, b in self._regions)

    def first_voiced(self, start: int, end: int) -> int | None:
        """The first voiced sample between ``start`` and ``end``."""
        return next((max(a, start) for a, b in self._regions if max(a, start) < min(b, end)), None)

    def forget(self, before: int) -> None:
        while self._regions and self._regions[0][1] <= before:
            self._regions.popleft()

    def _mark(self, start: int) -> None:
        if self._regions and self._regions[-1][1] == start:
            self._regions[-1][1] = self.position
        else:
            self._regions.append([start, self.position])
        self.last_voiced = self.position


class SpeechProbe:
    """The network with its state. Raises ConfigurationError where the network of the installation is not ours."""

    def __init__(self) -> None:
        import numpy as np

        from debabelizer_providers._local import silero

        self._network = silero.installed()
        self._memory = silero.nothing_heard()
        self._held = np.zeros(silero.CONTEXT, np.float32)
        """The samples before the next frame, and as much of it as is there."""

    def feed(self, audio: NDArray[np.float32]) -> list[float]:
        """One probability for each frame that is complete now; the rest waits for the next call.

        ``audio``: samples between -1 and 1."""
        import numpy as np

        from debabelizer_providers._local.silero import CONTEXT

        audio = np.concatenate((self._held, audio))
        size = (len(audio) - CONTEXT) // FRAME * FRAME
        self._held = audio[size:].copy()
        before, frames = audio[:size].reshape(-1, FRAME), audio[CONTEXT : CONTEXT + size].reshape(-1, FRAME)
        inputs = np.concatenate((before[:, :CONTEXT], frames), axis=1)
        probabilities, self._memory = self._network.run(inputs, self._memory)
        found: list[float] = probabilities.tolist()
        return found


def samples_of(pcm: bytes) -> NDArray[np.float32]:
    """16-bit PCM as samples between -1 and 1."""
    import numpy as np

    return np.frombuffer(pcm, "<i2").astype(np.float32) / np.float32(32768)
