"""What comes back for a recording: three forms of JSON, plain text, or a stream of events."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence

import msgspec

from debabelizer.contract import FileProgress, FileSegment, FileTranscript, Tell
from debabelizer.events import Word
from debabelizer_providers.openai.file_settings import LANGUAGE_NAMES
from debabelizer_providers.openai.trouble import WireError, garbage, vendor_error


class _Code(msgspec.Struct):
    code: str | None = None


class _WireWord(msgspec.Struct):
    word: str = ""
    start: float | None = None
    end: float | None = None


class _WireSegment(msgspec.Struct):
    text: str = ""
    start: float | None = None
    end: float | None = None
    speaker: str | None = None


class _Answer(msgspec.Struct):
    """``json``, ``verbose_json`` and ``diarized_json`` in one."""

    text: str | None = None
    language: str | None = None
    languages: list[_Code] | None = None
    segments: list[_WireSegment] | None = None
    words: list[_WireWord] | None = None


class _Event(msgspec.Struct):
    type: str = ""
    delta: str | None = None
    text: str | None = None
    start: float | None = None
    end: float | None = None
    speaker: str | None = None
    error: WireError | None = None


def read(body: bytes, content_type: str, notices: tuple[str, ...] = ()) -> FileTranscript:
    """A whole answer. Raises StreamingError for what is none."""
    if content_type.startswith("text/plain") and not body.lstrip().startswith(b"{"):
        return _transcript(_Answer(text=body.decode("utf-8", "replace")), notices)
    try:
        answer = msgspec.json.decode(body, type=_Answer)
    except (ValueError, RecursionError) as problem:
        raise garbage(str(problem)[:200] or "not JSON") from problem
    if answer.text is None and not answer.segments:
        raise garbage("an answer without a text")
    return _transcript(answer, notices)


async def read_events(lines: AsyncIterator[str], tell: Tell, notices: tuple[str, ...] = ()) -> FileTranscript:
    """A streamed answer, up to its ``done``, ``[DONE]`` or end, whichever comes first; ``tell`` gets the text so far.
    Raises the vendor's errors, StreamingError for garbage."""
    text, final = "", None
    segments: list[_WireSegment] = []
    async for data in _events(lines):
        if data == "[DONE]":
            break
        event = _event(data)
        if event.error is not None:
            raise vendor_error(event.error)
        match event.type:
            case "transcript.text.delta":
                text += event.delta or ""
                tell(FileProgress(text=text))
            case "transcript.text.segment":
                segments.append(_WireSegment(event.text or "", event.start, event.end, event.speaker))
                tell(FileProgress(text=text or " ".join(segment.text.strip() for segment in segments)))
            case "transcript.text.done":
                final = event.text
                break
            case _:  # new kinds appear
                continue
    if final is None and not text and not segments:
        raise garbage("a stream that ended without a text")
    return _transcript(_Answer(text=text if final is None else final, segments=segments or None), notices)


async def _events(lines: AsyncIterator[str]) -> AsyncIterator[str]:
    """The data of each event; several lines of one event belong together."""
    data: list[str] = []
    async for line in lines:
        if line.startswith("data:"):
            data.append(line[5:].removeprefix(" "))
        elif not line and data:
            yield "\n".join(data)
            data.clear()
    if data:
        yield "\n".join(data)


def _event(data: str) -> _Event:
    try:
        return msgspec.json.decode(data, type=_Event)
    except (ValueError, RecursionError) as problem:
        raise garbage(str(problem)[:200]) from problem


def _transcript(answer: _Answer, notices: tuple[str, ...]) -> FileTranscript:
    named = [answer.language, *(one.code for one in answer.languages or ())]
    language = next((tag for tag in map(_tag, named) if tag), None)
    if answer.segments:
        segments = _with_words(answer.segments, answer.words or (), language)
    else:
        words = _timed(answer.words or ())
        text = (answer.text or "").strip()
        span = (words[0].start, words[-1].end) if words else (None, None)
        segments = [FileSegment(text=text, start=span[0], end=span[1], language=language, words=words)] if text else []
    return FileTranscript(segments=tuple(segments), language=language, notices=notices)


def _with_words(given: Sequence[_WireSegment], words: Sequence[_WireWord], language: str | None) -> list[FileSegment]:
    """Words are listed apart from the segments: each belongs to the one it begins in."""
    waiting = list(_timed(words))
    known = any(segment.start or segment.end for segment in given)  # some servers send zeros for all times
    segments = []
    for number, segment in enumerate(given):
        text = segment.text.strip()
        end = given[number + 1].start if number + 1 < len(given) else None
        mine: list[Word] = []
        while waiting and (end is None or waiting[0].start < end):
            mine.append(waiting.pop(0))
        if text:
            segments.append(
                FileSegment(
                    text=text,
                    start=segment.start if known else None,
                    end=segment.end if known else None,
                    language=language,
                    speaker=segment.speaker,
                    words=tuple(msgspec.structs.replace(word, speaker=segment.speaker) for word in mine),
                )
            )
    return segments


def _timed(words: Sequence[_WireWord]) -> tuple[Word, ...]:
    found = []
    for word in words:
        if word.word.strip() and word.start is not None and word.end is not None:
            start = max(0.0, word.start)
            found.append(Word(word.word.strip(), start, max(start, word.end)))
    return tuple(found) if any(word.end for word in found) else ()


def _tag(name: str | None) -> str | None:
    """BCP 47 of a code, or of the language's English name."""
    if not name:
        return None
    name = name.strip().lower()
    return LANGUAGE_NAMES.get(name) or (name if len(name) == 2 and name.isascii() and name.isalpha() else None)
