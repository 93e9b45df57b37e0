"""What of Google's settings is grey in the window is what Google is not asked for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from debabelizer import registry
from debabelizer.config import Settings
from debabelizer.config.availability import hint, why_not
from debabelizer_providers.google.connect import plan
from debabelizer_providers.google.description import MODELS

MODEL_NAMES = [model.name for model in MODELS]
WANTED = {
    "spoken_punctuation": True,
    "spoken_emojis": True,
    "translate_to": "de",
    "prompt": "Names of rivers.",
    "denoise": True,
    "replace": ["colour:color"],
}


def settings_with(folder: Path, **values: Any) -> Settings:
    settings = Settings.load(folder / "settings.toml", environ={})
    settings.set("languages", ["en"])
    settings.set("secrets.store", "memory")
    for key, value in ({"api_key": "AIza_k", "project": "p1"} | values).items():
        settings.set(f"providers.google.{key}", value)
    return settings


def why(settings: Settings, key: str) -> str:
    return why_not(settings, f"providers.google.{key}", registry.describe("google"))


@pytest.mark.parametrize("key", WANTED)
@pytest.mark.parametrize("model", MODEL_NAMES)
def test_what_the_model_does_not_know_is_grey(tmp_path: Path, model: str, key: str) -> None:
    settings = settings_with(tmp_path, model=model, file_model=model, **{key: WANTED[key]})
    told = plan(settings.stream_options("google")).notices
    assert bool(told) == bool(why(settings, key)), told


@pytest.mark.parametrize("key", WANTED)
def test_what_version_1_does_not_know_is_grey(tmp_path: Path, key: str) -> None:
    settings = settings_with(tmp_path, model="long", file_model="long", api_version="v1", **{key: WANTED[key]})
    told = plan(settings.stream_options("google")).notices
    assert bool(told) == bool(why(settings, key)), told


@pytest.mark.parametrize("model", MODEL_NAMES)
def test_the_certainty_of_words_is_grey_where_it_is_not_asked_for(tmp_path: Path, model: str) -> None:
    settings = settings_with(tmp_path, model=model, file_model=model)
    asked = "enableWordConfidence" in plan(settings.stream_options("google")).config["features"]
    assert asked == (not why(settings, "word_confidence"))


def test_what_only_recordings_heed_stays_with_a_hint(tmp_path: Path) -> None:
    settings = settings_with(tmp_path, model="long", file_model="chirp_3")
    assert why(settings, "prompt") == ""
    assert "recordings only" in hint(settings, "providers.google.prompt", registry.describe("google"))
    settings.set("providers.google.model", "chirp_3")
    assert hint(settings, "providers.google.prompt", registry.describe("google")) == ""


def test_speakers_in_version_2_are_for_recordings_with_the_newest_model(tmp_path: Path) -> None:
    settings, google = settings_with(tmp_path, api_version="v2"), registry.describe("google")
    assert why(settings, "diarize") == ""
    assert "only version 1" in hint(settings, "providers.google.diarize", google)
    settings.set("providers.google.file_model", "long")
    assert "Chirp 3" in why(settings, "diarize")
    settings.set("providers.google.api_version", "v1")
    assert why(settings, "diarize") == hint(settings, "providers.google.diarize", google) == ""


def test_a_setting_of_another_one_is_grey_without_it(tmp_path: Path) -> None:
    settings = settings_with(tmp_path)
    assert "bucket" in why(settings, "file_patient")
    settings.set("providers.google.file_bucket", "mine")
    assert why(settings, "file_patient") == ""
    settings.set("providers.google.vocabulary", False)
    assert "not sent" in why(settings, "vocabulary_boost")
