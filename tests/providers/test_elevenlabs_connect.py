"""How a connection is asked for: address, query, key or token, and what is refused before anything is sent."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

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
from debabelizer_providers.elevenlabs import ElevenLabs
from fakes.elevenlabs_rules import checked_query

KEY = "sk_test"


def opened(options: StreamOptions) -> tuple[str, list[tuple[str, str]]]:
    opening = ElevenLabs().stream(options, EpochContext()).opening()
    assert isinstance(opening, WebSocketOpening)
    assert opening.headers == {"xi-api-key": KEY}
    address = urlsplit(opening.url)
    assert address.path.endswith("/v1/speech-to-text/realtime")
    return f"{address.scheme}://{address.netloc}{address.path}", parse_qsl(address.query)


def options(commit: CommitMode = CommitMode.MANUAL, pause_s: float = 1.0, **settings: Any) -> StreamOptions:
    return StreamOptions(commit=commit, pause_s=pause_s, settings={"api_key": KEY, **settings})


def test_it_is_a_speech_to_text_provider() -> None:
    provider = ElevenLabs()
    assert isinstance(provider, SpeechToText)
    assert [setting.key for setting in provider.description.credentials] == ["api_key"]
    assert len(provider.description.languages) >= 90


def test_by_default_little_is_asked_for() -> None:
    address, query = opened(options())
    assert address == "wss://api.elevenlabs.io/v1/speech-to-text/realtime"
    assert dict(query) == {
        "model_id": "scribe_v2_realtime",
        "audio_format": "pcm_16000",
        "commit_strategy": "manual",
        "include_timestamps": "true",
    }


@pytest.mark.parametrize(
    ("settings", "address"),
    [
        ({"region": "eu"}, "wss://api.eu.residency.elevenlabs.io/v1"),
        ({"region": "sg"}, "wss://api.sg.residency.elevenlabs.io/v1"),
        ({"region": "us", "base_url": "http://127.0.0.1:8080/"}, "ws://127.0.0.1:8080/v1"),
        ({"base_url": "wss://gateway.example/speech/"}, "wss://gateway.example/speech/v1"),
    ],
)
def test_the_host_is_the_regions_or_the_users_own(settings: dict[str, str], address: str) -> None:
    assert opened(options(**settings))[0] == f"{address}/speech-to-text/realtime"


def test_all_that_can_be_chosen_is_asked_for() -> None:
    wanted = options(
        CommitMode.PAUSE,
        pause_s=9.0,
        background_filter=True,
        no_verbatim=True,
        language_detection=True,
        logging=False,
        vad_threshold=0.6,
        min_speech_ms=200,
        min_silence_ms=300,
        entity_detection=["pii", "phi"],
        entity_redaction=["email_address"],
        entity_redaction_mode="redacted",
        audio_format="pcm_8000",
        model="scribe_v2_realtime_lite",
    )
    _, query = opened(wanted)
    assert sorted(query) == sorted(
        [
            ("model_id", "scribe_v2_realtime_lite"),
            ("audio_format", "pcm_8000"),
            ("commit_strategy", "vad"),
            ("vad_silence_threshold_secs", "3"),
            ("vad_threshold", "0.6"),
            ("min_speech_duration_ms", "200"),
            ("min_silence_duration_ms", "300"),
            ("filter_background_audio", "true"),
            ("no_verbatim", "true"),
            ("include_language_detection", "true"),
            ("enable_logging", "false"),
            ("entity_detection", "pii"),
            ("entity_detection", "phi"),
            ("entity_redaction", "email_address"),
            ("entity_redaction_mode", "redacted"),
        ]
    )
    assert ("transcript_edit", "Übersetze & kürze") in opened(options(transcript_edit="Übersetze & kürze"))[1]


def test_languages_lose_region_and_script() -> None:
    tags = ("pt-BR", "zh-Hant-TW", "nb_NO", "ceb", "pt-PT")
    _, query = opened(StreamOptions(languages=tags, settings={"api_key": KEY}))
    assert [pair for pair in query if "language" in pair[0]] == [
        ("language_code", "pt"),
        ("secondary_languages", "zh"),
        ("secondary_languages", "no"),
        ("secondary_languages", "ceb"),
    ]
    with pytest.raises(UnsupportedLanguageError, match="tlh"):
        opened(StreamOptions(languages=("tlh",), settings={"api_key": KEY}))


def test_a_model_that_is_not_in_the_list() -> None:
    assert ("model_id", "scribe_v9_realtime") in opened(options(other_model=" scribe_v9_realtime "))[1]


@pytest.mark.parametrize(
    ("commit", "pause_s", "told"),
    [(CommitMode.PAUSE, 9.0, True), (CommitMode.PAUSE, 1.0, False), (CommitMode.MANUAL, 9.0, False)],
)
def test_another_pause_than_the_users_is_told(commit: CommitMode, pause_s: float, told: bool) -> None:
    _, *notices = (
        ElevenLabs().stream(options(commit, pause_s), EpochContext()).receive('{"message_type":"session_started"}')
    )
    assert [isinstance(notice, VendorNotice) and "3 s is used" in notice.text for notice in notices] == [True] * told


def test_a_word_list_is_cut_with_a_notice() -> None:
    words = ("Okafor", " Okafor ", "much too long for this vendor", *(f"word{i}" for i in range(60)))
    wanted = StreamOptions(vocabulary=words, settings={"api_key": KEY})
    terms = [value for key, value in opened(wanted)[1] if key == "keyterms"]
    assert len(terms) == 50
    assert terms[:2] == ["Okafor", "word0"]
    ready, *notices = (
        ElevenLabs().stream(wanted, EpochContext()).receive('{"message_type":"session_started","session_id":"s"}')
    )
    assert ready == Ready("s")
    (notice,) = notices
    assert isinstance(notice, VendorNotice)
    assert "Left out: much too long for this vendor, word49, " in notice.text
    later = ElevenLabs().stream(wanted, EpochContext(epoch=1, previous_text="Hello."))
    assert later.receive('{"message_type":"session_started"}') == (Ready(),)
    off = StreamOptions(vocabulary=words, settings={"api_key": KEY, "vocabulary": False})
    assert "keyterms" not in dict(opened(off)[1])


@pytest.mark.parametrize(
    ("settings", "remedy"),
    [
        ({"api_key": ""}, Remedy.SET_KEY),
        ({"api_key": None}, Remedy.SET_KEY),
        ({"api_key": "sk_ключ"}, Remedy.SET_KEY),
        ({"api_key": "sk_one\nsk_two"}, Remedy.SET_KEY),
        ({"base_url": "ftp://example"}, Remedy.OPEN_SETTINGS),
        ({"base_url": "api.elevenlabs.io"}, Remedy.OPEN_SETTINGS),
        ({"base_url": "https://[oops"}, Remedy.OPEN_SETTINGS),
        ({"transcript_edit": "x", "entity_redaction": ["pii"]}, Remedy.OPEN_SETTINGS),
        ({"transcript_edit": "x", "entity_detection": ["pii"]}, Remedy.OPEN_SETTINGS),
        ({"transcript_edit": "x" * 2001}, Remedy.OPEN_SETTINGS),
        ({"audio_format": "opus"}, Remedy.OPEN_SETTINGS),
    ],
)
def test_what_cannot_work_is_refused_before_connecting(settings: dict[str, Any], remedy: Remedy) -> None:
    with pytest.raises(ConfigurationError) as caught:
        ElevenLabs().stream(options(**settings), EpochContext()).opening()
    assert caught.value.remedy is remedy
    assert "sk_ключ" not in str(caught.value)


@pytest.mark.parametrize("key", ["sk_test\n", "  sk_test "])
def test_a_key_copied_with_its_line_end_works(key: str) -> None:
    opened(options(api_key=key))


def test_a_token_takes_the_keys_place() -> None:
    preflight = ElevenLabs().stream(options(single_use_token=True, region="eu"), EpochContext()).opening()
    assert isinstance(preflight, Preflight)
    assert preflight.request.method == "POST"
    assert preflight.request.url == "https://api.eu.residency.elevenlabs.io/v1/single-use-token/realtime_scribe"
    assert preflight.request.headers == {"xi-api-key": KEY}
    opening = preflight.then(200, b'{"token":"sutkn_1"}')
    assert isinstance(opening, WebSocketOpening)
    assert opening.headers == {}
    assert dict(parse_qsl(urlsplit(opening.url).query))["token"] == "sutkn_1"
    assert KEY not in opening.url


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (401, b'{"detail":{"status":"invalid_api_key","message":"Invalid API key"}}', AuthenticationError),
        (401, b'{"detail":{"status":"quota_exceeded","message":"..."}}', QuotaExceededError),
        (402, b"", QuotaExceededError),
        (403, b"<html>", AuthenticationError),
        (404, b'{"detail":"Not Found"}', ConfigurationError),
        (422, b'{"detail":[{"loc":["path"],"msg":"m","type":"t"}]}', ConfigurationError),
        (429, b'{"detail":{"status":"too_many_concurrent_requests","message":"..."}}', RateLimitError),
        (503, b"[" * 100_000, StreamingError),
        (200, b"{}", StreamingError),
        (200, b"\xff", StreamingError),
    ],
)
def test_a_refused_token_names_the_reason(status: int, body: bytes, error: type[ProviderError]) -> None:
    preflight = ElevenLabs().stream(options(single_use_token=True), EpochContext()).opening()
    assert isinstance(preflight, Preflight)
    with pytest.raises(error):
        preflight.then(status, body)


def _values(kind: Kind, setting: Any) -> st.SearchStrategy[Any]:
    if kind is Kind.CHOICE:
        return st.sampled_from([choice.value for choice in setting.choices if choice.value != "turn_prediction"])
    if kind is Kind.BOOL:
        return st.booleans()
    if kind in (Kind.INT, Kind.FLOAT):
        numbers = st.integers if kind is Kind.INT else st.floats
        return numbers(setting.minimum, setting.maximum)  # type: ignore[no-any-return,operator]
    return st.just(["pii"] if kind is Kind.LIST else setting.default)


@given(
    settings=st.fixed_dictionaries(
        {},
        optional={
            setting.key: _values(setting.kind, setting)
            for setting in ElevenLabs.description.settings
            if setting.kind is not Kind.SECRET
        },
    ),
    commit=st.sampled_from(list(CommitMode)),
    pause_s=st.floats(0.0, 60.0),
    languages=st.lists(st.sampled_from([language.tag for language in ElevenLabs.description.languages]), max_size=3),
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
        settings={"api_key": KEY, **settings, "single_use_token": False, "base_url": ""},
    )
    checked_query(opened(chosen)[1])
