"""The vendor's REST interface: recordings of up to a minute, answered in one go. Both versions."""

from __future__ import annotations

import base64
from typing import Any, TypeVar

import httpx
import msgspec

from debabelizer.contract import seconds_of
from debabelizer.events import Word
from debabelizer_providers.google.account import Access
from debabelizer_providers.google.connect import Plan
from debabelizer_providers.google.trouble import garbage, http_error, seconds


class WireWord(msgspec.Struct, rename="camel"):
    """Version 1 says ``startTime``, version 2 ``startOffset``; a time of zero is left out."""

    word: str = ""
    start_time: str = ""
    end_time: str = ""
    start_offset: str = ""
    end_offset: str = ""
    confidence: float = 0.0
    speaker_label: str = ""
    speaker_tag: int = 0


class Alternative(msgspec.Struct):
    transcript: str = ""
    words: list[WireWord] = []


class Result(msgspec.Struct, rename="camel"):
    alternatives: list[Alternative] = []
    result_end_time: str = ""
    result_end_offset: str = ""
    language_code: str = ""
    channel_tag: int = 0

    @property
    def text(self) -> str:
        return self.alternatives[0].transcript if self.alternatives else ""

    @property
    def end(self) -> float | None:
        return seconds(self.result_end_offset or self.result_end_time)

    @property
    def words(self) -> tuple[Word, ...]:
        """Those that have times."""
        return tuple(filter(None, map(_word, self.alternatives[0].words if self.alternatives else ())))


class Metadata(msgspec.Struct, rename="camel"):
    request_id: str = ""


class Answer(msgspec.Struct, rename="camel"):
    results: list[Result] = []
    metadata: Metadata = msgspec.field(default_factory=Metadata)
    request_id: str | int = ""

    @property
    def vendor_id(self) -> str | None:
        return self.metadata.request_id or str(self.request_id) or None


def _word(word: WireWord) -> Word | None:
    end = seconds(word.end_offset or word.end_time)
    if end is None or not word.word:
        return None
    start = max(0.0, min(seconds(word.start_offset or word.start_time) or 0.0, end))
    confidence = min(word.confidence, 1.0) if word.confidence > 0 else None
    speaker = word.speaker_label or (str(word.speaker_tag) if word.speaker_tag else None)
    return Word(word.word, start, end, confidence, speaker)


def pcm_form(plan: Plan) -> dict[str, Any]:
    """How raw 16 kHz audio is described."""
    form = {"encoding": "LINEAR16", "sampleRateHertz": 16_000, "audioChannelCount": 1}
    return {"explicitDecodingConfig": form} if plan.version == "v2" else form


async def recognize(
    http: httpx.AsyncClient, plan: Plan, who: Access, content: bytes, form: dict[str, Any], answer_s: float
) -> Answer:
    """``form``: how ``content`` is encoded, in the vendor's words. Raises ProviderError, and httpx's own errors."""
    config, encoded = {**plan.config, **form}, base64.b64encode(content).decode()
    if plan.version == "v2":
        path = f"/v2/{plan.name(who.project)}:recognize"
        body: dict[str, Any] = {"config": config, "content": encoded}
    else:
        path = "/v1/speech:recognize"
        body = {"config": config, "audio": {"content": encoded}}
    return await call(http, who, Answer, "POST", plan.base_url + path, body, answer_s)


Decoded = TypeVar("Decoded")


async def call(
    http: httpx.AsyncClient,
    who: Access,
    kind: type[Decoded],
    method: str,
    url: str,
    body: dict[str, Any] | None,
    answer_s: float,
) -> Decoded:
    """One exchange of JSON, decoded as ``kind``. Raises ProviderError, and httpx's own errors."""
    headers = {**who.headers, "Content-Type": "application/json"}
    content = msgspec.json.encode(body) if body is not None else None
    patience = httpx.Timeout(answer_s, connect=10.0)
    answer = await http.request(method, url, headers=headers, content=content, timeout=patience)
    if answer.status_code != 200:
        raise http_error(answer.status_code, answer.content, seconds_of(answer.headers.get("Retry-After")))
    try:
        return msgspec.json.decode(answer.content, type=kind)
    except (ValueError, RecursionError) as problem:
        raise garbage(str(problem)[:200]) from problem
