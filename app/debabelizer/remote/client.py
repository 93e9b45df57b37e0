"""Calling the running copy."""

from __future__ import annotations

import asyncio
import logging
import sys
import time
from collections.abc import Sequence
from typing import Any

import msgspec

from debabelizer.errors import ConfigurationError, ProviderError, StreamingError, of_category
from debabelizer.remote.instance import Address, Instance, Places, places
from debabelizer.remote.wire import MOST_BYTES, Answer, Request, line

log = logging.getLogger(__name__)

_STARTING_S = 5.0
"""How long a copy that has claimed the session may take until it listens."""
_RETRY_S = 0.05


class NotRunningError(ConfigurationError):
    """No copy runs in this session."""

    remedy = None


class RemoteClient:
    """Talks to the copy of this session; where this process belongs to no desktop, to the one copy that runs."""

    def __init__(self, where: Places | None = None) -> None:
        self._places = places() if where is None else where

    async def call(self, verb: str, *, timeout: float = 10.0, **arguments: Any) -> dict[str, Any]:
        """Have the running copy do ``verb`` (start, stop, toggle, cancel, status, show) and return what it says.

        Raises NotRunningError if there is none, StreamingError if it does not answer in ``timeout`` seconds, and what
        the copy itself refused, with its category.
        """
        where = self._running()
        try:
            async with asyncio.timeout(timeout):
                return await self._talk(where, Request(verb, arguments))
        except TimeoutError as cause:
            raise StreamingError(f"The running Debabelizer did not answer within {timeout:g} s.") from cause

    def _running(self) -> Places:
        if Instance.is_claimed(self._places):
            return self._places
        folder = self._places.folder
        locks = sorted(folder.glob("*.lock")) if folder.is_dir() else []
        found = [msgspec.structs.replace(self._places, session=lock.stem) for lock in locks]
        others = [other for other in found if Instance.is_claimed(other)]
        if len(others) == 1 and self._places.session == "session":
            return others[0]
        raise NotRunningError("Debabelizer is not running. Start it first, with debabelizer or from the menu.")

    async def _talk(self, where: Places, request: Request) -> dict[str, Any]:
        reader, writer, token = await self._connect(where)
        try:
            writer.write(line(msgspec.structs.replace(request, token=token)))
            await writer.drain()
            received = await reader.readline()
        finally:
            writer.close()
            await writer.wait_closed()
        if not received:
            raise StreamingError("The running Debabelizer ended while it was asked.")
        answer = msgspec.json.decode(received, type=Answer)
        if answer.error is not None:
            raise of_category(answer.error.category, answer.error.message)
        return answer.result

    async def _connect(self, where: Places) -> tuple[asyncio.StreamReader, asyncio.StreamWriter, str]:
        """Also waits for a copy that is just starting."""
        deadline = time.monotonic() + _STARTING_S
        while True:
            try:
                if where.by_socket and sys.platform != "win32":
                    return (*await asyncio.open_unix_connection(where.socket, limit=MOST_BYTES), "")
                address = msgspec.json.decode(where.address.read_bytes(), type=Address)
                connection = await asyncio.open_connection("127.0.0.1", address.port, limit=MOST_BYTES)
                return (*connection, address.token)
            except (OSError, msgspec.DecodeError) as problem:
                if time.monotonic() > deadline or not Instance.is_claimed(where):
                    raise NotRunningError(
                        f"Debabelizer runs but can't be reached: {problem}. End it and start it again."
                    ) from problem
            await asyncio.sleep(_RETRY_S)


def hand_over(files: Sequence[str] = (), where: Places | None = None) -> str:
    """For a second start: have the running copy show its window, with ``files`` (absolute paths) where there are any;
    the sentence to end with. Blocks, at most 10 s for each 32 KB of paths."""
    try:
        asyncio.run(_handed(RemoteClient(where), files))
    except ProviderError as problem:
        return f"Debabelizer is already running. Its window could not be shown: {problem}"
    return "Debabelizer is already running; its window has come to the front."


async def _handed(client: RemoteClient, files: Sequence[str]) -> None:
    """In as many calls as their length wants."""
    some: list[str] = []
    size = 0
    for path in files:
        length = len(msgspec.json.encode(path)) + 1
        if some and size + length > MOST_BYTES // 2:
            await client.call("open", files=some)
            some, size = [], 0
        some.append(path)
        size += length
    await (client.call("open", files=some) if some else client.call("show"))
