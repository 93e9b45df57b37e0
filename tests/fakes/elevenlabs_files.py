"""The file door of the local ElevenLabs: what ``POST /v1/speech-to-text`` accepts, and what it answers."""

from __future__ import annotations

import io
import json
import secrets
from collections.abc import Sequence
from typing import Any

import numpy as np

from debabelizer.audio.decode import decode, probe
from debabelizer.errors import UnsupportedFormatError
from fakes.recognisers import Heard, Recognise
from fakes.vendor_http import Answer, HttpRequest, Part

PATH = "/v1/speech-to-text"
MODELS = {"scribe_v2", "scribe_v2_medical", "scribe_v3"}
_FLAGS = {
    "diarize",
    "tag_audio_events",
    "no_verbatim",
    "use_multi_channel",
    "use_speaker_library",
    "detect_speaker_roles",
}
_TEXTS = {
    "model_id",
    "language_code",
    "numbers_format",
    "timestamps_granularity",
    "num_speakers",
    "entity_detection",
    "entity_redaction",
    "entity_redaction_mode",
    "transcript_edit",
    "webhook_metadata",  # the SDK always sends it
}
_LISTS = {"keyterms", "secondary_language_codes"}
TURN_S = 2.0
"""With diarization, somebody else speaks after so many seconds."""


class Refused(Exception):  # noqa: N818 - it is what the vendor does
    def __init__(self, status: int, code: str, words: str) -> None:
        super().__init__(words)
        self.answer = Answer(status, {"detail": {"status": code, "message": words}})


def _need(right: object, words: str) -> None:
    if not right:
        raise Refused(400, "invalid_parameters", words)


def answer(request: HttpRequest, recognise: Recognise) -> Answer:
    """The caller has checked the key."""
    try:
        file, fields = _checked(request)
        return Answer(200, _transcribed(file, fields, recognise))
    except Refused as refusal:
        return refusal.answer
    except UnsupportedFormatError:
        words = "The uploaded file is not a valid audio or video file."
        return Answer(400, {"detail": {"status": "invalid_file", "message": words}})


def _checked(request: HttpRequest) -> tuple[bytes, dict[str, Any]]:
    try:
        form = request.form()
    except ValueError as problem:
        raise Refused(422, "unprocessable", str(problem)) from problem
    fields: dict[str, Any] = {name: [] for name in _LISTS}
    file: Part | None = None
    for part in form:
        if part.name == "file":
            _need(part.filename and "." in part.filename, "The file has no name.")
            file = part
            continue
        _need(part.name in _FLAGS | _TEXTS | _LISTS, f"Unknown field '{part.name}'.")
        if part.name in _LISTS:
            fields[part.name].append(part.text)
            continue
        _need(part.name not in fields, f"'{part.name}' was given twice.")
        _need(part.name not in _FLAGS or part.text in ("true", "false"), f"{part.name} must be true or false.")
        fields[part.name] = part.text
    if file is None or "model_id" not in fields:
        missing = "file" if file is None else "model_id"
        raise Refused(422, "unprocessable", f"{missing} is required.")
    _rules(fields)
    return file.content, fields


def _rules(fields: dict[str, Any]) -> None:
    model = fields["model_id"]
    _need(model in MODELS, f"'{model}' is not a valid model_id.")
    _need(fields.get("timestamps_granularity", "word") in ("none", "word", "character"), "Unknown granularity.")
    for code in [*fields["secondary_language_codes"], *filter(None, [fields.get("language_code")])]:
        _need(code.isalpha() and code.islower() and len(code) in (2, 3), f"'{code}' is not an ISO 639 code.")
    newest = model == "scribe_v3"
    _need(newest or not fields["secondary_language_codes"], "secondary_language_codes is only supported by scribe_v3.")
    _need(newest or "numbers_format" not in fields, "numbers_format is only supported by scribe_v3.")
    _need(len(fields["keyterms"]) <= 1000, "At most 1000 keyterms are allowed.")
    for term in fields["keyterms"]:
        short = 0 < len(term) <= 50 and len(term.split()) <= 5
        _need(short and not set("<>{}[]\\") & set(term), f"Invalid keyterm '{term}'.")
    _need(1 <= int(fields.get("num_speakers", 1)) <= 32, "num_speakers must be between 1 and 32.")
    diarized = fields.get("diarize") == "true"
    apart = fields.get("use_multi_channel") == "true"
    _need(
        fields.get("detect_speaker_roles") != "true" or (diarized and not apart), "detect_speaker_roles needs diarize."
    )
    detected, redacted = (json.loads(fields.get(f"entity_{kind}", "[]")) or [] for kind in ("detection", "redaction"))
    _need(set(redacted) <= set(detected), "entity_redaction must be a subset of entity_detection.")
    edit = fields.get("transcript_edit", "")
    _need(len(edit) <= 2000 and not (edit and (detected or apart)), "transcript_edit cannot be combined with that.")


def _transcribed(file: bytes, fields: dict[str, Any], recognise: Recognise) -> dict[str, Any]:
    channels = probe(io.BytesIO(file)).channels
    about = {"transcription_id": f"tr_{secrets.token_hex(4)}"}
    if fields.get("use_multi_channel") == "true" and channels > 1:
        _need(channels <= 5, "At most 5 channels are supported.")
        pcm = np.frombuffer(b"".join(decode(io.BytesIO(file), layout="stereo")), "<i2").reshape(-1, 2)
        transcripts = [
            {**_transcript(recognise(0, pcm[:, number].copy(), True), fields), "channel_index": number}
            for number in range(2)
        ]
        return {"transcripts": transcripts, **about}
    pcm = np.frombuffer(b"".join(decode(io.BytesIO(file))), "<i2")
    return {**_transcript(recognise(0, pcm, True), fields), "audio_duration_secs": len(pcm) / 16_000, **about}


def _transcript(heard: Sequence[Heard], fields: dict[str, Any]) -> dict[str, Any]:
    words: list[dict[str, Any]] = []
    for number, one in enumerate(heard):
        speaker = f"speaker_{int(one.start // TURN_S) % 2}" if fields.get("diarize") == "true" else None
        if number:
            gap = {"start": heard[number - 1].end, "end": one.start}
            words.append({"text": " ", **gap, "type": "spacing", "speaker_id": speaker, "logprob": 0.0})
        about = {"start": one.start, "end": one.end, "type": "word", "speaker_id": speaker, "logprob": -0.02}
        words.append({"text": one.text, **about})
    if fields.get("tag_audio_events", "true") == "true" and words:
        end = words[-1]["end"]
        words.append({"text": " ", "start": end, "end": end, "type": "spacing", "speaker_id": None, "logprob": 0.0})
        words.append(
            {"text": "(laughter)", "start": end, "end": end, "type": "audio_event", "speaker_id": None, "logprob": 0.0}
        )
    text = "".join(word["text"] for word in words)
    result = {"language_code": "eng", "language_probability": 0.98, "text": text, "words": words}
    if "transcript_edit" in fields:
        result["edited_transcript"] = {"text": text.upper(), "edited_text": text.upper()}
    return result
