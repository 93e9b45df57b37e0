"""The translation that comes among the tokens, kept apart from the transcript: of live speech it is told sentence by
sentence, of a recording it is a text of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from debabelizer.contract import FileSegment, FileTranscript, VendorNotice
from debabelizer.events import Joining
from debabelizer_providers.soniox import tokens as parts
from debabelizer_providers.soniox.languages import spaceless
from debabelizer_providers.soniox.wire import Token

CODE = "translation"
_SENTENCE_ENDS = frozenset(".?!…。？！")
_SENTENCES = re.compile(r"(?<=[.?!…])\s+|(?<=[。？！])")


class Translation:
    def __init__(self) -> None:
        self._text = ""
        self._language = ""

    def hear(self, token: Token) -> list[VendorNotice]:
        """What it completes: a sentence, or the last one before the language changes."""
        if not token.is_final or not token.text:
            return []
        told = self.told() if token.language and token.language != self._language else []
        self._language = token.language or self._language
        self._text += token.text
        return told + (self.told() if self._text.rstrip()[-1:] in _SENTENCE_ENDS else [])

    def told(self) -> list[VendorNotice]:
        """What there is so far."""
        said, self._text = self._text.strip(), ""
        if not said:
            return []
        return [VendorNotice(f"{self._language}: {said}" if self._language else said, CODE)]


def of_recording(tokens: Sequence[Token], into: str) -> FileTranscript:
    """A recording in the language ``into``: what was translated, at the times of the words before it, and what was said
    in that language."""
    segments = tuple(segment for run in _runs(tokens) for segment in _sentences(run, into))
    return FileTranscript(segments=segments, joining=Joining.VERBATIM if spaceless(into) else Joining.SPACE)


def _runs(tokens: Sequence[Token]) -> Iterator[list[Token]]:
    """Some words, and then their translation; or words that needed none."""
    run: list[Token] = []
    for token in tokens:
        ends = run and not token.translated and (run[-1].translated or _said_so(run[-1]) != _said_so(token))
        if ends:
            yield run
            run = []
        run.append(token)
    if run:
        yield run


def _said_so(token: Token) -> bool:
    """It was said in the language that is wanted."""
    return token.translation_status != "original" and not token.translated


def _sentences(run: Sequence[Token], into: str) -> Iterator[FileSegment]:
    """Translated words have no times: each sentence takes as much of the run as it is long."""
    text = parts.text([token for token in run if token.translated or _said_so(token)]).strip()
    start, end = parts.start_of(run), parts.end_of(run)
    at = 0
    for sentence in filter(None, _SENTENCES.split(text)):
        at = text.index(sentence, at)
        yield FileSegment(
            text=sentence,
            start=_between(start, end, at / len(text)),
            end=_between(start, end, (at + len(sentence)) / len(text)),
            language=into,
            speaker=parts.speaker_of(run),
        )
        at += len(sentence)


def _between(start: float | None, end: float | None, share: float) -> float | None:
    return None if start is None or end is None else start + share * (end - start)
