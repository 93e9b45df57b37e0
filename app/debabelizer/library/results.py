"""What the library's calls answer with. Times are seconds, confidences 0 to 1."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any


@dataclass
class AudioFormat:
    """``sample_rate`` in Hz, ``bit_depth`` in bits."""

    format: str
    sample_rate: int
    channels: int = 1
    bit_depth: int = 16


@dataclass
class WordTiming:
    word: str
    start_time: float
    end_time: float
    confidence: float | None = None


@dataclass
class TranscriptionResult:
    """``confidence`` is 0.0 where the provider gives none; ``tokens`` are what a provider calls so, where it does;
    ``metadata`` says who recognised (``provider``), and holds ``segments`` and ``notices``."""

    text: str
    confidence: float = 0.0
    language_detected: str = "unknown"
    duration: float = 0.0
    words: list[WordTiming] = field(default_factory=list)
    is_final: bool = True
    start_time: float | None = None
    end_time: float | None = None
    tokens: list[Any] | None = None
    metadata: dict[str, Any] | None = None


@dataclass
class StreamingResult:
    """``text`` of one segment; a segment is told again until ``is_final``. ``processing_time_ms``: from the moment the
    last audio was handed over to this result."""

    session_id: str
    is_final: bool
    text: str
    confidence: float
    timestamp: datetime | None = None
    processing_time_ms: int = 0

    def __post_init__(self) -> None:
        if self.timestamp is None:
            self.timestamp = datetime.now(UTC)


@dataclass
class Voice:
    """``language`` is BCP 47, or what the provider says of itself where it says something else."""

    voice_id: str
    name: str
    language: str
    gender: str | None = None
    description: str | None = None
    age: str | None = None
    accent: str | None = None
    style: str | None = None
    metadata: dict[str, Any] | None = None


@dataclass
class SynthesisResult:
    """``audio_data`` in ``format`` (a container's name, ``wav`` say); ``size_bytes`` is its length."""

    audio_data: bytes
    format: str
    sample_rate: int
    duration: float
    size_bytes: int
    voice_used: Voice | None = None
    text_processed: str | None = None
    language: str | None = None
    metadata: dict[str, Any] | None = None
