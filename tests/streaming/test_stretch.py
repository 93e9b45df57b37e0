"""What of a stretch is said again on the next connection, and whether there is reason for one."""

from __future__ import annotations

from debabelizer.contract import CommitOutcome
from debabelizer.errors import ConnectionError
from debabelizer.streaming.commits import Mark, time_out
from debabelizer.streaming.stretch import Stretch


def said(stretch: Stretch, position: int) -> Mark:
    mark = Mark(position, 0.0)
    mark.sent = True
    stretch.marks.append(mark)
    return mark


def test_a_commit_whose_final_came_is_answered_though_its_answer_was_lost() -> None:
    stretch = Stretch(0, 0.0)
    stretch.cover(8_000)
    heard, unheard = said(stretch, 8_000), said(stretch, 9_000)
    stretch.rewind()
    assert heard.answer is CommitOutcome.FINAL
    assert (unheard.answer, unheard.sent) == (None, False)
    assert stretch.next_unsent() is unheard


def test_what_was_forgotten_or_timed_out_is_not_said_again() -> None:
    stretch = Stretch(0, 0.0)
    forgotten, late, wanted = said(stretch, 1_000), said(stretch, 2_000), said(stretch, 3_000)
    forgotten.discards = True
    time_out(late, ConnectionError("too late", "numbered"))
    stretch.rewind()
    assert stretch.marks == [wanted]
    assert stretch.mark_at(2_000) is None


def test_what_was_there_when_it_fell_idle_is_no_reason_to_connect() -> None:
    stretch = Stretch(0, 0.0, lazy=True)
    stretch.idle_end = 4_800
    assert not stretch.has_work(4_800)
    assert stretch.has_work(4_801)
    said(stretch, 4_800)
    assert stretch.has_work(4_800)
