"""The edges of the machine for dictation: a microphone that hears what a test says, a program that takes text."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from typing import TypeVar

from debabelizer.audio.capture import CaptureSink, Microphone
from debabelizer.dictation.insertion import Insertion, Target
from debabelizer.errors import ProviderError
from debabelizer.events import Event, InsertResult
from fakes.numbered_protocol import RATE, numbered

BUFFER = 320
"""Samples: 20 ms."""
E_co = TypeVar("E_co", bound=Event)


class FakeMicrophone:
    """A factory of captures. ``say`` hands numbered sound to whatever capture is open, from a thread of its own."""

    def __init__(self) -> None:
        self.error: ProviderError | None = None
        self.opened: list[str] = []
        self.closed = 0
        self.said = 0
        """Samples of numbered sound so far."""
        self.sinks: list[CaptureSink] = []
        self.listening = threading.Event()
        self.idle = threading.Event()
        """Set when a capture was closed."""
        self.gate = threading.Event()
        """Opening waits for it."""
        self.gate.set()

    def __call__(self, microphone: str) -> _FakeCapture:
        return _FakeCapture(self, microphone)

    async def say(self, seconds: float = 0.5) -> None:
        await asyncio.to_thread(self._say, [numbered(self.said + n, BUFFER) for n in self._steps(seconds)])
        self.said += len(self._steps(seconds)) * BUFFER

    async def silence(self, seconds: float) -> None:
        await asyncio.to_thread(self._say, [bytes(2 * BUFFER)] * len(self._steps(seconds)))

    def _steps(self, seconds: float) -> range:
        return range(0, round(seconds * RATE / BUFFER) * BUFFER, BUFFER)

    def _say(self, buffers: list[bytes]) -> None:
        assert self.listening.wait(10), "nobody opened the microphone"
        for pcm in buffers:
            for sink in list(self.sinks):
                sink.audio(pcm, time.monotonic())


class _FakeCapture:
    def __init__(self, room: FakeMicrophone, microphone: str) -> None:
        self._room = room
        self._id = microphone
        self._sink: CaptureSink | None = None

    def start(self, sink: CaptureSink) -> None:
        self._room.gate.wait()
        if self._room.error is not None:
            raise self._room.error
        self._room.opened.append(self._id)
        self._sink = sink
        self._room.sinks.append(sink)
        self._room.listening.set()

    def stop(self) -> None:
        if self._sink is not None:
            self._room.sinks.remove(self._sink)
            self._room.listening.clear()
            self._room.closed += 1
            self._sink = None
            self._room.idle.set()


class FakeProgram:
    """An inserter into a program that remembers its text."""

    def __init__(self) -> None:
        self.text = ""
        self.inserted: list[tuple[str, Target | None]] = []
        self.focus: Target | None = Target(7, "editor", "Letter")
        self.error: Exception | None = None
        self.hold = asyncio.Event()
        self.hold.set()
        self.asked = asyncio.Event()

    async def target(self) -> Target | None:
        return self.focus

    async def insert(self, text: str, target: Target | None) -> Insertion:
        self.asked.set()
        await self.hold.wait()
        if self.error is not None:
            raise self.error
        self.text += text
        self.inserted.append((text, target))
        return Insertion(InsertResult.INSERTED, target, text, undo=str(len(self.inserted)))

    async def undo(self, insertion: Insertion) -> bool:
        if not self.text.endswith(insertion.text):
            return False
        self.text = self.text.removesuffix(insertion.text)
        return True


class Heard:
    """All events, and a way to wait for the next one of a kind."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self._changed = asyncio.Event()

    def __call__(self, event: Event) -> None:
        self.events.append(event)
        self._changed.set()

    def of(self, kind: type[E_co]) -> list[E_co]:
        return [event for event in self.events if isinstance(event, kind)]

    async def next(self, kind: type[E_co], where: Callable[[E_co], bool] = lambda _: True, count: int = 1) -> E_co:
        """The ``count``-th event of that kind, counted from the beginning."""
        while True:
            found = [event for event in self.of(kind) if where(event)]
            if len(found) >= count:
                return found[count - 1]
            self._changed.clear()
            async with asyncio.timeout(10):
                await self._changed.wait()


FOUND = Microphone("second", "Second microphone")
