"""Downloads against a server that misbehaves in every way a real one does."""

from __future__ import annotations

import asyncio
import hashlib
from pathlib import Path

import pytest

from debabelizer.contract import Model, ModelFile
from debabelizer.errors import (
    AuthenticationError,
    Category,
    ConfigurationError,
    ConnectionError,
    ProviderError,
    RateLimitError,
    Remedy,
)
from debabelizer.models import ModelStore
from fakes.model_host import ModelHost

BODY = hashlib.shake_256(b"a model").digest(3_000_000)
OTHER = hashlib.shake_256(b"another").digest(3_000_000)


async def fetch(host: ModelHost, folder: Path, **facts: object) -> bytes:
    file = ModelFile("model.bin", host.url("model.bin"), **facts)  # type: ignore[arg-type]
    model = Model(name="m", title="M", files=(file,))
    found = await ModelStore(folder).download("whisper", model)
    return (found / "model.bin").read_bytes()


async def cancel_in_the_middle(host: ModelHost, folder: Path) -> None:
    """Cancels a download, of which a part has arrived, from a host that has fallen silent."""
    arrived = asyncio.Event()
    model = Model(name="m", title="M", files=(ModelFile("model.bin", host.url("model.bin")),))
    download = ModelStore(folder).download("whisper", model, on_progress=lambda _: arrived.set())
    task = asyncio.create_task(download)
    await arrived.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


def ranges(host: ModelHost) -> list[str | None]:
    return [part for method, part in host.requests if method == "GET"]


def remains(folder: Path) -> list[str]:
    return sorted(p.name for p in folder.rglob("*") if p.is_file())


@pytest.mark.parametrize("etag", ["sha256", "git", "opaque", "weak", ""])
async def test_every_kind_of_server_will_do(tmp_path: Path, etag: str) -> None:
    async with ModelHost({"model.bin": BODY}, etag=etag) as host:
        assert await fetch(host, tmp_path) == BODY
    assert remains(tmp_path) == ["model.bin"]


async def test_a_cut_is_continued_where_it_broke_off(tmp_path: Path) -> None:
    async with ModelHost({"model.bin": BODY}, cut_after=(1_200_000, 700_000)) as host:
        assert await fetch(host, tmp_path) == BODY
        assert ranges(host) == [None, "bytes=1200000-", "bytes=1900000-"]


async def test_a_server_that_resumes_nothing_is_asked_for_the_whole_again(tmp_path: Path) -> None:
    async with ModelHost({"model.bin": BODY}, cut_after=(1_000_000,), ranges=False) as host:
        assert await fetch(host, tmp_path) == BODY
        assert len(ranges(host)) == 2


@pytest.mark.parametrize("etag", ["weak", ""])
async def test_without_a_strong_validator_nothing_is_glued_together(tmp_path: Path, etag: str) -> None:
    async with ModelHost({"model.bin": BODY}, cut_after=(1_000_000,), etag=etag) as host:
        assert await fetch(host, tmp_path) == BODY
        assert ranges(host) == [None, None]


@pytest.mark.parametrize("etag", ["sha256", "opaque"])
async def test_a_file_that_changed_in_between_is_fetched_anew(tmp_path: Path, etag: str) -> None:
    async with ModelHost({"model.bin": BODY}, cut_after=(2_000_000,), etag=etag, stall=True) as host:
        await cancel_in_the_middle(host, tmp_path)
        host.files["model.bin"] = OTHER
        assert await fetch(host, tmp_path) == OTHER


async def test_cancelling_keeps_what_has_arrived_for_the_next_time(tmp_path: Path) -> None:
    async with ModelHost({"model.bin": BODY}, cut_after=(2_000_000,), stall=True) as host:
        await cancel_in_the_middle(host, tmp_path)
        got = (tmp_path / "whisper" / "m.download" / "model.bin.part").stat().st_size
        assert got >= 1 << 20
        assert not (tmp_path / "whisper" / "m").exists()
        assert await fetch(host, tmp_path) == BODY
        assert ranges(host)[-1] == f"bytes={got}-"


async def test_a_wrong_byte_is_noticed_and_fetched_again(tmp_path: Path) -> None:
    async with ModelHost({"model.bin": BODY}, corrupt=1) as host:
        assert await fetch(host, tmp_path) == BODY
        assert ranges(host) == [None, None]


@pytest.mark.parametrize("etag", ["sha256", "git"])
async def test_a_server_that_always_lies_is_given_up(tmp_path: Path, etag: str) -> None:
    async with ModelHost({"model.bin": BODY}, corrupt=9, etag=etag) as host:
        with pytest.raises(ConnectionError, match="damaged") as caught:
            await fetch(host, tmp_path)
        assert caught.value.code == "checksum"
    assert remains(tmp_path) == []


async def test_the_checksum_on_the_redirect_counts(tmp_path: Path) -> None:
    async with ModelHost({"model.bin": BODY}, redirect=True) as host:
        assert await fetch(host, tmp_path) == BODY
    async with ModelHost({"model.bin": BODY}, redirect=True, corrupt=9) as host:
        with pytest.raises(ConnectionError, match="checksum"):
            await fetch(host, tmp_path / "again")


@pytest.mark.parametrize("facts", [{"sha256": hashlib.sha256(OTHER).hexdigest()}, {"size": len(BODY) + 1}])
async def test_what_the_description_promises_must_hold(tmp_path: Path, facts: dict[str, object]) -> None:
    async with ModelHost({"model.bin": BODY}, etag="opaque") as host:
        with pytest.raises(ConnectionError, match="damaged"):
            await fetch(host, tmp_path, **facts)


async def test_another_part_than_asked_for_is_not_believed(tmp_path: Path) -> None:
    async with ModelHost({"model.bin": BODY}, cut_after=(1_000_000,), wrong_range=True) as host:
        assert await fetch(host, tmp_path) == BODY
        assert ranges(host) == [None, "bytes=1000000-", None]


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (404, ConfigurationError),
        (401, AuthenticationError),
        (403, AuthenticationError),
        (429, RateLimitError),
        (500, ConnectionError),
        (503, ConnectionError),
    ],
)
async def test_a_refusal_is_a_typed_error_with_a_remedy(tmp_path: Path, status: int, kind: type[ProviderError]) -> None:
    async with ModelHost({"model.bin": BODY}, status=status, headers={"Retry-After": "7"}) as host:
        with pytest.raises(kind) as caught:
            await fetch(host, tmp_path)
    assert caught.value.code == str(status)
    assert caught.value.remedy is not None
    assert getattr(caught.value, "retry_after", 7.0) == 7.0


async def test_a_server_that_is_not_there_is_a_network_error(tmp_path: Path) -> None:
    async with ModelHost({"model.bin": BODY}) as host:
        url = host.url("model.bin")
    model = Model(name="m", title="M", files=(ModelFile("model.bin", url),))
    with pytest.raises(ConnectionError) as caught:
        await ModelStore(tmp_path).download("whisper", model)
    assert caught.value.category is Category.NETWORK
    assert caught.value.remedy is Remedy.CHECK_NETWORK


async def test_cutting_without_end_gives_up_but_keeps_the_part(tmp_path: Path) -> None:
    async with ModelHost({"model.bin": BODY}, cut_after=(500_000, *[0] * 9)) as host:
        with pytest.raises(ConnectionError, match="continued"):
            await fetch(host, tmp_path)
    assert "model.bin.part" in remains(tmp_path)


async def test_the_proxy_of_the_environment_is_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The host plays the proxy: it gets the whole address in the request line."""
    async with ModelHost({f"http://hub.invalid/{'model.bin'}": BODY}) as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.url("").rstrip("/"))
        monkeypatch.delenv("NO_PROXY", raising=False)
        monkeypatch.delenv("no_proxy", raising=False)
        model = Model(name="m", title="M", files=(ModelFile("model.bin", "http://hub.invalid/model.bin"),))
        folder = await ModelStore(tmp_path).download("whisper", model)
    assert (folder / "model.bin").read_bytes() == BODY
