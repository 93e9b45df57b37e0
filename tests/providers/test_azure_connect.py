"""How a connection to Azure is asked for: address, key or token, query and context, and what is refused before."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from debabelizer.contract import (
    CommitMode,
    EpochContext,
    FilesToText,
    KeepAlive,
    Preflight,
    Refusal,
    SpeechToText,
    StreamOptions,
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
from debabelizer_providers.azure import Azure
from debabelizer_providers.azure.languages import LOCALES, locale_of
from fakes.azure_rules import Config, checked_context, checked_query, unframed

KEY = "azure_key"
PUBLIC = "wss://eastus.stt.speech.microsoft.com"
CLASSIC = "/speech/recognition/conversation/cognitiveservices/v1"


def options(languages: tuple[str, ...] = ("en",), **more: Any) -> StreamOptions:
    settings = {"api_key": KEY, **more.pop("settings", {})}
    return StreamOptions(languages=languages, settings=settings, **more)


def opened(wanted: StreamOptions) -> WebSocketOpening:
    opening = Azure().stream(wanted, EpochContext()).opening()
    assert isinstance(opening, WebSocketOpening)
    return opening


def where(**settings: Any) -> str:
    return opened(options(settings=settings)).url.partition("?")[0]


def query(wanted: StreamOptions) -> dict[str, str]:
    pairs = parse_qsl(urlsplit(opened(wanted).url).query)
    checked_query(pairs)
    return dict(pairs)


def context(wanted: StreamOptions) -> tuple[dict[str, Any], Config]:
    """What the first turn says, as sent and by the vendor's rules."""
    stream = Azure().stream(wanted, EpochContext())
    (said, *_) = [unframed(message) for message in stream.audio(bytes(3200))]
    assert said.path == "speech.context"
    assert isinstance(said.body, str)
    return json.loads(said.body), checked_context(said.body, query(wanted))


def test_it_is_a_speech_to_text_provider_of_both_kinds() -> None:
    provider = Azure()
    assert isinstance(provider, SpeechToText)
    assert isinstance(provider, FilesToText)
    assert [setting.key for setting in provider.description.credentials] == ["api_key"]
    assert {language.tag for language in provider.description.languages} >= {"en", "de", "zh", "no", "fil"}


def test_little_is_asked_for_by_default() -> None:
    opening = opened(options())
    assert opening.url.startswith(f"{PUBLIC}{CLASSIC}?language=en-US&format=detailed")
    assert opening.headers["Ocp-Apim-Subscription-Key"] == KEY
    assert len(opening.headers["X-ConnectionId"]) == 32
    assert KEY not in repr(opening) + repr(Azure().stream(options(), EpochContext())) + opening.url
    (config,) = [unframed(message) for message in opening.first]
    assert config.path == "speech.config"
    said, rules = context(options())
    assert said["phraseDetection"]["conversation"]["segmentation"] == {
        "mode": "Custom",
        "segmentationSilenceTimeoutMs": 5000,
    }
    assert (rules.detailed, rules.interim, rules.phrases, rules.continuation) == (True, True, [], None)
    limits = Azure().stream(options(), EpochContext()).limits
    assert limits.commit_holds
    assert (limits.keep_alive, limits.ready_when_open) == (KeepAlive.NONE, True)


@pytest.mark.parametrize(
    ("settings", "url"),
    [
        ({"region": "West Europe"}, "wss://westeurope.stt.speech.microsoft.com" + CLASSIC),
        ({"region": "usgovvirginia"}, "wss://usgovvirginia.stt.speech.azure.us" + CLASSIC),
        ({"region": "chinaeast2"}, "wss://chinaeast2.stt.speech.azure.cn" + CLASSIC),
        (
            {"base_url": "https://westus.api.cognitive.microsoft.com/"},
            "wss://westus.stt.speech.microsoft.com" + CLASSIC,
        ),
        (
            {"base_url": "https://mine.cognitiveservices.azure.com/"},
            "wss://mine.cognitiveservices.azure.com/stt" + CLASSIC,
        ),
        ({"base_url": "http://localhost:5000"}, "ws://localhost:5000" + CLASSIC),
        ({"base_url": "https://gate.example/azure"}, "wss://gate.example/azure" + CLASSIC),
        (
            {"base_url": "wss://westus.stt.speech.microsoft.com/speech/universal/v2"},
            "wss://westus.stt.speech.microsoft.com/speech/universal/v2",
        ),
        ({"base_url": "ws://localhost:5000/stt/speech/universal/v2"}, "ws://localhost:5000/stt/speech/universal/v2"),
        ({"interface": "universal"}, PUBLIC + "/speech/universal/v2"),
        ({"diarize": True}, PUBLIC + "/speech/universal/v2"),
        ({"diarize": True, "interface": "classic"}, PUBLIC + CLASSIC),
        ({"model": "dictation"}, PUBLIC + "/speech/recognition/dictation/cognitiveservices/v1"),
    ],
)
def test_addresses(settings: dict[str, Any], url: str) -> None:
    assert where(**settings) == url


@pytest.mark.parametrize(
    ("settings", "token", "files"),
    [
        (
            {"region": "westus"},
            "https://westus.api.cognitive.microsoft.com",
            "https://westus.api.cognitive.microsoft.com",
        ),
        ({"region": "usgovarizona"}, "https://usgovarizona.api.cognitive.microsoft.us", None),
        ({"region": "chinanorth3"}, "https://chinanorth3.api.cognitive.azure.cn", None),
        ({"base_url": "https://mine.cognitiveservices.azure.com"}, "https://mine.cognitiveservices.azure.com", None),
        ({"base_url": "http://localhost:5000/stt/speech/universal/v2"}, "http://localhost:5000", None),
    ],
)
def test_tokens_come_from_the_same_cloud(settings: dict[str, Any], token: str, files: str | None) -> None:
    opening = Azure().stream(options(settings={**settings, "short_lived_token": True}), EpochContext()).opening()
    assert isinstance(opening, Preflight)
    assert opening.request.url == f"{token}/sts/v1.0/issueToken"
    assert opening.request.headers["Ocp-Apim-Subscription-Key"] == KEY
    then = opening.then(200, b"eyJ.token")
    assert isinstance(then, WebSocketOpening)
    assert then.headers["Authorization"] == "Bearer eyJ.token"
    assert "Ocp-Apim-Subscription-Key" not in then.headers
    with pytest.raises(AuthenticationError):
        opening.then(401, b"{}")
    for strange in (b"", b"<html> no", b"\xff\xfe"):
        with pytest.raises(StreamingError):
            opening.then(200, strange)


@pytest.mark.parametrize(
    ("settings", "remedy"),
    [
        ({"api_key": ""}, Remedy.SET_KEY),
        ({"api_key": "my key"}, Remedy.SET_KEY),
        ({"api_key": "ключ"}, Remedy.SET_KEY),
        ({"region": "west.evil.example/"}, Remedy.OPEN_SETTINGS),
        ({"base_url": "ftp://x"}, Remedy.OPEN_SETTINGS),
        ({"base_url": "westeurope"}, Remedy.OPEN_SETTINGS),
        ({"base_url": "https://x:y/"}, Remedy.OPEN_SETTINGS),
        ({"audio_format": "mp3"}, Remedy.OPEN_SETTINGS),
        ({"model": "nova"}, Remedy.OPEN_SETTINGS),
    ],
)
def test_what_cannot_work_is_refused_before(settings: dict[str, Any], remedy: Remedy) -> None:
    with pytest.raises(ConfigurationError) as caught:
        opened(options(settings=settings))
    assert caught.value.remedy is remedy
    assert "ключ" not in str(caught.value)


def test_all_that_can_be_chosen_is_asked_for() -> None:
    wanted = options(
        ("de-AT",),
        commit=CommitMode.PAUSE,
        pause_s=0.7,
        vocabulary=("Okafor", " Okafor ", "Ærø", ""),
        settings={
            "model": "dictation",
            "punctuation": "explicit",
            "profanity": "raw",
            "true_text": True,
            "stable_partials": 3,
            "logging": True,
            "vocabulary_weight": 1.5,
            "diarize": True,
        },
    )
    asked = query(wanted)
    assert asked["language"] == "de-AT"
    assert (asked["punctuation"], asked["profanity"], asked["postprocessing"]) == ("explicit", "raw", "TrueText")
    assert (asked["stableIntermediateThreshold"], asked["storeAudio"]) == ("3", "true")
    said, rules = context(wanted)
    detection = said["phraseDetection"]
    assert (detection["mode"], detection["language"]) == ("Dictation", "de-AT")
    assert detection["dictation"]["segmentation"]["segmentationSilenceTimeoutMs"] == 700
    assert detection["enrichment"] == {
        "profanity": "Raw",
        "dictation": {"punctuationMode": "Explicit", "disfluencyMode": "Removed"},
    }
    assert detection["speakerDiarization"]["mode"] == "Anonymous"
    assert rules.phrases == ["Okafor", "Ærø"]
    assert said["dgi"]["bias"] == 1.5
    assert said["phraseOutput"]["interimResults"] == {"resultType": "Auto", "stableThreshold": 3}


def test_pauses() -> None:
    def of(**more: Any) -> dict[str, Any]:
        return dict(context(options(**more))[0]["phraseDetection"]["conversation"]["segmentation"])

    assert of(commit=CommitMode.PAUSE, pause_s=0.01)["segmentationSilenceTimeoutMs"] == 100
    assert of(commit=CommitMode.PAUSE, pause_s=60)["segmentationSilenceTimeoutMs"] == 5000
    assert of(pause_s=0.5)["segmentationSilenceTimeoutMs"] == 5000, "in manual mode only the user ends"
    assert of(pause_s=0.5, settings={"endpointing": True})["segmentationSilenceTimeoutMs"] == 500
    assert of(commit=CommitMode.PAUSE, settings={"segmentation": "semantic"}) == {"mode": "Semantic"}


def test_several_languages_are_told_apart() -> None:
    said, rules = context(options(("de", "en-GB", "en-US")))
    assert rules.languages == ["de-DE", "en-GB"]
    assert said["languageId"]["mode"] == "DetectContinuous"
    assert "language" not in said["phraseDetection"]
    assert query(options(("de", "en")))["lidEnabled"] == "true"
    start = options(("de", "en"), settings={"identification": "start"})
    assert context(start)[0]["languageId"]["mode"] == "DetectAtAudioStart"
    _, rules = context(options(()))
    assert len(rules.languages) == 10
    assert context(options((), settings={"candidates": ["pl", "en"]}))[1].languages == ["pl-PL", "en-US"]
    assert (
        context(options(("de", "en", "fr", "es", "it", "pl", "cs", "sk", "hu", "ro", "bg")))[1].languages[-1] == "ro-RO"
    )
    assert len(context(options((), settings={"candidates": ()}))[1].languages) == 10, "none means the usual ones"


def test_a_custom_model_knows_its_language() -> None:
    wanted = options(("de",), settings={"custom_model": "11111111-2222-3333-4444-555555555555"})
    asked = query(wanted)
    assert asked["cid"] == "11111111-2222-3333-4444-555555555555"
    assert "language" not in asked


def test_a_custom_model_is_not_told_which_languages_there_could_be() -> None:
    assert "lidEnabled" not in query(options((), settings={"custom_model": "11111111-2222-3333-4444-555555555555"}))
    assert "lidEnabled" in query(options(()))


@pytest.mark.parametrize(
    ("tag", "locale"),
    [
        ("en", "en-US"), ("en-gb", "en-GB"), ("en_IN", "en-IN"), ("en-AQ", "en-US"), ("pt", "pt-BR"),
        ("pt-PT", "pt-PT"),
        ("zh", "zh-CN"), ("zh-Hant", "zh-TW"), ("zh-Hant-HK", "zh-HK"), ("zh-Hans-CN", "zh-CN"), ("yue", "yue-CN"),
        ("no", "nb-NO"), ("nn-NO", "nb-NO"), ("tl", "fil-PH"), ("iw", "he-IL"), ("sr-Latn-RS", "sr-RS"), ("tlh", None),
        ("es-419", "es-MX"), ("", None),
    ],
)  # fmt: skip
def test_locales(tag: str, locale: str | None) -> None:
    assert locale_of(tag) == locale
    if locale is None:
        with pytest.raises(UnsupportedLanguageError):
            opened(options((tag,)))


@given(st.sampled_from(LOCALES), st.sampled_from([str, str.lower, str.upper, lambda tag: tag.replace("-", "_")]))
def test_every_locale_means_itself(locale: str, spelt: Any) -> None:
    assert locale_of(spelt(locale)) == locale


@given(st.text(max_size=20))
def test_any_tag(tag: str) -> None:
    assert locale_of(tag) is None or locale_of(tag) in LOCALES


@given(st.text(max_size=60))
def test_any_address(own: str) -> None:
    try:
        url = where(base_url=own)
    except ConfigurationError:
        return
    assert urlsplit(url).scheme in ("ws", "wss")


@pytest.mark.parametrize(
    ("refusal", "error"),
    [
        (Refusal(status=401, body=b'{"error":{"code":"401","message":"Access denied"}}'), AuthenticationError),
        (Refusal(status=403, body=b"Out of call volume quota"), QuotaExceededError),
        (Refusal(status=403), AuthenticationError),
        (Refusal(status=400, body=b"language"), ConfigurationError),
        (Refusal(status=404), ConfigurationError),
        (Refusal(status=429, headers={"retry-after": "3"}), RateLimitError),
        (Refusal(status=503), None),
        (Refusal(status=302), None),
    ],
)
def test_refused_handshakes(refusal: Refusal, error: type[ProviderError] | None) -> None:
    refused = opened(options()).refused
    assert refused is not None
    meant = refused(refusal)
    assert (type(meant) if meant else None) is error
    if isinstance(meant, RateLimitError):
        assert meant.retry_after == 3


@pytest.mark.parametrize(
    ("code", "reason", "error"),
    [
        (1000, "", None),
        (1005, "", None),
        (1007, "Quota exceeded. Cid: ", QuotaExceededError),
        (1007, "Throttled due to too many requests", RateLimitError),
        (1007, "Invalid header", ConfigurationError),
        (1011, "oops", StreamingError),
        (1008, "", StreamingError),
        (1013, "later", RateLimitError),
    ],
)
def test_closes(code: int, reason: str, error: type[ProviderError] | None) -> None:
    meant = Azure().stream(options(), EpochContext()).closed(code, reason)
    assert (type(meant) if meant else None) is error
    if meant is not None and reason:
        assert meant.vendor_message == reason.strip()
