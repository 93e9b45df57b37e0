"""Recordings of up to a minute. Of each request only the first phrase is answered, so what lies behind it is sent again
until nothing is left."""

from __future__ import annotations

import io
import wave
from typing import TYPE_CHECKING

from debabelizer.contract import (
    PCM_16K,
    FileDesk,
    FileProgress,
    FileSegment,
    FileTranscript,
    Recording,
    StreamOptions,
    Tell,
)
from debabelizer.errors import ProviderError, UnsupportedFormatError
from debabelizer.events import Joining
from debabelizer_providers.azure import wire
from debabelizer_providers.azure.connect import Plan, plan, setting
from debabelizer_providers.azure.description import NAME
from debabelizer_providers.azure.files import authorization, refusal
from debabelizer_providers.azure.languages import spaceless
from debabelizer_providers.azure.trouble import garbage, status_error
from debabelizer_providers.azure.turn import last_loud

if TYPE_CHECKING:
    from collections.abc import Mapping

CONTENT_TYPE = "audio/wav; codecs=audio/pcm; samplerate=16000"
_WITHOUT_WORDS = frozenset({"NoMatch", "InitialSilenceTimeout", "BabbleTimeout", "EndOfDictation"})
_LEAST_S = 0.1
"""Of progress after a phrase, and of audio that may hold a word."""
_SKIP_S = 1.0
"""Where nothing was understood and the vendor does not say how far it listened."""
_RATE = PCM_16K.rate


async def transcribe(recording: Recording, options: StreamOptions, desk: FileDesk, tell: Tell) -> FileTranscript:
    """Raises ConfigurationError, UnsupportedLanguageError, what the vendor refuses, and what httpx raises."""
    wanted = plan(options)
    headers = {**await authorization(options, desk.http), "Content-Type": CONTENT_TYPE, "Accept": "application/json"}
    pcm = _pcm(recording)
    segments: list[FileSegment] = []
    position = 0
    while True:
        end = last_loud(pcm[2 * position :], PCM_16K)
        if end is None or end < _LEAST_S * _RATE:
            break
        phrase = await _ask(desk, wanted, headers, pcm[2 * position :])
        base = position / _RATE
        if phrase.text:
            segments.append(_segment(wanted, phrase, base, len(pcm) / 2 / _RATE))
        heard_s = wire.seconds(phrase.offset) + wire.seconds(phrase.duration)
        position += round(max(heard_s, _LEAST_S if phrase.text else _SKIP_S) * _RATE)
        text = " ".join(segment.text for segment in segments)
        tell(FileProgress(min(1.0, 2 * position / len(pcm)), text))
    language = wanted.locales[0] if wanted.locales else None
    joining = Joining.VERBATIM if language and spaceless(language) else Joining.SPACE
    return FileTranscript(
        segments=tuple(segments), joining=joining, language=language, notices=_notices(options, wanted)
    )


def _notices(options: StreamOptions, wanted: Plan) -> tuple[str, ...]:
    notices = []
    if len(wanted.locales) > 1:
        notices.append(f"Azure takes one language for a short recording: it was asked for {wanted.locales[0]}.")
    if options.vocabulary and setting(options, "vocabulary"):
        notices.append("Azure takes no word list for a short recording: it was not sent.")
    return tuple(notices)


def _pcm(recording: Recording) -> bytes:
    """16-bit mono 16 kHz, which is what the limits ask for. Raises UnsupportedFormatError."""
    with recording.open() as file:
        content = file.read()
    try:
        with wave.open(io.BytesIO(content)) as sound:
            right = (sound.getframerate(), sound.getnchannels(), sound.getsampwidth()) == (_RATE, 1, 2)
            pcm: bytes = sound.readframes(sound.getnframes())
    except (wave.Error, EOFError):
        right = False
    if not right:
        raise UnsupportedFormatError("A short recording for Azure must be WAV, 16-bit mono 16 kHz.", NAME)
    return pcm


async def _ask(desk: FileDesk, wanted: Plan, headers: Mapping[str, str], pcm: bytes) -> wire.Phrase:
    answer = await desk.http.post(
        wanted.address.short,
        params=[pair for pair in wanted.query if pair[0] != "lidEnabled"],
        headers=headers,
        content=wire.wav_header(PCM_16K, len(pcm)) + pcm,
    )
    if answer.status_code != 200:
        raise refusal(answer)
    phrase = wire.decode(wire.Message("speech.phrase", "", answer.content))
    if isinstance(phrase, ProviderError):
        raise phrase
    if not isinstance(phrase, wire.Phrase):
        raise garbage("an answer that is no phrase")
    if phrase.recognition_status not in _WITHOUT_WORDS | {"Success"}:
        raise status_error(phrase.recognition_status, phrase.text)
    return phrase


def _segment(wanted: Plan, phrase: wire.Phrase, base: float, end: float) -> FileSegment:
    start = min(base + wire.seconds(phrase.offset), end)
    return FileSegment(
        text=phrase.text,
        start=start,
        end=min(max(base + wire.seconds(phrase.offset) + wire.seconds(phrase.duration), start), end),
        language=wanted.locales[0] if wanted.locales else None,
        words=wire.timed_words(phrase.best, None, base, end),
    )
