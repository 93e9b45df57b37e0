"""A real desk and real recordings for tests of providers that take whole files."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from debabelizer.audio.wav import header
from debabelizer.contract import Container, FileProgress
from debabelizer.files.desk import Desk, desk
from debabelizer.files.recording import Sound
from debabelizer.streaming.transports import Transports


@asynccontextmanager
async def file_desk(provider: str = "vendor") -> AsyncIterator[Desk]:
    """What the engine lends, with its own HTTP client and worker processes; all closed at the end."""
    transports = Transports()
    try:
        async with desk(transports, provider) as lent:
            yield lent
    finally:
        await transports.close()


def sound(content: bytes | Path, container: Container = Container.WAV, *, seconds: float | None = None) -> Sound:
    """PCM (16 kHz mono) as a WAV recording; a path, or bytes of another container, as they are."""
    data = content.read_bytes() if isinstance(content, Path) else content
    if container is Container.WAV and not data.startswith(b"RIFF"):
        data = header(len(data)) + data
    length = max(0, len(data) - 44) / 32_000 if seconds is None else seconds
    return Sound(container=container, size=len(data), seconds=length, channels=1, opened=lambda: io.BytesIO(data))


class Told(list[FileProgress]):
    """Everything a provider told on its way."""

    def __call__(self, progress: FileProgress) -> None:
        self.append(progress)

    @property
    def texts(self) -> list[str]:
        heard = [progress.so_far for progress in self]
        return [" ".join(segment.text for segment in one.segments) for one in heard if one is not None]
