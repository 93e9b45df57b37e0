"""Whole recordings to Google over real HTTP, and what its answers become."""

from __future__ import annotations

import asyncio
import contextlib
import io
from typing import Any

import av
import numpy as np
import pytest

from debabelizer.contract import Ability, Container, FilesToText, FileTranscript, StreamOptions
from debabelizer.errors import (
    AuthenticationError,
    ConfigurationError,
    ProviderError,
    QuotaExceededError,
    RateLimitError,
    StreamingError,
)
from debabelizer.files.recording import Sound
from debabelizer_providers.google import Google, batch
from fakes.file_desk import Told, file_desk, sound
from fakes.google_server import GoogleServer
from fakes.recognisers import RATE, numbered, numbered_audio
from fakes.talk import words
from fakes.vendor_socket import Answer

VOICE = numbered_audio(0, 25)
BOTH = pytest.mark.parametrize("version", ["v2", "v1"])


def flac(pcm: bytes) -> Sound:
    """As the engine hands it over."""
    packed = io.BytesIO()
    with av.open(packed, "w", format="flac") as container:
        stream = container.add_stream("flac", rate=RATE, layout="mono")
        frame = av.AudioFrame.from_ndarray(np.frombuffer(pcm, dtype="<i2").reshape(1, -1), "s16", "mono")
        frame.sample_rate = RATE
        for packet in [*stream.encode(frame), *stream.encode(None)]:
            container.mux(packet)
    return sound(packed.getvalue(), Container.FLAC, seconds=len(pcm) / 2 / RATE)


async def ask(
    server: GoogleServer,
    recording: Sound | None = None,
    *,
    told: Told | None = None,
    languages: tuple[str, ...] = ("en",),
    into: str = "",
    **settings: Any,
) -> FileTranscript:
    account = {"service_account": server.service_account, "base_url": server.url}
    options = StreamOptions(languages=languages, settings=account | settings, translate_to=into)
    async with file_desk("google") as desk:
        given = recording if recording is not None else flac(VOICE)
        return await Google().transcribe_file(given, options, desk, told if told is not None else Told())


def test_it_takes_files() -> None:
    assert Ability.FILES in Google.description.abilities
    assert isinstance(Google(), FilesToText)


@BOTH
async def test_a_short_recording(version: str) -> None:
    async with GoogleServer(recognise=numbered) as server:
        transcript = await ask(server, api_version=version)
        assert " ".join(segment.text for segment in transcript.segments) == words(0, 25)
        assert [word.text for segment in transcript.segments for word in segment.words] == words(0, 25).split()
        first, second, third = transcript.segments
        assert first.words[0].start == pytest.approx(0.025, abs=0.01)
        assert second.start == pytest.approx(10 * 0.2 + 0.025, abs=0.01)
        assert third.end == pytest.approx(5.0, abs=0.05)
        assert transcript.language == "en-US"
        assert transcript.vendor_id in ("r-17", "17")
        asked = server.requests[0].json()["config"]
        assert asked["model"] == ("chirp_3" if version == "v2" else "latest_long")


@BOTH
async def test_a_wav_file(version: str) -> None:
    async with GoogleServer(recognise=numbered) as server:
        transcript = await ask(server, sound(VOICE), api_version=version)
        assert " ".join(segment.text for segment in transcript.segments) == words(0, 25)


async def test_speakers() -> None:
    async with GoogleServer(recognise=numbered) as server:
        transcript = await ask(server, diarize=True)
        assert [segment.speaker for segment in transcript.segments] == ["1", "2", "1"]


async def test_speakers_change_within_a_result() -> None:
    said = [
        {"word": f"w{n}", "startOffset": f"{n}s", "endOffset": f"{n + 1}s", "speakerLabel": "12"[n // 2]}
        for n in range(4)
    ]
    answer = {"results": [{"alternatives": [{"transcript": "w0 w1 w2 w3", "words": said}], "languageCode": "en-us"}]}
    async with GoogleServer(scripted=[Answer(200, answer)]) as server:
        transcript = await ask(server, diarize=True)
        assert [(s.speaker, s.text, s.start) for s in transcript.segments] == [("1", "w0 w1", 0.0), ("2", "w2 w3", 2.0)]


async def test_the_words_of_a_speaker_of_chinese_have_no_spaces_between_them() -> None:
    said = [
        {"word": word, "startOffset": f"{n}s", "endOffset": f"{n + 1}s", "speakerLabel": "12"[n // 2]}
        for n, word in enumerate(("你", "好", "再", "见"))
    ]
    answer = {"results": [{"alternatives": [{"transcript": "你好再见", "words": said}], "languageCode": "cmn-hans-cn"}]}
    async with GoogleServer(scripted=[Answer(200, answer)]) as server:
        transcript = await ask(server, diarize=True)
        assert [segment.text for segment in transcript.segments] == ["你好", "再见"]


async def test_the_last_result_of_version_1_repeats_all_words_with_their_speakers() -> None:
    def said(first: int, count: int, **more: Any) -> dict[str, Any]:
        listed = [
            {"word": f"w{n}", "startTime": f"{n}s", "endTime": f"{n + 1}s", **more} for n in range(first, first + count)
        ]
        return {"alternatives": [{"transcript": words(first, count), "words": listed}]}

    answer = {"results": [said(0, 2), said(2, 2), said(0, 4, speakerTag=1)]}
    async with GoogleServer(scripted=[Answer(200, answer)]) as server:
        transcript = await ask(server, diarize=True, api_version="v1")
        assert [(s.speaker, s.text) for s in transcript.segments] == [("1", "w0 w1 w2 w3")]


async def test_silence_has_no_segments() -> None:
    async with GoogleServer(recognise=numbered) as server:
        assert (await ask(server, flac(bytes(RATE)))).segments == ()


def limits(**settings: Any) -> Any:
    return Google().file_limits(StreamOptions(settings=settings, languages=("en",)))


def test_without_a_bucket_a_minute_goes_at_once_and_with_one_twenty() -> None:
    assert limits(api_key="k").seconds < 60
    assert limits(api_key="k").size * 4 / 3 < 10_000_000
    account = {"service_account": "{}", "project": "p"}
    assert limits(**account).seconds < 60
    assert 60 < limits(**account, file_bucket="b").seconds <= 1200
    with pytest.raises(ConfigurationError, match="API key"):
        limits(api_key="k", project="p", file_bucket="b")


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch, "_FIRST_LOOK_S", 0.01)


@pytest.mark.usefixtures("hurried")
async def test_a_long_recording_goes_through_the_bucket_and_nothing_stays_there() -> None:
    voice = numbered_audio(0, 330)
    async with GoogleServer(recognise=numbered, looks=3) as server:
        told = Told()
        transcript = await ask(server, flac(voice), told=told, file_bucket="our-bucket", file_patient=True)
        assert " ".join(segment.text for segment in transcript.segments) == words(0, 330)
        assert server.objects == {}
        assert 0.4 in [progress.done for progress in told]
        begun = next(request.json() for request in server.requests if request.path.endswith(":batchRecognize"))
        assert begun["processingStrategy"] == "DYNAMIC_BATCHING"
        assert transcript.vendor_id in server.operations


@pytest.mark.usefixtures("hurried")
async def test_cancelling_ends_the_operation_and_empties_the_bucket() -> None:
    async with GoogleServer(recognise=numbered, looks=10**6) as server:
        asking = asyncio.create_task(ask(server, file_bucket="our-bucket"))
        await server.until(lambda s: any(state["looks"] for state in s.operations.values()))
        asking.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await asking
        assert server.objects == {}
        assert all(state["cancelled"] for state in server.operations.values())


@pytest.mark.usefixtures("hurried")
async def test_trouble_in_the_bucket() -> None:
    async with GoogleServer(recognise=numbered) as server:
        with pytest.raises(ConfigurationError, match="does not exist") as caught:
            await ask(server, file_bucket="another")
        assert caught.value.code == "bucket"
        with pytest.raises(ConfigurationError, match="encoding"):
            await ask(server, sound(b"no sound at all", Container.FLAC, seconds=1.0), file_bucket="our-bucket")
        assert server.objects == {}


@BOTH
async def test_refusals(version: str) -> None:
    async with GoogleServer() as server:
        with pytest.raises(AuthenticationError) as caught:
            await ask(server, service_account="", api_key="wrong", project=server.project, api_version=version)
        assert caught.value.code == "API_KEY_INVALID"
        server.quota_left = False
        with pytest.raises(QuotaExceededError, match="quota"):
            await ask(server, api_version=version)
        server.quota_left, server.billing = True, False
        with pytest.raises(QuotaExceededError):
            await ask(server, api_version=version)


async def test_how_long_to_wait_is_taken_from_the_answer() -> None:
    error = {"code": 429, "message": "Quota exceeded", "status": "RESOURCE_EXHAUSTED"}
    delay = {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "7.5s"}
    scripts = [
        Answer(429, {"error": error}, {"Retry-After": "3"}),
        Answer(429, {"error": error | {"details": [delay]}}),
    ]
    async with GoogleServer(scripted=scripts) as server:
        for seconds in (3.0, 7.5):
            with pytest.raises(RateLimitError) as caught:
                await ask(server)
            assert caught.value.retry_after == seconds


@pytest.mark.parametrize("body", ["no JSON", {"results": 3}, {"results": [{"alternatives": 1}]}, "[" * 5000])
async def test_an_answer_that_is_none(body: object) -> None:
    async with GoogleServer(scripted=[Answer(200, body)]) as server:
        with pytest.raises(StreamingError):
            await ask(server)


@pytest.mark.parametrize("status", [400, 403, 404, 500, 503])
async def test_a_proxys_page_in_place_of_an_answer(status: int) -> None:
    async with GoogleServer(scripted=[Answer(status, "<html>no</html>", {"Content-Type": "text/html"})]) as server:
        with pytest.raises(ProviderError) as caught:
            await ask(server)
        assert caught.value.retryable == (status >= 500)


async def test_the_model_that_translates_is_asked_for_a_translation() -> None:
    async with GoogleServer(recognise=numbered) as server:
        heard = await ask(server, into="de", file_model="chirp_3")
        assert heard.segments == ()
        assert heard.translation is not None
        assert " ".join(segment.text for segment in heard.translation.segments) == words(0, 25).upper()
        with pytest.raises(ConfigurationError, match="version 2"):
            await ask(server, into="de", api_version="v1")
