"""The file door of the local Deepgram: what ``POST /v1/listen`` accepts, and what it answers."""

from __future__ import annotations

import io
import secrets
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from debabelizer.audio.decode import decode, probe
from debabelizer.errors import UnsupportedFormatError
from fakes.deepgram_rules import Refused, need
from fakes.recognisers import RATE, Heard, Recognise
from fakes.vendor_http import HttpRequest

_FLAGS = {
    "punctuate", "smart_format", "dictation", "filler_words", "numerals", "profanity_filter", "measurements",
    "multichannel", "utterances", "paragraphs", "detect_entities", "mip_opt_out",
}  # fmt: skip
_ONCE = {"model", "language", "version", "diarize_model", "utt_split", "encoding", "sample_rate"} | _FLAGS
_OFTEN = {"language_hint", "detect_language", "keyterm", "keywords", "replace", "search", "redact", "tag", "extra"}
TURN_S = 2.0
"""With diarization, somebody else speaks after so many seconds."""


class Question:
    """The checked query."""

    def __init__(self, pairs: Sequence[tuple[str, str]], models: Sequence[str]) -> None:
        self.values: dict[str, str] = {}
        self.lists: dict[str, list[str]] = {}
        for key, value in pairs:
            need(key in _ONCE | _OFTEN, f"Unknown parameter {key}")
            if key in _OFTEN:
                self.lists.setdefault(key, []).append(value)
            else:
                need(key not in self.values, f"{key} was given twice")
                self.values[key] = value
        for key in _FLAGS & set(self.values):
            need(self.values[key] in ("true", "false"), f"{key} must be true or false")
        model = self.values.get("model", "base-general")
        need(model in models, "No such model/language/tier combination found.")
        nova_3 = model.startswith("nova-3")
        need(not (nova_3 and self.lists.get("keywords")), "Keywords are not supported for Nova-3. Use keyterms.")
        need(nova_3 or not self.lists.get("keyterm"), "Keyterms are only supported for Nova-3.")
        need(len(self.lists.get("keyterm", [])) <= 100, "Too many keyterms")
        need(self.values.get("diarize_model", "v2") in ("latest", "v1", "v2"), "Unknown diarize_model")
        need(float(self.values.get("utt_split", 0.8)) > 0, "utt_split must be positive")
        detected = self.lists.get("detect_language", [])
        need(not (detected and "language" in self.values), "language and detect_language exclude each other")
        need("true" not in detected or detected == ["true"], "detect_language is a flag or a list of languages")
        hinted = self.lists.get("language_hint")
        need(not hinted or self.values.get("language") == "multi", "language_hint needs multi")

    def on(self, key: str) -> bool:
        return self.values.get(key) == "true"


def transcribed(request: HttpRequest, models: Sequence[str], recognise: Recognise) -> dict[str, Any]:
    """The body of the answer. Raises :class:`Refused`."""
    question = Question(request.query, models)
    need(request.headers.get("content-type", "").startswith(("audio/", "video/", "application/octet")), "no audio")
    try:
        channels = _channels(request.body, apart=question.on("multichannel"))
    except UnsupportedFormatError as problem:
        raise Refused("failed to process audio: corrupt or unsupported data") from problem
    heard = [_words(recognise(0, audio, True), question) for audio in channels]
    results: dict[str, Any] = {"channels": [_channel(words, question) for words in heard]}
    if question.on("utterances"):
        split = float(question.values.get("utt_split", 0.8))
        found = [one for number, words in enumerate(heard) for one in _utterances(words, number, split, question)]
        results["utterances"] = sorted(found, key=lambda one: (one["start"], one["channel"]))
    about = {"request_id": f"dg_{secrets.token_hex(4)}", "sha256": "0" * 64, "created": "2026-11-20T09:20:11.001Z"}
    models_ = {"models": ["m"], "model_info": {"m": {"name": "general-nova-3", "version": "1", "arch": "nova-3"}}}
    duration = len(channels[0]) / RATE
    metadata = {"transaction_key": "deprecated", **about, "duration": duration, "channels": len(channels), **models_}
    return {"metadata": metadata, "results": results}


def _channels(content: bytes, *, apart: bool) -> list[Any]:
    if apart and probe(io.BytesIO(content)).channels > 1:
        pcm = np.frombuffer(b"".join(decode(io.BytesIO(content), layout="stereo")), "<i2").reshape(-1, 2)
        return [pcm[:, 0].copy(), pcm[:, 1].copy()]
    return [np.frombuffer(b"".join(decode(io.BytesIO(content))), "<i2")]


def _words(heard: Sequence[Heard], question: Question) -> list[dict[str, Any]]:
    """Written as usual where that is asked for."""
    neat = question.on("smart_format") or question.on("punctuate")
    words = []
    for one in heard:
        word = {"word": one.text.lower(), "start": one.start, "end": one.end, "confidence": 0.98}
        if neat:
            word["punctuated_word"] = one.text
        if "diarize_model" in question.values:
            word |= {"speaker": int(one.start // TURN_S) % 2, "speaker_confidence": 0.9}
        words.append(word)
    return words


def _text(words: Sequence[dict[str, Any]]) -> str:
    return " ".join(word.get("punctuated_word", word["word"]) for word in words)


def _channel(words: Sequence[dict[str, Any]], question: Question) -> dict[str, Any]:
    said: dict[str, Any] = {"transcript": _text(words), "confidence": 0.98 if words else 0.0, "words": words}
    if question.values.get("language") == "multi":
        said |= {"languages": ["es"] if words else [], "languages_hinted": question.lists.get("language_hint", [])}
    channel: dict[str, Any] = {"alternatives": [said]}
    detected = question.lists.get("detect_language")
    if detected:
        channel |= {"detected_language": "fr" if detected == ["true"] else detected[-1], "language_confidence": 0.99}
    return channel


def _utterances(words: list[dict[str, Any]], channel: int, split: float, question: Question) -> list[dict[str, Any]]:
    groups: list[list[dict[str, Any]]] = [words[:1]] if words else []
    for before, word in pairwise(words):
        if word["start"] - before["end"] >= split:
            groups.append([])
        groups[-1].append(word)
    found = []
    for group in groups:
        one = {"start": group[0]["start"], "end": group[-1]["end"], "confidence": 0.98, "channel": channel}
        one |= {"transcript": _text(group), "words": group, "id": secrets.token_hex(8)}
        if "diarize_model" in question.values:
            one["speaker"] = group[0]["speaker"]
        if question.values.get("language") == "multi":
            one["languages"] = ["es"]
        found.append(one)
    return found
