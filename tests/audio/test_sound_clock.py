"""Late sound and missing sound told apart, by samples and times alone."""

from __future__ import annotations

from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from debabelizer.audio.sound_clock import SoundClock

BUFFER = 320
STEP = BUFFER / 32_000


def spoken(seconds: float) -> list[float]:
    """When the buffers of so much sound were spoken."""
    return [STEP * (n + 1) for n in range(round(seconds / STEP))]


def heard(clock: SoundClock, arrivals: list[float]) -> tuple[list[float], float]:
    """All stamps, and all that is missing."""
    rows = [clock.stamp(BUFFER, at) for at in arrivals]
    return [stamp for stamp, _ in rows], sum(missing for _, missing in rows)


@given(st.lists(st.floats(0, 0.5), min_size=1, max_size=400))
def test_no_stamp_goes_backwards_or_lies_in_the_future(late: list[float]) -> None:
    arrivals = list(accumulate((at + more for at, more in zip(spoken(4), late, strict=False)), max))
    stamps, _ = heard(SoundClock(), arrivals)
    assert stamps == sorted(stamps)
    assert all(stamp <= at + 1e-9 for stamp, at in zip(stamps, arrivals, strict=True))


@pytest.mark.parametrize("stall", [0.3, 1.0, 9.0])
def test_a_backlog_has_the_times_at_which_it_was_spoken(stall: float) -> None:
    times = spoken(30)
    arrivals = [max(at, 5 + stall) if at > 5 else at for at in times]
    stamps, missing = heard(SoundClock(), arrivals)
    assert stamps == pytest.approx(times)
    assert missing == 0


def test_a_backlog_is_no_loss_whenever_the_stall_begins() -> None:
    times = spoken(12)
    for begins in times[400:610]:
        _, missing = heard(SoundClock(), [max(at, begins + 3.0) if at > begins else at for at in times])
        assert missing == 0, f"nobody came for it from {begins} s on"


@pytest.mark.parametrize("hole", [0.1, 0.4, 3.0])
def test_what_never_comes_is_counted_once(hole: float) -> None:
    arrivals = [at + hole if at > 5 else at for at in spoken(30)]
    stamps, missing = heard(SoundClock(), arrivals)
    assert missing == pytest.approx(hole)
    assert stamps[-1] == pytest.approx(arrivals[-1])


def test_two_clocks_that_differ_a_little_are_no_loss() -> None:
    arrivals = [at * 1.001 for at in spoken(600)]
    stamps, missing = heard(SoundClock(), arrivals)
    assert missing == 0
    assert stamps[-1] == pytest.approx(arrivals[-1], abs=0.01)
