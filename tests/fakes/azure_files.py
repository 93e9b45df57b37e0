"""The HTTP services of the local Azure: one phrase of a short recording, and the whole of a long one."""

from __future__ import annotations

import io
import json
import wave
from collections.abc import Sequence
from typing import Any

import numpy as np

from debabelizer.audio.decode import decode
from debabelizer.errors import ProviderError
from fakes.recognisers import LOUD, RATE, Heard, Recognise, Samples, translated
from fakes.vendor_socket import Answer, HttpRequest

TICKS = 10_000_000
_PAUSE = RATE // 2
_LONGEST_S = 60.0


def short_recording(request: HttpRequest, recognise: Recognise) -> Answer:
    """The first phrase only, up to a pause of half a second; its times as text."""
    query = {name.lower(): value for name, value in request.query}
    if "language" not in query and "cid" not in query:
        return Answer(400, {"error": {"code": "BadRequest", "message": "language is required"}})
    samples = _samples(request.body)
    if samples is None or not request.headers.get("content-type", "").startswith("audio/wav"):
        return Answer(400, {"error": {"code": "BadRequest", "message": "Unsupported audio format"}})
    if len(samples) > _LONGEST_S * RATE:
        return Answer(400, {"error": {"code": "BadRequest", "message": "The audio is longer than 60 seconds"}})
    phrase = _phrases(samples)[:1]
    words = recognise(0, samples[phrase[0][0] : phrase[0][1]], True) if phrase else []
    if not words:
        status = "NoMatch" if phrase else "InitialSilenceTimeout"
        return Answer(200, {"RecognitionStatus": status, **_span(0.0, len(samples) / RATE)})
    base = phrase[0][0] / RATE
    text = " ".join(word.text for word in words)
    start, end = base + words[0].start, base + words[-1].end
    best = {"Confidence": 0.9, "Lexical": text.lower(), "ITN": text, "MaskedITN": text, "Display": text}
    if query.get("wordleveltimestamps") == "true":
        best["Words"] = [{"Word": w.text.lower(), **_span(base + w.start, w.end - w.start)} for w in words]
    said = {"RecognitionStatus": "Success", **_span(start, end - start), "DisplayText": text}
    return Answer(200, {**said, "NBest": [best]} if query.get("format") == "detailed" else said)


def fast_transcription(request: HttpRequest, recognise: Recognise) -> Answer:
    query = dict(request.query)
    if query.get("api-version") != "2025-10-15":
        return Answer(400, {"code": "InvalidArgument", "message": "The api-version is not supported."})
    try:
        parts = {part.name: part for part in request.form()}
        definition = json.loads(parts["definition"].content) if "definition" in parts else {}
        content = parts["audio"].content
    except (ValueError, KeyError):
        return Answer(400, {"code": "InvalidRequest", "message": "The form needs audio and a definition."})
    inner = _wrong(definition)
    channels = _decoded(content, definition.get("channels"))
    if not channels:
        inner = {"code": "UnsupportedAudioFormat", "message": "The audio cannot be decoded."}
    if inner:
        return Answer(400, {"code": "InvalidArgument", "message": "The request is not valid.", "innerError": inner})
    locale = (definition.get("locales") or ["en-US"])[0]
    phrases: list[dict[str, Any]] = []
    for channel, samples in channels.items():
        for number, (first, last) in enumerate(_phrases(samples)):
            words = recognise(number, samples[first:last], True)
            if definition.get("enhancedMode", {}).get("task") == "translate":
                words = translated(words)
            if words:
                said = _fast_phrase(words, first / RATE, locale, bool(definition.get("diarization")))
                phrases.append({"channel": channel, **said} if definition.get("channels") else said)
    combined = [{"text": " ".join(phrase["text"] for phrase in phrases)}] if phrases else []
    length = round(max(map(len, channels.values())) / RATE * 1000)
    answer = {"durationMilliseconds": length, "combinedPhrases": combined, "phrases": phrases}
    return Answer(200, answer, {"apim-request-id": "6f0c0d1e-3f0b-4a57-9f2b-0c6c7a1d2e3f"})


def _decoded(content: bytes, wanted: list[int] | None) -> dict[int, Samples]:
    """Samples by channel; all channels as one where none is asked for."""
    try:
        if not wanted:
            return {0: np.frombuffer(b"".join(decode(io.BytesIO(content))), dtype="<i2")}
        pcm = np.frombuffer(b"".join(decode(io.BytesIO(content), layout="stereo")), dtype="<i2").reshape(-1, 2)
        return {channel: pcm[:, channel] for channel in wanted}
    except ProviderError:
        return {}


def _wrong(definition: dict[str, Any]) -> dict[str, str] | None:
    """What is not valid of a definition."""
    known = {"locales", "diarization", "profanityFilterMode", "channels", "phraseList", "models", "enhancedMode"}
    if unknown := set(definition) - known:
        return {"code": "InvalidDefinition", "message": f"unknown: {sorted(unknown)}"}
    if definition.get("profanityFilterMode", "Masked") not in ("None", "Removed", "Tags", "Masked"):
        return {"code": "InvalidDefinition", "message": "profanityFilterMode"}
    speakers = definition.get("diarization", {}).get("maxSpeakers", 2)
    if not 2 <= speakers <= 35:
        return {"code": "InvalidDefinition", "message": "maxSpeakers"}
    if any("-" not in locale for locale in definition.get("locales", [])):
        return {"code": "InvalidLocale", "message": "The locale is not supported."}
    enhanced = definition.get("enhancedMode", {"enabled": True})
    if (enhanced.get("task") == "translate") != ("targetLanguage" in enhanced) or not enhanced.get("enabled"):
        return {"code": "InvalidDefinition", "message": "enhancedMode"}
    return None


def _fast_phrase(words: Sequence[Heard], base: float, locale: str, speakers: bool) -> dict[str, Any]:
    start, end = base + words[0].start, base + words[-1].end
    said = {
        "offsetMilliseconds": round(start * 1000),
        "durationMilliseconds": round((end - start) * 1000),
        "text": " ".join(word.text for word in words),
        "words": [
            {
                "text": word.text,
                "offsetMilliseconds": round((base + word.start) * 1000),
                "durationMilliseconds": round((word.end - word.start) * 1000),
            }
            for word in words
        ],
        "locale": locale,
        "confidence": 0.93,
    }
    return {"speaker": 1, **said} if speakers else said


def _samples(body: bytes) -> Samples | None:
    try:
        with wave.open(io.BytesIO(body)) as file:
            if (file.getframerate(), file.getnchannels(), file.getsampwidth()) != (RATE, 1, 2):
                return None
            return np.frombuffer(file.readframes(file.getnframes()), dtype="<i2")
    except (wave.Error, EOFError):
        return None


def _phrases(samples: Samples) -> list[tuple[int, int]]:
    """Stretches of voice between pauses, a little silence around each."""
    loud = np.flatnonzero(np.abs(samples.astype(np.int32)) > LOUD)
    if not len(loud):
        return []
    edges = np.flatnonzero(np.diff(loud) > _PAUSE)
    firsts, lasts = [loud[0], *loud[edges + 1]], [*loud[edges], loud[-1]]
    return [(max(0, int(first) - 100), int(last) + 100) for first, last in zip(firsts, lasts, strict=True)]


def _span(start: float, duration: float) -> dict[str, str]:
    """Over HTTP, times are text."""
    return {"Offset": str(round(start * TICKS)), "Duration": str(round(duration * TICKS))}
