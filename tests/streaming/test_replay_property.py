"""Every sample is recognised exactly once and in order, whatever the line does in between."""

from __future__ import annotations

import pytest

from fakes.trials import handed_over, through_a_failing_line, with_killed_workers


@pytest.mark.parametrize("block", range(8))
async def test_every_sample_once_short(block: int) -> None:
    for seed in range(block * 5, block * 5 + 5):
        outcome = await through_a_failing_line(seed)
        assert outcome.whole, (seed, outcome)


@pytest.mark.parametrize("seed", range(4))
async def test_every_sample_once_over_grpc(seed: int) -> None:
    outcome = await through_a_failing_line(seed, "grpc")
    assert outcome.whole, (seed, outcome)


@pytest.mark.parametrize("transport", ["ws", "grpc"])
async def test_the_line_does_fail(transport: str) -> None:
    """Or the tests above would prove nothing."""
    outcomes = [await through_a_failing_line(seed, transport, most=5_000) for seed in range(3)]
    assert all(outcome.whole for outcome in outcomes)
    assert sum(outcome.connections for outcome in outcomes) > 6
    assert sum(outcome.faults for outcome in outcomes) > 3


async def test_killed_processes_lose_and_double_nothing() -> None:
    outcome = await with_killed_workers(seed=5, kills=4)
    assert outcome.whole
    assert outcome.connections == 5


async def test_hand_overs_lose_and_double_nothing() -> None:
    outcome = await handed_over(5)
    assert outcome.whole
    assert outcome.connections >= 6


@pytest.mark.long
@pytest.mark.parametrize("transport", ["ws", "grpc"])
@pytest.mark.parametrize("block", range(100))
async def test_every_sample_once_long(block: int, transport: str) -> None:
    for seed in range(1_000 + block * 10, 1_010 + block * 10):
        outcome = await through_a_failing_line(seed, transport)
        assert outcome.whole, (seed, outcome)
