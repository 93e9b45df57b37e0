"""Audio as a program hands it over, piece by piece, to the engine's own form."""

from __future__ import annotations

import asyncio
import io
import queue
import struct
import threading
from collections.abc import Callable
from typing import Protocol

from debabelizer.audio.decode import decode
from debabelizer.audio.resample import Converter, SampleType
from debabelizer.audio.telephone import Law, expand
from debabelizer.errors import ProviderError, UnsupportedFormatError

Deliver = Callable[[bytes], None]


class Feed(Protocol):
    """``feed`` answers with the PCM (16-bit mono 16 kHz) that is ready; ``finish`` with the rest."""

    async def feed(self, data: bytes) -> bytes: ...

    async def finish(self) -> bytes: ...


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

    async def finish(self) -> bytes:
        return self._converter.flush()


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
        else:
            return b""
        return await self._body.feed(rest)

    async def finish(self) -> bytes:
        return b"" if self._body is None else await self._body.finish()


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
    tag, channels, rate, _, _, bits = struct.unpack_from("<HHIIHH", text)
    if tag == 0xFFFE and len(text) >= 26:  # extensible: the real tag begins its GUID
        (tag,) = struct.unpack_from("<H", text, 24)
    if tag in {6, 7} and channels == 1:
        return _Raw(Converter(rate), lambda data: expand(data, "alaw" if tag == 6 else "mulaw"))
    sample = _SAMPLES.get((tag, bits))
    if sample is None or not channels or not rate:
        raise UnsupportedFormatError(f"This WAV form (tag {tag}, {bits} bits) can't be streamed; send 16-bit PCM.")
    return _Raw(Converter(rate, channels, sample))


class _Container:
    """A decoder in a thread of its own, which reads what was fed as if it were a pipe."""

    def __init__(self) -> None:
        self._pipe = _Pipe()
        self._ready: asyncio.Queue[bytes] = asyncio.Queue()
        self._loop = asyncio.get_running_loop()
        self._ended = asyncio.Event()
        self._error: ProviderError | None = None
        self._thread = threading.Thread(target=self._run, name="stream decoder", daemon=True)
        self._thread.start()

    async def feed(self, data: bytes) -> bytes:
        self._pipe.put(data)
        await asyncio.sleep(0)
        return self._taken()

    async def finish(self) -> bytes:
        self._pipe.put(b"")
        await self._ended.wait()
        self._thread.join()
        if self._error is not None and self._pipe.fed:
            raise self._error
        return self._taken()

    def _taken(self) -> bytes:
        pieces = []
        while not self._ready.empty():
            pieces.append(self._ready.get_nowait())
        return b"".join(pieces)

    def _run(self) -> None:
        try:
            for pcm in decode(self._pipe):  # type: ignore[arg-type]
                self._loop.call_soon_threadsafe(self._ready.put_nowait, pcm)
        except ProviderError as error:
            self._error = error
        finally:
            self._loop.call_soon_threadsafe(self._ended.set)


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
