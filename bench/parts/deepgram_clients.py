"""Clients of the quick Deepgram: ``deepgram_clients.py WHO URL_OF_MANY URL_OF_ONE``.

``results``: CPU seconds of one result, where every 100 ms of audio are answered by many at once; our session decodes
and applies each of them, and its reader gets the newest of the partials that came together. ``round_trip``: seconds
from the call that sends 100 ms of audio to the result of it in the caller's hands. The audio is silence.

``nobody`` only keeps the pace, and has every answer at once: what the caller's own loop costs.
"""

from __future__ import annotations

import asyncio
import sys
import time
import warnings
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from statistics import median
from typing import Any

from candidates import ROOT, Cpu, obey

CHUNK = bytes(3200)
MANY, CHUNKS, TRIPS = 50, 40, 150
PACE_S = 0.01
"""Ten times real time."""

Send = Callable[[bytes], Awaitable[None]]
Heard = Callable[[str], None]
Open = Callable[[str, Heard], AbstractAsyncContextManager[Send]]
"""Opens a connection to a URL; the function is called with every text."""


@asynccontextmanager
async def ours(url: str, heard: Heard) -> AsyncIterator[Send]:
    sys.path[:0] = [str(ROOT / "app"), str(ROOT / "providers")]
    from debabelizer.contract import StreamOptions
    from debabelizer.events import Committed, Partial
    from debabelizer.streaming import Session
    from debabelizer_providers.deepgram import Deepgram

    options = StreamOptions(settings={"api_key": "dg_test_key", "base_url": url, "replay_speed": 20.0})
    session = Session(lambda context: Deepgram().stream(options, context), "deepgram")

    async def read() -> None:
        async for event in session.events():
            if isinstance(event, Partial | Committed):
                heard(event.change.text)

    reader = asyncio.create_task(read())
    await session.connect()
    yield session.send
    await session.abort()
    await reader


@asynccontextmanager
async def sdk(url: str, heard: Heard) -> AsyncIterator[Send]:
    from deepgram import AsyncDeepgramClient
    from deepgram.core.events import EventType
    from deepgram.environment import DeepgramClientEnvironment

    web = url.replace("http:", "ws:")
    environment = DeepgramClientEnvironment(base=url, production=web, agent=web, agent_rest=url)
    client = AsyncDeepgramClient(api_key="dg_test_key", environment=environment)
    options = {"model": "nova-3", "encoding": "linear16", "sample_rate": 16_000, "interim_results": "true"}
    async with client.listen.v1.connect(**options) as connection:

        def on_message(message: Any) -> None:
            if getattr(message, "type", "") == "Results":
                heard(message.channel.alternatives[0].transcript)

        connection.on(EventType.MESSAGE, on_message)
        listener = asyncio.create_task(connection.start_listening())
        await asyncio.sleep(0)
        yield connection.send_media
        listener.cancel()
        await asyncio.gather(listener, return_exceptions=True)


@asynccontextmanager
async def livekit(url: str, heard: Heard) -> AsyncIterator[Send]:
    import aiohttp
    from livekit import rtc
    from livekit.agents import stt
    from livekit.plugins import deepgram

    async with aiohttp.ClientSession() as http:
        plugin = deepgram.STT(
            api_key="dg_test_key", base_url=f"{url}/v1/listen", http_session=http, sample_rate=16_000, language="en"
        )
        stream = plugin.stream()
        texts = {stt.SpeechEventType.INTERIM_TRANSCRIPT, stt.SpeechEventType.FINAL_TRANSCRIPT}

        async def read() -> None:
            async for event in stream:
                if event.type in texts:
                    heard(event.alternatives[0].text)

        async def send(pcm: bytes) -> None:
            stream.push_frame(rtc.AudioFrame(pcm, 16_000, 1, len(pcm) // 2))

        reader = asyncio.create_task(read())
        yield send
        await stream.aclose()
        await asyncio.gather(reader, return_exceptions=True)


@asynccontextmanager
async def nobody(url: str, heard: Heard) -> AsyncIterator[Send]:
    async def send(chunk: bytes) -> None:
        heard(f"x{MANY - 1}")

    yield send


async def results(opened: Open, url: str) -> float:
    all_of_a_chunk = asyncio.Event()

    def heard(text: str) -> None:
        if text.endswith(f"x{MANY - 1}"):
            all_of_a_chunk.set()

    async with opened(url, heard) as send:
        await send(CHUNK)
        await all_of_a_chunk.wait()  # the connection is there now
        await asyncio.sleep(0.2)
        with Cpu() as cpu:
            for _ in range(CHUNKS):
                all_of_a_chunk.clear()
                await send(CHUNK)
                await all_of_a_chunk.wait()
                await asyncio.sleep(PACE_S)
    return cpu.seconds / (CHUNKS * MANY)


async def round_trip(opened: Open, url: str) -> float:
    heard = asyncio.Event()
    taken = []
    async with opened(url, lambda _: heard.set()) as send:
        for _ in range(TRIPS):
            heard.clear()
            began = time.perf_counter()
            await send(CHUNK)
            await heard.wait()
            taken.append(time.perf_counter() - began)
            await asyncio.sleep(PACE_S)
    return median(taken[10:])


if __name__ == "__main__":
    warnings.simplefilter("ignore")  # the SDK's use of outdated libraries is not ours to mend
    who, many, one = sys.argv[1:]
    opened: Open = {"ours": ours, "sdk": sdk, "livekit": livekit, "nobody": nobody}[who]
    asyncio.run(obey({"results": lambda: results(opened, many), "round_trip": lambda: round_trip(opened, one)}))
