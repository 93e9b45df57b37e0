"""Starts the system's voice and hands on what it says, as it says it."""

from __future__ import annotations

import asyncio
import contextlib
import struct
import subprocess
from collections.abc import AsyncGenerator

from debabelizer.contract import AudioForm, SpeechOptions, VoiceInfo
from debabelizer.errors import InternalError, UnsupportedError, VoiceNotFoundError
from debabelizer_providers.system.programs import NAME

_PIECE = 1 << 14
_LIST_S = 30.0
"""What listing the voices may take: Windows starts a shell for it."""


async def ask(command: list[str]) -> str:
    """What a program prints. Raises UnsupportedError, InternalError."""
    process = await _start(command)
    try:
        async with asyncio.timeout(_LIST_S):
            printed, complaint = await process.communicate()
    except TimeoutError:
        raise InternalError("The system's voice does not answer.", NAME, "silent") from None
    finally:
        await _end(process)
    if process.returncode:
        raise _failed(process, complaint)
    return printed.decode("utf-8", "replace")


def chosen(voices: tuple[VoiceInfo, ...], options: SpeechOptions) -> VoiceInfo | None:
    """By id or name, or else the first that speaks the language. Raises VoiceNotFoundError."""
    if options.voice:
        wanted = options.voice.lower()
        for voice in voices:
            if wanted in {voice.id.lower(), voice.name.lower()}:
                return voice
        raise VoiceNotFoundError(f"This system has no voice {options.voice!r}.", NAME, "voice_not_found")
    tag = (options.language or "").lower()
    exact = next((voice for voice in voices if voice.language.lower() == tag), None)
    near = next((voice for voice in voices if voice.language.partition("-")[0] == tag.partition("-")[0]), None)
    if exact is None and near is None:
        raise VoiceNotFoundError(f"This system has no voice for the language {options.language!r}.", NAME, "language")
    return exact or near


async def begin(command: list[str], text: str) -> Speaking:
    """Speaks ``text``; returns when the first sound is there. Raises UnsupportedError, InternalError."""
    process = await _start(command)
    speaking = Speaking(process, text)
    try:
        await speaking.open()
    except BaseException:
        await speaking.close()
        raise
    return speaking


class Speaking:
    """A program that speaks: 16-bit mono, at the program's own rate."""

    def __init__(self, process: asyncio.subprocess.Process, text: str) -> None:
        self._process = process
        self._writing = asyncio.create_task(_write(process, text), name="text to the system's voice")
        self._complaint = asyncio.create_task(_read_all(process.stderr), name="complaints of the system's voice")
        self.form = AudioForm()

    async def open(self) -> None:
        """Reads the WAV header."""
        assert self._process.stdout is not None
        try:
            head = await self._process.stdout.readexactly(12)
            while (chunk := await self._process.stdout.readexactly(8))[:4] != b"data":
                body = await self._process.stdout.readexactly(struct.unpack("<I", chunk[4:])[0])
                if chunk[:4] == b"fmt ":
                    self._learn(*struct.unpack_from("<HHIIHH", body))
        except asyncio.IncompleteReadError:
            await self._process.wait()
            raise _failed(self._process, await self._complaint) from None
        if head[:4] != b"RIFF":
            raise InternalError("The system's voice says something that is no sound.", NAME, "no_wav")

    def _learn(self, tag: int, channels: int, rate: int, _: int, __: int, bits: int) -> None:
        if (tag, channels, bits) != (1, 1, 16):
            raise InternalError(f"The system's voice speaks in a form that is not known ({bits} bits).", NAME, "form")
        self.form = AudioForm(rate=rate)

    async def __aiter__(self) -> AsyncGenerator[bytes, None]:
        assert self._process.stdout is not None
        odd = b""
        try:
            while data := await self._process.stdout.read(_PIECE):
                data = odd + data
                whole = len(data) & ~1
                odd = data[whole:]
                yield data[:whole]
            if await self._process.wait():
                raise _failed(self._process, await self._complaint)
        finally:
            await self.close()

    async def close(self) -> None:
        self._writing.cancel()
        await _end(self._process)
        await _read_all(self._process.stdout)  # asyncio closes a pipe only when it was read to its end
        await asyncio.gather(self._writing, self._complaint, return_exceptions=True)


async def _start(command: list[str]) -> asyncio.subprocess.Process:
    pipe = asyncio.subprocess.PIPE
    try:
        return await asyncio.create_subprocess_exec(
            *command,
            stdin=pipe,
            stdout=pipe,
            stderr=pipe,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),  # no black window flashes up on Windows
        )
    except OSError as error:
        raise UnsupportedError(f"The system's voice can't be started: {error.strerror}.", NAME, "start") from error


async def _write(process: asyncio.subprocess.Process, text: str) -> None:
    assert process.stdin is not None
    with contextlib.suppress(ConnectionError):  # it ended early; its own words tell why
        process.stdin.write(text.encode())
        await process.stdin.drain()
        process.stdin.close()


async def _read_all(stream: asyncio.StreamReader | None) -> bytes:
    return await stream.read() if stream is not None else b""


async def _end(process: asyncio.subprocess.Process) -> None:
    if process.returncode is None:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
    await process.wait()


def _failed(process: asyncio.subprocess.Process, complaint: bytes) -> InternalError:
    said = complaint.decode("utf-8", "replace").strip() or f"it ended with {process.returncode}"
    return InternalError("The system's voice failed.", NAME, "failed", vendor_message=said)
