"""The file door of the local Cartesia: what ``POST /stt`` accepts, and what it answers."""

from __future__ import annotations

import io
import secrets
from typing import Any

import numpy as np

from debabelizer.audio.decode import decode
from debabelizer.errors import UnsupportedFormatError
from debabelizer_providers.cartesia.languages import INK_WHISPER
from fakes.cartesia_rules import WHISPER, Refused
from fakes.recognisers import RATE, Heard, Recognise
from fakes.vendor_http import HttpRequest

_FIELDS = {"file", "model", "language", "timestamp_granularities[]"}
_ENDINGS = {"flac", "m4a", "mp3", "mp4", "mpeg", "mpga", "oga", "ogg", "wav", "webm"}


def transcribed(request: HttpRequest, recognise: Recognise, spoken: int) -> dict[str, Any]:
    """The body of the answer. Raises :class:`Refused`."""
    content, fields = _checked(request)
    try:
        audio = np.frombuffer(b"".join(decode(io.BytesIO(content), RATE)), dtype=np.int16)
    except UnsupportedFormatError as problem:
        raise Refused("Invalid file", "The audio could not be decoded") from problem
    heard = recognise(spoken, audio, True)
    answer: dict[str, Any] = {
        "type": "transcript",
        "text": " ".join(word.text for word in heard),
        "language": fields.get("language", "en"),
        "duration": round(len(audio) / RATE, 3),
        "request_id": "req_" + secrets.token_hex(4),
    }
    if "timestamp_granularities[]" in fields:
        answer["words"] = [_timed(word) for word in heard]
    return answer


def _timed(word: Heard) -> dict[str, Any]:
    return {"word": word.text, "start": round(word.start, 3), "end": round(word.end, 3)}


def _checked(request: HttpRequest) -> tuple[bytes, dict[str, str]]:
    try:
        form = request.form()
    except ValueError as problem:
        raise Refused("Invalid request", str(problem)) from problem
    for part in form:
        if part.name not in _FIELDS:
            raise Refused("Invalid request", f"unknown field {part.name}")
    file = next((part for part in form if part.name == "file" and part.filename), None)
    if file is None or str(file.filename).rpartition(".")[2] not in _ENDINGS:
        raise Refused("Invalid file", "file must be one of the supported formats")
    fields = {part.name: part.text for part in form if part is not file}
    if fields.get("model") not in WHISPER:
        raise Refused("Invalid model", "The model is not valid, make sure it is a valid model ID.")
    if fields.get("language", "en") not in INK_WHISPER:
        raise Refused("Unsupported language", f"{fields['model']} does not support {fields['language']}")
    return file.content, fields
