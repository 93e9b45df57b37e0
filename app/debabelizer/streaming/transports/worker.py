"""One worker process, and one connection to the engine inside it."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import subprocess
from collections import deque

from debabelizer.contract.stream import WireMessage
from debabelizer.errors import ConnectionError, InternalError, ProviderError
from debabelizer.streaming.transports.link import Link, LinkClosed
from debabelizer.workers.frames import (
    HEAD_BYTES,
    Control,
    FrameError,
    FrameKind,
    pack,
    pack_message,
    unpack_head,
    unpack_message,
)
from debabelizer.workers.launch import command_line, environment

log = logging.getLogger(__name__)

_STDERR_LINES = 20
_PIPE_BYTES = 1 << 20


class WorkerProcess:
    """A process that serves one connection after another."""

    def __init__(self, process: asyncio.subprocess.Process, target: str, provider: str) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        self._process = process
        self._target = target
        self._provider = provider
        self._stdin = process.stdin
        self._stdout = process.stdout
        self._stderr = process.stderr
        self._last_lines: deque[str] = deque(maxlen=_STDERR_LINES)
        self._listener = asyncio.create_task(self._listen(), name=f"stderr of {target}")

    @classmethod
    async def start(cls, target: str, provider: str) -> WorkerProcess:
        try:
            process = await asyncio.create_subprocess_exec(
                *command_line(target),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env=environment(),
                limit=_PIPE_BYTES,
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )
        except OSError as error:
            raise InternalError(
                f"The recogniser's process does not start: {error.strerror or error}", provider
            ) from error
        return cls(process, target, provider)

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def alive(self) -> bool:
        return self._process.returncode is None

    async def write(self, frame: bytes) -> None:
        try:
            self._stdin.write(frame)
            await self._stdin.drain()
        except (OSError, RuntimeError):
            raise LinkClosed(error=await self.death()) from None

    async def read(self) -> tuple[FrameKind, bytes]:
        try:
            kind, length = unpack_head(await self._stdout.readexactly(HEAD_BYTES))
            return kind, await self._stdout.readexactly(length)
        except (asyncio.IncompleteReadError, OSError):
            raise LinkClosed(error=await self.death()) from None
        except FrameError as error:
            await self.kill()
            raise LinkClosed(error=InternalError(f"The recogniser's process sent {error}", self._provider)) from None

    async def death(self) -> ProviderError:
        """Why the process is gone: its exit code and its last words. Ends it where it only lost its pipes."""
        await self.kill(grace=1.0)
        code = self._process.returncode
        words = next((line for line in reversed(self._last_lines) if line.strip()), "")
        return InternalError(
            f"The recogniser's process ended unexpectedly (exit code {code}){': ' + words if words else ''}",
            self._provider,
            str(code),
            vendor_message="\n".join(self._last_lines) or None,
        )

    async def kill(self, grace: float = 0.0) -> None:
        """Let it end by itself for ``grace`` seconds (its input is closed), then end it."""
        self._stdin.close()
        try:
            async with asyncio.timeout(grace):
                await self._process.wait()
        except TimeoutError:
            with contextlib.suppress(ProcessLookupError):
                self._process.kill()
            await self._process.wait()
        await asyncio.wait([self._listener], timeout=1.0)
        self._listener.cancel()
        await asyncio.gather(self._listener, return_exceptions=True)
        with contextlib.suppress(OSError, RuntimeError):
            await self._stdin.wait_closed()

    async def _listen(self) -> None:
        while True:
            try:
                line = await self._stderr.readline()
            except ValueError:  # longer than the limit
                continue
            if not line:
                return
            text = line.decode("utf-8", "replace").rstrip()
            self._last_lines.append(text)
            log.debug("%s: %s", self._target, text)


class WorkerLink(Link):
    """A connection to the engine in a worker. See :class:`~debabelizer.streaming.transports.link.Link`."""

    def __init__(self, worker: WorkerProcess, provider: str) -> None:
        self.worker = worker
        self._provider = provider
        self._over: LinkClosed | None = None
        self._on_over = asyncio.Event()

    @property
    def reusable(self) -> bool:
        """The engine has returned from this connection and waits for the next."""
        return self._over is not None and self._over.error is None and self.worker.alive

    async def send(self, message: WireMessage) -> None:
        if self._over is not None:
            raise self._over
        await self.worker.write(pack_message(message))

    async def receive(self) -> WireMessage:
        while True:
            if self._over is not None:
                raise self._over
            try:
                kind, payload = await self.worker.read()
                if kind is not FrameKind.CONTROL:
                    return unpack_message(kind, payload)
            except LinkClosed as closed:
                self._over = closed
            except FrameError as error:
                await self.worker.kill()
                self._over = LinkClosed(error=InternalError(f"The recogniser sent {error}", self._provider))
            else:
                if payload == Control.CLOSED:
                    self._over = LinkClosed(1000, "the engine has ended the connection")

    async def ping(self) -> None:
        """A process on this machine needs no sign of life: its end is seen at once by its pipes."""
        if not self.worker.alive:
            raise LinkClosed(error=ConnectionError("The recogniser's process is gone", self._provider))

    async def close(self) -> None:
        """Returns when the engine has let go of the connection, so that the process can serve the next."""
        with contextlib.suppress(LinkClosed):
            await self.worker.write(pack(FrameKind.CONTROL, Control.CLOSE))
            while True:
                await self.receive()

    async def abort(self) -> None:
        await self.worker.kill()
        self._over = self._over or LinkClosed(error=InternalError("aborted", self._provider))
