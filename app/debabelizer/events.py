"""What happens while someone dictates, as frozen values.

Three layers, from the wire to the window:

* **changes**: what happened to the text of one segment (five kinds). A stream protocol reports them with the
  vendor's own key; the session supervisor mints a :class:`SegmentId` and maps times onto its own axis.
* **session events**: what the supervisor tells whoever uses a session.
* **dictation events**: what the push-to-talk machine tells a front end, beside passing session events on.

All times are seconds (float). On a change from a session they count from the first sample ever sent to it.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Generic, TypeVar

import msgspec

from debabelizer.errors import ProviderError


class SegmentId(msgspec.Struct, frozen=True, order=True):
    """Minted here, because vendors rarely give a stable id: the connection's number and a count within it."""

    epoch: int
    ordinal: int


class Joining(StrEnum):
    """How a segment joins the one before it."""

    SPACE = "space"
    VERBATIM = "verbatim"


class Word(msgspec.Struct, frozen=True):
    text: str
    start: float
    end: float
    confidence: float | None = None
    """0 to 1, where the provider gives one."""
    speaker: str | None = None


Key = TypeVar("Key", SegmentId, str | int)


class Replace(msgspec.Struct, Generic[Key], frozen=True, kw_only=True):
    """The open segment's whole text is now this; it may change again."""

    segment: Key
    text: str
    joining: Joining = Joining.SPACE
    start: float | None = None
    after: Key | None = None
    """Predecessor, where the vendor links segments; otherwise order is by ``start``, then by arrival."""


class Append(msgspec.Struct, Generic[Key], frozen=True, kw_only=True):
    """This text is added, verbatim, to the end of the open segment."""

    segment: Key
    text: str
    joining: Joining = Joining.SPACE
    start: float | None = None
    after: Key | None = None


class Tail(msgspec.Struct, Generic[Key], frozen=True, kw_only=True):
    """The open segment is ``frozen`` (the whole settled part so far) followed by ``volatile`` (may vanish)."""

    segment: Key
    frozen: str
    volatile: str
    joining: Joining = Joining.SPACE
    start: float | None = None
    after: Key | None = None


class Freeze(msgspec.Struct, Generic[Key], frozen=True, kw_only=True):
    """Authoritative text. For a segment already frozen it is a *context correction*. Empty text is allowed."""

    segment: Key
    text: str
    joining: Joining = Joining.SPACE
    words: tuple[Word, ...] = ()
    language: str | None = None
    start: float | None = None
    end: float | None = None
    after: Key | None = None


class Retract(msgspec.Struct, Generic[Key], frozen=True, kw_only=True):
    """The segment never was: its text goes away."""

    segment: Key


Change = Replace[SegmentId] | Append[SegmentId] | Tail[SegmentId] | Freeze[SegmentId] | Retract[SegmentId]
"""As a session reports it."""

WireChange = Replace[str | int] | Append[str | int] | Tail[str | int] | Freeze[str | int] | Retract[str | int]
"""As a stream protocol reports it: the key is the vendor's or a count, valid inside one epoch."""


# ------------------------------------------------------------------------------------------- session events


class SessionState(StrEnum):
    IDLE = "idle"
    CONNECTING = "connecting"
    CONNECTED = "connected"
    RECONNECTING = "reconnecting"
    DRAINING = "draining"
    CLOSED = "closed"
    FAILED = "failed"


class StateChanged(msgspec.Struct, frozen=True, kw_only=True):
    provider: str
    state: SessionState
    retry_in: float | None = None
    """Seconds until the next attempt, while reconnecting."""
    error: ProviderError | None = None
    """Why, where there is a reason to tell."""


class SessionStarted(msgspec.Struct, frozen=True, kw_only=True):
    """A physical connection is ready (the first one, or the next after a drop or a hand-over)."""

    provider: str
    epoch: int
    vendor_session: str | None = None


class ProviderChanged(msgspec.Struct, frozen=True, kw_only=True):
    """Another provider listens from now on. ``error``: what is wrong with the one ``before``; None: nothing, it only
    stood in."""

    provider: str
    before: str
    error: ProviderError | None = None


class Partial(msgspec.Struct, frozen=True, kw_only=True):
    change: Replace[SegmentId] | Append[SegmentId] | Tail[SegmentId]


class Committed(msgspec.Struct, frozen=True, kw_only=True):
    change: Freeze[SegmentId]


class Corrected(msgspec.Struct, frozen=True, kw_only=True):
    """A segment that was committed before has new authoritative text."""

    change: Freeze[SegmentId]


class Retracted(msgspec.Struct, frozen=True, kw_only=True):
    change: Retract[SegmentId]


class SpeechStarted(msgspec.Struct, frozen=True, kw_only=True):
    at: float


class SpeechEnded(msgspec.Struct, frozen=True, kw_only=True):
    at: float


class Notice(msgspec.Struct, frozen=True, kw_only=True):
    """Worth telling, nothing failed: a word list was cut, the model runs on the CPU after all."""

    provider: str
    text: str
    code: str = ""


class ErrorOccurred(msgspec.Struct, frozen=True, kw_only=True):
    """Something failed. ``fatal``: the session has given up; otherwise it is already recovering."""

    error: ProviderError
    fatal: bool = False


class Closed(msgspec.Struct, frozen=True, kw_only=True):
    """The last event of a session."""

    provider: str
    error: ProviderError | None = None


SessionEvent = (
    StateChanged
    | SessionStarted
    | ProviderChanged
    | Partial
    | Committed
    | Corrected
    | Retracted
    | SpeechStarted
    | SpeechEnded
    | Notice
    | ErrorOccurred
    | Closed
)


# ----------------------------------------------------------------------------------------- dictation events


class DictationState(StrEnum):
    IDLE = "idle"
    OPENING = "opening"
    LISTENING = "listening"
    FINISHING = "finishing"
    INSERTING = "inserting"


class TakeStamps(msgspec.Struct, frozen=True, kw_only=True):
    """Monotonic seconds (``time.monotonic``) of what happened in one take; None: did not happen."""

    key_down: float
    first_buffer: float | None = None
    first_partial: float | None = None
    key_up: float | None = None
    last_audio_sent: float | None = None
    commit: float | None = None
    final: float | None = None
    inserted: float | None = None


class InsertResult(StrEnum):
    """What is known about text given to another program. Nothing more is ever claimed."""

    INSERTED = "inserted"
    PROBABLY = "probably"
    CLIPBOARD = "clipboard"
    NOT_WANTED = "not_wanted"
    NOTHING_SAID = "nothing_said"


class DictationChanged(msgspec.Struct, frozen=True, kw_only=True):
    state: DictationState
    take: str | None = None


class LevelChanged(msgspec.Struct, frozen=True, kw_only=True):
    """Loudness of the last buffer, in dB below full scale (0 is the loudest, silence about -90)."""

    rms: float
    peak: float
    elapsed: float
    """Seconds of audio in the take so far."""


class SilenceHint(msgspec.Struct, frozen=True, kw_only=True):
    """Nothing but silence has come from the microphone for ``seconds``; ``muted`` if it is digital silence."""

    seconds: float
    muted: bool


class TakeFinished(msgspec.Struct, frozen=True, kw_only=True):
    take: str
    text: str
    provider: str
    result: InsertResult
    target: str | None
    """Name of the program that got the text."""
    stamps: TakeStamps
    paste_keys: str | None = None
    """What to press where the text was left on the clipboard."""
    seconds: float = 0.0
    """Of audio."""


class TakeCorrected(msgspec.Struct, frozen=True, kw_only=True):
    """A second look by ``provider`` has corrected the text of a finished take; each segment came as ``Corrected``. Text
    that is in another program by then is left alone: ``target`` names that program (None: it is in none, or its name is
    not known), ``replaceable`` says whether it may still be taken out and put in anew."""

    take: str
    text: str
    previous: str
    provider: str
    target: str | None = None
    replaceable: bool = False


class TakeFailed(msgspec.Struct, frozen=True, kw_only=True):
    """The take is kept on disk and can be retried (unless ``kept`` is False: there was nothing to keep)."""

    take: str
    error: ProviderError
    text: str = ""
    """What had been understood before it failed."""
    kept: bool = True
    provider: str = ""
    """Who was asked; empty: nobody."""
    seconds: float = 0.0
    """Of audio."""


class TakeCancelled(msgspec.Struct, frozen=True, kw_only=True):
    take: str


class TakesRecovered(msgspec.Struct, frozen=True, kw_only=True):
    """Takes of an earlier run that never reached their end; each can be retried or discarded."""

    takes: tuple[str, ...]


DictationEvent = (
    DictationChanged
    | LevelChanged
    | SilenceHint
    | TakeFinished
    | TakeCorrected
    | TakeFailed
    | TakeCancelled
    | TakesRecovered
)

Event = SessionEvent | DictationEvent
