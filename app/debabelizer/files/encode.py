"""PCM into the two forms that every provider takes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO, cast

from debabelizer.audio.encode import encode as encode_as
from debabelizer.audio.wav import HEADER_BYTES, header
from debabelizer.contract.files import Container
from debabelizer.files.scratch import Scratch

RATE = 16_000


def encode(pcm: Iterator[bytes], container: Container, channels: int, target: Scratch) -> float:
    """Writes a whole WAV or FLAC file (16 kHz, 16-bit, ``channels`` interleaved in ``pcm``); seconds of sound in it."""
    if container is Container.FLAC:
        return encode_as(pcm, "flac", cast("BinaryIO", target), rate=RATE, channels=channels)
    return _wav(pcm, channels, target)


def longest(size: int, channels: int) -> float:
    """Seconds of sound that fit into so many bytes, whatever they are: FLAC keeps noise as it is."""
    return max(1.0, (size - (1 << 16)) / (RATE * 2 * channels * 1.01))


def _wav(pcm: Iterator[bytes], channels: int, target: Scratch) -> float:
    target.write(bytes(HEADER_BYTES))
    written = sum(target.write(data) for data in pcm)
    target.seek(0)
    target.write(header(written, RATE, channels))
    return written / (2 * channels * RATE)
