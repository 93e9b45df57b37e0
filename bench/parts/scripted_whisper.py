"""A Whisper that works as hard as any and says what the script says.

The model below does all of its work: it encodes what it is given and decodes as many tokens as the words that lie in
that sound need. What it decodes is then replaced by those words and their times, because the weights are random. Which
words lie in the sound is found by looking the sound up in the whole recording.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import numpy as np

RATE = 16_000
_LEAST_HEARD = 0.6
_POSITIONS_PER_S = 50


@dataclass(frozen=True)
class Spoken:
    """``ends``: the last word of its sentence."""

    text: str
    start: float
    end: float
    ends: bool = False


@dataclass
class Work:
    passes: int = 0
    positions: int = 0
    """Encoder frames of 20 ms."""
    tokens: int = 0
    """Decoding steps: each token of an answer, those it was forced to begin with included."""

    @property
    def total(self) -> int:
        return self.positions + self.tokens


class ScriptedWhisper:
    """In the place of ``WhisperModel.model``; :meth:`into` puts it there."""

    def __init__(self, model: Any, pcm: bytes, script: Sequence[Spoken]) -> None:
        self.work = Work()
        self._model = model.model
        self._hear = model.feature_extractor
        self._pcm, self._script = pcm, script
        token = model.hf_tokenizer.token_to_id
        self._token = token
        self._end = token("<|endoftext|>")
        self._special = range(token("<|startoftranscript|>"), token("<|notimestamps|>") + 1)
        self._first_stamp = token("<|0.00|>")
        self._words: list[Spoken] = []
        self._answer: list[tuple[int, Spoken | None]] = []
        model.model = self
        model.feature_extractor = self

    def __getattr__(self, name: str) -> Any:
        """What both sides ask of the model or of the feature extractor without being changed by it."""
        return getattr(self._model if hasattr(self._model, name) else self._hear, name)

    def __call__(self, audio: Any, **options: Any) -> Any:
        """The feature extractor: the one place where the sound itself passes by."""
        start = self._pcm.find(np.round(audio[:64] * 32768).astype("<i2").tobytes()) / 2 / RATE
        end = start + len(audio) / RATE
        self._words = [
            Spoken(word.text, max(0.0, word.start - start), min(word.end, end) - start, word.ends and word.end < end)
            for word in self._script
            if min(word.end, end) - max(word.start, start) >= _LEAST_HEARD * (word.end - word.start)
        ]
        return self._hear(audio, **options)

    def encode(self, features: Any, to_cpu: bool = False) -> Any:
        self.work.passes += 1
        self.work.positions += features.shape[-1] // 2
        return self._model.encode(features, to_cpu=to_cpu)

    def generate(self, encoded: Any, prompts: Sequence[list[int]], **options: Any) -> list[Any]:
        (prompt,) = prompts
        after = max(index for index, token in enumerate(prompt) if token in self._special) + 1
        forced = prompt[after:]
        stamped = prompt[after - 1] != self._special[-1]
        self._answer = self._written(stamped)[len(self._known(forced)) :] if forced else self._written(stamped)
        count = len(forced) + len(self._answer) + 1
        options |= {"max_length": max(2 * count, after - 1 + count), "suppress_tokens": [self._end]}
        (result,) = self._model.generate(encoded, prompts, **options)
        assert len(result.sequences_ids[0]) == count, (len(result.sequences_ids[0]), count)
        self.work.tokens += count
        tokens = [*forced, *(token for token, _ in self._answer)]
        return [SimpleNamespace(sequences_ids=[tokens], scores=[-0.1], no_speech_prob=0.0)]

    def align(self, encoded: Any, start: Sequence[int], texts: Sequence[list[int]], *given: Any, **more: Any) -> Any:
        """The times of the words that are written; a forced beginning goes by those that are in the sound."""
        self._model.align(encoded, start, texts, *given, **more)
        (text,) = texts
        written = [(token, word) for token, word in self._written(stamped=False) if word is not None]
        missing = len(text) - len(written)
        starts = [0.0] * max(0, missing) + [word.start for _, word in written][max(0, -missing) :]
        starts.append(written[-1][1].end if written else 0.0)
        pairs = [(index, round(moment * _POSITIONS_PER_S)) for index, moment in enumerate(starts)]
        return [SimpleNamespace(alignments=pairs, text_token_probs=[0.9] * len(text))]

    def _written(self, stamped: bool) -> list[tuple[int, Spoken | None]]:
        """The tokens of the words in the sound; ``stamped``: each sentence between its time stamps."""
        tokens: list[tuple[int, Spoken | None]] = []
        begins = True
        for index, word in enumerate(self._words):
            if begins and stamped:
                tokens.append((self._stamp(word.start), None))
            tokens.append((self._token(f"Ġ{word.text}"), word))
            if word.ends:
                tokens.append((self._token("."), word))
            begins = word.ends
            if stamped and (word.ends or index == len(self._words) - 1):
                tokens.append((self._stamp(word.end), None))
        return tokens

    def _known(self, forced: list[int]) -> list[int]:
        """The longest beginning of what is in the sound that ``forced`` ends with."""
        inside = [token for token, _ in self._written(stamped=False)]
        fits = (n for n in range(min(len(inside), len(forced)), 0, -1) if forced[-n:] == inside[:n])
        return inside[: next(fits, 0)]

    def _stamp(self, seconds: float) -> int:
        return int(self._first_stamp + round(seconds / 0.02))
