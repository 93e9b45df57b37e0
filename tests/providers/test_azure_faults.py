"""Random misfortune: connections that drop, fail, close and delay, and turns that the service ends as it likes, while
numbered words are spoken and committed. Whatever happens, every word is in the transcript once, in its place."""

from __future__ import annotations

import asyncio
import random
from contextlib import suppress
from typing import Any

import pytest

from debabelizer.contract import CommitMode, StreamOptions
from debabelizer.errors import ProviderError
from debabelizer.streaming import Session, SessionPolicy
from debabelizer_providers.azure import Azure
from fakes.azure_server import AzureServer, Behaviour
from fakes.recognisers import RATE, numbered, numbered_audio
from fakes.talk import Talk, words

PATIENT = SessionPolicy(
    connect_s=5.0, backoff_first_s=0.01, backoff_cap_s=0.05, instant_s=0.0, max_instant_drops=50, failover_after=50
)


def misfortune(chance: random.Random) -> dict[str, Any]:
    at = chance.uniform(0.2, 6.0)
    return chance.choice(
        [
            {"drop_after_s": at},
            {"status": chance.choice(["Error", "TooManyRequests", "SomethingNew"]), "status_after_s": at},
            {"close_after_s": at, "close_code": chance.choice([1000, 1001, 1005, 1008, 1011])},
            {"close_after_s": at, "close_code": 1007, "close_reason": "Throttled due to too many requests"},
            {"idle_s": chance.uniform(0.05, 0.3)},
            {"refuse_status": chance.choice([429, 503])},
        ]
    )


def behaviour(chance: random.Random, **more: Any) -> Behaviour:
    return Behaviour(
        turn_s=chance.choice([None, 0.7, 1.5, 4.0]),
        mute_turns=chance.choice([0, 0, 1, 2]),
        cut_s=chance.choice([1.0, 3.0, 15.0]),
        initial_silence_s=chance.choice([0.4, 5.0]),
        unsaid_end=chance.random() < 0.3,
        short_end_s=chance.choice([0.0, 0.0, 0.1, 1.0]),
        answer_delay_s=chance.choice([0.0, 0.0, 0.03]),
        twins=chance.random() < 0.3,
        late_hypothesis=chance.random() < 0.3,
        late_start=chance.random() < 0.3,
        strangers=chance.random() < 0.3,
        **more,
    )


async def speak(it: Talk, chance: random.Random) -> int:
    """Some utterances, each committed or not; the number of words."""
    said = 0
    for _ in range(chance.randrange(1, 5)):
        count = chance.randrange(1, 20)
        silence = bytes(RATE * 2 if chance.random() < 0.3 else 0)
        pcm = silence + numbered_audio(said, count) + (silence if chance.random() < 0.7 else b"")
        said += count
        live = chance.random() < 0.5
        for at in range(0, len(pcm), 3200):
            await it.session.send(pcm[at : at + 3200])
            if live:
                await asyncio.sleep(0.001)
        if chance.random() < 0.7:
            handle = it.session.commit()
            if chance.random() < 0.7:
                await handle
    return said


async def connect(session: Session) -> None:
    """Like a user who presses Connect again; what was sent is kept meanwhile."""
    for _ in range(10):
        with suppress(ProviderError):
            await session.connect()
            return


async def survive(seed: int) -> None:
    chance = random.Random(seed)
    pause = chance.random() < 0.3
    troubles = [behaviour(chance, **misfortune(chance)) for _ in range(chance.randrange(4))]
    async with AzureServer(recognise=numbered, behaviours=[*troubles, behaviour(chance)]) as server:
        options = StreamOptions(
            settings={"api_key": server.key, "base_url": server.url, "replay_speed": 20.0},
            commit=CommitMode.PAUSE if pause else CommitMode.MANUAL,
            pause_s=0.5,
            languages=("en",) if chance.random() < 0.5 else (),
        )
        it = Talk(Session(lambda context: Azure().stream(options, context), "azure", policy=PATIENT))
        try:
            await connect(it.session)
            said = await speak(it, chance)
            await connect(it.session)
            async with asyncio.timeout(40):
                await it.session.disconnect()
        finally:
            await it.end()
        assert it.text == words(0, said), f"seed {seed}"
        assert server.problems == [], f"seed {seed}"


@pytest.mark.parametrize("seed", range(1, 13))
async def test_every_word_once(seed: int) -> None:
    await survive(seed)


@pytest.mark.long
@pytest.mark.timeout(1800)
async def test_every_word_once_in_hundreds_of_runs() -> None:
    for seed in range(1000, 1300):
        await survive(seed)
