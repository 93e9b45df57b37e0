"""What OpenAI refuses: sessions and messages that a careless client would send. Fields and values as in the vendor's
OpenAPI description of 21 August 2026."""

from __future__ import annotations

import base64
import binascii
import json
from typing import Any

LIVE = {"gpt-live-transcribe", "gpt-realtime-whisper"}
OLD = {"gpt-4o-transcribe", "gpt-4o-mini-transcribe", "gpt-4o-mini-transcribe-2025-12-15", "whisper-1"}
MODELS = LIVE | OLD | {"gpt-transcribe", "gpt-4o-transcribe-diarize"}
HINTED = {"gpt-live-transcribe", "gpt-transcribe"}
FORMATS = {"audio/pcm": 24_000, "audio/pcmu": 8_000, "audio/pcma": 8_000}
LARGEST_APPEND = 15 * 2**20
"""Bytes of one message."""


class Refused(Exception):  # noqa: N818 - it is what the vendor does
    """``code`` and words of the error event."""

    def __init__(self, code: str, words: str, param: str | None = None) -> None:
        super().__init__(f"{code}: {words}")
        self.code = code
        self.words = words
        self.param = param


def _need(right: object, words: str, code: str = "invalid_value") -> None:
    if not right:
        raise Refused(code, words)


def _fields(given: object, known: set[str], where: str) -> dict[str, Any]:
    _need(isinstance(given, dict), f"{where} must be an object.")
    assert isinstance(given, dict)
    for key in given:
        _need(key in known, f"Unknown parameter: '{where}.{key}'.", "unknown_parameter")
    return given


def checked_session(given: object) -> dict[str, Any]:
    """The ``audio.input`` of a transcription session. Raises :class:`Refused`."""
    session = _fields(given, {"type", "audio", "include"}, "session")
    _need(session.get("type") == "transcription", "session.type must be 'transcription'.", "missing_required_parameter")
    audio = _fields(session.get("audio"), {"input"}, "session.audio")
    known = {"format", "noise_reduction", "transcription", "turn_detection"}
    wanted = _fields(audio.get("input"), known, "session.audio.input")
    _format(wanted.get("format", {"type": "audio/pcm", "rate": 24_000}))
    _noise_reduction(wanted.get("noise_reduction"))
    model = _transcription(wanted.get("transcription"))
    _turn_detection(wanted.get("turn_detection", {"type": "server_vad"}), model)
    return wanted


def _format(given: object) -> None:
    form = _fields(given, {"type", "rate"}, "session.audio.input.format")
    _need(form.get("type") in FORMATS, f"Unknown format {form.get('type')!r}.")
    _need(form.get("type") != "audio/pcm" or form.get("rate") == 24_000, "Only a rate of 24000 is supported.")


def _noise_reduction(given: object) -> None:
    if given is not None:
        reduction = _fields(given, {"type", "strength"}, "session.audio.input.noise_reduction")
        _need(reduction.get("type") in ("near_field", "far_field"), "Unknown noise reduction.")


def _transcription(given: object) -> str:
    known = {"model", "language", "languages", "keywords", "prompt", "delay"}
    wanted = _fields(given, known, "session.audio.input.transcription")
    model = wanted.get("model")
    _need(model in MODELS, f'Model "{model}" is not supported in transcription mode.', "invalid_model")
    for key in ("languages", "keywords"):
        _need(key not in wanted or model in HINTED, f"{key} is not supported with {model}.")
        values = wanted.get(key, ["x"])
        _need(isinstance(values, list) and values and all(isinstance(v, str) for v in values), f"{key} is no list.")
    _need(not set("<>\r\n") & set("".join(wanted.get("keywords", []))), "keywords hold signs that they may not.")
    for code in [*wanted.get("languages", []), *filter(None, [wanted.get("language")])]:
        _need(len(code) == 2 and code.isalpha() and code.islower(), f"'{code}' is not an ISO-639-1 code.")
    _need("language" not in wanted or model not in HINTED, f"{model} takes languages, not language.")
    _need("prompt" not in wanted or model not in {"gpt-realtime-whisper", "gpt-4o-transcribe-diarize"}, "No prompt.")
    _need(len(wanted.get("prompt", "")) <= 1024, "Invalid 'prompt': string too long.", "string_above_max_length")
    _need("delay" not in wanted or model == "gpt-realtime-whisper", f"delay is not supported with {model}.")
    _need(wanted.get("delay", "low") in ("minimal", "low", "medium", "high", "xhigh"), "Unknown delay.")
    return str(model)


def _turn_detection(given: object, model: str) -> None:
    if given is None:
        return
    _need(model not in LIVE, f"Turn detection is not supported with {model}.")
    known = {"type", "threshold", "prefix_padding_ms", "silence_duration_ms", "eagerness"}
    wanted = _fields(given, known, "session.audio.input.turn_detection")
    _need(wanted.get("type") in ("server_vad", "semantic_vad"), "Unknown turn detection.")
    semantic = wanted["type"] == "semantic_vad"
    for key in ("threshold", "prefix_padding_ms", "silence_duration_ms"):
        _need(not semantic or key not in wanted, f"{key} does not go with semantic_vad.")
    _need(semantic or "eagerness" not in wanted, "eagerness goes with semantic_vad only.")
    _need(wanted.get("eagerness", "auto") in ("auto", "low", "medium", "high"), "Unknown eagerness.")
    _need(0 <= wanted.get("threshold", 0.5) <= 1, "threshold must be between 0 and 1.")


def checked_beta_session(given: object) -> dict[str, Any]:
    """The flat session of Speaches, as an ``audio.input``: it takes any model, and complains of formats."""
    session = _fields(given, {"input_audio_transcription", "turn_detection"}, "session")
    detection = session.get("turn_detection", {"type": "server_vad"})
    _need(detection is None or "prefix_padding_ms" not in detection, "Specifying `prefix_padding_ms` is not supported.")
    return {"transcription": session.get("input_audio_transcription", {}), "turn_detection": detection}


def checked_event(message: str | bytes) -> dict[str, Any]:
    """Raises :class:`Refused`."""
    _need(isinstance(message, str), "Binary messages are not supported.", "invalid_event")
    try:
        event = json.loads(message)
    except ValueError:
        raise Refused("invalid_json", "The message is not JSON.") from None
    _need(isinstance(event, dict) and isinstance(event.get("type"), str), "The event has no type.", "invalid_event")
    known = {
        "session.update": {"session", "model"},
        "input_audio_buffer.append": {"audio"},
        "input_audio_buffer.commit": {"final"},
        "input_audio_buffer.clear": set[str](),
    }
    _need(event["type"] in known, f"Unknown event type {event['type']!r}.", "invalid_value")
    _fields(event, {"type", "event_id", *known[event["type"]]}, "event")
    return event


def checked_audio(event: dict[str, Any], *, mulaw: bool) -> bytes:
    audio = event.get("audio")
    _need(isinstance(audio, str), "audio is required.", "missing_required_parameter")
    assert isinstance(audio, str)
    _need(len(audio) <= LARGEST_APPEND, "The audio is too long.")
    try:
        decoded = base64.b64decode(audio, validate=True)
    except (binascii.Error, ValueError):
        raise Refused("invalid_value", "audio is not base64.") from None
    _need(mulaw or len(decoded) % 2 == 0, "The audio holds half a sample.")
    return decoded
