"""Whole recordings to Azure over real HTTP, and what its answers become."""

from __future__ import annotations

import asyncio
import io
import json
import wave
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from debabelizer.contract import Ability, Container, FilesToText, FileTranscript, StreamOptions
from debabelizer.errors import (
    AuthenticationError,
    ConfigurationError,
    ProviderError,
    QuotaExceededError,
    RateLimitError,
    StreamingError,
    UnsupportedFormatError,
    UnsupportedLanguageError,
)
from debabelizer.events import Joining
from debabelizer.files.recording import Sound
from debabelizer_providers.azure import Azure
from debabelizer_providers.azure.files import definition, read
from fakes.azure_server import AzureServer
from fakes.file_desk import Told, file_desk, sound
from fakes.recognisers import RATE, numbered, numbered_audio, scripted
from fakes.talk import words
from fakes.vendor_socket import Answer

PAUSE = bytes(RATE * 2)
VOICE = numbered_audio(0, 10) + PAUSE + numbered_audio(10, 10)
SERVICES = pytest.mark.parametrize("service", ["fast", "short"])


async def ask(
    server: AzureServer,
    recording: Sound | None = None,
    *,
    languages: tuple[str, ...] = ("en",),
    vocabulary: tuple[str, ...] = (),
    told: Told | None = None,
    into: str = "",
    **settings: Any,
) -> FileTranscript:
    options = StreamOptions(
        languages=languages,
        translate_to=into,
        vocabulary=vocabulary,
        settings={"api_key": server.key, "base_url": server.url} | settings,
    )
    async with file_desk("azure") as desk:
        return await Azure().transcribe_file(recording or sound(VOICE), options, desk, Told() if told is None else told)


def asked(server: AzureServer) -> dict[str, Any]:
    """The definition of the last request."""
    parts = {part.name: part for part in server.requests[-1].form()}
    assert parts["definition"].content_type == "application/json"
    return dict(json.loads(parts["definition"].content))


def test_it_says_that_it_takes_files() -> None:
    assert isinstance(Azure(), FilesToText)
    assert Ability.FILES in Azure.description.abilities
    fast = Azure().file_limits(StreamOptions())
    assert {Container.WAV, Container.MP3, Container.FLAC} < fast.accepts
    assert (fast.seconds, fast.channels) == (7200, 1)
    assert Azure().file_limits(StreamOptions(settings={"file_channels": True})).channels == 2
    short = Azure().file_limits(StreamOptions(settings={"file_service": "short"}))
    assert (short.accepts, short.encoding) == (frozenset(), Container.WAV)
    assert short.seconds is not None
    assert short.seconds < 60


@SERVICES
async def test_every_word_with_its_time(service: str) -> None:
    async with AzureServer(recognise=numbered) as server:
        heard = await ask(server, file_service=service)
        assert len(server.requests) == (1 if service == "fast" else 2)
    assert [segment.text for segment in heard.segments] == [words(0, 10), words(10, 10)]
    said = [word for segment in heard.segments for word in segment.words]
    assert [word.text for word in said] == words(0, 20).split()
    assert said[3].start == pytest.approx(0.625, abs=0.01)
    assert said[-1].start == pytest.approx(4.825, abs=0.01)
    assert heard.segments[1].start == pytest.approx(3.025, abs=0.01)
    assert heard.language == heard.segments[0].language == "en-US"
    assert (heard.joining, heard.notices) == (Joining.SPACE, ())


async def test_what_is_asked_for() -> None:
    async with AzureServer(recognise=numbered) as server:
        await ask(
            server,
            languages=("de", "en-GB"),
            vocabulary=("Okafor",),
            vocabulary_weight=1.5,
            profanity="raw",
            file_diarize=True,
            file_speakers=1,
        )
        assert dict(server.requests[0].query) == {"api-version": "2025-10-15"}
        assert server.requests[0].headers["ocp-apim-subscription-key"] == server.key
        assert asked(server) == {
            "locales": ["de-DE", "en-GB"],
            "profanityFilterMode": "None",
            "phraseList": {"phrases": ["Okafor"], "biasingWeight": 1.5},
            "diarization": {"enabled": True, "maxSpeakers": 2},
        }
        await ask(server, languages=())
        assert "locales" not in asked(server), "the vendor finds out among all"


async def test_speakers() -> None:
    async with AzureServer(recognise=numbered) as server:
        heard = await ask(server, file_diarize=True)
    assert {segment.speaker for segment in heard.segments} == {"1"}
    assert {word.speaker for segment in heard.segments for word in segment.words} == {"1"}


async def test_with_a_language_model_there_is_no_word_list_and_the_user_is_told() -> None:
    async with AzureServer(recognise=numbered) as server:
        heard = await ask(server, file_service="enhanced", vocabulary=("Okafor",))
        assert asked(server)["enhancedMode"] == {"enabled": True, "task": "transcribe"}
        assert "phraseList" not in asked(server)
    (notice,) = heard.notices
    assert "word list" in notice


async def test_every_channel_by_itself() -> None:
    left, right = (np.frombuffer(numbered_audio(first, 5), dtype="<i2") for first in (0, 100))
    stereo = io.BytesIO()
    with wave.open(stereo, "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(np.stack([left, right], axis=1).tobytes())
    recording = Sound(
        container=Container.WAV,
        size=stereo.tell(),
        seconds=1.0,
        channels=2,
        opened=lambda: io.BytesIO(stereo.getvalue()),
    )
    async with AzureServer(recognise=numbered) as server:
        heard = await ask(server, recording, file_channels=True)
        assert asked(server)["channels"] == [0, 1]
    assert [(segment.channel, segment.text) for segment in heard.segments] == [(0, words(0, 5)), (1, words(100, 5))]
    assert heard.vendor_id


def test_channels_and_speakers_exclude_each_other() -> None:
    both = StreamOptions(settings={"file_channels": True, "file_diarize": True})
    wanted, notices = definition(both, channels=2)
    assert wanted["channels"] == [0, 1]
    assert "diarization" not in wanted
    assert len(notices) == 1
    wanted, notices = definition(both, channels=1)
    assert "channels" not in wanted
    assert wanted["diarization"] == {"enabled": True}
    assert notices == ()


@SERVICES
async def test_by_token(service: str) -> None:
    async with AzureServer(recognise=numbered) as server:
        heard = await ask(server, file_service=service, short_lived_token=True)
        assert len(heard.segments) == 2
        token, *others = server.requests
        assert token.path == "/sts/v1.0/issueToken"
        for request in others:
            assert request.headers["authorization"].startswith("Bearer ")
            assert server.key not in str(request.headers)


@SERVICES
@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (
            Answer(400, {"code": "InvalidArgument", "message": "no", "innerError": {"message": "bad"}}),
            ConfigurationError,
        ),
        (Answer(401, {"error": {"code": "401", "message": "Access denied"}}), AuthenticationError),
        (Answer(403, {"error": {"code": "403", "message": "Out of call volume quota."}}), QuotaExceededError),
        (Answer(404, {"error": {"code": "404", "message": "Resource not found"}}), ConfigurationError),
        (Answer(429, {"error": {"code": "429", "message": "Too many"}}, {"Retry-After": "2"}), RateLimitError),
        (Answer(500, "oops"), StreamingError),
        (Answer(200, "<html>"), StreamingError),
        (Answer(200, {"hello": 1}), StreamingError),
    ],
)
async def test_refusals(service: str, answer: Answer, error: type[ProviderError]) -> None:
    async with AzureServer() as server:
        server.scripted.append(answer)
        with pytest.raises(ProviderError) as caught:
            await ask(server, file_service=service)
    assert type(caught.value) is error
    if isinstance(caught.value, RateLimitError):
        assert caught.value.retry_after == 2
    if answer.status == 400:
        assert caught.value.vendor_message == "no bad"


@SERVICES
async def test_a_connection_that_vanishes_is_no_answer(service: str) -> None:
    async with AzureServer() as server:
        server.scripted.append(Answer(0))
        with pytest.raises(ProviderError) as caught:
            await ask(server, file_service=service)
    assert caught.value.retryable


@SERVICES
async def test_what_cannot_work_asks_nobody(service: str) -> None:
    async with AzureServer() as server:
        with pytest.raises(ConfigurationError):
            await ask(server, file_service=service, api_key="")
        with pytest.raises(UnsupportedLanguageError):
            await ask(server, file_service=service, languages=("tlh",))
        assert server.requests == []


@SERVICES
async def test_silence_has_no_words(service: str) -> None:
    async with AzureServer(recognise=numbered) as server:
        heard = await ask(server, sound(PAUSE * 3), file_service=service)
        assert heard.segments == ()


@SERVICES
async def test_cancelling_ends_the_request(service: str) -> None:
    async with AzureServer() as server:
        server.scripted.append(Answer(200, {}, delay_s=60))
        task = asyncio.create_task(ask(server, file_service=service))
        async with asyncio.timeout(20):
            while not server.requests:
                await asyncio.sleep(0.01)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task


# ------------------------------------------------------------------------------------------ short recordings


async def test_a_short_recording_is_sent_again_from_behind_each_phrase() -> None:
    told = Told()
    pcm = PAUSE + b"".join(numbered_audio(n * 3, 3) + PAUSE for n in range(5))
    async with AzureServer(recognise=numbered) as server:
        heard = await ask(server, sound(pcm), file_service="short", told=told)
        assert len(server.requests) == 5
        assert dict(server.requests[0].query)["language"] == "en-US"
    assert [segment.text for segment in heard.segments] == [words(n * 3, 3) for n in range(5)]
    assert [word.start for segment in heard.segments for word in segment.words] == pytest.approx(
        [1 + n * 1.6 + m * 0.2 + 0.025 for n in range(5) for m in range(3)], abs=0.01
    )
    done = [progress.done or 0.0 for progress in told]
    assert done == sorted(done)
    assert done[-1] <= 1.0
    assert told.texts[-1] == words(0, 15)


@pytest.mark.parametrize("status", ["NoMatch", "InitialSilenceTimeout"])
async def test_what_is_behind_a_noise_is_heard(status: str) -> None:
    async with AzureServer(recognise=scripted(["hello there"])) as server:
        server.scripted += [Answer(200, {"RecognitionStatus": status, "Offset": "0", "Duration": "0"})] * 2
        heard = await ask(server, sound(numbered_audio(0, 20)), file_service="short")
        assert [segment.text for segment in heard.segments] == ["hello there"]
        assert len(server.requests) == 3


async def test_a_short_recording_has_one_language_and_no_word_list_and_says_so() -> None:
    async with AzureServer(recognise=numbered) as server:
        heard = await ask(server, languages=("de", "en"), vocabulary=("Okafor",), file_service="short")
    assert heard.language == "de-DE"
    assert ["de-DE" in notice for notice in heard.notices] == [True, False]
    assert "word list" in heard.notices[1]


async def test_only_plain_audio_can_be_a_short_recording() -> None:
    async with AzureServer() as server:
        with pytest.raises(UnsupportedFormatError):
            await ask(server, sound(b"fLaC", Container.FLAC, seconds=1), file_service="short")


# ------------------------------------------------------------------------------------------------- answers


def test_languages_without_spaces_join_without() -> None:
    phrases = [{"text": "はい", "locale": "ja-JP", "offsetMilliseconds": 0, "durationMilliseconds": 5}] * 2
    heard = read(json.dumps({"phrases": phrases}).encode())
    assert heard.joining is Joining.VERBATIM
    assert heard.language == "ja-JP"
    mixed = [*phrases, {"text": "yes", "locale": "en-US", "offsetMilliseconds": 0}]
    heard = read(json.dumps({"phrases": mixed}).encode())
    assert (heard.joining, heard.language) == (Joining.SPACE, None)


def test_phrases_come_in_the_order_of_speaking() -> None:
    phrases = [
        {"text": str(n), "offsetMilliseconds": n, "durationMilliseconds": 1, "channel": n % 2} for n in (3, 1, 2)
    ]
    heard = read(json.dumps({"phrases": phrases}).encode())
    assert [(segment.text, segment.channel) for segment in heard.segments] == [("1", 1), ("2", 0), ("3", 1)]


def test_an_answer_without_phrases_has_its_whole_text() -> None:
    heard = read(b'{"combinedPhrases":[{"text":"Hello.","channel":0}]}')
    assert [segment.text for segment in heard.segments] == ["Hello."]


@given(st.binary())
def test_any_answer(body: bytes) -> None:
    with pytest.raises(StreamingError):
        read(body)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["phrases", "words", "text", "offsetMilliseconds", "durationMilliseconds", "speaker", "locale"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=20,
)


@given(_JSON)
def test_any_json(answer: Any) -> None:
    try:
        heard = read(json.dumps({"phrases": answer}).encode())
    except StreamingError:
        return
    for segment in heard.segments:
        assert segment.text
        assert (segment.start or 0.0) <= (segment.end or 0.0)
        assert all(0 <= word.start <= word.end for word in segment.words)


@pytest.mark.parametrize("service", ["fast", "short"])
async def test_the_language_model_translates_whatever_service_is_chosen(service: str) -> None:
    async with AzureServer(recognise=numbered) as server:
        heard = await ask(server, into="de", file_service=service)
        assert asked(server)["enhancedMode"] == {"enabled": True, "task": "translate", "targetLanguage": "de"}
        assert Azure().file_limits(StreamOptions(settings={"file_service": service}, translate_to="de")).seconds == 7200
    assert heard.segments == ()
    assert heard.translation is not None
    text = " ".join(segment.text for segment in heard.translation.segments)
    assert text == " ".join(word.upper() for word in text.split())
    assert heard.translation.segments[0].start is not None
