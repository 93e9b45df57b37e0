"""The record of what was used: sums, months, crashes, two processes at once."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from debabelizer.store import By, Usage, Use, Work
from debabelizer.store.usage import month_of

NOON = time.mktime((2026, 11, 21, 12, 0, 0, 0, 0, -1))
DAY = 86_400.0


@pytest.fixture
def usage(tmp_path: Path):
    kept = Usage(tmp_path)
    yield kept
    kept.close()


def use(number: int, provider: str = "deepgram", **more: object) -> Use:
    return Use(**({"id": f"u{number}", "provider": provider, "at": NOON, "seconds": 10.0} | more))


def test_sums_by_provider_and_day(usage: Usage) -> None:
    usage.record(use(1, usd=0.5, answered=0.2))
    usage.record(use(2, usd=0.25, answered=0.4, at=NOON - DAY))
    usage.record(use(3, "whisper", usd=0.0, error="internal"))
    usage.record(use(4, "polly", seconds=0, characters=300, work=Work.SPEECH))
    totals = {total.key: total for total in usage.totals(By.PROVIDER)}
    assert [*totals] == [("deepgram",), ("polly",), ("whisper",)]
    deepgram = totals["deepgram",]
    assert (deepgram.uses, deepgram.seconds, deepgram.usd) == (2, 20.0, 0.75)
    assert deepgram.answered == pytest.approx(0.3)
    assert (totals["whisper",].errors, totals["whisper",].answered) == (1, None)
    assert (totals["polly",].characters, totals["polly",].unpriced) == (300, 1)
    days = usage.totals(By.DAY, By.PROVIDER)
    assert [total.key for total in days][:2] == [("2026-11-20", "deepgram"), ("2026-11-21", "deepgram")]
    (everything,) = usage.totals()
    assert (everything.key, everything.uses) == ((), 4)


def test_a_growing_use_is_counted_once(usage: Usage) -> None:
    for seconds in (1.0, 2.0, 30.0):
        usage.record(use(1, seconds=seconds))
    (total,) = usage.totals()
    assert (total.uses, total.seconds) == (1, 30.0)


def test_only_what_was_asked_for(usage: Usage) -> None:
    first, following = month_of(NOON)
    for number, at in enumerate((first - 1, first, following - 1, following)):
        usage.record(use(number, at=at))
    (total,) = usage.totals(since=first, until=following)
    assert total.uses == 2
    assert usage.clear() == 4
    assert usage.totals() == []


def test_months() -> None:
    first, following = month_of(time.mktime((2026, 12, 31, 23, 59, 59, 0, 0, -1)))
    assert time.localtime(first)[:6] == (2026, 12, 1, 0, 0, 0)
    assert time.localtime(following)[:6] == (2027, 1, 1, 0, 0, 0)


WRITER = """
import sys, os
from pathlib import Path
from debabelizer.store import Usage, Use
usage = Usage(Path(sys.argv[1]))
for number in range(100):
    usage.record(Use(id=f"{sys.argv[2]}-{number}", provider="x", at=1.0, seconds=1.0))
os._exit(1)  # as a crash: nothing is closed
"""


def test_two_programs_that_crash_lose_nothing(usage: Usage, tmp_path: Path) -> None:
    writers = [subprocess.Popen([sys.executable, "-c", WRITER, str(tmp_path), name]) for name in "ab"]
    assert [writer.wait(60) for writer in writers] == [1, 1]
    (total,) = usage.totals()
    assert (total.uses, total.seconds) == (200, 200.0)


def test_a_damaged_file_is_put_aside(usage: Usage, tmp_path: Path) -> None:
    usage.path.write_bytes(b"no database at all" * 100)
    usage.record(use(1))
    assert len(list(tmp_path.glob("usage.damaged-*"))) == 1
    assert len(usage.totals()) == 1
