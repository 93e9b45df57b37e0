"""A model hub that cuts, lies, forgets and changes its mind: a real HTTP server on this machine."""

from __future__ import annotations

import asyncio
import hashlib
import re
from collections.abc import Mapping
from types import TracebackType


class ModelHost:
    """Serves ``files``. The rest of the arguments say what is wrong with it.

    ``cut_after``: bytes of a body after which the connection is dropped, once for each entry; ``ranges``: whether it
    resumes; ``status``: what it answers instead; ``etag``: ``sha256`` (as for large files), ``git``, ``opaque``,
    ``weak`` or ``""``; ``corrupt``: how many answers carry a wrong byte; ``wrong_range``: answers another part than
    asked for; ``claimed_size``: what HEAD says; ``redirect``: names the checksum on a redirect, as the hub does;
    ``stall``: after ``cut_after`` it falls silent instead of dropping."""

    def __init__(
        self,
        files: Mapping[str, bytes],
        *,
        cut_after: tuple[int, ...] = (),
        ranges: bool = True,
        status: int | None = None,
        headers: Mapping[str, str] | None = None,
        etag: str = "sha256",
        corrupt: int = 0,
        wrong_range: bool = False,
        claimed_size: int | None = None,
        redirect: bool = False,
        stall: bool = False,
    ) -> None:
        self.files = dict(files)
        self.requests: list[tuple[str, str | None]] = []
        """Method and Range of each."""
        self._cuts = list(cut_after)
        self._ranges = ranges
        self._status = status
        self._headers = dict(headers or {})
        self._etag = etag
        self._corrupt = corrupt
        self._wrong_range = wrong_range
        self._claimed = claimed_size
        self._redirect = redirect
        self._stall = stall
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.StreamWriter] = set()

    async def __aenter__(self) -> ModelHost:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: object, trace: TracebackType | None) -> None:
        assert self._server is not None
        self._server.close()
        for writer in self._open:
            writer.close()
        await self._server.wait_closed()

    def url(self, name: str) -> str:
        assert self._server is not None
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}/{name}"

    def tag_of(self, body: bytes) -> str:
        match self._etag:
            case "sha256":
                return f'"{hashlib.sha256(body).hexdigest()}"'
            case "git":
                return f'"{hashlib.sha1(b"blob %d" % len(body) + bytes(1) + body).hexdigest()}"'
            case "weak":
                return f'W/"{len(body)}"'
            case "opaque":
                return f'"v-{hashlib.md5(body).hexdigest()[:8]}"'
            case _:
                return ""

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open.add(writer)
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            await self._answer(head, reader, writer)
            await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            return  # the client went away, as some tests want
        finally:
            self._open.discard(writer)
            writer.close()

    async def _answer(self, head: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        method, path, _ = head.split(" ", 2)
        asked = dict(re.findall(r"(?m)^([\w-]+): (.*?)\r?$", head))
        asked = {k.lower(): v for k, v in asked.items()}
        self.requests.append((method, asked.get("range")))
        name = path.strip("/")
        body = self.files.get(name.removeprefix("blob/"))
        if self._status is not None or body is None:
            return _send(writer, self._status or 404, {"Content-Length": "0", **self._headers}, b"")
        if self._redirect and not name.startswith("blob/"):
            linked = {"X-Linked-ETag": self.tag_of(body), "X-Linked-Size": str(len(body)), "Content-Length": "0"}
            return _send(writer, 302, {**linked, "Location": f"/blob/{name}"}, b"")
        if method == "HEAD":
            return _send(writer, 200, {"Content-Length": str(self._claimed or len(body))}, b"")
        return await self._send_body(writer, reader, body, asked)

    async def _send_body(
        self, writer: asyncio.StreamWriter, reader: asyncio.StreamReader, body: bytes, asked: Mapping[str, str]
    ) -> None:
        tag = self.tag_of(body)
        headers = {"ETag": tag} if tag else {}
        wanted = re.fullmatch(r"bytes=(\d+)-", asked.get("range", ""))
        start = int(wanted[1]) if wanted and self._ranges and asked.get("if-range") == tag else 0
        if start >= len(body):
            return _send(writer, 416, {"Content-Length": "0"}, b"")
        if start and self._wrong_range:
            start -= 1
        part = body[start:]
        headers |= {"Content-Length": str(len(part))}
        if start:
            headers["Content-Range"] = f"bytes {start}-{len(body) - 1}/{len(body)}"
        if self._corrupt:
            self._corrupt -= 1
            part = bytes([part[0] ^ 1]) + part[1:]
        if self._cuts:
            part = part[: self._cuts.pop(0)]
        _send(writer, 206 if start else 200, headers, part)
        if self._stall and len(part) < len(body) - start:
            await writer.drain()
            await reader.read()  # until the client has had enough
        return None


def _send(writer: asyncio.StreamWriter, status: int, headers: Mapping[str, str], body: bytes) -> None:
    lines = [f"HTTP/1.1 {status} X", *(f"{k}: {v}" for k, v in headers.items()), "Connection: close", "", ""]
    writer.write("\r\n".join(lines).encode() + body)
