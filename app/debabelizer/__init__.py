"""Debabelizer: speech to text through any provider or none, live and from files, and the other way round.

``from debabelizer import VoiceProcessor``; every name below is imported when it is first used.
"""

from __future__ import annotations

from importlib import import_module

__version__ = "2.0.0.dev0"

TYPE_CHECKING = False  # as type checkers know it; typing itself takes longer than the rest of this
if TYPE_CHECKING:
    from typing import Any

    from debabelizer.errors import (
        AudioError,
        AuthenticationError,
        ConfigurationError,
        ConnectionError,
        ProviderError,
        QuotaExceededError,
        RateLimitError,
        StreamingError,
        TextTooLongError,
        UnsupportedFormatError,
        UnsupportedLanguageError,
        VoiceNotFoundError,
    )
    from debabelizer.library.audio import (
        AudioConverter,
        detect_audio_format,
        estimate_audio_duration,
        format_duration,
        get_sample_rate_from_wav,
        validate_audio_file,
    )
    from debabelizer.library.bases import STTProvider, TTSProvider
    from debabelizer.library.config import DebabelizerConfig
    from debabelizer.library.processor import VoiceProcessor, create_processor
    from debabelizer.library.results import (
        AudioFormat,
        StreamingResult,
        SynthesisResult,
        TranscriptionResult,
        Voice,
        WordTiming,
    )
    from debabelizer.library.sessions import SessionInfo, SessionManager

_WHERE = {
    "errors": (
        "AudioError",
        "AuthenticationError",
        "ConfigurationError",
        "ConnectionError",
        "ProviderError",
        "QuotaExceededError",
        "RateLimitError",
        "StreamingError",
        "TextTooLongError",
        "UnsupportedFormatError",
        "UnsupportedLanguageError",
        "VoiceNotFoundError",
    ),
    "library.audio": (
        "AudioConverter",
        "detect_audio_format",
        "estimate_audio_duration",
        "format_duration",
        "get_sample_rate_from_wav",
        "validate_audio_file",
    ),
    "library.bases": (
        "STTProvider",
        "TTSProvider",
    ),
    "library.config": ("DebabelizerConfig",),
    "library.processor": (
        "VoiceProcessor",
        "create_processor",
    ),
    "library.results": (
        "AudioFormat",
        "StreamingResult",
        "SynthesisResult",
        "TranscriptionResult",
        "Voice",
        "WordTiming",
    ),
    "library.sessions": (
        "SessionInfo",
        "SessionManager",
    ),
}
_MODULES = {name: module for module, names in _WHERE.items() for name in names}

__all__ = [
    "AudioConverter",
    "AudioError",
    "AudioFormat",
    "AuthenticationError",
    "ConfigurationError",
    "ConnectionError",
    "DebabelizerConfig",
    "ProviderError",
    "QuotaExceededError",
    "RateLimitError",
    "STTProvider",
    "SessionInfo",
    "SessionManager",
    "StreamingError",
    "StreamingResult",
    "SynthesisResult",
    "TTSProvider",
    "TextTooLongError",
    "TranscriptionResult",
    "UnsupportedFormatError",
    "UnsupportedLanguageError",
    "Voice",
    "VoiceNotFoundError",
    "VoiceProcessor",
    "WordTiming",
    "create_processor",
    "detect_audio_format",
    "estimate_audio_duration",
    "format_duration",
    "get_sample_rate_from_wav",
    "validate_audio_file",
]


def __getattr__(name: str) -> Any:
    if (module := _MODULES.get(name)) is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{module}"), name)


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
