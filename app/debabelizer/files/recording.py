"""A recording, or a piece of one, as a provider gets it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import BinaryIO

import msgspec

from debabelizer.contract.files import Container

_CHUNK = 1 << 16


class Sound(msgspec.Struct, frozen=True, kw_only=True):
    """:class:`~debabelizer.contract.files.Recording` over anything that can be opened again and again."""

    container: Container
    size: int
    seconds: float
    channels: int
    opened: Callable[[], BinaryIO]
    number: int = 0
    """Which piece it is; 0 where there is only one."""

    @property
    def name(self) -> str:
        return f"recording{f'-{self.number}' if self.number else ''}.{self.container.value}"

    def open(self) -> BinaryIO:
        return self.opened()

    async def chunks(self) -> AsyncIterator[bytes]:
        file = self.opened()
        try:
            while chunk := await asyncio.to_thread(file.read, _CHUNK):
                yield chunk
        finally:
            file.close()
