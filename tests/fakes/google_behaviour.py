"""How the local Google may misbehave."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from grpc import StatusCode


@dataclass(frozen=True)
class Behaviour:
    """Of one call. Times in seconds; those of audio are counted in audio received on the call."""

    refuse: StatusCode | None = None
    refuse_words: str = "scripted refusal"
    reason: str = ""
    """Of the ErrorInfo that comes with a refusal or a failure."""
    retry_s: float = 0.0
    """Of the RetryInfo that does."""
    answer_delay_s: float = 0.0
    """Before each final."""
    interim_every_s: float = 0.2
    cut_s: float = 20.0
    """A segment as long as this becomes final in mid-speech, after its last whole word."""
    idle_s: float = 10.0
    """Real time without audio."""
    idle_code: StatusCode = StatusCode.ABORTED
    longest_s: float = 305.0
    fail_after_s: float | None = None
    fail_code: StatusCode = StatusCode.UNAVAILABLE
    fail_words: str = "scripted failure"
    fail_inside: bool = False
    """Version 1: the error comes inside a response, and the call ends well."""
    drop_after_s: float | None = None
    """The TCP connection is reset."""
    ends_after_s: float | None = None
    """The call just ends, with OK."""
    doubled: bool = False
    """Each final comes twice."""
    swapped: bool = False
    """Each second final comes before the first."""
    empty_finals: bool = False
    """A final without text comes after each."""
    pieces: bool = False
    """An interim comes as a firm and a shaky piece; the interim of the next segment in the final's response."""
    spaced: bool = False
    """Finals begin with a space."""
    untimed: bool = False
    """Finals do not tell where they end."""
    no_last_final: bool = False
    """What is open at the end of the audio stays without a final."""
    hangs: bool = False
    """Nothing more after the client's half-close."""
    repeats_words: bool = False
    """The words of a final are all since the start of the call, as with speakers told apart."""
    flood: int = 0
    """So many interims for each request."""
    garbage_after_s: float | None = None
    strict: bool = True
    """Refuses requests beyond what the protocol's definition says, not only beyond what the documentation does."""


_CODES = ("refuse", "idle_code", "fail_code")


def behaviour(**given: Any) -> Behaviour:
    """From a script, which has gRPC's codes by name."""
    return Behaviour(**{key: StatusCode[value] if key in _CODES else value for key, value in given.items()})
