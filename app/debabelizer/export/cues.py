"""Subtitles one can read: lines of bounded length, long enough on the screen, never two at a time.

The limits are those of the BBC's subtitle guidelines and Netflix's timed text style guide, read 2026-11-21: two lines
of 42 characters, 1 to 7 seconds, at most 20 characters a second, two frames between two subtitles.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import msgspec

from debabelizer.events import Word


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """A stretch of speech. Times in seconds; ``words`` where they are known, in the order of ``text``."""

    text: str
    start: float
    end: float
    words: tuple[Word, ...] = ()
    speaker: str | None = None


class Rules(msgspec.Struct, frozen=True, kw_only=True):
    """``line``: characters; ``lines`` of a subtitle; seconds; ``pace``: characters a second."""

    line: int = 42
    lines: int = 2
    shortest: float = 1.0
    longest: float = 7.0
    gap: float = 0.08
    pace: float = 20.0
    pause: float = 0.8
    """A silence of so many seconds ends a subtitle."""


class Cue(msgspec.Struct, frozen=True):
    """``text`` has its line breaks. ``speaker``: who says it, where that is known."""

    start: float
    end: float
    text: str
    speaker: str | None = None


class _Piece(msgspec.Struct):
    """A word with what stands before it."""

    text: str
    start: float
    end: float


_SENTENCE_ENDS = frozenset(".?!…。？！")
_CLAUSE_ENDS = _SENTENCE_ENDS | frozenset(",;:，、；：")


def cues_of(speech: Iterable[Said], rules: Rules | None = None) -> list[Cue]:
    """In order, without overlap. Every character of the speech is in one subtitle (white space is joined)."""
    rules = rules or Rules()
    drafts: list[tuple[list[_Piece], str | None]] = []
    for said in speech:
        drafts += ((pieces, said.speaker) for pieces in _groups(_pieces(said, rules), rules))
    return list(_timed(drafts, rules))


# --------------------------------------------------------------------------------------------------- words


def _pieces(said: Said, rules: Rules) -> list[_Piece]:
    text = " ".join(said.text.split())
    if not text:
        return []
    found = _by_words(text, said) or _by_length(text, said, rules)
    return [part for piece in found for part in _cut(piece, rules.line)]


def _by_words(text: str, said: Said) -> list[_Piece]:
    """The text cut where its words begin; none where the words are not those of the text."""
    starts = []
    at = 0
    for word in said.words:
        at = text.find(word.text.strip(), at)
        if at < 0:
            return []
        starts.append(at)
        at += len(word.text.strip())
    if not starts:
        return []
    starts[0] = 0
    ends = [*starts[1:], len(text)]
    return [
        _Piece(text[first:last], word.start, max(word.start, word.end))
        for first, last, word in zip(starts, ends, said.words, strict=True)
    ]


def _by_length(text: str, said: Said, rules: Rules) -> list[_Piece]:
    """Where nobody knows better, a word takes as long as it is."""
    words = [word + " " for word in text.split(" ")]
    words[-1] = words[-1][:-1]
    each = max(0.0, said.end - said.start) / len(text)
    pieces, at = [], 0
    for word in words:
        pieces.append(_Piece(word, said.start + at * each, said.start + (at + len(word.rstrip())) * each))
        at += len(word)
    return pieces


def _cut(piece: _Piece, most: int) -> Iterator[_Piece]:
    """A word longer than a line, or a sentence of a script without spaces, in lines."""
    if len(piece.text.rstrip()) <= most:
        yield piece
        return
    each = (piece.end - piece.start) / len(piece.text)
    for at in range(0, len(piece.text), most):
        part = piece.text[at : at + most]
        yield _Piece(part, piece.start + at * each, piece.start + (at + len(part)) * each)


# ------------------------------------------------------------------------------------------------ subtitles


def _groups(pieces: Sequence[_Piece], rules: Rules) -> Iterator[list[_Piece]]:
    group: list[_Piece] = []
    for piece in pieces:
        if group and _ends(group, piece, rules):
            yield group
            group = []
        group.append(piece)
    if group:
        yield group


def _ends(group: list[_Piece], piece: _Piece, rules: Rules) -> bool:
    """Whether a subtitle ends before this word."""
    if piece.start - group[-1].end >= rules.pause or piece.end - group[0].start > rules.longest:
        return True
    text = "".join(p.text for p in group)
    last = text.rstrip()[-1:]
    if last in _SENTENCE_ENDS and (group[-1].end - group[0].start >= rules.shortest or len(text) > rules.line):
        return True
    return not _fits(text + piece.text, rules)


def _fits(text: str, rules: Rules) -> bool:
    return len(_wrapped(text.strip(), rules)) <= rules.lines


def _wrapped(text: str, rules: Rules) -> list[str]:
    """The text in lines; two lines are of about one length, and broken after a comma rather than within a phrase."""
    if len(text) <= rules.line:
        return [text]
    if len(text) <= 2 * rules.line + 1 and (at := _middle(text, rules.line)):
        return [text[:at].rstrip(), text[at:].lstrip()]
    lines = []
    while len(text) > rules.line:
        at = text.rfind(" ", 0, rules.line + 1)
        at = at if at > 0 else rules.line
        lines.append(text[:at].rstrip())
        text = text[at:].lstrip()
    return [*lines, text] if text else lines


def _middle(text: str, line: int) -> int | None:
    """Where to break in two, if that can be done."""
    places = [at for at, c in enumerate(text) if c == " " and at <= line and len(text) - at - 1 <= line]
    if " " not in text and len(text) <= 2 * line:
        return min(line, (len(text) + 1) // 2)
    middle = len(text) / 2
    return min(places, key=lambda at: abs(at - middle) - (8 if text[at - 1] in _CLAUSE_ENDS else 0), default=None)


# -------------------------------------------------------------------------------------------------- timing


def _timed(drafts: list[tuple[list[_Piece], str | None]], rules: Rules) -> Iterator[Cue]:
    """A subtitle stays long enough to be read, as far as the next one leaves room for it."""
    after = 0.0
    for n, (pieces, speaker) in enumerate(drafts):
        lines = _wrapped("".join(p.text for p in pieces).strip(), rules)
        start = max(after, pieces[0].start)
        said = max(pieces[-1].end, start)
        wanted = min(max(rules.shortest, sum(map(len, lines)) / rules.pace), rules.longest)
        following = drafts[n + 1][0][0].start - rules.gap if n + 1 < len(drafts) else float("inf")
        end = max(said, min(start + wanted, following), start + 0.1)
        if said > following:  # two speak at a time
            end = max(following, start + 0.1)
        yield Cue(start, end, "\n".join(lines), speaker)
        after = end
