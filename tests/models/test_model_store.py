"""The folder of models: what is there, what is not, and that one appears only when it is whole."""

from __future__ import annotations

from pathlib import Path

import pytest

from debabelizer.contract import Model, ModelFile
from debabelizer.errors import ConfigurationError, Remedy, StorageError
from debabelizer.models import ModelStore, Progress
from debabelizer.models.store import address
from fakes.model_host import ModelHost

FILES = {"config.json": b'{"a": 1}', "model.bin": bytes(range(256)) * 12_000}


def model(host: ModelHost) -> Model:
    return Model(name="small", title="Small", files=tuple(ModelFile(n, host.url(n)) for n in FILES))


async def test_it_is_there_after_a_download_and_the_progress_adds_up(tmp_path: Path) -> None:
    async with ModelHost(FILES) as host:
        store, seen = ModelStore(tmp_path), list[Progress]()
        assert not store.is_present("whisper", model(host))
        folder = await store.download("whisper", model(host), on_progress=seen.append)
        assert folder == store.folder_of("whisper", model(host))
        assert {p.name: p.read_bytes() for p in folder.iterdir()} == FILES
        assert store.is_present("whisper", model(host))
        assert store.present("whisper", [model(host)]) == (model(host),)
        assert store.size_of("whisper", model(host)) == sum(map(len, FILES.values()))
    total = sum(map(len, FILES.values()))
    assert [p.total for p in seen] == [total] * len(seen)
    assert [p.done for p in seen] == sorted(p.done for p in seen)
    assert (seen[-1].done, seen[-1].share) == (total, 1.0)


async def test_a_second_download_asks_nobody(tmp_path: Path) -> None:
    async with ModelHost(FILES) as host:
        store = ModelStore(tmp_path)
        await store.download("whisper", model(host))
        asked = len(host.requests)
        await store.download("whisper", model(host))
        assert len(host.requests) == asked


async def test_a_model_put_there_by_hand_counts_and_an_incomplete_one_is_completed(tmp_path: Path) -> None:
    async with ModelHost(FILES) as host:
        store = ModelStore(tmp_path)
        folder = store.folder_of("whisper", model(host))
        folder.mkdir(parents=True)
        (folder / "config.json").write_bytes(b"mine")
        (folder / "notes.txt").write_bytes(b"keep me")
        assert not store.is_present("whisper", model(host))
        await store.download("whisper", model(host))
        assert (folder / "model.bin").read_bytes() == FILES["model.bin"]
        assert (folder / "notes.txt").read_bytes() == b"keep me"
        assert store.is_present("whisper", model(host))


async def test_removing_takes_everything_away(tmp_path: Path) -> None:
    async with ModelHost(FILES) as host:
        store = ModelStore(tmp_path)
        await store.download("whisper", model(host))
        store.remove("whisper", model(host))
        assert not store.is_present("whisper", model(host))
        assert store.size_of("whisper", model(host)) == 0
        store.remove("whisper", model(host))


async def test_a_disk_too_small_is_noticed_before_the_first_byte(tmp_path: Path) -> None:
    async with ModelHost(FILES, claimed_size=1 << 60) as host:
        with pytest.raises(StorageError, match=r"only .* are free") as caught:
            await ModelStore(tmp_path).download("whisper", model(host))
        assert caught.value.remedy is Remedy.FREE_DISK_SPACE
        assert {method for method, _ in host.requests} == {"HEAD"}


async def test_a_folder_that_cannot_be_made_is_a_storage_error(tmp_path: Path) -> None:
    (tmp_path / "whisper").write_text("a file where the folder should be")
    async with ModelHost(FILES) as host:
        with pytest.raises(StorageError, match="Cannot write"):
            await ModelStore(tmp_path).download("whisper", model(host))


async def test_a_mirror_takes_the_place_of_the_hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with ModelHost(FILES) as host:
        monkeypatch.setenv("DEBABELIZER_MODEL_HOST", host.url("").rstrip("/"))
        far = Model(name="m", title="M", files=(ModelFile("config.json", "https://hub.invalid/config.json"),))
        folder = await ModelStore(tmp_path).download("whisper", far)
        assert (folder / "config.json").read_bytes() == FILES["config.json"]


def test_a_mirror_may_have_a_path_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEBABELIZER_MODEL_HOST", "http://mirror:8080/hub/")
    assert address("https://hub.invalid/a/b.bin?x=1") == "http://mirror:8080/hub/a/b.bin?x=1"


async def test_a_model_that_ships_with_the_program_is_nothing_to_download(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError):
        await ModelStore(tmp_path).download("sphinx", Model(name="built-in", title="Built in"))
