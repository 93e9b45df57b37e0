"""The file contract: whole recordings to text.

A provider gets a :class:`Recording` that already fits the :class:`FileLimits` it stated (the engine re-encodes, and
cuts long recordings at silences), makes its requests through the :class:`FileDesk`, and answers with a
:class:`FileTranscript`. Trying again, waiting out rate limits, cancelling and cutting are the engine's.
"""

from __future__ import annotations

from collections.abc import Callable
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
    """What one request takes. ``accepts``: containers that go up as they are; all others are sent as ``encoding``
    (WAV or FLAC, 16-bit mono 16 kHz). ``size`` in bytes, ``seconds`` of audio; None: no limit that is known."""

    accepts: frozenset[Container] = frozenset()
    encoding: Container = Container.FLAC
    size: int | None = None
    seconds: float | None = None
    channels: int = 1
    """More than one: a recording of several channels goes up as it is and may come back channel by channel."""
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
        """From its start; the caller closes it. Hand it to httpx's ``files=``/``content=``: it is read as it goes."""
        ...


class FileSegment(msgspec.Struct, frozen=True, kw_only=True):
    """Times are seconds from the start of the recording that was handed over."""

    text: str
    start: float | None = None
    end: float | None = None
    language: str | None = None
    """BCP 47."""
    speaker: str | None = None
    channel: int | None = None
    words: tuple[Word, ...] = ()


class FileTranscript(msgspec.Struct, frozen=True, kw_only=True):
    """In the order of speaking. ``notices``: what the user should know of (a setting that did not apply, say).
    ``vendor_id``: the vendor's name for the request, for its support."""

    segments: tuple[FileSegment, ...]
    joining: Joining = Joining.SPACE
    language: str | None = None
    notices: tuple[str, ...] = ()
    vendor_id: str | None = None


class FileProgress(msgspec.Struct, frozen=True):
    """``done``: 0 to 1, or None where the vendor does not say. ``text``: what is understood so far, if it comes in
    pieces."""

    done: float | None = None
    text: str | None = None


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
        """Pooled; with the user's proxy and certificates, and patience for long answers."""
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
        """Raises the tree of ``errors``; cancelling it ends the request and leaves nothing at the vendor that can be
        removed (an uploaded file, say)."""
        ...
