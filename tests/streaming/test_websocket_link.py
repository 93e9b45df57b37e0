"""What comes over an open WebSocket, however it is cut; what breaks the rules; what comes behind the handshake."""

from __future__ import annotations

import asyncio
import errno
from contextlib import asynccontextmanager

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from websockets.client import ClientProtocol
from websockets.frames import Close, Frame, Opcode
from websockets.http11 import Request
from websockets.protocol import State
from websockets.server import ServerProtocol
from websockets.uri import parse_uri

from debabelizer.contract import WebSocketOpening
from debabelizer.streaming.transports.link import LinkClosed
from debabelizer.streaming.transports.websocket import open_websocket
from debabelizer.streaming.transports.websocket_link import MAX_MESSAGE_BYTES, WebSocketLink

WHOLE = st.one_of(st.text(max_size=300), st.binary(max_size=300), st.just("long " * 30_000))


class Wire(asyncio.Transport):
    """Keeps what is written."""

    def __init__(self) -> None:
        super().__init__()
        self.written = bytearray()

    def set_protocol(self, protocol: asyncio.BaseProtocol) -> None: ...

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.written += data

    def can_write_eof(self) -> bool:
        return False

    def close(self) -> None: ...

    def pause_reading(self) -> None: ...

    def resume_reading(self) -> None: ...


class Reset(Wire):
    """The other side has reset it: there is no end to be said any more, and after trying to nothing may be written."""

    def can_write_eof(self) -> bool:
        return True

    def write_eof(self) -> None:
        self.write = self._refuse  # type: ignore[method-assign]
        raise OSError(errno.ENOTCONN, "Transport endpoint is not connected")

    def _refuse(self, data: bytes | bytearray | memoryview) -> None:
        raise RuntimeError("Cannot call write() after write_eof()")


def made(wire: Wire | None = None) -> tuple[WebSocketLink, Wire, list[str | bytes]]:
    """A link whose messages go to the list."""
    wire, heard = wire or Wire(), []
    link = WebSocketLink(ClientProtocol(parse_uri("ws://x"), state=State.OPEN, max_size=MAX_MESSAGE_BYTES), wire)

    def take(message: str | bytes) -> bool:
        heard.append(message)
        return True

    link.deliver_to(take)
    return link, wire, heard


def framed(message: str | bytes, parts: int = 1) -> bytes:
    data = message.encode() if isinstance(message, str) else message
    step = max(1, -(-len(data) // parts))
    pieces = [data[at : at + step] for at in range(0, len(data), step)] or [b""]
    first = Opcode.TEXT if isinstance(message, str) else Opcode.BINARY
    return b"".join(
        Frame(first if at == 0 else Opcode.CONT, piece, fin=at == len(pieces) - 1).serialize(mask=False)
        for at, piece in enumerate(pieces)
    )


@settings(deadline=None, max_examples=40)
@given(st.lists(st.tuples(WHOLE, st.integers(1, 3), st.booleans()), max_size=8), st.data())
def test_messages_come_whole_and_in_order_however_they_are_cut(messages, data) -> None:
    async def scenario() -> None:
        link, wire, heard = made()
        stream = b""
        for message, parts, ping in messages:
            stream += framed(message, parts)
            if ping:
                stream += Frame(Opcode.PING, b"hi").serialize(mask=False)
        while stream:
            some = data.draw(st.integers(1, len(stream)))
            link.feed(stream[:some])
            stream = stream[some:]
        assert heard == [message for message, _, _ in messages]
        assert bool(wire.written) == any(ping for _, _, ping in messages), "a ping is answered"

    asyncio.run(scenario())


SAID = st.builds(
    lambda kind, length: kind * length, st.sampled_from(["x", b"x"]), st.sampled_from((0, 5, 125, 126, 65_536))
)


@settings(deadline=None, max_examples=40)
@given(st.lists(SAID, max_size=6))
def test_what_is_said_is_understood_by_the_library(messages) -> None:
    async def scenario() -> None:
        link, wire, _ = made()
        for message in messages:
            assert link.try_send(message)
        server = ServerProtocol(state=State.OPEN)
        server.receive_data(bytes(wire.written))
        heard = [
            event.data if event.opcode is Opcode.BINARY else event.data.decode() for event in server.events_received()
        ]
        assert heard == messages

    asyncio.run(scenario())


BAD = {
    "masked": Frame(Opcode.TEXT, b"x").serialize(mask=True),
    "reserved bits": b"\xc1\x01x",
    "unknown kind": b"\x83\x01x",
    "not utf-8": Frame(Opcode.TEXT, b"\xff").serialize(mask=False),
    "too long": b"\x82\x7f" + (MAX_MESSAGE_BYTES + 1).to_bytes(8, "big"),
    "a new message inside of another": b"\x01\x01a" + framed("b"),
    "a long pong": b"\x8a\x7e\x00\x80" + bytes(128),
}


@pytest.mark.parametrize("frame", BAD.values(), ids=BAD)
async def test_what_breaks_the_rules_ends_it_with_the_reason(frame: bytes) -> None:
    link, wire, heard = made()
    link.feed(framed("before") + frame + framed("after"))
    assert heard == ["before"]
    assert wire.written[0] == 0x88, "a close frame says why"
    assert not link.try_send("more")
    link.connection_lost(None)
    with pytest.raises(LinkClosed) as ended:
        await link.receive()
    assert ended.value.error is not None
    assert "broke the protocol" in ended.value.error.message


async def test_nothing_is_heard_after_a_close_frame() -> None:
    link, _, heard = made()
    link.feed(Frame(Opcode.CLOSE, Close(1013, "busy").serialize()).serialize(mask=False) + framed("after"))
    link.connection_lost(None)
    with pytest.raises(LinkClosed) as ended:
        await link.receive()
    assert (ended.value.code, ended.value.reason, ended.value.error, heard) == (1013, "busy", None, [])


async def test_a_reset_noticed_at_the_end_is_an_end_and_takes_nothing_more() -> None:
    link, _, _ = made(Reset())
    assert link.try_send("before")
    link.eof_received()
    assert not link.try_send("after")
    link.connection_lost(None)
    with pytest.raises(LinkClosed):
        await link.send("after")


async def test_a_ping_is_answered_by_its_own_pong_only() -> None:
    link, wire, _ = made()
    answers: list[int] = []
    assert link.try_ping(lambda: answers.append(1))
    server = ServerProtocol(state=State.OPEN)
    server.receive_data(bytes(wire.written))
    pong = b"".join(server.data_to_send())
    link.feed(Frame(Opcode.PONG, b"other").serialize(mask=False))
    assert not answers
    link.feed(pong + pong)
    assert answers == [1]
    waiting = asyncio.create_task(link.ping())
    await asyncio.sleep(0)
    link.connection_lost(None)
    with pytest.raises(LinkClosed):
        await waiting


@asynccontextmanager
async def answering(behind: bytes, *, cut: int | None = None, hang_up: bool = False):
    """A server that sends ``behind`` right after its answer to the handshake, in one piece with it or ``cut``."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        server = ServerProtocol()
        server.receive_data(await reader.readuntil(b"\r\n\r\n"))
        request = server.events_received()[0]
        assert isinstance(request, Request)
        server.send_response(server.accept(request))
        whole = b"".join(server.data_to_send()) + behind
        for piece in (whole[:cut], whole[cut:] if cut is not None else b""):
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(0.01 if cut is not None else 0)
        if not hang_up:
            await reader.read()
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as listening:
        yield f"ws://127.0.0.1:{listening.sockets[0].getsockname()[1]}"


@pytest.mark.parametrize("cut", [None, 20, -7, -3])
async def test_what_comes_right_behind_the_handshake_is_heard(cut: int | None) -> None:
    async with answering(framed("one") + framed(b"two"), cut=cut) as url:
        link = await open_websocket(WebSocketOpening(url=url), "x")
        assert [await link.receive(), await link.receive()] == ["one", b"two"]
        await link.abort()


@pytest.mark.parametrize(("text_only", "kind"), [(False, Opcode.BINARY), (True, Opcode.TEXT)])
async def test_bytes_go_as_text_to_a_vendor_that_wants_text_only(text_only: bool, kind: Opcode) -> None:
    heard: asyncio.Future[Frame] = asyncio.get_running_loop().create_future()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        server = ServerProtocol()
        server.receive_data(await reader.readuntil(b"\r\n\r\n"))
        request = server.events_received()[0]
        assert isinstance(request, Request)
        server.send_response(server.accept(request))
        writer.write(b"".join(server.data_to_send()))
        while not (frames := server.events_received()):
            server.receive_data(await reader.read(1000))
        assert isinstance(frames[0], Frame)
        heard.set_result(frames[0])
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as listening:
        url = f"ws://127.0.0.1:{listening.sockets[0].getsockname()[1]}"
        link = await open_websocket(WebSocketOpening(url=url, text_only=text_only), "x")
        await link.send('{"a": "ä"}'.encode())
        frame = await heard
        await link.abort()
    assert (frame.opcode, bytes(frame.data)) == (kind, '{"a": "ä"}'.encode())


async def test_an_end_right_behind_the_handshake_is_noticed() -> None:
    async with answering(framed("bye"), hang_up=True) as url:
        link = await open_websocket(WebSocketOpening(url=url), "x")
        assert await link.receive() == "bye"
        with pytest.raises(LinkClosed):
            await link.receive()
        await link.abort()
