"""Out of a company's network: through its proxy, past its own certificates. The names used here exist only there."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from unittest.mock import patch

import msgspec
import pytest

from debabelizer.audio.wav import header
from debabelizer.config import Settings, proxy
from debabelizer.contract import EpochContext, StreamOptions, StreamProtocol
from debabelizer.errors import CertificateError, ConnectionError, Remedy
from debabelizer.files import FileTranscription
from debabelizer.streaming import default_transports
from debabelizer.streaming.health import health
from debabelizer.streaming.transports.trust import system_trust
from debabelizer_providers.deepgram import Deepgram
from fakes.authority import Authority
from fakes.connect_proxy import ConnectProxy
from fakes.deepgram_server import DeepgramServer
from fakes.numbered_protocol import NumberedProtocol, numbered, unrolled
from fakes.numbered_server import NumberedServer
from fakes.numbered_session import QUICK, QUICK_LIMITS

HOST = "speech.company.test"
ONCE = msgspec.structs.replace(QUICK, connect_s=1.0)
VARIABLES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")


@pytest.fixture(autouse=True)
def no_other_network(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Neither proxies nor authorities of the machine the test runs on; and none of a test's is left to the next, also
    of those that the program itself sets."""
    monkeypatch.setattr(proxy, "_before", {})
    system_trust.cache_clear()
    with patch.dict(os.environ):
        for name in ("SSL_CERT_FILE", *VARIABLES, *map(str.lower, VARIABLES)):
            os.environ.pop(name, None)
        yield
    system_trust.cache_clear()


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path)


@asynccontextmanager
async def behind_tls(authority: Authority, port: int) -> AsyncIterator[int]:
    """The server at ``port`` under :data:`HOST`'s certificate; gives the encrypted port."""

    async def relay(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        while data := await source.read(65536):
            sink.write(data)
        sink.close()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        far, upstream = await asyncio.open_connection("127.0.0.1", port)
        try:
            await asyncio.gather(relay(reader, upstream), relay(far, writer))
        except OSError:
            pass
        finally:
            upstream.close()
            writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0, ssl=authority.server_context(HOST)) as front:
        yield front.sockets[0].getsockname()[1]


def company(context: EpochContext) -> StreamProtocol:
    return NumberedProtocol(f"wss://{HOST}/listen", context, limits=QUICK_LIMITS)


async def dictate(session) -> None:
    await session.connect()
    await session.send(numbered(0, 8_000))
    assert unrolled([(await session.commit()).text], 0) == 8_000
    await session.disconnect()


async def test_a_socket_through_the_proxy_of_the_environment(open_session, authority, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.certificate))
    async with (
        NumberedServer() as server,
        behind_tls(authority, server.port) as port,
        ConnectProxy({HOST: port}, password="me:secret") as way_out,
    ):
        monkeypatch.setenv("HTTPS_PROXY", way_out.url)
        session, _ = open_session([("company", company)])
        await dictate(session)
        assert way_out.asked == [f"CONNECT {HOST}:443"]


async def test_a_socket_through_the_proxy_of_the_settings(open_session, authority, monkeypatch, tmp_path):
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.certificate))
    settings = Settings.load(tmp_path / "settings.toml", environ={})
    async with (
        NumberedServer() as server,
        behind_tls(authority, server.port) as port,
        ConnectProxy({HOST: port}) as way_out,
    ):
        settings.set("network.proxy", way_out.url)
        proxy.apply(settings)
        session, _ = open_session([("company", company)])
        await dictate(session)
        assert way_out.asked == [f"CONNECT {HOST}:443"]
        settings.reset("network.proxy")
        proxy.apply(settings)
        alone, _ = open_session([("company", company)], policy=ONCE)
        with pytest.raises(ConnectionError, match=r"cannot be looked up|No connection"):
            await alone.connect()
        assert len(way_out.asked) == 1


async def test_requests_go_the_same_way_and_a_change_counts_from_the_next_one(authority, monkeypatch, tmp_path):
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.certificate))
    settings = Settings.load(tmp_path / "settings.toml", environ={})

    async def hello(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello")
        await writer.drain()
        writer.close()

    async with (
        await asyncio.start_server(hello, "127.0.0.1", 0) as plain,
        behind_tls(authority, plain.sockets[0].getsockname()[1]) as port,
        ConnectProxy({HOST: port}) as way_out,
        ConnectProxy({HOST: port}) as other,
    ):
        monkeypatch.setenv("HTTPS_PROXY", way_out.url)
        transports = default_transports()
        assert (await transports.http.get(f"https://{HOST}/token")).text == "hello"
        assert way_out.asked == [f"CONNECT {HOST}:443"]
        assert transports.http is transports.http, "one for all, as long as nothing changes"
        settings.set("network.proxy", other.url)
        proxy.apply(settings)
        assert (await transports.http.get(f"https://{HOST}/token")).text == "hello"
        assert (len(way_out.asked), len(other.asked)) == (1, 1)


async def test_an_authority_that_is_not_in_the_store_is_named_as_the_cause(open_session, authority, monkeypatch):
    async with (
        NumberedServer() as server,
        behind_tls(authority, server.port) as port,
        ConnectProxy({HOST: port}) as way_out,
    ):
        monkeypatch.setenv("HTTPS_PROXY", way_out.url)
        session, _ = open_session([("company", company)])
        with pytest.raises(CertificateError) as caught:
            await session.connect()
        assert caught.value.code == "tls"
        assert f"The certificate of {HOST} is not trusted" in caught.value.message
        assert "system's store" in caught.value.message
        assert server.attempts == 0, "nothing is said to somebody who is not trusted"
        assert way_out.asked == [f"CONNECT {HOST}:443"], "nor is it tried again in vain"


async def test_recordings_and_questions_wait_for_nobody_whose_authority_is_not_in_the_store(authority, monkeypatch):
    async with (
        DeepgramServer() as server,
        behind_tls(authority, server.port) as port,
        ConnectProxy({HOST: port}) as way_out,
    ):
        monkeypatch.setenv("HTTPS_PROXY", way_out.url)
        options = StreamOptions(settings={"api_key": server.key, "base_url": f"https://{HOST}"})
        pcm = numbered(0, 8_000)
        job = FileTranscription(Deepgram(), options)
        with pytest.raises(CertificateError, match=f"The certificate of {HOST} is not trusted"):
            await job.run(header(len(pcm)) + pcm, asyncio.Event())
        found = await health(Deepgram(), lambda _: options, default_transports().http)
        assert isinstance(found.error, CertificateError)
        assert found.detail.startswith(f"The certificate of {HOST} is not trusted")
        assert way_out.asked == 2 * [f"CONNECT {HOST}:443"]
        assert server.requests == []


@pytest.mark.parametrize("status", [403, 407, 502])
async def test_a_proxy_that_does_not_let_us_out_is_named_as_the_cause(status, open_session, monkeypatch):
    async with ConnectProxy({}, password="me:secret" if status == 407 else "", refuse=status) as way_out:
        monkeypatch.setenv("HTTPS_PROXY", way_out.url.replace("me:secret", "me:wrong"))
        session, _ = open_session([("company", company)], policy=ONCE)
        with pytest.raises(ConnectionError) as caught:
            await session.connect()
        assert caught.value.code == "proxy"
        assert str(status) in caught.value.message
        assert "wrong" not in caught.value.message
        assert caught.value.remedy is Remedy.CHECK_NETWORK


async def test_this_machine_is_reached_without_the_proxy(open_session, monkeypatch):
    async with NumberedServer() as server, ConnectProxy({}, refuse=403) as way_out:
        for name in ("HTTP_PROXY", "HTTPS_PROXY"):
            monkeypatch.setenv(name, way_out.url)
        session, _ = open_session(server.url)
        await dictate(session)
        assert way_out.asked == []
