"""Whole recordings: uploaded, transcribed, fetched, and deleted at Soniox whatever happens."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Sequence

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
)
from debabelizer.errors import ProviderError
from debabelizer_providers.soniox import tokens as parts
from debabelizer_providers.soniox import wire
from debabelizer_providers.soniox.connect import (
    LONGEST_S,
    addresses,
    api_key,
    label,
    language_codes,
    recognition,
)
from debabelizer_providers.soniox.context import context, setting
from debabelizer_providers.soniox.rest import Rest, Transcript
from debabelizer_providers.soniox.translation import of_recording

LIMITS = FileLimits(
    accepts=frozenset(
        {
            Container.AAC,
            Container.AMR,
            Container.FLAC,
            Container.MP3,
            Container.OGG,
            Container.WAV,
            Container.WEBM,
        }
    ),
    seconds=LONGEST_S,
)
_ASK_FIRST_S, _ASK_FACTOR, _ASK_MOST_S = 0.3, 1.3, 3.0
"""Between questions whether it is done."""
_LOST_ANSWERS = 5
"""So many questions in a row may stay unanswered."""
_CLEAN_UP_S = 5.0


async def transcribe(recording: Recording, options: StreamOptions, desk: FileDesk, tell: Tell) -> FileTranscript:
    """Raises ProviderError, and httpx's errors."""
    codes = language_codes(options.languages)
    known, notices = context(options)
    wanted = {"model": file_model(options), **recognition(options, codes), **known, **label(options)}
    if options.translate_to:
        (into,) = language_codes((options.translate_to,))
        wanted["translation"] = {"type": "one_way", "target_language": into}
    elif setting(options, "translation"):
        notices = (*notices, "Soniox translates live speech; this recording was transcribed and not translated.")
    rest = Rest(desk.http, addresses(options)[0], api_key(options))
    with recording.open() as content:
        fields = {key: str(value) for key, value in label(options).items()}
        file = await rest.upload(recording.name, recording.container.media_type, content, fields)
    job = ""
    left: list[str] = []
    try:
        job = await rest.order({**wanted, "file_id": file})
        tell(FileProgress())
        await _done(rest, job)
        transcript = await rest.transcript(job)
    finally:
        left += await asyncio.shield(asyncio.ensure_future(_clean_up(rest, file, job)))
    language = codes[0] if len(codes) == 1 else ""
    segments = _segments(transcript, language)
    return FileTranscript(
        segments=segments,
        language=parts.language_of(transcript.tokens) or language or None,
        notices=(*notices, *left),
        vendor_id=job,
        translation=of_recording(_tokens(transcript), options.translate_to) if options.translate_to else None,
    )


def file_model(options: StreamOptions) -> str:
    return str(setting(options, "file_other_model")).strip() or str(setting(options, "file_model"))


async def _done(rest: Rest, job: str) -> None:
    """Returns when the transcription is completed; the recording is not sent again for a lost answer or two."""
    import httpx

    pause, lost = _ASK_FIRST_S, 0
    while True:
        try:
            found = await rest.job(job)
        except (httpx.TransportError, ProviderError) as problem:
            lost += 1
            hopeless = isinstance(problem, ProviderError) and not problem.retryable
            if hopeless or lost >= _LOST_ANSWERS:
                raise
        else:
            lost = 0
            if found.error is not None:
                raise found.error
            if found.done:
                return
        await asyncio.sleep(pause)
        pause = min(pause * _ASK_FACTOR, _ASK_MOST_S)


async def _clean_up(rest: Rest, file: str, job: str) -> list[str]:
    """Nothing stays at the vendor, the recording least of all. Tells where something had to."""
    import httpx

    with contextlib.suppress(TimeoutError, httpx.HTTPError, ProviderError):
        async with asyncio.timeout(_CLEAN_UP_S):
            await rest.delete_file(file)
            while job and not await rest.delete_job(job):  # noqa: ASYNC110 - it is the vendor who is waited for
                await asyncio.sleep(_ASK_FIRST_S)
            return []
    return ["Soniox could not be reached to delete the recording there; it keeps it until you do, or for 30 days."]


def _tokens(transcript: Transcript) -> list[wire.Token]:
    return [piece for piece in wire.pieces(transcript.tokens) if isinstance(piece, wire.Token)]


def _segments(transcript: Transcript, language: str) -> tuple[FileSegment, ...]:
    said = [token for token in _tokens(transcript) if not token.translated]
    if not parts.text(said).strip():
        text = transcript.text.strip()
        return (FileSegment(text=text),) if text else ()
    groups = (group for group in parts.sentences(said, language) if parts.text(group).strip())
    return tuple(_segment(group, language) for group in groups)


def _segment(tokens: Sequence[wire.Token], language: str) -> FileSegment:
    end = parts.end_of(tokens)
    words = parts.words(tokens, language, end or 0.0)
    return FileSegment(
        text=parts.text(tokens).strip(),
        start=parts.start_of(tokens),
        end=end,
        language=parts.language_of(tokens) or language or None,
        speaker=parts.speaker_of(tokens),
        words=words,
    )
