"""One recording, read by a process of its own: the conversation with it."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import msgspec

from debabelizer.audio.bounded.endings import refusal, why_gone
from debabelizer.audio.bounded.limits import Limits
from debabelizer.audio.bounded.process import Gone, Reader, readers
from debabelizer.audio.bounded.source import Source
from debabelizer.errors import InternalError
from debabelizer.workers.frames import FrameError, FrameKind

_MOST_ASKED = 1 << 20


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


class _About(msgspec.Struct, frozen=True, tag_field="is", tag="about"):
    info: AudioInfo


class _Wants(msgspec.Struct, frozen=True, tag_field="is", tag="wants"):
    at: int
    size: int


class _Refused(msgspec.Struct, frozen=True, tag_field="is", tag="refused"):
    word: str
    detail: str = ""


class _Done(msgspec.Struct, frozen=True, tag_field="is", tag="done"):
    damaged: int = 0


_Said = _About | _Wants | _Refused | _Done
_decoder: msgspec.json.Decoder[_Said] = msgspec.json.Decoder(_Said)


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """``do``: ``probe`` a recording, ``taste`` (its first piece of sound only) or ``decode`` it, or ``report`` the
    bounds; to ``rate`` Hz and ``layout``; ``second`` is what a second of that is in bytes."""

    do: str
    rate: int = 16_000
    layout: str = "mono"
    second: int = 32_000

    def wire(self, limits: Limits, size: int | None = None) -> bytes:
        """As the process takes it; ``size`` of what is to be read, None: nothing can be sought in it."""
        bounds = {"memory": limits.memory, "patience": limits.patience, "stall": limits.stall}
        return msgspec.json.encode({**msgspec.structs.asdict(self), "size": size, **bounds})


class Decoding(Iterator[bytes]):
    """The PCM of a recording, piece by piece as it is asked for. Its process is kept for the next recording or ended:
    with the last piece, with an error, and by :meth:`close`, which any thread may call at any time."""

    def __init__(self, source: Source, job: Job, limits: Limits) -> None:
        self._source, self._job, self._limits = source, job, limits
        self._reader: Reader | None = None
        self._lock = threading.Lock()
        self._over = self._closed = False
        self._given = 0
        self.info: AudioInfo | None = None
        """Known with the first piece."""
        self.damaged = 0
        """Pieces that could not be read; known at the end."""

    def __next__(self) -> bytes:
        while not self._over:
            try:
                piece = self._step()
            except BaseException:
                if self._closed:  # by another thread, and this is what it did
                    break
                self.close()
                raise
            if piece is not None:
                return piece
        raise StopIteration

    def close(self) -> None:
        """Nothing more is wanted; whoever waits for the next piece gets none. Returns when the process is gone."""
        with self._lock:
            self._over = self._closed = True
            reader, self._reader = self._reader, None
        if reader is not None:
            reader.close()
        self._source.close()

    def __del__(self) -> None:
        self.close()

    # --------------------------------------------------------------------------------------------- in its thread

    def _step(self) -> bytes | None:
        """The next piece; None: something else was said, and dealt with."""
        try:
            return self._heard(self._reader or self._begin())
        except (FrameError, msgspec.MsgspecError) as error:
            raise InternalError(f"The process that reads {self._source.name} said something strange: {error}") from None
        except Gone as gone:
            reader = self._reader
            if reader is None:  # closed by another thread
                return None
            if not self._blameless(reader):
                raise why_gone(gone, self._source.name, self._limits) from None
            reader.close()
            self._reader = None
            return None

    def _blameless(self, reader: Reader) -> bool:
        """It may have been another file's doing: this one gets a process that has read nothing yet."""
        return reader.jobs > 1 and not self._given and self._source.rewinds

    def _begin(self) -> Reader:
        reader = readers.take(self._limits.memory)
        with self._lock:
            closed = self._closed
            if not closed:
                self._reader = reader
        if closed:
            reader.close()
        else:
            reader.begin(self._job.wire(self._limits, self._source.size))
        return reader

    def _heard(self, reader: Reader) -> bytes | None:
        kind, payload = reader.hear()
        if kind is FrameKind.BINARY:
            self._given += len(payload)
            self._check(self._given / self._job.second)
            return payload
        match _decoder.decode(payload):
            case _Wants(at=at, size=size):
                reader.give(self._source.read_at(max(0, at), min(max(1, size), _MOST_ASKED)))
            case _About(info=info):
                self.info = info
                self._check(info.duration or 0.0)
            case _Done(damaged=damaged):
                self.damaged = damaged
                self._end(reader)
            case _Refused(word=word, detail=detail):
                if word != "memory":  # what is left of it after that is not worth keeping
                    self._end(reader)
                raise refusal(word, detail, self._source.name, self._limits)
        return None

    def _end(self, reader: Reader) -> None:
        reader.end()
        with self._lock:
            closed = self._closed
            self._over, self._reader = True, None
        self._source.close()
        if not closed:
            readers.give_back(reader)

    def _check(self, seconds: float) -> None:
        if self._job.do != "probe":
            self._limits.check_length(seconds, self._source.name)
