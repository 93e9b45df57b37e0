"""The HTTP door that all local vendors' servers share, asked by a real client."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import httpx
import pytest

from fakes.vendor_socket import GONE, Answer, HttpRequest, Part, VendorServer, event_stream


@dataclass
class Vendor(VendorServer):
    """Answers everything with ``says``."""

    says: Answer = field(default_factory=lambda: Answer(200, {"right": True}))

    def answer(self, request: HttpRequest) -> Answer:
        return self.says


def client(server: Vendor) -> httpx.AsyncClient:
    return httpx.AsyncClient(base_url=server.url, trust_env=False, timeout=30)


async def test_a_request_is_kept_as_it_was_asked() -> None:
    async with Vendor(base_path="/v1") as server, client(server) as http:
        response = await http.put("/files?term=a&term=b%20c&empty=", content=b"\0\xff", headers={"X-Key": "k"})
        assert response.json() == {"right": True}
        (asked,) = server.requests
        assert (asked.method, asked.path, asked.body, asked.headers["x-key"]) == ("PUT", "/v1/files", b"\0\xff", "k")
        assert asked.query == [("term", "a"), ("term", "b c"), ("empty", "")]


async def test_a_body_sent_in_chunks_arrives_whole() -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for piece in (b"0\r\n\r\n", b"x" * 70_000, b"\r\n"):
            yield piece

    async with Vendor() as server, client(server) as http:
        await http.post("/", content=pieces())
        assert "content-length" not in server.requests[0].headers
        assert server.requests[0].body == b"0\r\n\r\n" + b"x" * 70_000 + b"\r\n"


async def test_a_form_keeps_its_fields_in_order_and_its_bytes() -> None:
    audio = b"\r\n--boundary\r\n\r\n\0\xff\r\n"
    files = [
        ("model", (None, "scribe")),
        ("term", (None, "Zoë")),
        ("term", (None, "")),
        ("file", ("Früh.wav", audio, "audio/wav")),
    ]
    async with Vendor() as server, client(server) as http:
        await http.post("/", files=files)
        model, zoe, empty, file = server.requests[0].form()
        assert [(part.name, part.text) for part in (model, zoe, empty)] == [
            ("model", "scribe"),
            ("term", "Zoë"),
            ("term", ""),
        ]
        assert file == Part("file", audio, "Früh.wav", "audio/wav")


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/json", b"{}"),
        ("multipart/form-data", b"--b\r\n\r\n--b--"),
        ("multipart/form-data; boundary=b", b'--b\r\nContent-Disposition: form-data; name="a"\r\n\r\n1'),
        ("multipart/form-data; boundary=b", b"--b\r\nContent-Disposition: form-data\r\n\r\n1\r\n--b--\r\n"),
    ],
)
def test_what_is_no_form_is_refused(kind: str, body: bytes) -> None:
    with pytest.raises(ValueError, match="form"):
        HttpRequest("POST", "/", {"content-type": kind}, body).form()


@pytest.mark.parametrize(
    ("body", "kind", "content"),
    [
        ({"a": "ü"}, "application/json", b'{"a": "\\u00fc"}'),
        ("ü", "text/plain; charset=utf-8", "ü".encode()),
        (b"\0", "application/octet-stream", b"\0"),
        (None, "text/plain", b""),
    ],
)
async def test_the_form_of_an_answer_follows_from_its_body(body: object, kind: str, content: bytes) -> None:
    async with Vendor(says=Answer(201, body, {"X-Id": "r1"})) as server, client(server) as http:
        response = await http.get("/")
        assert (response.status_code, response.headers["x-id"]) == (201, "r1")
        assert (response.headers["content-type"], response.content) == (kind, content)


async def test_scripted_answers_come_first_and_one_vanishes() -> None:
    async with Vendor() as server, client(server) as http:
        server.scripted += [Answer(529, "busy", {"Retry-After": "1", "Content-Type": "text/html"}, 0.01), GONE]
        busy = await http.get("/")
        assert (busy.status_code, busy.text, busy.headers["retry-after"]) == (529, "busy", "1")
        assert busy.headers["content-type"] == "text/html"
        with pytest.raises(httpx.RemoteProtocolError):
            await http.get("/")
        assert (await http.get("/")).json() == {"right": True}
        assert len(server.requests) == 3


async def test_a_streamed_answer_arrives_while_it_is_made() -> None:
    more = asyncio.Event()

    async def pieces() -> AsyncIterator[bytes]:
        yield b"first"
        await more.wait()
        yield b"second"

    async with Vendor(says=Answer(200, pieces())) as server, client(server) as http:
        async with http.stream("GET", "/") as response:
            got = []
            async for piece in response.aiter_raw():
                got.append(piece)
                more.set()
        assert got == [b"first", b"second"]


async def test_server_sent_events() -> None:
    events = [{"type": "delta"}, ("done", "two\nlines"), "[DONE]"]
    async with Vendor(says=event_stream(events)) as server, client(server) as http:
        response = await http.get("/")
        assert response.headers["content-type"] == "text/event-stream"
        assert response.text == ('data: {"type": "delta"}\n\nevent: done\ndata: two\ndata: lines\n\ndata: [DONE]\n\n')


async def test_a_stream_that_is_cut_looks_cut() -> None:
    async with Vendor(says=event_stream(["one"], cut=True)) as server, client(server) as http:
        with pytest.raises(httpx.RemoteProtocolError):
            await http.get("/")
