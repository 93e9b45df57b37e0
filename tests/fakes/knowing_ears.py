"""A recogniser that knows what is said when: it finds a window by its sound, and hears the words in it."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from debabelizer_providers._local.messages import Note
from debabelizer_providers._local.speech import FRAME, RATE
from debabelizer_providers.whisper.agreement import HeardWord, text_of
from debabelizer_providers.whisper.gates import Pass
from debabelizer_providers.whisper.languages import LanguageChoice

Garble = Callable[[list[HeardWord]], list[HeardWord]]
_LEAST_HEARD = 0.6
"""A word of which less is in the window is not heard."""


def spoken(text: str, *, each: float = 0.35, gap: float = 0.05, start: float = 0.5) -> list[HeardWord]:
    """Words one after the other; ``|`` is a pause of a second."""
    words = []
    for item in text.split():
        if item == "|":
            start += 1.0
            continue
        words.append(HeardWord(f" {item}", round(start, 3), round(start + each, 3)))
        start += each + gap
    return words


def sound(seconds: float) -> bytes:
    """Noise of which no two places are alike."""
    return random.Random(7).randbytes(int(seconds * RATE) * 2)


class KnowingProbe:
    """In the place of the speech detector: there is speech while a word lasts."""

    def __init__(self, words: Sequence[HeardWord]) -> None:
        self._words = words
        self._heard = self._judged = 0

    def feed(self, audio: Any) -> list[float]:
        self._heard += len(audio)
        found = []
        while (self._judged + 1) * FRAME <= self._heard:
            middle = (self._judged + 0.5) * FRAME / RATE
            found.append(float(any(word.start <= middle < word.end for word in self._words)))
            self._judged += 1
        return found


class KnowingEars:
    """``garble`` is what a quick pass makes of the words beyond its forced beginning, ``careful`` a final one."""

    def __init__(
        self,
        pcm: bytes,
        words: Sequence[HeardWord],
        garble: Garble = lambda words: words,
        careful: Garble = lambda words: words,
    ) -> None:
        self.notes: list[Note] = []
        self.quick: list[tuple[float, float]] = []
        """Of each quick pass, where its window began and ended."""
        self.careful: list[tuple[float, float]] = []
        self.contexts: list[str] = []
        self.prefixes: list[str] = []
        self.fresh: list[list[str]] = []
        """The words that each quick pass had to find itself."""
        self.compared: list[tuple[str, str]] = []
        self._pcm, self._words = pcm, words
        self._garble, self._careful = garble, careful

    def hear(
        self,
        audio: Any,
        choice: LanguageChoice,
        *,
        voiced_s: float,
        prefix: str = "",
        prefix_s: float = 0.0,
        context: str = "",
        final: bool = False,
    ) -> Pass:
        start = self._pcm.find(np.round(audio[:64] * 32768).astype("<i2").tobytes()) / 2 / RATE
        end = start + len(audio) / RATE
        words = [word.shifted(-start) for word in self._words if _share(word, start, end) >= _LEAST_HEARD]
        (self.careful if final else self.quick).append((start, end))
        if final:
            return Pass(words=tuple(self._careful(words)), logprob=-0.2)
        self.contexts.append(context)
        self.prefixes.append(prefix)
        fresh = [word for word in words if (word.start + word.end) / 2 > prefix_s]
        self.fresh.append([word.text.strip() for word in fresh])
        return Pass(words=(*_forced(prefix, prefix_s), *self._garble(fresh)), logprob=-0.2)

    def compare(self, settled: Sequence[HeardWord], careful: Sequence[HeardWord]) -> None:
        self.compared.append((text_of(settled), text_of(careful)))


def _share(word: HeardWord, start: float, end: float) -> float:
    return (min(word.end, end) - max(word.start, start)) / (word.end - word.start)


def _forced(prefix: str, until: float) -> list[HeardWord]:
    texts = prefix.split()
    each = until / max(1, len(texts))
    return [HeardWord(f" {text}", i * each, (i + 1) * each) for i, text in enumerate(texts)]
