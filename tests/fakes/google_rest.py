"""The REST side of the local Google: short recordings, recordings in a bucket, and tokens for a login."""

from __future__ import annotations

import base64
import io
import re
import secrets
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import numpy as np
from grpc import StatusCode

from debabelizer.audio.decode import decode
from debabelizer.errors import UnsupportedFormatError
from fakes.google_rules import NO_QUOTA, Refused, check_v1, check_v2
from fakes.recognisers import RATE, Samples, to_16k, translated
from fakes.vendor_http import Answer, HttpRequest

if TYPE_CHECKING:
    from fakes.google_server import GoogleServer

_STATUS = {
    StatusCode.INVALID_ARGUMENT: 400,
    StatusCode.UNAUTHENTICATED: 401,
    StatusCode.PERMISSION_DENIED: 403,
    StatusCode.NOT_FOUND: 404,
    StatusCode.RESOURCE_EXHAUSTED: 429,
}
_MOST_S = 60.0
_MOST_BYTES = 10 << 20
_RECOGNIZE = re.compile(r"/v2/(projects/[^:]+):(recognize|batchRecognize)")
_OPERATION = re.compile(r"/v2/(projects/[^:]+/operations/[^:/]+)(:cancel)?")
_OBJECT = re.compile(r"/storage/v1/b/([^/]+)/o/([^/]+)")


def answer_rest(server: GoogleServer, request: HttpRequest) -> Answer:
    if request.path == "/token":
        return _token(server, request)
    try:
        return _admitted(server, request)
    except Refused as refusal:
        return refused(refusal, "API_KEY_INVALID" if "API key" in str(refusal) else "")


def refused(refusal: Refused, reason: str = "") -> Answer:
    status = _STATUS.get(refusal.code, 503)
    details = [{"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": reason}] if reason else []
    error = {"code": status, "message": str(refusal), "status": refusal.code.name, "details": details}
    return Answer(status, {"error": error})


def _token(server: GoogleServer, request: HttpRequest) -> Answer:
    if not server.login_valid:
        return Answer(400, {"error": "invalid_grant", "error_description": "Token has been expired or revoked."})
    token = f"ya29.{secrets.token_hex(8)}"
    server.tokens.add(token)
    return Answer(200, {"access_token": token, "expires_in": 3599, "token_type": "Bearer"})


def _admitted(server: GoogleServer, request: HttpRequest) -> Answer:
    if why := server.admits(request.headers):
        raise Refused(why, StatusCode.INVALID_ARGUMENT if "API key" in why else StatusCode.UNAUTHENTICATED)
    if not server.billing:
        raise Refused("This API method requires billing to be enabled.", StatusCode.PERMISSION_DENIED)
    if not server.quota_left:
        raise Refused(NO_QUOTA, StatusCode.RESOURCE_EXHAUSTED)
    next_call = server.behaviours[min(len(server.calls), len(server.behaviours) - 1)]
    if next_call.refuse is not None:
        raise Refused(next_call.refuse_words, next_call.refuse)
    if request.path.startswith(("/upload/storage/", "/storage/")):
        return _bucket(server, request)
    if request.method == "POST" and request.path == "/v1/speech:recognize":
        return _recognize_v1(server, request.json())
    if (operation := _OPERATION.fullmatch(request.path)) is not None:
        return _operation(server, request, operation[1], bool(operation[2]))
    if request.method == "POST" and (place := _RECOGNIZE.fullmatch(request.path)) is not None:
        return (_recognize_v2 if place[2] == "recognize" else _batch)(server, place[1], request.json())
    return Answer(404, {"error": {"code": 404, "message": "Not found.", "status": "NOT_FOUND"}})


def _recognize_v1(server: GoogleServer, body: dict[str, Any]) -> Answer:
    config = body["config"]
    check_v1(config, streaming=False)
    samples = _samples(base64.b64decode(body["audio"]["content"]), config)
    return Answer(200, {"results": _results(server, samples, config, "Time"), "requestId": "17"})


def _recognize_v2(server: GoogleServer, recognizer: str, body: dict[str, Any]) -> Answer:
    config = body["config"]
    check_v2(recognizer, config, server.project, streaming=False)
    samples = _samples(base64.b64decode(body["content"]), config.get("explicitDecodingConfig", {}))
    return Answer(
        200,
        {
            "results": _results(server, samples, config, "Offset"),
            "metadata": {"requestId": "r-17", "totalBilledDuration": f"{round(len(samples) / RATE)}s"},
        },
    )


def _samples(content: bytes, form: dict[str, Any], most_s: float = _MOST_S) -> Samples:
    if len(content) > _MOST_BYTES:
        raise Refused("Request payload size exceeds the limit: 10485760 bytes.")
    if form.get("encoding") in ("LINEAR16", "MULAW"):
        samples = to_16k(content, form["sampleRateHertz"], form["encoding"] == "MULAW")
    else:
        try:
            samples = np.frombuffer(b"".join(decode(io.BytesIO(content), RATE)), dtype="<i2")
        except UnsupportedFormatError as problem:
            raise Refused("Audio data does not appear to be in a supported encoding.") from problem
    if len(samples) > most_s * RATE:
        raise Refused("Audio can be of a maximum of 60 seconds.")
    return samples


def _results(server: GoogleServer, samples: Samples, config: dict[str, Any], times: str) -> list[dict[str, Any]]:
    """One result for ten words at most: the vendor, too, answers in several."""
    words = list(server.recognise(server.spoken, samples, True))
    if into := config.get("translationConfig"):
        if config.get("model") != "chirp_2" or set(into) != {"targetLanguage"}:
            raise Refused("The model does not translate.")
        words = translated(words)
    features = config.get("features", config)
    timed = features.get("enableWordTimeOffsets")
    code = (config.get("languageCodes") or [config.get("languageCode", "")])[0]
    results = []
    for first in range(0, len(words), 10):
        some = words[first : first + 10]
        listed = [
            {
                "word": word.text,
                **({f"start{times}": f"{word.start:.3f}s", f"end{times}": f"{word.end:.3f}s"} if timed else {}),
                **({"confidence": 0.9} if features.get("enableWordConfidence") else {}),
                **({"speakerLabel": str(1 + first // 10 % 2)} if "diarizationConfig" in features else {}),
            }
            for word in some
        ]
        said = {"transcript": ("" if not first else " ") + " ".join(w.text for w in some), "words": listed}
        end = {f"resultEnd{times}": f"{some[-1].end:.3f}s"}
        results.append({"alternatives": [said], "languageCode": "en-us" if code == "auto" else code.lower(), **end})
    return results


# -------------------------------------------------------------------------------------------------- the bucket


def _bucket(server: GoogleServer, request: HttpRequest) -> Answer:
    if request.method == "POST" and (place := re.fullmatch(r"/upload/storage/v1/b/([^/]+)/o", request.path)):
        if place[1] != "our-bucket":
            raise Refused("The specified bucket does not exist.", StatusCode.NOT_FOUND)
        name = dict(request.query)["name"]
        server.objects[f"gs://{place[1]}/{name}"] = request.body
        return Answer(200, {"kind": "storage#object", "bucket": place[1], "name": name})
    if request.method == "DELETE" and (place := _OBJECT.fullmatch(request.path)) is not None:
        uri = f"gs://{place[1]}/{unquote(place[2])}"
        if server.objects.pop(uri, None) is None:
            raise Refused(f"No such object: {uri}", StatusCode.NOT_FOUND)
        return Answer(204)
    raise Refused("No such object.", StatusCode.NOT_FOUND)


def _batch(server: GoogleServer, recognizer: str, body: dict[str, Any]) -> Answer:
    """The result is ready after a look or two."""
    check_v2(recognizer, body["config"], server.project, streaming=False)
    (file,) = body["files"]
    if "inlineResponseConfig" not in body["recognitionOutputConfig"]:
        raise Refused("Output config is required.")
    if body.get("processingStrategy", "DYNAMIC_BATCHING") != "DYNAMIC_BATCHING":
        raise Refused("Invalid processing strategy.")
    if file["uri"] not in server.objects:
        raise Refused(f"Requested entity was not found: {file['uri']}", StatusCode.NOT_FOUND)
    name = f"{recognizer.partition('/recognizers')[0]}/operations/{secrets.token_hex(4)}"
    server.operations[name] = {"looks": 0, "uri": file["uri"], "config": body["config"]}
    return Answer(200, {"name": name, "metadata": {"progressPercent": 0}})


def _operation(server: GoogleServer, request: HttpRequest, name: str, cancel: bool) -> Answer:
    state = server.operations.get(name)
    if state is None:
        raise Refused(f"Operation {name} not found.", StatusCode.NOT_FOUND)
    if cancel:
        state["cancelled"] = True
        return Answer(200, {})
    state["looks"] += 1
    if state["looks"] < server.looks:
        return Answer(200, {"name": name, "metadata": {"progressPercent": 40}})
    uri, config = state["uri"], state["config"]
    try:
        samples = _samples(server.objects[uri], {}, 3600.0)
    except Refused as refusal:
        whole = {"error": {"code": 3, "message": str(refusal)}}
    else:
        whole = {"inlineResult": {"transcript": {"results": _results(server, samples, config, "Offset")}}}
    kind = "type.googleapis.com/google.cloud.speech.v2.BatchRecognizeResponse"
    return Answer(200, {"name": name, "done": True, "response": {"@type": kind, "results": {uri: whole}}})
