"""Whatever the other side sends: no exception, no hang, only typed signals that keep the contract's promises; and
whatever happens to the connections, every word once."""

from __future__ import annotations

import asyncio
import json
import random
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from debabelizer.contract import (
    CommitAnswer,
    CommitMode,
    Covered,
    EpochContext,
    Failure,
    Finished,
    Ready,
    StreamOptions,
    VendorNotice,
    VendorSpeech,
)
from debabelizer.errors import ProviderError
from debabelizer.events import Freeze, Replace
from debabelizer.streaming import Session, SessionPolicy
from debabelizer_providers.deepgram import Deepgram
from fakes.deepgram_server import Behaviour, DeepgramServer
from fakes.recognisers import RATE, numbered, numbered_audio
from fakes.talk import Talk, words

SIGNALS = (CommitAnswer, Covered, Failure, Finished, Freeze, Ready, Replace, VendorNotice, VendorSpeech)
EXCHANGE = Path(__file__).parents[1] / "data" / "deepgram" / "exchange.jsonl"
FRAMES = [
    *(
        json.dumps(step["got"])
        for line in EXCHANGE.read_text(encoding="utf-8").splitlines()
        if "got" in (step := json.loads(line))
    ),
    '{"type":"Error","variant":"SchemaError","description":"no"}',
    '{"type":"Error","sequence_id":3,"code":"UNPARSABLE_CLIENT_MESSAGE","description":"no"}',
    '{"type":"Warning","code":"EXAMPLE","description":"slow"}',
    '{"type":"ConfigureSuccess","request_id":"r","keyterms":[]}',
    '{"type":"ConfigureFailure","code":"CONFIGURE_INTERNAL_ERROR","description":"x"}',
    '{"type":"Connected","request_id":"r","sequence_id":0}',
    (
        '{"type":"TurnInfo","event":"StartOfTurn","turn_index":0,"audio_window_start":0,"audio_window_end":0.9,'
        '"transcript":"Move","words":[{"word":"Move","confidence":0.9}]}'
    ),
    (
        '{"type":"TurnInfo","event":"EndOfTurn","turn_index":0,"audio_window_start":0,"audio_window_end":3.1,'
        '"transcript":"Move it.","words":[{"word":"Move","confidence":0.9,"start":0.1,"end":0.5}],"trigger":"manual"}'
    ),
    '{"type":"TurnInfo","event":"Update","turn_index":1,"audio_window_start":3.1,"audio_window_end":4,"transcript":"On"}',
]
TYPES = sorted({json.loads(frame)["type"] for frame in FRAMES})
STRANGE: tuple[Any, ...] = (None, True, -1, 1e308, 10**40, "", "\ud83d", "\x00", [], {}, [[]], "x" * 5000)
MODELS = ("nova-3", "flux-general-en")


class Watched:
    """A protocol and what it promised so far."""

    def __init__(self, model: str) -> None:
        options = StreamOptions(settings={"api_key": "k", "model": model}, languages=("en",))
        self.stream = Deepgram().stream(options, EpochContext())
        self.asked = self.answered = self.sent = self.covered = 0

    def act(self, chance: float) -> None:
        if chance < 0.3:
            self.sent += 1600
            self.stream.audio(bytes(3200))
        elif chance < 0.4:
            self.asked += 1
            self.stream.commit()
        elif chance < 0.405:
            self.stream.keep_alive()

    def give(self, message: str | bytes) -> None:
        began = time.perf_counter()
        signals = self.stream.receive(message)
        assert time.perf_counter() - began < 1.0
        for signal in signals:
            assert isinstance(signal, SIGNALS)
            if isinstance(signal, Covered):
                assert self.covered < signal.samples <= self.sent
                self.covered = signal.samples
            elif isinstance(signal, CommitAnswer):
                self.answered += 1
                assert self.answered <= self.asked
            elif isinstance(signal, Failure):
                assert isinstance(signal.error, ProviderError)
            elif isinstance(signal, Freeze):
                assert all(0 <= word.start <= word.end <= self.sent / RATE + 1e-9 for word in signal.words)
                assert signal.start is not None
                assert signal.end is not None
                assert 0 <= signal.start <= signal.end <= self.sent / RATE + 1e-9


def mutated(chance: random.Random) -> str | bytes:
    frame = chance.choice(FRAMES)
    kind = chance.randrange(6)
    if kind == 0:
        return frame
    if kind < 4:
        data = json.loads(frame)
        place = data
        if kind == 3:  # deep inside
            while (inner := [v for v in _values(place) if isinstance(v, dict | list) and v]) and chance.random() < 0.8:
                place = chance.choice(inner)
        key = chance.choice(list(place) if isinstance(place, dict) else range(len(place)))
        if kind == 2:  # a field gone, the type another
            del place[key]
            data["type"] = chance.choice(TYPES)
        else:
            place[key] = chance.choice(STRANGE)
        return json.dumps(data)
    raw = bytearray(frame.encode())
    for _ in range(chance.randrange(1, 5)):
        at = chance.randrange(len(raw))
        if kind == 4:
            raw[at] = chance.randrange(256)
        else:
            del raw[at : at + chance.randrange(1, 20)]
            raw = raw or bytearray(b"{")
    return bytes(raw) if chance.random() < 0.5 else raw.decode("utf-8", "surrogateescape")


def _values(place: Any) -> list[Any]:
    return list(place.values()) if isinstance(place, dict) else place


def bombard(frames: int, seed: int) -> None:
    chance = random.Random(seed)
    watched = Watched(MODELS[0])
    for number in range(frames):
        if number % 100 == 0:
            watched = Watched(MODELS[number // 100 % 2])
        watched.act(chance.random())
        watched.give(mutated(chance))


def test_mutated_frames() -> None:
    bombard(6000, seed=1)


@pytest.mark.long
def test_a_hundred_thousand_mutated_frames() -> None:
    bombard(100_000, seed=2)


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(MODELS), st.one_of(st.binary(), st.text()))
def test_any_message(model: str, message: str | bytes) -> None:
    Watched(model).give(message)


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(MODELS), st.one_of(st.none(), st.integers(0, 70_000)), st.text())
def test_any_close(model: str, code: int | None, reason: str) -> None:
    error = Watched(model).stream.closed(code, reason)
    assert error is None or isinstance(error, ProviderError)


# ----------------------------------------------------------------------------------------------- misfortune

PATIENT = SessionPolicy(
    connect_s=20.0, backoff_first_s=0.01, backoff_cap_s=0.05, instant_s=0.0, max_instant_drops=50, failover_after=50
)


def misfortune(chance: random.Random) -> dict[str, Any]:
    at = chance.uniform(0.2, 6.0)
    return chance.choice(
        [
            {"drop_after_s": at},
            {"error": "SomethingNew", "error_after_s": at},
            {"close_after_s": at, "close_code": chance.choice([1000, 1001, 1005, 1011])},
            {"close_after_s": at, "close_code": 1011, "close_reason": "https://dpgr.am/net0000"},
            {"idle_s": chance.uniform(0.05, 0.3)},
            {"refuse_status": chance.choice([429, 503])},
        ]
    )


def behaviour(chance: random.Random, **more: Any) -> Behaviour:
    return Behaviour(
        cut_s=chance.choice([1.0, 3.0, 5.0]),
        answer_delay_s=chance.choice([0.0, 0.0, 0.05]),
        unmarked_finalize=chance.random() < 0.3,
        late_finalize=chance.random() < 0.5,
        eager=chance.random() < 0.5,
        forced_silence=chance.choice(["ignore", "answer"]),
        strangers=chance.random() < 0.5,
        **more,
    )


async def speak(it: Talk, chance: random.Random, *, pause: bool) -> int:
    """Some utterances, each committed or not; the number of words."""
    said = 0
    for _ in range(chance.randrange(1, 5)):
        count = chance.randrange(1, 20)
        await it.say(numbered_audio(said, count) + bytes(RATE * 2 if pause and chance.random() < 0.7 else 0))
        said += count
        if chance.random() < 0.7:
            handle = it.session.commit()
            if chance.random() < 0.7:
                await handle
    return said


async def survive(seed: int, model: str) -> None:
    chance = random.Random(seed)
    pause = chance.random() < 0.3
    troubles = [behaviour(chance, **misfortune(chance)) for _ in range(chance.randrange(4))]
    async with DeepgramServer(recognise=numbered, behaviours=[*troubles, behaviour(chance)]) as server:
        options = StreamOptions(
            settings={"api_key": server.key, "base_url": server.url, "replay_speed": 20.0, "model": model},
            commit=CommitMode.PAUSE if pause else CommitMode.MANUAL,
            pause_s=0.5,
            languages=("en",),
        )
        it = Talk(Session(lambda context: Deepgram().stream(options, context), "deepgram", policy=PATIENT))
        try:
            for _ in range(10):  # like a user who presses Connect again
                with suppress(ProviderError):
                    await it.session.connect()
                    break
            said = await speak(it, chance, pause=pause)
            async with asyncio.timeout(40):
                await it.session.disconnect()
        finally:
            await it.end()
        assert it.text == words(0, said), f"seed {seed}"
        assert server.problems == []


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("seed", range(1, 7))
async def test_every_word_once(seed: int, model: str) -> None:
    await survive(seed, model)


@pytest.mark.long
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("model", MODELS)
async def test_every_word_once_in_hundreds_of_runs(model: str) -> None:
    for seed in range(1000, 1150):
        await survive(seed, model)
