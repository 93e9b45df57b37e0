"""The file contract: whole recordings to text.

A provider gets a :class:`Recording` that already fits the :class:`FileLimits` it stated (the engine re-encodes, and
cuts long recordings at silences), makes its requests through the :class:`FileDesk`, and answers with a
:class:`FileTranscript`. Trying again, waiting out rate limits, cancelling and cutting are the engine's.
"""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable
from enum import StrEnum
from typing import TYPE_CHECKING, BinaryIO, Protocol, runtime_checkable

import msgspec

from debabelizer.contract.provider import Provider
from debabelizer.contract.stream import StreamOptions, WireMessage, WorkerOpening
from debabelizer.events import Joining, Word

if TYPE_CHECKING:
    import httpx


class Container(StrEnum):
    """A kind of file, by its usual extension."""

    WAV = "wav"
    FLAC = "flac"
    MP3 = "mp3"
    MP4 = "mp4"
    M4A = "m4a"
    AAC = "aac"
    OGG = "ogg"
    WEBM = "webm"
    MKV = "mkv"
    MOV = "mov"
    AMR = "amr"

    @property
    def media_type(self) -> str:
        return _MEDIA_TYPES[self]


_MEDIA_TYPES = {
    Container.WAV: "audio/wav",
    Container.FLAC: "audio/flac",
    Container.MP3: "audio/mpeg",
    Container.MP4: "video/mp4",
    Container.M4A: "audio/mp4",
    Container.AAC: "audio/aac",
    Container.OGG: "audio/ogg",
    Container.WEBM: "audio/webm",
    Container.MKV: "video/x-matroska",
    Container.MOV: "video/quicktime",
    Container.AMR: "audio/amr",
}


class FileLimits(msgspec.Struct, frozen=True, kw_only=True):
    """What one request takes. ``accepts``: containers that go up as they are, whatever their rate and channels; all
    others are sent as ``encoding`` (WAV or FLAC, 16-bit mono 16 kHz). ``size`` in bytes, ``seconds`` of audio; None: no
    limit that is known."""

    accepts: frozenset[Container] = frozenset()
    encoding: Container = Container.FLAC
    size: int | None = None
    seconds: float | None = None
    channels: int = 1
    """More than one: up to so many channels are kept when a recording is encoded anew, and it may come back channel by
    channel."""
    parallel: int = 2
    """Requests at a time."""


class Recording(Protocol):
    """A recording, or a piece of one, in a form the provider accepts. It may be opened any number of times."""

    @property
    def name(self) -> str:
        """A file name whose extension fits the content; it tells nothing of the user's own names."""
        ...

    @property
    def container(self) -> Container: ...

    @property
    def size(self) -> int:
        """Bytes."""
        ...

    @property
    def seconds(self) -> float: ...

    @property
    def channels(self) -> int: ...

    def open(self) -> BinaryIO:
        """From its start; the caller closes it. For httpx's ``files=``: it is read as it goes."""
        ...

    def chunks(self) -> AsyncIterator[bytes]:
        """From its start, for the asynchronous client's ``content=`` (which takes no open file). Send a
        ``Content-Length`` of ``size`` along, or it goes up chunked."""
        ...


class FileSegment(msgspec.Struct, frozen=True, kw_only=True):
    """Times are seconds from the start of the recording that was handed over."""

    text: str
    start: float | None = None
    end: float | None = None
    language: str | None = None
    """BCP 47. None: the transcript's."""
    speaker: str | None = None
    channel: int | None = None
    words: tuple[Word, ...] = ()


class FileTranscript(msgspec.Struct, frozen=True, kw_only=True):
    """In the order of speaking. ``notices``: what the user should know of (a setting that did not apply, say).
    ``vendor_id``: the vendor's name for the request, for its support. ``translation``: the same in the language that
    ``translate_to`` asked for; ``segments`` are then empty where the vendor gives nothing else."""

    segments: tuple[FileSegment, ...] = ()
    joining: Joining = Joining.SPACE
    language: str | None = None
    notices: tuple[str, ...] = ()
    vendor_id: str | None = None
    translation: FileTranscript | None = None


class FileProgress(msgspec.Struct, frozen=True):
    """``done``: 0 to 1, or None where the vendor does not say. What is understood so far, if it comes in pieces:
    ``text``, or ``heard`` where times and all are known; with ``done`` it is all up to there, and stays."""

    done: float | None = None
    text: str | None = None
    heard: FileTranscript | None = None

    @property
    def so_far(self) -> FileTranscript | None:
        if self.heard is not None or self.text is None:
            return self.heard
        text = self.text.strip()
        return FileTranscript(segments=(FileSegment(text=text, start=0.0),) if text else ())


Tell = Callable[[FileProgress], None]


class WorkerCall(Protocol):
    """A connection to a local engine's process."""

    async def send(self, message: WireMessage) -> None: ...

    async def receive(self) -> WireMessage:
        """Raises ProviderError where the process failed."""
        ...


class FileDesk(Protocol):
    """What the engine lends for the time of one request."""

    @property
    def http(self) -> httpx.AsyncClient:
        """Pooled; with the user's proxy and certificates, and patience for long answers (15 minutes of silence). Its
        exceptions may be let through: the engine makes the right error of each."""
        ...

    async def worker(self, opening: WorkerOpening) -> WorkerCall:
        """It is closed by the engine when the request is over, however it ends."""
        ...


@runtime_checkable
class FilesToText(Provider, Protocol):
    """A provider that takes whole recordings. Settings that only matter here have keys that begin with ``file_``
    (``file_model``) and the group "Files"."""

    def file_limits(self, options: StreamOptions) -> FileLimits: ...

    async def transcribe_file(
        self, recording: Recording, options: StreamOptions, desk: FileDesk, tell: Tell
    ) -> FileTranscript:
        """Raises the tree of ``errors`` and what httpx raises. Called again from the start where the error's category
        allows it (a RateLimitError is waited out: give it ``retry_after``), so one call tries once. Cancelling it ends
        the request and leaves nothing at the vendor that can be removed (an uploaded file, say)."""
        ...


def seconds_of(retry_after: str | None) -> float | None:
    """A Retry-After header, seconds or a date, for ``RateLimitError(retry_after=...)``."""
    if not retry_after:
        return None
    try:
        return max(0.0, float(retry_after))
    except ValueError:
        pass
    import email.utils  # a date is rare, and this takes longer to load than all of the contract

    try:
        return max(0.0, email.utils.parsedate_to_datetime(retry_after).timestamp() - time.time())
    except (ValueError, TypeError):
        return None
