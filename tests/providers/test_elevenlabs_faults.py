"""Random misfortune: connections that drop, fail, close and delay, while numbered words are spoken and committed.
Whatever happens, every word is in the transcript once, in its place."""

from __future__ import annotations

import asyncio
import random
from contextlib import suppress

import pytest

from debabelizer.contract import CommitMode, StreamOptions
from debabelizer.errors import ProviderError
from debabelizer.events import Committed, Corrected, Partial, Retracted
from debabelizer.streaming import Session, SessionPolicy
from debabelizer.transcript import SegmentMap
from debabelizer_providers.elevenlabs import ElevenLabs
from fakes.elevenlabs_server import Behaviour, ElevenLabsServer
from fakes.recognisers import RATE, numbered, numbered_audio

PATIENT = SessionPolicy(
    connect_s=5.0,
    backoff_first_s=0.01,
    backoff_cap_s=0.05,
    instant_s=0.0,
    max_instant_drops=50,
    failover_after=50,
    drain_s=60.0,  # the backlog goes more slowly once the server cannot keep up
)
PASSING = ("rate_limited", "transcriber_error", "session_time_limit_exceeded", "queue_overflow", "brand_new_error")


def misfortune(chance: random.Random, longest_s: float) -> dict[str, object]:
    at = chance.uniform(0.1, longest_s)
    return chance.choice(
        [
            {"drop_after_s": at},
            {"error": chance.choice(PASSING), "error_after_s": at},
            {"error": chance.choice(PASSING)},
            {"error": chance.choice(PASSING), "error_at_commit": True},
            {"unanswered_commit": "close"},
            {"idle_s": chance.uniform(0.05, 0.3)},
            {"refuse_status": 503},
        ]
    )


def behaviour(chance: random.Random, **more: object) -> Behaviour:
    return Behaviour(
        twin=chance.choice(["after", "before"]),
        twin_delay_s=chance.choice([0.0, 0.05]),
        answer_delay_s=chance.choice([0.0, 0.0, 0.05]),
        ready_delay_s=chance.choice([0.0, 0.05]),
        echo=chance.random() < 0.5,
        shrink=chance.random() < 0.5,
        strangers=chance.random() < 0.5,
        auto_commit_s=chance.choice([90.0, 36.0]),
        **more,  # type: ignore[arg-type]
    )


async def speak(session: Session, chance: random.Random, pause: bool, most_words: int) -> int:
    """Some utterances, each committed or not; the number of words."""
    said = 0
    for _ in range(chance.randrange(1, 5)):
        count = chance.randrange(1, most_words)
        pcm = numbered_audio(said, count) + bytes(RATE * 2 if pause and chance.random() < 0.7 else 0)
        said += count
        live = chance.random() < 0.5
        for at in range(0, len(pcm), 3200):
            await session.send(pcm[at : at + 3200])
            if live:
                await asyncio.sleep(0.001)
        if chance.random() < 0.7:
            handle = session.commit()
            if chance.random() < 0.7:
                await handle
    return said


async def connect(session: Session) -> None:
    """Like a user who presses Connect again; what was sent is kept meanwhile."""
    for _ in range(10):
        with suppress(ProviderError):
            await session.connect()
            return


async def survive(seed: int, *, most_words: int, longest_s: float) -> None:
    chance = random.Random(seed)
    pause = chance.random() < 0.3
    troubles = [behaviour(chance, **misfortune(chance, longest_s)) for _ in range(chance.randrange(4))]
    async with ElevenLabsServer(recognise=numbered, behaviours=[*troubles, behaviour(chance)]) as server:
        options = StreamOptions(
            settings={"api_key": server.key, "base_url": server.url, "replay_speed": 20.0},
            commit=CommitMode.PAUSE if pause else CommitMode.MANUAL,
            pause_s=0.5,
        )
        session = Session(lambda context: ElevenLabs().stream(options, context), "elevenlabs", policy=PATIENT)
        transcript = SegmentMap()

        async def read() -> None:
            async for event in session.events():
                if isinstance(event, Partial | Committed | Corrected | Retracted):
                    transcript.apply(event.change)

        reader = asyncio.create_task(read())
        try:
            await connect(session)
            said = await speak(session, chance, pause, most_words)
            await connect(session)
            await session.disconnect()
        finally:
            await session.abort()
            await reader
        assert transcript.text == " ".join(f"w{number}" for number in range(said)), f"seed {seed}"
        assert server.problems == []


@pytest.mark.parametrize("seed", range(1, 13))
async def test_every_word_once(seed: int) -> None:
    await survive(seed, most_words=20, longest_s=6.0)


async def test_a_commit_of_the_servers_own_a_second_before_ours() -> None:
    await survive(2046, most_words=300, longest_s=70.0)


@pytest.mark.long
@pytest.mark.timeout(1800)
async def test_every_word_once_in_hundreds_of_runs() -> None:
    for seed in range(1000, 1300):
        await survive(seed, most_words=20, longest_s=6.0)
    for seed in range(2000, 2060):
        await survive(seed, most_words=300, longest_s=70.0)
