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
from debabelizer.events import Append, Freeze, Replace
from debabelizer_providers.openai import OpenAI

SIGNALS = (Append, CommitAnswer, Covered, Failure, Finished, Freeze, Ready, Replace, VendorNotice, VendorSpeech)
EXCHANGE = Path(__file__).parents[1] / "data" / "openai" / "exchange.jsonl"
FRAMES = [
    *(line for line in EXCHANGE.read_text(encoding="utf-8").splitlines() if '"from"' in line),
    '{"type":"input_audio_buffer.speech_started","audio_start_ms":420,"item_id":"item_A1"}',
    '{"type":"input_audio_buffer.speech_stopped","audio_end_ms":900,"item_id":"item_A1"}',
    '{"type":"input_audio_buffer.partial_transcription","item_id":"item_A2","transcript":"Call"}',
    '{"type":"conversation.item.input_audio_transcription.failed","item_id":"item_A2","error":{"code":"x"}}',
    '{"type":"error","error":{"type":"invalid_request_error","code":"x","message":"m","event_id":"commit-1"}}',
    '{"type":"error","error":{"code":"input_audio_buffer_commit_empty","event_id":"commit-2"}}',
    '{"type":"error","error":"boom","code":"processing_error"}',
    '{"type":"transcription.delta","delta":" Hello"}',
    '{"type":"transcription.done","text":"Hello.","usage":{}}',
]
TYPES = sorted({json.loads(frame)["type"] for frame in FRAMES})
STRANGE: tuple[Any, ...] = (None, True, -1, 1e308, 10**40, "", "\ud83d", "\x00", [], {}, [[]], "x" * 5000)
OWN = {"base_url": "http://localhost:1/v1"}
KINDS: list[dict[str, Any]] = [
    {},
    {"model": "gpt-4o-transcribe", "turn_detection": "server_vad"},
    {"audio_format": "pcmu", "errors_end": True},
    {"dialect": "speaches", **OWN},
    {"dialect": "vllm", **OWN},
]


class Watched:
    """A protocol and what it promised so far."""

    def __init__(self, kind: dict[str, Any]) -> None:
        options = StreamOptions(settings={"api_key": "k", **kind}, commit=CommitMode.PAUSE)
        self.stream = OpenAI().stream(options, EpochContext())
        self.form = self.stream.limits.audio
        self.asked = self.answered = self.sent = self.covered = 0
        self.frozen: set[str | int] = set()

    def act(self, chance: float) -> None:
        if chance < 0.3:
            self.sent += 1600
            self.stream.audio(bytes(1600 * self.form.sample_bytes))
        elif chance < 0.4:
            self.asked += bool(self.stream.commit())
        elif chance < 0.402:
            self.stream.finish()

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
                assert signal.segment not in self.frozen, "nothing changes after the transcript"
                self.frozen.add(signal.segment)
                assert signal.start is None or 0 <= signal.start <= self.sent / self.form.rate


def mutated(chance: random.Random) -> str | bytes:
    frame = chance.choice(FRAMES)
    kind = chance.randrange(6)
    if kind == 0:
        return frame
    data = json.loads(frame)
    if kind == 1:  # a field that is not what it should be
        data[chance.choice(list(data))] = chance.choice(STRANGE)
        return json.dumps(data)
    if kind == 2:  # a field gone, the type another
        data.pop(chance.choice(list(data)))
        data["type"] = chance.choice(TYPES)
        return json.dumps(data)
    if kind == 3:  # another item, or deep in the error
        if isinstance(data.get("error"), dict):
            data["error"][chance.choice(list(data["error"]))] = chance.choice(STRANGE)
        data["item_id"] = f"item_{chance.randrange(6)}"
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
    watched = Watched({})
    for number in range(frames):
        if number % 100 == 0:
            watched = Watched(chance.choice(KINDS))
        watched.act(chance.random())
        watched.give(mutated(chance))


def test_mutated_frames() -> None:
    bombard(5000, seed=1)


@pytest.mark.long
def test_a_hundred_thousand_mutated_frames() -> None:
    bombard(100_000, seed=2)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=10,
)
KEYS = st.sampled_from(["item_id", "content_index", "delta", "transcript", "error", "session", "languages", "other"])


@given(
    st.sampled_from(KINDS),
    st.lists(st.tuples(st.sampled_from([*TYPES, "weather"]), st.dictionaries(KEYS, JSON, max_size=4)), max_size=8),
)
def test_any_json(kind: dict[str, Any], frames: list[tuple[str, dict[str, Any]]]) -> None:
    watched = Watched(kind)
    for number, (event, content) in enumerate(frames):
        watched.act(number / 8)
        watched.give(json.dumps({"type": event, **content}))


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(KINDS), st.one_of(st.binary(), st.text()))
def test_any_message(kind: dict[str, Any], message: str | bytes) -> None:
    Watched(kind).give(message)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(KINDS), st.one_of(st.none(), st.integers(0, 70_000)), st.text())
def test_any_close(kind: dict[str, Any], code: int | None, reason: str) -> None:
    error = Watched(kind).stream.closed(code, reason)
    assert error is None or isinstance(error, ProviderError)
