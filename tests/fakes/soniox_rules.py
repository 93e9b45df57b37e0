"""What the local Soniox refuses in a start message or an order, in the vendor's manner: with error 400 and a reason."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

LIVE_MODELS = ("stt-rt-v5", "stt-rt-v4")
FILE_MODELS = ("stt-async-v5", "stt-async-v4")
_LANGUAGES = """
af ar az be bg bn bs ca cs cy da de el en es et eu fa fi fr gl gu he hi hr hu id it ja kk kn ko lt lv mk ml mr ms nl no
pa pl pt ro ru sk sl sq sr sv sw ta te th tl tr uk ur vi zh
"""
LANGUAGES = frozenset(_LANGUAGES.split())
RAW = {"pcm_s16le": 2, "mulaw": 1}
_SHARED: dict[str, Any] = {
    "model": str,
    "language_hints": list,
    "language_hints_strict": bool,
    "enable_language_identification": bool,
    "enable_speaker_diarization": bool,
    "context": dict,
    "translation": dict,
    "client_reference_id": str,
}
_LIVE: dict[str, Any] = {
    **_SHARED,
    "api_key": str,
    "audio_format": str,
    "sample_rate": int,
    "num_channels": int,
    "enable_endpoint_detection": bool,
    "max_endpoint_delay_ms": int,
    "endpoint_sensitivity": (int, float),
    "endpoint_latency_adjustment_level": int,
}
_FILE: dict[str, Any] = {
    **_SHARED,
    "file_id": str,
    "audio_url": str,
    "webhook_url": str,
    "webhook_auth_header_name": str,
    "webhook_auth_header_value": str,
}


class Refused(Exception):  # noqa: N818 - it is what the vendor does
    """``kind``: its ``error_type``."""

    def __init__(self, words: str, kind: str = "invalid_request") -> None:
        super().__init__(words)
        self.kind = kind


@dataclass
class Config:
    """The checked start message of one connection, or the order of one transcription."""

    values: dict[str, Any] = field(default_factory=dict)

    @property
    def rate(self) -> int:
        return int(self.values["sample_rate"])

    @property
    def mulaw(self) -> bool:
        return bool(self.values["audio_format"] == "mulaw")

    @property
    def endpoint_s(self) -> float | None:
        """Silence that ends a segment; None: nothing does."""
        if not self.values.get("enable_endpoint_detection"):
            return None
        return float(self.values.get("max_endpoint_delay_ms", 2000)) / 1000

    @property
    def language(self) -> str:
        return str((self.values.get("language_hints") or ["en"])[0])

    @property
    def spaceless(self) -> bool:
        return self.language in ("zh", "ja", "th")

    def on(self, key: str) -> bool:
        return self.values.get(key) is True

    @property
    def translates_into(self) -> str:
        wanted = self.values.get("translation") or {}
        return str(wanted.get("target_language") or wanted.get("language_b") or "")


def checked_start(values: dict[str, Any]) -> Config:
    """Of a live connection. Raises :class:`Refused`."""
    _shared(values, _LIVE, LIVE_MODELS)
    form = values.get("audio_format")
    _need(form in RAW, "audio_format: the local server takes pcm_s16le and mulaw only")
    _need("sample_rate" in values and "num_channels" in values, "Raw audio needs sample_rate and num_channels.")
    _need(values["num_channels"] == 1, "num_channels: the local server takes one channel only")
    _need(500 <= values.get("max_endpoint_delay_ms", 500) <= 3000, "max_endpoint_delay_ms must be from 500 to 3000.")
    _need(-1 <= values.get("endpoint_sensitivity", 0) <= 1, "endpoint_sensitivity must be from -1 to 1.")
    _need(0 <= values.get("endpoint_latency_adjustment_level", 0) <= 3, "endpoint_latency_adjustment_level is 0 to 3.")
    return Config(values)


def checked_order(values: dict[str, Any]) -> Config:
    """Of a transcription of a file. Raises :class:`Refused`."""
    _shared(values, _FILE, FILE_MODELS)
    _need(("file_id" in values) != ("audio_url" in values), "Exactly one of file_id and audio_url is needed.")
    return Config(values)


def _shared(values: dict[str, Any], known: dict[str, Any], models: tuple[str, ...]) -> None:
    for key, value in values.items():
        _need(key in known, f"Unknown field {key}.")
        _need(isinstance(value, known[key]), f"{key} has the wrong type.")
        _need(known[key] is bool or not isinstance(value, bool), f"{key} has the wrong type.")
    if values.get("model") not in models:
        raise Refused(f"Model {values.get('model')!r} is not available.", "model_not_available")
    strange = [code for code in values.get("language_hints", []) if code not in LANGUAGES]
    _need(not strange, f"Invalid language hints: {strange}.")
    _need(len(values.get("client_reference_id", "")) <= 256, "client_reference_id is too long.")
    _context(values.get("context", {}))
    _translation(values.get("translation"))


def _context(context: dict[str, Any]) -> None:
    _need(set(context) <= {"general", "text", "terms", "translation_terms"}, "context holds an unknown section.")
    size = len(context.get("text", "")) + sum(map(len, context.get("terms", [])))
    for section, names in (("general", {"key", "value"}), ("translation_terms", {"source", "target"})):
        for entry in context.get(section, []):
            _need(set(entry) == names, f"context.{section} holds a wrong entry.")
            size += sum(map(len, entry.values()))
    _need(size <= 10_000, "The context is too long.")


def _translation(wanted: dict[str, Any] | None) -> None:
    if wanted is None:
        return
    fields = {"one_way": {"type", "target_language"}, "two_way": {"type", "language_a", "language_b"}}
    _need(set(wanted) == fields.get(wanted.get("type", "")), "translation is not of a known type.")
    codes = {value for key, value in wanted.items() if key != "type"}
    _need(codes <= LANGUAGES, "translation names an unknown language.")


def _need(right: bool, words: str) -> None:
    if not right:
        raise Refused(words)
