"""Messages between a local engine's protocol and its worker.

Text frames are JSON objects told apart by ``type``; binary frames, from us to the worker only, are PCM
(16-bit little-endian mono 16 kHz). The first text frame is the engine's own ``start`` object. Times are seconds
and samples are counted over all PCM sent on this connection.
"""

from __future__ import annotations

import msgspec

from debabelizer.contract import CommitOutcome, WireMessage, WorkerLink
from debabelizer.errors import Category, Remedy
from debabelizer.events import Word

# ---------------------------------------------------------------------------------------------- to the worker


class Commit(msgspec.Struct, frozen=True, tag_field="type", tag="commit"):
    """End the utterance here."""


class Finish(msgspec.Struct, frozen=True, tag_field="type", tag="finish"):
    """Nothing more will come."""


# -------------------------------------------------------------------------------------------- from the worker


class Loaded(msgspec.Struct, frozen=True, tag_field="type", tag="ready"):
    """The model is in memory; ``engine`` says which and where (``tiny on cpu, int8``)."""

    engine: str


class Hearing(msgspec.Struct, frozen=True, tag_field="type", tag="hearing", kw_only=True):
    """The open segment: what will stay, then what may still change."""

    segment: int
    settled: str = ""
    volatile: str = ""
    start: float | None = None
    spaced: bool = True


class Heard(msgspec.Struct, frozen=True, tag_field="type", tag="heard", kw_only=True):
    """A segment's authoritative text; for a segment already heard it is a correction."""

    segment: int
    text: str
    words: tuple[Word, ...] = ()
    language: str | None = None
    start: float | None = None
    end: float | None = None
    spaced: bool = True


class Translated(msgspec.Struct, frozen=True, tag_field="type", tag="translated", kw_only=True):
    """A stretch of the recording in the language that was asked for."""

    text: str
    start: float
    end: float
    language: str


class Nothing(msgspec.Struct, frozen=True, tag_field="type", tag="nothing"):
    """The open segment turned out to hold no speech."""

    segment: int


class Committed(msgspec.Struct, frozen=True, tag_field="type", tag="committed"):
    """Answers the oldest :class:`Commit` not yet answered."""

    outcome: CommitOutcome


class Consumed(msgspec.Struct, frozen=True, tag_field="type", tag="consumed"):
    """All audio before this sample is in a final text or was silence."""

    samples: int


class Speech(msgspec.Struct, frozen=True, tag_field="type", tag="speech"):
    started: bool
    at: float


class Note(msgspec.Struct, frozen=True, tag_field="type", tag="note"):
    text: str
    code: str = ""


class Trouble(msgspec.Struct, frozen=True, tag_field="type", tag="trouble", kw_only=True):
    """The engine failed; ``ends``: this worker is of no use any more."""

    category: Category
    message: str
    code: str | None = None
    remedy: Remedy | None = None
    model_missing: bool = False
    ends: bool = True


class Finished(msgspec.Struct, frozen=True, tag_field="type", tag="finished"):
    """Answers :class:`Finish`."""


class Resting(msgspec.Struct, frozen=True, tag_field="type", tag="resting"):
    """Nobody has spoken for long: the worker ends this connection, so that its process can be unloaded."""


Command = Commit | Finish
Report = (
    Loaded
    | Hearing
    | Heard
    | Translated
    | Nothing
    | Committed
    | Consumed
    | Speech
    | Note
    | Trouble
    | Finished
    | Resting
)

_encoder = msgspec.json.Encoder()
_commands: msgspec.json.Decoder[Command] = msgspec.json.Decoder(Command)
_reports: msgspec.json.Decoder[Report] = msgspec.json.Decoder(Report)


def encode(message: msgspec.Struct) -> str:
    return _encoder.encode(message).decode()


def decode_report(text: str) -> Report:
    """Raises :class:`msgspec.DecodeError` for anything that is no report."""
    return _reports.decode(text)


def send(link: WorkerLink, *reports: Report) -> None:
    for report in reports:
        link.send(encode(report))


def next_command(link: WorkerLink, timeout: float | None = None) -> bytes | Command | None:
    """The next PCM or command; None when the connection was closed.

    Raises ``TimeoutError`` after ``timeout`` seconds and :class:`msgspec.DecodeError` for garbage."""
    message: WireMessage | None = link.receive(timeout)
    if message is None or isinstance(message, bytes):
        return message
    return _commands.decode(message)
