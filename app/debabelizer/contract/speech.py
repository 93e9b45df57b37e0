"""The speech contract: text to sound.

A provider gets text that already fits the :class:`SpeechLimits` it stated (the engine cuts at sentences) and answers
with PCM as it is made. Containers, rates and files are the engine's.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping
from typing import Any, Protocol, runtime_checkable

import msgspec

from debabelizer.contract.audio import AudioForm
from debabelizer.contract.files import FileDesk
from debabelizer.contract.provider import Provider


class VoiceInfo(msgspec.Struct, frozen=True, kw_only=True):
    """``language`` is BCP 47; ``gender`` is ``female``, ``male``, ``neutral`` or None."""

    id: str
    name: str
    language: str
    gender: str | None = None
    description: str | None = None
    age: str | None = None
    accent: str | None = None
    style: str | None = None


class SpeechOptions(msgspec.Struct, frozen=True, kw_only=True):
    """What the user chose. ``voice``: an id of :meth:`TextToSpeech.voices`, None: the one that suits ``language`` (BCP
    47; None: the provider's own). ``rate``: 1.0 is the voice's own, 2.0 twice as fast."""

    voice: str | None = None
    language: str | None = None
    rate: float = 1.0
    settings: Mapping[str, Any] = {}

    def __repr__(self) -> str:
        return f"SpeechOptions(voice={self.voice}, language={self.language}, settings of {len(self.settings)})"


class SpeechLimits(msgspec.Struct, frozen=True, kw_only=True):
    """``characters`` one request takes; None: any number."""

    characters: int | None = None


class Sound(Protocol):
    """Speech on its way: its ``form`` is known when it begins."""

    @property
    def form(self) -> AudioForm: ...

    def __aiter__(self) -> AsyncGenerator[bytes, None]:
        """Whole samples. Closing it early ends the work. Raises ProviderError."""
        ...


@runtime_checkable
class TextToSpeech(Provider, Protocol):
    def speech_limits(self, options: SpeechOptions) -> SpeechLimits: ...

    async def voices(self, options: SpeechOptions, desk: FileDesk) -> tuple[VoiceInfo, ...]:
        """Raises the tree of ``errors``."""
        ...

    async def speak(self, text: str, options: SpeechOptions, desk: FileDesk) -> Sound:
        """Returns when the first sound is there. Raises the tree of ``errors``; VoiceNotFoundError for a voice that is
        none."""
        ...
