"""Random misfortune: connections that drop, fail, expire and delay, items that fail or complete out of order, while
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
from debabelizer_providers.openai import OpenAI
from fakes.openai_server import Behaviour, OpenAIServer
from fakes.recognisers import RATE, numbered, numbered_audio
from fakes.talk import Talk, words

PATIENT = SessionPolicy(
    connect_s=5.0, backoff_first_s=0.01, backoff_cap_s=0.05, instant_s=0.0, max_instant_drops=50, failover_after=50
)
PASSING = ("rate_limit_exceeded", "server_error")
KINDS: list[dict[str, Any]] = [
    {},
    {"model": "gpt-transcribe"},
    {"model": "gpt-4o-transcribe", "turn_detection": "server_vad"},
    {"dialect": "speaches", "other_model": "local-model"},
    {"dialect": "vllm", "other_model": "local-model"},
]


def misfortune(chance: random.Random, dialect: str) -> dict[str, Any]:
    at = chance.uniform(0.1, 6.0)
    choices: list[dict[str, Any]] = [{"drop_after_s": at}, {"refuse_status": 503}]
    if dialect == "vllm":
        return chance.choice([*choices, {"error": "processing_error", "error_after_s": at}])
    choices += [{"expire_after_s": at}, {"fail_items": 1}, {"unanswered_commit": "close"}]
    choices += [{"idle_s": chance.uniform(0.05, 0.3)}]
    if dialect == "openai":
        error = chance.choice(PASSING)
        choices += [{"error": error, "error_after_s": at}, {"error": error}, {"error": error, "error_at_commit": True}]
    return chance.choice(choices)


def behaviour(chance: random.Random, **more: Any) -> Behaviour:
    return Behaviour(
        answer_delay_s=chance.choice([0.0, 0.0, 0.05]),
        ready_delay_s=chance.choice([0.0, 0.05]),
        out_of_order=chance.random() < 0.4,
        out_of_order_s=0.05,
        bare_deltas=chance.random() < 0.5,
        silent=chance.random() < 0.3,
        strangers=chance.random() < 0.5,
        **more,
    )


async def speak(session: Session, chance: random.Random, pauses: bool) -> int:
    """Some utterances, each committed or not; the number of words."""
    said = 0
    for _ in range(chance.randrange(1, 5)):
        count = chance.randrange(1, 20)
        pcm = numbered_audio(said, count) + bytes(RATE * 2 if pauses and chance.random() < 0.7 else 0)
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


async def survive(seed: int) -> None:
    chance = random.Random(seed)
    kind = KINDS[seed % len(KINDS)]
    dialect = kind.get("dialect", "openai")
    pauses = "turn_detection" in kind
    troubles = [behaviour(chance, **misfortune(chance, dialect)) for _ in range(chance.randrange(4))]
    async with OpenAIServer(numbered, [*troubles, behaviour(chance)], dialect=dialect) as server:
        options = StreamOptions(
            settings={"api_key": server.key, "base_url": server.url, "replay_speed": 50.0, **kind},
            commit=CommitMode.PAUSE if pauses else CommitMode.MANUAL,
            pause_s=0.5,
        )
        it = Talk(Session(lambda context: OpenAI().stream(options, context), "openai", policy=PATIENT))
        try:
            await connect(it.session)
            said = await speak(it.session, chance, pauses)
            await connect(it.session)
            await it.session.disconnect()
        finally:
            await it.end()
        assert it.text == words(0, said), f"seed {seed}"
        assert server.problems == [], f"seed {seed}"


@pytest.mark.parametrize("seed", range(1, 16))
async def test_every_word_once(seed: int) -> None:
    await survive(seed)


@pytest.mark.long
@pytest.mark.timeout(1800)
async def test_every_word_once_in_hundreds_of_runs() -> None:
    for seed in range(1000, 1300):
        await survive(seed)
