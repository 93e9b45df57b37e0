"""Audio as a program hands it over, piece by piece, to the engine's own form."""

from __future__ import annotations

import asyncio
import io
import queue
import struct
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from typing import Protocol

from debabelizer.audio.decode import Limits, decode
from debabelizer.audio.resample import Converter, SampleType
from debabelizer.audio.telephone import Law, expand
from debabelizer.errors import ProviderError, UnsupportedFormatError

_AHEAD = 32
"""Pieces of about a second that are decoded before they are taken."""
_LONGEST_HEADER = 1 << 20
"""Bytes before the sound of a WAV stream; a header that claims more lies, and would be waited for for ever."""
_RATES = range(1_000, 768_001)
_MOST_CHANNELS = 64


class Feed(Protocol):
    """Turns what it is fed into PCM (16-bit mono 16 kHz)."""

    async def feed(self, data: bytes) -> bytes:
        """What is ready. Raises UnsupportedFormatError and its kin."""
        ...

    def finish(self) -> AsyncIterator[bytes]:
        """The rest."""
        ...

    async def close(self) -> None:
        """Nothing more is wanted."""
        ...


def open_feed(form: str, rate: int) -> Feed:
    """``form``: ``pcm``, ``mulaw``, ``alaw`` at ``rate`` Hz, mono; ``wav`` (without a header it is ``pcm``); or any
    container that can be read as it comes (``webm``, ``ogg``, ``mp3``, ``flac``, ...)."""
    name = form.lower().removeprefix(".")
    if name in {"pcm", "raw", "s16le", "linear16", "pcm_s16le", "pcm_16000"}:
        return _Raw(Converter(rate))
    if name in {"mulaw", "ulaw", "alaw"}:
        law: Law = "alaw" if name == "alaw" else "mulaw"
        return _Raw(Converter(rate), lambda data: expand(data, law))
    return _Wav(rate) if name == "wav" else _Container()


class _Raw:
    def __init__(self, converter: Converter, expanded: Callable[[bytes], bytes] = bytes) -> None:
        self._converter, self._expanded = converter, expanded

    async def feed(self, data: bytes) -> bytes:
        return self._converter.feed(self._expanded(data))

    async def finish(self) -> AsyncIterator[bytes]:
        if rest := self._converter.flush():
            yield rest

    async def close(self) -> None:
        """It holds nothing."""


class _Wav:
    """With a header, what it says; without one, 16-bit mono PCM."""

    def __init__(self, rate: int) -> None:
        self._rate = rate
        self._head = b""
        self._body: _Raw | None = None

    async def feed(self, data: bytes) -> bytes:
        if self._body is not None:
            return await self._body.feed(data)
        self._head += data
        if len(self._head) < 12:
            return b""
        if self._head[:4] != b"RIFF" or self._head[8:12] != b"WAVE":
            self._body, rest = _Raw(Converter(self._rate)), self._head
        elif (found := _sound(self._head)) is not None:
            self._body, rest = found
        elif len(self._head) > _LONGEST_HEADER:
            raise UnsupportedFormatError("This WAV stream has no sound within its first megabyte; send 16-bit PCM.")
        else:
            return b""
        return await self._body.feed(rest)

    async def finish(self) -> AsyncIterator[bytes]:
        if self._body is not None:
            async for rest in self._body.finish():
                yield rest

    async def close(self) -> None:
        """It holds nothing."""


_SAMPLES = {(1, 8): SampleType.UINT8, (1, 16): SampleType.INT16, (1, 32): SampleType.INT32, (3, 32): SampleType.FLOAT32}


def _sound(head: bytes) -> tuple[_Raw, bytes] | None:
    """What the header announces, and the sound behind it; None while the header is not there as a whole."""
    at, form = 12, None
    while len(head) >= at + 8:
        name, size = struct.unpack_from("<4sI", head, at)
        if name == b"data" and form is not None:
            return form, head[at + 8 :]
        if len(head) < at + 8 + size:
            return None
        if name == b"fmt ":
            form = _announced(head[at + 8 : at + 8 + size])
        at += 8 + size + size % 2
    return None


def _announced(text: bytes) -> _Raw:
    if len(text) < 16:
        raise UnsupportedFormatError("The header of this WAV stream is damaged: it does not say what it holds.")
    tag, channels, rate, _, _, bits = struct.unpack_from("<HHIIHH", text)
    if rate not in _RATES or not 0 < channels <= _MOST_CHANNELS:
        raise UnsupportedFormatError(
            f"This WAV stream claims {rate} Hz and {channels} channels: its header is damaged."
        )
    if tag == 0xFFFE and len(text) >= 26:  # extensible: the real tag begins its GUID
        (tag,) = struct.unpack_from("<H", text, 24)
    if tag in {6, 7} and channels == 1:
        return _Raw(Converter(rate), lambda data: expand(data, "alaw" if tag == 6 else "mulaw"))
    sample = _SAMPLES.get((tag, bits))
    if sample is None:
        raise UnsupportedFormatError(f"This WAV form (tag {tag}, {bits} bits) can't be streamed; send 16-bit PCM.")
    return _Raw(Converter(rate, channels, sample))


class _Container:
    """A thread that talks to the process that decodes what was fed, as if it were a pipe. What is decoded waits to be
    taken: a few bytes may become hours of sound."""

    def __init__(self) -> None:
        self._pipe = _Pipe()
        self._pieces = decode(self._pipe, limits=Limits(seconds=None))  # type: ignore[arg-type]
        self._ready: asyncio.Queue[bytes | None] = asyncio.Queue(_AHEAD)
        self._loop = asyncio.get_running_loop()
        self._over = False
        self._error: ProviderError | None = None
        self._thread = threading.Thread(target=self._run, name="stream decoder", daemon=True)
        self._thread.start()

    async def feed(self, data: bytes) -> bytes:
        if self._over:
            self._complain()
            return b""
        if data:
            self._pipe.put(data)
        await asyncio.sleep(0)
        taken = []
        while not self._ready.empty():
            taken.append(self._taken(self._ready.get_nowait()))
        return b"".join(taken)

    async def finish(self) -> AsyncIterator[bytes]:
        self._pipe.put(b"")
        while not self._over:
            if rest := self._taken(await self._ready.get()):
                yield rest
        await asyncio.to_thread(self._thread.join)  # its last word is not through yet
        self._complain()

    async def close(self) -> None:
        self._pipe.put(b"")
        await asyncio.to_thread(self._pieces.close)
        while not self._over:
            self._taken(await self._ready.get())
        await asyncio.to_thread(self._thread.join)  # its last word is not through yet

    def _taken(self, pcm: bytes | None) -> bytes:
        self._over = self._over or pcm is None
        return pcm or b""

    def _complain(self) -> None:
        if self._error is not None and self._pipe.fed:
            raise self._error

    def _run(self) -> None:
        try:
            for pcm in self._pieces:
                self._hand_over(pcm)
        except ProviderError as error:
            self._error = error
        finally:
            with suppress(RuntimeError):  # the loop has ended
                self._hand_over(None)

    def _hand_over(self, pcm: bytes | None) -> None:
        asyncio.run_coroutine_threadsafe(self._ready.put(pcm), self._loop).result()


class _Pipe(io.RawIOBase):
    """Read in the decoder's thread, filled by the loop's; an empty piece is the end."""

    def __init__(self) -> None:
        self._pieces: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        self._rest = b""
        self._over = False
        self.fed = 0

    def put(self, data: bytes) -> None:
        self.fed += len(data)
        self._pieces.put(data)

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        if not self._rest and not self._over:
            self._rest = self._pieces.get()
            self._over = not self._rest
        data, self._rest = (self._rest, b"") if size < 0 else (self._rest[:size], self._rest[size:])
        return data
