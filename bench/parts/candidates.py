"""Programs that are measured against each other: each in a process of its own, taking turns.

A process of its own, because what one library leaves in memory slows the garbage collection of all others. In turns,
because whatever else the machine does then hits all of them alike.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median

ROOT = Path(__file__).parents[2]
PARTS = Path(__file__).parent

Measure = Callable[[], Awaitable[float]]


class Candidate:
    """A program that measures one thing at every line it reads, and answers with a number."""

    def __init__(self, command: Sequence[str]) -> None:
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def measure(self, what: str) -> float:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(what + "\n")
        self._process.stdin.flush()
        while line := self._process.stdout.readline():
            if line.startswith("{"):
                return float(json.loads(line)["measured"])
        raise RuntimeError(f"{self._process.args!r} ended")

    def __enter__(self) -> Candidate:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.communicate()


def in_turns(commands: Mapping[str, Sequence[str]], whats: Sequence[str], rounds: int) -> dict[tuple[str, str], float]:
    """The median of every candidate at everything. The first round warms up and does not count."""
    measured: dict[tuple[str, str], list[float]] = {}
    with ExitStack() as stack:
        candidates = {who: stack.enter_context(Candidate(command)) for who, command in commands.items()}
        for number in range(rounds + 1):
            for what in whats:
                for who, candidate in candidates.items():
                    value = candidate.measure(what)
                    if number:
                        measured.setdefault((who, what), []).append(value)
    return {which: median(values) for which, values in measured.items()}


def peer_python() -> Path | None:
    """Of the environment for peers that may not stand beside us; ``./run bench`` makes it."""
    folder = ROOT / ".venv-bench"
    found = [path for path in (folder / "bin" / "python", folder / "Scripts" / "python.exe") if path.exists()]
    return found[0] if found else None


@contextmanager
def server(*command: str) -> Iterator[str]:
    """A server program that prints its address."""
    with subprocess.Popen([sys.executable, *command], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip()
        finally:
            process.kill()


async def obey(measures: Mapping[str, Measure]) -> None:
    """The candidate's side: until the input ends."""
    loop = asyncio.get_running_loop()
    while what := (await loop.run_in_executor(None, sys.stdin.readline)).strip():
        print(json.dumps({"measured": await measures[what]()}), flush=True)


class Cpu:
    """CPU seconds of this process between entering and leaving."""

    def __enter__(self) -> Cpu:
        self._began = time.process_time()
        return self

    def __exit__(self, *_: object) -> None:
        self.seconds = time.process_time() - self._began
