"""The worker process: ``python -m debabelizer.workers.main package.module:function``.

Frames come on standard input and leave on what was standard output; what the engine itself prints goes to
standard error. One thread reads, the main thread runs the engine. The end of the input is the end of the
process, at once: so no worker outlives its parent, however that died.
"""

from __future__ import annotations

import importlib
import os
import queue
import signal
import sys
import threading
import traceback
from collections.abc import Callable
from typing import IO, TYPE_CHECKING, NoReturn, cast

from debabelizer.workers.frames import (
    HEAD_BYTES,
    Control,
    FrameKind,
    pack,
    pack_message,
    unpack_head,
    unpack_message,
)

if TYPE_CHECKING:
    from debabelizer.contract.stream import WireMessage

_WAITING_FRAMES = 4096
"""Read ahead of the engine; above it the pipe fills and the supervisor waits."""


class Pipe:
    """The worker's end of the pipes; a :class:`~debabelizer.contract.worker.WorkerLink` for the engine."""

    def __init__(self, source: IO[bytes], sink: IO[bytes]) -> None:
        self._source = source
        self._sink = sink
        self._frames: queue.Queue[tuple[FrameKind, bytes]] = queue.Queue(_WAITING_FRAMES)
        self._open = False

    def read_forever(self) -> None:
        try:
            self._read()
        except BaseException:  # noqa: BLE001 - nobody would ever hear anything again
            traceback.print_exc()
            sys.stderr.flush()
            os._exit(1)

    def _read(self) -> None:
        while True:
            head = self._source.read(HEAD_BYTES)
            if len(head) < HEAD_BYTES:
                os._exit(0)
            kind, length = unpack_head(head)
            payload = self._source.read(length)
            if len(payload) < length:
                os._exit(0)
            self._frames.put((kind, payload))

    def wait_for_connection(self) -> None:
        while self._frames.get() != (FrameKind.CONTROL, Control.OPEN):
            continue
        self._open = True

    def end_connection(self) -> None:
        """Tell the supervisor that the engine is through, once the supervisor is, too."""
        if self._open:
            self._write(pack(FrameKind.CONTROL, Control.CLOSED))
            while self._frames.get() != (FrameKind.CONTROL, Control.CLOSE):
                continue
            self._open = False
        else:
            self._write(pack(FrameKind.CONTROL, Control.CLOSED))

    def receive(self, timeout: float | None = None) -> WireMessage | None:
        if not self._open:
            return None
        try:
            kind, payload = self._frames.get(timeout != 0, timeout)
        except queue.Empty:
            raise TimeoutError("no message yet") from None
        if kind is not FrameKind.CONTROL:
            return unpack_message(kind, payload)
        self._open = False
        return None

    def send(self, message: WireMessage) -> None:
        self._write(pack_message(message))

    def _write(self, frame: bytes) -> None:
        try:
            self._sink.write(frame)
            self._sink.flush()
        except OSError:
            os._exit(0)  # nobody is there to hear


def _private_pipes() -> tuple[IO[bytes], IO[bytes]]:
    """Keep the pipes for frames alone: an engine that prints or reads must not get at them."""
    source = os.fdopen(os.dup(0), "rb")
    sink = os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    if sys.platform == "win32":
        import msvcrt

        msvcrt.setmode(source.fileno(), os.O_BINARY)
        msvcrt.setmode(sink.fileno(), os.O_BINARY)
    return source, sink


def main(target: str) -> NoReturn:
    """Serve connections until the input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C in a terminal is for the parent
    source, sink = _private_pipes()
    pipe = Pipe(source, sink)
    threading.Thread(target=pipe.read_forever, name="frames", daemon=True).start()
    module, _, function = target.partition(":")
    engine = cast("Callable[[Pipe], None]", getattr(importlib.import_module(module), function))
    while True:
        pipe.wait_for_connection()
        engine(pipe)
        pipe.end_connection()


def run(target: str) -> NoReturn:
    """``main``, ending the process for good: the reading thread would hold up an orderly end."""
    try:
        main(target)
    except BaseException:  # noqa: BLE001 - whatever it was, the supervisor gets exit code and last line
        traceback.print_exc()
    if sys.stderr is not None:  # Windows gives a program without a console none
        sys.stderr.flush()
    os._exit(1)


if __name__ == "__main__":
    run(sys.argv[1])
