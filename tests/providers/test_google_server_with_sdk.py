"""Google's own client against the local server: what the server says is what a client made for the vendor understands,
and what it refuses comes out as the vendor's errors."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import grpc.aio
import pytest
from google.api_core import exceptions
from google.cloud import speech_v1, speech_v2
from google.cloud.speech_v1.services.speech.transports import SpeechGrpcAsyncIOTransport as TransportV1
from google.cloud.speech_v2.services.speech.transports import SpeechGrpcAsyncIOTransport as TransportV2

from fakes.google_server import Behaviour, GoogleServer
from fakes.recognisers import RATE, numbered, numbered_audio

CHUNK = 3200
CONFIG_V2: dict[str, Any] = {
    "explicit_decoding_config": {"encoding": "LINEAR16", "sample_rate_hertz": RATE, "audio_channel_count": 1},
    "model": "long",
    "language_codes": ["en-US"],
    "features": {"enable_word_time_offsets": True, "enable_word_confidence": True},
}
CONFIG_V1: dict[str, Any] = {
    "encoding": "LINEAR16",
    "sample_rate_hertz": RATE,
    "language_code": "en-US",
    "model": "latest_long",
    "enable_word_time_offsets": True,
}
NAME = "projects/proj-1/locations/global/recognizers/_"


@asynccontextmanager
async def client(server: GoogleServer, version: str = "v2", key: str | None = None) -> AsyncIterator[Any]:
    """With a key in the metadata of each call: a transport of one's own takes no credentials."""
    async with grpc.aio.insecure_channel(f"127.0.0.1:{server.port}") as channel:
        if version == "v2":
            made: Any = speech_v2.SpeechAsyncClient(transport=TransportV2(channel=channel))
        else:
            made = speech_v1.SpeechAsyncClient(transport=TransportV1(channel=channel))
        made.key = (("x-goog-api-key", server.key if key is None else key),)
        yield made


async def stream(client: Any, requests: Sequence[Any], *, ends: bool = True) -> list[Any]:
    """``ends`` False: nothing is said after the last request. The gRPC library forgets what the server had to say where
    that comes while it sends."""

    async def said() -> AsyncIterator[Any]:
        for request in requests:
            yield request
        if not ends:
            await asyncio.Event().wait()

    answers = await client.streaming_recognize(requests=said(), metadata=client.key)
    return [answer async for answer in answers]


def requests_v2(audio: bytes, config: dict[str, Any] = CONFIG_V2, name: str = NAME, chunk: int = CHUNK) -> list[Any]:
    first = {"config": config, "streaming_features": {"interim_results": True, "enable_voice_activity_events": True}}
    return [
        speech_v2.StreamingRecognizeRequest(recognizer=name, streaming_config=first),
        *(speech_v2.StreamingRecognizeRequest(audio=audio[i : i + chunk]) for i in range(0, len(audio), chunk)),
    ]


def finals(answers: list[Any]) -> list[Any]:
    return [result for answer in answers for result in answer.results if result.is_final]


async def test_version_2() -> None:
    async with GoogleServer(recognise=numbered) as server, client(server) as made:
        answers = await stream(made, requests_v2(numbered_audio(0, 5) + bytes(RATE * 2) + numbered_audio(5, 3)))
        first, second = finals(answers)
        assert first.alternatives[0].transcript == "w0 w1 w2 w3 w4"
        assert second.alternatives[0].transcript == "w5 w6 w7"
        assert first.alternatives[0].words[1].start_offset.total_seconds() == pytest.approx(0.225, abs=0.01)
        assert first.alternatives[0].words[1].confidence > 0.5
        assert 1.0 < first.result_end_offset.total_seconds() < 2.0
        assert first.language_code == "en-us"
        interims = [r for answer in answers for r in answer.results if not r.is_final]
        assert interims
        assert all(0 < result.stability < 1 for result in interims)
        kinds = [answer.speech_event_type.name for answer in answers if answer.speech_event_type]
        assert kinds[:2] == ["SPEECH_ACTIVITY_BEGIN", "SPEECH_ACTIVITY_END"]


async def test_version_1() -> None:
    async with GoogleServer(recognise=numbered) as server, client(server, "v1") as made:
        audio = numbered_audio(0, 5)
        answers = await stream(
            made,
            [
                speech_v1.StreamingRecognizeRequest(streaming_config={"config": CONFIG_V1, "interim_results": True}),
                *(
                    speech_v1.StreamingRecognizeRequest(audio_content=audio[i : i + CHUNK])
                    for i in range(0, len(audio), CHUNK)
                ),
            ],
        )
        (final,) = finals(answers)
        assert final.alternatives[0].transcript == "w0 w1 w2 w3 w4"
        assert final.alternatives[0].words[0].end_time.total_seconds() == pytest.approx(0.175, abs=0.01)
        assert final.result_end_time.total_seconds() == pytest.approx(1.0, abs=0.01)


@pytest.mark.parametrize(
    ("requests", "words"),
    [
        (requests_v2(bytes(3200))[1:], "first message"),
        ([*requests_v2(b""), *requests_v2(b"")], "already sent"),
        (requests_v2(bytes(40_000), chunk=40_000), "maximum of 25600 bytes"),
        (requests_v2(b"", {**CONFIG_V2, "model": "nonsense"}), "does not exist"),
        (requests_v2(b"", {**CONFIG_V2, "model": "chirp_3"}), "in the location named"),
        (requests_v2(b"", {**CONFIG_V2, "language_codes": ["xx"]}), "not supported"),
        (requests_v2(b"", {**CONFIG_V2, "features": {"diarization_config": {}}}), "speaker_diarization"),
        (requests_v2(b"", name="recognizers/_"), "resource field"),
    ],
)
async def test_what_the_vendor_refuses(requests: list[Any], words: str) -> None:
    async with GoogleServer() as server, client(server) as made:
        with pytest.raises(exceptions.InvalidArgument, match=words):
            await stream(made, requests, ends=False)


async def test_who_is_let_in() -> None:
    async with GoogleServer() as server:
        async with client(server, key="AIza_wrong") as made:
            with pytest.raises(exceptions.InvalidArgument, match="API key not valid") as caught:
                await stream(made, requests_v2(b""), ends=False)
            assert caught.value.reason == "API_KEY_INVALID"
        async with client(server) as made:
            made.key = ()
            with pytest.raises(exceptions.Unauthenticated):
                await stream(made, requests_v2(b""), ends=False)
            made.key = (("x-goog-api-key", server.key),)
            with pytest.raises(exceptions.PermissionDenied):
                await stream(made, requests_v2(b"", name=NAME.replace("proj-1", "proj-2")), ends=False)
            with pytest.raises(exceptions.NotFound):
                await stream(made, requests_v2(b"", name=NAME.removesuffix("_") + "other"), ends=False)


@pytest.mark.parametrize(
    ("behaviour", "error", "seconds"),
    [
        (Behaviour(longest_s=0.5), exceptions.OutOfRange, 0.5),
        (Behaviour(fail_after_s=0.5), exceptions.ServiceUnavailable, 0.5),
        (Behaviour(drop_after_s=0.5), exceptions.ServiceUnavailable, 0.5),
        (Behaviour(refuse=grpc.StatusCode.RESOURCE_EXHAUSTED), exceptions.ResourceExhausted, 0.0),
    ],
)
async def test_misbehaviour(behaviour: Behaviour, error: type[Exception], seconds: float) -> None:
    async with GoogleServer(behaviours=[behaviour]) as server, client(server) as made:
        with pytest.raises(error):
            await stream(made, requests_v2(numbered_audio(0, 20)[: int(seconds * RATE * 2)]), ends=False)


@pytest.mark.parametrize("code", [grpc.StatusCode.ABORTED, grpc.StatusCode.OUT_OF_RANGE])
async def test_a_call_without_audio_is_ended(code: grpc.StatusCode) -> None:
    async with (
        GoogleServer(behaviours=[Behaviour(idle_s=0.2, idle_code=code)]) as server,
        client(server) as made,
    ):
        with pytest.raises(exceptions.Aborted if code is grpc.StatusCode.ABORTED else exceptions.OutOfRange):
            await stream(made, requests_v2(b""), ends=False)
