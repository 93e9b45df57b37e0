"""What the local Deepgram refuses, in the vendor's manner: with status 400 and the words in ``dg-error``."""

from __future__ import annotations

from dataclasses import dataclass, field

RAW = {"linear16": 2, "mulaw": 1}
_ONCE = {
    "model", "encoding", "sample_rate", "language", "channels", "interim_results", "endpointing", "utterance_end_ms",
    "vad_events", "punctuate", "smart_format", "numerals", "dictation", "profanity_filter", "diarize_model",
    "detect_entities", "mip_opt_out", "version", "multichannel", "no_delay", "filler_words",
}  # fmt: skip
_OFTEN = {"language_hint", "keyterm", "keywords", "replace", "search", "redact", "tag", "extra"}
_FLUX_ONCE = {
    "model", "encoding", "sample_rate", "eot_threshold", "eager_eot_threshold", "eot_timeout_ms", "numerals",
    "profanity_filter", "mip_opt_out",
}  # fmt: skip
_FLUX_OFTEN = {"keyterm", "language_hint", "redact", "tag"}
_FLAGS = {
    "interim_results", "vad_events", "punctuate", "smart_format", "numerals", "dictation", "profanity_filter",
    "detect_entities", "mip_opt_out", "multichannel", "no_delay", "filler_words",
}  # fmt: skip
FLUX_MODELS = ("flux-general-en", "flux-general-multi")


class Refused(Exception):  # noqa: N818 - it is what the vendor does
    pass


@dataclass
class Config:
    """The checked query of one connection."""

    values: dict[str, str] = field(default_factory=dict)
    lists: dict[str, list[str]] = field(default_factory=dict)

    @property
    def rate(self) -> int:
        return int(self.values["sample_rate"])

    @property
    def mulaw(self) -> bool:
        return self.values["encoding"] == "mulaw"

    def on(self, key: str) -> bool:
        return self.values.get(key) == "true"

    def number(self, key: str, default: float) -> float:
        return float(self.values.get(key, default))


def checked_query(pairs: list[tuple[str, str]], *, flux: bool = False) -> Config:
    """Raises :class:`Refused`."""
    once, often = (_FLUX_ONCE, _FLUX_OFTEN) if flux else (_ONCE, _OFTEN)
    config = Config()
    for key, value in pairs:
        need(key in once | often, f"Unknown parameter {key}")
        if key in often:
            config.lists.setdefault(key, []).append(value)
        else:
            need(key not in config.values, f"{key} was given twice")
            config.values[key] = value
    values = config.values
    need("model" in values, "Bad Request: model is required")
    need(flux == (values["model"] in FLUX_MODELS), f"No such model/version combination: {values['model']}")
    need(values.get("encoding") in RAW, "encoding is required here: the local server takes raw audio only")
    need("sample_rate" in values, "sample_rate is required with raw audio")
    for key in _FLAGS & set(values):
        need(values[key] in ("true", "false"), f"{key} must be true or false")
    (_flux if flux else _nova)(config)
    return config


def _nova(config: Config) -> None:
    values, lists = config.values, config.lists
    nova_3 = values["model"].startswith("nova-3")
    need(float(values.get("utterance_end_ms", 1000)) >= 1000, "utterance_end_ms must be at least 1000")
    need(
        "utterance_end_ms" not in values or values.get("interim_results") == "true",
        "utterance_end_ms needs interim_results",
    )
    need(values.get("diarize_model") in (None, "latest", "v1"), "diarize_model is not available for streaming")
    need(not (nova_3 and lists.get("keywords")), "Keywords are not supported for Nova-3. Use keyterms.")
    need(nova_3 or not lists.get("keyterm"), "Keyterms are only supported for Nova-3.")
    endpointing = values.get("endpointing", "10")
    need(endpointing == "false" or endpointing.isdigit(), "endpointing must be a number or false")
    need(not lists.get("language_hint") or values.get("language") == "multi", "language_hint needs multi")
    _terms(lists.get("keyterm", []))


def _flux(config: Config) -> None:
    need(0.5 <= config.number("eot_threshold", 0.7) <= 1.0, "eot_threshold out of range")
    need(500 <= config.number("eot_timeout_ms", 5000) <= 60_000, "eot_timeout_ms out of range")
    need(0.3 <= config.number("eager_eot_threshold", 0.5) <= 0.9, "eager_eot_threshold out of range")
    multi = config.values["model"] == "flux-general-multi"
    need(multi or "language_hint" not in config.lists, "language_hint is for the multilingual model")
    _terms(config.lists.get("keyterm", []))


def _terms(terms: list[str]) -> None:
    need(len(terms) <= 100, "Too many keyterms")
    for term in terms:
        weight = term.rpartition(":")[2] if ":" in term else ""
        need(not weight.replace(".", "").isdigit(), f"Keyterm {term} carries a weight")


def need(right: bool, words: str) -> None:
    if not right:
        raise Refused(words)
