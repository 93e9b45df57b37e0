"""CPU time per 100 ms of audio: our session with the ElevenLabs protocol against the vendor's own SDK.

Both talk to the same local server, which runs in a process of its own, in turns and in the same run. Both get the
same audio in the same chunks at the same pace, read what comes back, and commit now and then. Ours also keeps the
audio for replay, watches the connection and maps times.
"""

from __future__ import annotations

import asyncio
import base64
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from figures import Figure, report

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "app"), str(ROOT / "providers"), str(ROOT / "tests")]

CHUNK = 3200
"""Bytes: 100 ms."""
CHUNKS = 400
PACE_S = 0.01
"""Ten times real time: far from idle, and no chunk waits for another."""
COMMIT_EVERY = 100
ROUNDS = 5


async def main() -> None:
    from fakes.recognisers import numbered_audio

    pcm = numbered_audio(0, CHUNKS // 2)
    chunks = [pcm[at : at + CHUNK] for at in range(0, len(pcm), CHUNK)]
    ours, theirs = [], []
    with server() as url:
        await our_round(url, chunks[:50])  # imports and first connections are not what is measured
        await sdk_round(url, chunks[:50])
        for _ in range(ROUNDS):
            ours.append(await our_round(url, chunks))
            theirs.append(await sdk_round(url, chunks))
    our_us, their_us = median(ours) * 1e6, median(theirs) * 1e6
    report(Figure("audio chunk through the session, CPU", our_us, "µs", None, f"vendor's SDK {their_us:.0f} µs"))
    report(Figure("audio chunk, CPU against the SDK", our_us / their_us, "x", None, "vendor's SDK, same run"))


@contextmanager
def server() -> Iterator[str]:
    program = [sys.executable, str(ROOT / "tests" / "fakes" / "elevenlabs_server.py"), "--port", "0"]
    with subprocess.Popen(program, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip()
        finally:
            process.terminate()


async def our_round(url: str, chunks: list[bytes]) -> float:
    """CPU seconds per chunk."""
    from debabelizer.contract import StreamOptions
    from debabelizer.streaming import Session
    from debabelizer_providers.elevenlabs import ElevenLabs

    options = StreamOptions(settings={"api_key": "sk_test_key", "base_url": url, "replay_speed": 20.0})
    session = Session(lambda context: ElevenLabs().stream(options, context), "elevenlabs")

    async def read() -> None:
        async for _ in session.events():
            pass

    reader = asyncio.create_task(read())
    await session.connect()

    async def commit() -> None:
        await session.commit()

    cost = await feed(chunks, session.send, commit)
    await session.abort()
    await reader
    return cost


async def sdk_round(url: str, chunks: list[bytes]) -> float:
    """CPU seconds per chunk."""
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

    cost = await feed(chunks, send, commit)
    await connection.close()
    await client._client_wrapper.httpx_client.httpx_client.aclose()
    return cost


async def feed(
    chunks: list[bytes], send: Callable[[bytes], Awaitable[None]], commit: Callable[[], Awaitable[None]]
) -> float:
    began = time.process_time()
    for number, chunk in enumerate(chunks, 1):
        await send(chunk)
        await asyncio.sleep(PACE_S)
        if number % COMMIT_EVERY == 0:
            await commit()
    return (time.process_time() - began) / len(chunks)


if __name__ == "__main__":
    asyncio.run(main())
