"""Frames as no vendor should send them: any provider's recorded messages, changed at random."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from debabelizer.contract import (
    CommitAnswer,
    Covered,
    Failure,
    Finished,
    Ready,
    Rewind,
    StreamProtocol,
    VendorNotice,
    VendorSpeech,
    WireMessage,
)
from debabelizer.errors import ProviderError
from debabelizer.events import Append, Freeze, Replace, Retract, Tail

SIGNALS = (
    Append,
    CommitAnswer,
    Covered,
    Failure,
    Finished,
    Freeze,
    Ready,
    Replace,
    Retract,
    Rewind,
    Tail,
    VendorNotice,
    VendorSpeech,
)
STRANGE: tuple[Any, ...] = (None, True, -1, 1e308, 10**40, "", "\ud83d", "\x00", [], {}, [[]], "x" * 5000)
_FRAMES_A_CONNECTION = 100


def mutated(frame: WireMessage, chance: random.Random) -> WireMessage:
    """JSON loses, swaps and gains values, at the top or deep inside; anything has bytes changed or torn out."""
    if chance.random() < 0.6:
        try:
            data = json.loads(frame)
        except ValueError:
            pass
        else:
            if isinstance(data, dict) and data:
                _change(data, chance)
                return json.dumps(data)
    raw = bytearray(frame.encode("utf-8", "surrogatepass") if isinstance(frame, str) else frame)
    for _ in range(chance.randrange(1, 5)):
        raw = raw or bytearray(b"{")
        at = chance.randrange(len(raw))
        if chance.random() < 0.5:
            raw[at] = chance.randrange(256)
        else:
            del raw[at : at + chance.randrange(1, 20)]
    # what arrives as text is text: a WebSocket or gRPC library has refused anything else before
    return bytes(raw) if isinstance(frame, bytes) else raw.decode("utf-8", "replace")


def _change(place: Any, chance: random.Random) -> None:
    while chance.random() < 0.6:
        inner = [value for value in (place.values() if isinstance(place, dict) else place) if value]
        inner = [value for value in inner if isinstance(value, dict | list)]
        if not inner:
            break
        place = chance.choice(inner)
    key = chance.choice(list(place) if isinstance(place, dict) else range(len(place)))
    if chance.random() < 0.3:
        del place[key]
    else:
        place[key] = chance.choice(STRANGE)


@dataclass
class Bombardment:
    """``untyped``: exceptions that came out, and what came out in place of signals; ``slowest_s``: of one frame."""

    frames: int = 0
    failures: int = 0
    untyped: int = 0
    example: str = ""
    slowest_s: float = 0.0


def bombard(
    open_protocol: Callable[[], StreamProtocol], recorded: Sequence[WireMessage], frames: int, seed: int
) -> Bombardment:
    """``frames`` messages, most of them mutated, to connection after connection that speaks and commits meanwhile."""
    chance, found = random.Random(seed), Bombardment()
    while found.frames < frames:
        protocol = open_protocol()
        protocol.opening()
        for _ in range(min(_FRAMES_A_CONNECTION, frames - found.frames)):
            what = chance.random()
            if what < 0.3:
                protocol.audio(bytes(3200))
            elif what < 0.4:
                protocol.commit()
            frame = chance.choice(recorded)
            _give(protocol, frame if chance.random() < 0.2 else mutated(frame, chance), found)
    return found


def _give(protocol: StreamProtocol, frame: WireMessage, found: Bombardment) -> None:
    began = time.perf_counter()
    try:
        signals = list(protocol.receive(frame))
        strangers = [signal for signal in signals if not isinstance(signal, SIGNALS)]
        failures = [signal for signal in signals if isinstance(signal, Failure)]
        strangers += [failure for failure in failures if not isinstance(failure.error, ProviderError)]
    except Exception as fault:
        strangers, failures = [fault], []
    found.slowest_s = max(found.slowest_s, time.perf_counter() - began)
    found.frames += 1
    found.failures += bool(failures)
    found.untyped += bool(strangers)
    if strangers and not found.example:
        found.example = f"{strangers[0]!r} for {frame!r}"
