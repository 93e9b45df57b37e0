"""The usual recipe for streaming over Whisper: LocalAgreement-2 (Macháček et al. 2023) over a padded model.

Each second the whole buffer is transcribed anew, with time stamps for each word and five beams, as faster-whisper does
it: padded to half a minute. The words two transcriptions in a row begin with are confirmed. A buffer of more than 15 s
is cut at the end of its last confirmed segment; the text before it is the prompt of the next transcription.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

RATE = 16_000
STEP_S = 1.0
LONGEST_S = 15.0
_PROMPT_CHARACTERS = 200
_LONGEST_OVERLAP = 5


@dataclass(frozen=True)
class Word:
    text: str
    start: float
    end: float


@dataclass
class LocalAgreement:
    """``model``: a ``faster_whisper.WhisperModel``."""

    model: Any
    confirmed: list[Word] = field(default_factory=list)
    _before: list[Word] = field(default_factory=list)
    _buffer: NDArray[np.float32] = field(default_factory=lambda: np.zeros(0, np.float32))
    _offset: float = 0.0

    def step(self, audio: NDArray[np.float32]) -> None:
        """``audio``: what has been said since the last step."""
        self._buffer = np.concatenate((self._buffer, audio))
        prompt = "".join(word.text for word in self.confirmed if word.end <= self._offset)[-_PROMPT_CHARACTERS:]
        found, _ = self.model.transcribe(
            self._buffer, language="en", initial_prompt=prompt, beam_size=5, word_timestamps=True
        )
        segments = list(found)
        heard = [Word(w.word, w.start + self._offset, w.end + self._offset) for s in segments for w in s.words]
        fresh = self._beyond_confirmed(heard)
        agreed = 0
        for a, b in zip(self._before, fresh, strict=False):
            if a.text != b.text:
                break
            agreed += 1
        self.confirmed += fresh[:agreed]
        self._before = fresh[agreed:]
        if len(self._buffer) > LONGEST_S * RATE:
            self._cut([segment.end + self._offset for segment in segments])

    def finish(self) -> str:
        """All the text; what was heard only once counts now."""
        return "".join(word.text for word in (*self.confirmed, *self._before)).strip()

    def _beyond_confirmed(self, heard: list[Word]) -> list[Word]:
        if not self.confirmed:
            return heard
        last = self.confirmed[-1].end
        fresh = [word for word in heard if word.start > last - 0.1]
        for size in range(min(_LONGEST_OVERLAP, len(fresh), len(self.confirmed)), 0, -1):
            if [w.text for w in self.confirmed[-size:]] == [w.text for w in fresh[:size]]:
                return fresh[size:] if abs(fresh[0].start - last) < 1 else fresh
        return fresh

    def _cut(self, ends: list[float]) -> None:
        """At the last segment's end that is confirmed; the segment that is still being said stays."""
        confirmed = self.confirmed[-1].end if self.confirmed else 0.0
        places = [end for end in ends[:-1] if end <= confirmed]
        if places:
            self._buffer = self._buffer[int((places[-1] - self._offset) * RATE) :]
            self._offset = places[-1]
