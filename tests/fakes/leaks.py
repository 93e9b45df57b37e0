"""Nothing is left behind: tasks, threads and open files are the same after something as before it."""

from __future__ import annotations

import asyncio
import os
import sys
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from debabelizer.streaming import default_transports

_OTHERS = ("asyncio_", "(_poll_wrapper)")
"""Threads that end with the loop (its own pool), or with the last gRPC object of the process."""

_GRPCS_OWN = 6
"""Files that gRPC keeps while anything of it is there: its poller and the socket pair that wakes it."""


@asynccontextmanager
async def nothing_left() -> AsyncIterator[None]:
    """Closes the loop's transports (worker processes, warm channels) at the end, and looks then."""
    tasks, threads, files = asyncio.all_tasks(), set(threading.enumerate()), open_files()
    yield
    await default_transports().close()
    for _ in range(3):
        await asyncio.sleep(0)  # callbacks of transports that have just been closed
    left = {task for task in asyncio.all_tasks() - tasks - {asyncio.current_task()} if not task.done()}
    if left:  # a local server may be about to end its own
        _, left = await asyncio.wait(left, timeout=10.0)
    assert not left, left
    for thread in set(threading.enumerate()) - threads:
        if not any(kind in thread.name for kind in _OTHERS):
            thread.join(2.0)
            assert not thread.is_alive(), thread
    most = files + 1 + (_GRPCS_OWN if "grpc" in sys.modules else 0)
    async with asyncio.timeout(10.0):
        while open_files() > most:  # gRPC closes its sockets in threads of its own
            await asyncio.sleep(0.01)


def open_files() -> int:
    folder = Path("/proc/self/fd")
    return len(os.listdir(folder)) if folder.exists() else 0
