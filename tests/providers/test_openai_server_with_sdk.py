"""The local server speaks to the vendor's own SDK: what passes here is not our reading of its documents alone."""

from __future__ import annotations

import asyncio
import base64
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from fakes.openai_connection import Connection
from fakes.openai_server import Behaviour, OpenAIServer
from fakes.recognisers import RATE, numbered, numbered_audio, scripted

LIVE = {"model": "gpt-live-transcribe", "languages": ["en"], "keywords": ["Okafor"]}
TRANSCRIPTION = "conversation.item.input_audio_transcription."
SILENCE = bytes(RATE * 2)


def session(transcription: dict[str, Any] = LIVE, turn_detection: dict[str, Any] | None = None) -> dict[str, Any]:
    audio = {"format": {"type": "audio/pcmu"}, "transcription": transcription, "turn_detection": turn_detection}
    return {"type": "transcription", "audio": {"input": audio}}


def mulaw(pcm: bytes) -> bytes:
    """By the supervisor's encoder."""
    from debabelizer.contract import AudioForm, Encoding
    from debabelizer.streaming.encode import Encoder

    encoder = Encoder(AudioForm(Encoding.MULAW, 8_000))
    return encoder.feed(pcm, 0)[1] + encoder.flush()[1]


class Heard:
    def __init__(self, connection: Any) -> None:
        self.connection = connection
        self.deltas = ""

    async def next(self, kind: str) -> Any:
        """The next event of this kind, as the SDK's type; deltas on the way are joined."""
        async with asyncio.timeout(10):
            while True:
                event = await self.connection.recv()
                if event.type == TRANSCRIPTION + "delta":
                    self.deltas += event.delta or ""
                if event.type == kind:
                    return event

    async def say(self, pcm: bytes) -> None:
        wire = mulaw(pcm)
        for at in range(0, len(wire), 800):
            await self.connection.input_audio_buffer.append(audio=base64.b64encode(wire[at : at + 800]).decode())


@asynccontextmanager
async def sdk(server: OpenAIServer, key: str | None = None, **query: str) -> AsyncIterator[Heard]:
    from openai import AsyncOpenAI

    async with (
        AsyncOpenAI(api_key=key or server.key, base_url=server.url) as client,
        client.realtime.connect(extra_query={"intent": "transcription", **query}) as connection,
    ):
        yield Heard(connection)


async def configured(heard: Heard, **wanted: Any) -> None:
    assert (await heard.next("session.created")).session.type == "transcription"
    await heard.connection.session.update(session=session(**wanted))
    await heard.next("session.updated")


async def test_live_words_and_a_commit() -> None:
    async with OpenAIServer(scripted(["please move the meeting"])) as server:
        async with sdk(server) as heard:
            await configured(heard)
            await heard.say(numbered_audio(1, 10))
            await heard.connection.input_audio_buffer.commit(event_id="commit-17")
            committed = await heard.next("input_audio_buffer.committed")
            assert committed.previous_item_id is None
            completed = await heard.next(TRANSCRIPTION + "completed")
            assert (completed.item_id, completed.transcript) == (committed.item_id, "Please move the meeting.")
            assert completed.usage.type == "duration"
            assert heard.deltas == "please move the meeting"
        await server.until(lambda s: s.connections[0].over)
        connection = server.connections[0]
        assert isinstance(connection, Connection)
        assert (server.problems, connection.commits, connection.code) == ([], ["commit-17"], 1000)


async def test_server_vad_commits_after_a_pause() -> None:
    async with OpenAIServer(numbered) as server:
        async with sdk(server) as heard:
            detection = {"type": "server_vad", "silence_duration_ms": 500}
            await configured(heard, transcription={"model": "gpt-4o-transcribe"}, turn_detection=detection)
            await heard.say(numbered_audio(1, 3) + SILENCE)
            started = await heard.next("input_audio_buffer.speech_started")
            stopped = await heard.next("input_audio_buffer.speech_stopped")
            assert started.item_id == stopped.item_id
            assert (await heard.next("input_audio_buffer.committed")).item_id == started.item_id
            assert (await heard.next(TRANSCRIPTION + "completed")).item_id == started.item_id
        assert server.problems == []


async def test_a_failed_item_and_a_commit_of_too_little() -> None:
    async with OpenAIServer(numbered, [Behaviour(fail_items=1)]) as server, sdk(server) as heard:
        await configured(heard)
        await heard.say(numbered_audio(1, 3))
        await heard.connection.input_audio_buffer.commit()
        assert (await heard.next(TRANSCRIPTION + "failed")).error.code == "transcription_failed"
        await heard.connection.input_audio_buffer.commit(event_id="late")
        error = (await heard.next("error")).error
        assert (error.code, error.event_id) == ("input_audio_buffer_commit_empty", "late")
        await heard.connection.input_audio_buffer.clear()
        await heard.next("input_audio_buffer.cleared")


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        ({"transcription": {"model": "gpt-9"}}, "invalid_model"),
        ({"turn_detection": {"type": "server_vad"}}, "invalid_value"),
        ({"transcription": {"model": "whisper-1", "keywords": ["x"]}}, "invalid_value"),
    ],
)
async def test_what_is_refused(wanted: dict[str, Any], code: str) -> None:
    async with OpenAIServer() as server, sdk(server) as heard:
        await heard.connection.session.update(session=session(**wanted), event_id="cfg-1")
        error = (await heard.next("error")).error
        assert (error.code, error.event_id) == (code, "cfg-1")


async def test_a_model_in_the_address_and_the_beta_are_refused() -> None:
    from websockets.exceptions import ConnectionClosed

    async with OpenAIServer() as server, sdk(server, model="gpt-live-transcribe") as heard:
        await heard.connection.session.update(session=session())
        assert (await heard.next("error")).error.code == "invalid_model"
        with pytest.raises(ConnectionClosed) as closed:
            await heard.connection.recv()
        assert closed.value.rcvd is not None
        assert (closed.value.rcvd.code, closed.value.rcvd.reason) == (4000, "invalid_request_error.invalid_model")


async def test_a_client_secret_opens_and_a_wrong_key_does_not() -> None:
    from openai import AsyncOpenAI
    from websockets.exceptions import InvalidStatus

    async with OpenAIServer() as server:
        async with AsyncOpenAI(api_key=server.key, base_url=server.url) as client:
            expires = {"anchor": "created_at", "seconds": 60}
            minted = await client.realtime.client_secrets.create(session=session(), expires_after=expires)  # type: ignore[arg-type]
        async with sdk(server, key=minted.value) as heard:
            await configured(heard)
        assert server.connections[0].headers["authorization"] == f"Bearer {minted.value}"
        with pytest.raises(InvalidStatus):
            async with sdk(server, key="sk-wrong"):
                pass


async def test_errors_over_http_are_the_sdks_own() -> None:
    from openai import AsyncOpenAI, AuthenticationError, BadRequestError, RateLimitError

    async with OpenAIServer() as server:
        async with AsyncOpenAI(api_key="sk-wrong", base_url=server.url, max_retries=0) as client:
            with pytest.raises(AuthenticationError) as unknown:
                await client.models.list()
        async with AsyncOpenAI(api_key=server.key, base_url=server.url, max_retries=0) as client:
            assert "gpt-live-transcribe" in {model.id async for model in client.models.list()}
            with pytest.raises(BadRequestError) as unfit:
                await client.realtime.client_secrets.create(session=session(transcription={"model": "gpt-9"}))  # type: ignore[arg-type]
            server.credits_left = False
            with pytest.raises(RateLimitError) as poor:
                await client.models.list()
        codes = [caught.value.code for caught in (unknown, unfit, poor)]
        assert codes == ["invalid_api_key", "invalid_model", "insufficient_quota"]


async def test_the_server_started_by_its_path(tmp_path: Path) -> None:
    script = tmp_path / "script.json"
    plan = {"sentences": ["good morning"], "key": "sk-file", "behaviours": [{"silent": True}]}
    script.write_text(json.dumps(plan), encoding="utf-8")
    program = Path(__file__).parents[1] / "fakes" / "openai_server.py"
    arguments = [sys.executable, str(program), "--port", "0", "--script", str(script)]
    process = await asyncio.create_subprocess_exec(*arguments, stdout=asyncio.subprocess.PIPE)
    try:
        assert process.stdout is not None
        url = (await asyncio.wait_for(process.stdout.readline(), 20)).decode().strip()
        other = OpenAIServer(key="sk-file", port=int(url.split(":")[2].split("/")[0]))
        async with sdk(other) as heard:
            await configured(heard)
            await heard.say(numbered_audio(1, 10))
            await heard.connection.input_audio_buffer.commit()
            assert (await heard.next(TRANSCRIPTION + "completed")).transcript == "Good morning."
    finally:
        process.terminate()
        await process.communicate()
