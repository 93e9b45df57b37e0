"""From options to an address and a start message; each is one that the vendor's rules accept."""

from __future__ import annotations

import json
from typing import Any

import pytest

from debabelizer.contract import (
    CommitMode,
    Encoding,
    EpochContext,
    Preflight,
    Refusal,
    SpeechToText,
    StreamOptions,
    WebSocketOpening,
)
from debabelizer.errors import (
    AuthenticationError,
    ConfigurationError,
    QuotaExceededError,
    RateLimitError,
    Remedy,
    StreamingError,
    UnsupportedLanguageError,
)
from debabelizer_providers.soniox import Soniox
from fakes.soniox_rules import checked_start

KEY = "soniox_test"


def opening(**more: Any) -> Any:
    values = {"api_key": KEY, **more.pop("settings", {})}
    return Soniox().stream(StreamOptions(settings=values, **more), EpochContext()).opening()


def start(**more: Any) -> dict[str, Any]:
    """The start message, checked by the local server's rules."""
    made = opening(**more)
    assert isinstance(made, WebSocketOpening)
    (first,) = made.first
    assert isinstance(first, str)
    values: dict[str, Any] = json.loads(first)
    checked_start(values)
    return values


def test_it_is_a_speech_to_text_provider() -> None:
    provider = Soniox()
    assert isinstance(provider, SpeechToText)
    (key,) = provider.description.credentials
    assert (key.key, key.env) == ("api_key", ("SONIOX_API_KEY",))
    assert len(provider.description.languages) > 60
    assert all(price.read_on and price.source for price in provider.description.prices)


def test_the_key_is_in_the_handshake_and_nowhere_else() -> None:
    made = opening()
    assert made.url == "wss://stt-rt.soniox.com/transcribe-websocket"
    assert made.headers == {"Authorization": f"Bearer {KEY}"}
    assert KEY not in str(made.first)
    stream = Soniox().stream(StreamOptions(settings={"api_key": KEY}), EpochContext())
    assert KEY not in repr(made) + repr(stream)


def test_by_default_little_is_asked_for() -> None:
    assert start() == {
        "model": "stt-rt-v5",
        "audio_format": "pcm_s16le",
        "sample_rate": 16_000,
        "num_channels": 1,
        "enable_language_identification": True,
    }


@pytest.mark.parametrize(
    ("settings", "asked"),
    [
        ({"other_model": "stt-rt-v4"}, {"model": "stt-rt-v4"}),
        ({"diarize": True}, {"enable_speaker_diarization": True}),
        ({"label": " desk 7 "}, {"client_reference_id": "desk 7"}),
        ({"label": "x" * 300}, {"client_reference_id": "x" * 256}),
        ({"background": "Ward round."}, {"context": {"text": "Ward round."}}),
        ({"facts": ["domain: Medicine"]}, {"context": {"general": [{"key": "domain", "value": "Medicine"}]}}),
        (
            {"translation_terms": ["desk = bureau"]},
            {"context": {"translation_terms": [{"source": "desk", "target": "bureau"}]}},
        ),
        ({"translation": ["fr-CA"]}, {"translation": {"type": "one_way", "target_language": "fr"}}),
        ({"translation": ["ja", "ko"]}, {"translation": {"type": "two_way", "language_a": "ja", "language_b": "ko"}}),
        ({"endpointing": True}, {"enable_endpoint_detection": True}),
        ({"endpointing": True, "endpoint_sensitivity": -0.5}, {"endpoint_sensitivity": -0.5}),
        ({"endpointing": True, "endpoint_latency": "0"}, {"endpoint_latency_adjustment_level": 0}),
        ({"audio_format": "pcm_8000"}, {"audio_format": "pcm_s16le", "sample_rate": 8000}),
        ({"audio_format": "mulaw_8000"}, {"audio_format": "mulaw", "sample_rate": 8000}),
    ],
)
def test_every_setting_goes_out(settings: dict[str, Any], asked: dict[str, Any]) -> None:
    made = start(settings=settings)
    assert {key: made.get(key) for key in asked} == asked
    assert made != start()


def test_language_identification_can_be_left_out() -> None:
    assert "enable_language_identification" not in start(settings={"language_identification": False})


@pytest.mark.parametrize(
    ("tags", "hints"),
    [
        (("en-GB",), ["en"]),
        (("de", "de-CH"), ["de"]),
        (("nb", "fil"), ["no", "tl"]),
        (("zh-Hant-TW", "EN_us"), ["zh", "en"]),
    ],
)
def test_languages_are_mapped(tags: tuple[str, ...], hints: list[str]) -> None:
    made = start(languages=tags)
    assert (made["language_hints"], made["language_hints_strict"]) == (hints, True)
    assert "language_hints_strict" not in start(languages=tags, settings={"only_these_languages": False})


def test_an_unknown_language_is_told() -> None:
    with pytest.raises(UnsupportedLanguageError, match="tlh"):
        start(languages=("en", "tlh"))
    with pytest.raises(UnsupportedLanguageError, match="tlh"):
        start(settings={"translation": ["tlh"]})


@pytest.mark.parametrize(("pause_s", "asked_ms", "told"), [(1.2, 1200, False), (0.1, 500, True), (9.0, 3000, True)])
def test_pauses(pause_s: float, asked_ms: int, told: bool) -> None:
    assert start(commit=CommitMode.PAUSE, pause_s=pause_s)["max_endpoint_delay_ms"] == asked_ms
    options = StreamOptions(settings={"api_key": KEY}, commit=CommitMode.PAUSE, pause_s=pause_s)
    notices = Soniox().stream(options, EpochContext()).receive('{"tokens":[]}')
    assert bool(notices) is told


def test_the_word_list_is_cut_to_what_fits() -> None:
    assert start(vocabulary=("Okafor", " Okafor", "", "Levothyroxine"))["context"] == {
        "terms": ["Okafor", "Levothyroxine"]
    }
    assert "context" not in start(vocabulary=("Okafor",), settings={"vocabulary": False})
    many = start(vocabulary=tuple(f"term{number:06}" for number in range(2000)), settings={"background": "more"})
    assert len(many["context"]["terms"]) == 1000
    assert "text" not in many["context"], "no room is left"
    chinese = start(settings={"background": "语" * 9000})
    assert len(chinese["context"]["text"]) <= 8000


@pytest.mark.parametrize(
    "settings",
    [
        {"audio_format": "mp3"},
        {"translation": ["en", "de", "fr"]},
        {"facts": ["Medicine"]},
        {"translation_terms": ["=bureau"]},
        {"base_url": "soniox.com"},
        {"base_url": "ftp://soniox.com"},
        {"base_url": "https://"},
        {"base_url": "https://[::1"},
    ],
)
def test_wrong_settings_are_told(settings: dict[str, Any]) -> None:
    with pytest.raises(ConfigurationError):
        opening(settings=settings)


@pytest.mark.parametrize("key", ["", "  ", "ключ", "two words", "line\nbreak"])
def test_what_cannot_be_a_key(key: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        opening(settings={"api_key": key})
    assert caught.value.remedy is Remedy.SET_KEY
    assert not key.strip() or key not in str(caught.value)


@pytest.mark.parametrize(
    ("settings", "live", "rest"),
    [
        ({"region": "eu"}, "wss://stt-rt.eu.soniox.com", "https://api.eu.soniox.com"),
        ({"region": "jp"}, "wss://stt-rt.jp.soniox.com", "https://api.jp.soniox.com"),
        ({"base_url": "http://127.0.0.1:8080/"}, "ws://127.0.0.1:8080", "http://127.0.0.1:8080"),
        ({"base_url": "https://gate.example/soniox"}, "wss://gate.example/soniox", "https://gate.example/soniox"),
        ({"base_url": "https://api.in.soniox.com/v1"}, "wss://stt-rt.in.soniox.com", "https://api.in.soniox.com"),
        (
            {"base_url": "wss://stt-rt.in.soniox.com/transcribe-websocket"},
            "wss://stt-rt.in.soniox.com",
            "https://api.in.soniox.com",
        ),
    ],
)
def test_addresses(settings: dict[str, Any], live: str, rest: str) -> None:
    assert opening(settings=settings).url == live + "/transcribe-websocket"
    preflight = opening(settings={**settings, "short_lived_token": True})
    assert isinstance(preflight, Preflight)
    assert preflight.request.url == rest + "/v1/auth/temporary-api-key"


def test_the_form_of_the_audio() -> None:
    options = StreamOptions(settings={"api_key": KEY, "audio_format": "mulaw_8000"})
    form = Soniox().stream(options, EpochContext()).limits.audio
    assert (form.encoding, form.rate) == (Encoding.MULAW, 8000)


def test_a_temporary_key_takes_the_place_of_the_key() -> None:
    preflight = opening(settings={"short_lived_token": True})
    assert KEY not in repr(preflight)
    asked = json.loads(preflight.request.body)
    assert asked["usage_type"] == "transcribe_websocket"
    assert asked["single_use"] is True
    made = preflight.then(201, b'{"api_key":"temp:abc","expires_at":"2026-11-20T10:01:00Z"}')
    assert made.headers == {"Authorization": "Bearer temp:abc"}


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (401, b'{"error_type":"unauthenticated","message":"no"}', AuthenticationError),
        (402, b'{"error_type":"organization_balance_exhausted","message":"no"}', QuotaExceededError),
        (403, b'{"error_type":"permission_denied","message":"no"}', AuthenticationError),
        (404, b"<html>", ConfigurationError),
        (200, b"{}", StreamingError),
        (200, '{"api_key":"ключ"}'.encode(), StreamingError),
        (502, b"<html>", StreamingError),
    ],
)
def test_a_temporary_key_that_does_not_come(status: int, body: bytes, error: type[Exception]) -> None:
    with pytest.raises(error):
        opening(settings={"short_lived_token": True}).then(status, body)


def test_a_refused_handshake_is_told_in_the_vendors_words() -> None:
    refused = opening().refused
    body = json.dumps({"error_type": "limit_exceeded", "message": "Slow down.", "validation_errors": []}).encode()
    error = refused(Refusal(status=429, headers={"retry-after": "7"}, body=body))
    assert isinstance(error, RateLimitError)
    assert (error.code, error.vendor_message, error.retry_after) == ("limit_exceeded", "Slow down.", 7.0)
    details = [{"error_type": "x", "location": "body.model", "message": "unknown"}]
    body = json.dumps({"error_type": "invalid_request", "message": "No.", "validation_errors": details}).encode()
    assert refused(Refusal(status=400, body=body)).vendor_message == "No.; body.model: unknown"
    assert refused(Refusal(status=503)) is None
