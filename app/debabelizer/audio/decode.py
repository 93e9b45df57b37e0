"""Any common audio or video file to PCM, as a stream: memory stays flat however long the recording is.

PyAV brings ffmpeg's libraries along; no program has to be installed. What is damaged in the middle of a file is left
out and reported; a file without any readable audio is an :class:`UnsupportedFormatError` that names the cause.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

import msgspec

from debabelizer.errors import UnsupportedFormatError

_FORMATS = (
    "wav,w64,aiff,au,caf,voc,flac,mp3,aac,loas,ogg,matroska,webm,mov,avi,asf,flv,mpeg,mpegvideo,mpegts,"
    "amr,amrnb,amrwb,gsm,ac3,eac3,dts,ape,tak,tta,wv,mpc,mpc8,dsf,oma,rm"
)
"""FFmpeg's names of what is read. Its other readers take noise for a game's music, or follow a playlist's words to
other files and addresses."""
_REMEDY = "Convert it to WAV, FLAC, MP3, Ogg or M4A and try again."


class AudioInfo(msgspec.Struct, frozen=True):
    """``duration`` in seconds, None where the file does not say; ``rate`` in Hz. ``formats``: short names of the
    container's kind (``mov``, ``mp4``, ``m4a``, ...), ``brand`` what tells kin apart; ``video``: there are pictures."""

    duration: float | None
    container: str
    codec: str
    rate: int
    channels: int
    formats: tuple[str, ...] = ()
    brand: str = ""
    video: bool = False


def probe(source: Path | BinaryIO) -> AudioInfo:
    """What the best audio stream of a file is. Raises like :func:`decode`."""
    with _opened(source) as (container, stream):
        return AudioInfo(
            duration=_duration(container, stream),
            container=str(container.format.long_name or container.format.name),
            codec=str(stream.codec_context.name),
            rate=int(stream.codec_context.sample_rate or 0),
            channels=int(stream.codec_context.channels or 0),
            formats=tuple(str(container.format.name).split(",")),
            brand=str(container.metadata.get("major_brand", "")).strip(),
            video=any(not _is_cover(picture) for picture in container.streams.video),
        )


def decode(
    source: Path | BinaryIO,
    rate: int = 16_000,
    *,
    layout: str = "mono",
    on_damage: Callable[[str], None] | None = None,
) -> Generator[bytes, None, None]:
    """PCM (signed 16-bit, ``rate`` Hz, channels interleaved) in pieces of at most about a second.

    ``layout``: ``mono``, ``stereo``, ``5.1``, ... ``on_damage`` gets one sentence at the end if parts of the file could
    not be read. Raises UnsupportedFormatError where there is no such file, it may not be read, or nothing in it is
    audio that can be decoded.
    """
    with _opened(source) as (container, stream):
        yield from _Decoding(container, stream, rate, layout, _name(source)).run(on_damage)


class _Decoding:
    def __init__(self, container: Any, stream: Any, rate: int, layout: str, name: str) -> None:
        import av

        self._av = av
        self._container, self._stream, self._name = container, stream, name
        self._resampler = av.AudioResampler(format="s16", layout=layout, rate=rate)
        self._bad = 0
        self._samples = 0

    def run(self, on_damage: Callable[[str], None] | None) -> Iterator[bytes]:
        for packet in self._packets():
            for frame in self._frames(packet):
                yield from self._pcm(frame)
        if self._samples:
            yield from self._pcm(None)
        elif self._bad:
            raise UnsupportedFormatError(f"The audio in {self._name} is damaged and can't be read. {_REMEDY}")
        else:
            raise UnsupportedFormatError(f"There is no sound in {self._name}: its audio track is empty.")
        if self._bad and on_damage is not None:
            on_damage(f"{self._name} is damaged: {self._bad} of its pieces could not be read and were left out.")

    def _packets(self) -> Iterator[Any]:
        packets = self._container.demux(self._stream)
        while True:
            try:
                packet = next(packets, None)
            except (self._av.FFmpegError, OSError):
                self._bad += 1  # nothing can be read past this point; the decoder may still hold frames
                yield None
                return
            if packet is None:
                return
            yield packet

    def _frames(self, packet: Any) -> list[Any]:
        try:
            return list(self._stream.decode(packet))
        except self._av.FFmpegError as error:
            if not isinstance(error, EOFError):
                self._bad += 1
            return []

    def _pcm(self, frame: Any) -> Iterator[bytes]:
        try:
            converted = self._resampler.resample(frame)
        except (self._av.FFmpegError, ValueError):  # the form changed in mid-stream to something impossible
            self._bad += 1
            return
        for piece in converted:
            self._samples += piece.samples
            if piece.samples:
                yield bytes(piece.planes[0])[: 2 * piece.samples * piece.layout.nb_channels]


@contextmanager
def _opened(source: Path | BinaryIO) -> Iterator[tuple[Any, Any]]:
    """Container and audio stream; whatever PyAV complains about has become an error of ours."""
    import av

    name = _name(source)
    _check(source, name)
    try:
        container = av.open(
            str(source) if isinstance(source, Path) else _Readable(source),
            options={"format_whitelist": _FORMATS},
            metadata_errors="ignore",
            timeout=None,
        )
    except (av.FFmpegError, OSError, ValueError) as error:
        raise _unreadable(name, error) from error
    with container:
        stream = container.streams.best("audio")
        if stream is None:
            raise UnsupportedFormatError(f"{name} has no audio track.")
        if stream.codec_context is None:
            raise UnsupportedFormatError(f"The audio in {name} is of a kind that can't be read. {_REMEDY}")
        yield container, stream


def _check(source: Path | BinaryIO, name: str) -> None:
    if not isinstance(source, Path):
        return
    try:
        with source.open("rb") as file:
            if not file.read(1):
                raise UnsupportedFormatError(f"{name} is empty.")
    except FileNotFoundError as error:
        raise UnsupportedFormatError(f"There is no file {source}.") from error
    except IsADirectoryError as error:
        raise UnsupportedFormatError(f"{source} is a folder, not a file.") from error
    except PermissionError as error:
        raise UnsupportedFormatError(f"{source} can't be opened: you are not allowed to read it.") from error
    except OSError as error:
        raise UnsupportedFormatError(f"{source} can't be read: {error.strerror}.") from error


def _unreadable(name: str, error: Exception) -> UnsupportedFormatError:
    import av

    if isinstance(error, av.InvalidDataError | av.ArgumentError | EOFError):
        cause = f"{name} is not an audio or video file, or it is damaged from its start."
    else:
        cause = f"{name} can't be read."
    return UnsupportedFormatError(f"{cause} {_REMEDY}", vendor_message=str(error))


def _is_cover(picture: Any) -> bool:
    """The album's picture inside a song is a video stream of one frame."""
    import av

    return bool(picture.disposition & av.stream.Disposition.attached_pic)


def _duration(container: Any, stream: Any) -> float | None:
    if stream.duration is not None and stream.time_base is not None:
        return float(stream.duration * stream.time_base)
    return container.duration / 1_000_000 if container.duration is not None else None


def _name(source: Path | BinaryIO) -> str:
    if isinstance(source, Path):
        return source.name
    name = getattr(source, "name", None)
    return Path(name).name if isinstance(name, str) and not name.startswith("<") else "The recording"


class _Readable(io.RawIOBase):
    """Only what PyAV may use of a file: it must not try to seek in a pipe."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return self._file.seekable()

    def read(self, size: int = -1) -> bytes:
        return self._file.read(size)

    def seek(self, offset: int, whence: int = 0) -> int:
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()
