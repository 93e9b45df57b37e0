"""What the local Azure reads and refuses: the framing of messages, the query, and what a turn's context may say."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any

ID = re.compile(r"[0-9a-fA-F]{32}")
PATHS = re.compile(
    r"(?:/stt)?/speech/(?:recognition/(?P<mode>interactive|conversation|dictation)/cognitiveservices/v1|universal/v2)"
)
_LOCALE = re.compile(r"[a-z]{2,3}-[a-z0-9]{2,4}(-[a-z]+)?", re.IGNORECASE)
_QUERY = {
    "language", "format", "cid", "profanity", "wordleveltimestamps", "wordlevelconfidence", "initialsilencetimeoutms",
    "endsilencetimeoutms", "segmentationsilencetimeoutms", "stableintermediatethreshold", "storeaudio", "lidenabled",
    "postprocessing", "punctuation", "setfeature", "ocp-apim-subscription-key", "x-connectionid", "authorization",
}  # fmt: skip
MOST_PHRASES = 500


class Refused(Exception):  # noqa: N818 - it is what the vendor does
    pass


@dataclass
class Framed:
    """``headers`` in lower case names; ``body`` is text or audio."""

    headers: dict[str, str]
    body: str | bytes

    @property
    def path(self) -> str:
        return self.headers.get("path", "").lower()

    @property
    def request_id(self) -> str:
        return self.headers.get("x-requestid", "")


def unframed(message: str | bytes) -> Framed:
    """Raises :class:`Refused`."""
    body: str | bytes
    if isinstance(message, str):
        head, _, body = message.partition("\r\n\r\n")
    else:
        length = int.from_bytes(message[:2], "big")
        if length >= 2**15 or len(message) < length + 2:
            raise Refused("The header of a binary message exceeds the message.")
        head, body = message[2 : 2 + length].decode("ascii"), message[2 + length :]
    pairs = [line.partition(":") for line in head.split("\r\n") if line]
    headers = {name.strip().lower(): value.strip() for name, _, value in pairs}
    if "path" not in headers:
        raise Refused("A message has no Path.")
    return Framed(headers, body)


def framed(path: str, request_id: str, body: Any, kind: str = "application/json; charset=utf-8") -> str:
    return f"X-RequestId:{request_id}\r\nContent-Type:{kind}\r\nPath:{path}\r\n\r\n" + (
        body if isinstance(body, str) else json.dumps(body)
    )


def lowered(value: Any) -> Any:
    """Keys of objects without regard to capitals: the vendor's own programs do not agree on them."""
    if isinstance(value, dict):
        return {key.lower(): lowered(inner) for key, inner in value.items()}
    return [lowered(inner) for inner in value] if isinstance(value, list) else value


@dataclass
class Config:
    """What query and context ask for."""

    detailed: bool = False
    languages: list[str] = field(default_factory=list)
    silence_ms: float = 500.0
    phrases: list[str] = field(default_factory=list)
    diarize: bool = False
    interim: bool = True
    continuation: dict[str, Any] | None = None


def checked_query(pairs: list[tuple[str, str]]) -> dict[str, str]:
    """Raises :class:`Refused`."""
    query: dict[str, str] = {}
    for key, value in pairs:
        name = key.lower()
        need(name in _QUERY, f"unknown parameter {key}")
        need(name not in query, f"{key} was given twice")
        query[name] = value
    need("cid" in query or "language" not in query or bool(_LOCALE.fullmatch(query["language"])), "language")
    need(query.get("format", "simple") in ("simple", "detailed"), "format must be simple or detailed")
    need(query.get("profanity", "masked") in ("masked", "removed", "raw"), "profanity")
    punctuation = query.get("punctuation", "implicit")
    need(punctuation in ("none", "implicit", "explicit", "intelligent"), "punctuation")
    return query


def checked_context(body: str, query: dict[str, str]) -> Config:
    """Raises :class:`Refused`."""
    try:
        context = lowered(json.loads(body or "{}"))
    except ValueError:
        raise Refused("speech.context is not JSON") from None
    detection, output = context.get("phrasedetection", {}), context.get("phraseoutput", {})
    config = Config(detailed="detailed" in (query.get("format"), str(output.get("format", "")).lower()))
    mode = str(detection.get("mode", "conversation")).lower()
    need(mode in ("interactive", "conversation", "dictation"), f"no mode {mode}")
    segmentation = detection.get(mode, {}).get("segmentation", {})
    need(
        segmentation.get("mode", "Normal") in ("Normal", "Custom", "Semantic", "Disabled"),
        f"no segmentation {segmentation}",
    )
    config.silence_ms = float(segmentation.get("segmentationsilencetimeoutms", 500))
    need(100 <= config.silence_ms <= 5000, "segmentationSilenceTimeoutMs must be from 100 to 5000")
    profanity = str(detection.get("enrichment", {}).get("profanity", "masked")).lower()
    need(profanity in ("masked", "removed", "raw", "tagged"), f"no profanity {profanity}")
    _languages(context.get("languageid"), detection, query, config)
    for group in context.get("dgi", {}).get("groups", []):
        config.phrases += [item["text"] for item in group["items"]]
    need(len(config.phrases) <= MOST_PHRASES, "too many phrases")
    need(0 <= context.get("dgi", {}).get("bias", 1.0) <= 2, "bias must be from 0 to 2")
    config.diarize = "speakerdiarization" in detection
    config.interim = str(output.get("interimresults", {}).get("resulttype", "Auto")) != "None"
    config.continuation = context.get("continuation")
    return config


def _languages(asked: dict[str, Any] | None, detection: dict[str, Any], query: dict[str, str], config: Config) -> None:
    if asked is None:
        one = detection.get("language") or query.get("language")
        need(bool(one) or "cid" in query, "a language is required")
        config.languages = [one] if one else []
        return
    config.languages = asked["languages"]
    need(asked["mode"] in ("DetectAtAudioStart", "DetectContinuous"), "languageId.mode")
    most = 10 if asked["mode"] == "DetectContinuous" else 4
    need(1 <= len(config.languages) <= most, f"at most {most} languages")
    primary = [language.partition("-")[0].lower() for language in config.languages]
    need(len(set(primary)) == len(primary), "one locale of each language")
    need(all(_LOCALE.fullmatch(language) for language in config.languages), "a language is no locale")


def need(right: bool, words: str) -> None:
    if not right:
        raise Refused(words)
