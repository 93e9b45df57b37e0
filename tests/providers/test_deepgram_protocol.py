"""The protocols by calling functions: frames in, signals out. No socket, no clock."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from debabelizer.contract import (
    CommitAnswer,
    CommitMode,
    CommitOutcome,
    Covered,
    EpochContext,
    Failure,
    Finished,
    KeepAlive,
    Preflight,
    Ready,
    SpeechToText,
    StreamOptions,
    StreamSignal,
    VendorNotice,
    VendorSpeech,
    WebSocketOpening,
)
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
from debabelizer.events import Freeze, Joining, Replace
from debabelizer_providers.deepgram import Deepgram
from debabelizer_providers.deepgram.flux import Flux
from debabelizer_providers.deepgram.nova import Nova
from fakes.deepgram_rules import checked_query

KEY = "dg_test"
RATE = 16_000
LEAD = 0.1
FINAL, EMPTY = CommitAnswer(CommitOutcome.FINAL), CommitAnswer(CommitOutcome.EMPTY)
EXCHANGE = Path(__file__).parents[1] / "data" / "deepgram" / "exchange.jsonl"


def stream(
    previous: str = "", languages: tuple[str, ...] = ("en",), vocabulary: tuple[str, ...] = (), **settings: Any
) -> Any:
    options = StreamOptions(settings={"api_key": KEY, **settings}, languages=languages, vocabulary=vocabulary)
    return Deepgram().stream(options, EpochContext(previous_text=previous))


def nova(**settings: Any) -> Nova:
    made = stream(**settings)
    assert isinstance(made, Nova)
    return made


def flux(**settings: Any) -> Flux:
    made = stream(model="flux-general-en", **settings)
    assert isinstance(made, Flux)
    return made


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


def speak(made: Any, seconds: float) -> list[Any]:
    return list(made.audio(bytes(2 * round(seconds * RATE))))


def results(start: float, duration: float, text: str, *, final: bool = False, **more: Any) -> str:
    words = [
        {"word": w, "punctuated_word": w.title(), "start": start + i / 10, "end": start + i / 10 + 0.1}
        for i, w in enumerate(text.split())
    ]
    said = {"transcript": text, "confidence": 0.9, "words": words, **more.pop("said", {})}
    return json.dumps(
        {
            "type": "Results",
            "channel_index": [0, 1],
            "start": start,
            "duration": duration,
            "is_final": final,
            "channel": {"alternatives": [said]},
            **more,
        }
    )


def turn(event: str, index: int, text: str, start: float, end: float, **more: Any) -> str:
    frame = {"type": "TurnInfo", "event": event, "turn_index": index, "transcript": text, "words": [], **more}
    return json.dumps({**frame, "audio_window_start": start, "audio_window_end": end, "sequence_id": 1})


def texts(signals: Any) -> list[tuple[Any, str]]:
    return [(s.segment, s.text) for s in signals if isinstance(s, Replace | Freeze)]


def answers(signals: Any) -> list[StreamSignal]:
    return [s for s in signals if isinstance(s, CommitAnswer)]


def covered(signals: Any) -> list[float]:
    return [s.samples / RATE for s in signals if isinstance(s, Covered)]


# --------------------------------------------------------------------------------------------------- opening


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


# ------------------------------------------------------------------------------------------------------ Nova


def test_audio_is_binary_and_never_empty() -> None:
    made = nova()
    opening = made.opening()
    assert isinstance(opening, WebSocketOpening)
    assert opening.first == (bytes(3200),)
    assert made.audio(b"\1\0") == (b"\1\0",)
    assert made.audio(b"") == ()
    assert made.commit() == ('{"type":"Finalize"}',)


def test_limits_say_how_the_vendor_is_kept_awake() -> None:
    limits = nova().limits
    assert (limits.keep_alive, limits.ready_when_open, limits.replay_speed) == (KeepAlive.MESSAGE, True, 1.25)
    assert limits.keep_alive_every_s <= 5
    assert nova().keep_alive() == ('{"type":"KeepAlive"}',)
    assert nova(languages=("ja",)).limits.joining is Joining.VERBATIM


def test_a_window_is_replaced_until_it_is_final() -> None:
    made = nova()
    speak(made, 3.0)
    assert texts(made.receive(results(0.0, 1.0, "move the"))) == [(0, "move the")]
    assert texts(made.receive(results(0.0, 2.0, "move the meeting"))) == [(0, "move the meeting")]
    signals = made.receive(results(0.0, 2.0, "Move the meeting", final=True))
    assert texts(signals) == [(0, "Move the meeting")]
    assert covered(signals) == [pytest.approx(2.0 - LEAD)]
    (freeze,) = [s for s in signals if isinstance(s, Freeze)]
    assert freeze.language == "en"
    assert [word.text for word in freeze.words] == ["Move", "The", "Meeting"]
    assert freeze.words[1].end == pytest.approx(0.1)
    assert texts(made.receive(results(2.0, 0.5, "to"))) == [(1, "to")]


def test_late_and_repeated_frames_change_nothing() -> None:
    made = nova()
    speak(made, 3.0)
    made.receive(results(0.0, 2.0, "one", final=True))
    assert not made.receive(results(0.0, 1.5, "on"))
    assert not made.receive(results(0.0, 2.0, "one", final=True))
    assert not made.receive(results(2.0, 0.5, "", final=True, channel_index=[1, 2]))


def test_empty_finals_move_on_without_text() -> None:
    made = nova()
    speak(made, 3.0)
    signals = made.receive(results(0.0, 2.0, "", final=True))
    assert texts(signals) == []
    assert covered(signals) == [pytest.approx(1.9)]
    made.receive(results(2.0, 0.5, "hm"))
    assert texts(made.receive(results(2.0, 0.8, "", final=True))) == [(0, "")]


def test_the_answer_to_a_commit_covers_all_before_it() -> None:
    made = nova()
    speak(made, 2.0)
    made.commit()
    signals = made.receive(results(0.0, 1.9, "one", final=True, from_finalize=True))
    assert answers(signals) == [FINAL]
    assert covered(signals) == [2.0]
    assert signals.index(FINAL) == len(signals) - 1
    speak(made, 1.0)
    made.commit()
    assert answers(made.receive(results(2.1, 1.0, "", final=True, from_finalize=True))) == [EMPTY]


def test_any_final_that_reaches_the_commit_answers_it_and_the_late_answer_is_no_other_commits() -> None:
    made = nova()
    speak(made, 2.0)
    made.commit()
    assert answers(made.receive(results(0.0, 1.5, "one", final=True))) == []
    assert answers(made.receive(results(1.5, 0.6, "two", final=True))) == [FINAL]
    speak(made, 1.0)
    made.commit()
    assert answers(made.receive(results(2.1, 0.0, "", final=True, from_finalize=True))) == []
    assert answers(made.receive(results(2.1, 1.0, "three", final=True, from_finalize=True))) == [FINAL]


def test_text_from_behind_a_commit_says_that_all_before_is_final() -> None:
    made = nova()
    speak(made, 2.0)
    made.receive(results(0.0, 2.05, "one", final=True))
    made.commit()
    speak(made, 1.0)
    assert answers(made.receive(results(2.1, 0.5, "two"))) == [FINAL]


def test_an_answer_that_stays_away_is_had_by_ending_the_stream() -> None:
    made = nova()
    speak(made, 2.0)
    made.commit()
    assert made.keep_alive() == ('{"type":"CloseStream"}',)
    assert made.keep_alive() == ()
    assert speak(made, 1.0) == []
    made.receive(results(0.0, 2.1, "one", final=True))
    signals = made.receive('{"type":"Metadata","request_id":"r","duration":2.1,"channels":1}')
    assert signals == (Finished(),)
    assert made.closed(1000, "") is None
    silent = nova()
    speak(silent, 2.0)
    silent.commit()
    silent.keep_alive()
    assert silent.receive('{"type":"Metadata"}') == (Covered(2 * RATE), EMPTY, Finished())


def test_metadata_that_nobody_asked_for_and_text_without_an_end_settle_nothing() -> None:
    made = nova()
    speak(made, 1.0)
    made.commit()
    assert made.receive('{"type":"Metadata"}') == ()
    made.receive(results(0.0, 0.5, "one"))
    made.finish()
    assert made.receive('{"type":"Metadata"}') == (Finished(),)


def test_speech_events_and_warnings() -> None:
    made = nova()
    speak(made, 5.0)
    assert made.receive('{"type":"SpeechStarted","channel":[0],"timestamp":1.1}') == (VendorSpeech(True, 1.0),)
    made.receive(results(0.0, 2.0, "one"))
    assert made.receive('{"type":"UtteranceEnd","last_word_end":2.1}') == (VendorSpeech(False, 2.0),)
    made.receive(results(0.0, 2.5, "one", final=True, speech_final=True))
    assert made.receive('{"type":"UtteranceEnd","last_word_end":2.1}') == ()


def test_mixed_languages_join_as_they_are_written() -> None:
    made = nova(languages=())
    speak(made, 5.0)
    (freeze,) = [
        s for s in made.receive(results(0, 1, "はい", final=True, said={"languages": ["ja"]})) if isinstance(s, Freeze)
    ]
    assert (freeze.language, freeze.joining) == ("ja", Joining.VERBATIM)


def test_errors_and_garbage() -> None:
    for message in ('{"type":"Error","variant":"SchemaError","description":"no"}', "no json", b"\xff", "[]", "{}"):
        (failure,) = nova().receive(message)
        assert isinstance(failure, Failure)
        assert failure.error.category is Category.PROTOCOL
    assert nova().receive('{"type":"WeatherReport"}') == ()


@pytest.mark.parametrize(
    ("code", "reason", "category"),
    [
        (1011, "Deepgram did not receive audio data ... See https://dpgr.am/net0001", None),
        (1011, "NET-0001", None),
        (1011, "... See https://dpgr.am/net0000", Category.NETWORK),
        (1008, "DATA-0000", Category.CONFIG),
        (1008, "", Category.CONFIG),
        (1000, "", None),
        (1001, "", Category.NETWORK),
        (1006, "", Category.NETWORK),
        (None, "", Category.NETWORK),
        (1011, "boom", Category.PROTOCOL),
        (1013, "", Category.RATE_LIMIT),
    ],
)
def test_closes(code: int | None, reason: str, category: Category | None) -> None:
    error = nova().closed(code, reason)
    assert (error.category if error else None) == category


# ------------------------------------------------------------------------------------------------------ Flux


def test_turns() -> None:
    made = flux()
    assert made.receive('{"type":"Connected","request_id":"r","sequence_id":0}') == (Ready("r"),)
    speak(made, 4.0)
    assert texts(made.receive(turn("StartOfTurn", 0, "Move", 0.0, 0.9))) == [(0, "Move")]
    for event in ("Update", "EagerEndOfTurn", "TurnResumed"):
        assert texts(made.receive(turn(event, 0, "Move the", 0.0, 1.2))) == [(0, "Move the")]
    signals = made.receive(turn("EndOfTurn", 0, "Move the meeting.", 0.0, 3.1, trigger="model"))
    assert texts(signals) == [(0, "Move the meeting.")]
    assert covered(signals) == [3.1]
    assert made.receive(turn("Update", 0, "Move the", 0.0, 3.1)) == ()
    assert texts(made.receive(turn("Update", 1, "", 3.1, 3.2))) == []


def test_a_forced_end_is_a_commit() -> None:
    made = flux()
    speak(made, 2.0)
    made.receive(turn("StartOfTurn", 0, "Move", 0.0, 0.9))
    assert made.commit() == ('{"type":"ForceEndTurn"}',)
    signals = made.receive(turn("EndOfTurn", 0, "Move.", 0.0, 1.95, trigger="manual"))
    assert (answers(signals), covered(signals)) == ([FINAL], [2.0])
    assert made.keep_alive() == ()
    assert made.finish() == ('{"type":"CloseStream"}',)
    assert made.closed(1005, "") is None


def test_silence_is_settled_by_an_acknowledgement() -> None:
    made = flux()
    speak(made, 2.0)
    made.commit()
    assert len(speak(made, 0.5)) == 1
    _, probe = speak(made, 0.5)
    assert json.loads(probe)["type"] == "Configure"
    assert len(speak(made, 2.0)) == 1
    assert made.receive('{"type":"ConfigureSuccess"}') == [Covered(2 * RATE), EMPTY]
    assert list(made.receive('{"type":"ConfigureFailure","code":"X"}')) == []


def test_an_open_turn_is_not_settled_by_an_acknowledgement() -> None:
    made = flux()
    speak(made, 2.0)
    made.receive(turn("StartOfTurn", 0, "Move", 0.0, 0.9))
    made.commit()
    speak(made, 1.5)
    assert answers(made.receive('{"type":"ConfigureSuccess"}')) == []
    signals = made.receive(turn("EndOfTurn", 0, "Move.", 0.0, 2.0, trigger="manual"))
    assert answers(signals) == [FINAL]


def test_flux_troubles() -> None:
    made = flux()
    assert made.receive('{"type":"Error","code":"INACTIVE_CLIENT","description":"no audio"}') == ()
    assert made.closed(1005, "") is None
    (failure,) = flux().receive('{"type":"Error","code":"UNPARSABLE_CLIENT_MESSAGE","description":"x"}')
    assert isinstance(failure, Failure)
    (notice,) = flux().receive('{"type":"Warning","code":"EXAMPLE_CODE","description":"careful"}')
    assert isinstance(notice, VendorNotice)


# -------------------------------------------------------------------------------------------------- recorded


def test_a_recorded_exchange() -> None:
    """Lines are ``{"audio": seconds}``, ``{"say": verb}`` or ``{"got": frame, "gives": [[kind, detail], ...]}``."""
    made = nova()
    for line in EXCHANGE.read_text(encoding="utf-8").splitlines():
        step = json.loads(line)
        if "audio" in step:
            speak(made, step["audio"])
        elif "say" in step:
            assert list(getattr(made, step["say"])()) == step["sends"]
        else:
            given = [_short(signal) for signal in made.receive(json.dumps(step["got"]))]
            assert given == step["gives"]


def _short(signal: StreamSignal) -> list[Any]:
    match signal:
        case Replace() | Freeze():
            return [type(signal).__name__, signal.segment, signal.text]
        case Covered():
            return ["Covered", round(signal.samples / RATE, 3)]
        case CommitAnswer():
            return ["CommitAnswer", signal.outcome.value]
        case _:
            return [type(signal).__name__]
