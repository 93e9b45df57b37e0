"""What the model wrote but nobody said: silence, loops, echoes of the prompt, well-known inventions. Pure.

Thresholds of no-speech probability, log probability and compression are those of the reference implementation
(openai/whisper, ``transcribe.py``); the rest was chosen here.
"""

from __future__ import annotations

import math
import zlib
from collections.abc import Sequence

import msgspec

from debabelizer_providers.whisper.agreement import HeardWord, bare, text_of

NO_SPEECH = 0.6
LEAST_LOGPROB = -1.0
MOST_COMPRESSION = 2.4
LEAST_VOICED_S = 0.1
"""Less speech than that in a window is a click."""
FASTEST = 12.0
"""Words per second of speech that nobody reaches."""
_LONGEST_LOOP = 12
_HEAP = 3
_HEAP_S = 0.1
"""So many words that begin within that time are a heap."""
_HASTY = 6.0
"""Words per second of somebody in a great hurry."""
_FEW_VOICED_S = 0.35

_INVENTIONS = frozenset(
    bare(line)
    for line in (
        "you", "bye", "thank you", "thank you very much", "thanks for watching", "thank you for watching",
        "please subscribe", "like and subscribe", "subtitles by the amara.org community", "the end",
        "продолжение следует", "спасибо за просмотр", "субтитры сделал dimatorzok", "субтитры создавал dimatorzok",
        "untertitel der amara.org-community", "vielen dank", "sous-titres réalisés par la communauté d'amara.org",
        "merci d'avoir regardé", "subtítulos realizados por la comunidad de amara.org", "ご視聴ありがとうございました",
        "請不吝點贊 訂閱 轉發 打賞支持明鏡與點點欄目", "字幕由amara.org社区提供", "시청해주셔서 감사합니다",
    )
)  # fmt: skip


class Pass(msgspec.Struct, frozen=True, kw_only=True):
    """One run of the model over a window; word times are seconds from the window's start."""

    words: tuple[HeardWord, ...] = ()
    no_speech: float = 0.0
    logprob: float = 0.0
    """Mean over the tokens."""
    language: str = "en"
    """Whisper's own code."""


def compression(text: str) -> float:
    data = text.encode()
    return len(data) / len(zlib.compress(data)) if data else 0.0


def nonsense(heard: Pass) -> bool:
    """What a graphics card with broken arithmetic gives: no number at all, or one mark over and over."""
    if not math.isfinite(heard.logprob):
        return True
    text = text_of(heard.words).replace(" ", "")
    return len(text) >= 4 and len(set(text)) == 1 and not text[0].isalnum()


def doubtful(heard: Pass) -> bool:
    """Whether another try, at a higher temperature, may do better: a loop, or words that hardly fit the sound."""
    if compression(text_of(heard.words)) > MOST_COMPRESSION:
        return True
    return heard.logprob < LEAST_LOGPROB and heard.no_speech <= NO_SPEECH


def said(heard: Pass, voiced_s: float, prompt: str = "") -> tuple[HeardWord, ...]:
    """The words worth believing. ``voiced_s``: seconds of speech the detector found in the window."""
    if not heard.words or voiced_s < LEAST_VOICED_S or nonsense(heard):
        return ()
    if heard.no_speech > NO_SPEECH and heard.logprob < LEAST_LOGPROB:
        return ()
    doubtful = voiced_s < _FEW_VOICED_S or heard.no_speech > NO_SPEECH or heard.logprob < LEAST_LOGPROB
    words = without_loop(heard.words)
    text = bare(text_of(words))
    if doubtful and ((text in _INVENTIONS and not _confident(words)) or _echoes(words, prompt)):
        return ()
    most = max(3, math.ceil(voiced_s * FASTEST))
    return tuple(words[:most])


def without_loop(words: Sequence[HeardWord]) -> Sequence[HeardWord]:
    """Cuts a phrase repeated over and over down to its first time. "No, no, no" may be said; the same word eight
    times or the same phrase five times in a row, or faster than anyone speaks, is the model's needle stuck."""
    forms = [bare(word.text) for word in words]
    for size in range(1, min(_LONGEST_LOOP, len(forms) // 3) + 1):
        for start in range(len(forms) - 3 * size + 1):
            times = _repeats(forms, start, size)
            if times < 3:
                continue
            end = start + times * size
            taken = words[end - 1].end - words[start].start
            if times >= (8 if size == 1 else 5) or taken < times * size / FASTEST:
                return without_loop([*words[: start + size], *words[end:]])
    return words


def without_overrun(words: Sequence[HeardWord]) -> Sequence[HeardWord]:
    """Cuts off what was written after the sound had ended. Such words have no sound of their own, so their times lie in
    heaps, and from the first heap on they are more than anyone speaks in that time."""
    for start in range(len(words) - _HEAP + 1):
        heaped = words[start + _HEAP - 1].start - words[start].start < _HEAP_S
        if heaped and len(words) - start > _HASTY * (words[-1].start - words[start].start) + 2:
            return words[:start]
    return words


def _repeats(forms: Sequence[str], start: int, size: int) -> int:
    phrase = forms[start : start + size]
    times = 1
    while forms[start + times * size : start + (times + 1) * size] == phrase:
        times += 1
    return times


def _confident(words: Sequence[HeardWord]) -> bool:
    return sum(word.probability for word in words) / len(words) > 0.7


def _echoes(words: Sequence[HeardWord], prompt: str) -> bool:
    """Three words or more that stand in the prompt just so."""
    forms = [bare(word.text) for word in words]
    given = [bare(word) for word in prompt.split()]
    size = len(forms)
    return size >= 3 and any(given[i : i + size] == forms for i in range(len(given) - size + 1))
