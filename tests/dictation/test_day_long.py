"""A day of dictation in fast motion: what it leaves behind in memory, threads and files."""

from __future__ import annotations

import gc
import threading
import tracemalloc
from collections.abc import Callable

import psutil
import pytest

from debabelizer.events import DictationChanged, DictationState, TakeFinished

WARM = 20
BYTES_A_TAKE = 3_000
"""Ids and times of its segments in the open session; a leaked take would be its sound, 16 KB and more."""
BYTES_ONCE = 300_000
"""Caches of libraries that fill at some moment or other."""


@pytest.mark.parametrize("takes", [60, pytest.param(1_000, marks=[pytest.mark.long, pytest.mark.timeout(900)])])
async def test_memory_stays_flat_over_many_takes(room: Callable[..., object], takes: int) -> None:
    async with room() as r:
        for _ in range(WARM):
            await one_take(r)
        threads, files = own_threads(), psutil.Process().num_fds()
        tracemalloc.start()
        try:
            await one_take(r)
            gc.collect()
            before, _ = tracemalloc.get_traced_memory()
            for _ in range(takes):
                await one_take(r)
            gc.collect()
            after, _ = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
        assert after - before < takes * BYTES_A_TAKE + BYTES_ONCE
        assert own_threads() <= threads
        assert psutil.Process().num_fds() <= files
        assert r.dictation.takes() == []


def own_threads() -> int:
    """Without asyncio's pool, which grows to its size and stays."""
    return sum(1 for thread in threading.enumerate() if not thread.name.startswith("asyncio_"))


async def one_take(r) -> None:  # type: ignore[no-untyped-def]
    await r.dictation.start()
    await r.microphone.say(0.5)
    await r.dictation.stop()
    await r.microphone.say(0.02)
    finished = await r.heard.next(TakeFinished)
    assert finished.text
    await r.heard.next(DictationChanged, lambda event: event.state is DictationState.IDLE)
    await r.dictation.settle()
    await r.dictation.clear()
    r.heard.events.clear()
    r.program.text = ""
