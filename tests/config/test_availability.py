"""What of the settings has no effect with a provider, and why."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from debabelizer import registry
from debabelizer.config import Settings
from debabelizer.config.availability import hint, ignored, why_not
from debabelizer.config.table import full_table


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings.load(tmp_path / "settings.toml", environ={})


def test_a_word_list_where_there_is_none(settings: Settings) -> None:
    sphinx = registry.describe("sphinx")
    assert "takes no word list" in why_not(settings, "vocabulary", sphinx)
    assert why_not(settings, "vocabulary", registry.describe("deepgram")) == ""
    assert why_not(settings, "vocabulary", None) == ""
    assert ignored(settings, sphinx) == (), "nobody has set one"
    settings.set("vocabulary", ["Zürich"])
    (told,) = ignored(settings, sphinx)
    assert (told.key, told.title) == ("vocabulary", "Word list")
    assert ignored(settings, registry.describe("deepgram")) == ()


def test_a_setting_that_another_one_rules_out(settings: Settings) -> None:
    assert why_not(settings, "dictation.pause_s", None)
    settings.set("dictation.commit", "pause")
    assert why_not(settings, "dictation.pause_s", None) == ""


def test_a_setting_that_the_model_does_not_know(settings: Settings) -> None:
    deepgram = registry.describe("deepgram")
    settings.set("providers.deepgram.diarize", "latest")
    assert ignored(settings, deepgram) == ()
    settings.set("providers.deepgram.model", "flux-general-en")
    assert [told.key for told in ignored(settings, deepgram)] == ["providers.deepgram.diarize"]
    assert ignored(settings, registry.describe("openai")) == (), "it is no business of another provider"


def test_a_model_of_ones_own_may_know_what_the_listed_one_does_not(settings: Settings) -> None:
    openai = registry.describe("openai")
    assert "GPT Realtime Whisper" in why_not(settings, "providers.openai.delay", openai)
    settings.set("providers.openai.other_model", "my-own")
    assert why_not(settings, "providers.openai.delay", openai) == ""
    settings.set("providers.openai.other_model", "")
    settings.set("providers.openai.model", "gpt-realtime-whisper")
    assert why_not(settings, "providers.openai.delay", openai) == ""


@pytest.mark.parametrize(
    ("key", "changes"),
    [
        ("soniox.endpoint_sensitivity", {"providers.soniox.endpointing": True}),
        ("soniox.endpoint_latency", {"dictation.commit": "pause"}),
        ("elevenlabs.endpointing", {"dictation.commit": "pause"}),
        ("elevenlabs.file_numbers", {"providers.elevenlabs.file_other_model": "scribe_v3_next"}),
        ("deepgram.eot_threshold", {"providers.deepgram.other_model": "flux-next"}),
    ],
)
def test_what_makes_a_setting_count(settings: Settings, key: str, changes: dict[str, Any]) -> None:
    provider = registry.describe(key.partition(".")[0])
    assert why_not(settings, f"providers.{key}", provider)
    for other, value in changes.items():
        settings.set(other, value)
    assert why_not(settings, f"providers.{key}", provider) == ""


def test_several_languages_where_one_can_be_heard(settings: Settings) -> None:
    sphinx = registry.describe("sphinx")
    settings.set("languages", ["en", "de"])
    assert "en" in hint(settings, "languages", sphinx)
    assert hint(settings, "languages", registry.describe("elevenlabs")) == ""


def test_every_need_names_a_setting_and_a_value_it_can_have() -> None:
    table = {setting.key: setting for setting in full_table()}
    needs = [(setting, need) for setting in table.values() for need in setting.needs]
    assert needs
    for setting, need in needs:
        assert need.reason.endswith("."), setting.key
        for asked in (need, *need.unless):
            other = table[asked.key]
            if other.choices:
                assert set(asked.values) <= {choice.value for choice in other.choices}, setting.key
