"""Our own form, 16-bit PCM behind a plain WAV header, read without any library: what takes and copies are kept in."""

from __future__ import annotations

import struct
from collections.abc import Iterator

import msgspec

from debabelizer.audio.bounded import LEAST_RATE
from debabelizer.audio.bounded.decoding import AudioInfo
from debabelizer.audio.bounded.limits import Limits
from debabelizer.audio.bounded.source import Source

_BLOCK = 1 << 15
_NEVER_WRITTEN = 0xFFFF_FFFF - 38
"""A length from here on means: to the end."""
_LAYOUTS = {1: "mono", 2: "stereo"}


class PlainWav(msgspec.Struct, frozen=True):
    """What the header says. ``start``: where the sound begins; ``length``: bytes of it, None: only its end tells."""

    rate: int
    channels: int
    start: int
    length: int | None

    @property
    def second(self) -> int:
        """Bytes."""
        return 2 * self.channels * self.rate

    @property
    def info(self) -> AudioInfo:
        return AudioInfo(
            duration=None if self.length is None else self.length / self.second,
            container="WAV / WAVE (Waveform Audio)",
            codec="pcm_s16le",
            rate=self.rate,
            channels=self.channels,
            formats=("wav",),
        )

    def is_already(self, rate: int, layout: str) -> bool:
        """There is nothing to convert."""
        return rate == self.rate and layout == _LAYOUTS[self.channels]


def plain_wav(source: Source) -> PlainWav | None:
    """None: it is something else, or not as plain."""
    head = source.head
    if len(head) < 46 or head[:4] != b"RIFF" or head[8:16] != b"WAVEfmt ":
        return None
    size, tag, channels, rate, _, frame, bits = struct.unpack_from("<IHHIIHH", head, 16)
    if (tag, bits, frame) != (1, 16, 2 * channels) or size not in {16, 18} or channels not in _LAYOUTS:
        return None
    start = 20 + size + 8
    name, length = struct.unpack_from("<4sI", head, start - 8)
    if name != b"data" or rate < LEAST_RATE:
        return None
    claimed = None if length >= _NEVER_WRITTEN else length - length % frame
    if source.size is not None:
        there = (source.size - start) // frame * frame
        claimed = there if claimed is None else min(claimed, there)
    return None if claimed == 0 else PlainWav(rate, channels, start, claimed)


class PlainPieces(Iterator[bytes]):
    """The sound as it is in the file. Of the kind of :class:`~debabelizer.audio.bounded.decoding.Decoding`."""

    def __init__(self, source: Source, form: PlainWav, limits: Limits) -> None:
        self._source, self._form, self._limits = source, form, limits
        self._at = 0
        self._odd = b""
        self._closed = False

    def __next__(self) -> bytes:
        while not self._closed and (data := self._read()):
            self._at += len(data)
            self._limits.check_length(self._at / self._form.second, self._source.name)
            data = self._odd + data
            whole = len(data) - len(data) % (2 * self._form.channels)
            self._odd = data[whole:]
            if whole:
                return data[:whole]
        self.close()
        raise StopIteration

    def _read(self) -> bytes:
        length = self._form.length
        wanted = _BLOCK if length is None else min(_BLOCK, length - self._at)
        try:
            return self._source.read_at(self._form.start + self._at, wanted) if wanted else b""
        except ValueError:  # closed by another thread
            return b""
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        self._closed = True
        self._source.close()
