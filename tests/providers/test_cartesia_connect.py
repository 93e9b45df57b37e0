"""From options to an address: what is asked for, what is refused before connecting, and what is told."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from debabelizer.contract import (
    CommitAnswer,
    CommitMode,
    Covered,
    EpochContext,
    Preflight,
    SpeechToText,
    StreamOptions,
    StreamSignal,
    VendorNotice,
    WebSocketOpening,
)
from debabelizer.contract import Refusal as RefusedHandshake
from debabelizer.errors import (
    AuthenticationError,
    Category,
    ConfigurationError,
    ProviderError,
    QuotaExceededError,
    RateLimitError,
    Remedy,
    StreamingError,
    UnsupportedLanguageError,
)
from debabelizer.events import Freeze, Replace, Tail
from debabelizer_providers.cartesia import Cartesia
from debabelizer_providers.cartesia.manual import Manual
from debabelizer_providers.cartesia.turns import Turns
from fakes.cartesia_rules import checked_query

KEY = "sk_car_test"
EXCHANGES = Path(__file__).parents[1] / "data" / "cartesia"
FLUSH_DONE = '{"type":"flush_done","request_id":"r"}'
CONNECTED = '{"type":"connected","request_id":"r"}'


def stream(
    previous: str = "",
    languages: tuple[str, ...] = ("en",),
    vocabulary: tuple[str, ...] = (),
    commit: CommitMode = CommitMode.MANUAL,
    **settings: Any,
) -> Any:
    given = {"api_key": KEY, **settings}
    options = StreamOptions(settings=given, languages=languages, vocabulary=vocabulary, commit=commit)
    return Cartesia().stream(options, EpochContext(previous_text=previous))


def query(languages: tuple[str, ...] = ("en",), **more: Any) -> dict[str, Any]:
    """What goes into the address; the vendor's rules accept it."""
    settings = more.pop("settings", {})
    options = StreamOptions(settings={"api_key": KEY, **settings}, languages=languages, **more)
    opening = Cartesia().stream(options, EpochContext()).opening()
    assert isinstance(opening, WebSocketOpening)
    pairs = parse_qsl(urlsplit(opening.url).query)
    checked_query(pairs, turns="/turns/" in opening.url)
    asked: dict[str, Any] = {}
    for key, value in pairs:
        asked.setdefault(key, []).append(value)
    return {key: values if len(values) > 1 else values[0] for key, values in asked.items()}


def notices(signals: Any) -> list[str]:
    return [signal.code for signal in signals if isinstance(signal, VendorNotice)]


def test_it_is_a_speech_to_text_provider() -> None:
    provider = Cartesia()
    assert isinstance(provider, SpeechToText)
    assert [setting.key for setting in provider.description.credentials] == ["api_key"]
    assert provider.description.credentials[0].env == ("CARTESIA_API_KEY",)
    assert len(provider.description.languages) > 95
    assert not provider.description.detects_language
    assert KEY not in repr(stream()) + repr(stream(commit=CommitMode.PAUSE))


def test_which_socket_follows_from_who_ends_segments_and_the_model() -> None:
    assert isinstance(stream(), Manual)
    assert isinstance(stream(commit=CommitMode.PAUSE), Turns)
    assert isinstance(stream(commit=CommitMode.PAUSE, turns=False), Manual)
    assert isinstance(stream(commit=CommitMode.PAUSE, languages=("de",)), Manual)
    assert isinstance(stream(commit=CommitMode.PAUSE, model="ink-whisper"), Manual)


def test_what_is_asked_for() -> None:
    common = {"encoding": "pcm_s16le", "sample_rate": "16000"}
    assert query() == {"model": "ink-2", **common, "language": "en"}
    assert query(("de-AT",)) == {"model": "ink-whisper", **common, "language": "de"}
    assert query(commit=CommitMode.PAUSE, pause_s=0.8) == {
        "model": "ink-2",
        **common,
        "turn_end_threshold": "0.2",
        "turn_eager_end_threshold": "0.4",
        "turn_start_threshold": "0.8",
        "turn_end_timeout_ms": "800",
    }
    assert query(commit=CommitMode.PAUSE, pause_s=0.1)["turn_end_timeout_ms"] == "640"
    asked = query(("ru",), commit=CommitMode.PAUSE, pause_s=0.8, settings={"min_volume": 0.1})
    assert (asked["max_silence_duration_secs"], asked["min_volume"]) == ("0.8", "0.1")
    thin = query(settings={"audio_format": "mulaw_8000"})
    assert (thin["encoding"], thin["sample_rate"]) == ("pcm_mulaw", "8000")


@pytest.mark.parametrize(
    ("languages", "model", "asked"),
    [
        ((), "auto", ("ink-2", "en")),
        (("en-GB", "en-US"), "auto", ("ink-2", "en")),
        (("pt_BR",), "auto", ("ink-whisper", "pt")),
        (("nb-NO",), "auto", ("ink-whisper", "no")),
        (("fil",), "auto", ("ink-whisper", "tl")),
        (("de", "en"), "auto", ("ink-whisper", "de")),
        (("yue",), "ink-whisper-2025-06-04", ("ink-whisper-2025-06-04", "yue")),
        (("zh-Hant-TW",), "ink-whisper", ("ink-whisper", "zh")),
    ],
)
def test_languages(languages: tuple[str, ...], model: str, asked: tuple[str, str]) -> None:
    found = query(languages, settings={"model": model})
    assert (found["model"], found["language"]) == asked


@pytest.mark.parametrize(
    ("languages", "model"), [(("tlh",), "auto"), (("de",), "ink-2"), (("tlh", "en"), "ink-whisper")]
)
def test_languages_that_cannot_be_had(languages: tuple[str, ...], model: str) -> None:
    with pytest.raises(UnsupportedLanguageError):
        stream(languages=languages, model=model)


def test_a_language_that_nobody_chose_is_told_once() -> None:
    assert notices(stream(languages=()).receive(FLUSH_DONE)) == ["language"]
    assert notices(stream(languages=(), commit=CommitMode.PAUSE).receive(CONNECTED)) == ["language"]
    assert notices(stream("Hello.", languages=()).receive(FLUSH_DONE)) == []
    assert notices(stream().receive(FLUSH_DONE)) == []


def test_that_the_first_of_several_languages_is_taken_stands_in_the_description_and_is_not_told_again() -> None:
    assert (Cartesia().description.most_languages, query(("de", "en"))["language"]) == (1, "de")
    assert notices(stream(languages=("de", "en")).receive(FLUSH_DONE)) == []


def test_a_word_list_is_cut_with_a_notice() -> None:
    assert query(vocabulary=("Okafor", "Ada  Lovelace", "Okafor"))["keyterm"] == ["Okafor", "Ada Lovelace"]
    assert "keyterm" not in query(vocabulary=("Okafor",), settings={"vocabulary": False})
    many = tuple(f"term {number}" for number in range(120))
    long = tuple(f"a rather long key term with the number {number}" for number in range(50))
    assert len(query(vocabulary=many)["keyterm"]) == 100
    assert 20 < len(query(vocabulary=long)["keyterm"]) < 30
    made = stream(vocabulary=many)
    assert notices(made.receive(FLUSH_DONE)) == ["vocabulary"]
    assert notices(made.receive(FLUSH_DONE)) == []


def test_a_word_list_that_the_model_does_not_take_is_told() -> None:
    assert "keyterm" not in query(("de",), vocabulary=("Okafor",))
    assert notices(stream(languages=("de",), vocabulary=("Okafor",)).receive(FLUSH_DONE)) == ["vocabulary"]


def test_spaces_are_encoded_as_the_vendor_wants() -> None:
    assert "keyterm=Ada%20Lovelace" in stream(vocabulary=("Ada Lovelace",)).opening().url


@pytest.mark.parametrize(
    ("settings", "address"),
    [
        ({}, "wss://api.cartesia.ai/stt/websocket"),
        ({"commit": CommitMode.PAUSE}, "wss://api.cartesia.ai/stt/turns/websocket"),
        ({"base_url": "http://127.0.0.1:8080/"}, "ws://127.0.0.1:8080/stt/websocket"),
        ({"base_url": "wss://gateway.example/ink"}, "wss://gateway.example/ink/stt/websocket"),
    ],
)
def test_the_host_is_the_vendors_or_the_users_own(settings: dict[str, Any], address: str) -> None:
    opening = stream(**settings).opening()
    assert isinstance(opening, WebSocketOpening)
    assert opening.url.partition("?")[0] == address
    assert opening.headers == {"Authorization": f"Bearer {KEY}", "Cartesia-Version": "2026-08-14"}
    assert KEY not in repr(opening)


@pytest.mark.parametrize(
    ("settings", "remedy"),
    [
        ({"api_key": ""}, Remedy.SET_KEY),
        ({"api_key": "sk ключ"}, Remedy.SET_KEY),
        ({"base_url": "ftp://example"}, Remedy.OPEN_SETTINGS),
        ({"base_url": "http://[::1"}, Remedy.OPEN_SETTINGS),
        ({"audio_format": "opus"}, Remedy.OPEN_SETTINGS),
        ({"commit": CommitMode.PAUSE, "turn_end_threshold": 0.5}, Remedy.OPEN_SETTINGS),
    ],
)
def test_what_cannot_work_is_refused_before_connecting(settings: dict[str, Any], remedy: Remedy) -> None:
    with pytest.raises(ConfigurationError) as caught:
        stream(**settings)
    assert caught.value.remedy is remedy
    assert "ключ" not in str(caught.value)


def test_a_token_takes_the_keys_place() -> None:
    preflight = stream(short_lived_token=True).opening()
    assert isinstance(preflight, Preflight)
    assert preflight.request.url == "https://api.cartesia.ai/access-token"
    assert json.loads(preflight.request.body) == {"grants": {"stt": True}, "expires_in": 60}
    opening = preflight.then(200, b'{"token":"eyJx"}')
    assert isinstance(opening, WebSocketOpening)
    assert opening.headers["Authorization"] == "Bearer eyJx"


_WORDS = b'{"title":"Unauthorized","message":"Invalid API key","error_code":"unauthorized"}'


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (401, _WORDS, AuthenticationError),
        (402, b"out of credits", QuotaExceededError),
        (403, b"{}", AuthenticationError),
        (404, b"<html>", ConfigurationError),
        (429, b"", RateLimitError),
        (503, b"[" * 100_000, StreamingError),
        (200, b"{}", StreamingError),
        (200, b'{"token":"a\\nb"}', StreamingError),
    ],
)
def test_a_refused_token_names_the_reason(status: int, body: bytes, error: type[ProviderError]) -> None:
    preflight = stream(short_lived_token=True).opening()
    assert isinstance(preflight, Preflight)
    with pytest.raises(error):
        preflight.then(status, body)


@pytest.mark.parametrize(
    ("status", "body", "words", "category"),
    [
        (401, _WORDS, "Unauthorized: Invalid API key", Category.AUTH),
        (400, b'{"message":"Invalid model: no such"}', "Invalid model: no such", Category.CONFIG),
        (402, b"You are out of credits", "You are out of credits", Category.QUOTA),
        (404, b"<html>Not here</html>", None, Category.CONFIG),
        (429, b'{"error":"Too many"}', "Too many", Category.RATE_LIMIT),
    ],
)
def test_a_refused_handshake_is_told_in_the_vendors_words(
    status: int, body: bytes, words: str | None, category: Category
) -> None:
    opening = stream().opening()
    error = opening.refused(RefusedHandshake(status=status, headers={"retry-after": "7"}, body=body))
    assert (error.category, error.vendor_message) == (category, words)
    assert words is None or words in error.message
    if isinstance(error, RateLimitError):
        assert error.retry_after == 7.0
    assert opening.refused(RefusedHandshake(status=503)) is None


# -------------------------------------------------------------------------------------------------- recorded


def _short(signal: StreamSignal) -> list[Any]:
    match signal:
        case Tail():
            return ["Tail", signal.segment, signal.frozen, signal.volatile]
        case Replace() | Freeze():
            return [type(signal).__name__, signal.segment, signal.text]
        case Covered():
            return ["Covered", round(signal.samples / 16_000, 1)]
        case CommitAnswer():
            return ["CommitAnswer", signal.outcome.value]
        case _:
            return [type(signal).__name__]


@pytest.mark.parametrize(("name", "commit"), [("manual", CommitMode.MANUAL), ("turns", CommitMode.PAUSE)])
def test_a_recorded_exchange(name: str, commit: CommitMode) -> None:
    """Lines are ``{"audio": seconds}``, ``{"say": verb, "sends": [...]}`` or ``{"got": frame, "gives": [...]}``."""
    made = stream(commit=commit)
    for line in (EXCHANGES / f"{name}.jsonl").read_text(encoding="utf-8").splitlines():
        step = json.loads(line)
        if "audio" in step:
            made.audio(bytes(round(step["audio"] * 32_000)))
        elif "say" in step:
            assert list(getattr(made, step["say"])()) == step["sends"]
        else:
            assert [_short(signal) for signal in made.receive(json.dumps(step["got"]))] == step["gives"]
