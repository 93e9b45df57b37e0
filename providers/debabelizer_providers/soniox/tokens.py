"""Text from tokens: segments, words, and where a long segment may be cut. Pure functions; times are seconds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from debabelizer.events import Joining, Word
from debabelizer_providers.soniox.languages import spaceless
from debabelizer_providers.soniox.wire import Token

_SENTENCE_ENDS = ".?!…。？！"
_CLOSES = frozenset(".,;:!?…%)]}»”’。、，！？")
_LONG_S = 6.0
"""From here on a segment is cut after a sentence ..."""
_TOO_LONG_S = 15.0
"""... and from here on between any two words."""
_PAUSE_S = 0.3
_MOST_TOKENS = 1000


def text(tokens: Sequence[Token]) -> str:
    return "".join(token.text for token in tokens)


def joining(tokens: Sequence[Token], language: str) -> Joining:
    """How a segment that begins so joins the one before. ``language``: where the tokens name none.

    Soniox puts a space before a word unless it is the first of the connection; that one joins with a space, too.
    """
    first = tokens[0]
    if first.text[:1].isspace():
        return Joining.SPACE
    closes = first.text[:1] in _CLOSES
    return Joining.VERBATIM if closes or spaceless(first.language or language) else Joining.SPACE


def language_of(tokens: Sequence[Token]) -> str | None:
    """That of most of the text."""
    count: Counter[str] = Counter()
    for token in tokens:
        if token.language:
            count[token.language] += len(token.text)
    return count.most_common(1)[0][0] if count else None


def start_of(tokens: Sequence[Token]) -> float | None:
    return next((token.start_ms / 1000 for token in tokens if token.start_ms is not None), None)


def end_of(tokens: Sequence[Token]) -> float | None:
    return next((token.end_ms / 1000 for token in reversed(tokens) if token.end_ms is not None), None)


def speaker_of(tokens: Sequence[Token]) -> str | None:
    return next((str(token.speaker) for token in tokens if token.speaker is not None), None)


def sentences(tokens: Sequence[Token], language: str) -> list[list[Token]]:
    """A whole recording in parts of one speaker each: sentences, or what stands between pauses where those are long."""
    parts: list[list[Token]] = []
    for word in _groups(tokens, language):
        last = parts[-1] if parts else []
        if not last or _parted(last, word):
            parts.append(list(word))
        else:
            last += word
    return parts


def _parted(before: Sequence[Token], word: Sequence[Token]) -> bool:
    if _last_sign(before, len(before)) in _SENTENCE_ENDS or speaker_of(word) != speaker_of(before):
        return True
    start, end, begin = start_of(before), end_of(before), start_of(word)
    if start is None or end is None or begin is None:
        return False
    return end - start > _TOO_LONG_S and begin - end > _PAUSE_S


def words(tokens: Sequence[Token], language: str, heard: float) -> tuple[Word, ...]:
    """Those that have times, none of them beyond ``heard``."""
    timed = (_word(group, heard) for group in _groups(tokens, language))
    return tuple(word for word in timed if word is not None)


def cut_place(tokens: Sequence[Token], language: str) -> int | None:
    """The token before which a segment that has grown long ends; None where it need or can not.

    After the last sentence, or at the longest pause. What stands behind the last beginning of a word may go on. Only
    where times tell which audio that is, unless there is no end of tokens without times.
    """
    start, end = start_of(tokens), end_of(tokens)
    seconds = 0.0 if start is None or end is None else end - start
    flood = len(tokens) > _MOST_TOKENS
    if seconds < _LONG_S and not flood:
        return None
    places = [place for place in range(1, len(tokens)) if _begins_word(tokens, place, language)]
    timed = [place for place in places if pause_before(tokens, place) is not None]
    sentences = [place for place in timed if _last_sign(tokens, place) in _SENTENCE_ENDS]
    if sentences:
        return sentences[-1]
    if timed and (seconds >= _TOO_LONG_S or flood):
        return max(timed, key=lambda place: (pause_before(tokens, place) or 0.0, place))
    return places[-1] if places and flood else None


def pause_before(tokens: Sequence[Token], place: int) -> float | None:
    """Seconds between a token and the one before; None where their times are missing or make no sense."""
    before, after = tokens[place - 1].end_ms, tokens[place].start_ms
    return None if before is None or after is None or after < before else (after - before) / 1000


def _last_sign(tokens: Sequence[Token], place: int) -> str:
    """Of what stands before a place."""
    said = (tokens[i].text.rstrip() for i in range(place - 1, -1, -1))
    return next((text[-1] for text in said if text), " ")


def _begins_word(tokens: Sequence[Token], place: int, language: str) -> bool:
    token = tokens[place]
    if not token.text.strip():
        return False
    if token.text[:1].isspace() or tokens[place - 1].text[-1:].isspace():
        return True
    return spaceless(token.language or language) and token.text[:1].isalnum()


def _groups(tokens: Sequence[Token], language: str) -> list[list[Token]]:
    groups: list[list[Token]] = []
    for place, token in enumerate(tokens):
        if not groups or _begins_word(tokens, place, language):
            groups.append([])
        groups[-1].append(token)
    return groups


def _word(tokens: Sequence[Token], heard: float) -> Word | None:
    said, start, end = text(tokens).strip(), start_of(tokens), end_of(tokens)
    if not said or start is None or end is None:
        return None
    sure = [token.confidence for token in tokens if token.confidence is not None]
    start = min(max(start, 0.0), heard)
    confidence = min(max(min(sure), 0.0), 1.0) if sure else None
    return Word(said, start, min(max(end, start), heard), confidence, speaker_of(tokens))
