"""Nothing is left behind: tasks, threads and open files are the same after something as before it."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from debabelizer.streaming import default_transports


@asynccontextmanager
async def nothing_left() -> AsyncIterator[None]:
    """Closes the loop's transports (worker processes, warm channels) at the end, and looks then."""
    tasks, threads, files = asyncio.all_tasks(), set(threading.enumerate()), open_files()
    yield
    await default_transports().close()
    for _ in range(3):
        await asyncio.sleep(0)  # callbacks of transports that have just been closed
    left = [task for task in asyncio.all_tasks() - tasks - {asyncio.current_task()} if not task.done()]
    assert not left
    for thread in set(threading.enumerate()) - threads:
        if not thread.name.startswith("asyncio_"):  # the loop's own pool ends with the loop
            thread.join(2.0)
            assert not thread.is_alive(), thread
    assert open_files() <= files + 1


def open_files() -> int:
    folder = Path("/proc/self/fd")
    return len(os.listdir(folder)) if folder.exists() else 0
