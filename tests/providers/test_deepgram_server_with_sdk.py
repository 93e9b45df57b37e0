"""The local server speaks to the vendor's own SDK: what passes here is not our reading of a sheet alone."""

from __future__ import annotations

import asyncio
import warnings
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

# the SDK uses the legacy client of websockets, and pydantic as of version 1; not ours to mend
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning")

from debabelizer.audio.wav import header  # noqa: E402
from fakes.deepgram_server import Behaviour, DeepgramServer  # noqa: E402
from fakes.recognisers import RATE, numbered, numbered_audio, scripted  # noqa: E402

SILENCE = bytes(RATE * 2)


def client(server: DeepgramServer, key: str | None = None) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from deepgram import AsyncDeepgramClient
        from deepgram.environment import DeepgramClientEnvironment

    web = server.url.replace("http:", "ws:")
    environment = DeepgramClientEnvironment(base=server.url, production=web, agent=web, agent_rest=server.url)
    return AsyncDeepgramClient(api_key=key or server.key, environment=environment)


@asynccontextmanager
async def listening(server: DeepgramServer, version: str = "v1", **options: Any) -> AsyncIterator[Any]:
    given = {"model": "nova-3", "encoding": "linear16", "sample_rate": RATE, **options}
    async with getattr(client(server).listen, version).connect(**given) as connection:
        yield connection


async def say(connection: Any, pcm: bytes) -> None:
    for at in range(0, len(pcm), 3200):
        await connection.send_media(pcm[at : at + 3200])


async def until(connection: Any, right: Any) -> Any:
    async with asyncio.timeout(10):
        while True:
            frame = await connection.recv()
            if right(frame):
                return frame


async def test_interims_and_the_answer_to_finalize() -> None:
    async with DeepgramServer(recognise=numbered) as server:
        async with listening(server, interim_results="true", endpointing="false") as connection:
            await say(connection, numbered_audio(0, 5))
            interim = await until(connection, lambda f: f.type == "Results" and f.channel.alternatives[0].transcript)
            assert (interim.is_final, interim.start) == (False, 0.0)
            await connection.send_finalize()
            final = await until(connection, lambda f: f.type == "Results" and f.is_final)
            assert final.from_finalize
            assert final.channel.alternatives[0].transcript == "w0 w1 w2 w3 w4"
            assert [word.punctuated_word for word in final.channel.alternatives[0].words] == [f"w{n}" for n in range(5)]
            await connection.send_keep_alive()
            await say(connection, numbered_audio(5, 2))
            await connection.send_close_stream()
            tail = await until(connection, lambda f: f.type == "Results" and f.is_final)
            assert tail.channel.alternatives[0].transcript == "w5 w6"
            assert (await until(connection, lambda f: f.type == "Metadata")).request_id
        assert server.connections[0].kinds == ["Finalize", "KeepAlive", "CloseStream"]
        assert server.problems == []


async def test_pauses_and_speech_events() -> None:
    async with DeepgramServer(recognise=numbered) as server:
        options = {"interim_results": "true", "endpointing": "300", "utterance_end_ms": "1000", "vad_events": "true"}
        async with listening(server, **options) as connection:
            await say(connection, numbered_audio(0, 5) + SILENCE * 2)
            assert (await until(connection, lambda f: f.type == "SpeechStarted")).timestamp is not None
            final = await until(connection, lambda f: f.type == "Results" and f.is_final)
            assert final.speech_final
            assert (await until(connection, lambda f: f.type == "UtteranceEnd")).last_word_end > 0.9


async def test_a_second_configure_is_refused() -> None:
    from deepgram.listen.v1.types import ListenV1Configure

    async with DeepgramServer() as server, listening(server) as connection:
        for kind in ("ConfigureSuccess", "ConfigureFailure"):
            await connection.send_configure(ListenV1Configure(type="Configure", keyterms=["Okafor"]))
            assert (await until(connection, lambda f: True)).type == kind


@pytest.mark.parametrize(
    ("key", "options", "status"),
    [
        ("dg_wrong", {}, 401),
        (None, {"utterance_end_ms": "500", "interim_results": "true"}, 400),
        (None, {"diarize_model": "v2"}, 400),
        (None, {"sample_rate": None}, 400),
        (None, {"keywords": "Okafor:2"}, 400),
    ],
)
async def test_refusals(key: str | None, options: dict[str, Any], status: int) -> None:
    from deepgram.core.api_error import ApiError

    async with DeepgramServer() as server:
        given = {"model": "nova-3", "encoding": "linear16", "sample_rate": RATE, **options}
        with pytest.raises(ApiError) as caught:
            async with client(server, key).listen.v1.connect(**given):
                pass
        assert caught.value.status_code == status


async def test_a_granted_token_opens() -> None:
    async with DeepgramServer() as server:
        granted = await client(server).auth.v1.tokens.grant(ttl_seconds=30)
        assert granted.access_token in server.tokens


async def test_a_file_with_utterances_speakers_and_languages() -> None:
    speech = numbered_audio(0, 12) + SILENCE + numbered_audio(12, 3)
    wav = header(len(speech)) + speech
    async with DeepgramServer(recognise=numbered) as server:
        media = client(server).listen.v1.media
        options = {"model": "nova-3", "punctuate": True, "keyterm": ["Okafor", "Ada"]}
        answer = await media.transcribe_file(
            request=wav, utterances=True, utt_split=0.5, diarize_model="v2", detect_language=True, **options
        )
        (channel,) = answer.results.channels
        assert channel.alternatives[0].transcript == " ".join(f"w{n}" for n in range(15))
        assert channel.detected_language == "fr"
        first, second = answer.results.utterances
        assert (first.speaker, first.channel, first.words[0].punctuated_word) == (0, 0, "w0")
        assert second.transcript == "w12 w13 w14"
        mixed = await media.transcribe_file(request=wav, language="multi", language_hint=["en", "es"], **options)
        assert mixed.results.channels[0].alternatives[0].languages_hinted == ["en", "es"]
        assert mixed.results.utterances is None


async def test_a_file_channel_by_channel() -> None:
    import numpy as np

    both = [np.frombuffer(numbered_audio(first, 5), "<i2") for first in (0, 5)]
    pcm = np.stack(both, axis=1).tobytes()
    async with DeepgramServer(recognise=numbered) as server:
        answer = await client(server).listen.v1.media.transcribe_file(
            request=header(len(pcm), channels=2) + pcm, model="nova-3", multichannel=True
        )
        texts = [channel.alternatives[0].transcript for channel in answer.results.channels]
        assert texts == ["w0 w1 w2 w3 w4", "w5 w6 w7 w8 w9"]


@pytest.mark.parametrize(
    "options",
    [
        {"model": "nova-1"},
        {"keywords": "Okafor:2"},
        {"model": "nova-2", "keyterm": "Okafor"},
        {"language": "en", "detect_language": True},
        {"language": "en", "language_hint": "en"},
        {"diarize_model": "v3"},
        {"request": b"no sound"},
    ],
)
async def test_what_a_file_cannot_have(options: dict[str, Any]) -> None:
    from deepgram.errors import BadRequestError

    given = {"request": header(len(SILENCE)) + SILENCE, "model": "nova-3", **options}
    async with DeepgramServer() as server:
        with pytest.raises(BadRequestError):
            await client(server).listen.v1.media.transcribe_file(**given)


async def test_flux_turns() -> None:
    async with DeepgramServer(recognise=scripted(["move the meeting"]), behaviours=[Behaviour(eager=True)]) as server:
        async with listening(server, "v2", model="flux-general-en", eot_timeout_ms=1000) as connection:
            assert (await until(connection, lambda f: True)).type == "Connected"
            await say(connection, numbered_audio(1, 10) + SILENCE * 2)
            ends = await until(connection, lambda f: f.type == "TurnInfo" and f.event == "EndOfTurn")
            assert (ends.turn_index, ends.transcript, ends.trigger) == (0, "move the meeting", "model")
            await say(connection, numbered_audio(1, 10))
            await connection._send({"type": "ForceEndTurn"})
            ends = await until(connection, lambda f: f.type == "TurnInfo" and f.event == "EndOfTurn")
            assert (ends.turn_index, ends.trigger) == (1, "manual")
            await say(connection, numbered_audio(1, 10))
            await connection.send_close_stream()
            last = await until(connection, lambda f: f.type == "TurnInfo" and f.event == "Update" and f.turn_index == 2)
            assert last.transcript
        await server.until(lambda s: s.connections[0].over)
        assert server.connections[0].code == 1005
        assert server.problems == []
