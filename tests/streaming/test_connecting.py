from __future__ import annotations

import asyncio
import json
import socket
import ssl
from http import HTTPStatus

import msgspec
import pytest

from debabelizer.contract import CommitOutcome, HttpRequest, Preflight, WebSocketOpening
from debabelizer.errors import (
    AuthenticationError,
    CertificateError,
    ConfigurationError,
    ConnectionError,
    InternalError,
    ProviderError,
    QuotaExceededError,
    RateLimitError,
    StreamingError,
)
from debabelizer.events import ErrorOccurred, SessionState, StateChanged
from debabelizer.streaming.transports.failures import from_exception, from_status, seconds_of
from fakes.flaky_proxy import FlakyProxy
from fakes.numbered_protocol import numbered, unrolled
from fakes.numbered_recogniser import Behaviour
from fakes.numbered_server import NumberedServer
from fakes.numbered_session import QUICK, QUICK_LIMITS


@pytest.mark.parametrize(
    ("status", "kind"),
    [(401, AuthenticationError), (403, AuthenticationError), (402, QuotaExceededError), (301, ConfigurationError)],
)
async def test_a_hopeless_refusal_ends_the_first_attempt(status, kind, open_session):
    async with NumberedServer() as server:
        server.refuse = (status, {})
        session, listener = open_session(server.url)
        with pytest.raises(kind) as refused:
            await session.connect()
        assert str(status) in refused.value.message
        assert refused.value.provider == "numbered"
        assert server.attempts == 1
        assert session.state is SessionState.FAILED
        fatal = await listener.event(ErrorOccurred, lambda event: event.fatal)
        assert fatal.error is refused.value


@pytest.mark.parametrize(("status", "kind"), [(503, ConnectionError), (418, StreamingError)])
async def test_a_passing_refusal_is_tried_again_until_the_deadline(status, kind, open_session):
    async with NumberedServer() as server:
        server.refuse = (status, {})
        policy = msgspec.structs.replace(QUICK, connect_s=1.0, max_instant_drops=1_000)
        session, _ = open_session(server.url, policy=policy)
        with pytest.raises(kind):
            await session.connect()
        assert server.attempts > 1


async def test_a_busy_server_says_how_long_to_wait(open_session):
    async with NumberedServer() as server:
        server.refuse = (429, {"Retry-After": "77"})
        session, listener = open_session(server.url)
        with pytest.raises(RateLimitError) as refused:
            await session.connect()
        assert refused.value.retry_after == 77
        assert server.attempts == 1, "waiting longer than the deadline is no use"
        assert listener.of(StateChanged)


async def test_retry_after_is_waited_for(open_session):
    async with NumberedServer() as server:
        server.refuse = (429, {"Retry-After": "0.3"})
        session, listener = open_session(server.url)
        connecting = asyncio.create_task(session.connect())
        told = await listener.event(StateChanged, lambda event: event.retry_in is not None)
        assert told.retry_in > 0.3, "so many do not come back in step"
        server.refuse = None
        await connecting
        assert server.attempts == 2


async def test_nobody_there(open_session):
    with socket.socket() as reserved:
        reserved.bind(("127.0.0.1", 0))
        policy = msgspec.structs.replace(QUICK, connect_s=1.0)
        session, _ = open_session(f"ws://127.0.0.1:{reserved.getsockname()[1]}", policy=policy)
        with pytest.raises(ConnectionError, match="refuses") as refused:
            await session.connect()
        assert refused.value.code == "refused"


async def test_a_name_that_does_not_exist(open_session):
    session, _ = open_session("ws://no-such-host.invalid", policy=msgspec.structs.replace(QUICK, connect_s=2.0))
    with pytest.raises(ConnectionError) as refused:
        await session.connect()
    assert "no-such-host.invalid" in refused.value.message or refused.value.code == "timeout"


async def test_a_server_that_does_not_speak_tls(open_session):
    async with NumberedServer() as server:
        session, _ = open_session(
            server.url.replace("ws:", "wss:"), policy=msgspec.structs.replace(QUICK, connect_s=4.0)
        )
        with pytest.raises(ConnectionError) as refused:
            await session.connect()
        assert refused.value.code in {"tls", "reset", "handshake"}


async def test_not_an_address(open_session):
    session, _ = open_session("https://example.org")
    with pytest.raises(ConfigurationError, match="wss"):
        await session.connect()


@pytest.mark.parametrize(
    ("error", "kind", "code"),
    [
        (socket.gaierror(-2, "unknown"), ConnectionError, "dns"),
        (ssl.SSLCertVerificationError(1, "self-signed certificate"), CertificateError, "tls"),
        (ssl.SSLError(1, "wrong version number"), ConnectionError, "tls"),
        (ConnectionRefusedError(), ConnectionError, "refused"),
        (TimeoutError(), ConnectionError, "timeout"),
        (ConnectionResetError(), ConnectionError, "reset"),
        (EOFError(), ConnectionError, "reset"),
        (OSError(101, "Network is unreachable"), ConnectionError, "os"),
    ],
)
def test_errors_of_the_system_become_ours(error, kind, code):
    ours = from_exception(error, "numbered", "host.example")
    assert type(ours) is kind
    assert ours.code == code
    assert "host.example" in ours.message


def test_no_error_of_the_websocket_library_is_left_out():
    """Each class the library can raise at the handshake has a meaning here; none falls through as unknown."""
    from websockets import exceptions

    for name in (
        "InvalidMessage",
        "InvalidHeader",
        "InvalidUpgrade",
        "NegotiationError",
        "SecurityError",
        "InvalidURI",
    ):
        kind = getattr(exceptions, name)
        error = kind("a", "b") if name in {"InvalidHeader", "InvalidUpgrade", "InvalidURI"} else kind("a")
        assert from_exception(error, "n", "h").code in {"handshake", "address"}, name


def test_a_key_that_fits_no_header_is_not_in_the_error():
    from websockets.exceptions import InvalidHeader

    told = from_exception(InvalidHeader("X-Key", "polly\nwants"), "n", "h")
    assert told.message.endswith("invalid X-Key header")
    assert "polly" not in repr(vars(told))


def test_every_http_status_has_a_category():
    for status in HTTPStatus:
        assert isinstance(from_status(int(status), "n", "h"), ProviderError)


def test_retry_after_may_be_a_date():
    assert seconds_of("Wed, 21 Oct 2015 07:28:00 GMT") == 0.0
    assert seconds_of("soon") is None
    assert seconds_of(None) is None


async def test_a_server_that_never_gets_ready(open_session):
    async with NumberedServer(Behaviour(ready=False)) as server:
        limits = msgspec.structs.replace(QUICK_LIMITS, ready_s=0.1)
        once = msgspec.structs.replace(QUICK, connect_s=10.0, backoff_first_s=60.0, backoff_cap_s=60.0)
        session, _ = open_session(server.url, policy=once, limits=limits)
        await session.send(numbered(0, 1_000))
        with pytest.raises(ConnectionError, match="not ready"):
            await session.connect()
        assert all(connection.received == 0 for connection in server.connections), "audio waits for readiness"


async def test_a_vendor_that_says_nothing_of_its_readiness_is_ready_when_open(open_session):
    async with NumberedServer(Behaviour(ready=False)) as server:
        limits = msgspec.structs.replace(QUICK_LIMITS, ready_when_open=True)
        session, _ = open_session(server.url, limits=limits)
        await session.connect()
        await session.send(numbered(0, 1_000))
        assert (await session.commit()).outcome is CommitOutcome.FINAL


async def test_a_server_that_never_answers_the_handshake(open_session):
    async with NumberedServer() as server, FlakyProxy(server.port) as proxy:
        proxy.half_open()
        session, _ = open_session(proxy.url, policy=msgspec.structs.replace(QUICK, connect_s=0.2))
        with pytest.raises(ConnectionError, match="did not answer"):
            await session.connect()


async def test_audio_sent_before_and_while_connecting_is_recognised(open_session):
    async with NumberedServer() as server:
        session, listener = open_session(server.url)
        await session.send(numbered(0, 4_000))
        connecting = asyncio.create_task(session.connect())
        await session.send(numbered(4_000, 4_000))
        handle = session.commit()
        await connecting
        assert unrolled([(await handle).text]) == 8_000
        await session.disconnect()
        await listener.end()
        assert listener.recognised() == 8_000


async def test_connect_again_after_a_failure_replays_what_was_said(open_session):
    async with NumberedServer() as server:
        server.refuse = (401, {})
        session, listener = open_session(server.url)
        await session.send(numbered(0, 8_000))
        handle = None
        with pytest.raises(AuthenticationError):
            await session.connect()
        handle = session.commit()
        assert (await handle).outcome is CommitOutcome.FAILED
        assert isinstance((await handle).error, AuthenticationError)
        server.refuse = None
        await session.connect()
        result = await session.commit()
        assert unrolled([result.text]) == 8_000
        await session.disconnect()
        await listener.end()
        assert listener.recognised() == 8_000


async def test_a_preflight_exchange_comes_before_the_socket(open_session):
    """A single-use token, say: its answer decides where to."""
    asked: list[bytes] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\ntoken")
        await writer.drain()
        writer.close()

    async with NumberedServer() as server:
        http = await asyncio.start_server(answer, "127.0.0.1", 0)
        port = http.sockets[0].getsockname()[1]

        def then(status: int, body: bytes) -> WebSocketOpening:
            assert (status, body) == (200, b"token")
            return WebSocketOpening(url=server.url, first=(json.dumps({"hello": 0}),))

        request = HttpRequest(method="POST", url=f"http://127.0.0.1:{port}/token", headers={"x-key": "k"})
        unhurried = msgspec.structs.replace(QUICK, connect_s=30.0)  # the HTTP library is imported now, if not before
        session, _ = open_session(server.url, opening=Preflight(request=request, then=then), policy=unhurried)
        await session.connect()
        assert asked[0].startswith(b"POST /token ")
        assert b"x-key: k" in asked[0]
        await session.abort()
        http.close()
        await http.wait_closed()


async def test_a_preflight_to_nobody_is_a_network_error(open_session):
    with socket.socket() as reserved:
        reserved.bind(("127.0.0.1", 0))
        request = HttpRequest(method="POST", url=f"http://127.0.0.1:{reserved.getsockname()[1]}/token")
        opening = Preflight(request=request, then=lambda status, body: WebSocketOpening(url="ws://unused"))
        session, _ = open_session("unused", opening=opening, policy=msgspec.structs.replace(QUICK, connect_s=1.0))
        with pytest.raises(ConnectionError, match="refuses"):
            await session.connect()


async def test_a_key_does_not_follow_a_redirect_to_another_host(open_session):
    async with NumberedServer() as elsewhere, NumberedServer() as server:
        server.refuse = (302, {"Location": elsewhere.url})
        session, _ = open_session(
            server.url, headers={"x-key": "secret"}, policy=msgspec.structs.replace(QUICK, connect_s=1.0)
        )
        with pytest.raises(ProviderError):
            await session.connect()
        assert elsewhere.attempts == 0


async def test_a_fault_in_a_provider_fails_the_session_instead_of_hanging_it(open_session):
    def faulty(context):
        raise KeyError("a bug")

    session, listener = open_session([("faulty", faulty)])
    await session.send(numbered(0, 1_600))
    handle = session.commit()
    with pytest.raises(InternalError, match="a bug"):
        await session.connect()
    assert (await handle).outcome is CommitOutcome.FAILED
    assert session.state is SessionState.FAILED
    assert (await listener.event(ErrorOccurred)).fatal


async def test_hundreds_of_connections_leave_nothing_behind(open_session):
    async with NumberedServer() as server:
        for _ in range(200):
            session, listener = open_session(server.url)
            await session.connect()
            await session.disconnect()
            await listener.end()
        assert len(server.live) == 0
