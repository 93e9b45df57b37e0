"""The local server speaks to the vendor's own SDK: what passes here is not our reading of a sheet alone."""

from __future__ import annotations

import asyncio
import base64
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

# the SDK still names pydantic 1 and asyncio.iscoroutinefunction on some Pythons; not ours to mend
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning")

from fakes.elevenlabs_server import Behaviour, ElevenLabsServer  # noqa: E402
from fakes.recognisers import RATE, numbered, numbered_audio, scripted  # noqa: E402

SILENCE = bytes(RATE * 2)


class Heard:
    """Events of an SDK connection, as they come."""

    def __init__(self) -> None:
        self.events: asyncio.Queue[tuple[str, dict[str, Any]]] = asyncio.Queue()

    async def next(self, *kinds: str) -> dict[str, Any]:
        async with asyncio.timeout(10):
            while True:
                kind, data = await self.events.get()
                if kind in kinds:
                    return data


@asynccontextmanager
async def sdk(server: ElevenLabsServer, key: str | None = None, **options: Any) -> AsyncIterator[tuple[Any, Heard]]:
    from elevenlabs import AsyncElevenLabs, AudioFormat
    from elevenlabs.realtime.connection import RealtimeEvents

    client = AsyncElevenLabs(api_key=key or server.key, base_url=server.url)
    connection = await client.speech_to_text.realtime.connect(
        {"model_id": "scribe_v2_realtime", "audio_format": AudioFormat.PCM_16000, "sample_rate": RATE, **options}
    )
    heard = Heard()
    for event in RealtimeEvents:
        connection.on(event, lambda data=None, kind=event.value: heard.events.put_nowait((kind, data)))
    try:
        yield connection, heard
    finally:
        await connection.close()
        await client._client_wrapper.httpx_client.httpx_client.aclose()


async def say(connection: Any, pcm: bytes, **more: Any) -> None:
    for at in range(0, len(pcm), 3200):
        await connection.send({"audio_base_64": base64.b64encode(pcm[at : at + 3200]).decode(), **more})
        more = {}


async def test_manual_commit() -> None:
    async with ElevenLabsServer(recognise=scripted(["please move the meeting"])) as server:
        async with sdk(server) as (connection, heard):
            assert (await heard.next("session_started"))["config"]["commit_strategy"] == "manual"
            await say(connection, numbered_audio(1, 10), previous_text="Dear Ms. Okafor,")
            assert "please" in (await heard.next("partial_transcript"))["text"]
            await connection.commit()
            assert (await heard.next("committed_transcript"))["text"] == "Please move the meeting."
        await server.until(lambda s: s.connections[0].over)
        assert server.problems == []
        assert server.connections[0].messages[0].previous_text == "Dear Ms. Okafor,"
        assert server.connections[0].code == 1000


async def test_timestamps_come_as_a_second_frame() -> None:
    async with ElevenLabsServer(recognise=numbered) as server:
        async with sdk(server, include_timestamps=True, keyterms=["Okafor", "Ana"]) as (connection, heard):
            await heard.next("session_started")
            await say(connection, SILENCE + numbered_audio(1, 3))
            await connection.commit()
            await heard.next("committed_transcript")
            timed = await heard.next("committed_transcript_with_timestamps")
            assert [word["text"] for word in timed["words"] if word["type"] == "word"] == ["w1", "w2", "w3"]
            assert timed["words"][0]["start"] == pytest.approx(1.025)
        assert server.problems == []


async def test_vad_commits_after_a_pause() -> None:
    from elevenlabs.realtime.scribe import CommitStrategy

    async with ElevenLabsServer(recognise=numbered) as server:
        options = {"commit_strategy": CommitStrategy.VAD, "vad_silence_threshold_secs": 0.5}
        async with sdk(server, **options) as (connection, heard):
            await heard.next("session_started")
            await say(connection, numbered_audio(1, 3) + SILENCE + numbered_audio(4, 2) + SILENCE)
            assert (await heard.next("committed_transcript"))["text"] == "w1 w2 w3"
            assert (await heard.next("committed_transcript"))["text"] == "w4 w5"
        assert server.problems == []


async def test_a_minted_token_opens_once() -> None:
    from elevenlabs import AsyncElevenLabs

    async with ElevenLabsServer() as server:
        client = AsyncElevenLabs(api_key=server.key, base_url=server.url)
        token = (await client.tokens.single_use.create("realtime_scribe")).token
        await client._client_wrapper.httpx_client.httpx_client.aclose()
        async with sdk(server, token=token) as (_, heard):
            await heard.next("session_started")
        assert "xi-api-key" not in server.connections[0].headers
        async with sdk(server, token=token) as (_, heard):
            await heard.next("auth_error")


async def test_a_wrong_key_is_told_after_the_handshake() -> None:
    async with ElevenLabsServer() as server, sdk(server, key="sk_wrong") as (_, heard):
        await heard.next("auth_error")
        assert (await heard.next("close"))["code"] == 1008


async def test_a_throttled_commit_and_an_unknown_model() -> None:
    async with ElevenLabsServer(behaviours=[Behaviour(throttle_closes=False), Behaviour()]) as server:
        async with sdk(server) as (connection, heard):
            await heard.next("session_started")
            await connection.commit()
            assert "0.00s" in (await heard.next("commit_throttled"))["error"]
        async with sdk(server, model_id="scribe_v2") as (_, heard):
            assert "'scribe_v2' is invalid" in (await heard.next("invalid_request"))["error"]
            assert await heard.next("close") == {"code": 1008, "reason": "invalid_request"}


async def test_the_server_started_by_its_path(tmp_path: Path) -> None:
    script = tmp_path / "script.json"
    plan = {"sentences": ["good morning"], "key": "sk_file", "behaviours": [{"twin": "missing"}]}
    script.write_text(json.dumps(plan), encoding="utf-8")
    program = Path(__file__).parents[1] / "fakes" / "elevenlabs_server.py"
    arguments = [sys.executable, str(program), "--port", "0", "--script", str(script)]
    process = await asyncio.create_subprocess_exec(*arguments, stdout=asyncio.subprocess.PIPE)
    try:
        assert process.stdout is not None
        url = (await asyncio.wait_for(process.stdout.readline(), 20)).decode().strip()
        async with sdk(ElevenLabsServer(key="sk_file", port=urlsplit(url).port)) as (connection, heard):
            await heard.next("session_started")
            await say(connection, numbered_audio(1, 10))
            await connection.commit()
            assert (await heard.next("committed_transcript"))["text"] == "Good morning."
    finally:
        process.terminate()
        await process.communicate()
