"""A recording in the form a provider accepts: as it is where that will do, else encoded anew, and cut where it is too
long or too large."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Callable, Generator, Iterator
from typing import Any, TypeVar

import msgspec

from debabelizer.audio.decode import ANY, AudioInfo, Limits, Pieces, decode, probe
from debabelizer.audio.layouts import LAYOUTS, layout_of
from debabelizer.contract.files import FileLimits
from debabelizer.files.containers import container_of
from debabelizer.files.cut import Slice, Slices
from debabelizer.files.encode import encode, longest
from debabelizer.files.recording import Sound
from debabelizer.files.scratch import Scratch
from debabelizer.files.source import Source

_log = logging.getLogger(__name__)
_RATE = 16_000
_WHOLE = float("inf")
_LEAST_S = 0.1
"""A last piece shorter than that holds no word, and vendors refuse it."""
T = TypeVar("T")


class Piece(msgspec.Struct, frozen=True, kw_only=True):
    """``start``: where its time 0 stands in the whole recording; its first ``overlap`` seconds are in the piece before,
    too. Seconds."""

    sound: Sound
    start: float = 0.0
    overlap: float = 0.0
    held: Scratch | None = None

    def close(self) -> None:
        """Its copy goes away."""
        if self.held is not None:
            self.held.close()


class Preparation:
    """One recording, from second ``begin`` on. Its work is done in a thread; :meth:`close` waits for the thread and
    lets go of everything.

    ``told`` gets the seconds that were converted so far, from that thread; ``on_damage`` what could not be read.
    """

    def __init__(
        self,
        source: Source,
        limits: FileLimits,
        *,
        begin: float = 0.0,
        reads: Limits = ANY,
        on_disk: bool = True,
        told: Callable[[float], None] = lambda _: None,
        on_damage: Callable[[str], None] = lambda _: None,
    ) -> None:
        self._source = source
        self._limits = limits
        self._begin = begin
        self._reads = reads
        self._reading: Pieces | None = None
        self._on_disk = on_disk
        self._told = told
        self._on_damage = on_damage
        self._stopped = False
        self._working: asyncio.Future[Any] | None = None
        self._loose: Piece | None = None
        """Made, and not handed out yet."""
        self.seconds: float | None = None
        """Of the whole recording, as far as it says."""

    async def pieces(self) -> AsyncGenerator[Piece, None]:
        """In order, each made when it is asked for; whoever gets one closes it. Raises AudioError and its kin for a
        recording without sound, StorageError."""
        info = await self._in_thread(lambda: probe(self._source.readable, taste=True, limits=self._reads))
        self.seconds = info.duration
        whole = await self._in_thread(lambda: self._as_it_is(info))
        if whole is not None:
            yield whole
            return
        made = self._made(info)
        try:
            while (piece := await self._in_thread(lambda: next(made, None))) is not None:
                self._loose = None
                yield piece
        finally:
            await self.close()
            made.close()

    def stop(self) -> None:
        """No further piece is wanted; what is being made is broken off."""
        self._stopped = True
        if self._reading is not None:
            self._reading.close()

    async def close(self) -> None:
        self.stop()
        if self._working is not None:
            await asyncio.gather(self._working, return_exceptions=True)
        if self._loose is not None:
            self._loose.close()

    # ------------------------------------------------------------------------------------------ in the thread

    def _as_it_is(self, info: AudioInfo) -> Piece | None:
        limits = self._limits
        with self._source.open() as file:
            container = container_of(info, file.read(64))
        size, seconds = self._source.size, info.duration
        fits = (
            container in limits.accepts
            and (limits.size is None or size <= limits.size)
            and (limits.seconds is None or (seconds is not None and seconds <= limits.seconds))
        )
        if container is None or not fits or self._begin:
            return None
        sound = Sound(
            container=container, size=size, seconds=seconds or 0.0, channels=info.channels, opened=self._source.open
        )
        _log.debug("a recording of %s s goes up as it is: %s, %d bytes", seconds, container, size)
        return Piece(sound=sound)

    def _made(self, info: AudioInfo) -> Generator[Piece, None, None]:
        channels = info.channels if 1 < info.channels <= min(self._limits.channels, len(LAYOUTS)) else 1
        layout = layout_of(channels)
        self._reading = decode(self._source.readable, layout=layout, on_damage=self._on_damage, limits=self._reads)
        pcm = self._watched(self._reading, channels)
        most = self._longest(channels)
        parts = iter(Slices(pcm, most, channels)) if most != _WHOLE else iter([(Slice(0.0, 0.0), pcm)])
        for number, (slice_, part) in enumerate(parts, int(most != _WHOLE)):
            piece = self._encoded(part, channels, slice_, number)
            if (number > 1 or self._begin) and piece.sound.seconds - piece.overlap < _LEAST_S:
                piece.close()
                return
            yield piece

    def _longest(self, channels: int) -> float:
        """Seconds that one request takes."""
        limits = self._limits
        by_size = _WHOLE if limits.size is None else longest(limits.size, channels)
        return min(by_size, _WHOLE if limits.seconds is None else limits.seconds)

    def _encoded(self, pcm: Iterator[bytes], channels: int, slice_: Slice, number: int) -> Piece:
        scratch = Scratch(on_disk=self._on_disk)
        container = self._limits.encoding
        try:
            seconds = encode(pcm, container, channels, scratch)
        except BaseException:
            scratch.close()
            raise
        sound = Sound(
            container=container,
            size=scratch.size,
            seconds=seconds,
            channels=channels,
            opened=scratch.open,
            number=number,
        )
        start = self._begin + slice_.start
        _log.debug("piece %d: %.1f s from %.1f s, %d bytes", number, seconds, start, scratch.size)
        self._loose = Piece(sound=sound, start=start, overlap=slice_.overlap, held=scratch)
        return self._loose

    def _watched(self, pcm: Pieces, channels: int) -> Iterator[bytes]:
        """Counts what goes by, leaves out what is before the beginning, and ends where nobody wants it any more."""
        done, skipped = 0, int(self._begin * _RATE) * 2 * channels
        for data in pcm:
            if self._stopped:
                return
            done += len(data)
            self._told(done / (2 * channels * _RATE))
            if wanted := data[max(0, len(data) - (done - skipped)) :] if done > skipped else b"":
                yield wanted

    # ------------------------------------------------------------------------------------------------ threads

    async def _in_thread(self, work: Callable[[], T]) -> T:
        """Cancelled, it leaves the thread to come to its end; :meth:`close` waits for that."""
        self._working = asyncio.ensure_future(asyncio.to_thread(work))
        return await asyncio.shield(self._working)
