"""Any common audio or video file to PCM, as a stream: memory stays flat however long the recording is.

Our own form is read here; everything else by a process that can do nothing else (:mod:`debabelizer.audio.bounded`).
What is damaged in the middle of a file is left out and reported.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO, Protocol

from debabelizer.audio.bounded.decoding import AudioInfo, Decoding, Job
from debabelizer.audio.bounded.limits import Limits
from debabelizer.audio.bounded.source import Source, name_of
from debabelizer.audio.layouts import channels_of
from debabelizer.audio.plain_wav import PlainPieces, plain_wav
from debabelizer.errors import InternalError

__all__ = ["ANY", "AudioInfo", "Limits", "Pieces", "decode", "probe"]

ANY = Limits()
"""What holds where nobody set anything."""


class Pieces(Protocol):
    """PCM as it comes. ``close``, from any thread: nothing more is wanted, and all that was held is let go of."""

    def __iter__(self) -> Iterator[bytes]: ...

    def __next__(self) -> bytes: ...

    def close(self) -> None: ...


def probe(source: Path | BinaryIO, *, taste: bool = False, limits: Limits = ANY) -> AudioInfo:
    """What the best audio stream of a file is. ``taste``: something of it can be decoded, too, and it does not claim to
    be longer than ``limits`` allow. Raises like :func:`decode`."""
    read = Source(source, limits)
    if (plain := plain_wav(read)) is not None:
        read.close()
        if taste:
            limits.check_length(plain.info.duration or 0.0, read.name)
        return plain.info
    decoding = Decoding(read, Job(do="taste" if taste else "probe"), limits)
    for _ in decoding:
        continue
    if decoding.info is None:
        raise InternalError(f"Nothing was said about {read.name}.")
    return decoding.info


def decode(
    source: Path | BinaryIO,
    rate: int = 16_000,
    *,
    layout: str = "mono",
    on_damage: Callable[[str], None] | None = None,
    limits: Limits = ANY,
) -> Pieces:
    """PCM (signed 16-bit, ``rate`` Hz, channels interleaved) in pieces of at most about a second.

    ``layout``: ``mono``, ``stereo``, ``5.1``, ... ``on_damage`` gets one sentence at the end if parts of the file could
    not be read. The first piece, or a later one, raises UnsupportedFormatError where there is no such file, it may not
    be read, or nothing in it is audio that can be decoded; DecoderCrashError; LimitExceededError.
    """
    return _Pieces(source, rate, layout, on_damage, limits)


class _Pieces(Iterator[bytes]):
    """Nothing is opened before the first piece is asked for."""

    def __init__(
        self,
        given: Path | BinaryIO,
        rate: int,
        layout: str,
        on_damage: Callable[[str], None] | None,
        limits: Limits,
    ) -> None:
        self._given, self._rate, self._layout, self._limits = given, rate, layout, limits
        self._on_damage = on_damage
        self._pieces: Decoding | PlainPieces | None = None
        self._closed = False

    def __next__(self) -> bytes:
        if self._closed:
            raise StopIteration
        pieces = self._pieces or self._open()
        try:
            return next(pieces)
        except StopIteration:
            self._tell(pieces)
            raise

    def close(self) -> None:
        self._closed = True
        if self._pieces is not None:
            self._pieces.close()

    def __del__(self) -> None:
        self.close()

    def _open(self) -> Decoding | PlainPieces:
        pieces = self._pieces = self._opened()
        if self._closed:  # by another thread, while this was opened
            pieces.close()
        return pieces

    def _opened(self) -> Decoding | PlainPieces:
        source = Source(self._given, self._limits)
        if (plain := plain_wav(source)) is not None and plain.is_already(self._rate, self._layout):
            self._limits.check_length(plain.info.duration or 0.0, source.name)
            return PlainPieces(source, plain, self._limits)
        second = 2 * self._rate * channels_of(self._layout)
        return Decoding(source, Job(do="decode", rate=self._rate, layout=self._layout, second=second), self._limits)

    def _tell(self, pieces: Decoding | PlainPieces) -> None:
        damaged = pieces.damaged if isinstance(pieces, Decoding) else 0
        if damaged and self._on_damage is not None and not self._closed:
            name = name_of(self._given)
            self._on_damage(f"{name} is damaged: {damaged} of its pieces could not be read and were left out.")
        self._closed = True
