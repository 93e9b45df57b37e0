"""PCM to any common form of file, as a stream, without a program that has to be installed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO

import msgspec

from debabelizer.audio.layouts import layout_of
from debabelizer.errors import UnsupportedFormatError

_OPUS_RATES = (8_000, 12_000, 16_000, 24_000, 48_000)
_MP3_RATES = (8_000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000)
_AAC_RATES = (*_MP3_RATES, 64_000, 88_200, 96_000)


class OutputForm(msgspec.Struct, frozen=True):
    """A form that can be written. ``muxer`` and ``codec`` are FFmpeg's names; no ``rates``: any rate."""

    muxer: str
    codec: str
    rates: tuple[int, ...] = ()
    bits_per_second: int | None = None

    def rate_for(self, wanted: int) -> int:
        """The nearest rate that loses nothing, or the highest there is."""
        return min((r for r in self.rates if r >= wanted), default=max(self.rates, default=wanted))


FORMS: dict[str, OutputForm] = {
    "wav": OutputForm("wav", "pcm_s16le"),
    "flac": OutputForm("flac", "flac"),
    "mp3": OutputForm("mp3", "libmp3lame", _MP3_RATES, 64_000),
    "m4a": OutputForm("ipod", "aac", _AAC_RATES, 64_000),
    "mp4": OutputForm("mp4", "aac", _AAC_RATES, 64_000),
    "aac": OutputForm("adts", "aac", _AAC_RATES, 64_000),
    "ogg": OutputForm("ogg", "libopus", _OPUS_RATES, 32_000),
    "opus": OutputForm("ogg", "libopus", _OPUS_RATES, 32_000),
    "webm": OutputForm("webm", "libopus", _OPUS_RATES, 32_000),
    "wav_mulaw": OutputForm("wav", "pcm_mulaw"),
    "wav_alaw": OutputForm("wav", "pcm_alaw"),
    "pcm": OutputForm("s16le", "pcm_s16le"),
    "mulaw": OutputForm("mulaw", "pcm_mulaw"),
    "alaw": OutputForm("alaw", "pcm_alaw"),
}
"""By the name a user would give; ``pcm``, ``mulaw`` and ``alaw`` have no header."""


def form(name: str) -> OutputForm:
    """Raises UnsupportedFormatError with the names that there are."""
    found = FORMS.get(name.lower().removeprefix("."))
    if found is None:
        raise UnsupportedFormatError(f"Audio can't be written as “{name}”; there are {', '.join(FORMS)}.")
    return found


def encode(pcm: Iterable[bytes], name: str, target: BinaryIO, *, rate: int = 16_000, channels: int = 1) -> float:
    """Writes 16-bit PCM (``rate`` Hz, ``channels`` interleaved, pieces of any length) as ``name``; seconds of sound in
    it. WAV and MP4 want a ``target`` that can seek. Raises UnsupportedFormatError."""
    import av

    wanted = form(name)
    layout = layout_of(channels)
    samples = 0
    with av.open(_Sink(target), "w", format=wanted.muxer) as container:
        stream: Any = container.add_stream(wanted.codec, rate=wanted.rate_for(rate), layout=layout)
        if wanted.bits_per_second:
            stream.bit_rate = wanted.bits_per_second * channels
        for data in _whole(pcm, 2 * channels):
            frame = av.AudioFrame(format="s16", layout=layout, samples=len(data) // (2 * channels))
            frame.planes[0].update(data)
            frame.sample_rate, frame.pts = rate, samples
            samples += frame.samples
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return samples / rate


_PIECE = 1 << 16


def _whole(pcm: Iterable[bytes], frame: int) -> Iterator[bytes]:
    """The same bytes in pieces of whole frames, none too long for an encoder's queue."""
    rest = b""
    for data in pcm:
        data = rest + data
        whole = len(data) - len(data) % frame
        step = _PIECE - _PIECE % frame
        for at in range(0, whole, step):
            yield data[at : min(at + step, whole)]
        rest = data[whole:]


class _Sink:
    """What PyAV may do with a target; it asks files for a name, and must not try to seek in a pipe."""

    name = "audio"

    def __init__(self, file: BinaryIO) -> None:
        self.write: Any = file.write
        if file.seekable():
            self.seek: Any = file.seek
            self.tell: Any = file.tell
