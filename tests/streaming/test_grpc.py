"""gRPC calls as connections: how they are opened, shared, and found dead."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from typing import Any

import msgspec
import pytest

from debabelizer.contract import BEGIN_CALL, HALF_CLOSE, GrpcStatus
from debabelizer.errors import ConfigurationError, ConnectionError, Remedy
from debabelizer.events import ErrorOccurred
from debabelizer.streaming import default_transports
from debabelizer.streaming.transports import grpc_channels
from debabelizer.streaming.transports.grpc_failures import is_answer, unreachable
from debabelizer.streaming.transports.link import Link, LinkClosed
from fakes.flaky_proxy import FlakyProxy
from fakes.grpc_echo import Echo, opened, said
from fakes.numbered_grpc import NumberedGrpcServer
from fakes.numbered_protocol import numbered, unrolled
from fakes.numbered_session import QUICK


def status(message: bytes | str) -> GrpcStatus:
    assert isinstance(message, str)
    return GrpcStatus.decode(message)


async def test_one_call_until_its_end() -> None:
    async with Echo().serving() as echo:
        link = await opened(echo.port, metadata={"x-key": "k"})
        assert await said(link, b"one") == b"one"
        await link.ping()
        assert await said(link, b"two") == b"two"
        assert status(await said(link, HALF_CLOSE)).code == 0
        for again in (link.receive(), link.send(b"three")):
            with pytest.raises(LinkClosed) as caught:
                await again
            assert (caught.value.code, caught.value.error) == (0, None)
        await link.close()
        assert [call["x-key"] for call in echo.calls] == ["k"]


async def test_one_call_after_the_other() -> None:
    async with Echo().serving() as echo:
        link = await opened(echo.port, serial=True)
        for text in (b"one", b"two"):
            await link.send(BEGIN_CALL)
            assert await said(link, text) == text
            assert status(await said(link, HALF_CLOSE)).code == 0
        await link.send(b"for no call")
        await link.send(BEGIN_CALL)
        assert status(await said(link, b"end")).code == 0
        await link.close()
        assert len(echo.calls) == 3
        assert len(echo.peers) == 1


@pytest.mark.parametrize("serial", [False, True])
async def test_a_refusal_comes_with_its_words_and_details_and_ends_the_link(serial: bool) -> None:
    async with Echo().serving() as echo:
        link = await opened(echo.port, serial=serial)
        if serial:
            await link.send(BEGIN_CALL)
        told = status(await said(link, b"refuse RESOURCE_EXHAUSTED"))
        assert (told.code, told.message, told.details) == (8, "as you wish", b"x")
        with pytest.raises(LinkClosed) as caught:
            await link.receive()
        assert (caught.value.code, caught.value.reason) == (8, "as you wish")
        await link.abort()


async def hammer(link: Link) -> None:
    await link.send(b"refuse UNAUTHENTICATED")
    while True:
        await link.send(bytes(100))


async def test_a_refusal_is_not_lost_while_more_is_sent() -> None:
    """The library itself gives such a call a status of its own: "Internal error from Core"."""
    async with Echo().serving() as echo:
        for _ in range(50):
            link = await opened(echo.port)
            answer = asyncio.create_task(link.receive())
            with pytest.raises(LinkClosed) as caught:
                await hammer(link)
            assert caught.value.refusal is not None
            for told in (status(await answer), status(caught.value.refusal)):
                assert (told.code, told.message, told.details) == (16, "as you wish", b"x")
            await link.abort()


async def test_connections_are_shared_by_account_and_kept_for_the_next_call() -> None:
    async with Echo().serving() as echo:
        for _ in range(3):
            one, two = await opened(echo.port), await opened(echo.port)
            assert await said(one, b"1") == b"1"
            assert await said(two, b"2") == b"2"
            await one.close()
            await two.close()
        assert len(echo.peers) == 1
        other = await opened(echo.port, metadata={"x-key": "another"})
        assert await said(other, b"3") == b"3"
        await other.close()
        assert len(echo.peers) == 2


async def test_a_connection_that_was_broken_off_is_not_used_again() -> None:
    async with Echo().serving() as echo:
        link = await opened(echo.port)
        assert await said(link, b"1") == b"1"
        await link.abort()
        link = await opened(echo.port)
        assert await said(link, b"2") == b"2"
        await link.close()
        assert len(echo.peers) == 2


async def test_an_idle_connection_that_died_meanwhile_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grpc_channels, "_TRUSTED_S", 0.0)
    monkeypatch.setattr(grpc_channels, "_PROBE_S", 0.3)
    async with Echo().serving() as echo, FlakyProxy(echo.port) as proxy:
        link = await opened(proxy.port)
        assert await said(link, b"1") == b"1"
        await link.close()
        proxy.half_open()
        waiting = asyncio.create_task(opened(proxy.port))
        await asyncio.wait([waiting], timeout=1.0)
        assert not waiting.done(), "a new connection is tried, and waits"
        proxy.heal()
        link = await waiting
        assert await said(link, b"2") == b"2"
        await link.close()
        assert len(echo.peers) == 2


async def test_an_unused_connection_is_let_go_of(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grpc_channels, "_IDLE_S", 0.05)
    async with Echo().serving() as echo:
        await (await opened(echo.port)).close()
        channels = default_transports().channels
        async with asyncio.timeout(20):
            while channels._channels or channels._ending:
                await asyncio.sleep(0.01)


async def test_a_lost_connection_between_calls_ends_the_link_without_an_error() -> None:
    async with Echo().serving() as echo, FlakyProxy(echo.port) as proxy:
        link = await opened(proxy.port, serial=True)
        waiting = asyncio.create_task(link.receive())
        await asyncio.sleep(0)
        proxy.cut()
        async with asyncio.timeout(20):
            with pytest.raises(LinkClosed) as caught:
                await waiting
        assert (caught.value.code, caught.value.error) == (0, None)
        await link.abort()


# ------------------------------------------------------------------------------------------------ under a session


async def dictate(session: Any) -> None:
    await session.connect()
    await session.send(numbered(0, 8_000))
    assert unrolled([(await session.commit()).text], 0) == 8_000
    await session.disconnect()


async def test_a_session(open_session: Any) -> None:
    async with NumberedGrpcServer() as server:
        session, _ = open_session(server.url)
        await dictate(session)


async def test_a_half_open_connection_is_noticed_while_speaking(open_session: Any) -> None:
    hasty = msgspec.structs.replace(QUICK, half_open_s=0.3)
    async with NumberedGrpcServer() as server, FlakyProxy(server.port) as proxy:
        session, listener = open_session(f"grpc://127.0.0.1:{proxy.port}", policy=hasty)
        await session.connect()
        await session.send(numbered(0, 8_000))
        await listener.until(lambda: listener.finals or listener.shown)
        proxy.half_open()
        await session.send(numbered(8_000, 8_000))
        await listener.until(lambda: any(isinstance(event, ErrorOccurred) for event in listener.events))
        first = next(event.error for event in listener.events if isinstance(event, ErrorOccurred))
        assert first.code == "half_open"
        proxy.cut()
        proxy.heal()
        async with asyncio.timeout(20):
            assert unrolled([(await session.commit()).text], 0) == 16_000


# ---------------------------------------------------------------------------------------------------- refusals


async def test_nobody_listens_there() -> None:
    async with Echo().serving() as echo:
        port = echo.port
    with pytest.raises(ConnectionError) as caught:
        await opened(port)
    assert (caught.value.code, caught.value.remedy) == ("refused", Remedy.CHECK_NETWORK)


async def test_a_line_that_is_cut_is_said_as_over_a_socket() -> None:
    async with FlakyProxy(0) as way:
        way.refusing = True
        with pytest.raises(ConnectionError) as caught:
            await opened(way.port)
    assert (caught.value.code, caught.value.message) == ("reset", "127.0.0.1 cut the connection")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("UNKNOWN: ipv4:192.0.2.1:443: connect: Network is unreachable (101)", "Network is unreachable"),
        ("UNAVAILABLE: ipv6:%5B2001:db8::1%5D:443: Trying no more", "Trying no more"),
        ("something else", "something else"),
    ],
)
def test_a_cause_is_told_without_codes_and_addresses(words: str, told: str) -> None:
    error = unreachable(GrpcStatus(14, f"failed to connect to all addresses; last error: {words}"), "echo", "h")
    assert error is not None
    assert error.message == f"No connection to h: {told}"


async def test_no_such_name() -> None:
    with pytest.raises(ConnectionError) as caught:
        await opened(443, target="no-such-host.invalid:443", secure=True)
    assert caught.value.code == "dns"


async def test_without_encryption_only_this_machine_is_called() -> None:
    with pytest.raises(ConfigurationError, match="this machine"):
        await opened(80, target="speech.example.com:80")


def test_without_the_library_the_remedy_is_told() -> None:
    script = (
        f"import sys; sys.path[:0] = {[path for path in sys.path if path]!r}\n"
        "import asyncio\n"
        "class Absent:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name.partition('.')[0] == 'grpc': raise ModuleNotFoundError(name)\n"
        "sys.meta_path.insert(0, Absent())\n"
        "from debabelizer.contract import GrpcOpening\n"
        "from debabelizer.streaming import default_transports\n"
        "async def main():\n"
        "    opening = GrpcOpening(target='127.0.0.1:1', method='/a/b', secure=False)\n"
        "    try: await default_transports().open(opening, 'echo')\n"
        "    except Exception as error: print(type(error).__name__, error.code, error)\n"
        "asyncio.run(main())\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.startswith("ConfigurationError grpc_missing")
    assert "pip install grpcio" in done.stdout


@pytest.mark.parametrize(
    ("code", "words", "alive"),
    [
        (12, "Method not found!", True),
        (14, "Received http2 header with status: 503", True),
        (14, "failed to connect to all addresses; last error: ...", False),
        (14, "Socket closed", False),
        (4, "Deadline Exceeded", False),
    ],
)
def test_what_counts_as_a_sign_of_life(code: int, words: str, alive: bool) -> None:
    assert is_answer(GrpcStatus(code, words)) == alive
