"""The HTTP side of a local vendor's server: whole requests in; JSON, text, bytes or a stream of pieces out."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from email.message import Message
from email.parser import HeaderParser
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl, urlsplit


@dataclass(frozen=True)
class Part:
    """One field of a form."""

    name: str
    content: bytes
    filename: str | None = None
    content_type: str = "text/plain"

    @property
    def text(self) -> str:
        return self.content.decode()


@dataclass(frozen=True)
class HttpRequest:
    """``target`` is the path with its query; the names of ``headers`` are in lower case; ``body`` is whole, whatever
    way it was sent."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes = b""

    @property
    def path(self) -> str:
        return urlsplit(self.target).path

    @property
    def query(self) -> list[tuple[str, str]]:
        """Pairs, because names may be repeated; ``dict(request.query)`` where they are not."""
        return parse_qsl(urlsplit(self.target).query, keep_blank_values=True)

    def json(self) -> Any:
        """Raises ``ValueError``."""
        return json.loads(self.body)

    def form(self) -> list[Part]:
        """The fields of ``multipart/form-data``, in order (RFC 7578). Raises ``ValueError`` for anything else and for a
        form that lacks its end."""
        kind = Message()
        kind["Content-Type"] = self.headers.get("content-type", "")
        boundary = kind.get_boundary()
        if kind.get_content_type() != "multipart/form-data" or not boundary:
            raise ValueError(f"not a form: {self.headers.get('content-type')!r}")
        _preamble, *pieces = (b"\r\n" + self.body).split(b"\r\n--" + boundary.encode())
        if not pieces or not pieces[-1].startswith(b"--"):
            raise ValueError("the form has no end")
        return [_part(piece) for piece in pieces[:-1]]


def _part(piece: bytes) -> Part:
    head, parted, content = piece.removeprefix(b"\r\n").partition(b"\r\n\r\n")
    said = HeaderParser().parsestr(head.decode())
    name = said.get_param("name", header="Content-Disposition")
    if not parted or not isinstance(name, str):
        raise ValueError("a field of the form has no name")
    return Part(name, content, said.get_filename(), said.get_content_type())


@dataclass(frozen=True)
class Answer:
    """``body``: text, bytes, an async iterator of bytes (sent chunked, each piece as it comes; raising
    ``ConnectionError`` drops the socket in mid-answer), None for nothing, or else what is sent as JSON. ``headers`` may
    replace the Content-Type. ``delay_s`` passes first. Status 0: no answer, the socket just goes away."""

    status: int
    body: object = None
    headers: Mapping[str, str] = field(default_factory=dict)
    delay_s: float = 0.0


GONE = Answer(0)


def event_stream(events: Sequence[object], pause_s: float = 0.0, *, cut: bool = False) -> Answer:
    """Server-sent events, ``pause_s`` apart. An event is its data (text, or else sent as JSON), or (name, data).
    ``cut`` drops the socket after the last."""

    async def pieces() -> AsyncIterator[bytes]:
        for event in events:
            await asyncio.sleep(pause_s)
            name, data = event if isinstance(event, tuple) else ("", event)
            text = data if isinstance(data, str) else json.dumps(data)
            lines = [f"event: {name}"] * bool(name) + [f"data: {line}" for line in text.split("\n")]
            yield ("\n".join(lines) + "\n\n").encode()
        if cut:
            raise ConnectionError

    return Answer(200, pieces(), {"Content-Type": "text/event-stream"})


async def read_request(head: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> HttpRequest:
    """``head``: all up to the empty line."""
    request, *lines = head.decode("latin-1").split("\r\n")
    method, target, _ = request.split(" ", 2)
    headers = {k.strip().lower(): v.strip() for k, _, v in (line.partition(":") for line in lines if line)}
    if headers.get("expect", "").lower() == "100-continue":
        writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
    if headers.get("transfer-encoding", "").lower() == "chunked":
        body = await _dechunked(reader)
    else:
        body = await reader.readexactly(int(headers.get("content-length", "0")))
    return HttpRequest(method, target, headers, body)


async def _dechunked(reader: asyncio.StreamReader) -> bytes:
    chunks = []
    while size := int((await reader.readuntil(b"\r\n")).partition(b";")[0], 16):
        chunks.append(await reader.readexactly(size))
        await reader.readexactly(2)
    while await reader.readuntil(b"\r\n") != b"\r\n":
        pass  # trailers
    return b"".join(chunks)


async def write_answer(answer: Answer, writer: asyncio.StreamWriter) -> None:
    await asyncio.sleep(answer.delay_s)
    if not answer.status:
        writer.transport.abort()
        return
    streamed = isinstance(answer.body, AsyncIterator)
    kind, payload = ("application/octet-stream", b"") if streamed else _encoded(answer.body)
    length = {"Transfer-Encoding": "chunked"} if streamed else {"Content-Length": str(len(payload))}
    headers = {"Content-Type": kind, **length, "Connection": "close", **answer.headers}
    lines = [f"HTTP/1.1 {answer.status} {_phrase(answer.status)}", *(f"{k}: {v}" for k, v in headers.items())]
    writer.write("\r\n".join(lines).encode() + b"\r\n\r\n" + payload)
    await writer.drain()
    if isinstance(answer.body, AsyncIterator):
        await _stream(answer.body, writer)


def _encoded(body: object) -> tuple[str, bytes]:
    match body:
        case None:
            return "text/plain", b""
        case bytes():
            return "application/octet-stream", body
        case str():
            return "text/plain; charset=utf-8", body.encode()
        case _:
            return "application/json", json.dumps(body).encode()


def _phrase(status: int) -> str:
    """Vendors and their gateways invent numbers."""
    return HTTPStatus(status).phrase if status in set(HTTPStatus) else "Unknown"


async def _stream(pieces: AsyncIterator[bytes], writer: asyncio.StreamWriter) -> None:
    try:
        async for piece in pieces:
            if piece:
                writer.write(b"%x\r\n%b\r\n" % (len(piece), piece))
                await writer.drain()
    except ConnectionError:
        writer.transport.abort()
        return
    writer.write(b"0\r\n\r\n")
    await writer.drain()
