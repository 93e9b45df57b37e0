"""Whole recordings: one form to ``/stt``, one answer with the text and the time of every word."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import msgspec

from debabelizer.contract import (
    Container,
    FileDesk,
    FileLimits,
    FileProgress,
    FileSegment,
    FileTranscript,
    Recording,
    StreamOptions,
    Tell,
    seconds_of,
)
from debabelizer.errors import RateLimitError
from debabelizer.events import Word
from debabelizer_providers.cartesia import wire
from debabelizer_providers.cartesia.connect import Plan, file_plan, headers, setting, token, token_request
from debabelizer_providers.cartesia.trouble import garbage, http_error

if TYPE_CHECKING:
    import httpx

PATH = "/stt"
LARGEST = 2 * 1000**3
"""Bytes."""
_ACCEPTS = frozenset(
    {
        Container.FLAC,
        Container.M4A,
        Container.MP3,
        Container.MP4,
        Container.OGG,
        Container.WAV,
        Container.WEBM,
    }
)
_GAP_S = 1.0
"""A silence that long ends a segment."""
_SENTENCE_ENDS = (".", "?", "!", "…", "。", "？", "！", "।", "؟")
_LONG_S = 12.0
"""A segment this long ends with its sentence."""


def limits() -> FileLimits:
    """The vendor cuts long recordings by itself."""
    return FileLimits(accepts=_ACCEPTS, size=LARGEST)


async def transcribe(recording: Recording, options: StreamOptions, desk: FileDesk, tell: Tell) -> FileTranscript:
    """Raises ConfigurationError, UnsupportedLanguageError, what the vendor refuses, and what httpx raises."""
    wanted = file_plan(options)
    secret = await _token(desk.http, wanted) if wanted.by_token else wanted.key
    tell(FileProgress(0.0))
    with recording.open() as file:
        answer = await desk.http.post(
            wanted.base_url + PATH,
            headers=headers(wanted, secret),
            data={"model": wanted.model, "language": wanted.language, "timestamp_granularities[]": "word"},
            files={"file": (recording.name, file, recording.container.media_type)},
        )
    _check(answer)
    notices = [text for text, _ in wanted.notices]
    if options.vocabulary and setting(options, "vocabulary"):
        notices.append("Cartesia takes no word list for recordings: yours was not sent.")
    return read(answer.content, wanted.language, tuple(notices))


async def _token(http: httpx.AsyncClient, wanted: Plan) -> str:
    request = token_request(wanted)
    answer = await http.request(request.method, request.url, headers=dict(request.headers), content=request.body)
    return token(answer.status_code, answer.content)


def _check(answer: httpx.Response) -> None:
    if answer.status_code == 200:
        return
    error = http_error(answer.status_code, answer.content)
    if isinstance(error, RateLimitError):
        error.retry_after = seconds_of(answer.headers.get("retry-after"))
    raise error


# ------------------------------------------------------------------------------------------------- the answer


class _Answer(msgspec.Struct):
    text: str
    language: str | None = None
    words: list[wire.WireWords] | None = None
    request_id: str | None = None


def read(body: bytes, language: str, notices: tuple[str, ...] = ()) -> FileTranscript:
    """Raises StreamingError for what is no answer."""
    try:
        answer = msgspec.json.decode(body, type=_Answer)
    except (ValueError, RecursionError) as problem:
        raise garbage(str(problem)[:200] or "not JSON") from problem
    spoken = answer.language or language
    return FileTranscript(
        segments=tuple(_segments(answer, spoken)),
        language=spoken,
        notices=notices,
        vendor_id=answer.request_id,
    )


def _segments(answer: _Answer, language: str) -> Iterator[FileSegment]:
    """A new one after a silence, and at a sentence's end where it has grown long; the text stays as it is written. One
    for all where the words are not those of the text."""
    words = _words(answer.words)
    places = _places(answer.text, words)
    if not places:
        text = answer.text.strip()
        span = (words[0].start, words[-1].end) if words else (None, None)
        if text:
            yield FileSegment(text=text, start=span[0], end=span[1], language=language, words=words)
        return
    first = 0
    for number in range(1, len(words) + 1):
        if number < len(words) and not _breaks(answer.text[places[first] : places[number]], words[first : number + 1]):
            continue
        begin = places[first] if first else 0
        end = places[number] if number < len(words) else len(answer.text)
        group = words[first:number]
        text = answer.text[begin:end].strip()
        yield FileSegment(text=text, start=group[0].start, end=group[-1].end, language=language, words=group)
        first = number


def _words(given: Sequence[wire.WireWords] | None) -> tuple[Word, ...]:
    """In the order of time, none ending before it begins."""
    found: list[Word] = []
    for text, start, end in wire.timed(given):
        begin = max(start, found[-1].start if found else 0.0)
        if text.strip():
            found.append(Word(text.strip(), begin, max(begin, end)))
    return tuple(found)


def _places(text: str, words: Sequence[Word]) -> list[int]:
    """Where in the text each word begins; nothing where not all are found in their order."""
    places: list[int] = []
    at = 0
    for word in words:
        found = text.find(word.text, at)
        if found < 0:
            return []
        places.append(found)
        at = found + len(word.text)
    return places


def _breaks(text: str, words: Sequence[Word]) -> bool:
    """Whether ``text``, of all ``words`` but the last, is a segment of its own."""
    *spoken, following = words
    finished = text.rstrip().endswith(_SENTENCE_ENDS)
    long = finished and spoken[-1].end - spoken[0].start >= _LONG_S
    return long or following.start - spoken[-1].end >= _GAP_S
