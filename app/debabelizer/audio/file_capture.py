"""A recording in place of a microphone: for a first try without one, for demonstrations and for tests."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from debabelizer.audio.capture import CaptureSink
from debabelizer.audio.decode import ANY, Limits, Pieces, decode, probe
from debabelizer.errors import ProviderError

PIECE = 640
"""Bytes handed over at a time: 20 ms."""

SAMPLE_TEXT = "hello world this is a test of dictation"


def sample_speech() -> Path:
    """The bundled recording of somebody saying :data:`SAMPLE_TEXT` (made with flite, voice rms)."""
    return Path(__file__).parent / "data" / "sample.flac"


class FileCapture:
    """Plays a file to the sink.

    ``realtime``: as fast as it was spoken, and digital silence after its end, as a microphone would; otherwise as fast
    as the sink takes it, and nothing after the end. ``on_end`` is called once, in the capture's thread, when the last
    sample has been handed over, or no more can be had (not if it was stopped before). Raises UnsupportedFormatError and
    LimitExceededError at ``start``.
    """

    def __init__(
        self,
        path: Path,
        realtime: bool = True,
        on_end: Callable[[], None] | None = None,
        limits: Limits = ANY,
    ) -> None:
        self._path, self._realtime, self._on_end, self._limits = path, realtime, on_end, limits
        self._stopping = threading.Event()
        self._pieces = decode(path, limits=limits)
        self._thread: threading.Thread | None = None

    def start(self, sink: CaptureSink) -> None:
        if self._thread is not None:
            raise RuntimeError("a capture records once")
        probe(self._path, taste=True, limits=self._limits)
        self._thread = threading.Thread(target=self._run, args=(sink,), name="recording", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._pieces.close()
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join()

    def _run(self, sink: CaptureSink) -> None:
        began = time.monotonic()
        sent = 0
        for piece in self._cut(self._pieces, sink):
            sent += len(piece)
            if self._realtime and self._stopping.wait(max(0.0, began + sent / 32_000 - time.monotonic())):
                return
            if self._stopping.is_set():
                return
            sink.audio(piece, time.monotonic())

    def _cut(self, pieces: Pieces, sink: CaptureSink) -> Iterator[bytes]:
        rest = b""
        try:
            for pcm in pieces:
                rest += pcm
                whole = len(rest) - len(rest) % PIECE
                yield from (rest[i : i + PIECE] for i in range(0, whole, PIECE))
                rest = rest[whole:]
        except ProviderError as error:  # what came before is all there is
            sink.interrupted(error)
        finally:
            pieces.close()
        if rest:
            yield rest
        if self._on_end is not None:
            self._on_end()
        while self._realtime:
            yield bytes(PIECE)
