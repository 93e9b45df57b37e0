"""Whole recordings: one form to fast transcription, one answer with phrases, words and times."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

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
from debabelizer.errors import ProviderError, RateLimitError
from debabelizer.events import Joining, Word
from debabelizer_providers.azure.connect import address, api_key, key_header, locales_of, setting, terms, token
from debabelizer_providers.azure.file_settings import LARGEST, LONGEST_S, LONGEST_SHORT_S, MOST_CHANNELS
from debabelizer_providers.azure.languages import spaceless
from debabelizer_providers.azure.trouble import garbage, http_error

if TYPE_CHECKING:
    import httpx

VERSION = "2025-10-15"
_ACCEPTED = frozenset(
    {Container.WAV, Container.MP3, Container.OGG, Container.FLAC, Container.AAC, Container.AMR, Container.WEBM}
)
_PROFANITY = {"masked": "Masked", "removed": "Removed", "raw": "None"}
_MS = 1000.0


def limits(options: StreamOptions) -> FileLimits:
    if setting(options, "file_service") == "short" and not options.translate_to:
        return FileLimits(encoding=Container.WAV, seconds=LONGEST_SHORT_S, parallel=1)
    return FileLimits(
        accepts=_ACCEPTED,
        size=LARGEST,
        seconds=LONGEST_S,
        channels=MOST_CHANNELS if setting(options, "file_channels") else 1,
        parallel=4,
    )


async def transcribe(recording: Recording, options: StreamOptions, desk: FileDesk, tell: Tell) -> FileTranscript:
    """Raises ConfigurationError, UnsupportedLanguageError, what the vendor refuses, and what httpx raises."""
    headers = await authorization(options, desk.http)
    wanted, notices = definition(options, recording.channels)
    tell(FileProgress(0.0))
    with recording.open() as file:
        answer = await desk.http.post(
            address(options).files,
            params={"api-version": VERSION},
            headers=headers,
            files={
                "audio": (recording.name, file, recording.container.media_type),
                "definition": (None, msgspec.json.encode(wanted), "application/json"),
            },
        )
    if answer.status_code != 200:
        raise refusal(answer)
    heard = read(answer.content)
    if options.translate_to:
        joining = Joining.VERBATIM if spaceless(options.translate_to) else Joining.SPACE
        heard = FileTranscript(translation=msgspec.structs.replace(heard, joining=joining))
    heard = msgspec.structs.replace(heard, notices=notices)
    return msgspec.structs.replace(heard, vendor_id=answer.headers.get("apim-request-id"))


async def authorization(options: StreamOptions, http: httpx.AsyncClient) -> Mapping[str, str]:
    """The headers that say who asks, with a token in place of the key where that was chosen."""
    key = api_key(options)
    if not setting(options, "short_lived_token"):
        return key_header(key)
    answer = await http.post(address(options).token, headers=key_header(key))
    return {"Authorization": f"Bearer {token(answer.status_code, answer.content)}"}


def refusal(answer: httpx.Response) -> ProviderError:
    error = http_error(answer.status_code, answer.content)
    if isinstance(error, RateLimitError):
        error.retry_after = seconds_of(answer.headers.get("retry-after"))
    return error


def definition(options: StreamOptions, channels: int = 1) -> tuple[dict[str, Any], tuple[str, ...]]:
    """What is asked for, and what the user should know. Raises UnsupportedLanguageError."""
    wanted: dict[str, Any] = {"profanityFilterMode": _PROFANITY[str(setting(options, "profanity"))]}
    notices: list[str] = []
    if locales := locales_of(options.languages):
        wanted["locales"] = locales
    apart = bool(setting(options, "file_channels")) and channels > 1
    if apart:
        wanted["channels"] = list(range(min(channels, MOST_CHANNELS)))
    if setting(options, "file_diarize"):
        if apart:
            notices.append("Azure tells speakers apart or takes every channel by itself, not both: it did the second.")
        else:
            most = int(setting(options, "file_speakers"))
            wanted["diarization"] = {"enabled": True, **({"maxSpeakers": max(2, most)} if most else {})}
    phrases, told = terms(options)
    if options.translate_to or setting(options, "file_service") == "enhanced":
        into = options.translate_to.partition("-")[0]
        task = {"task": "translate", "targetLanguage": into} if into else {"task": "transcribe"}
        wanted["enhancedMode"] = {"enabled": True, **task}
        told = ("Azure's language model takes no word list: it was not sent.",) if phrases else ()
    elif phrases:
        wanted["phraseList"] = {"phrases": phrases, "biasingWeight": float(setting(options, "vocabulary_weight"))}
    if str(setting(options, "custom_model")).strip():
        notices.append("The custom model is for live recognition: it was not asked for.")
    return wanted, (*notices, *told)


# ------------------------------------------------------------------------------------------------- the answer


class _Span(msgspec.Struct, rename="camel"):
    offset_milliseconds: float | None = None
    duration_milliseconds: float = 0.0
    text: str = ""

    @property
    def times(self) -> tuple[float, float] | None:
        """Start and end, seconds."""
        if self.offset_milliseconds is None:
            return None
        start = max(0.0, self.offset_milliseconds / _MS)
        return start, start + max(0.0, self.duration_milliseconds / _MS)


class _Phrase(_Span, rename="camel"):
    channel: int | None = None
    speaker: int | str | None = None
    locale: str | None = None
    words: list[_Span] | None = None


class _Answer(msgspec.Struct, rename="camel"):
    phrases: list[_Phrase] | None = None
    combined_phrases: list[_Phrase] | None = None


def read(body: bytes, notices: tuple[str, ...] = ()) -> FileTranscript:
    """Raises StreamingError for what is no answer."""
    try:
        answer = msgspec.json.decode(body, type=_Answer)
    except (ValueError, RecursionError) as problem:
        raise garbage(str(problem)[:200] or "not JSON") from problem
    if answer.phrases is None and answer.combined_phrases is None:
        raise garbage("a transcription without phrases")
    phrases = [phrase for phrase in answer.phrases or answer.combined_phrases or [] if phrase.text.strip()]
    segments = sorted(map(_segment, phrases), key=lambda segment: segment.start or 0.0)
    languages = list(dict.fromkeys(segment.language for segment in segments if segment.language))
    without_spaces = bool(languages) and all(map(spaceless, languages))
    return FileTranscript(
        segments=tuple(segments),
        joining=Joining.VERBATIM if without_spaces else Joining.SPACE,
        language=languages[0] if len(languages) == 1 else None,
        notices=notices,
    )


def _segment(phrase: _Phrase) -> FileSegment:
    speaker = None if phrase.speaker is None else str(phrase.speaker)
    start, end = phrase.times or (None, None)
    words = [
        Word(word.text.strip(), *word.times, None, speaker)
        for word in phrase.words or []
        if word.text.strip() and word.times is not None
    ]
    return FileSegment(
        text=phrase.text.strip(),
        start=start,
        end=end,
        language=phrase.locale,
        speaker=speaker,
        channel=phrase.channel,
        words=tuple(words),
    )
