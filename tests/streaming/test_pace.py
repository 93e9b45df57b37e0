"""How far audio that goes out faster than it was spoken is ahead of real time: so much later may its answer come."""

from __future__ import annotations

import pytest

from debabelizer.streaming.pace import Pace


@pytest.mark.parametrize("speed", [None, 4.0])
def test_what_goes_out_at_once_is_ahead_until_real_time_has_caught_up(speed: float | None) -> None:
    pace = Pace(speed, 10.0)
    assert pace.ahead(0, 10.0) == 0.0
    assert pace.wait(16_000, 10.0) == 0.0
    assert [pace.ahead(16_000, now) for now in (10.0, 10.25, 11.0, 60.0)] == [1.0, 0.75, 0.0, 0.0]


def test_what_may_go_and_has_not_gone_is_not_counted() -> None:
    pace = Pace(None, 0.0)
    pace.wait(160, 0.0)
    assert pace.free > 160
    assert pace.ahead(160, 0.0) == pytest.approx(0.01)
