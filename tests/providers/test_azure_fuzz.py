"""Whatever the other side sends: no exception, no hang, only typed signals that keep the contract's promises."""

from __future__ import annotations

import json
import random
import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from debabelizer.contract import (
    CommitAnswer,
    Covered,
    EpochContext,
    Failure,
    Rewind,
    StreamOptions,
    VendorNotice,
    VendorSpeech,
)
from debabelizer.errors import ProviderError
from debabelizer.events import Freeze, Replace, Retract
from debabelizer_providers.azure import Azure
from fakes.azure_rules import framed, unframed
from fakes.recognisers import RATE

SIGNALS = (CommitAnswer, Covered, Failure, Freeze, Replace, Retract, Rewind, VendorNotice, VendorSpeech)
LOUD = b"\x00\x10" * 1600
_WORDS: list[Any] = [
    {"Word": "hello", "Offset": 1_000_000, "Duration": 4_000_000, "Confidence": 0.95},
    {"Word": "world", "Offset": 5_200_000, "Duration": 900_000, "Confidence": 0.9},
]
_DISPLAY: list[Any] = [{"DisplayText": "Hello", "Offset": 1_000_000, "Duration": 4_000_000}]
BODIES: list[tuple[str, Any]] = [
    ("turn.start", {"context": {"serviceTag": "c1a2"}}),
    ("speech.startDetected", {"Offset": 1_000_000}),
    ("speech.hypothesis", {"Id": "h", "Text": "hello wor", "Offset": 1_000_000, "Duration": 4_000_000, "Channel": 0}),
    ("speech.fragment", {"Text": "hello", "Offset": "1000000", "PrimaryLanguage": {"Language": "de-DE"}}),
    (
        "speech.phrase",
        {"RecognitionStatus": "Success", "DisplayText": "Hi.", "Offset": 1_000_000, "Duration": 5_100_000},
    ),
    (
        "speech.phrase",
        {
            "RecognitionStatus": "Success",
            "Offset": 1_000_000,
            "Duration": 5_100_000,
            "SpeakerId": "Guest-1",
            "NBest": [{"Confidence": 0.9, "Display": "Hello world.", "Words": _WORDS, "DisplayWords": _DISPLAY}],
        },
    ),
    ("speech.phrase", {"RecognitionStatus": "NoMatch", "Offset": 0, "Duration": 2_000_000}),
    ("speech.phrase", {"RecognitionStatus": "EndOfDictation", "Offset": 7_000_000, "Duration": 0}),
    ("speech.phrase", {"RecognitionStatus": "TooManyRequests"}),
    ("speech.endDetected", ""),
    ("turn.end", {}),
]
STRANGE: tuple[Any, ...] = (
    None, True, -1, 1e308, 10**40, "", "nan", "-inf", "\ud83d", "\x00", [], {}, [[]], "x" * 5000,
)  # fmt: skip


class Watched:
    """A protocol and what it promised so far."""

    def __init__(self) -> None:
        options = StreamOptions(settings={"api_key": "k"}, languages=("en",))
        self.stream = Azure().stream(options, EpochContext())
        self.asked = self.answered = self.sent = self.covered = 0
        self.request_id = ""

    def act(self, chance: float) -> None:
        if chance < 0.3:
            self.sent += 1600
            self._note(self.stream.audio(LOUD if chance < 0.2 else bytes(3200)))
        elif chance < 0.4 and self.asked == self.answered:  # a commit holds back what follows
            self.asked += 1
            self._note(self.stream.commit())

    def _note(self, messages: Any) -> None:
        for message in messages:
            self.request_id = unframed(message).request_id or self.request_id

    def give(self, message: str | bytes) -> None:
        began = time.thread_time()
        signals = self.stream.receive(message)
        assert time.thread_time() - began < 5.0, "a message must not hold up the loop"
        for signal in signals:
            assert isinstance(signal, SIGNALS)
            if isinstance(signal, Covered):
                assert self.covered < signal.samples <= self.sent
                self.covered = signal.samples
            elif isinstance(signal, Rewind):
                assert self.covered <= signal.samples <= self.sent
                self.answered = self.asked
            elif isinstance(signal, CommitAnswer):
                self.answered += 1
                assert self.answered <= self.asked
            elif isinstance(signal, Failure):
                assert isinstance(signal.error, ProviderError)
            elif isinstance(signal, Freeze):
                assert all(0 <= word.start <= word.end <= self.sent / RATE + 1e-9 for word in signal.words)
                assert all(word.confidence is None or 0 <= word.confidence <= 1 for word in signal.words)
                assert signal.start is not None
                assert signal.end is not None
                assert 0 <= signal.start <= signal.end <= self.sent / RATE + 1e-9


def mutated(chance: random.Random, request_id: str) -> str | bytes:
    path, body = chance.choice(BODIES)
    kind = chance.randrange(7)
    if kind == 0:
        return framed(path, request_id, body)
    if kind < 4 and body:
        place: Any = json.loads(json.dumps(body))
        whole = place
        if kind == 3:  # deep inside
            while (inner := [v for v in _values(place) if isinstance(v, dict | list) and v]) and chance.random() < 0.8:
                place = chance.choice(inner)
        key = chance.choice(list(place) if isinstance(place, dict) else range(len(place)))
        if kind == 2:  # a field gone, the path another
            del place[key]
            path = chance.choice(BODIES)[0]
        else:
            place[key] = chance.choice(STRANGE)
        return framed(path, request_id, whole)
    if kind == 6:
        path = chance.choice(["", "turn.end\r\n\r\n", "speech.weather", path.upper()])
        return framed(path, chance.choice(["", request_id, "0" * 32, "x" * 70_000]), body)
    raw = bytearray(framed(path, request_id, body).encode())
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
    watched = Watched()
    for number in range(frames):
        if number % 100 == 0:
            watched = Watched()
        watched.act(chance.random())
        watched.give(mutated(chance, watched.request_id))


def test_mutated_frames() -> None:
    bombard(6000, seed=1)


@pytest.mark.long
def test_a_hundred_thousand_mutated_frames() -> None:
    bombard(100_000, seed=2)


def test_a_phrase_of_fifty_thousand_words() -> None:
    watched = Watched()
    watched.act(0.0)
    many = [{"Word": "w", "Offset": n, "Duration": 1, "Confidence": 0.5} for n in range(50_000)]
    shown = [{"DisplayText": "W", "Offset": n, "Duration": 1} for n in range(50_000)]
    best = {"Display": "W " * 50_000, "Words": many, "DisplayWords": shown}
    body = {"RecognitionStatus": "Success", "Offset": 0, "Duration": 1, "NBest": [best]}
    watched.give(framed("speech.phrase", watched.request_id, body))


@settings(max_examples=200, deadline=None)
@given(st.one_of(st.binary(), st.text()))
def test_any_message(message: str | bytes) -> None:
    watched = Watched()
    watched.give(message)
    watched.act(0.0)
    watched.give(message)


@settings(max_examples=200, deadline=None)
@given(st.sampled_from([path for path, _ in BODIES]), st.one_of(st.text(), st.integers(), st.lists(st.text())))
def test_any_body(path: str, body: Any) -> None:
    watched = Watched()
    watched.act(0.0)
    watched.give(framed(path, watched.request_id, body))


@settings(max_examples=200, deadline=None)
@given(st.one_of(st.none(), st.integers(0, 70_000)), st.text())
def test_any_close(code: int | None, reason: str) -> None:
    error = Watched().stream.closed(code, reason)
    assert error is None or isinstance(error, ProviderError)
