"""What the local server makes of audio: a script, numbers hidden in the samples, or any function of the test's own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

RATE = 16_000
LOUD = 300
"""Samples beyond this are voice; about -41 dB below full scale."""

Samples = npt.NDArray[np.int16]


@dataclass(frozen=True)
class Heard:
    """``start`` and ``end`` in seconds of the audio given to the recogniser."""

    text: str
    start: float
    end: float


def translated(heard: Sequence[Heard]) -> list[Heard]:
    """What a server that translates makes of words: louder ones."""
    return [Heard(one.text.upper(), one.start, one.end) for one in heard]


Recognise = Callable[[int, Samples, bool], Sequence[Heard]]
"""(segments with words so far, 16 kHz audio of the open segment, whether it is being committed) -> words."""


def scripted(sentences: Sequence[str], seconds_per_word: float = 0.3) -> Recognise:
    """The n-th segment that holds voice is the n-th sentence (round and round). Its words appear one after the other
    with the audio; a commit gives all of them. Silence gives none."""

    def recognise(segment: int, audio: Samples, final: bool) -> Sequence[Heard]:
        voiced = np.flatnonzero(np.abs(audio.astype(np.int32)) > LOUD)
        if not len(voiced):
            return ()
        start, end = voiced[0] / RATE, (voiced[-1] + 1) / RATE
        words = sentences[segment % len(sentences)].split()
        shown = words if final else words[: int((end - start) / seconds_per_word)]
        return _spread(shown, start, end)

    return recognise


def by_text(function: Callable[[bytes], str]) -> Recognise:
    """Any recogniser that turns 16 kHz PCM into text; its words are spread evenly over the audio."""

    def recognise(segment: int, audio: Samples, final: bool) -> Sequence[Heard]:
        return _spread(function(audio.tobytes()).split(), 0.0, len(audio) / RATE)

    return recognise


SLOT = RATE // 5
"""Samples of one numbered word."""


def numbered_audio(first: int, count: int) -> bytes:
    """``count`` words, 0.2 s each, that :func:`numbered` hears as ``w<number>``. Numbers from 0 to 3000."""
    slots = []
    for number in range(first, first + count):
        slot = np.full(SLOT, 1000 + number * 10, dtype=np.int16)
        slot[: SLOT // 8] = slot[-SLOT // 8 :] = 0
        slots.append(slot)
    return np.concatenate(slots).tobytes() if slots else b""


def numbered(segment: int, audio: Samples, final: bool) -> Sequence[Heard]:
    """Hears what :func:`numbered_audio` said, wherever it was cut; half a word is none."""
    heard = []
    loud = np.concatenate(([0], (audio > LOUD).astype(np.int8), [0]))
    edges = np.diff(loud)
    for start, end in zip(np.flatnonzero(edges == 1), np.flatnonzero(edges == -1), strict=True):
        if end - start >= SLOT // 2:
            number = round((float(np.median(audio[start:end])) - 1000) / 10)
            heard.append(Heard(f"w{number}", start / RATE, end / RATE))
    return heard


def _spread(words: Sequence[str], start: float, end: float) -> list[Heard]:
    each = (end - start) / max(1, len(words))
    return [Heard(word, start + i * each, start + (i + 1) * each) for i, word in enumerate(words)]


def to_16k(audio: bytes, rate: int, mulaw: bool) -> Samples:
    """Nearest-neighbour: good enough for voice or no voice, and exact at 16 kHz."""
    samples = _from_mulaw(audio) if mulaw else np.frombuffer(audio, dtype="<i2")
    if rate == RATE:
        return samples
    places = np.arange(int(len(samples) * RATE / rate)) * rate // RATE
    return samples[places]


def _from_mulaw(audio: bytes) -> Samples:
    """ITU-T G.711."""
    code = ~np.frombuffer(audio, dtype=np.uint8)
    exponent = (code >> 4) & 7
    magnitude = (((code & 15).astype(np.int32) << 3) + 132 << exponent) - 132
    return np.where(code & 128, -magnitude, magnitude).astype(np.int16)
