"""A tiny vendor for numbered audio: every sample says which one it is, and finals name the samples they recognised.

Sample ``n`` has the value ``n % PERIOD + 1``; zero is silence and is not recognised. A final's text is a list of
runs ``value+count``; ``unrolled`` turns the finals of a session back into sample numbers.
"""

from __future__ import annotations

import json
from array import array
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from debabelizer.contract import (
    CommitAnswer,
    CommitOutcome,
    Covered,
    EpochContext,
    Failure,
    Finished,
    Opening,
    Ready,
    StreamLimits,
    StreamSignal,
    VendorNotice,
    VendorSpeech,
    WebSocketOpening,
    WireMessage,
    WorkerOpening,
)
from debabelizer.errors import (
    AuthenticationError,
    ConnectionError,
    ProviderError,
    QuotaExceededError,
    RateLimitError,
    StreamingError,
)
from debabelizer.events import Append, Freeze, Replace, Retract, Tail

PERIOD = 32_749
RATE = 16_000

ERRORS: dict[str, type[ProviderError]] = {
    "auth": AuthenticationError,
    "quota": QuotaExceededError,
    "rate": RateLimitError,
    "network": ConnectionError,
    "protocol": StreamingError,
}


_CYCLE = array("h", range(1, PERIOD + 1)).tobytes()


def numbered(first: int, count: int) -> bytes:
    """``count`` samples of PCM from sample ``first`` on."""
    begin = 2 * (first % PERIOD)
    cycles = (begin + 2 * count) // len(_CYCLE) + 1
    return (_CYCLE * cycles)[begin : begin + 2 * count]


def runs_of(pcm: bytes) -> list[list[int]]:
    """The numbered samples in ``pcm`` as runs of value and count."""
    samples = array("h", pcm)
    if samples and samples[0] and pcm == numbered(samples[0] - 1, len(samples)):
        return [[samples[0], len(samples)]]  # one run, as nearly always
    runs: list[list[int]] = []
    for value in samples:
        if value == 0:
            continue
        if runs and (runs[-1][0] - 1 + runs[-1][1]) % PERIOD + 1 == value:
            runs[-1][1] += 1
        else:
            runs.append([value, 1])
    return runs


def text_of(runs: Sequence[Sequence[int]]) -> str:
    return " ".join(f"{value}+{count}" for value, count in runs)


def unrolled(texts: Sequence[str], first: int = 0) -> int:
    """The sample after the last one recognised; raises AssertionError where one is missing, double or out of order."""
    position = first
    for text in texts:
        for run in text.split():
            value, count = map(int, run.split("+"))
            assert value == position % PERIOD + 1, (
                f"expected sample {position} next, heard a run of value {value}: {texts}"
            )
            position += count
    return position


def tally(texts: Sequence[str], total: int) -> tuple[int, int]:
    """Of ``total`` samples said: how many are missing, and how many too many. ``(0, 0)``: each one once, in order."""
    position = lost = doubled = 0
    for text in texts:
        for run in text.split():
            value, count = map(int, run.split("+"))
            ahead = (value - 1 - position) % PERIOD
            if ahead < PERIOD // 2:
                lost += ahead
                position += ahead + count
            else:
                again = min(PERIOD - ahead, count)
                doubled += again
                position += count - again
    return lost + max(0, total - position), doubled + max(0, position - total)


class NumberedProtocol:
    """Sans-I/O client of the numbered vendor. ``target`` is a ws URL or ``package.module:function``."""

    def __init__(
        self,
        target: str,
        context: EpochContext | None = None,
        *,
        limits: StreamLimits | None = None,
        headers: Mapping[str, str] | None = None,
        idle_unload_s: float | None = 600.0,
        opening: Opening | None = None,
        commits: bool = True,
    ) -> None:
        self._target = target
        self._headers = headers or {}
        self._limits = limits or StreamLimits()
        self._idle_unload_s = idle_unload_s
        self._opening = opening
        self._commits = commits
        self.context = context or EpochContext()

    @property
    def limits(self) -> StreamLimits:
        return self._limits

    def opening(self) -> Opening:
        if self._opening is not None:
            return self._opening
        first = (json.dumps({"hello": self.context.epoch}),)
        if "://" in self._target:
            return WebSocketOpening(url=self._target, headers=self._headers, first=first)
        return WorkerOpening(target=self._target, first=first, idle_unload_s=self._idle_unload_s)

    def audio(self, pcm: bytes) -> Sequence[WireMessage]:
        return [pcm]

    def commit(self) -> Sequence[WireMessage]:
        return [json.dumps({"do": "commit"})] if self._commits else []

    def keep_alive(self) -> Sequence[WireMessage]:
        return [json.dumps({"do": "keep"})]

    def finish(self) -> Sequence[WireMessage]:
        return [json.dumps({"do": "finish"})]

    def receive(self, message: WireMessage) -> Sequence[StreamSignal]:
        try:
            frame: dict[str, Any] = json.loads(message)
            return list(self._signals(frame))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            return [Failure(StreamingError(f"garbage: {error}", "numbered"))]

    def _signals(self, frame: dict[str, Any]) -> list[StreamSignal]:
        match frame["is"]:
            case "partial" | "final" | "retract":
                return _text(frame)
            case "answer":
                return [CommitAnswer(CommitOutcome(frame["outcome"]))]
            case "error":
                return [Failure(ERRORS[frame["kind"]](frame["text"], "numbered"), ends=frame.get("ends", True))]
        return [_SIMPLE[frame["is"]](frame)]

    def closed(self, code: int | None, reason: str) -> ProviderError | None:
        if code == 1000:
            return None
        return ConnectionError(f"closed {code} {reason}", "numbered", str(code))


_SIMPLE: dict[str, Callable[[dict[str, Any]], StreamSignal]] = {
    "ready": lambda frame: Ready(frame.get("session")),
    "speech": lambda frame: VendorSpeech(frame["started"], frame.get("at")),
    "notice": lambda frame: VendorNotice(frame["text"]),
    "finished": lambda frame: Finished(),
}


def _text(frame: dict[str, Any]) -> list[StreamSignal]:
    key = frame["key"]
    if frame["is"] == "retract":
        return [Retract(segment=key)]
    if frame["is"] == "final":
        signals: list[StreamSignal] = [
            Freeze(segment=key, text=frame["text"], start=frame.get("start"), end=frame.get("end"))
        ]
        if "samples" in frame:
            signals.append(Covered(frame["samples"]))
        if frame.get("answer"):
            signals.append(CommitAnswer(CommitOutcome(frame["answer"])))
        return signals
    match frame.get("kind", "replace"):
        case "append":
            return [Append(segment=key, text=frame["text"])]
        case "tail":
            return [Tail(segment=key, frozen=frame["text"], volatile=frame["volatile"])]
    return [Replace(segment=key, text=frame["text"])]
