"""PCM into the two forms that every provider takes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from debabelizer.audio.wav import HEADER_BYTES, header
from debabelizer.contract.files import Container
from debabelizer.files.scratch import Scratch

RATE = 16_000


def encode(pcm: Iterator[bytes], container: Container, channels: int, target: Scratch) -> float:
    """Writes a whole WAV or FLAC file (16 kHz, 16-bit, ``channels`` interleaved in ``pcm``); seconds of sound in it."""
    return (_flac if container is Container.FLAC else _wav)(pcm, channels, target)


def longest(size: int, channels: int) -> float:
    """Seconds of sound that fit into so many bytes, whatever they are: FLAC keeps noise as it is."""
    return max(1.0, (size - (1 << 16)) / (RATE * 2 * channels * 1.01))


def _wav(pcm: Iterator[bytes], channels: int, target: Scratch) -> float:
    target.write(bytes(HEADER_BYTES))
    written = sum(target.write(data) for data in pcm)
    target.seek(0)
    target.write(header(written, RATE, channels))
    return written / (2 * channels * RATE)


def _flac(pcm: Iterator[bytes], channels: int, target: Scratch) -> float:
    import av

    samples = 0
    with av.open(_Sink(target), "w", format="flac") as container:
        stream = container.add_stream("flac", rate=RATE, layout=layout_of(channels))
        for data in pcm:
            count = len(data) // (2 * channels)
            frame = av.AudioFrame(format="s16", layout=layout_of(channels), samples=count)
            frame.planes[0].update(data)
            frame.sample_rate, frame.pts = RATE, samples
            samples += count
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return samples / RATE


def layout_of(channels: int) -> str:
    """FFmpeg's name for so many channels, as FLAC orders them."""
    names = ("mono", "stereo", "3.0", "quad", "5.0", "5.1", "6.1", "7.1")
    return names[channels - 1]


MOST_CHANNELS = 8


class _Sink:
    """What PyAV may do with a scratch; it asks files for a name."""

    name = "recording.flac"

    def __init__(self, scratch: Scratch) -> None:
        self.write: Any = scratch.write
        self.seek: Any = scratch.seek
        self.tell: Any = scratch.tell
