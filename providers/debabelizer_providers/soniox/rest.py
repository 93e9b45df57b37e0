"""The vendor's REST interface, as far as whole recordings and the health check need it.

A recording is uploaded, a transcription of it is ordered, asked about until it is done, fetched, and both are deleted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO, TypeVar
from urllib.parse import quote

import msgspec

from debabelizer.errors import ProviderError
from debabelizer_providers.soniox.connect import authorization
from debabelizer_providers.soniox.trouble import garbage, http_error, job_error
from debabelizer_providers.soniox.wire import Token

if TYPE_CHECKING:
    import httpx

_CONFLICT = 409
_T = TypeVar("_T")


class _Created(msgspec.Struct):
    id: str


class Job(msgspec.Struct):
    """A transcription under way."""

    status: str
    error_type: str | None = None
    error_message: str | None = None

    @property
    def done(self) -> bool:
        return self.status == "completed"

    @property
    def error(self) -> ProviderError | None:
        """``failed`` in the reference, ``error`` in the SDK."""
        if self.status not in ("error", "failed"):
            return None
        return job_error(self.error_type or "", self.error_message or "")


class Transcript(msgspec.Struct):
    text: str = ""
    tokens: list[Token] = []


class ModelEntry(msgspec.Struct):
    id: str
    aliased_model_id: str | None = None


class _Models(msgspec.Struct):
    models: list[ModelEntry] = []


class Rest:
    """Every call raises ProviderError for what the vendor says, and httpx's errors for what the network does."""

    def __init__(self, http: httpx.AsyncClient, url: str, key: str) -> None:
        self._http = http
        self._url = url
        self._headers = authorization(key)

    async def models(self) -> list[ModelEntry]:
        return _decoded(await self._get("models"), _Models).models

    async def upload(self, name: str, media_type: str, content: BinaryIO, fields: dict[str, str]) -> str:
        """The file's id."""
        form = {"file": (name, content, media_type)}
        answer = await self._http.post(f"{self._url}/v1/files", headers=self._headers, files=form, data=fields)
        return _decoded(_content(answer), _Created).id

    async def order(self, wanted: dict[str, object]) -> str:
        """The transcription's id."""
        headers = {**self._headers, "Content-Type": "application/json"}
        body = msgspec.json.encode(wanted)
        answer = await self._http.post(f"{self._url}/v1/transcriptions", headers=headers, content=body)
        return _decoded(_content(answer), _Created).id

    async def job(self, job: str) -> Job:
        return _decoded(await self._get(f"transcriptions/{quote(job, safe='')}"), Job)

    async def transcript(self, job: str) -> Transcript:
        return _decoded(await self._get(f"transcriptions/{quote(job, safe='')}/transcript"), Transcript)

    async def delete_job(self, job: str) -> bool:
        """False while Soniox still works on it."""
        return await self._delete(f"transcriptions/{quote(job, safe='')}")

    async def delete_file(self, file: str) -> bool:
        return await self._delete(f"files/{quote(file, safe='')}")

    async def _delete(self, path: str) -> bool:
        answer = await self._http.delete(f"{self._url}/v1/{path}", headers=self._headers)
        if answer.is_success or answer.status_code == 404:  # gone is gone
            return True
        if answer.status_code == _CONFLICT:
            return False
        raise http_error(answer.status_code, answer.content)

    async def _get(self, path: str) -> bytes:
        return _content(await self._http.get(f"{self._url}/v1/{path}", headers=self._headers))


def _content(answer: httpx.Response) -> bytes:
    if not answer.is_success:
        raise http_error(answer.status_code, answer.content, answer.headers.get("retry-after"))
    return answer.content


def _decoded(body: bytes, kind: type[_T]) -> _T:
    try:
        return msgspec.json.decode(body, type=kind)
    except (ValueError, RecursionError) as problem:
        raise garbage(str(problem)[:200]) from problem
