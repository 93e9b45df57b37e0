"""The file door of the local OpenAI: what ``POST /v1/audio/transcriptions`` accepts, and the forms of its answers."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import numpy as np

from debabelizer.audio.decode import decode, probe
from debabelizer.errors import UnsupportedFormatError
from fakes.openai_rules import Refused
from fakes.recognisers import Heard, Recognise, translated
from fakes.vendor_http import Answer, HttpRequest, Part, event_stream

PATH = "/audio/transcriptions"
TO_ENGLISH = "/audio/translations"
FORMS = {
    "whisper-1": {"json", "text", "srt", "verbose_json", "vtt"},
    "gpt-4o-transcribe": {"json"},
    "gpt-4o-mini-transcribe": {"json"},
    "gpt-4o-mini-transcribe-2025-12-15": {"json"},
    "gpt-4o-transcribe-diarize": {"json", "text", "diarized_json"},
    "gpt-transcribe": {"json"},
}
EXTENSIONS = {"flac", "mp3", "mp4", "mpeg", "mpga", "m4a", "ogg", "wav", "webm"}
LARGEST = 25 * 2**20
_LISTS = {"languages[]", "keywords[]", "timestamp_granularities[]", "include[]"}
_TEXTS = {"model", "language", "prompt", "response_format", "temperature", "chunking_strategy", "stream"}
TURN_S = 2.0
"""With the model that tells speakers apart, somebody else speaks after so many seconds."""


def _need(right: object, words: str, code: str = "invalid_value") -> None:
    if not right:
        raise Refused(code, words)


def answer(request: HttpRequest, recognise: Recognise, dialect: str) -> Answer:
    """The caller has checked the key. A server of another kind than OpenAI knows the simplest fields only."""
    try:
        file, fields = _checked(request, simple=dialect in ("speaches", "vllm"))
        if request.path.endswith(TO_ENGLISH):
            _translation_rules(fields)
            plain, recognise = recognise, lambda *given: translated(plain(*given))
        if len(file) > LARGEST:
            words = f"Maximum content size limit ({LARGEST}) exceeded ({len(file)} bytes read)"
            return Answer(413, {"error": {"message": words, "type": "server_error", "param": None, "code": None}})
        return _answered(file, fields, recognise)
    except Refused as refusal:
        error = {"message": refusal.words, "type": "invalid_request_error", "param": None, "code": refusal.code}
        return Answer(400, {"error": error})
    except UnsupportedFormatError:
        words = "Audio file might be corrupted or unsupported"
        error = {"message": words, "type": "invalid_request_error", "param": "file", "code": "invalid_value"}
        return Answer(400, {"error": error})


def _checked(request: HttpRequest, *, simple: bool) -> tuple[bytes, dict[str, Any]]:
    fields: dict[str, Any] = {}
    file: Part | None = None
    for part in request.form():
        if part.name == "file":
            file = part
        elif part.name in _LISTS and not simple:
            fields.setdefault(part.name, []).append(part.text)
        else:
            _need(part.name in _TEXTS, f"Unrecognized request argument supplied: {part.name}", "unknown_parameter")
            _need(part.name not in fields, f"{part.name} was given twice.")
            fields[part.name] = part.text
    _need(file is not None, "you must provide a file", "missing_required_parameter")
    _need("model" in fields, "you must provide a model parameter", "missing_required_parameter")
    assert file is not None
    ending = (file.filename or "").rpartition(".")[2]
    _need(ending in EXTENSIONS, f"Unrecognized file format. Supported formats: {sorted(EXTENSIONS)}")
    if simple:
        _need("stream" not in fields, "Extra inputs are not permitted: stream", "unknown_parameter")
        _need(fields.get("response_format", "json") == "json", "response_format is not supported.")
    else:
        _rules(fields)
    return file.content, fields


def _rules(fields: dict[str, Any]) -> None:
    model, form = fields["model"], fields.get("response_format", "json")
    _need(model in FORMS, f"The model `{model}` does not exist or you do not have access to it.", "model_not_found")
    _need(form in FORMS[model], f"response_format '{form}' is not compatible with model '{model}'.")
    hinted = model == "gpt-transcribe"
    for key in ("languages[]", "keywords[]"):
        _need(key not in fields or hinted, f"{key} is not supported with {model}.")
    for code in [*fields.get("languages[]", []), *filter(None, [fields.get("language")])]:
        _need(len(code) == 2 and code.isalpha() and code.islower(), f"'{code}' is not an ISO-639-1 code.")
    _need("language" not in fields or not hinted, f"{model} takes languages[], not language.")
    _need("prompt" not in fields or "diarize" not in model, "prompt is not supported with this model.")
    timed = fields.get("timestamp_granularities[]", [])
    _need(not timed or form == "verbose_json", "timestamp_granularities needs response_format=verbose_json.")
    _need(set(timed) <= {"word", "segment"}, "Unknown granularity.")
    _need(fields.get("stream", "false") in ("true", "false"), "stream must be true or false.")


def _translation_rules(fields: dict[str, Any]) -> None:
    _need(fields["model"] == "whisper-1", f"{fields['model']} does not translate.")
    unknown = set(fields) - {"model", "prompt", "response_format", "temperature"}
    _need(not unknown, f"Unrecognized request argument supplied: {unknown}", "unknown_parameter")


def _answered(file: bytes, fields: dict[str, Any], recognise: Recognise) -> Answer:
    seconds = probe(io.BytesIO(file)).duration or 0.0
    diarize = "diarize" in fields["model"]
    _need(not diarize or seconds <= 30 or "chunking_strategy" in fields, "chunking_strategy is required.")
    _need(
        not fields["model"].startswith("gpt-4o") or seconds <= 1400,
        f"audio duration {seconds} seconds is longer than 1400 seconds which is the maximum for this model",
    )
    pcm = np.frombuffer(b"".join(decode(io.BytesIO(file))), "<i2")
    heard = recognise(0, pcm, True)
    streamed = fields.get("stream") == "true" and fields["model"] != "whisper-1"  # which ignores it
    if streamed:
        return event_stream(_events(heard, diarize))
    return Answer(200, _body(heard, fields, seconds), {"x-request-id": "req_files"})


def _body(heard: Sequence[Heard], fields: dict[str, Any], seconds: float) -> Any:
    text = " ".join(one.text for one in heard)
    match fields.get("response_format", "json"):
        case "text":
            return text + "\n"
        case "diarized_json":
            return {"task": "transcribe", "duration": seconds, "text": text, "segments": _turns(heard)}
        case "verbose_json":
            timed = {"task": "transcribe", "language": "english", "duration": seconds, "text": text}
            timed["segments"] = [
                {
                    "id": n,
                    "seek": 0,
                    "start": part[0].start,
                    "end": part[-1].end,
                    "text": " " + _text(part),
                    "tokens": [1],
                }
                for n, part in enumerate(heard[at : at + 8] for at in range(0, len(heard), 8))
            ]
            if "word" in fields.get("timestamp_granularities[]", []):
                timed["words"] = [{"word": one.text, "start": one.start, "end": one.end} for one in heard]
            return timed
        case _:
            return {"text": text, "usage": {"type": "duration", "seconds": seconds}}


def _events(heard: Sequence[Heard], diarize: bool) -> list[object]:
    text = " ".join(one.text for one in heard)
    events: list[object] = []
    if diarize:
        events += [{"type": "transcript.text.segment", **turn} for turn in _turns(heard)]
    else:
        parts = [one.text if not n else f" {one.text}" for n, one in enumerate(heard)]
        events += [{"type": "transcript.text.delta", "delta": part, "logprobs": None} for part in parts]
    events.append({"type": "transcript.new.kind", "of": "event"})
    return [*events, {"type": "transcript.text.done", "text": text, "usage": {"type": "tokens", "total_tokens": 9}}]


def _turns(heard: Sequence[Heard]) -> list[dict[str, Any]]:
    turns: dict[int, list[Heard]] = {}
    for one in heard:
        turns.setdefault(int(one.start // TURN_S), []).append(one)
    return [
        {
            "type": "transcript.text.segment",
            "id": f"seg_{number}",
            "start": part[0].start,
            "end": part[-1].end,
            "speaker": "AB"[number % 2],
            "text": _text(part),
        }
        for number, part in turns.items()
    ]


def _text(heard: Sequence[Heard]) -> str:
    return " ".join(one.text for one in heard)
