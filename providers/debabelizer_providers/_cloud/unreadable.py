"""Vendors refuse a recording that they cannot read as they refuse wrong settings. The difference matters: wrong
settings spoil every recording, a damaged one spoils itself. Only their words tell."""

from __future__ import annotations

from debabelizer.errors import ConfigurationError, ProviderError, UnsupportedFormatError

_SIGNS = ("corrupt", "process audio", "audio could not be", "decode", "playable", "audio format")


def of_the_recording(error: ProviderError, called: str) -> ProviderError:
    """The refusal ``error`` of a file, as one of the recording where that is what the vendor says. ``called``: its name
    in messages."""
    words = error.vendor_message or ""
    if not isinstance(error, ConfigurationError) or not any(sign in words.lower() for sign in _SIGNS):
        return error
    message = f"{called} cannot read the recording. ({words})"
    return UnsupportedFormatError(message, error.provider, error.code, vendor_message=words)
