"""Whisper's face: description, settings to worker, what is refused before anything starts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest
from faster_whisper.utils import _MODELS

from debabelizer.contract import (
    CommitMode,
    EpochContext,
    Health,
    HealthState,
    Kind,
    StreamOptions,
    WorkerOpening,
)
from debabelizer.errors import ConfigurationError, ModelMissingError, Remedy, UnsupportedLanguageError
from debabelizer_providers.whisper import DESCRIPTION, Whisper
from debabelizer_providers.whisper.device import Notebook, choose
from debabelizer_providers.whisper.start import Start
from fakes.recordings import TINY_WHISPER


def options(models: Path, *, present: str = "", languages: tuple[str, ...] = (), **settings: Any) -> StreamOptions:
    """``models``: where they lie; ``present``: the one that is there."""
    if present:
        model = next(m for m in DESCRIPTION.models if m.name == present)
        home = models / "whisper" / present
        home.mkdir(parents=True)
        for file in model.files:
            (home / file.name).write_bytes(b"x")
        settings["model"] = present
    return StreamOptions(settings={"models_folder": str(models), **settings}, languages=languages)


def started(given: StreamOptions, previous_text: str = "") -> tuple[WorkerOpening, Start]:
    opening = Whisper().stream(given, EpochContext(previous_text=previous_text)).opening()
    return opening, msgspec.json.decode(opening.first[0], type=Start)


async def health(given: StreamOptions) -> Health:
    async with httpx.AsyncClient() as http:
        return await Whisper().check(given, http)


async def test_a_missing_model_is_refused_before_anything_starts(tmp_path: Path) -> None:
    with pytest.raises(ModelMissingError) as caught:
        Whisper().stream(options(tmp_path), EpochContext())
    assert caught.value.remedy is Remedy.DOWNLOAD_MODEL
    found = await health(options(tmp_path))
    assert found.state is HealthState.MODEL_MISSING
    assert found.error is not None


async def test_a_present_model_is_ready(tmp_path: Path) -> None:
    found = await health(options(tmp_path, present="small"))
    assert found.state is HealthState.OK
    assert "small" in found.detail


def test_the_usual_folder_is_used_where_none_is_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEBABELIZER_HOME", str(tmp_path))
    options(tmp_path / "data" / "models", present="tiny")
    _, start = started(StreamOptions(settings={"model": "tiny"}))
    assert start.folder == str(tmp_path / "data" / "models" / "whisper" / "tiny")


def test_a_folder_of_ones_own_comes_first_and_must_hold_a_model(tmp_path: Path) -> None:
    _, start = started(options(tmp_path, folder=str(TINY_WHISPER)))
    assert (start.folder, start.model) == (str(TINY_WHISPER), "whisper-tiny-words")
    with pytest.raises(ModelMissingError, match=r"model\.bin"):
        started(options(tmp_path, folder=str(tmp_path)))


def test_settings_reach_the_worker(tmp_path: Path) -> None:
    given = options(
        tmp_path, folder=str(TINY_WHISPER), device="cpu", compute_type="float32", cpu_threads=3, beam=2,
        idle_unload_min=2, second_pass=False, second_pass_s=30, prompt="Dear Sir,", languages=("en-US", "nb"),
    )  # fmt: skip
    given = msgspec.structs.replace(given, vocabulary=("Qt",), commit=CommitMode.PAUSE, pause_s=0.7)
    opening, start = started(given, "Before.")
    assert opening.idle_unload_s == 60
    assert start == Start(
        model="whisper-tiny-words", folder=str(TINY_WHISPER), device="cpu", compute="float32", threads=3, beam=2,
        languages=("en", "no"), vocabulary=("Qt",), prompt="Dear Sir,", previous_text="Before.",
        commit=CommitMode.PAUSE, pause_s=0.7, second_pass=False, second_pass_s=30, rest_s=60,
        notebook=str(tmp_path / "whisper" / "graphics-card.json"),
    )  # fmt: skip


def test_a_warm_worker_is_shared_only_by_what_needs_the_same_model(tmp_path: Path) -> None:
    one = started(options(tmp_path, folder=str(TINY_WHISPER)))[0]
    same = started(options(tmp_path, folder=str(TINY_WHISPER), beam=1, prompt="other"))[0]
    other = started(options(tmp_path, folder=str(TINY_WHISPER), device="cpu"))[0]
    assert one.key == same.key != other.key


def test_languages_the_model_does_not_know_are_refused(tmp_path: Path) -> None:
    english = options(tmp_path, present="small.en", languages=("ru",))
    with pytest.raises(UnsupportedLanguageError, match="English only"):
        started(english)
    with pytest.raises(UnsupportedLanguageError, match="does not know"):
        started(options(tmp_path, folder=str(TINY_WHISPER), languages=("tlh",)))
    assert started(msgspec.structs.replace(english, languages=("ru", "en-GB")))[1].languages == ("en",)


async def test_an_unknown_model_is_a_wrong_setting(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="There is no Whisper model 'enormous'"):
        started(options(tmp_path, model="enormous"))
    assert (await health(options(tmp_path, model="enormous"))).state is HealthState.FAILED


def test_models_are_those_faster_whisper_knows() -> None:
    for model in DESCRIPTION.models:
        assert {file.url.split("/resolve/")[0] for file in model.files} == {
            f"https://huggingface.co/{_MODELS[model.name]}"
        }
        assert {"model.bin", "config.json", "tokenizer.json"} <= {file.name for file in model.files}
    model_setting = next(s for s in DESCRIPTION.settings if s.key == "model")
    assert model_setting.kind is Kind.CHOICE
    assert [c.value for c in model_setting.choices] == [m.name for m in DESCRIPTION.models]
    assert DESCRIPTION.default_model in {m.name for m in DESCRIPTION.models}
    assert len(DESCRIPTION.languages) == 100


def test_every_default_is_within_its_own_bounds() -> None:
    for setting in DESCRIPTION.settings:
        if setting.choices:
            assert setting.default in {c.value for c in setting.choices}
        if setting.minimum is not None and setting.maximum is not None:
            assert setting.minimum <= setting.default <= setting.maximum


def test_the_device_is_chosen_by_what_there_is_and_what_failed() -> None:
    assert choose("auto", "auto", 0, False).kind == "cpu"
    assert choose("auto", "auto", 1, False).compute == "float16"
    assert choose("auto", "auto", 1, True).kind == "cpu"
    assert choose("cuda", "int8", 1, True).kind == "cuda"
    assert choose("cpu", "float16", 1, False).compute == "int8"


def test_a_failed_card_is_remembered_until_the_engine_is_renewed(tmp_path: Path) -> None:
    notebook = Notebook(str(tmp_path / "deep" / "card.json"))
    assert notebook.cuda_failure("4.8") is None
    notebook.remember("4.8", "no cuBLAS")
    assert notebook.cuda_failure("4.8") == "no cuBLAS"
    assert notebook.cuda_failure("4.9") is None
    (tmp_path / "deep" / "card.json").write_text("garbage")
    assert notebook.cuda_failure("4.8") is None


@pytest.mark.usefixtures("no_graphics_cards")
@pytest.mark.parametrize("device", ["auto", "cuda"])
async def test_a_package_without_code_for_cards_never_looks_for_one_and_says_so(tmp_path: Path, device: str) -> None:
    given = options(tmp_path, folder=str(TINY_WHISPER), device=device)
    assert started(given)[1].device == "cpu"
    found = await health(given)
    assert found.state is HealthState.OK
    assert "no code for graphics cards; to use one, install Debabelizer with pipx" in found.detail


async def test_with_that_code_the_card_is_the_engines_choice(tmp_path: Path) -> None:
    given = options(tmp_path, folder=str(TINY_WHISPER))
    assert started(given)[1].device == "auto"
    assert "graphics" not in (await health(given)).detail
