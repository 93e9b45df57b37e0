"""Whatever the other side sends: no exception, no hang, only typed signals that keep the contract's promises."""

from __future__ import annotations

import json
import random
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from debabelizer.contract import (
    CommitAnswer,
    Covered,
    EpochContext,
    Failure,
    Finished,
    Ready,
    StreamOptions,
    VendorNotice,
)
from debabelizer.errors import ProviderError
from debabelizer.events import Append, Freeze, Replace, Retract, Tail
from debabelizer_providers.elevenlabs import ElevenLabs
from debabelizer_providers.elevenlabs.realtime import Realtime

SIGNALS = (Append, CommitAnswer, Covered, Failure, Finished, Freeze, Ready, Replace, Retract, Tail, VendorNotice)
EXCHANGE = Path(__file__).parents[1] / "data" / "elevenlabs" / "exchange.jsonl"
FRAMES = [
    *(line for line in EXCHANGE.read_text(encoding="utf-8").splitlines() if '"from"' in line),
    '{"message_type":"final_transcript","text":"Please"}',
    '{"message_type":"edited_transcript","text":"uh","edited_text":"Oh."}',
    '{"message_type":"diarized_transcript","segment_index":0,"text":"Hi.","words":[{"text":"Hi.","start":0,"end":1}]}',
    '{"message_type":"speakers_merged","from_speaker_id":"a","to_speaker_id":"b"}',
    '{"message_type":"warning","warning":"slow"}',
    '{"message_type":"commit_throttled","error":"too early"}',
    '{"message_type":"transcriber_error","error":"boom"}',
]
TYPES = sorted({json.loads(frame)["message_type"] for frame in FRAMES})
STRANGE: tuple[Any, ...] = (None, True, -1, 1e308, 10**40, "", "\ud83d", "\x00", [], {}, [[]], "x" * 5000)


class Watched:
    """A protocol and what it promised so far."""

    def __init__(self, **settings: Any) -> None:
        stream = ElevenLabs().stream(StreamOptions(settings={"api_key": "k", **settings}), EpochContext())
        assert isinstance(stream, Realtime)
        self.stream = stream
        self.asked = self.answered = self.sent = self.covered = 0

    def act(self, chance: float) -> None:
        if chance < 0.3:
            self.sent += 1600
            self.stream.audio(bytes(3200))
        elif chance < 0.4:
            self.asked += 1
            self.stream.commit()

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
                assert all(0 <= word.start <= word.end <= self.sent / 16_000 + 1e-9 for word in signal.words)


def mutated(chance: random.Random) -> str | bytes:
    frame = chance.choice(FRAMES)
    kind = chance.randrange(6)
    if kind == 0:
        return frame
    if kind == 1:  # a field that is not what it should be
        data = json.loads(frame)
        data[chance.choice(list(data))] = chance.choice(STRANGE)
        return json.dumps(data)
    if kind == 2:  # a field gone, the type another
        data = json.loads(frame)
        data.pop(chance.choice(list(data)))
        data["message_type"] = chance.choice(TYPES)
        return json.dumps(data)
    if kind == 3:  # deep in the words
        data = json.loads(frame)
        words = data.get("words")
        if isinstance(words, list) and words:
            word = chance.choice(words)
            word[chance.choice(list(word))] = chance.choice(STRANGE)
        return json.dumps(data)
    raw = bytearray(frame.encode())
    for _ in range(chance.randrange(1, 5)):
        place = chance.randrange(len(raw))
        if kind == 4:
            raw[place] = chance.randrange(256)
        else:
            del raw[place : place + chance.randrange(1, 20)]
            raw = raw or bytearray(b"{")
    return bytes(raw) if chance.random() < 0.5 else raw.decode("utf-8", "surrogateescape")


def bombard(frames: int, seed: int) -> None:
    chance = random.Random(seed)
    watched = Watched()
    for number in range(frames):
        if number % 200 == 0:
            extra = chance.choice([{}, {"transcript_edit": "x"}, {"timestamps": False}, {"word_times": "segment"}])
            watched = Watched(**extra)
        watched.act(chance.random())
        watched.give(mutated(chance))


def test_mutated_frames() -> None:
    bombard(4000, seed=1)


@pytest.mark.long
def test_a_hundred_thousand_mutated_frames() -> None:
    bombard(100_000, seed=2)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=10,
)
KEYS = st.sampled_from(["text", "words", "error", "session_id", "language_code", "entities", "edited_text", "other"])


@given(st.lists(st.tuples(st.sampled_from([*TYPES, "weather"]), st.dictionaries(KEYS, JSON, max_size=4)), max_size=8))
def test_any_json(frames: list[tuple[str, dict[str, Any]]]) -> None:
    watched = Watched()
    for number, (kind, content) in enumerate(frames):
        watched.act(number / 8)
        watched.give(json.dumps({"message_type": kind, **content}))


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.binary(), st.text()))
def test_any_message(message: str | bytes) -> None:
    Watched().give(message)


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.none(), st.integers(0, 70_000)), st.text())
def test_any_close(code: int | None, reason: str) -> None:
    error = Watched().stream.closed(code, reason)
    assert error is None or isinstance(error, ProviderError)
