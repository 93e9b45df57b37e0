"""What is asked for and of whom; what cannot work is refused before connecting."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from debabelizer.contract import (
    CommitMode,
    EpochContext,
    Preflight,
    SpeechToText,
    StreamOptions,
    VendorNotice,
    WebSocketOpening,
)
from debabelizer.errors import (
    AuthenticationError,
    ConfigurationError,
    ProviderError,
    QuotaExceededError,
    RateLimitError,
    Remedy,
    StreamingError,
    UnsupportedLanguageError,
)
from debabelizer_providers.deepgram import Deepgram
from fakes.deepgram_frames import KEY, results, stream
from fakes.deepgram_rules import checked_query


def query(languages: tuple[str, ...] = ("en",), **more: Any) -> dict[str, Any]:
    settings = more.pop("settings", {})
    options = StreamOptions(settings={"api_key": KEY, **settings}, languages=languages, **more)
    opening = Deepgram().stream(options, EpochContext()).opening()
    assert isinstance(opening, WebSocketOpening)
    asked: dict[str, Any] = {}
    for key, value in parse_qsl(urlsplit(opening.url).query):
        asked.setdefault(key, []).append(value)
    checked_query(parse_qsl(urlsplit(opening.url).query), flux="/v2/" in opening.url)
    return {key: values if len(values) > 1 else values[0] for key, values in asked.items()}


def test_it_is_a_speech_to_text_provider() -> None:
    provider = Deepgram()
    assert isinstance(provider, SpeechToText)
    assert [setting.key for setting in provider.description.credentials] == ["api_key"]
    assert provider.description.credentials[0].env == ("DEEPGRAM_API_KEY",)
    assert len(provider.description.languages) > 50
    assert KEY not in repr(stream()) + repr(stream(model="flux-general-en"))


def test_by_default_little_is_asked_for() -> None:
    assert query() == {
        "model": "nova-3",
        "encoding": "linear16",
        "sample_rate": "16000",
        "interim_results": "true",
        "endpointing": "false",
        "language": "en",
        "punctuate": "true",
        "smart_format": "true",
    }
    assert query(settings={"model": "flux-general-en"}) == {
        "model": "flux-general-en",
        "encoding": "linear16",
        "sample_rate": "16000",
        "eot_threshold": "0.7",
        "eot_timeout_ms": "10000",
    }


def test_all_that_can_be_chosen_is_asked_for() -> None:
    asked = query(
        commit=CommitMode.PAUSE,
        pause_s=0.8,
        vocabulary=("Okafor", "Ada Lovelace:1.5"),
        settings={
            "dictation": True,
            "numerals": True,
            "filler_words": True,
            "no_delay": True,
            "profanity_filter": True,
            "smart_format": False,
            "diarize": "latest",
            "redact": ["pci", "ssn"],
            "replace": ["monika:Monica"],
            "tags": ["desk"],
            "version": "latest",
            "model_improvement": False,
            "speech_events": True,
            "audio_format": "mulaw_8000",
        },
    )
    assert asked["endpointing"] == "800"
    assert asked["utterance_end_ms"] == "1000"
    assert asked["keyterm"] == ["Okafor", "Ada Lovelace"]
    assert asked["redact"] == ["pci", "ssn"]
    assert (asked["encoding"], asked["sample_rate"]) == ("mulaw", "8000")
    assert (asked["diarize_model"], asked["mip_opt_out"], asked["replace"]) == ("latest", "true", "monika:Monica")
    assert {"dictation", "numerals", "filler_words", "no_delay", "profanity_filter", "tag", "version"} <= set(asked)
    assert "smart_format" not in asked


def test_older_models_take_the_word_list_by_another_name() -> None:
    assert query(vocabulary=("Okafor",), settings={"model": "nova-2"})["keywords"] == "Okafor"


@pytest.mark.parametrize(
    ("languages", "model", "asked"),
    [
        ((), "nova-3", "multi"),
        (("pt_BR",), "nova-3", "pt-BR"),
        (("pt-AO",), "nova-3", "pt"),
        (("nb-NO",), "nova-3", "no"),
        (("zh-Hant-TW",), "nova-3", "zh-Hant"),
        (("yue",), "nova-3", "zh-HK"),
        (("de-AT", "de-CH"), "nova-3", "de"),
        (("de", "ru"), "nova-3", "multi"),
        (("es-419",), "nova-2", "es-419"),
        ((), "nova-3-medical", None),
    ],
)
def test_languages(languages: tuple[str, ...], model: str, asked: str | None) -> None:
    assert query(languages, settings={"model": model}).get("language") == asked


def test_several_languages_are_named() -> None:
    assert query(("de-AT", "ru"))["language_hint"] == ["de", "ru"]
    assert "language_hint" not in query(("de", "ru"), settings={"language_hints": False})
    assert query(("de", "ru"), settings={"model": "flux-general-multi"})["language_hint"] == ["de", "ru"]


@pytest.mark.parametrize(
    ("languages", "model"),
    [(("tlh",), "nova-3"), (("de",), "flux-general-en"), (("uk", "en"), "nova-3"), (("ru",), "nova-3-medical")],
)
def test_languages_that_cannot_be_had(languages: tuple[str, ...], model: str) -> None:
    with pytest.raises(UnsupportedLanguageError):
        stream(languages=languages, model=model)


@pytest.mark.parametrize(
    ("settings", "address"),
    [
        ({"region": "eu"}, "wss://api.eu.deepgram.com/v1/listen"),
        ({"region": "au", "model": "flux-general-en"}, "wss://api.au.deepgram.com/v2/listen"),
        ({"other_model": "flux-next"}, "wss://api.deepgram.com/v2/listen"),
        ({"base_url": "http://127.0.0.1:8080/", "region": "eu"}, "ws://127.0.0.1:8080/v1/listen"),
        ({"base_url": "wss://gateway.example/speech"}, "wss://gateway.example/speech/v1/listen"),
    ],
)
def test_the_host_is_the_regions_or_the_users_own(settings: dict[str, str], address: str) -> None:
    opening = stream(**settings).opening()
    assert isinstance(opening, WebSocketOpening)
    assert opening.url.partition("?")[0] == address
    assert opening.headers == {"Authorization": f"Token {KEY}"}


@pytest.mark.parametrize(
    ("settings", "remedy"),
    [
        ({"api_key": ""}, Remedy.SET_KEY),
        ({"api_key": "dg ключ"}, Remedy.SET_KEY),
        ({"base_url": "ftp://example"}, Remedy.OPEN_SETTINGS),
        ({"base_url": "http://[::1"}, Remedy.OPEN_SETTINGS),
        ({"audio_format": "opus"}, Remedy.OPEN_SETTINGS),
    ],
)
def test_what_cannot_work_is_refused_before_connecting(settings: dict[str, Any], remedy: Remedy) -> None:
    with pytest.raises(ConfigurationError) as caught:
        stream(**settings)
    assert caught.value.remedy is remedy
    assert "ключ" not in str(caught.value)


@pytest.mark.parametrize(("pause_s", "asked_ms", "told"), [(1.2, "1200", False), (0.2, "500", True)])
def test_the_pause_that_ends_a_turn_of_flux(pause_s: float, asked_ms: str, told: bool) -> None:
    wanted: dict[str, Any] = {"commit": CommitMode.PAUSE, "pause_s": pause_s, "settings": {"model": "flux-general-en"}}
    assert query(**wanted)["eot_timeout_ms"] == asked_ms
    wanted["settings"] = {"api_key": KEY, "model": "flux-general-en"}
    _, *notices = Deepgram().stream(StreamOptions(**wanted), EpochContext()).receive('{"type":"Connected"}')
    assert bool(notices) is told


def test_a_word_list_is_cut_with_a_notice() -> None:
    words = tuple(f"longish word number {number}" for number in range(120))
    asked = query(vocabulary=words)["keyterm"]
    assert 40 < len(asked) <= 62
    made = stream(vocabulary=words)
    notices = [s for s in made.receive(results(0, 1, "")) if isinstance(s, VendorNotice)]
    assert len(notices) == 1
    assert not made.receive(results(1, 1, ""))
    assert not stream("Hello.", vocabulary=words).receive(results(0, 1, ""))
    assert "keyterm" not in query(vocabulary=words, settings={"vocabulary": False})


def test_a_token_takes_the_keys_place() -> None:
    preflight = stream(short_lived_token=True, region="in").opening()
    assert isinstance(preflight, Preflight)
    assert preflight.request.url == "https://api.in.deepgram.com/v1/auth/grant"
    assert json.loads(preflight.request.body) == {"ttl_seconds": 30}
    opening = preflight.then(200, b'{"access_token":"eyJx","expires_in":30}')
    assert isinstance(opening, WebSocketOpening)
    assert opening.headers == {"Authorization": "Bearer eyJx"}


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (401, b'{"err_code":"INVALID_AUTH","err_msg":"Invalid credentials."}', AuthenticationError),
        (402, b'{"category":"PAYMENT","message":"no credits"}', QuotaExceededError),
        (403, b'{"err_code":"FORBIDDEN","err_msg":"Insufficient permissions."}', AuthenticationError),
        (404, b"<html>", ConfigurationError),
        (429, b"{}", RateLimitError),
        (503, b"[" * 100_000, StreamingError),
        (200, b"{}", StreamingError),
        (200, b'{"access_token":"a\\nb"}', StreamingError),
    ],
)
def test_a_refused_token_names_the_reason(status: int, body: bytes, error: type[ProviderError]) -> None:
    preflight = stream(short_lived_token=True).opening()
    assert isinstance(preflight, Preflight)
    with pytest.raises(error):
        preflight.then(status, body)
