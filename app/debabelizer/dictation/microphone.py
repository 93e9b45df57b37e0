"""One microphone for several takes: opened for the first, closed after the last, or kept open to listen ahead."""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from collections.abc import Callable
from typing import Protocol

from debabelizer.audio.capture import Capture, CaptureFactory, Microphone
from debabelizer.dictation.journal import BYTES_PER_S
from debabelizer.errors import AudioError, ProviderError


class Listener(Protocol):
    """A take that records. Called in the capture's thread; returns at once."""

    def audio(self, pcm: bytes, stamp: float) -> None: ...

    def interrupted(self, error: ProviderError) -> None: ...

    def resumed(self, microphone: Microphone) -> None: ...

    def missed(self, seconds: float) -> None: ...


class SharedMicrophone:
    """Hands what one capture hears to all who listen. Opening and closing happen in a thread, one at a time."""

    def __init__(self, factory: CaptureFactory) -> None:
        self._factory = factory
        self._gate = asyncio.Lock()
        self._lock = threading.Lock()
        self._listeners: list[Listener] = []
        self._capture: Capture | None = None
        self._id = ""
        self._ahead: deque[tuple[bytes, float]] = deque()
        self._ahead_bytes = 0
        self._kept_ahead = 0  # bytes of sound wanted from before a take
        self._lost: ProviderError | None = None

    async def open(self, listener: Listener, microphone: str) -> None:
        """``listener`` hears from now on, beginning with what was kept from before. Raises AudioError."""
        async with self._gate:
            if self._capture is not None and self._id != microphone and not self._listeners:
                await self._stop()
            with self._lock:
                for pcm, stamp in self._ahead:
                    listener.audio(pcm, stamp)
                self._forget_ahead()
                self._listeners.append(listener)
                lost = self._lost
            if self._capture is None:
                try:
                    await self._start(microphone)
                except BaseException:
                    self._remove(listener)
                    raise
            elif lost is not None:
                listener.interrupted(lost)

    async def close(self, listener: Listener) -> None:
        """``listener`` has heard everything up to now when this returns."""
        async with self._gate:
            if self._capture is not None and not self._kept_ahead and self._only(listener):
                await self._stop()
            self._remove(listener)

    async def listen_ahead(self, seconds: float, microphone: str) -> None:
        """Keep the microphone open between takes and this much of what it hears; 0: no longer. Raises AudioError."""
        async with self._gate:
            with self._lock:
                self._kept_ahead = int(seconds * BYTES_PER_S)
                self._forget_ahead()
                idle = not self._listeners
            if idle and self._capture is not None and (not self._kept_ahead or self._id != microphone):
                await self._stop()
            if self._kept_ahead and self._capture is None:
                await self._start(microphone)

    async def shut(self) -> None:
        """Whoever listens hears no more."""
        async with self._gate:
            self._kept_ahead = 0
            await self._stop()

    # ---------------------------------------------------------------------------------------- capture's side

    def audio(self, pcm: bytes, stamp: float) -> None:
        with self._lock:
            for listener in self._listeners:
                listener.audio(pcm, stamp)
            if self._kept_ahead and not self._listeners:
                self._keep(pcm, stamp)

    def interrupted(self, error: ProviderError) -> None:
        with self._lock:
            self._lost = error
            for listener in self._listeners:
                listener.interrupted(error)

    def resumed(self, microphone: Microphone) -> None:
        with self._lock:
            self._lost = None
            for listener in self._listeners:
                listener.resumed(microphone)

    def missed(self, seconds: float) -> None:
        with self._lock:
            for listener in self._listeners:
                listener.missed(seconds)

    # ------------------------------------------------------------------------------------------------ within

    async def _start(self, microphone: str) -> None:
        """Raises AudioError."""
        capture = self._factory(microphone)
        try:
            await _to_its_end(lambda: capture.start(self))
        except asyncio.CancelledError:
            await _to_its_end(capture.stop)
            raise
        except ProviderError:
            raise
        except OSError as error:
            raise AudioError(f"The microphone can't be opened: {error}.") from error
        self._capture, self._id, self._lost = capture, microphone, None

    async def _stop(self) -> None:
        capture, self._capture = self._capture, None
        if capture is not None:
            await _to_its_end(capture.stop)

    def _only(self, listener: Listener) -> bool:
        with self._lock:
            return self._listeners == [listener]

    def _remove(self, listener: Listener) -> None:
        with self._lock:
            if listener in self._listeners:
                self._listeners.remove(listener)

    def _keep(self, pcm: bytes, stamp: float) -> None:
        self._ahead.append((pcm, stamp))
        self._ahead_bytes += len(pcm)
        while self._ahead and self._ahead_bytes - len(self._ahead[0][0]) >= self._kept_ahead:
            self._ahead_bytes -= len(self._ahead.popleft()[0])

    def _forget_ahead(self) -> None:
        self._ahead.clear()
        self._ahead_bytes = 0


async def _to_its_end(work: Callable[[], None]) -> None:
    """Run in a thread. A thread can't be called back: whoever is cancelled meanwhile waits for it first."""
    running = asyncio.create_task(asyncio.to_thread(work))
    try:
        await asyncio.shield(running)
    except asyncio.CancelledError:
        await asyncio.gather(running, return_exceptions=True)
        raise
