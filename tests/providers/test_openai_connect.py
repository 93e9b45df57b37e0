"""How a connection to OpenAI is asked for: address, key or secret, configuration, and what is refused before."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from debabelizer import registry
from debabelizer.config import Settings
from debabelizer.config.availability import why_not
from debabelizer.contract import (
    CommitMode,
    EpochContext,
    Kind,
    Preflight,
    Ready,
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
from debabelizer_providers.openai import OpenAI
from debabelizer_providers.openai.talents import TALENTS
from fakes.openai_rules import MODELS, checked_session

KEY = "sk-test"
OWN = "http://localhost:8000/v1"


def options(commit: CommitMode = CommitMode.MANUAL, pause_s: float = 1.0, **settings: Any) -> StreamOptions:
    return StreamOptions(commit=commit, pause_s=pause_s, settings={"api_key": KEY, **settings})


def opened(options: StreamOptions, previous: str = "") -> WebSocketOpening:
    opening = OpenAI().stream(options, EpochContext(previous_text=previous)).opening()
    assert isinstance(opening, WebSocketOpening)
    return opening


def configured(options: StreamOptions, previous: str = "") -> dict[str, Any]:
    """The ``audio.input`` asked for, by the vendor's rules."""
    (first,) = opened(options, previous).first
    assert isinstance(first, str)
    update = json.loads(first)
    assert (update["type"], bool(update["event_id"])) == ("session.update", True)
    return checked_session(update["session"])


def test_it_is_a_speech_to_text_provider() -> None:
    provider = OpenAI()
    assert isinstance(provider, SpeechToText)
    assert [setting.key for setting in provider.description.credentials] == ["api_key"]
    assert {model.name for model in provider.description.models} <= MODELS
    assert provider.description.default_model in MODELS


def test_by_default_little_is_asked_for() -> None:
    opening = opened(options())
    assert opening.url == "wss://api.openai.com/v1/realtime?intent=transcription", "no model in the address"
    assert opening.headers == {"Authorization": f"Bearer {KEY}"}, "no beta header"
    assert configured(options()) == {
        "format": {"type": "audio/pcm", "rate": 24_000},
        "noise_reduction": None,
        "transcription": {"model": "gpt-live-transcribe"},
        "turn_detection": None,
    }


@pytest.mark.parametrize(
    ("settings", "url"),
    [
        ({"base_url": "https://eu.example/v1/"}, "wss://eu.example/v1/realtime?intent=transcription"),
        ({"base_url": "ws://127.0.0.1:8080/v1/realtime"}, "ws://127.0.0.1:8080/v1/realtime?intent=transcription"),
        (
            {"base_url": OWN, "dialect": "gateway"},
            "ws://localhost:8000/v1/realtime?model=gpt-live-transcribe&intent=transcription",
        ),
        (
            {"base_url": OWN, "dialect": "speaches", "other_model": "Systran/faster-whisper-small"},
            "ws://localhost:8000/v1/realtime?model=Systran%2Ffaster-whisper-small&intent=transcription",
        ),
        ({"base_url": OWN, "dialect": "vllm"}, "ws://localhost:8000/v1/realtime"),
        (
            {"base_url": "https://r.openai.azure.com/openai/v1", "dialect": "azure"},
            "wss://r.openai.azure.com/openai/v1/realtime?intent=transcription",
        ),
    ],
)
def test_the_address_is_the_users_own_in_the_servers_way(settings: dict[str, str], url: str) -> None:
    opening = opened(options(**settings))
    assert opening.url == url
    azure = settings.get("dialect") == "azure"
    assert opening.headers == ({"api-key": KEY} if azure else {"Authorization": f"Bearer {KEY}"})


def test_account_and_project_are_named() -> None:
    headers = opened(options(organization="org-1", project="proj_1")).headers
    assert (headers["OpenAI-Organization"], headers["OpenAI-Project"]) == ("org-1", "proj_1")


def test_all_that_can_be_chosen_is_asked_for() -> None:
    wanted = options(
        CommitMode.PAUSE,
        pause_s=0.7,
        model="gpt-4o-transcribe",
        turn_detection="server_vad",
        vad_threshold=0.6,
        prefix_padding_ms=200,
        noise_reduction="far_field",
        noise_strength=0.5,
        audio_format="pcmu",
        prompt="About ships.",
        context=True,
    )
    assert configured(wanted, previous="x" * 300 + " the last words") == {
        "format": {"type": "audio/pcmu"},
        "noise_reduction": {"type": "far_field", "strength": 0.5},
        "transcription": {"model": "gpt-4o-transcribe", "prompt": "About ships. the last words"},
        "turn_detection": {
            "type": "server_vad",
            "threshold": 0.6,
            "prefix_padding_ms": 200,
            "silence_duration_ms": 700,
        },
    }
    semantic = options(CommitMode.PAUSE, model="whisper-1", turn_detection="semantic_vad", eagerness="high")
    assert configured(semantic)["turn_detection"] == {"type": "semantic_vad", "eagerness": "high"}
    assert configured(options(model="gpt-realtime-whisper", delay="low"))["transcription"]["delay"] == "low"


@pytest.mark.parametrize("model", ["gpt-live-transcribe", "gpt-realtime-whisper", "gpt-transcribe"])
def test_models_that_cannot_find_pauses_are_never_asked_to(model: str) -> None:
    wanted = options(CommitMode.PAUSE, model=model, turn_detection="server_vad")
    assert configured(wanted)["turn_detection"] is None
    assert configured(options(model="gpt-4o-transcribe", turn_detection="server_vad"))["turn_detection"] is None


@pytest.mark.parametrize(
    ("tags", "model", "asked"),
    [
        (("pt-BR",), "gpt-4o-transcribe", {"language": "pt"}),
        (("nb_NO",), "gpt-live-transcribe", {"languages": ["no"]}),
        (("de",), "gpt-transcribe", {"languages": ["de"]}),
        (("en-GB", "en-US"), "whisper-1", {"language": "en"}),
        (("en", "fil"), "gpt-live-transcribe", {"languages": ["en", "tl"]}),
        (("en", "de"), "gpt-4o-transcribe", {}),
    ],
)
def test_languages(tags: tuple[str, ...], model: str, asked: dict[str, Any]) -> None:
    wanted = StreamOptions(languages=tags, settings={"api_key": KEY, "model": model})
    transcription = configured(wanted)["transcription"]
    assert {key: value for key, value in transcription.items() if "language" in key} == asked
    with pytest.raises(UnsupportedLanguageError, match="tlh"):
        opened(StreamOptions(languages=("tlh",), settings={"api_key": KEY}))


def test_a_word_list_goes_where_the_model_takes_it_or_a_notice_says_so() -> None:
    def asked(**settings: Any) -> dict[str, Any]:
        chosen = StreamOptions(vocabulary=("Okafor", " Okafor ", "Ana"), settings={"api_key": KEY, **settings})
        return dict(configured(chosen)["transcription"])

    assert asked()["keywords"] == ["Okafor", "Ana"]
    tagged = StreamOptions(vocabulary=("<b>Okafor\n",), settings={"api_key": KEY})
    assert configured(tagged)["transcription"]["keywords"] == ["b Okafor"]
    assert asked(prompt="A letter.")["prompt"] == "A letter."
    assert asked(model="whisper-1")["prompt"] == "Okafor, Ana"
    assert asked(model="gpt-4o-transcribe", prompt="A letter.")["prompt"] == "A letter. Okafor, Ana"
    assert set(asked(vocabulary=False)) == {"model"}
    assert set(asked(model="gpt-realtime-whisper", prompt="x")) == {"model"}
    wanted = StreamOptions(vocabulary=("Okafor",), settings={"api_key": KEY, "model": "gpt-realtime-whisper"})
    ready, notice = OpenAI().stream(wanted, EpochContext()).receive('{"type":"session.updated"}')
    assert ready == Ready()
    assert isinstance(notice, VendorNotice)
    later = OpenAI().stream(wanted, EpochContext(epoch=1, previous_text="Hello."))
    assert later.receive('{"type":"session.updated"}') == (Ready(),), "told once"


@pytest.mark.parametrize(
    ("chosen", "what"),
    [
        ({"settings": {"model": "gpt-realtime-whisper", "prompt": "A letter."}}, "no prompt"),
        ({"settings": {"base_url": "http://here", "dialect": "vllm", "prompt": "A letter."}}, "no prompt"),
        ({"settings": {"model": "gpt-4o-transcribe"}, "languages": ("en", "de")}, "one language"),
        ({"settings": {"model": "gpt-4o-transcribe", "prompt": "A letter."}, "languages": ("en",)}, None),
    ],
)
def test_what_a_model_does_not_take_is_told(chosen: dict[str, Any], what: str | None) -> None:
    wanted = StreamOptions(**(chosen | {"settings": {"api_key": KEY} | chosen["settings"]}))
    ready = '{"type":"session.created"}' if "dialect" in chosen["settings"] else '{"type":"session.updated"}'
    told = [one.text for one in OpenAI().stream(wanted, EpochContext()).receive(ready) if isinstance(one, VendorNotice)]
    assert len(told) == (what is not None)
    assert all(str(what) in text for text in told)


def test_a_list_too_long_for_the_prompt_is_cut_with_a_notice() -> None:
    terms = tuple(f"term{number:04}" for number in range(1200))
    wanted = StreamOptions(vocabulary=terms, settings={"api_key": KEY, "model": "whisper-1", "prompt": "A letter."})
    prompt = configured(wanted)["transcription"]["prompt"]
    assert prompt.startswith("A letter. term0000, term0001, ")
    assert 900 < len(prompt) <= 1024
    _, notice = OpenAI().stream(wanted, EpochContext()).receive('{"type":"session.updated"}')
    assert isinstance(notice, VendorNotice)
    assert "takes only part of the word list" in notice.text
    assert (
        len(configured(StreamOptions(vocabulary=terms, settings={"api_key": KEY}))["transcription"]["keywords"]) == 1200
    )


def test_the_words_before_have_room_in_a_full_prompt() -> None:
    terms = tuple(f"term{number:04}" for number in range(1200))
    settings = {"api_key": KEY, "model": "gpt-4o-transcribe", "context": True}
    wanted = StreamOptions(vocabulary=terms, settings=settings)
    prompt = configured(wanted, "so it was. " * 60)["transcription"]["prompt"]
    assert prompt.endswith("so it was.")
    assert len(prompt) <= 1024


def test_speaches_gets_the_older_messages_without_what_it_refuses() -> None:
    wanted = options(
        CommitMode.PAUSE,
        base_url=OWN,
        dialect="speaches",
        other_model="small",
        turn_detection="server_vad",
        pause_s=0.5,
    )
    (first,) = opened(wanted).first
    assert isinstance(first, str)
    assert json.loads(first)["session"] == {
        "input_audio_transcription": {"model": "small"},
        "turn_detection": {"type": "server_vad", "threshold": 0.5, "silence_duration_ms": 500},
    }


@pytest.mark.parametrize(
    ("settings", "rate"),
    [
        ({"dialect": "vllm", "base_url": OWN}, 16_000),
        ({"dialect": "gateway", "base_url": OWN, "rate": 16_000}, 16_000),
        ({"dialect": "speaches", "base_url": OWN, "audio_format": "pcmu"}, 24_000),
        ({"rate": 16_000}, 24_000),
    ],
)
def test_audio_has_the_rate_the_server_hears(settings: dict[str, Any], rate: int) -> None:
    assert OpenAI().stream(options(**settings), EpochContext()).limits.audio.rate == rate


@pytest.mark.parametrize(
    ("settings", "remedy"),
    [
        ({"api_key": ""}, Remedy.SET_KEY),
        ({"api_key": None}, Remedy.SET_KEY),
        ({"api_key": "sk-ключ"}, Remedy.SET_KEY),
        ({"api_key": "sk-one\nsk-two"}, Remedy.SET_KEY),
        ({"base_url": "ftp://example"}, Remedy.OPEN_SETTINGS),
        ({"base_url": "localhost:8000"}, Remedy.OPEN_SETTINGS),
        ({"base_url": "http://[::1"}, Remedy.OPEN_SETTINGS),
        ({"dialect": "vllm"}, Remedy.OPEN_SETTINGS),
        ({"dialect": "klingon"}, Remedy.OPEN_SETTINGS),
        ({"audio_format": "opus"}, Remedy.OPEN_SETTINGS),
        ({"organization": "org\r\nX-Evil: 1"}, Remedy.OPEN_SETTINGS),
    ],
)
def test_what_cannot_work_is_refused_before_connecting(settings: dict[str, Any], remedy: Remedy) -> None:
    with pytest.raises(ConfigurationError) as caught:
        OpenAI().stream(options(**settings), EpochContext()).opening()
    assert caught.value.remedy is remedy
    assert "sk-ключ" not in str(caught.value)


@pytest.mark.parametrize("key", ["sk-test\n", "  sk-test "])
def test_a_key_copied_with_its_line_end_works(key: str) -> None:
    assert opened(options(api_key=key)).headers == {"Authorization": f"Bearer {KEY}"}


def test_a_server_of_ones_own_needs_no_key() -> None:
    assert opened(options(api_key="", base_url=OWN, dialect="vllm")).headers == {}


def test_a_client_secret_takes_the_keys_place() -> None:
    preflight = OpenAI().stream(options(client_secret=True), EpochContext()).opening()
    assert isinstance(preflight, Preflight)
    assert (preflight.request.method, preflight.request.url) == (
        "POST",
        "https://api.openai.com/v1/realtime/client_secrets",
    )
    body = json.loads(preflight.request.body)
    assert body["expires_after"] == {"anchor": "created_at", "seconds": 600}
    checked_session(body["session"])
    opening = preflight.then(200, b'{"value":"ek_1","expires_at":1}')
    assert isinstance(opening, WebSocketOpening)
    assert opening.headers == {"Authorization": "Bearer ek_1"}
    assert len(opening.first) == 1


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (401, b'{"error":{"code":"invalid_api_key","message":"..."}}', AuthenticationError),
        (401, b'{"error":{"code":"incorrect_hostname","message":"..."}}', AuthenticationError),
        (403, b"<html>", AuthenticationError),
        (402, b"", QuotaExceededError),
        (429, b'{"error":{"type":"insufficient_quota","code":"insufficient_quota"}}', QuotaExceededError),
        (429, b'{"error":{"code":"rate_limit_exceeded"}}', RateLimitError),
        (429, b"", RateLimitError),
        (404, b'{"error":"Not Found"}', ConfigurationError),
        (400, b'{"error":{"code":"invalid_model"}}', ConfigurationError),
        (413, b"", ConfigurationError),
        (503, b"[" * 100_000, StreamingError),
        (200, b"{}", StreamingError),
        (200, b'{"value":"ek\\r\\n"}', StreamingError),
        (200, b"\xff", StreamingError),
    ],
)
def test_a_refused_secret_names_the_reason(status: int, body: bytes, error: type[ProviderError]) -> None:
    preflight = OpenAI().stream(options(client_secret=True), EpochContext()).opening()
    assert isinstance(preflight, Preflight)
    with pytest.raises(error):
        preflight.then(status, body)


def _values(kind: Kind, setting: Any) -> st.SearchStrategy[Any]:
    if kind is Kind.CHOICE:
        return st.sampled_from([choice.value for choice in setting.choices])
    if kind is Kind.BOOL:
        return st.booleans()
    if kind in (Kind.INT, Kind.FLOAT):
        numbers = st.integers if kind is Kind.INT else st.floats
        return numbers(setting.minimum, setting.maximum)  # type: ignore[no-any-return,operator]
    return st.text("abc ", max_size=10) if setting.key == "prompt" else st.just(setting.default)


@given(
    settings=st.fixed_dictionaries(
        {},
        optional={
            setting.key: _values(setting.kind, setting)
            for setting in OpenAI.description.settings
            if setting.kind is not Kind.SECRET
        },
    ),
    commit=st.sampled_from(list(CommitMode)),
    pause_s=st.floats(0.0, 60.0),
    languages=st.lists(st.sampled_from([language.tag for language in OpenAI.description.languages]), max_size=3),
    vocabulary=st.lists(st.text(max_size=30), max_size=60),
)
def test_whatever_is_chosen_the_vendors_rules_are_kept(
    settings: dict[str, Any], commit: CommitMode, pause_s: float, languages: list[str], vocabulary: list[str]
) -> None:
    chosen = StreamOptions(
        languages=tuple(languages),
        commit=commit,
        pause_s=pause_s,
        vocabulary=tuple(vocabulary),
        settings={"api_key": KEY, **settings, "client_secret": False, "base_url": "", "dialect": "openai"},
    )
    configured(chosen)
    assert dict(parse_qsl(urlsplit(opened(chosen).url).query)) == {"intent": "transcription"}


@pytest.mark.parametrize("model", TALENTS)
def test_what_the_model_does_not_take_is_grey(tmp_path: Path, model: str) -> None:
    settings, openai = Settings.load(tmp_path / "settings.toml", environ={}), registry.describe("openai")
    chosen = {"model": model, "file_model": "gpt-4o-transcribe-diarize", "turn_detection": "server_vad"}
    chosen |= {"prompt": "A letter.", "context": True}
    wanted = configured(StreamOptions(commit=CommitMode.PAUSE, settings={"api_key": KEY} | chosen), "before")
    for key, value in ({"dictation.commit": "pause"} | {f"providers.openai.{k}": v for k, v in chosen.items()}).items():
        settings.set(key, value)
    prompt = wanted["transcription"].get("prompt", "")
    asked = {"prompt": "A letter." in prompt, "context": "before" in prompt, "turn_detection": wanted["turn_detection"]}
    for key, its in asked.items():
        assert bool(its) == (not why_not(settings, f"providers.openai.{key}", openai)), key
