"""Whole recordings: the bytes as they are to ``/v1/listen``, one answer with utterances and every word's time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

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
from debabelizer.errors import RateLimitError, StreamingError
from debabelizer_providers._cloud.unreadable import of_the_recording
from debabelizer_providers.deepgram.connect import (
    api_key,
    authorization,
    base_url,
    codes,
    setting,
    shared,
    terms,
    token,
    token_request,
)
from debabelizer_providers.deepgram.description import NAME
from debabelizer_providers.deepgram.file_settings import LARGEST, MOST_CHANNELS
from debabelizer_providers.deepgram.languages import OTHER_MODEL, TALENTS, Talents, spaceless
from debabelizer_providers.deepgram.trouble import garbage, http_error
from debabelizer_providers.deepgram.wire import Alternative, WireWord, timed_words

if TYPE_CHECKING:
    import httpx

PATH = "/v1/listen"
_FLAGS = ("punctuate", "smart_format", "dictation", "filler_words")
_TIMEOUT = 504

Pair = tuple[str, str]


def limits(options: StreamOptions) -> FileLimits:
    """The vendor reads any usual container, and cuts nothing."""
    channels = MOST_CHANNELS if setting(options, "file_channels") else 1
    return FileLimits(accepts=frozenset(Container), size=LARGEST, channels=channels, parallel=4)


async def transcribe(recording: Recording, options: StreamOptions, desk: FileDesk, tell: Tell) -> FileTranscript:
    """Raises ConfigurationError, UnsupportedLanguageError, what the vendor refuses, and what httpx raises."""
    pairs, notices = query(options, recording.channels)
    key, base = api_key(options), base_url(options)
    headers = authorization(key)
    if setting(options, "short_lived_token"):
        headers = {"Authorization": f"Bearer {await _token(desk.http, base, key)}"}
    tell(FileProgress(0.0))
    answer = await desk.http.post(
        f"{base}{PATH}?{urlencode(pairs, quote_via=quote)}",
        headers={
            **headers,
            "Content-Type": recording.container.media_type,
            "Content-Length": str(recording.size),
        },
        content=recording.chunks(),
    )
    _check(answer)
    return read(answer.content, notices, dict(pairs).get("language"))


async def _token(http: httpx.AsyncClient, base: str, key: str) -> str:
    request = token_request(base, key)
    answer = await http.request(request.method, request.url, headers=dict(request.headers), content=request.body)
    return token(answer.status_code, answer.content)


def _check(answer: httpx.Response) -> None:
    if answer.status_code == 200:
        return
    error = http_error(answer.status_code, answer.content)
    if answer.status_code == _TIMEOUT:
        words = f" ({error.vendor_message})" if error.vendor_message else ""
        message = f"Deepgram gave up: this recording takes it too long.{words}"
        raise StreamingError(message, NAME, error.code, vendor_message=error.vendor_message)
    if isinstance(error, RateLimitError):
        error.retry_after = seconds_of(answer.headers.get("retry-after"))
    raise of_the_recording(error, "Deepgram")


# ---------------------------------------------------------------------------------------------- the question


def query(options: StreamOptions, channels: int = 1) -> tuple[list[Pair], tuple[str, ...]]:
    """What is asked for, and what the user should know. Raises as :func:`transcribe`."""
    model = str(setting(options, "file_other_model")).strip() or str(setting(options, "file_model"))
    talents = TALENTS.get(model, OTHER_MODEL)
    fitting, notices = terms(options, talents)
    diarize = str(setting(options, "file_diarize"))
    pairs = [
        ("model", model),
        *_language(options, talents, model),
        ("utterances", "true"),
        ("utt_split", f"{setting(options, 'file_pause_s'):g}"),
        *((flag, "true") for flag in _FLAGS if setting(options, flag)),
        *((talents.terms, term) for term in fitting),
        *(("replace", str(pair)) for pair in setting(options, "replace")),
        *shared(options),
    ]
    if diarize != "off":
        pairs.append(("diarize_model", diarize))
    if setting(options, "file_channels") and channels > 1:
        pairs.append(("multichannel", "true"))
    if setting(options, "file_measurements"):
        pairs.append(("measurements", "true"))
    version = str(setting(options, "version")).strip()
    if version and model == setting(options, "model"):
        pairs.append(("version", version))
    return pairs, notices


def _language(options: StreamOptions, talents: Talents, model: str) -> Iterator[Pair]:
    """One language as it is. Several, or none: found out among them, or expected mixed."""
    mixed = setting(options, "file_language") == "multi" and bool(talents.mixed)
    chosen = codes(options.languages, talents, model, mixed=mixed)
    alone = len({code.partition("-")[0] for code in talents.languages}) == 1
    if len(chosen) == 1:
        yield "language", chosen[0]
    elif mixed:
        yield "language", "multi"
        if setting(options, "language_hints"):
            yield from (("language_hint", code) for code in chosen)
    elif chosen:
        yield from (("detect_language", code) for code in chosen)
    elif not alone:
        yield "detect_language", "true"


# ------------------------------------------------------------------------------------------------ the answer


class _Utterance(Alternative):
    start: float | None = None
    end: float | None = None
    channel: int | None = None
    speaker: int | None = None


class _Channel(msgspec.Struct):
    alternatives: list[Alternative] = []
    detected_language: str | None = None


class _Results(msgspec.Struct):
    channels: list[_Channel] = []
    utterances: list[_Utterance] | None = None


class _Metadata(msgspec.Struct, frozen=True):
    request_id: str | None = None


class _Answer(msgspec.Struct):
    results: _Results
    metadata: _Metadata = _Metadata()


def read(body: bytes, notices: tuple[str, ...] = (), language: str | None = None) -> FileTranscript:
    """``language``: what was asked for. Raises StreamingError for what is no answer."""
    try:
        answer = msgspec.json.decode(body, type=_Answer)
    except (ValueError, RecursionError) as problem:
        raise garbage(str(problem)[:200] or "not JSON") from problem
    results = answer.results
    asked = None if language == "multi" else language
    several = len(results.channels) > 1
    spoken = [_spoken(channel) or asked for channel in results.channels]
    whole = [
        _Utterance(**msgspec.structs.asdict(said), channel=at) for at, said in enumerate(map(_best, results.channels))
    ]
    segments = [
        segment
        for utterance in results.utterances or whole
        for segment in _segments(utterance, _of(spoken, utterance.channel), several=several)
    ]
    return FileTranscript(
        segments=tuple(sorted(segments, key=lambda segment: segment.start or 0.0)),
        language=_of(spoken, 0),
        notices=notices,
        vendor_id=answer.metadata.request_id,
    )


def _best(channel: _Channel) -> Alternative:
    return channel.alternatives[0] if channel.alternatives else Alternative()


def _spoken(channel: _Channel) -> str | None:
    languages = _best(channel).languages
    return channel.detected_language or (languages[0] if languages else None)


def _of(spoken: Sequence[str | None], channel: int | None) -> str | None:
    return spoken[channel] if channel is not None and 0 <= channel < len(spoken) else None


def _segments(said: _Utterance, language: str | None, *, several: bool) -> Iterator[FileSegment]:
    """One, or one for each speaker where they take turns in it."""
    channel = said.channel if several else None
    language = said.languages[0] if said.languages else language
    speakers = [word.speaker for word in said.words]
    if len(set(speakers)) > 1:
        for speaker, group in groupby(said.words, key=lambda word: word.speaker):
            words = list(group)
            gap = "" if spaceless(language or "") else " "
            text = gap.join(filter(None, (word.punctuated_word or word.word for word in words)))
            yield from _segment(text, words, words[0].start, words[-1].end, speaker, channel, language)
        return
    start = said.words[0].start if said.start is None and said.words else said.start
    end = said.words[-1].end if said.end is None and said.words else said.end
    speaker = said.speaker if said.speaker is not None or not speakers else speakers[0]
    yield from _segment(said.transcript, said.words, start, end, speaker, channel, language)


def _segment(
    text: str,
    words: Sequence[WireWord],
    start: float | None,
    end: float | None,
    speaker: int | None,
    channel: int | None,
    language: str | None,
) -> Iterator[FileSegment]:
    text = text.strip()
    if not text:
        return
    yield FileSegment(
        text=text,
        start=start,
        end=end,
        language=language,
        speaker=None if speaker is None else str(speaker),
        channel=channel,
        words=timed_words(words, 0.0, float("inf")),
    )
