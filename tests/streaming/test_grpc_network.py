"""gRPC out of a company's network: through its proxy, past its own certificates."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from debabelizer.errors import CertificateError, ConfigurationError, ProviderError
from debabelizer.streaming import default_transports
from debabelizer.streaming.transports.grpc_trust import system_roots
from fakes.authority import Authority
from fakes.connect_proxy import ConnectProxy
from fakes.grpc_echo import Echo, opened, said

HOST = "speech.company.test"
VARIABLES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "GRPC_DEFAULT_SSL_ROOTS_FILE_PATH", "SSL_CERT_FILE")


@pytest.fixture(autouse=True)
def no_other_network(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    system_roots.cache_clear()
    yield
    system_roots.cache_clear()


@asynccontextmanager
async def behind_tls(authority: Authority, port: int) -> AsyncIterator[int]:
    """The server at ``port`` under :data:`HOST`'s certificate; gives the encrypted port."""
    context = authority.server_context(HOST)
    context.set_alpn_protocols(["h2"])
    tasks: set[asyncio.Task[None]] = set()

    async def relay(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        while data := await source.read(65536):
            sink.write(data)
        raise ConnectionResetError

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        upstream: asyncio.StreamWriter | None = None
        try:
            far, upstream = await asyncio.open_connection("127.0.0.1", port)
            async with asyncio.TaskGroup() as both:
                both.create_task(relay(reader, upstream))
                both.create_task(relay(far, writer))
        except* (OSError, asyncio.CancelledError):
            pass
        finally:
            for one in (upstream, writer):
                if one is not None:
                    one.transport.abort()

    def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.get_running_loop().create_task(serve(reader, writer))
        tasks.add(task)
        task.add_done_callback(tasks.discard)

    async with await asyncio.start_server(accept, "127.0.0.1", 0, ssl=context) as front:
        yield front.sockets[0].getsockname()[1]
        for task in list(tasks):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def test_through_the_companys_proxy_past_its_certificates(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority = Authority(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.certificate))
    async with (
        Echo().serving() as echo,
        behind_tls(authority, echo.port) as port,
        ConnectProxy({HOST: port}, password="me:secret") as way_out,
    ):
        monkeypatch.setenv("HTTPS_PROXY", way_out.url)
        link = await opened(443, target=f"{HOST}:443", secure=True)
        assert await said(link, b"hello") == b"hello"
        await link.close()
        assert way_out.asked == [f"CONNECT {HOST}:443"]
        await default_transports().close()


async def test_an_authority_that_is_not_trusted_is_named_as_the_cause(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority = Authority(tmp_path)
    async with (
        Echo().serving() as echo,
        behind_tls(authority, echo.port) as port,
        ConnectProxy({HOST: port}) as way_out,
    ):
        monkeypatch.setenv("HTTPS_PROXY", way_out.url)
        with pytest.raises(CertificateError) as caught:
            await opened(443, target=f"{HOST}:443", secure=True)
        assert caught.value.code == "tls"
        assert not caught.value.retryable
        why = "unable to get local issuer certificate. If your network has a certificate of its own"
        assert f"The certificate of {HOST} is not trusted: {why}" in caught.value.message
        assert echo.calls == [], "nothing is said to somebody who is not trusted"


@pytest.mark.parametrize("refuse", [403, 502])
async def test_a_proxy_that_does_not_let_us_out_is_named_as_the_cause(
    refuse: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with ConnectProxy({}, refuse=refuse) as way_out:
        monkeypatch.setenv("HTTPS_PROXY", way_out.url.replace("http://", "http://me:secret@"))
        with pytest.raises(ProviderError) as caught:
            await opened(443, target=f"{HOST}:443", secure=True)
        assert caught.value.code == "proxy"
        assert "secret" not in caught.value.message


async def test_a_kind_of_proxy_that_grpc_cannot_use(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "socks5://127.0.0.1:1080")
    with pytest.raises(ConfigurationError, match="HTTP proxies only") as caught:
        await opened(443, target=f"{HOST}:443", secure=True)
    assert caught.value.provider == "echo"


async def test_this_machine_is_reached_without_the_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    async with Echo().serving() as echo, ConnectProxy({}, refuse=403) as way_out:
        for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "grpc_proxy"):
            monkeypatch.setenv(name, way_out.url)
        link = await opened(echo.port)
        assert await said(link, b"hello") == b"hello"
        await link.close()
        assert way_out.asked == []
