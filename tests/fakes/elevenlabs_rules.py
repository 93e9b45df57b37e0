"""What ElevenLabs accepts: query parameters, their ranges and combinations, and the one message a client may send."""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass, field
from typing import Any

MODELS = ("scribe_v2_realtime", "scribe_v2_realtime_turbo", "scribe_v2_realtime_lite", "scribe_v3_live")
FORMATS = {
    "pcm_8000": 8000,
    "pcm_16000": 16000,
    "pcm_22050": 22050,
    "pcm_24000": 24000,
    "pcm_44100": 44100,
    "pcm_48000": 48000,
    "ulaw_8000": 8000,
}
STRATEGIES = ("manual", "vad", "turn_prediction")
REDACTION_MODES = ("redacted", "entity_type", "enumerated_entity_type")
RANGES = {
    "vad_silence_threshold_secs": (float, 0.3, 3.0, 1.5),
    "vad_threshold": (float, 0.1, 0.9, 0.4),
    "min_speech_duration_ms": (int, 50, 2000, 100),
    "min_silence_duration_ms": (int, 50, 2000, 100),
}
FLAGS = {
    "include_timestamps": False,
    "include_language_detection": False,
    "no_verbatim": False,
    "filter_background_audio": False,
    "enable_logging": True,
}
LISTS = ("keyterms", "secondary_languages", "entity_detection", "entity_redaction")
TEXTS = ("language_code", "transcript_edit", "entity_redaction_mode", "token")
CHUNK_KEYS = {"message_type", "audio_base_64", "commit", "sample_rate", "previous_text"}


class Refused(Exception):  # noqa: N818 - it is what the vendor does
    """``kind`` is the error frame's type, ``words`` its text."""

    def __init__(self, kind: str, words: str) -> None:
        super().__init__(f"{kind}: {words}")
        self.kind = kind
        self.words = words


@dataclass
class Config:
    """The checked query of one connection; ``values`` is what ``session_started`` echoes."""

    values: dict[str, Any] = field(default_factory=dict)

    @property
    def rate(self) -> int:
        return FORMATS[self.values["audio_format"]]

    @property
    def mulaw(self) -> bool:
        return bool(self.values["audio_format"] == "ulaw_8000")

    @property
    def twins(self) -> bool:
        return bool(self.values["include_timestamps"] or self.values["include_language_detection"])

    def __getitem__(self, key: str) -> Any:
        return self.values.get(key)


def checked_query(pairs: list[tuple[str, str]]) -> Config:
    """Raises :class:`Refused` with ``invalid_request``."""
    given: dict[str, list[str]] = {}
    for key, value in pairs:
        given.setdefault(key, []).append(value)
    known = {"model_id", "audio_format", "commit_strategy", *RANGES, *FLAGS, *LISTS, *TEXTS}
    for key, values in given.items():
        _need(key in known, f"Unknown parameter '{key}'.")
        _need(key in LISTS or len(values) == 1, f"'{key}' was given {len(values)} times.")
    config = Config()
    _choices(given, config.values)
    _ranges(given, config.values)
    _flags(given, config.values)
    config.values.update({key: given[key] for key in LISTS if key in given})
    config.values.update({key: given[key][0] for key in TEXTS if key in given and key != "token"})
    _combinations(config.values)
    return config


def _choices(given: dict[str, list[str]], values: dict[str, Any]) -> None:
    _need("model_id" in given, "model_id is required.")
    model = given["model_id"][0]
    _need(model in MODELS, f"The model_id '{model}' is invalid. Supported models: {', '.join(MODELS)}.")
    values["model_id"] = model
    for key, allowed, default in (
        ("audio_format", tuple(FORMATS), "pcm_16000"),
        ("commit_strategy", STRATEGIES, "manual"),
    ):
        value = given.get(key, [default])[0]
        _need(value in allowed, f"{key} must be one of {', '.join(allowed)}.")
        values[key] = value
    turns = values["commit_strategy"] == "turn_prediction"
    _need(not turns or model == "scribe_v3_live", f"{model} does not predict turns.")


def _ranges(given: dict[str, list[str]], values: dict[str, Any]) -> None:
    for key, (kind, least, most, default) in RANGES.items():
        text = given.get(key, [str(default)])[0]
        try:
            value = kind(text)
        except ValueError:
            raise Refused("invalid_request", f"{key} must be a number.") from None
        _need(least <= value <= most, f"{key} must be between {least} and {most}.")
        values[key] = value


def _flags(given: dict[str, list[str]], values: dict[str, Any]) -> None:
    for key, default in FLAGS.items():
        text = given.get(key, [str(default).lower()])[0]
        _need(text in ("true", "false"), f"{key} must be true or false.")
        values[key] = text == "true"


def _combinations(values: dict[str, Any]) -> None:
    terms = values.get("keyterms", [])
    _need(len(terms) <= 50, "At most 50 keyterms are allowed.")
    _need(all(0 < len(term) <= 20 for term in terms), "Each keyterm may have at most 20 characters.")
    for code in [*values.get("secondary_languages", []), *filter(None, [values.get("language_code")])]:
        _need(code.isalpha() and code.islower() and len(code) in (2, 3), f"'{code}' is not an ISO 639 code.")
    timed = values["include_timestamps"] and values["filter_background_audio"]
    _need(not timed, "filter_background_audio cannot be combined with include_timestamps.")
    edit = values.get("transcript_edit", "")
    _need(len(edit) <= 2000, "transcript_edit is too long.")
    entities = values.get("entity_detection") or values.get("entity_redaction")
    _need(not (edit and entities), "transcript_edit cannot be combined with entity detection or redaction.")
    _need(
        values.get("entity_redaction_mode", REDACTION_MODES[0]) in REDACTION_MODES,
        f"entity_redaction_mode must be one of {', '.join(REDACTION_MODES)}.",
    )


def _need(right: bool, words: str, kind: str = "invalid_request") -> None:
    if not right:
        raise Refused(kind, words)


@dataclass
class Chunk:
    audio: bytes
    commit: bool
    previous_text: str | None


def checked_chunk(message: str | bytes, config: Config, *, first: bool, longest_s: float) -> Chunk:
    """Raises :class:`Refused` with ``input_error`` or ``chunk_size_exceeded``."""

    def need(right: bool, words: str) -> None:
        _need(right, words, "input_error")

    need(isinstance(message, str), "Binary messages are not supported.")
    try:
        data = json.loads(message)
    except ValueError:
        raise Refused("input_error", "The message is not JSON.") from None
    need(isinstance(data, dict), "The message is not an object.")
    need(data.get("message_type") == "input_audio_chunk", f"Unknown message_type {data.get('message_type')!r}.")
    need(not (set(data) - CHUNK_KEYS), f"Unknown fields {sorted(set(data) - CHUNK_KEYS)}.")
    need(isinstance(data.get("audio_base_64"), str), "audio_base_64 is required.")
    need(isinstance(data.get("commit"), bool), "commit is required.")
    need(type(data.get("sample_rate")) is int, "sample_rate is required.")
    need(data["sample_rate"] == config.rate, f"sample_rate {data['sample_rate']} is not {config.rate}.")
    previous = data.get("previous_text")
    need(previous is None or isinstance(previous, str), "previous_text must be a text.")
    need(previous is None or first, "previous_text may only come with the first chunk.")
    try:
        audio = base64.b64decode(data["audio_base_64"], validate=True)
    except (binascii.Error, ValueError):
        raise Refused("input_error", "audio_base_64 is not base64.") from None
    need(config.mulaw or len(audio) % 2 == 0, "The audio holds half a sample.")
    seconds = len(audio) / config.rate / (1 if config.mulaw else 2)
    _need(seconds <= longest_s, f"The chunk holds {seconds:.2f}s of audio.", "chunk_size_exceeded")
    return Chunk(audio, data["commit"], previous)
