"""A capture's sink that remembers, and lets a test wait for what it gets."""

from __future__ import annotations

import threading
from collections.abc import Callable

from debabelizer.audio.capture import Microphone
from debabelizer.errors import ProviderError


class RecordingSink:
    """Keeps all it gets, and lets a test wait for it."""

    def __init__(self) -> None:
        self.pcm = bytearray()
        self.stamps: list[float] = []
        self.events: list[ProviderError | Microphone] = []
        self.missing: list[float] = []
        self._news = threading.Condition()

    def audio(self, pcm: bytes, stamp: float) -> None:
        with self._news:
            self.pcm += pcm
            self.stamps.append(stamp)
            self._news.notify_all()

    def interrupted(self, error: ProviderError) -> None:
        self._add(error)

    def resumed(self, microphone: Microphone) -> None:
        self._add(microphone)

    def missed(self, seconds: float) -> None:
        with self._news:
            self.missing.append(seconds)
            self._news.notify_all()

    def _add(self, event: ProviderError | Microphone) -> None:
        with self._news:
            self.events.append(event)
            self._news.notify_all()

    def wait(self, condition: Callable[[], bool], what: str, timeout: float = 15.0) -> None:
        with self._news:
            assert self._news.wait_for(condition, timeout), f"waited in vain for {what}; events: {self.events}"

    def wait_for_more(self, seconds: float = 0.1) -> None:
        """Until so much more audio has come."""
        wanted = len(self.pcm) + round(seconds * 32_000)
        self.wait(lambda: len(self.pcm) >= wanted, f"{seconds:g} s more audio")

    def wait_for_events(self, count: int) -> None:
        self.wait(lambda: len(self.events) >= count, f"{count} events")
