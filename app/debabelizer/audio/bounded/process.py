"""The reading processes of this process: started when one is wanted, kept warm for a moment, never more than needed."""

from __future__ import annotations

import atexit
import os
import signal
import subprocess
import tempfile
import threading
from contextlib import suppress
from typing import IO

from debabelizer.audio.bounded.bounds import Exit
from debabelizer.errors import InternalError
from debabelizer.workers.frames import HEAD_BYTES, Control, FrameError, FrameKind, pack, unpack_head
from debabelizer.workers.launch import command_line, environment

TARGET = "debabelizer.audio.bounded.child:serve"
WARM_S = 10.0
"""How long one without work is kept: a folder of files needs only one."""
_MOST_IDLE = 2
_MOST_JOBS = 50
"""After so many files it makes room for a new one."""
_MOST_FRAME = 1 << 20


class Gone(Exception):  # noqa: N818 - turned into an error of ours by whoever knows the file
    """The process is no more; ``code`` as :mod:`subprocess` has it, ``words`` its last ones."""

    def __init__(self, code: int, words: str) -> None:
        super().__init__(code, words)
        self.code, self.words = code, words

    @property
    def exit(self) -> Exit | None:
        """Where it ended itself, or the system held it to a bound."""
        if self.code == -getattr(signal, "SIGXCPU", 0):
            return Exit.TIME
        return Exit(self.code) if self.code in set(Exit) else None


class Reader:
    """One process. One thread talks to it; any thread may :meth:`kill` it."""

    def __init__(self, memory: int) -> None:
        """Raises InternalError where no process can be started."""
        self.memory = memory
        self.jobs = 0
        self._stderr: IO[bytes] = _nameless()
        try:
            self._process = subprocess.Popen(
                command_line(TARGET),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._stderr,
                env=environment(),
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )
        except OSError as error:
            self._stderr.close()
            raise InternalError(f"The process that reads files does not start: {error.strerror or error}.") from error
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._in, self._out = self._process.stdin, self._process.stdout

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def begin(self, job: bytes) -> None:
        self.jobs += 1
        self._write(pack(FrameKind.CONTROL, Control.OPEN) + pack(FrameKind.TEXT, job))

    def give(self, data: bytes) -> None:
        self._write(pack(FrameKind.BINARY, data))

    def end(self) -> None:
        """After the last message of a job: it may serve the next. Raises Gone, FrameError."""
        if self.hear() != (FrameKind.CONTROL, Control.CLOSED):
            raise FrameError("more after its end")
        self._write(pack(FrameKind.CONTROL, Control.CLOSE))

    def hear(self) -> tuple[FrameKind, bytes]:
        """The next frame. Raises Gone, FrameError."""
        kind, length = unpack_head(self._read(HEAD_BYTES))
        if length > _MOST_FRAME:
            raise FrameError(f"a frame of {length} bytes")
        return kind, self._read(length)

    def _read(self, size: int) -> bytes:
        try:
            data = self._out.read(size)
        except (OSError, ValueError):  # closed by another thread
            raise self._gone() from None
        if len(data) != size:
            raise self._gone()
        return data

    def kill(self) -> None:
        """Returns when it is gone; again and again does no harm."""
        with suppress(OSError):
            self._process.kill()
        self._process.wait()

    def close(self) -> None:
        """Kills it and lets go of the pipes; by whoever talked to it."""
        self.kill()
        for pipe in (self._in, self._out, self._stderr):
            with suppress(OSError):
                pipe.close()

    def _write(self, frames: bytes) -> None:
        try:
            self._in.write(frames)
            self._in.flush()
        except (OSError, ValueError):
            raise self._gone() from None

    def _gone(self) -> Gone:
        with suppress(subprocess.TimeoutExpired):  # its pipes go before it does
            self._process.wait(1.0)
        self.kill()
        try:
            self._stderr.seek(0)
            words = self._stderr.read(1 << 16).decode("utf-8", "replace").strip()
        except (OSError, ValueError):
            words = ""
        return Gone(self._process.returncode, words.rpartition("\n")[2])


class Readers:
    """Those without work, for whoever comes next."""

    def __init__(self) -> None:
        self._idle: list[tuple[Reader, threading.Timer]] = []
        self._lock = threading.Lock()
        self._owner = os.getpid()

    def take(self, memory: int) -> Reader:
        """A warm one with that bound, or a new one."""
        with self._lock:
            self._forget_those_of_my_parent()
            found = next((pair for pair in self._idle if pair[0].memory == memory), None)
            if found is not None:
                self._idle.remove(found)
        if found is None:
            return Reader(memory)
        reader, timer = found
        timer.cancel()
        if reader.alive:
            return reader
        reader.close()
        return self.take(memory)

    def give_back(self, reader: Reader) -> None:
        """One that has ended its job as it should."""
        timer = threading.Timer(WARM_S, self._expire, (reader,))
        timer.daemon = True
        with self._lock:
            keep = reader.jobs < _MOST_JOBS and len(self._idle) < _MOST_IDLE and reader.alive
            if keep:
                self._idle.append((reader, timer))
        if keep:
            timer.start()
        else:
            reader.close()

    def close(self) -> None:
        """End those that are idle."""
        with self._lock:
            idle, self._idle = self._idle, []
        for reader, timer in idle:
            timer.cancel()
            reader.close()

    def _expire(self, reader: Reader) -> None:
        with self._lock:
            mine = [pair for pair in self._idle if pair[0] is reader]
            self._idle = [pair for pair in self._idle if pair[0] is not reader]
        for idle, _ in mine:
            idle.close()

    def _forget_those_of_my_parent(self) -> None:
        """After a fork two processes would talk to the same reader."""
        if os.getpid() != self._owner:
            self._owner = os.getpid()
            self._idle.clear()


def _nameless() -> IO[bytes]:
    """Where its last words go: nobody has to read them for it to go on."""
    try:
        return tempfile.TemporaryFile()
    except OSError:
        return open(os.devnull, "w+b")  # noqa: PTH123 - a disk that is full is no reason not to read


readers = Readers()
atexit.register(readers.close)
