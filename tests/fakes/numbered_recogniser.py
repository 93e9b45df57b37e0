"""The numbered vendor's recogniser: messages in, messages out. Server and worker run the same one."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass

from fakes.numbered_protocol import PERIOD, RATE, runs_of, text_of


@dataclass
class Behaviour:
    """How this vendor is; the defaults are a vendor that answers everything at once."""

    ready: bool = True
    finals_every: int | None = None
    """Unasked finals after about so many samples."""
    lag: int = 0
    """Samples at the end that an unasked final leaves open."""
    answers: bool = True
    """Whether a commit gets an answer."""
    outcome: str = ""
    """Of every commit, instead of the true one."""
    seed: int = 0


class NumberedRecogniser:
    def __init__(self, behaviour: Behaviour) -> None:
        self.behaviour = behaviour
        self.received = 0
        """Samples on this connection, silence included."""
        self.silence = 0
        self.commits = 0
        self.keeps = 0
        self._key = 0
        self._unbroken = 0
        """Samples of speech since the last silence: what a final leaves open must not be older than that silence,
        because a final says that all before its end is done."""
        self._runs: list[list[int]] = []
        self._open_from = 0
        self._random = random.Random(behaviour.seed)
        self._next_final = self._draw()

    def _draw(self) -> float:
        every = self.behaviour.finals_every
        return float("inf") if every is None else self._random.uniform(0.5, 1.5) * every

    def hears(self, message: str | bytes) -> Iterator[str]:
        if isinstance(message, bytes):
            yield from self._audio(message)
            return
        frame = json.loads(message)
        if "hello" in frame:
            if self.behaviour.ready:
                yield json.dumps({"is": "ready", "session": f"n{frame['hello']}"})
            return
        match frame["do"]:
            case "commit":
                self.commits += 1
                if self.behaviour.answers:
                    yield self._answer()
            case "keep":
                self.keeps += 1
            case "finish":
                if self._runs:
                    yield self._final(0, "")
                yield json.dumps({"is": "finished"})

    def _audio(self, pcm: bytes) -> Iterator[str]:
        assert len(pcm) % 2 == 0
        self.received += len(pcm) // 2
        heard = runs_of(pcm)
        silence = len(pcm) // 2 - sum(count for _, count in heard)
        self.silence += silence
        self._unbroken = 0 if silence else self._unbroken + len(pcm) // 2
        for value, count in heard:
            last = self._runs[-1] if self._runs else None
            if last and _follows(last, value):
                last[1] += count
            else:
                self._runs.append([value, count])
        if self._runs:
            yield json.dumps({"is": "partial", "key": self._key, "text": text_of(self._runs)})
        if (
            self.received - self._open_from >= self._next_final + self.behaviour.lag
            and self._unbroken >= self.behaviour.lag
        ):
            self._next_final = self._draw()
            yield self._final(self.behaviour.lag, "")

    def _answer(self) -> str:
        outcome = self.behaviour.outcome
        if outcome in {"throttled", "failed"}:
            return json.dumps({"is": "answer", "outcome": outcome})
        return self._final(0, "final" if self._runs else "empty")

    def _final(self, leave: int, answer: str) -> str:
        """Freeze all but the last ``leave`` samples."""
        rest: list[list[int]] = []
        left = leave
        while left > 0 and self._runs:
            value, count = self._runs.pop()
            some = min(left, count)
            if some < count:
                self._runs.append([value, count - some])
            rest.insert(0, [value + count - some, some])
            left -= some
        end = self.received - (leave - left)
        frame = {
            "is": "final",
            "key": self._key,
            "text": text_of(self._runs),
            "start": self._open_from / RATE,
            "end": end / RATE,
            "samples": end,
            "answer": answer,
        }
        self._key += 1
        self._runs = _wrapped(rest)
        self._open_from = end
        return json.dumps(frame)


def _follows(run: list[int], value: int) -> bool:
    return (run[0] - 1 + run[1]) % PERIOD + 1 == value


def _wrapped(runs: list[list[int]]) -> list[list[int]]:
    return [[(value - 1) % PERIOD + 1, count] for value, count in runs]
