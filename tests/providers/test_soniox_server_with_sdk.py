"""The local server speaks to the vendor's own SDK: what passes here is not our reading of a sheet alone."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from soniox import AsyncSonioxClient
from soniox.errors import (
    SonioxAPIError,
    SonioxAuthenticationError,
    SonioxConflictError,
    SonioxInvalidRequestError,
    SonioxNotFoundError,
    SonioxPermissionDeniedError,
    SonioxRealtimeError,
)
from soniox.types import CreateTranscriptionConfig, RealtimeSTTConfig

from fakes.file_desk import sound
from fakes.recognisers import RATE, numbered, numbered_audio, scripted
from fakes.soniox_server import Behaviour, SonioxServer
from fakes.vendor_socket import Answer

SILENCE = bytes(RATE * 2)
RAW = {"model": "stt-rt-v5", "audio_format": "pcm_s16le", "sample_rate": RATE, "num_channels": 1}


def client(server: SonioxServer, key: str | None = None) -> AsyncSonioxClient:
    live = server.url.replace("http:", "ws:") + "/transcribe-websocket"
    return AsyncSonioxClient(
        api_key=key or server.key, api_base_url=f"{server.url}/v1", websocket_base_url=live, trust_env=False
    )


@asynccontextmanager
async def listening(server: SonioxServer, key: str | None = None, **config: Any) -> AsyncIterator[Any]:
    session = client(server, key).realtime.stt.connect(config=RealtimeSTTConfig(**{**RAW, **config}))
    async with asyncio.timeout(20), session:
        yield session


async def say(session: Any, pcm: bytes) -> None:
    for at in range(0, len(pcm), 3840):
        await session.send_byte_chunk(pcm[at : at + 3840])


async def until(session: Any, right: Callable[[Any], object]) -> list[Any]:
    """The events up to the one that is right."""
    events = []
    while True:
        event = await session.receive_event()
        assert event is not None, "the connection ended first"
        events.append(event)
        if right(event):
            return events


def texts(event: Any) -> list[str]:
    return [token.text for token in event.tokens]


def final(events: list[Any]) -> str:
    return "".join(token.text for event in events for token in event.tokens if token.is_final)


async def test_tokens_finalize_keep_alive_and_the_end() -> None:
    async with SonioxServer(recognise=numbered) as server:
        async with listening(server, language_hints=["en"], enable_language_identification=True) as session:
            await say(session, numbered_audio(10, 5))
            (*_, tail) = await until(session, lambda event: event.tokens)
            assert not any(token.is_final for token in tail.tokens)
            assert {token.language for token in tail.tokens} == {"en"}
            await session.finalize()
            events = await until(session, lambda event: "<fin>" in texts(event))
            assert final(events) == "w10 w11 w12 w13 w14<fin>"
            assert events[-1].final_audio_proc_ms == events[-1].total_audio_proc_ms == 1000
            await session.keep_alive()
            await say(session, numbered_audio(15, 2))
            await session.finish()
            events = await until(session, lambda event: event.finished)
            assert final(events) == " w15 w16"
            assert await session.receive_event() is None
        (connection,) = server.connections
        assert connection.controls == ["finalize", "keepalive", "", *connection.controls[3:]]
        assert connection.code == 1000
        assert server.problems == []


async def test_pauses_speakers_and_a_translation() -> None:
    options = {
        "enable_endpoint_detection": True,
        "max_endpoint_delay_ms": 500,
        "endpoint_sensitivity": 0.5,
        "enable_speaker_diarization": True,
        "context": {"general": {"domain": "Travel"}, "terms": ["Okafor"], "translation_terms": {"desk": "bureau"}},
        "translation": {"type": "one_way", "target_language": "fr"},
        "client_reference_id": "desk",
    }
    async with SonioxServer(recognise=scripted(["good morning"])) as server:
        async with listening(server, **options) as session:
            await say(session, numbered_audio(1, 5) + SILENCE)
            events = await until(session, lambda event: "<end>" in texts(event))
            (ended,) = (event for event in events if "<end>" in texts(event))
            assert {token.speaker for token in ended.tokens if token.text != "<end>"} == {"1"}
            assert {token.translation_status for token in ended.tokens if token.text != "<end>"} == {"original"}
            (*_, translated) = await until(session, lambda event: event.tokens)
            assert texts(translated) == [" GOOD", " MORNING."]
            assert {token.translation_status for token in translated.tokens} == {"translation"}
        assert server.problems == []


async def test_a_wrong_key_is_refused_at_the_handshake_or_by_a_frame() -> None:
    async with SonioxServer(behaviours=[Behaviour(), Behaviour(refuse_by_frame=True)]) as server:
        with pytest.raises(SonioxRealtimeError):
            async with listening(server, "wrong"):
                pass
        async with listening(server, "wrong") as session:
            (event,) = await until(session, lambda event: event.error_code)
            assert (event.error_code, event.model_extra["error_type"]) == (401, "unauthenticated")
            assert await session.receive_event() is None


@pytest.mark.parametrize(
    ("config", "kind"),
    [
        ({"model": "stt-rt-v1"}, "model_not_available"),
        ({"audio_format": "flac"}, "invalid_request"),
        ({"num_channels": 2}, "invalid_request"),
        ({"language_hints": ["qq"]}, "invalid_request"),
        ({"context": {"text": "x" * 10_001}}, "invalid_request"),
    ],
)
async def test_refused_settings(config: dict[str, Any], kind: str) -> None:
    async with SonioxServer() as server, listening(server, **config) as session:
        (event,) = await until(session, lambda event: event.error_code)
        assert (event.error_code, event.model_extra["error_type"]) == (400, kind)
        assert server.problems


async def test_a_key_that_comes_twice_and_an_end_without_audio_are_refused() -> None:
    async with SonioxServer() as server:
        async with listening(server) as session:
            await session.finish()
            (event,) = await until(session, lambda event: event.error_code)
            assert event.error_message == "No audio received."
        assert server.problems == []
        twice = {**RAW, "api_key": server.key}
        config = RealtimeSTTConfig.model_construct(**twice)
        object.__setattr__(config, "model_dump", lambda **_: twice)
        async with client(server).realtime.stt.connect(config=config) as session:
            (event,) = await until(session, lambda event: event.error_code)
        assert server.problems == ["the key came twice"]


async def test_a_temporary_key_opens_once() -> None:
    async with SonioxServer() as server:
        made = await client(server).auth.create_temporary_api_key(expires_in_seconds=60, single_use=True)
        assert made.api_key.startswith("temp:")
        async with listening(server, made.api_key) as session:
            await say(session, numbered_audio(1, 5))
            await until(session, lambda event: event.tokens)
        with pytest.raises(SonioxRealtimeError):
            async with listening(server, made.api_key):
                pass


async def test_the_models() -> None:
    async with SonioxServer() as server:
        models = (await client(server).models.list()).models
        assert {"stt-rt-v5", "stt-async-v5"} <= {model.id for model in models}
        assert any(language.code == "de" for model in models for language in model.languages)


def recording(pcm: bytes) -> bytes:
    with sound(pcm).open() as file:
        return file.read()


async def test_a_file_from_upload_to_clean_up() -> None:
    async with SonioxServer(recognise=numbered) as server:
        server.jobs.slow = 1
        stt = client(server).stt
        config = CreateTranscriptionConfig(language_hints=["en"], enable_speaker_diarization=True)
        result = await stt.transcribe_and_wait_with_tokens(
            file=recording(numbered_audio(3, 3)),
            filename="a.wav",
            config=config,
            delete_after=True,
            wait_interval_sec=0.05,
        )
        assert result.text == "w3 w4 w5"
        assert [token.speaker for token in result.tokens] == ["1"] * 6
        assert (server.jobs.files, server.jobs.jobs) == ({}, {})
        assert server.problems == []


async def test_the_troubles_of_files() -> None:
    async with SonioxServer() as server:
        api = client(server)
        file = await api.files.upload(recording(SILENCE), filename="a.wav", client_reference_id="desk")
        assert (file.filename, file.client_reference_id) == ("a.wav", "desk")
        job = await api.stt.transcribe(file_id=file.id)
        assert job.status == "queued"
        for early in (api.stt.get_transcript(job.id), api.stt.delete(job.id)):
            with pytest.raises(SonioxConflictError):
                await early
        with pytest.raises(SonioxNotFoundError):
            await api.files.get("nothing")
        with pytest.raises(SonioxInvalidRequestError):
            await api.stt.transcribe(model="stt-rt-v5", file_id=file.id)
        with pytest.raises(SonioxAuthenticationError):
            await client(server, "wrong").files.count()
        server.jobs.fails = ("invalid_audio_file", "broken")
        failed = await api.stt.wait((await api.stt.transcribe(file_id=file.id)).id, interval_sec=0.01)
        assert (failed.status, failed.error_type, failed.error_message) == ("error", "invalid_audio_file", "broken")
        server.live_only = True
        with pytest.raises(SonioxPermissionDeniedError):
            await api.files.get(file.id)
        server.live_only, server.balance_left = False, False
        with pytest.raises(SonioxAPIError) as empty:
            await api.stt.transcribe(file_id=file.id)
        assert empty.value.status_code == 402


async def test_a_server_that_leaves_out_what_the_sdk_needs_is_found_out() -> None:
    """The proof can fail: the SDK checks what it gets."""
    async with SonioxServer() as server:
        server.scripted.append(Answer(201, {"api_key": "temp:x"}))
        with pytest.raises(ValueError, match="expires_at"):
            await client(server).auth.create_temporary_api_key()
