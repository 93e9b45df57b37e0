"""What the local Cartesia refuses, with status 400 and the vendor's kind of words."""

from __future__ import annotations

from dataclasses import dataclass, field

from debabelizer_providers.cartesia.languages import INK_WHISPER

RAW = {"pcm_s16le": 2, "pcm_mulaw": 1}
"""Bytes a sample of the encodings that the local server understands."""
_ENCODINGS = {"pcm_s16le", "pcm_s32le", "pcm_f16le", "pcm_f32le", "pcm_mulaw", "pcm_alaw"}
VERSIONS = ("2025-04-16", "2026-03-01", "2026-08-14")
WHISPER = ("ink-whisper", "ink-whisper-2025-06-04")
_COMMON = {"model", "encoding", "sample_rate", "keyterm"}
_MANUAL = {"language", "min_volume", "max_silence_duration_secs"}
_RANGES = {
    "turn_start_threshold": (0.5, 0.9, 0.8),
    "turn_eager_end_threshold": (0.3, 0.6, 0.4),
    "turn_end_threshold": (0.05, 0.5, 0.2),
    "turn_end_timeout_ms": (640.0, 11200.0, 5600.0),
}


class Refused(Exception):  # noqa: N818 - it is what the vendor does
    """``title`` and words, as the vendor gives them."""

    def __init__(self, title: str, words: str) -> None:
        super().__init__(f"{title}: {words}")
        self.title, self.words = title, words


@dataclass
class Config:
    """The checked query of one connection."""

    values: dict[str, str] = field(default_factory=dict)
    terms: list[str] = field(default_factory=list)

    @property
    def rate(self) -> int:
        return int(self.values["sample_rate"])

    @property
    def mulaw(self) -> bool:
        return self.values["encoding"] == "pcm_mulaw"

    @property
    def whisper(self) -> bool:
        return self.values["model"] in WHISPER

    def number(self, key: str, default: float) -> float:
        return float(self.values.get(key, default))


def checked_query(pairs: list[tuple[str, str]], *, turns: bool) -> Config:
    """Raises :class:`Refused`."""
    config = Config()
    for key, value in pairs:
        _need(key in _COMMON | (set(_RANGES) if turns else _MANUAL), "Unknown parameter", key)
        if key == "keyterm":
            config.terms.append(value)
            continue
        _need(key not in config.values, "Invalid parameter", f"{key} was given twice")
        config.values[key] = value
    values = config.values
    for key in ("model", "encoding", "sample_rate"):
        _need(key in values, "Missing parameter", f"{key} is required")
    models = ("ink-2",) if turns else ("ink-2", *WHISPER)
    _need(values["model"] in models, "Invalid model", "The model is not valid, make sure it is a valid model ID.")
    _need(values["encoding"] in _ENCODINGS, "Invalid parameter", "encoding is not supported")
    _need(values["encoding"] in RAW, "Invalid parameter", "the local server hears 16-bit and µ-law only")
    _need(values["sample_rate"].isdigit(), "Invalid parameter", "sample_rate must be a number")
    _need(not (config.whisper and config.terms), "Invalid parameter", "keyterm needs ink-2")
    _need(len(config.terms) <= 100, "Invalid parameter", "more than 100 keyterms")
    _need(sum(map(len, config.terms)) <= 1200, "Invalid parameter", "more than 1200 characters of keyterms")
    (_turns if turns else _manual)(config)
    return config


def _manual(config: Config) -> None:
    language = config.values.get("language", "en")
    known = INK_WHISPER if config.whisper else {"en"}
    _need(language in known, "Unsupported language", f"{config.values['model']} does not support {language}")
    for key in ("min_volume", "max_silence_duration_secs"):
        _need(key not in config.values or config.whisper, "Invalid parameter", f"{key} needs ink-whisper")
        _need(config.number(key, 0.0) >= 0, "Invalid parameter", f"{key} must not be negative")


def _turns(config: Config) -> None:
    for key, (least, most, default) in _RANGES.items():
        _need(least <= config.number(key, default) <= most, "Invalid parameter", f"{key} is out of range")
    end, eager, start = (
        config.number(key, _RANGES[key][2])
        for key in ("turn_end_threshold", "turn_eager_end_threshold", "turn_start_threshold")
    )
    _need(end < eager < start, "Invalid parameter", "thresholds are out of order")


def _need(right: bool, title: str, words: str) -> None:
    if not right:
        raise Refused(title, words)
