"""What Google sends, without the differences between the versions of its interface."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from debabelizer.errors import ProviderError
from debabelizer.events import Word
from debabelizer_providers.google.library import messages
from debabelizer_providers.google.trouble import garbage

FIRM = 0.8
"""Stability from which the vendor itself calls an interim result settled."""

END_OF_SINGLE_UTTERANCE = 1
SPEECH_BEGIN = 2
SPEECH_END = 3


class Piece(msgspec.Struct, frozen=True):
    """One result. ``end``: seconds of this call's audio; 0 where it is not told."""

    text: str
    final: bool
    firm: bool
    end: float
    language: str
    words: tuple[Word, ...]


class Heard(msgspec.Struct, frozen=True):
    """One response. ``event`` 0: none. ``error``: code and words of an error inside the response (version 1)."""

    pieces: tuple[Piece, ...]
    event: int
    event_at: float | None
    error: tuple[int, str] | None


def decode(version: str, raw: bytes) -> Heard | ProviderError:
    """The response, or the error that the message is for not being one."""
    kind = messages(version)
    try:
        response = kind.response.FromString(raw)
    except (kind.Broken, UnicodeDecodeError) as problem:
        return garbage(str(problem)[:200])
    first = version == "v1"
    at = "speech_event_time" if first else "speech_event_offset"
    error = (response.error.code, response.error.message) if first and response.HasField("error") else None
    return Heard(
        tuple(_piece(result, first) for result in response.results if result.alternatives),
        int(response.speech_event_type),
        _seconds(getattr(response, at)) if response.HasField(at) else None,
        error,
    )


def _piece(result: Any, first: bool) -> Piece:
    said = result.alternatives[0]
    return Piece(
        said.transcript,
        bool(result.is_final),
        result.stability >= FIRM,
        max(0.0, _seconds(result.result_end_time if first else result.result_end_offset)),
        result.language_code,
        _words(said.words, first) if result.is_final else (),
    )


def _words(words: Sequence[Any], first: bool) -> tuple[Word, ...]:
    """Those that have times."""
    timed = []
    for word in words:
        end = word.end_time if first else word.end_offset
        if not word.word or not word.HasField("end_time" if first else "end_offset"):
            continue
        start = _seconds(word.start_time if first else word.start_offset)
        confidence = min(word.confidence, 1.0) if word.confidence > 0 else None
        speaker = word.speaker_label or (str(word.speaker_tag) if first and word.speaker_tag else None)
        timed.append(Word(word.word, max(0.0, start), max(0.0, _seconds(end)), confidence, speaker))
    return tuple(timed)


def _seconds(duration: Any) -> float:
    return float(duration.seconds) + float(duration.nanos) / 1e9
