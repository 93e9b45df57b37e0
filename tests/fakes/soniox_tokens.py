"""Words as the local Soniox writes them: tokens smaller than a word, that carry their own spaces."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fakes.recognisers import Heard
from fakes.soniox_rules import Config

Token = dict[str, Any]


class Writer:
    """Of one connection: its first word has no space before it."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self.begun = False

    def tokens(self, words: Sequence[Heard], base_s: float, *, final: bool) -> list[Token]:
        """``base_s``: seconds of the connection at which the words' own times begin."""
        tokens: list[Token] = []
        for number, word in enumerate(words):
            space = "" if self._config.spaceless or not (self.begun or number) else " "
            tokens += self._word(space, word, base_s, final=final)
        self.begun = self.begun or (final and bool(words))
        return tokens

    def _word(self, space: str, word: Heard, base_s: float, *, final: bool) -> list[Token]:
        half = (len(word.text) + 1) // 2
        middle = (word.start + word.end) / 2
        pieces = [(space + word.text[:half], word.start, middle), (word.text[half:], middle, word.end)]
        return [self._token(text, base_s + start, base_s + end, final=final) for text, start, end in pieces if text]

    def _token(self, text: str, start_s: float, end_s: float, *, final: bool) -> Token:
        token: Token = {
            "text": text,
            "start_ms": round(start_s * 1000),
            "end_ms": round(end_s * 1000),
            "confidence": 0.97,
            "is_final": final,
        }
        if self._config.on("enable_speaker_diarization"):
            token["speaker"] = "1"
        if self._config.on("enable_language_identification"):
            token["language"] = self._config.language
        if self._config.translates_into:
            token["translation_status"] = "original"
        return token

    def translation(self, text: str) -> list[Token]:
        """Of a whole segment. It has no times, and comes when it comes."""
        return [
            {
                "text": piece,
                "confidence": 0.9,
                "is_final": True,
                "language": self._config.translates_into,
                "source_language": self._config.language,
                "translation_status": "translation",
            }
            for piece in (f" {word.upper()}" for word in f"{text}.".split())
        ]


def mark(text: str) -> Token:
    return {"text": text, "is_final": True, "confidence": 1.0}
