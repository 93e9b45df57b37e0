"""The library's configuration: what the dict says, what the environment fills up, and what nobody may see."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from debabelizer.config import Settings
from debabelizer.library.config import DebabelizerConfig
from debabelizer.library.environment import VARIABLES
from debabelizer.library.wishes import settings_of, troubles, with_options

NAMES = sorted({name for keys in VARIABLES.values() for names in keys.values() for name in names})


def config(given: object = None, **environ: str) -> DebabelizerConfig:
    return DebabelizerConfig(given, environ=environ)  # type: ignore[arg-type]


def test_the_environment_fills_up_what_the_dict_leaves_out() -> None:
    mine = {"soniox": {"api_key": "mine"}}
    made = config(
        mine, SONIOX_API_KEY="theirs", SONIOX_MODEL="m", DEEPGRAM_API_KEY="dg", DEBABELIZER_AUTO_SELECT="true"
    )
    assert made.config["soniox"] == {"api_key": "mine", "model": "m"}
    assert made.get_api_key("deepgram") == "dg"
    assert made.should_auto_select()
    assert mine == {"soniox": {"api_key": "mine"}}, "the dict that was given is not changed"
    assert config(SONIOX_API_KEY="").config == {}


def test_either_name_of_azures_key() -> None:
    assert config(AZURE_SPEECH_SUBSCRIPTION_KEY="old").get_api_key("azure") == "old"
    assert config(AZURE_SPEECH_SUBSCRIPTION_KEY="old", AZURE_SPEECH_KEY="new").get_api_key("azure") == "new"


def test_what_is_configured() -> None:
    made = config({"deepgram": {"api_key": "k"}, "soniox": {"api_key": "NOT_SET"}, "openai": {"api_key": ""}})
    assert made.get_configured_providers() == {"stt": ["deepgram", "whisper", "sphinx"], "tts": ["deepgram", "system"]}
    assert not made.is_provider_configured("nobody")
    made.set_api_key("nobody", "k")
    assert made.is_provider_configured("nobody")
    assert config({"google": {"credentials_path": "key.json"}}).is_provider_configured("google")
    assert config(GOOGLE_APPLICATION_CREDENTIALS="key.json").is_provider_configured("google")
    assert not config().is_provider_configured("google")
    assert config(OPENAI_API_KEY="k").is_provider_configured("openai_whisper")


def test_preferences() -> None:
    made = config(DEBABELIZER_STT_PROVIDER="deepgram", DEBABELIZER_OPTIMIZE_FOR="latency")
    assert (made.get_preferred_stt_provider(), made.get_preferred_tts_provider()) == ("deepgram", None)
    assert (made.get_optimization_strategy(), made.should_auto_select()) == ("latency", False)
    made.set_preferred_stt_provider("azure")
    made.set_preferred_tts_provider("cartesia")
    made.set_auto_select(True)
    made.set_optimization_strategy("cost")
    assert made.config["preferences"] == {
        "stt_provider": "azure",
        "tts_provider": "cartesia",
        "auto_select": True,
        "optimize_for": "cost",
    }
    with pytest.raises(ValueError, match=r"Invalid optimization strategy: 'fast'\. There are cost,"):
        made.set_optimization_strategy("fast")
    assert config().get_optimization_strategy() == "balanced"


def test_sections_of_any_name() -> None:
    made = config()
    made.set_provider_config("mine", "colour", "red")
    assert made.get_provider_config("mine") == {"colour": "red"}
    assert made.get_provider_config("mine", "size") is None
    assert made.get_provider_config("other") == {}
    copied = made.to_dict()
    copied["mine"]["colour"] = "blue"
    assert made.get_provider_config("mine", "colour") == "red"


_SECRET = st.text("abcdefghijk0123456789", min_size=12)
_HIDING_NAMES = st.sampled_from(["api_key", "secret_word", "Token", "password", "credentials_path"])


@given(st.dictionaries(st.sampled_from([n for n in NAMES if "KEY" in n]), _SECRET), _HIDING_NAMES, _SECRET)
def test_no_secret_is_ever_shown(environ: dict[str, str], name: str, secret: str) -> None:
    made = DebabelizerConfig({"mine": {name: secret, "colour": "red", "deep": {name: secret}}}, environ=environ)
    shown = repr(made)
    assert not [hidden for hidden in (secret, *environ.values()) if hidden in shown]
    assert "red" in shown


def test_what_is_wrong_is_named_with_the_nearest_key(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    path.write_text('{\n"dictation": {"tail": 3}}')
    wrong = {"deepgram": {"api_key": "a-key-of-mine", "modle": "nova-2", "language": "en"}, "soniox": {"model": 9}}
    told = list(troubles(config({**wrong, "mine": {"colour": "red"}}), Settings.load(path, environ={})))
    assert len(told) == 3
    assert any("settings.json, line 2" in line and "Did you mean dictation.tail_ms?" in line for line in told)
    assert "config['deepgram']: deepgram has no setting 'modle'. Did you mean 'model'?" in told
    assert any("providers.soniox.model can't be used" in line for line in told)
    assert "a-key-of-mine" not in str(told)


_PLACES = ("call", "dict", "variable", "app's variable", "file")
"""Strongest first."""


@given(st.sets(st.sampled_from(_PLACES)), st.sampled_from(["toml", "yaml", "json"]))
def test_the_call_beats_the_dict_beats_the_environment_beats_the_file(
    tmp_path_factory: pytest.TempPathFactory, present: set[str], form: str
) -> None:
    path = tmp_path_factory.mktemp("s") / f"settings.{form}"
    key = "providers.deepgram.model"
    models = ("nova-2", "nova-3", "nova-3-medical", "flux-general-en", "flux-general-multi")
    said = dict(zip(_PLACES, models, strict=True))
    if "file" in present:
        Settings.load(path, environ={}).set(key, said["file"])
    environ = {"DEBABELIZER_PROVIDERS_DEEPGRAM_MODEL": said["app's variable"]} if "app's variable" in present else {}
    variables = {"DEEPGRAM_MODEL": said["variable"]} if "variable" in present else {}
    made = DebabelizerConfig({"deepgram": {"model": said["dict"]}} if "dict" in present else {}, environ=variables)
    settings = settings_of(made, Settings.load(path, environ=environ))
    options = {"model": said["call"]} if "call" in present else {}
    settings, notices = with_options(settings, "deepgram", (), options)
    strongest = next((place for place in _PLACES if place in present), None)
    default = Settings.load(path.with_name("none.toml"), environ={}).get(key)
    assert settings.get(key) == (said[strongest] if strongest else default)
    assert (settings.problems, notices) == ((), ())
