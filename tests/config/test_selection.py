"""Who is chosen, and why."""

from __future__ import annotations

import pytest

from debabelizer import registry
from debabelizer.config import Settings
from debabelizer.config.selection import Readiness, choose, standing_of
from debabelizer.errors import ConfigurationError
from fakes.recordings import TINY_WHISPER


def settings(tmp_path, **environ):
    environ = {"DEBABELIZER_SECRETS_STORE": "memory"} | environ
    return Settings.load(tmp_path / "settings.toml", environ=environ)


@pytest.fixture(autouse=True)
def no_models(tmp_path, monkeypatch):
    monkeypatch.setenv("DEBABELIZER_HOME", str(tmp_path / "home"))


def test_with_nothing_at_all_the_built_in_recogniser_works(tmp_path):
    assert choose(settings(tmp_path)).provider == "sphinx"


def test_a_model_beats_the_built_in_one_and_a_key_beats_both(tmp_path):
    model = {"DEBABELIZER_PROVIDERS_WHISPER_FOLDER": str(TINY_WHISPER)}
    assert choose(settings(tmp_path, **model)).provider == "whisper"
    both = choose(settings(tmp_path, ELEVENLABS_API_KEY="sk_0123456789", **model))
    assert both.provider == "elevenlabs"
    assert both.reason == "automatic: ElevenLabs has a key"


def test_a_downloaded_model_counts_when_all_its_files_are_there(tmp_path):
    whisper = registry.describe("whisper")
    model = next(m for m in whisper.models if m.name == whisper.default_model)
    folder = tmp_path / "home" / "data" / "models" / "whisper" / model.name
    folder.mkdir(parents=True)
    for file in model.files[1:]:
        (folder / file.name).write_text("x")
    assert standing_of(settings(tmp_path), "whisper").readiness is Readiness.NEEDS_MODEL
    (folder / model.files[0].name).write_text("x")
    assert choose(settings(tmp_path)).provider == "whisper"


def test_one_that_does_not_know_the_language_comes_last(tmp_path):
    model = {"DEBABELIZER_PROVIDERS_WHISPER_FOLDER": str(TINY_WHISPER), "DEBABELIZER_LANGUAGES": "ru"}
    assert choose(settings(tmp_path, **model)).provider == "whisper"
    only_sphinx = settings(tmp_path, DEBABELIZER_LANGUAGES="ru")
    assert choose(only_sphinx).provider == "sphinx", "it says itself that it knows English only"


def test_the_users_word_stands_even_where_another_would_work(tmp_path):
    chosen = settings(tmp_path, DEBABELIZER_PROVIDER="elevenlabs")
    assert choose(chosen).provider == "elevenlabs"
    assert choose(chosen).reason == "chosen by the environment DEBABELIZER_PROVIDER"
    assert standing_of(chosen, "elevenlabs").readiness is Readiness.NEEDS_KEY


def test_where_another_way_in_was_chosen_no_key_is_needed(tmp_path):
    server = settings(tmp_path, OPENAI_BASE_URL="http://localhost:8000/v1")
    assert standing_of(server, "openai").readiness is Readiness.READY
    assert standing_of(settings(tmp_path), "openai").readiness is Readiness.NEEDS_KEY
    login = settings(tmp_path, DEBABELIZER_PROVIDERS_GOOGLE_APPLICATION_DEFAULT="true")
    assert standing_of(login, "google").readiness is not Readiness.NEEDS_KEY


def test_an_unknown_name_is_refused_with_those_there_are():
    with pytest.raises(ConfigurationError, match=", ".join(registry.names())):
        registry.load("nobody")
