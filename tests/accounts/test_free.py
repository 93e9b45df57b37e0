"""Hours that providers give away: taken first where that is wanted, and counted as costing nothing."""

from __future__ import annotations

import time

from debabelizer.accounts import Entry, book
from debabelizer.accounts.budget import allows
from debabelizer.config.selection import choose, explain
from debabelizer.store import Work

KEYS = {f"providers__{name}__api_key": "a-key-of-mine" for name in ("deepgram", "azure")} | {
    "providers__azure__region": "westeurope"
}


def test_free_hours_come_first_until_they_are_used(settings, used) -> None:
    assert choose(settings(**KEYS)).provider == "deepgram"
    wanted = settings(selection__free_first=True, **KEYS)
    choice = explain(wanted)
    assert choice.selection.provider == "azure"
    assert "5 of 5 free hours are left this month" in choice.selection.reason
    used("azure", seconds=4 * 3600.0)
    used("azure", seconds=9 * 3600.0, at=time.time() - 40 * 86_400)
    book()._seconds = None  # as another process would find it
    assert "1 of 5 free hours" in choose(wanted).reason
    used("azure", seconds=3600.0)
    book()._seconds = None
    assert choose(wanted).provider == "deepgram"


def test_the_users_own_hours_count_before_the_published_ones(settings) -> None:
    mine = ["azure=0", "deepgram=2.5"]
    assert choose(settings(selection__free_first=True, usage__free_hours=mine, **KEYS)).provider == "deepgram"
    assert choose(settings(usage__free_hours=["azure=5"], **KEYS)).provider == "deepgram", "only where that is wanted"
    assert "is not like azure=5" in str(settings(usage__free_hours=["azure: 5"]).problems[0])


def test_they_cost_nothing_and_a_budget_does_not_stop_them(settings, used, usage) -> None:
    wanted = settings(usage__free_hours=["azure=1"], usage__prices=["azure=2"], budget__usd=1, **KEYS)
    used("azure", seconds=1800.0, usd=5.0)
    assert allows(wanted, "azure")
    assert not allows(wanted, "deepgram")
    Entry(book(), wanted, "azure", Work.DICTATION).end(seconds=1200.0)
    book().settle()
    last = Entry(book(), wanted, "azure", Work.DICTATION)
    assert last.end(seconds=1200.0) == 2 * 600 / 3600, "ten minutes of it were free"
    book().settle()
    assert not allows(wanted, "azure")
