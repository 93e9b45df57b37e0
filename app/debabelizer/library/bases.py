"""What a program subclasses to bring a provider of its own: an object, passed to ``VoiceProcessor``.

A provider that is to be found by its name, with settings and a place in the dialogs, is a package with an entry point
instead; see docs/adding-a-provider.md.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from debabelizer.library.results import StreamingResult, SynthesisResult, TranscriptionResult, Voice


class _Provider:
    """``api_key`` and ``config`` are the provider's own to use."""

    def __init__(self, api_key: str | None = None, **config: Any) -> None:
        self.api_key = api_key
        self.config = config


class STTProvider(_Provider, ABC):
    """Speech to text."""

    @property
    @abstractmethod
    def name(self) -> str: ...

    @property
    @abstractmethod
    def supported_languages(self) -> list[str]: ...

    @property
    @abstractmethod
    def supports_streaming(self) -> bool: ...

    @property
    @abstractmethod
    def supports_language_detection(self) -> bool: ...

    @abstractmethod
    async def transcribe_file(
        self,
        file_path: str | Path,
        language: str | None = None,
        language_hints: list[str] | None = None,
        **options: Any,
    ) -> TranscriptionResult: ...

    @abstractmethod
    async def transcribe_audio(
        self,
        audio_data: bytes,
        audio_format: str = "wav",
        sample_rate: int = 16000,
        language: str | None = None,
        language_hints: list[str] | None = None,
        **options: Any,
    ) -> TranscriptionResult: ...

    @abstractmethod
    async def start_streaming(
        self,
        audio_format: str = "wav",
        sample_rate: int = 16000,
        language: str | None = None,
        language_hints: list[str] | None = None,
        **options: Any,
    ) -> str:
        """The id of a new session."""
        ...

    @abstractmethod
    async def stream_audio(self, session_id: str, audio_chunk: bytes) -> None: ...

    @abstractmethod
    def get_streaming_results(self, session_id: str) -> AsyncIterator[StreamingResult]:
        """Ends when the session was stopped and its last result is told."""
        ...

    @abstractmethod
    async def stop_streaming(self, session_id: str) -> None: ...

    async def test_connection(self) -> bool:
        """Whether it would work now."""
        return True

    async def cleanup(self) -> None:
        """Gives back what it holds."""
        return

    def get_cost_estimate(self, duration_seconds: float) -> float:
        """US dollars."""
        return 0.0


class TTSProvider(_Provider, ABC):
    """Text to speech. ``voice`` is a Voice or the id of one; a provider whose methods have a ``voice_id`` beside it, as
    in 1.x, gets ids there."""

    @property
    @abstractmethod
    def name(self) -> str: ...

    @property
    @abstractmethod
    def supported_languages(self) -> list[str]: ...

    @property
    @abstractmethod
    def supports_streaming(self) -> bool: ...

    @property
    def supports_voice_cloning(self) -> bool:
        return False

    @abstractmethod
    async def get_available_voices(self, language: str | None = None) -> list[Voice]: ...

    @abstractmethod
    async def synthesize(
        self,
        text: str,
        voice: Voice | str | None = None,
        audio_format: str | None = None,
        sample_rate: int = 22050,
        **options: Any,
    ) -> SynthesisResult: ...

    @abstractmethod
    def synthesize_streaming(
        self,
        text: str,
        voice: Voice | str | None = None,
        audio_format: str | None = None,
        sample_rate: int = 22050,
        **options: Any,
    ) -> AsyncIterator[bytes]: ...

    async def synthesize_long_text(
        self, text: str, voice: Voice | str | None = None, **options: Any
    ) -> SynthesisResult:
        """As :meth:`synthesize`, for a provider without a limit; one with a limit cuts the text at sentences."""
        return await self.synthesize(text, voice, **options)

    async def test_connection(self) -> bool:
        """Whether it would work now."""
        return True

    async def cleanup(self) -> None:
        """Gives back what it holds."""
        return

    def get_cost_estimate(self, text: str) -> float:
        """US dollars."""
        return 0.0
