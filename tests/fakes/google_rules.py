"""What the local Google refuses, in the vendor's words. Requests come in the vendor's JSON, whatever carried them."""

from __future__ import annotations

import re
from typing import Any

from grpc import StatusCode

_CLASSIC = ("long", "short", "telephony", "latest_long", "latest_short")
_HOMES = {
    "chirp_3": ("us", "eu", "asia-northeast1"),
    "chirp_2": ("us-central1", "europe-west4", "asia-southeast1"),
}
_MODELS_V1 = ("latest_long", "latest_short", "phone_call", "video", "command_and_search", "default")
_RECOGNIZER = re.compile(r"projects/([^/]+)/locations/([^/]+)/recognizers/([^/]+)")
_CODE = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?-([A-Z]{2}|\d{3})")
NO_QUOTA = "Quota exceeded for quota metric 'Audio seconds' and limit 'Audio seconds per day'."
LIMIT = 25_600
STRICT_LIMIT = 15_360


class Refused(Exception):  # noqa: N818 - it is what the vendor does
    def __init__(self, words: str, code: StatusCode = StatusCode.INVALID_ARGUMENT) -> None:
        super().__init__(words)
        self.code = code


def check_v2(recognizer: str, config: dict[str, Any], project: str, *, streaming: bool) -> None:
    """Raises :class:`Refused`."""
    named = _RECOGNIZER.fullmatch(recognizer)
    if named is None:
        raise Refused(f"Invalid resource field value in the request: {recognizer!r}")
    if named[1] != project:
        raise Refused(
            f"Permission 'speech.recognizers.recognize' denied on resource '{recognizer}' (or it may not exist).",
            StatusCode.PERMISSION_DENIED,
        )
    if named[3] not in ("_", "mine"):
        raise Refused(f"Unable to find Recognizer {recognizer}", StatusCode.NOT_FOUND)
    model, location = config.get("model", ""), named[2]
    homes = _HOMES.get(model)
    if model not in _CLASSIC and homes is None:
        raise Refused(f'The model "{model}" does not exist.')
    if homes is not None and location not in homes:
        raise Refused(f'The model "{model}" does not exist in the location named "{location}".')
    _check_languages(config.get("languageCodes", []), model, location)
    _check_features(config, model, streaming)
    _check_decoding(config, streaming)
    _check_phrases([p for s in config.get("adaptation", {}).get("phraseSets", []) for p in _inline(s)])


def _check_languages(codes: list[str], model: str, location: str) -> None:
    _need(bool(codes), "The language codes are required.")
    _need(len(codes) <= 3, "At most 3 language codes.")
    for code in codes:
        if code == "auto":
            _need(model.startswith("chirp"), f'The language "auto" is not supported by the model "{model}".')
        elif not _CODE.fullmatch(code) or code == "sq-AL":
            where = f'in the location named "{location}"'
            raise Refused(f'The language "{code}" is not supported by the model "{model}" {where}.')


def _check_features(config: dict[str, Any], model: str, streaming: bool) -> None:
    features = config.get("features", {})
    unknown = []
    if model == "chirp_3" and features.get("enableWordConfidence"):
        unknown.append("word_level_confidence")
    if "diarizationConfig" in features and (streaming or model != "chirp_3"):
        unknown.append("speaker_diarization")
    if model.startswith("chirp") and features.get("enableSpokenPunctuation"):
        unknown.append("spoken_punctuation")
    if unknown:
        listed = "; ".join(f"Recognizer does not support feature: {one}" for one in unknown)
        raise Refused(f"Config contains unsupported fields. {listed}")
    if "customPromptConfig" in features:
        _need(model == "chirp_3", "Custom prompts are supported by chirp_3 only.")


def _check_decoding(config: dict[str, Any], streaming: bool) -> None:
    explicit = config.get("explicitDecodingConfig")
    if explicit is None:
        _need("autoDecodingConfig" in config and not streaming, "Audio encoding is required.")
        return
    _need(explicit.get("encoding") in ("LINEAR16", "MULAW"), "Unsupported encoding.")
    _need(8000 <= explicit.get("sampleRateHertz", 0) <= 48_000, "Invalid sample rate.")
    _need(explicit.get("audioChannelCount") == 1, "Invalid channel count.")


def check_v1(config: dict[str, Any], *, streaming: bool) -> None:
    _need(config.get("model", "default") in _MODELS_V1, f'Incorrect model specified: "{config.get("model")}".')
    code = config.get("languageCode", "")
    _need(bool(_CODE.fullmatch(code)), f'Invalid recognition config: bad language code "{code}".')
    _need(len(config.get("alternativeLanguageCodes", [])) <= 3, "Too many alternative language codes.")
    if streaming or "encoding" in config:
        _need(config.get("encoding") in ("LINEAR16", "MULAW"), "Invalid recognition 'config': bad encoding.")
        _need(8000 <= config.get("sampleRateHertz", 0) <= 48_000, "Invalid recognition 'config': bad sample rate.")
    _check_phrases([{"value": p} for context in config.get("speechContexts", []) for p in context["phrases"]])


def _inline(phrase_set: dict[str, Any]) -> list[dict[str, Any]]:
    return list(phrase_set.get("inlinePhraseSet", {}).get("phrases", []))


def _check_phrases(phrases: list[dict[str, Any]]) -> None:
    _need(len(phrases) <= 1000, "Too many phrases in the request.")
    for phrase in phrases:
        _need(0 < len(phrase["value"]) <= 100, "A phrase is longer than 100 characters.")
        _need(0 <= phrase.get("boost", 0) <= 20, "Boost out of range.")


def _need(right: bool, words: str) -> None:
    if not right:
        raise Refused(words)
