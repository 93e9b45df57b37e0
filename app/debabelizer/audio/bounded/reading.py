"""Any common audio or video file to PCM, with FFmpeg's libraries. Runs only where :mod:`bounds` hold.

What is damaged in the middle of a file is left out and counted; a file without any sound that can be had is refused
with one of the words of :class:`Refused`.
"""

from __future__ import annotations

import errno
import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import av

from debabelizer.audio.bounded import LEAST_RATE

FORMATS = (
    "wav,w64,aiff,au,caf,voc,flac,mp3,aac,loas,ogg,matroska,webm,mov,avi,asf,flv,mpeg,mpegvideo,mpegts,"
    "amr,amrnb,amrwb,gsm,ac3,eac3,dts,ape,tak,tta,wv,mpc,mpc8,dsf,oma,rm"
)
"""FFmpeg's names of what is read. Its other readers take noise for a game's music, or follow a playlist's words to
other files and addresses."""
_BUFFER = 1 << 16
_ABSURD_S = 1e12
_TOGETHER = 4096
"""Samples that are converted at once: a codec's own pieces are so small that the way costs more than the work."""
_NOTHING = b"RIFF\xa4\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0\x40\x1f\0\0\x80\x3e\0\0\x02\0\x10\0data\x80\0\0\0" + bytes(
    128
)
"""A WAV file of 8 ms."""


class Refused(Exception):  # noqa: N818 - not a fault of ours
    """``word``: ``not_audio``, ``no_track``, ``codec``, ``rate``, ``channels``, ``encrypted``, ``damaged``, ``silent``,
    ``memory``."""

    def __init__(self, word: str, detail: str = "") -> None:
        super().__init__(word, detail)
        self.word, self.detail = word, detail


@contextmanager
def opened(file: Any) -> Iterator[tuple[Any, Any]]:
    """Container and audio stream of what can be read and perhaps sought in. Raises Refused."""
    av.logging.set_libav_level(av.logging.PANIC)
    try:
        container = av.open(
            file,
            options={
                "format_whitelist": FORMATS,
                "codec_whitelist": _audio_decoders(),  # pictures are not even looked at
                "protocol_whitelist": "none",
            },
            metadata_errors="ignore",
            buffer_size=_BUFFER,
            io_open=_no_other_file,
        )
    except (av.FFmpegError, OSError, ValueError) as error:
        if _is_memory(error):
            raise Refused("memory") from error
        raise Refused("not_audio", str(error)) from error
    with container:
        stream = container.streams.best("audio")
        if stream is None:
            raise Refused("no_track")
        if stream.codec_context is None:
            raise Refused("codec")
        if 0 < stream.codec_context.sample_rate < LEAST_RATE:
            raise Refused("rate")
        stream.codec_context.thread_count = 1  # a thread's stack is memory, too
        for other in container.streams:
            if other is not stream:
                other.discard = av.stream.Discard.all  # their data is not even asked for
        yield container, stream


def warm_up() -> None:
    """Read a little of nothing, so that all is loaded that will be needed when nothing can be opened any more."""
    with opened(io.BytesIO(_NOTHING)) as (container, stream):
        about(container, stream)
        for _ in Reading(container, stream, 16_000, "mono"):
            continue


def about(container: Any, stream: Any) -> dict[str, Any]:
    """The fields of :class:`debabelizer.audio.decode.AudioInfo`."""
    context = stream.codec_context
    return {
        "duration": _duration(container, stream),
        "container": str(container.format.long_name or container.format.name),
        "codec": str(context.name),
        "rate": int(context.sample_rate or 0),
        "channels": int(context.channels or 0),
        "formats": str(container.format.name).split(","),
        "brand": str(container.metadata.get("major_brand", "")).strip(),
        "video": any(not _is_cover(picture) for picture in container.streams.video),
    }


class Reading:
    """The sound of one stream as PCM (signed 16-bit, ``rate`` Hz, channels interleaved)."""

    def __init__(self, container: Any, stream: Any, rate: int, layout: str) -> None:
        self._container, self._stream = container, stream
        self._rate, self._layout = rate, layout
        self._graph: Any = None
        self._gathered: Any = None
        self._form: tuple[object, ...] = ()
        self._why = ""
        self.damaged = 0
        """Pieces that could not be read."""
        self.samples = 0

    def __iter__(self) -> Iterator[bytes]:
        for packet in self._packets():
            for frame in self._frames(packet):
                yield from self._pcm(frame)
        yield from self._rest()
        if not self.samples:
            raise Refused(self._why or ("damaged" if self.damaged else "silent"))

    def _packets(self) -> Iterator[Any]:
        packets = self._container.demux(self._stream)
        while True:
            try:
                packet = next(packets, None)
            except (av.FFmpegError, OSError) as error:
                self._damage(error)  # nothing can be read past this point; the decoder may still hold frames
                yield None
                return
            if packet is None:
                return
            if packet.has_sidedata("encryption_info"):
                raise Refused("encrypted")
            yield packet

    def _frames(self, packet: Any) -> list[Any]:
        try:
            return list(self._stream.decode(packet))
        except (av.FFmpegError, OSError, ValueError) as error:
            if not isinstance(error, EOFError):
                self._damage(error)
            return []

    def _pcm(self, frame: Any) -> Iterator[bytes]:
        form = (frame.format.name, frame.layout.name, frame.sample_rate)
        if form != self._form:  # joined files may change it on the way
            yield from self._rest()
            self._form, self._graph, self._gathered = form, self._converter(frame), av.AudioFifo()
        if self._graph is None:
            self.damaged += 1
            return
        frame.pts = None
        self._gathered.write(frame)
        while (together := self._gathered.read(_TOGETHER)) is not None:
            yield from self._through(together)

    def gathered(self) -> Iterator[bytes]:
        """What waits to be converted together with more."""
        if self._graph is not None and (few := self._gathered.read(0, True)) is not None:
            yield from self._through(few)

    def _rest(self) -> Iterator[bytes]:
        yield from self.gathered()
        if self._graph is not None:
            yield from self._through(None)
            self._graph = None

    def _through(self, frame: Any) -> Iterator[bytes]:
        try:
            self._graph.push(frame)
            while (piece := self._pulled()) is not None:
                self.samples += piece.samples
                if piece.samples:
                    yield bytes(piece.planes[0])[: 2 * piece.samples * piece.layout.nb_channels]
        except (av.FFmpegError, ValueError) as error:
            self._damage(error)

    def _pulled(self) -> Any:
        try:
            return self._graph.pull()
        except EOFError:
            return None
        except av.FFmpegError as error:
            if error.errno == errno.EAGAIN:
                return None
            raise

    def _converter(self, frame: Any) -> Any:
        """None where there is no way from this form to the wanted one."""
        if frame.sample_rate < LEAST_RATE:
            self._why = "rate"
            return None
        graph = av.filter.Graph()
        graph.threads = 1
        try:
            source = graph.add(
                "abuffer",
                sample_rate=str(frame.sample_rate),
                sample_fmt=frame.format.name,
                channel_layout=frame.layout.name,
                time_base=f"1/{frame.sample_rate}",
            )
            wanted = graph.add("aformat", sample_rates=str(self._rate), sample_fmts="s16", channel_layouts=self._layout)
            sink = graph.add("abuffersink")
            source.link_to(wanted)
            wanted.link_to(sink)
            graph.configure()
        except (av.FFmpegError, ValueError) as error:
            if _is_memory(error):
                raise Refused("memory") from error
            self._why = "channels"
            return None
        return graph

    def _damage(self, error: Exception) -> None:
        if _is_memory(error):
            raise Refused("memory") from error
        self.damaged += 1


def _is_memory(error: Exception) -> bool:
    return isinstance(error, MemoryError) or getattr(error, "errno", None) == errno.ENOMEM


def _audio_decoders() -> str:
    names = []
    for name in av.codecs_available:
        try:
            codec = av.Codec(name, "r")
        except (av.FFmpegError, ValueError):  # it only encodes
            continue
        if codec.type == "audio":
            names.append(codec.name)
    return ",".join(names)


def _no_other_file(url: str, *_: object) -> Any:
    raise PermissionError(errno.EACCES, "a recording may not lead to other files", url)


def _is_cover(picture: Any) -> bool:
    """The album's picture inside a song is a video stream of one frame."""
    return bool(picture.disposition & av.stream.Disposition.attached_pic)


def _duration(container: Any, stream: Any) -> float | None:
    seconds = None
    if stream.duration is not None and stream.time_base is not None:
        seconds = float(stream.duration * stream.time_base)
    elif container.duration is not None:
        seconds = container.duration / 1_000_000
    return seconds if seconds is not None and 0 <= seconds < _ABSURD_S else None
