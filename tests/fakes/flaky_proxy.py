"""A TCP proxy that cuts, stalls and half-opens connections."""

from __future__ import annotations

import asyncio
import contextlib
import random
from types import TracebackType


class FlakyProxy:
    """Between a client and ``port``. Does nothing bad by itself: ``cut``, ``stall``, ``half_open`` act on the
    present connections; ``plan`` makes each new one end by itself after a random number of bytes."""

    def __init__(self, port: int, seed: int | None = None, least: int = 2_000, most: int = 200_000) -> None:
        self._target = port
        self._random = random.Random(seed) if seed is not None else None
        self._least = least
        self._most = most
        self._tasks: set[asyncio.Task[None]] = set()
        self._writers: list[asyncio.StreamWriter] = []
        self._server: asyncio.Server | None = None
        self._flows = asyncio.Event()
        self._flows.set()
        self.refusing = False
        self.port = 0
        self.faults: list[str] = []

    @property
    def url(self) -> str:
        return f"ws://127.0.0.1:{self.port}"

    async def __aenter__(self) -> FlakyProxy:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._server is not None
        self._server.close()
        self.cut()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._server.wait_closed()

    def cut(self) -> None:
        """All present connections end at once, with a reset."""
        for writer in self._writers:
            writer.transport.abort()

    def calm(self) -> None:
        """No more faults by plan, on new connections."""
        self._random = None

    def half_open(self) -> None:
        """Nothing passes any more on present and new connections, and nobody is told."""
        self._flows.clear()

    def heal(self) -> None:
        """What was stalled goes on."""
        self._flows.set()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        self._writers.append(writer)
        upstream: asyncio.StreamWriter | None = None
        try:
            if self.refusing:
                return
            far, upstream = await asyncio.open_connection("127.0.0.1", self._target)
            self._writers.append(upstream)
            plan = self._plan()
            async with asyncio.TaskGroup() as both:
                both.create_task(self._pump(reader, upstream, plan[0], plan[1]))
                both.create_task(self._pump(far, writer, plan[0], plan[2]))
        except* (OSError, asyncio.CancelledError):
            pass
        finally:
            for one in (writer, upstream):
                if one is not None:
                    one.transport.abort()
                    self._writers.remove(one)
                    with contextlib.suppress(OSError, asyncio.CancelledError):
                        await one.wait_closed()

    def _plan(self) -> tuple[str, float, float]:
        """What happens, and after how many bytes up or down."""
        if self._random is None:
            return "", float("inf"), float("inf")
        what = self._random.choice(["cut", "cut", "cut", "half_open", "stall", ""])
        if not what:
            return "", float("inf"), float("inf")
        if self._random.random() < 0.7:
            return what, self._random.randint(self._least, self._most), float("inf")
        return what, float("inf"), self._random.randint(self._least // 4, self._most // 4)

    async def _pump(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter, what: str, after: float) -> None:
        passed = 0
        while data := await source.read(4096):
            await self._flows.wait()
            if passed + len(data) >= after:
                # Cut anywhere, in the middle of a frame as well.
                here = max(0, int(after) - passed)
                after = float("inf")
                sink.write(data[:here])
                data = data[here:]
                await self._fault(what)
            passed += len(data)
            sink.write(data)
            await sink.drain()
        raise ConnectionResetError

    async def _fault(self, what: str) -> None:
        self.faults.append(what)
        if what == "cut":
            raise ConnectionResetError
        if what == "half_open":
            await asyncio.Event().wait()
        await asyncio.sleep(random.Random(len(self.faults)).uniform(0.0, 0.05))
