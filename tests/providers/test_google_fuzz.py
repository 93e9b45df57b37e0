"""Whatever the other side sends: no exception, no hang, only typed signals that keep the contract's promises; and
whatever happens to the calls, every word once."""

from __future__ import annotations

import asyncio
import random
import time
from contextlib import suppress
from typing import Any

import msgspec
import pytest
from google.cloud.speech_v1.types import cloud_speech as v1
from google.cloud.speech_v2.types import cloud_speech as v2
from google.protobuf.json_format import ParseDict
from grpc import StatusCode
from hypothesis import given, settings
from hypothesis import strategies as st

from debabelizer.contract import (
    CommitAnswer,
    CommitMode,
    Covered,
    EpochContext,
    Failure,
    GrpcStatus,
    Ready,
    Rewind,
    StreamOptions,
    VendorNotice,
    VendorSpeech,
)
from debabelizer.errors import ProviderError
from debabelizer.events import Freeze, Replace, Retract, Tail
from debabelizer.streaming import Session, SessionPolicy
from debabelizer_providers.google import Google
from fakes.google_server import Behaviour, GoogleServer
from fakes.recognisers import RATE, numbered, numbered_audio
from fakes.talk import Talk, words

SIGNALS = (CommitAnswer, Covered, Failure, Freeze, Ready, Replace, Retract, Rewind, Tail, VendorNotice, VendorSpeech)
VERSIONS = ("v2", "v1")
WORDS = [{"word": f"w{n}", "startOffset": f"{n}s", "endOffset": f"{n}.8s", "confidence": 0.9} for n in range(4)]
RESPONSES: tuple[dict[str, Any], ...] = (
    {"results": [{"alternatives": [{"transcript": "move it"}], "stability": 0.1, "resultEndOffset": "1.2s"}]},
    {
        "results": [
            {"alternatives": [{"transcript": "move it"}], "stability": 0.9},
            {"alternatives": [{"transcript": " there"}], "stability": 0.01},
        ]
    },
    {
        "results": [
            {"alternatives": [{"transcript": " w0 w1", "words": WORDS}], "isFinal": True, "resultEndOffset": "2s"}
        ]
    },
    {
        "results": [
            {
                "alternatives": [{"transcript": "x"}],
                "isFinal": True,
                "resultEndOffset": "3.5s",
                "languageCode": "de-de",
            },
            {"alternatives": [{"transcript": "y"}], "stability": 0.5},
        ]
    },
    {"results": [{"alternatives": [{}], "isFinal": True}]},
    {"speechEventType": "SPEECH_ACTIVITY_BEGIN", "speechEventOffset": "0.4s"},
    {"speechEventType": "END_OF_SINGLE_UTTERANCE"},
    {},
)


def frames() -> dict[str, list[bytes]]:
    made: dict[str, list[bytes]] = {"v2": [], "v1": []}
    names = {"resultEndOffset": "resultEndTime", "startOffset": "startTime", "endOffset": "endTime"}
    names["speechEventOffset"] = "speechEventTime"
    for wanted in RESPONSES:
        made["v2"].append(ParseDict(wanted, v2.StreamingRecognizeResponse.pb()()).SerializeToString())
        text = msgspec.json.encode(wanted).decode()
        for new, old in names.items():
            text = text.replace(new, old)
        older = ParseDict(msgspec.json.decode(text), v1.StreamingRecognizeResponse.pb()())
        made["v1"].append(older.SerializeToString())
    failed = ParseDict({"error": {"code": 13, "message": "x"}}, v1.StreamingRecognizeResponse.pb()())
    made["v1"].append(failed.SerializeToString())
    return made


FRAMES = frames()
STATUSES = [GrpcStatus(code, words).encode() for code in range(18) for words in ("", "too fast", "Audio Timeout Error")]


class Watched:
    """A protocol and what it promised so far."""

    def __init__(self, version: str) -> None:
        chosen = {"api_key": "k", "project": "p", "api_version": version}
        self.stream = Google().stream(StreamOptions(settings=chosen, languages=("en",)), EpochContext())
        self.version = version
        self.asked = self.answered = self.sent = self.covered = 0

    def act(self, chance: float) -> None:
        if chance < 0.3:
            self.sent += 1600
            self.stream.audio(bytes(3200))
        elif chance < 0.35 and self.asked == self.answered:
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
            elif isinstance(signal, Rewind):
                assert self.covered <= signal.samples <= self.sent
                self.asked = self.answered
            elif isinstance(signal, CommitAnswer):
                self.answered += 1
                assert self.answered <= self.asked
            elif isinstance(signal, Failure):
                assert isinstance(signal.error, ProviderError)
            elif isinstance(signal, Freeze):
                end = self.sent / RATE + 1e-9
                assert all(0 <= word.start <= word.end <= end for word in signal.words)
                assert signal.start is not None
                assert 0 <= signal.start <= (signal.start if signal.end is None else signal.end) <= end


def mutated(chance: random.Random, version: str) -> str | bytes:
    if chance.random() < 0.1:
        status = chance.choice(STATUSES)
        if chance.random() < 0.5:
            return status
        at = chance.randrange(len(status))
        return status[:at] + chr(chance.randrange(32, 0xD800)) + status[at + chance.randrange(3) :]
    raw = bytearray(chance.choice(FRAMES[version]))
    for _ in range(chance.randrange(4)):
        at = chance.randrange(len(raw)) if raw else 0
        match chance.randrange(4) if raw else 3:
            case 0:
                raw[at] = chance.randrange(256)
            case 1:
                del raw[at : at + chance.randrange(1, 9)]
            case 2:
                raw[at:at] = raw[chance.randrange(len(raw)) :]
            case _:
                raw[at:at] = bytes(chance.randrange(256) for _ in range(chance.randrange(1, 6)))
    return bytes(raw)


def bombard(count: int, seed: int) -> None:
    chance = random.Random(seed)
    watched = Watched("v2")
    for number in range(count):
        if number % 100 == 0:
            watched = Watched(VERSIONS[number // 100 % 2])
        watched.act(chance.random())
        watched.give(mutated(chance, watched.version))


def test_mutated_frames() -> None:
    bombard(6000, seed=1)


@pytest.mark.long
def test_a_hundred_thousand_mutated_frames() -> None:
    bombard(100_000, seed=2)


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(VERSIONS), st.one_of(st.binary(), st.text()))
def test_any_message(version: str, message: str | bytes) -> None:
    watched = Watched(version)
    watched.act(0.0)
    watched.give(message)


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(VERSIONS), st.one_of(st.none(), st.integers(-1, 70_000)), st.text())
def test_any_close(version: str, code: int | None, reason: str) -> None:
    error = Watched(version).stream.closed(code, reason)
    assert error is None or isinstance(error, ProviderError)


# ----------------------------------------------------------------------------------------------------- misfortune

PATIENT = SessionPolicy(
    connect_s=20.0, backoff_first_s=0.01, backoff_cap_s=0.05, instant_s=0.0, max_instant_drops=50, failover_after=50
)
PASSING = (StatusCode.UNAVAILABLE, StatusCode.INTERNAL, StatusCode.UNKNOWN, StatusCode.ABORTED, StatusCode.CANCELLED)


def misfortune(chance: random.Random) -> dict[str, Any]:
    at = chance.uniform(0.2, 6.0)
    return chance.choice(
        [
            {"drop_after_s": at},
            {"fail_after_s": at, "fail_code": chance.choice(PASSING)},
            {"longest_s": at},
            {"garbage_after_s": at},
            {"idle_s": chance.uniform(0.1, 0.3)},
            {"refuse": chance.choice([StatusCode.RESOURCE_EXHAUSTED, StatusCode.UNAVAILABLE])},
        ]
    )


def behaviour(chance: random.Random, **more: Any) -> Behaviour:
    return Behaviour(
        cut_s=chance.choice([1.0, 3.0, 20.0]),
        answer_delay_s=chance.choice([0.0, 0.0, 0.05]),
        doubled=chance.random() < 0.3,
        empty_finals=chance.random() < 0.3,
        pieces=chance.random() < 0.5,
        spaced=chance.random() < 0.5,
        repeats_words=chance.random() < 0.2,
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


async def survive(seed: int, version: str) -> None:
    chance = random.Random(seed)
    pause = chance.random() < 0.3
    troubles = [behaviour(chance, **misfortune(chance)) for _ in range(chance.randrange(5))]
    async with GoogleServer(recognise=numbered, behaviours=[*troubles, behaviour(chance)]) as server:
        options = StreamOptions(
            settings={
                "api_key": server.key,
                "project": server.project,
                "base_url": server.url,
                "replay_speed": 20.0,
                "api_version": version,
            },
            commit=CommitMode.PAUSE if pause else CommitMode.MANUAL,
            languages=("en",),
        )
        it = Talk(Session(lambda context: Google().stream(options, context), "google", policy=PATIENT))
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
        assert server.problems == []


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("seed", range(1, 7))
async def test_every_word_once(seed: int, version: str) -> None:
    await survive(seed, version)


@pytest.mark.long
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("version", VERSIONS)
async def test_every_word_once_in_hundreds_of_runs(version: str) -> None:
    for seed in range(1000, 1150):
        await survive(seed, version)
