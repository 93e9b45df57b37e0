from __future__ import annotations

import itertools
import random

from debabelizer.streaming import SessionPolicy
from debabelizer.streaming.backoff import delays


def test_the_first_retry_comes_within_a_quarter_of_a_second():
    policy = SessionPolicy()
    firsts = [next(delays(policy, random.Random(seed))) for seed in range(500)]
    assert all(0 < first <= 0.22 for first in firsts), "connecting takes the rest"
    assert max(firsts) - min(firsts) > 0.05, "jitter keeps clients from coming back in step"


def test_delays_grow_to_the_cap_and_stay_there():
    policy = SessionPolicy(backoff_first_s=0.2, backoff_jitter=0.0)
    assert list(itertools.islice(delays(policy), 10)) == [0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 12.8, 15.0, 15.0, 15.0]
