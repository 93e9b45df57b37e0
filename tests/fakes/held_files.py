"""A local OpenAI whose answers to recordings stop before their end until they are let go on."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from fakes.openai_files import PATH
from fakes.openai_server import OpenAIServer
from fakes.vendor_http import Answer, HttpRequest

_PAUSE_S = 0.15
"""Between two words; what comes closer than a tenth of a second is not shown."""


@dataclass
class HeldFiles(OpenAIServer):
    """``held``: while it is set, an answer gives its text word by word but not its end."""

    held: bool = False
    asked: int = 0
    _free: asyncio.Event = field(default_factory=asyncio.Event)

    def let_go(self) -> None:
        """On the server's loop."""
        self.held = False
        self._free.set()

    def answer(self, request: HttpRequest) -> Answer:
        answer = super().answer(request)
        if not request.path.endswith(PATH) or answer.status != 200:
            return answer
        self.asked += 1
        assert isinstance(answer.body, AsyncIterator)
        return Answer(200, self._pieces(answer.body), answer.headers)

    async def _pieces(self, body: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
        async for piece in body:
            if self.held and b"transcript.text.done" in piece:
                await self._free.wait()
            elif self.held:
                await asyncio.sleep(_PAUSE_S)
            yield piece

    def settings(self) -> dict[str, str]:
        """What leads a program here."""
        return {"provider": "openai", "providers.openai.base_url": self.url, "providers.openai.api_key": self.key}


class InThread:
    """A server on a loop of its own, for tests that have none."""

    def __init__(self, server: HeldFiles, loop: asyncio.AbstractEventLoop) -> None:
        self.server, self._loop = server, loop

    def hold(self) -> None:
        self.server.held = True

    def let_go(self) -> None:
        self._loop.call_soon_threadsafe(self.server.let_go)


@contextmanager
def in_thread(server: HeldFiles) -> Iterator[InThread]:
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    asyncio.run_coroutine_threadsafe(server.__aenter__(), loop).result(30)
    try:
        yield InThread(server, loop)
    finally:
        asyncio.run_coroutine_threadsafe(server.__aexit__(), loop).result(30)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(30)
        loop.close()
