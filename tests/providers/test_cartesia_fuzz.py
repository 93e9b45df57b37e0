"""Whatever the other side sends: no exception, no hang, only typed signals that keep the contract's promises; and
whatever happens to the connections, every word once."""

from __future__ import annotations

import asyncio
import json
import random
import time
from contextlib import suppress
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
from debabelizer.events import Committed, Freeze, Replace, Tail
from debabelizer.streaming import Session, SessionPolicy
from debabelizer_providers.cartesia import Cartesia
from fakes.cartesia_server import Behaviour, CartesiaServer
from fakes.recognisers import RATE, numbered, numbered_audio
from fakes.talk import Talk, words

SIGNALS = (CommitAnswer, Covered, Failure, Finished, Freeze, Ready, Replace, Tail, VendorNotice, VendorSpeech)
MANUAL = [
    '{"type":"transcript","request_id":"r","text":"Please move the","is_final":false}',
    '{"type":"transcript","request_id":"r","text":"Please move the meet","is_final":true,"duration":1.4}',
    (
        '{"type":"transcript","request_id":"r","text":"ing to Thursday.","is_final":true,"duration":1.1,'
        '"language":"en","words":[{"word":"Thursday.","start":2.05,"end":2.52},{"word":"So","start":2.6,"end":2.7}]}'
    ),
    (
        '{"type":"transcript","request_id":"r","text":" Yes.","is_final":true,"duration":0.5,'
        '"words":[{"words":["Yes."],"start":[0.1],"end":[0.4]}]}'
    ),
    '{"type":"flush_done","request_id":"r"}',
    '{"type":"flush_done","request_id":"r"}',
    '{"type":"done","request_id":"r"}',
    '{"type":"error","request_id":"r","status_code":400,"title":"Bad","message":"no","error_code":"bad","doc_url":"u"}',
    '{"type":"error","message":"no","code":500}',
]
TURNS = [
    '{"type":"connected","request_id":"r"}',
    '{"type":"turn.start","request_id":"r"}',
    '{"type":"turn.update","request_id":"r","transcript":"Please move the"}',
    '{"type":"turn.eager_end","request_id":"r","transcript":"Please move the meeting"}',
    '{"type":"turn.resume","request_id":"r"}',
    '{"type":"turn.end","request_id":"r","transcript":"Please move the meeting to Thursday."}',
    '{"type":"error","request_id":"r","status_code":429,"title":"Busy","message":"no"}',
]
TYPES = sorted({json.loads(frame)["type"] for frame in MANUAL + TURNS})
STRANGE: tuple[Any, ...] = (None, True, -1, 1e308, 10**40, "", "\ud83d", "\x00", [], {}, [[]], "x" * 5000)
MODES = {CommitMode.MANUAL: MANUAL, CommitMode.PAUSE: TURNS}


class Watched:
    """A protocol and what it promised so far."""

    def __init__(self, commit: CommitMode) -> None:
        options = StreamOptions(settings={"api_key": "k"}, languages=("en",), commit=commit)
        self.stream: Any = Cartesia().stream(options, EpochContext())
        self.asked = self.answered = self.sent = self.covered = 0

    def act(self, chance: float) -> None:
        if chance < 0.3:
            self.sent += 1600
            self.stream.audio(bytes(3200))
        elif chance < 0.4:
            self.asked += bool(self.stream.commit())
        elif chance < 0.42:
            self.stream.keep_alive()
        elif chance < 0.421:
            self.stream.finish()
            for signal in self.stream.last_words(1000):
                self.see(signal)

    def give(self, message: str | bytes) -> None:
        began = time.perf_counter()
        signals = self.stream.receive(message)
        assert time.perf_counter() - began < 1.0
        for signal in signals:
            self.see(signal)

    def see(self, signal: Any) -> None:
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


def mutated(frames: list[str], chance: random.Random) -> str | bytes:
    frame = chance.choice(frames)
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
    for number in range(frames):
        if number % 100 == 0:
            commit = chance.choice(list(MODES))
            watched = Watched(commit)
        watched.act(chance.random())
        watched.give(mutated(MODES[commit] if chance.random() < 0.9 else MANUAL + TURNS, chance))


def test_mutated_frames() -> None:
    bombard(6000, seed=1)


@pytest.mark.long
def test_a_hundred_thousand_mutated_frames() -> None:
    bombard(100_000, seed=2)


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(list(MODES)), st.one_of(st.binary(), st.text()))
def test_any_message(commit: CommitMode, message: str | bytes) -> None:
    Watched(commit).give(message)


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(list(MODES)), st.one_of(st.none(), st.integers(0, 70_000)), st.text())
def test_any_close(commit: CommitMode, code: int | None, reason: str) -> None:
    error = Watched(commit).stream.closed(code, reason)
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
            {"error": chance.choice([429, 500, 503]), "error_after_s": at},
            {"close_after_s": at, "close_code": chance.choice([1000, 1001, 1005, 1011])},
            {"idle_s": chance.uniform(0.05, 0.3)},
            {"refuse_status": chance.choice([429, 503])},
        ]
    )


def behaviour(chance: random.Random, **more: Any) -> Behaviour:
    return Behaviour(
        answer_delay_s=chance.choice([0.0, 0.0, 0.05]),
        piece_s=chance.choice([None, 1.0, 3.0]),
        cut_words=chance.random() < 0.4,
        silent_until_final=chance.random() < 0.3,
        new_ids=chance.random() < 0.5,
        word_times=chance.choice(["", "stream", "piece", "arrays"]),
        durations=chance.random() < 0.7,
        done=chance.random() < 0.7,
        open_at_close=chance.random() < 0.5,
        strangers=chance.random() < 0.5,
        **more,
    )


async def speak(it: Talk, chance: random.Random) -> int:
    """Some utterances, each committed or not; the number of words."""
    said = 0
    for _ in range(chance.randrange(1, 5)):
        count = chance.randrange(1, 20)
        await it.say(numbered_audio(said, count) + bytes(RATE * 2 if chance.random() < 0.3 else 0))
        said += count
        if chance.random() < 0.7:
            handle = it.session.commit()
            if chance.random() < 0.7:
                await handle
    return said


async def speak_in_turns(it: Talk, chance: random.Random) -> int:
    """As one speaks: what follows a turn comes when that has ended. Once a turn is taken back with its connection, it
    has to end again."""
    said = 0
    for _ in range(chance.randrange(1, 4)):
        count = chance.randrange(1, 12)
        await it.say(numbered_audio(said, count) + bytes(RATE * 2))
        said += count
        if chance.random() < 0.3:
            it.session.commit()
        await it.until(lambda t, said=said: t.of(Committed) and t.text.endswith(f"w{said - 1}"), 20)
        await it.until(lambda t: all(segment.committed for segment in t.map.segments() if segment.text), 20)
    return said


async def survive(seed: int, commit: CommitMode) -> None:
    chance = random.Random(seed)
    turns = commit is CommitMode.PAUSE
    troubles = [behaviour(chance, **misfortune(chance)) for _ in range(chance.randrange(4))]
    async with CartesiaServer(recognise=numbered, behaviours=[*troubles, behaviour(chance)]) as server:
        options = StreamOptions(
            settings={"api_key": server.key, "base_url": server.url, "replay_speed": 50.0},
            commit=commit,
            pause_s=0.5,
            languages=("en",),
        )
        it = Talk(Session(lambda context: Cartesia().stream(options, context), "cartesia", policy=PATIENT))
        try:
            for _ in range(10):  # like a user who presses Connect again
                with suppress(ProviderError):
                    await it.session.connect()
                    break
            said = await (speak_in_turns if turns else speak)(it, chance)
            async with asyncio.timeout(40):
                await it.session.disconnect()
        finally:
            await it.end()
        assert it.text == words(0, said), f"seed {seed}"
        assert server.problems == []


@pytest.mark.parametrize("seed", range(1, 9))
async def test_every_word_once(seed: int) -> None:
    await survive(seed, CommitMode.MANUAL)


@pytest.mark.parametrize("seed", range(1, 4))
async def test_every_word_once_in_turns(seed: int) -> None:
    await survive(seed, CommitMode.PAUSE)


@pytest.mark.long
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("commit", list(MODES))
async def test_every_word_once_in_hundreds_of_runs(commit: CommitMode) -> None:
    for seed in range(1000, 1150):
        await survive(seed, commit)
