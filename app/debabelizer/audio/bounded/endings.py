"""What a recording that can't be read is called: cause and way out, in the user's words."""

from __future__ import annotations

import signal

from debabelizer.audio.bounded.bounds import Exit
from debabelizer.audio.bounded.limits import MEGABYTE, MEMORY, Limits
from debabelizer.audio.bounded.process import Gone
from debabelizer.errors import AudioError, DecoderCrashError, InternalError, LimitExceededError, UnsupportedFormatError

_CONVERT = "Convert it to WAV, FLAC, MP3, Ogg or M4A and try again."
_CHOOSE = "Choose a recording with sound."
_REFUSALS = {
    "not_audio": f"{{name}} is not an audio or video file, or it is damaged from its start. {_CONVERT}",
    "no_track": f"{{name}} has no audio track. {_CHOOSE}",
    "codec": f"The audio in {{name}} is of a kind that can't be read. {_CONVERT}",
    "rate": f"{{name}} claims to have next to no samples in a second: its header is damaged. {_CONVERT}",
    "channels": f"The audio in {{name}} has a form that can't be converted, or its header is damaged. {_CONVERT}",
    "encrypted": f"{{name}} is protected: its sound is encrypted, and only its player has the key. {_CHOOSE}",
    "damaged": f"The audio in {{name}} is damaged and can't be read. {_CONVERT}",
    "silent": f"There is no sound in {{name}}: its audio track is empty. {_CHOOSE}",
}
_CRASH_CODES = range(0xC000_0000, 0xD000_0000)
"""What Windows ends a process with that did something forbidden."""


def refusal(word: str, detail: str, name: str, limits: Limits) -> AudioError:
    """``word``: one of :class:`~debabelizer.audio.bounded.reading.Refused`."""
    if word == "memory":
        return _too_much_memory(name, limits)
    told = _REFUSALS.get(word, _REFUSALS["damaged"])
    return UnsupportedFormatError(told.format(name=name), vendor_message=detail or None)


def why_gone(gone: Gone, name: str, limits: Limits) -> AudioError | InternalError:
    """The process that read it ended by itself, or was ended."""
    match gone.exit:
        case Exit.MEMORY:
            return _too_much_memory(name, limits)
        case Exit.TIME:
            return LimitExceededError(
                f"{name} takes far longer to read than its sound lasts: it is damaged or made to do harm. {_CONVERT}"
            )
        case Exit.STALLED:
            return LimitExceededError(f"Reading {name} came to a standstill for {limits.stall:g} s. {_CONVERT}")
        case None:
            return _died(gone, name, limits)


def _died(gone: Gone, name: str, limits: Limits) -> AudioError | InternalError:
    code = str(gone.code)
    if gone.words.startswith("MemoryError"):
        return _too_much_memory(name, limits)
    if gone.code == -getattr(signal, "SIGKILL", 0):
        told = f"The process that read {name} was ended from outside, as systems do where memory runs out."
        return DecoderCrashError(f"{told} Close other programs and try again.", code=code)
    if gone.code < 0 or gone.code in _CRASH_CODES:
        told = f"{name} brought down the process that read it ({_signal(gone.code)}): it is damaged or made to do harm."
        return DecoderCrashError(f"{told} {_CONVERT}", code=code, vendor_message=gone.words or None)
    return InternalError(
        f"The process that reads files ended while it read {name} (exit code {code}){': ' if gone.words else ''}"
        f"{gone.words}",
        code=code,
    )


def _too_much_memory(name: str, limits: Limits) -> LimitExceededError:
    return LimitExceededError(
        f"Reading {name} takes more than {limits.memory // MEGABYTE} MB of memory: it is damaged, or made to do harm.",
        setting=MEMORY,
    )


def _signal(code: int) -> str:
    try:
        return signal.Signals(-code).name
    except ValueError:
        return hex(code)
