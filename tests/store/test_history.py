"""The history: what was dictated can be found again, and is gone when it should be."""

from __future__ import annotations

import os
import sqlite3
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from debabelizer.errors import StorageError
from debabelizer.events import InsertResult, TakeStamps
from debabelizer.store import History, HistoryEntry

NOW = 1_700_000_000.0


def entry(take: str, text: str, finished: float = NOW) -> HistoryEntry:
    return HistoryEntry(
        take=take,
        text=text,
        provider="acme",
        result=InsertResult.INSERTED,
        finished=finished,
        language="en",
        seconds=2.5,
        target="editor",
        stamps=TakeStamps(key_down=1.0, key_up=2.0, inserted=2.3),
    )


@pytest.fixture
def history(tmp_path: Path) -> Iterator[History]:
    made = History(tmp_path / "data")
    yield made
    made.close()


def test_what_is_added_comes_back_newest_first(history: History) -> None:
    first, second = entry("a", "one", NOW), entry("b", "two", NOW + 1)
    history.add(first)
    history.add(second)
    assert history.search() == [second, first]
    assert history.search(limit=1) == [second]
    assert history.search(before=NOW + 1) == [first]
    assert history.get("a") == first
    assert history.get("c") is None


def test_a_retried_take_has_its_new_text_only(history: History) -> None:
    history.add(entry("a", "wrong words"))
    history.add(entry("a", "right ones", NOW + 5))
    assert [one.text for one in history.search()] == ["right ones"]
    assert history.search("wrong") == []


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("ship", ["a", "b"]),
        ("ship harbour", ["a"]),
        ("harb", ["a"]),
        ("МИР", ["c"]),
        ("uber", ["d"]),
        ('say "hello', ["e"]),
        ("OR", []),
        ("NEAR(", []),
        ("*", []),
        ("  ", ["e", "d", "c", "b", "a"]),
    ],
)
def test_words_are_found_and_nothing_typed_is_an_operator(history: History, words: str, found: list[str]) -> None:
    texts = {
        "a": "The ship left the harbour",
        "b": "Another ship",
        "c": "Мир и труд",
        "d": "Über alles",
        "e": 'Please say "hello" twice',
    }
    for number, (take, text) in enumerate(texts.items()):
        history.add(entry(take, text, NOW + number))
    assert [one.take for one in history.search(words)] == sorted(found, reverse=True)


def test_old_texts_are_deleted_and_leave_no_trace_in_the_file(history: History) -> None:
    history.add(entry("old", "unforgettable", NOW - 10 * 86_400))
    history.add(entry("new", "recent", NOW))
    assert history.delete_older(7, now=NOW) == 1
    assert [one.take for one in history.search()] == ["new"]
    assert history.search("unforgettable") == []
    history.delete("new")
    assert history.search() == []
    history.close()
    for path in history.path.parent.iterdir():
        assert b"unforgettable" not in path.read_bytes()


def test_another_process_reads_while_this_one_writes(history: History) -> None:
    history.add(entry("a", "one"))
    other = sqlite3.connect(history.path)
    other.execute("BEGIN")
    assert other.execute("SELECT count(*) FROM takes").fetchone() == (1,)
    history.add(entry("b", "two"))
    other.close()
    assert len(history.search()) == 2


def test_many_threads_may_call(history: History) -> None:
    threads = [
        threading.Thread(target=lambda n=n: history.add(entry(f"t{n}", f"text {n}", NOW + n))) for n in range(16)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(history.search()) == 16


def test_a_damaged_file_is_put_aside_and_the_history_goes_on(tmp_path: Path) -> None:
    (tmp_path / "history.sqlite3").write_bytes(b"this is not a database at all, it is a shopping list" * 100)
    history = History(tmp_path)
    history.add(entry("a", "after the damage"))
    assert [one.text for one in history.search()] == ["after the damage"]
    history.close()
    (aside,) = tmp_path.glob("*.damaged-*")
    assert aside.read_bytes().startswith(b"this is not")


def test_a_folder_that_cannot_be_made_is_a_typed_error(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("in the way")
    history = History(tmp_path / "data")
    with pytest.raises(StorageError):
        history.add(entry("a", "one"))
    history.close()


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX's")
def test_the_file_is_nobody_elses_business(history: History) -> None:
    history.add(entry("a", "one", time.time()))
    assert history.path.stat().st_mode & 0o077 == 0
    history.clear()
    assert history.search() == []
