"""Whole recordings to Deepgram over real HTTP, and what its answers become."""

from __future__ import annotations

import asyncio
import contextlib
import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from debabelizer.audio.wav import header
from debabelizer.contract import Ability, Container, FilesToText, FileTranscript, StreamOptions
from debabelizer.errors import (
    AudioError,
    AuthenticationError,
    ConfigurationError,
    ProviderError,
    QuotaExceededError,
    RateLimitError,
    StreamingError,
    UnsupportedLanguageError,
)
from debabelizer.files.recording import Sound
from debabelizer_providers.deepgram import Deepgram
from debabelizer_providers.deepgram.files import query, read
from fakes.deepgram_server import DeepgramServer
from fakes.file_desk import Told, file_desk, sound
from fakes.recognisers import RATE, numbered, numbered_audio
from fakes.talk import words
from fakes.vendor_socket import Answer, HttpRequest

VOICE = numbered_audio(0, 20)
SECOND = bytes(RATE * 2)


async def ask(
    server: DeepgramServer,
    recording: Sound | None = None,
    *,
    languages: tuple[str, ...] = ("en",),
    vocabulary: tuple[str, ...] = (),
    **settings: Any,
) -> FileTranscript:
    options = StreamOptions(
        languages=languages,
        vocabulary=vocabulary,
        settings={"api_key": server.key, "base_url": server.url} | settings,
    )
    async with file_desk("deepgram") as desk:
        return await Deepgram().transcribe_file(recording or sound(VOICE), options, desk, Told())


def stereo(left: bytes, right: bytes) -> Sound:
    pcm = np.stack([np.frombuffer(one, "<i2") for one in (left, right)], axis=1).tobytes()
    one = sound(header(len(pcm), channels=2) + pcm)
    return Sound(container=Container.WAV, size=one.size, seconds=one.seconds / 2, channels=2, opened=one.opened)


def asked(languages: tuple[str, ...] = ("en",), vocabulary: tuple[str, ...] = (), **settings: Any) -> dict[str, Any]:
    options = StreamOptions(languages=languages, vocabulary=vocabulary, settings={"api_key": "k", **settings})
    found: dict[str, Any] = {}
    for key, value in query(options, channels=2)[0]:
        found.setdefault(key, []).append(value)
    return {key: values if len(values) > 1 else values[0] for key, values in found.items()}


def test_it_says_that_it_takes_files() -> None:
    assert isinstance(Deepgram(), FilesToText)
    assert Ability.FILES in Deepgram.description.abilities
    keys = [s.key for s in Deepgram.description.settings if s.group == "Files"]
    assert keys
    assert all(key.startswith("file_") for key in keys)
    limits = Deepgram().file_limits(StreamOptions())
    assert limits.channels == 1
    assert Container.MKV in limits.accepts
    assert Deepgram().file_limits(StreamOptions(settings={"file_channels": True})).channels > 1


async def test_every_word_with_its_time_and_confidence() -> None:
    async with DeepgramServer(recognise=numbered) as server:
        heard = await ask(server, sound(VOICE + SECOND + numbered_audio(20, 5)))
    assert [segment.text for segment in heard.segments] == [words(0, 20), words(20, 5)]
    first, second = heard.segments
    assert [word.text for word in first.words] == first.text.split()
    assert first.words[3].start == pytest.approx(0.625, abs=0.01)
    assert first.words[0].confidence == 0.98
    assert (first.start, first.end) == (first.words[0].start, first.words[-1].end)
    assert second.start == pytest.approx(5.025, abs=0.01)
    assert (first.speaker, first.channel, first.language, heard.language) == (None, None, "en", "en")
    assert (heard.vendor_id or "").startswith("dg_")
    assert heard.notices == ()


async def test_the_recording_goes_up_as_it_is() -> None:
    async with DeepgramServer(recognise=numbered) as server:
        await ask(server)
        (request,) = server.requests
        assert request.body == sound(VOICE).open().read()
        assert request.headers["content-type"] == "audio/wav"
        assert request.headers["content-length"] == str(len(request.body))
        assert request.headers["authorization"] == f"Token {server.key}"


def test_by_default_little_is_asked_for() -> None:
    assert asked() == {
        "model": "nova-3",
        "language": "en",
        "utterances": "true",
        "utt_split": "0.8",
        "punctuate": "true",
        "smart_format": "true",
    }


async def test_every_option_reaches_the_vendor_in_its_own_words() -> None:
    settings = {
        "file_diarize": "v2",
        "file_channels": True,
        "file_pause_s": 0.5,
        "file_measurements": True,
        "smart_format": False,
        "dictation": True,
        "filler_words": True,
        "numerals": True,
        "profanity_filter": True,
        "redact": ["pci", "ssn"],
        "replace": ["monika:Monica"],
        "tags": ["desk"],
        "model_improvement": False,
        "version": "2025-04-17.21547",
    }
    wanted = {
        "model": "nova-3",
        "language": "en",
        "utterances": "true",
        "utt_split": "0.5",
        "punctuate": "true",
        "dictation": "true",
        "filler_words": "true",
        "keyterm": ["Okafor", "Ada Lovelace"],
        "replace": "monika:Monica",
        "numerals": "true",
        "profanity_filter": "true",
        "redact": ["pci", "ssn"],
        "tag": "desk",
        "mip_opt_out": "true",
        "diarize_model": "v2",
        "multichannel": "true",
        "measurements": "true",
        "version": "2025-04-17.21547",
    }
    assert asked(vocabulary=("Okafor", "Ada Lovelace:1.5"), **settings) == wanted
    async with DeepgramServer(recognise=numbered) as server:
        heard = await ask(server, stereo(VOICE, VOICE), vocabulary=("Okafor", "Ada Lovelace"), **settings)
        assert heard.segments, "and the vendor takes it"
        assert "keyterm=Ada%20Lovelace" in server.requests[0].target


def test_models() -> None:
    assert asked(model="flux-general-en")["model"] == "nova-3"
    assert asked(file_model="nova-2", vocabulary=("Okafor",))["keywords"] == "Okafor"
    assert asked(file_other_model="mine")["model"] == "mine"
    assert "version" not in asked(file_model="nova-2", version="1")


@pytest.mark.parametrize(
    ("languages", "settings", "wanted"),
    [
        (("pt_BR",), {}, {"language": "pt-BR"}),
        ((), {}, {"detect_language": "true"}),
        (("de", "uk"), {}, {"detect_language": ["de", "uk"]}),
        (("de-AT", "de-CH"), {}, {"language": "de"}),
        ((), {"file_language": "multi"}, {"language": "multi"}),
        (("de", "ru"), {"file_language": "multi"}, {"language": "multi", "language_hint": ["de", "ru"]}),
        (("de", "ru"), {"file_language": "multi", "language_hints": False}, {"language": "multi"}),
        ((), {"file_model": "nova-3-medical"}, {}),
        ((), {"file_model": "nova-3-medical", "file_language": "multi"}, {}),
    ],
)
def test_languages(languages: tuple[str, ...], settings: dict[str, Any], wanted: dict[str, Any]) -> None:
    found = asked(languages, **settings)
    assert {key: value for key, value in found.items() if "language" in key} == wanted


def test_languages_that_cannot_be_had() -> None:
    for languages, settings in ((("tlh",), {}), (("uk", "en"), {"file_language": "multi"})):
        with pytest.raises(UnsupportedLanguageError):
            asked(languages, **settings)


async def test_the_language_that_was_found_out_is_told() -> None:
    async with DeepgramServer(recognise=numbered) as server:
        heard = await ask(server, languages=())
        assert (heard.language, heard.segments[0].language) == ("fr", "fr")
        mixed = await ask(server, languages=(), file_language="multi")
        assert (mixed.language, mixed.segments[0].language) == ("es", "es")


async def test_speakers_have_segments_of_their_own() -> None:
    async with DeepgramServer(recognise=numbered) as server:
        heard = await ask(server, file_diarize="latest")
    assert [(segment.speaker, segment.text.split()[0]) for segment in heard.segments] == [("0", "w0"), ("1", "w10")]
    assert {word.speaker for word in heard.segments[1].words} == {"1"}
    assert heard.segments[1].start == heard.segments[1].words[0].start


def test_the_words_of_a_speaker_of_chinese_have_no_spaces_between_them() -> None:
    said = [{"word": word, "start": n, "end": n + 1, "speaker": n // 2} for n, word in enumerate("你好再见")]
    body = {"results": {"channels": [{"alternatives": [{"transcript": "你好再见", "words": said}]}]}}
    heard = read(json.dumps(body).encode(), language="zh-CN")
    assert [segment.text for segment in heard.segments] == ["你好", "再见"]


async def test_channels_come_one_by_one_and_in_the_order_of_speaking() -> None:
    quiet = bytes(len(VOICE) // 2)
    left, right = VOICE[: len(VOICE) // 2] + quiet, quiet + VOICE[len(VOICE) // 2 :]
    async with DeepgramServer(recognise=numbered) as server:
        heard = await ask(server, stereo(left, right), file_channels=True)
        assert [(s.channel, s.text.split()[0]) for s in heard.segments] == [(0, "w0"), (1, "w10")]
        alone = await ask(server, file_channels=True)
        assert "multichannel" not in dict(server.requests[-1].query)
        assert alone.segments[0].channel is None


async def test_silence_gives_no_segment() -> None:
    async with DeepgramServer() as server:
        assert (await ask(server, sound(SECOND))).segments == ()


def test_an_answer_without_utterances_is_one_segment_a_channel() -> None:
    said = {"transcript": "Hello.", "words": [{"word": "hello", "punctuated_word": "Hello.", "start": 1, "end": 2}]}
    channels = [{"alternatives": [said]}, {"alternatives": []}]
    heard = read(json.dumps({"results": {"channels": channels}}).encode(), (), "en")
    (segment,) = heard.segments
    assert (segment.text, segment.start, segment.end, segment.channel) == ("Hello.", 1, 2, 0)
    assert segment.words[0].text == "Hello."


async def test_with_a_token_the_key_stays_away_from_the_recording() -> None:
    async with DeepgramServer(recognise=numbered) as server:
        assert (await ask(server, short_lived_token=True)).segments
        granted, file = server.requests
        assert granted.path == "/v1/auth/grant"
        assert file.headers["authorization"].removeprefix("Bearer ") in server.tokens


async def test_a_word_list_is_cut_and_it_is_said() -> None:
    async with DeepgramServer(recognise=numbered) as server:
        heard = await ask(server, vocabulary=tuple(f"name{n}" for n in range(120)))
        assert len(heard.notices) == 1
        assert "name119" in heard.notices[0] or "others" in heard.notices[0]


REFUSALS = [
    (Answer(401, {"err_code": "INVALID_AUTH", "err_msg": "Invalid credentials."}), AuthenticationError),
    (Answer(402, {"category": "PAYMENT", "message": "no credits"}), QuotaExceededError),
    (Answer(403, {"err_code": "FORBIDDEN", "err_msg": "no"}), AuthenticationError),
    (Answer(429, {"err_msg": "Too many requests"}), RateLimitError),
    (Answer(400, {"err_msg": "bad"}), ConfigurationError),
    (Answer(500, "<html>"), StreamingError),
    (Answer(200, "<html>a proxy's page</html>"), StreamingError),
    (Answer(200, {"request_id": "as with a callback"}), StreamingError),
]


@pytest.mark.parametrize(("answer", "kind"), REFUSALS)
async def test_refusals_are_told_apart(answer: Answer, kind: type[ProviderError]) -> None:
    async with DeepgramServer() as server:
        server.scripted.append(answer)
        with pytest.raises(kind) as caught:
            await ask(server)
        assert caught.value.provider == "deepgram"
        assert server.key not in str(caught.value) + repr(caught.value)
        assert len(server.requests) == 1


async def test_how_long_to_wait_is_read_from_the_answer_and_giving_up_is_named() -> None:
    async with DeepgramServer() as server:
        server.scripted += [Answer(429, "", {"Retry-After": "7"}), Answer(504, {"err_msg": "timeout"})]
        with pytest.raises(RateLimitError) as caught:
            await ask(server)
        assert caught.value.retry_after == 7
        with pytest.raises(StreamingError, match="too long") as gave_up:
            await ask(server)
        assert gave_up.value.vendor_message == "timeout"


async def test_a_file_that_is_none_is_no_wrong_setting_and_refused_in_the_vendors_words() -> None:
    async with DeepgramServer() as server:
        with pytest.raises(AudioError) as caught:
            await ask(server, sound(b"no sound", Container.MP3, seconds=1.0))
        assert "failed to process audio" in str(caught.value.vendor_message)


async def test_a_cancelled_request_is_gone() -> None:
    arrived = asyncio.Event()

    class Silent(DeepgramServer):
        def answer(self, request: HttpRequest) -> Answer:
            arrived.set()
            return Answer(200, {}, delay_s=600)

    async with Silent() as server:
        asking = asyncio.create_task(ask(server))
        await arrived.wait()
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking


keys = st.sampled_from(
    ["results", "metadata", "channels", "utterances", "alternatives", "words", "word", "start", "end", "speaker",
     "channel", "transcript", "languages", "detected_language"]
)  # fmt: skip
values = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3) | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=4),
    max_leaves=12,
)
utterances = st.lists(
    st.fixed_dictionaries(
        {"transcript": st.text(max_size=5)},
        optional={
            "start": st.floats(0, 9),
            "end": st.floats(0, 9),
            "channel": st.integers(-2, 3),
            "speaker": st.none() | st.integers(0, 2),
            "words": st.lists(
                st.fixed_dictionaries(
                    {"word": st.text(max_size=4), "start": st.floats(-1, 9), "end": st.floats(-1, 9)},
                    optional={"speaker": st.none() | st.integers(0, 2)},
                ),
                max_size=4,
            ),
        },
    ),
    max_size=4,
)


@given(
    st.binary(max_size=60)
    | st.dictionaries(keys, values).map(lambda d: json.dumps(d).encode())
    | utterances.map(lambda u: json.dumps({"results": {"channels": [{}], "utterances": u}}).encode())
)
def test_garbage_is_a_typed_error_and_what_is_none_is_in_order(body: bytes) -> None:
    with contextlib.suppress(StreamingError):
        heard = read(body)
        assert isinstance(heard, FileTranscript)
        starts = [segment.start or 0.0 for segment in heard.segments]
        assert starts == sorted(starts)
        for segment in heard.segments:
            assert segment.text.strip()
            assert all(0 <= word.start <= word.end for word in segment.words)
