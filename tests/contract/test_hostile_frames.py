"""Whatever the other side sends to any provider of the table: typed signals and errors, and nothing else."""

from __future__ import annotations

import pytest

from fakes.harness import Harness
from fakes.mutation import bombard


async def survive(harness: Harness, frames: int) -> None:
    recorded = await harness.recorded()
    assert len(recorded) > 2
    async with harness.running() as vendor:
        found = bombard(lambda: harness.protocol(vendor), recorded, frames, seed=len(recorded))
    assert found.frames == frames
    assert not found.untyped, found.example
    assert found.failures, "some frames must have been garbage"


async def test_mutated_frames(harness: Harness) -> None:
    await survive(harness, 2_000)


@pytest.mark.long
@pytest.mark.timeout(900)
async def test_a_hundred_thousand_mutated_frames(harness: Harness) -> None:
    await survive(harness, 100_000)
