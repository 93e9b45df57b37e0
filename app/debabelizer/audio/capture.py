"""The microphone, as the rest of the program sees it. Implementations: ``sounddevice_capture`` here, QtMultimedia in
the desktop package, ``file_capture`` for recorded speech."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import msgspec

from debabelizer.errors import ProviderError


class Microphone(msgspec.Struct, frozen=True):
    """``id`` is stable across restarts and replugging, where the system has such a thing."""

    id: str
    name: str
    is_default: bool = False


class CaptureSink(Protocol):
    """Gets what a capture hears. Called from any one thread; returns at once."""

    def audio(self, pcm: bytes, stamp: float) -> None:
        """Whole samples of PCM (signed 16-bit, mono, 16 kHz); ``stamp``: ``time.monotonic`` of when they arrived or,
        where a busy machine was late with them, should have."""
        ...

    def interrupted(self, error: ProviderError) -> None:
        """The microphone went away; the capture is looking for it or for another one and goes on by itself."""
        ...

    def resumed(self, microphone: Microphone) -> None:
        """Sound arrives again after an interruption."""
        ...

    def missed(self, seconds: float) -> None:
        """So much sound was lost on its way to this program, while the microphone went on."""
        ...


class Capture(Protocol):
    """One recording from one microphone."""

    def start(self, sink: CaptureSink) -> None:
        """Open the microphone; returns within about 200 ms, or raises AudioError naming cause and remedy."""
        ...

    def stop(self) -> None:
        """Close it. Everything recorded up to now has reached the sink when this returns; may be called twice."""
        ...


CaptureFactory = Callable[[str], Capture]
"""Takes a microphone's id ("" for the system's default)."""
