"""Where a long window is cut, and how often a pass is made."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from debabelizer_providers.whisper.agreement import HeardWord
from debabelizer_providers.whisper.window import (
    HEAR_S,
    KEEP_S,
    LONG_S,
    TIDY_S,
    TOO_LONG_S,
    Pace,
    between,
    place_to_begin,
    words_to_close,
)


def spoken(*words: str, gap: float = 0.0) -> list[HeardWord]:
    return [HeardWord(f" {word}", i * (0.5 + gap), i * (0.5 + gap) + 0.5) for i, word in enumerate(words)]


SENTENCES = spoken(*["one", "two", "three", "four", "five.", "six", "seven", "eight", "nine", "ten.", "eleven"])


def test_a_short_window_is_left_alone() -> None:
    assert words_to_close(SENTENCES, 0.0, TIDY_S - 0.1) == 0


def test_a_longer_one_is_closed_behind_its_last_finished_sentence() -> None:
    assert words_to_close(SENTENCES, 0.0, TIDY_S) == 10


def test_the_last_settled_word_stays_as_an_anchor_even_if_it_ends_a_sentence() -> None:
    assert words_to_close(SENTENCES[:10], 0.0, TIDY_S) == 5


def test_without_a_sentence_it_waits_and_then_takes_the_widest_gap_of_the_later_half() -> None:
    words = [w.shifted(0.4 if i >= 7 else 0.0) for i, w in enumerate(spoken(*"abcdefghij"))]
    assert words_to_close(words, 0.0, LONG_S - 0.1) == 0
    assert words_to_close(words, 0.0, LONG_S) == 7


def test_at_last_all_but_one_settled_word_go() -> None:
    assert words_to_close(spoken(*"abcdef"), 0.0, TOO_LONG_S) == 5


@given(st.lists(st.sampled_from(["a", "b.", "c?"]), max_size=30), st.floats(0, 40))
def test_a_settled_word_always_stays(words: list[str], now: float) -> None:
    assert 0 <= words_to_close(spoken(*words), 0.0, now) < max(1, len(words))


def test_the_cut_lies_between_the_words() -> None:
    assert between(HeardWord("a", 0.0, 1.0), HeardWord("b", 2.0, 3.0)) == 1.5
    assert between(HeardWord("a", 0.0, 1.2), HeardWord("b", 1.0, 3.0)) == 1.0


def test_a_short_window_begins_where_it_did() -> None:
    assert place_to_begin(SENTENCES, 0, 0.0, HEAR_S - 0.1) == 0


def test_a_longer_one_begins_behind_a_sentence_that_is_near_enough_to_the_end() -> None:
    words = spoken(*["one", "two", "three", "four", "five", "six.", "seven", "eight", "nine", "ten"])
    assert place_to_begin(words, 0, 0.0, 5.5) == 6


def test_without_a_sentence_it_begins_behind_the_widest_gap() -> None:
    words = [w.shifted(0.3 if i >= 6 else 0.0) for i, w in enumerate(spoken(*"abcdefghij"))]
    assert place_to_begin(words, 0, 0.0, 6.0) == 6


def test_where_nothing_is_settled_it_stays() -> None:
    assert place_to_begin([], 0, 0.0, 20.0) == 0


@given(st.lists(st.sampled_from(["a", "b.", "c?"]), max_size=30), st.floats(0, 40), st.integers(0, 29))
def test_it_never_begins_earlier_and_always_keeps_enough(texts: list[str], now: float, first: int) -> None:
    words = spoken(*texts)
    first = min(first, max(0, len(words) - 1))
    begin = place_to_begin(words, first, 0.0, now)
    assert begin >= first
    assert begin == first or words[-1].end - words[begin].start >= KEEP_S


def test_passes_get_rarer_at_once_on_a_slow_machine_and_recover_by_halves() -> None:
    pace = Pace(least_s=0.5)
    pace.took(0.1)
    assert pace.step_s == 0.5
    pace.took(2.0)
    assert pace.step_s == 4.0
    pace.took(0.1)
    assert 0.5 < pace.step_s < 4.0


@given(st.lists(st.floats(0, 60), min_size=1))
def test_there_is_always_time_to_breathe_after_the_latest_pass(costs: list[float]) -> None:
    pace = Pace()
    for cost in costs:
        pace.took(cost)
        assert pace.step_s >= 2 * cost
