"""Recordings of more than a minute: put into a bucket of the user's, recognised there, and removed again."""

from __future__ import annotations

import asyncio
import uuid
from contextlib import suppress
from typing import Any
from urllib.parse import quote

import httpx
import msgspec

from debabelizer.contract import FileProgress, GrpcStatus, Recording, StreamOptions, Tell
from debabelizer.errors import ConfigurationError, ProviderError
from debabelizer_providers.google.account import Access
from debabelizer_providers.google.connect import Plan, setting
from debabelizer_providers.google.description import NAME
from debabelizer_providers.google.rest import Result, call
from debabelizer_providers.google.trouble import call_error, garbage, http_error

LONGEST_S = 1190.0
"""With the times of words, the newest model takes 20 minutes."""
_STORAGE = "https://storage.googleapis.com"
_ANSWER_S = 60.0
_FIRST_LOOK_S = 1.0
_LATER_LOOKS_S = 10.0
_REMOVE_S = 10.0


class _Operation(msgspec.Struct):
    name: str = ""
    done: bool = False
    metadata: dict[str, Any] = {}
    error: dict[str, Any] | None = None
    response: dict[str, Any] | None = None


class _Transcript(msgspec.Struct):
    results: list[Result] = []


class _Inline(msgspec.Struct):
    transcript: _Transcript = msgspec.field(default_factory=_Transcript)


class _File(msgspec.Struct, rename="camel"):
    error: dict[str, Any] | None = None
    inline_result: _Inline | None = None
    transcript: _Transcript | None = None


def wants_bucket(options: StreamOptions, wanted: Plan) -> bool:
    """Raises ConfigurationError where the account may not use one."""
    if not str(setting(options, "file_bucket")).strip() or wanted.version != "v2":
        return False
    if wanted.account.api_key:
        raise ConfigurationError(
            "An API key opens no bucket: set a service account key, or leave “Bucket for long recordings” empty.",
            NAME,
            "bucket",
        )
    return True


async def recognize_in_bucket(
    recording: Recording, options: StreamOptions, wanted: Plan, who: Access, http: httpx.AsyncClient, tell: Tell
) -> tuple[list[Result], str | None]:
    """The results, and the vendor's name for the operation. Whatever happens, the recording is removed."""
    bucket = str(setting(options, "file_bucket")).strip().removeprefix("gs://").strip("/")
    storage = wanted.base_url if setting(options, "base_url") else _STORAGE
    name = f"debabelizer-{uuid.uuid4().hex}.{recording.container.value}"
    place = f"{storage}/storage/v1/b/{quote(bucket, safe='')}/o/{quote(name, safe='')}"
    operation = ""
    try:
        await _upload(recording, f"{storage}/upload/storage/v1/b/{quote(bucket, safe='')}/o", name, who, http)
        uri = f"gs://{bucket}/{name}"
        body: dict[str, Any] = {
            "config": {**wanted.config, "autoDecodingConfig": {}},
            "files": [{"uri": uri}],
            "recognitionOutputConfig": {"inlineResponseConfig": {}},
        }
        if setting(options, "file_patient"):
            body["processingStrategy"] = "DYNAMIC_BATCHING"
        url = f"{wanted.base_url}/v2/{wanted.name(who.project)}:batchRecognize"
        begun = await call(http, who, _Operation, "POST", url, body, _ANSWER_S)
        operation = f"{wanted.base_url}/v2/{begun.name}"
        done = await _done(begun, operation, who, http, tell)
        operation = ""
        return _results(done, uri), begun.name or None
    finally:
        await asyncio.shield(_remove(place, operation, who, http))


async def _upload(recording: Recording, url: str, name: str, who: Access, http: httpx.AsyncClient) -> None:
    answer = await http.post(
        url,
        params={"uploadType": "media", "name": name},
        headers={
            **who.headers,
            "Content-Type": recording.container.media_type,
            "Content-Length": str(recording.size),
        },
        content=recording.chunks(),
    )
    if answer.status_code != 200:
        raise _of_bucket(http_error(answer.status_code, answer.content))


def _of_bucket(error: ProviderError) -> ProviderError:
    """The same words mean something else there."""
    if error.retryable:
        return error
    told = f" ({error.vendor_message})" if error.vendor_message else ""
    message = f"The recording cannot be put into the bucket: look at its name and the account's rights.{told}"
    return ConfigurationError(message, NAME, "bucket", vendor_message=error.vendor_message)


async def _done(operation: _Operation, url: str, who: Access, http: httpx.AsyncClient, tell: Tell) -> _Operation:
    """Looks again and again, less and less often."""
    pause = _FIRST_LOOK_S
    while not operation.done:
        await asyncio.sleep(pause)
        pause = min(pause * 1.5, _LATER_LOOKS_S)
        operation = await call(http, who, _Operation, "GET", url, None, _ANSWER_S)
        percent = operation.metadata.get("progressPercent")
        if isinstance(percent, int | float):
            tell(FileProgress(min(max(percent / 100, 0.0), 1.0)))
    return operation


def _results(operation: _Operation, uri: str) -> list[Result]:
    if operation.error is not None:
        raise _failed(operation.error)
    try:
        file = msgspec.convert((operation.response or {})["results"][uri], _File)
    except (KeyError, TypeError, msgspec.ValidationError) as problem:
        raise garbage(f"an operation without a result: {problem}"[:200]) from problem
    if file.error is not None:
        raise _failed(file.error)
    inline = file.inline_result.transcript if file.inline_result else file.transcript
    return inline.results if inline else []


def _failed(error: dict[str, Any]) -> ProviderError:
    code = error.get("code")
    return call_error(GrpcStatus(code if isinstance(code, int) else 2, str(error.get("message", ""))))


async def _remove(place: str, operation: str, who: Access, http: httpx.AsyncClient) -> None:
    """Nothing is left at the vendor, as far as it can be reached."""
    headers = dict(who.headers)
    with suppress(httpx.HTTPError):
        if operation:
            await http.post(f"{operation}:cancel", headers=headers, timeout=_REMOVE_S)
        await http.delete(place, headers=headers, timeout=_REMOVE_S)
