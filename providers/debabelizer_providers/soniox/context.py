"""What the user tells of the recordings: word list and background, as much of them as the vendor takes."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

from debabelizer.contract import StreamOptions
from debabelizer.errors import ConfigurationError
from debabelizer_providers._cloud.options import Chosen
from debabelizer_providers.soniox.description import (
    DESCRIPTION,
    MOST_CONTEXT,
    MOST_CONTEXT_TOKENS,
    NAME,
    WORD_LIST,
)

CHOSEN = Chosen(DESCRIPTION, "Soniox")
setting = CHOSEN.setting
_PAIRS = (
    ("facts", "general", ":", ("key", "value")),
    ("translation_terms", "translation_terms", "=", ("source", "target")),
)
"""Of a setting, the vendor's field, the sign between two halves, and the halves' names."""


def context(options: StreamOptions) -> tuple[dict[str, object], tuple[str, ...]]:
    """The vendor's ``context`` field, or nothing; and what the user should know of it. Raises ConfigurationError."""
    fitted = WORD_LIST.fit(options.vocabulary if setting(options, "vocabulary") else (), _size)
    room = MOST_CONTEXT - sum(map(_size, fitted.terms))
    notices = list(fitted.notices(DESCRIPTION.title))
    known: dict[str, object] = {"terms": fitted.terms} if fitted.terms else {}
    for key, field, sign, names in _PAIRS:
        pairs = [_pair(str(entry), sign, names) for entry in setting(options, key)]
        kept = _first(pairs, room)
        room -= sum(map(_size_of_pair, kept))
        if len(kept) < len(pairs):
            notices.append(f"Soniox takes a limited background: {len(kept)} of {len(pairs)} entries were sent.")
        if kept:
            known[field] = kept
    background = str(setting(options, "background")).strip()
    text = _beginning(background, room)
    if len(text) < len(background):
        notices.append(f"Soniox takes a limited background: its first {len(text)} characters were sent.")
    if text:
        known["text"] = text
    return {"context": known} if known else {}, tuple(notices)


def _pair(entry: str, sign: str, names: tuple[str, str]) -> dict[str, str]:
    """Raises ConfigurationError."""
    left, found, right = (part.strip() for part in entry.partition(sign))
    if not found or not left or not right:
        raise ConfigurationError(f"“{entry}” is not of the form name{sign}value.", NAME)
    return {names[0]: left, names[1]: right}


def _first(pairs: Sequence[dict[str, str]], room: int) -> Sequence[dict[str, str]]:
    """As many as fit."""
    for number, pair in enumerate(pairs):
        room -= _size_of_pair(pair)
        if room < 0:
            return pairs[:number]
    return pairs


def _beginning(text: str, room: int) -> str:
    """As much of it as fits."""
    some = text[: max(0, room)]
    while some and _size(some) > room:
        some = some[: len(some) * 9 // 10]
    return some


def _size_of_pair(pair: dict[str, str]) -> int:
    return sum(map(_size, pair.values()))


def _size(text: str) -> int:
    """In characters, or more where the text makes more tokens than that: by a safe margin, whatever the tokenizer."""
    tokens = ceil(len(text.encode("utf-8", "replace")) / 3)
    return max(len(text), ceil(tokens * MOST_CONTEXT / MOST_CONTEXT_TOKENS))
