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
    StreamOptions,
    VendorNotice,
)
from debabelizer.errors import ProviderError
from debabelizer.events import Freeze, Retract, Tail
from debabelizer.streaming import Session, SessionPolicy
from debabelizer_providers.soniox import Soniox
from fakes.recognisers import RATE, numbered, numbered_audio
from fakes.soniox_server import Behaviour, SonioxServer
from fakes.talk import Talk, words

SIGNALS = (CommitAnswer, Covered, Failure, Finished, Freeze, Retract, Tail, VendorNotice)
EXCHANGE = Path(__file__).parents[1] / "data" / "soniox" / "exchange.jsonl"
FRAMES = [
    *(
        json.dumps(step["got"])
        for line in EXCHANGE.read_text(encoding="utf-8").splitlines()
        if "got" in (step := json.loads(line))
    ),
    '{"tokens":[{"text":" Bon","is_final":true,"translation_status":"translation","language":"fr"}]}',
    '{"tokens":[{"text":"amen.<end>","is_final":true,"start_ms":10,"end_ms":20}],"final_audio_proc_ms":50}',
    '{"tokens":[],"error_code":503,"error_type":"service_unavailable","error_message":"restart","request_id":"r"}',
    '{"tokens":[],"error_code":408,"error_type":"request_timeout","error_message":"idle"}',
]
FIELDS = ("text", "start_ms", "end_ms", "is_final", "speaker", "language", "confidence", "translation_status")
STRANGE: tuple[Any, ...] = (
    None,
    True,
    -1,
    1e308,
    10**40,
    "",
    "\ud83d",
    "\x00",
    [],
    {},
    [[]],
    "<fin>" * 50,
    "x " * 2500,
)


class Watched:
    """A protocol and what it promised so far."""

    def __init__(self) -> None:
        options = StreamOptions(settings={"api_key": "k"}, languages=("en",))
        self.stream = Soniox().stream(options, EpochContext())
        self.asked = self.answered = self.sent = self.covered = 0
        self.frozen: set[Any] = set()

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
        assert time.perf_counter() - began < 5.0
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
            elif isinstance(signal, Tail):
                assert signal.segment not in self.frozen
            elif isinstance(signal, Freeze):
                self._frozen(signal)

    def _frozen(self, freeze: Freeze[Any]) -> None:
        assert freeze.text
        assert "<fin>" not in freeze.text
        assert freeze.segment not in self.frozen
        self.frozen.add(freeze.segment)
        heard = self.sent / RATE + 1e-9
        assert all(0 <= word.start <= word.end <= heard for word in freeze.words)
        assert freeze.end is None or 0 <= (freeze.start or 0.0) <= freeze.end <= heard


def mutated(chance: random.Random) -> str | bytes:
    frame = chance.choice(FRAMES)
    kind = chance.randrange(6)
    if kind == 0:
        return frame
    if kind < 4:
        data = json.loads(frame)
        place = data
        if kind > 1 and data.get("tokens"):  # inside a token
            place = chance.choice(data["tokens"])
        key = chance.choice([*place, *FIELDS] if place is not data else list(place))
        if kind == 2 and key in place:
            del place[key]
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


def bombard(frames: int, seed: int) -> None:
    chance = random.Random(seed)
    watched = Watched()
    for number in range(frames):
        if number % 100 == 0:
            watched = Watched()
        watched.act(chance.random())
        watched.give(mutated(chance))


def test_mutated_frames() -> None:
    bombard(6000, seed=1)


@pytest.mark.long
def test_a_hundred_thousand_mutated_frames() -> None:
    bombard(100_000, seed=2)


@settings(max_examples=200, deadline=None)
@given(st.one_of(st.binary(), st.text()))
def test_any_message(message: str | bytes) -> None:
    Watched().give(message)


@settings(max_examples=200, deadline=None)
@given(st.one_of(st.none(), st.integers(0, 70_000)), st.text())
def test_any_close(code: int | None, reason: str) -> None:
    error = Watched().stream.closed(code, reason)
    assert error is None or isinstance(error, ProviderError)


@pytest.mark.parametrize("timed", [True, False])
def test_a_flood_of_final_tokens_makes_no_segment_without_end(timed: bool) -> None:
    watched = Watched()
    watched.sent = RATE * 360
    watched.stream.audio(bytes(2 * RATE * 360))
    for number in range(3000):
        times = {"start_ms": number * 100, "end_ms": number * 100 + 90} if timed else {}
        watched.give(json.dumps({"tokens": [{"text": " word", "is_final": True, **times}]}))
    assert len(watched.frozen) >= (15 if timed else 2)


# ----------------------------------------------------------------------------------------------- misfortune

PATIENT = SessionPolicy(
    connect_s=5.0, backoff_first_s=0.01, backoff_cap_s=0.05, instant_s=0.0, max_instant_drops=50, failover_after=50
)


def misfortune(chance: random.Random) -> dict[str, Any]:
    at = chance.uniform(0.2, 12.0)
    return chance.choice(
        [
            {"drop_after_s": at},
            {"error": 503, "error_kind": "service_unavailable", "error_after_s": at},
            {"error": 500, "error_kind": "internal_error", "error_after_s": at},
            {"longest_s": at},
            {"close_after_s": at, "close_code": chance.choice([1000, 1001, 1005, 1011])},
            {"idle_s": chance.uniform(0.05, 0.3), "idle_error": chance.random() < 0.5},
            {"refuse_status": chance.choice([429, 503]), "refuse_by_frame": chance.random() < 0.5},
        ]
    )


def behaviour(chance: random.Random, **more: Any) -> Behaviour:
    return Behaviour(
        cut_s=chance.choice([1.0, 3.0, 5.0]),
        splits_words=chance.random() < 0.7,
        answer_delay_s=chance.choice([0.0, 0.0, 0.02]),
        glued_marks=chance.random() < 0.3,
        guesses=chance.random() < 0.5,
        progress=chance.random() < 0.8,
        strangers=chance.random() < 0.3,
        **more,
    )


async def speak(it: Talk, chance: random.Random, *, pause: bool) -> int:
    """Some utterances, each committed or not; the number of words."""
    said = 0
    for _ in range(chance.randrange(1, 5)):
        count = chance.choice([chance.randrange(1, 20), chance.randrange(20, 80)])
        await it.say(numbered_audio(said, count) + bytes(RATE * 2 if pause and chance.random() < 0.7 else 0))
        said += count
        if chance.random() < 0.7:
            handle = it.session.commit()
            if chance.random() < 0.7:
                await handle
    return said


async def survive(seed: int) -> None:
    chance = random.Random(seed)
    pause = chance.random() < 0.4
    troubles = [behaviour(chance, **misfortune(chance)) for _ in range(chance.randrange(4))]
    async with SonioxServer(recognise=numbered, behaviours=[*troubles, behaviour(chance)]) as server:
        options = StreamOptions(
            settings={"api_key": server.key, "base_url": server.url, "replay_speed": 50.0},
            commit=CommitMode.PAUSE if pause else CommitMode.MANUAL,
            pause_s=0.5,
            languages=("en",),
        )
        it = Talk(Session(lambda context: Soniox().stream(options, context), "soniox", policy=PATIENT))
        try:
            for _ in range(10):  # like a user who presses Connect again
                with suppress(ProviderError):
                    await it.session.connect()
                    break
            said = await speak(it, chance, pause=pause)
            async with asyncio.timeout(60):
                await it.session.disconnect()
        finally:
            await it.end()
        assert it.text == words(0, said), f"seed {seed}"
        assert server.problems == [], f"seed {seed}"


@pytest.mark.parametrize("seed", range(1, 11))
async def test_every_word_once(seed: int) -> None:
    await survive(seed)


@pytest.mark.long
@pytest.mark.timeout(1800)
async def test_every_word_once_in_hundreds_of_runs() -> None:
    for seed in range(1000, 1250):
        await survive(seed)
