"""Whole recordings: one form to ``/v1/speech-to-text``, one answer with every word and its time."""

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
    Fitted,
    Recording,
    StreamOptions,
    Tell,
    seconds_of,
)
from debabelizer.errors import ProviderError, RateLimitError
from debabelizer_providers._cloud.unreadable import of_the_recording
from debabelizer_providers.elevenlabs.connect import (
    api_key,
    base_url,
    check_afterwards,
    model_of,
    setting,
    token,
    token_request,
    vendor_language,
)
from debabelizer_providers.elevenlabs.description import DESCRIPTION
from debabelizer_providers.elevenlabs.file_settings import (
    FILE_WORD_LIST,
    FORBIDDEN_IN_KEYTERMS,
    LARGEST,
    LONGEST_S,
    MOST_CHANNELS,
)
from debabelizer_providers.elevenlabs.languages import ISO_639_3
from debabelizer_providers.elevenlabs.trouble import garbage, http_error
from debabelizer_providers.elevenlabs.wire import WireWord, timed_words

if TYPE_CHECKING:
    import httpx

PATH = "/v1/speech-to-text"
_GAP_S = 1.0
"""A silence that long ends a segment."""
_SENTENCE_ENDS = (".", "?", "!", "…", "。", "？", "！", "।", "؟")
_LONG_S = 12.0
"""A segment this long ends with its sentence."""

Field = tuple[str, str]


def limits(options: StreamOptions) -> FileLimits:
    return FileLimits(
        accepts=frozenset(Container),
        size=LARGEST,
        seconds=LONGEST_S,
        channels=MOST_CHANNELS if setting(options, "file_channels") else 1,
        parallel=4,
    )


async def transcribe(recording: Recording, options: StreamOptions, desk: FileDesk, tell: Tell) -> FileTranscript:
    """Raises ConfigurationError, UnsupportedLanguageError, what the vendor refuses, and what httpx raises."""
    fields, notices = form(options, recording.channels)
    key, base = api_key(options), base_url(options)
    query = {} if setting(options, "logging") else {"enable_logging": "false"}
    headers = {"xi-api-key": key}
    if setting(options, "single_use_token"):
        query["token"] = await _token(desk.http, base, key)
        headers = {}
    tell(FileProgress(0.0))
    with recording.open() as file:
        answer = await desk.http.post(
            base + PATH,
            params=query,
            headers=headers,
            data=_grouped(fields),
            files={"file": (recording.name, file, recording.container.media_type)},
        )
    if answer.status_code != 200:
        raise _refusal(answer)
    return read(answer.content, notices)


def form(options: StreamOptions, channels: int = 1) -> tuple[list[Field], tuple[str, ...]]:
    """The fields beside the file, and what the user should know. Raises as :func:`transcribe`."""
    model = model_of(options, "file_")
    newest = model.startswith("scribe_v3")
    apart = bool(setting(options, "file_channels")) and channels > 1
    terms, notices = _keyterms(options)
    languages, told = _languages(options.languages, newest=newest)
    fields = [
        ("model_id", model),
        ("timestamps_granularity", "word"),
        ("tag_audio_events", _flag(setting(options, "file_audio_events"))),
        *languages,
        *(("keyterms", term) for term in terms),
        *_speakers(options, apart),
        *_afterwards(options, apart),
    ]
    if setting(options, "no_verbatim"):
        fields.append(("no_verbatim", "true"))
    if setting(options, "file_numbers"):
        if newest:
            fields.append(("numbers_format", str(setting(options, "file_numbers"))))
        else:
            told = (*told, "How numbers are written can only be chosen with Scribe v3: it was not sent.")
    if apart and setting(options, "transcript_edit"):
        told = (*told, "ElevenLabs cannot rewrite the text of single channels: it was not asked to.")
    return fields, (*notices, *told)


def _speakers(options: StreamOptions, apart: bool) -> Iterator[Field]:
    if apart:
        yield "use_multi_channel", "true"
    elif setting(options, "file_diarize"):
        yield "diarize", "true"
        if setting(options, "file_speakers"):
            yield "num_speakers", str(setting(options, "file_speakers"))
        for key, name in (
            ("file_speaker_roles", "detect_speaker_roles"),
            ("file_speaker_library", "use_speaker_library"),
        ):
            if setting(options, key):
                yield name, "true"


def _languages(tags: Sequence[str], *, newest: bool) -> tuple[list[Field], tuple[str, ...]]:
    codes = list(dict.fromkeys(vendor_language(tag) for tag in tags))
    if len(codes) < 2:
        return [("language_code", code) for code in codes], ()
    if newest:
        first, *others = codes
        return [("language_code", first), *(("secondary_language_codes", code) for code in others)], ()
    return [], ("ElevenLabs takes one language for a file: it finds out itself which of yours is spoken.",)


def _keyterms(options: StreamOptions) -> tuple[tuple[str, ...], tuple[str, ...]]:
    if not setting(options, "vocabulary"):
        return (), ()
    forbidden = tuple(term for term in options.vocabulary if FORBIDDEN_IN_KEYTERMS & set(term))
    fitted = FILE_WORD_LIST.fit(term for term in options.vocabulary if term not in forbidden)
    return fitted.terms, Fitted(fitted.terms, (*fitted.left_out, *forbidden)).notices(DESCRIPTION.title)


def _afterwards(options: StreamOptions, apart: bool) -> Iterator[Field]:
    edit, detection, redaction = check_afterwards(options)
    if edit and not apart:
        yield "transcript_edit", edit
    wanted = list(dict.fromkeys([*detection, *redaction]))  # what is redacted has to be looked for, too
    if wanted:
        yield "entity_detection", msgspec.json.encode(wanted).decode()
    if redaction:
        yield "entity_redaction", msgspec.json.encode(redaction).decode()
        yield "entity_redaction_mode", str(setting(options, "entity_redaction_mode"))


def _flag(value: object) -> str:
    return "true" if value else "false"


def _grouped(fields: Sequence[Field]) -> dict[str, list[str]]:
    grouped: dict[str, list[str]] = {}
    for name, value in fields:
        grouped.setdefault(name, []).append(value)
    return grouped


async def _token(http: httpx.AsyncClient, base: str, key: str) -> str:
    request = token_request(base, key, "batch_scribe")
    answer = await http.request(request.method, request.url, headers=dict(request.headers))
    return token(answer.status_code, answer.content)


def _refusal(answer: httpx.Response) -> ProviderError:
    error = http_error(answer.status_code, answer.content)
    if isinstance(error, RateLimitError):
        error.retry_after = seconds_of(answer.headers.get("retry-after"))
    return of_the_recording(error, "ElevenLabs")


# ------------------------------------------------------------------------------------------------- the answer


class _Edited(msgspec.Struct):
    text: str | None = None
    edited_text: str | None = None
    error: str | None = None


class _Transcript(msgspec.Struct):
    text: str = ""
    language_code: str | None = None
    words: list[WireWord] | None = None
    channel_index: int | None = None
    edited_transcript: _Edited | None = None
    transcription_id: str | None = None


class _Answer(_Transcript):
    transcripts: list[_Transcript] | None = None


def read(body: bytes, notices: tuple[str, ...] = ()) -> FileTranscript:
    """Raises StreamingError for what is no answer."""
    try:
        answer = msgspec.json.decode(body, type=_Answer)
    except (ValueError, RecursionError) as problem:
        raise garbage(str(problem)[:200] or "not JSON") from problem
    segments: list[FileSegment] = []
    for transcript in answer.transcripts or [answer]:
        segments += _segments(transcript)
        edited = transcript.edited_transcript
        if edited is not None and edited.error:
            notices = (*notices, f"ElevenLabs could not rewrite the text: {edited.error[:300]}")
    if answer.transcripts:
        segments.sort(key=lambda segment: segment.start or 0.0)
    return FileTranscript(
        segments=tuple(segments),
        language=_language(answer.language_code),
        notices=notices,
        vendor_id=answer.transcription_id,
    )


def _segments(transcript: _Transcript) -> list[FileSegment]:
    """A new one for another speaker, after a silence, and at a sentence's end where it has grown long."""
    edited = transcript.edited_transcript
    rewritten = edited.edited_text or edited.text if edited is not None else None
    words = transcript.words or []
    if rewritten or not words:
        text = (rewritten or transcript.text).strip()
        times = [(word.start, word.end) for word in words if word.start is not None and word.end is not None]
        span = (times[0][0], times[-1][1]) if times else (None, None)
        language, channel = _language(transcript.language_code), transcript.channel_index
        segment = FileSegment(text=text, start=span[0], end=span[1], language=language, channel=channel)
        return [segment] if text else []
    return [found for group in _grouped_words(words) if (found := _segment(transcript, group)) is not None]


def _grouped_words(words: Sequence[WireWord]) -> list[list[WireWord]]:
    groups: list[list[WireWord]] = [[]]
    for word in words:
        if groups[-1] and word.type != "spacing" and _breaks(groups[-1], word):
            groups.append([])
        groups[-1].append(word)
    return groups


def _breaks(group: Sequence[WireWord], word: WireWord) -> bool:
    spoken = [one for one in group[-2:] if one.type != "spacing"]
    if not spoken:
        return False
    last = spoken[-1]
    if last.speaker_id != word.speaker_id:
        return True
    if last.end is None or word.start is None:
        return False
    begun = next((one.start for one in group if one.start is not None), last.end)
    finished = (last.text or "").rstrip().endswith(_SENTENCE_ENDS)
    return word.start - last.end >= _GAP_S or (finished and last.end - begun >= _LONG_S)


def _segment(transcript: _Transcript, group: Sequence[WireWord]) -> FileSegment | None:
    text = "".join(word.text or "" for word in group).strip()
    if not text:
        return None
    spoken = [word for word in group if word.type != "spacing"] or list(group)
    ends = [word.end for word in spoken if word.end is not None]
    return FileSegment(
        text=text,
        start=next((word.start for word in spoken if word.start is not None), None),
        end=max(ends, default=None),
        language=_language(transcript.language_code),
        speaker=spoken[0].speaker_id,
        channel=transcript.channel_index,
        words=timed_words(list(group), 0.0, max(ends, default=0.0)),
    )


def _language(code: str | None) -> str | None:
    return ISO_639_3.get(code, code) if code else None


__all__ = ["form", "limits", "read", "transcribe"]
