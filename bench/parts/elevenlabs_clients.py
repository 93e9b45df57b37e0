"""Clients of the local ElevenLabs: ``elevenlabs_clients.py WHO URL``. ``chunks``: CPU seconds of 100 ms of audio.

``nobody`` only keeps the pace: what that costs (a timer, a turn of the loop, and the caches that are cold after a
sleep) is the caller's, whoever gets the audio.
"""

from __future__ import annotations

import asyncio
import base64
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from candidates import ROOT, Cpu, obey

CHUNK = 3200
"""Bytes: 100 ms."""
CHUNKS = 400
PACE_S = 0.01
"""Ten times real time: far from idle, and no chunk waits for another."""
COMMIT_EVERY = 100

Send = Callable[[bytes], Awaitable[None]]
Commit = Callable[[], Awaitable[object]]
Open = Callable[[str], AbstractAsyncContextManager[tuple[Send, Commit]]]


@asynccontextmanager
async def ours(url: str) -> AsyncIterator[tuple[Send, Commit]]:
    sys.path[:0] = [str(ROOT / "app"), str(ROOT / "providers")]
    from debabelizer.contract import StreamOptions
    from debabelizer.streaming import Session
    from debabelizer_providers.elevenlabs import ElevenLabs

    options = StreamOptions(settings={"api_key": "sk_test_key", "base_url": url, "replay_speed": 20.0})
    session = Session(lambda context: ElevenLabs().stream(options, context), "elevenlabs")

    async def read() -> None:
        async for _ in session.events():
            pass

    async def commit() -> None:
        await session.commit()

    reader = asyncio.create_task(read())
    await session.connect()
    yield session.send, commit
    await session.abort()
    await reader


@asynccontextmanager
async def sdk(url: str) -> AsyncIterator[tuple[Send, Commit]]:
    from elevenlabs import AsyncElevenLabs, AudioFormat
    from elevenlabs.realtime.connection import RealtimeEvents

    client = AsyncElevenLabs(api_key="sk_test_key", base_url=url)
    connection = await client.speech_to_text.realtime.connect(
        {
            "model_id": "scribe_v2_realtime",
            "audio_format": AudioFormat.PCM_16000,
            "sample_rate": 16_000,
            "include_timestamps": True,
        }
    )
    answers: asyncio.Queue[object] = asyncio.Queue()
    started = asyncio.Event()
    connection.on(RealtimeEvents.SESSION_STARTED, lambda _: started.set())
    connection.on(RealtimeEvents.PARTIAL_TRANSCRIPT, lambda _: None)
    connection.on(RealtimeEvents.COMMITTED_TRANSCRIPT, answers.put_nowait)
    await started.wait()

    async def send(chunk: bytes) -> None:
        await connection.send({"audio_base_64": base64.b64encode(chunk).decode()})

    async def commit() -> None:
        await connection.commit()
        await answers.get()

    yield send, commit
    await connection.close()
    await client._client_wrapper.httpx_client.httpx_client.aclose()


@asynccontextmanager
async def nobody(url: str) -> AsyncIterator[tuple[Send, Commit]]:
    async def send(chunk: bytes) -> None:
        pass

    async def commit() -> None:
        pass

    yield send, commit


async def chunks(opened: Open, url: str) -> float:
    sys.path.append(str(ROOT / "tests"))
    from fakes.recognisers import numbered_audio

    pcm = numbered_audio(0, CHUNKS // 2)
    async with opened(url) as (send, commit):
        await asyncio.sleep(0.1)
        with Cpu() as cpu:
            for number in range(CHUNKS):
                await send(pcm[number * CHUNK : (number + 1) * CHUNK])
                await asyncio.sleep(PACE_S)
                if number % COMMIT_EVERY == COMMIT_EVERY - 1:
                    await commit()
    return cpu.seconds / CHUNKS


if __name__ == "__main__":
    who, url = sys.argv[1:]
    opened: Open = {"ours": ours, "sdk": sdk, "nobody": nobody}[who]
    asyncio.run(obey({"chunks": lambda: chunks(opened, url)}))
