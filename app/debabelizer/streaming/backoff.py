"""How long to wait before the next attempt."""

from __future__ import annotations

import random
from collections.abc import Iterator

from debabelizer.streaming.policy import SessionPolicy


def delays(policy: SessionPolicy, draw: random.Random | None = None) -> Iterator[float]:
    """Endless delays in seconds: the first at most 250 ms by default, growing to the cap, each with jitter so
    that many clients of a failed service do not come back in step. Success means starting a new one."""
    draw = draw or random.Random()  # noqa: S311 - spreads load, guards nothing
    delay = policy.backoff_first_s
    while True:
        yield delay * draw.uniform(1 - policy.backoff_jitter, 1 + policy.backoff_jitter)
        delay = min(delay * policy.backoff_factor, policy.backoff_cap_s)
