"""Dealing the words of a second pass out to the segments they belong to."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from debabelizer_providers.whisper.agreement import HeardWord, text_of
from debabelizer_providers.whisper.realign import believable, border, deal


def spoken(text: str, start: float = 0.0) -> list[HeardWord]:
    return [HeardWord(f" {w}", start + i * 0.5, start + i * 0.5 + 0.4) for i, w in enumerate(text.split())]


def dealt(old: list[str], new: str) -> list[str]:
    segments, start = [], 0.0
    for text in old:
        segments.append(spoken(text, start))
        start += 0.5 * len(text.split())
    return [text_of(words) for words in deal(segments, spoken(new))]


def test_a_changed_word_changes_its_own_segment_only() -> None:
    assert dealt(["the cat sad", "on the mat"], "the cat sat on the mat") == ["the cat sat", "on the mat"]


def test_capitals_and_marks_follow_the_second_pass() -> None:
    assert dealt(["Hello.", "World."], "Hello world.") == ["Hello", "world."]


def test_a_word_missing_before_goes_where_it_was_spoken() -> None:
    assert dealt(["one two", "four five"], "one two three four five") == ["one two", "three four five"]


def test_a_dropped_border_word_shifts_nothing_else() -> None:
    assert dealt(["one two three", "four five"], "one two four five") == ["one two", "four five"]


def test_a_stretch_rewritten_across_the_border_is_split_by_time() -> None:
    assert dealt(["one ice", "cream two"], "one I scream two") == ["one I", "scream two"]


words = st.lists(st.sampled_from("abcd"), max_size=8)


@given(st.lists(words, min_size=1, max_size=5), words)
def test_nothing_is_lost_or_doubled(old: list[list[str]], new: list[str]) -> None:
    segments, start = [], 0.0
    for segment in old:
        segments.append(spoken(" ".join(segment), start))
        start += 0.5 * len(segment)
    given_ = spoken(" ".join(new))
    runs = deal(segments, given_)
    assert len(runs) == len(old)
    assert [w for run in runs for w in run] == given_


@given(st.lists(words.filter(bool), min_size=1, max_size=5))
def test_the_same_words_again_leave_every_segment_as_it_was(old: list[list[str]]) -> None:
    texts = [" ".join(segment) for segment in old]
    assert dealt(texts, " ".join(texts)) == texts


def test_a_correction_may_change_words_but_not_swallow_them() -> None:
    old = spoken("please open the file and select all")
    assert believable(old, spoken("please open a file and select all"))
    assert not believable(old, spoken("select all"))
    assert not believable(spoken("yes"), [])
    assert believable([], spoken("a new word"))


def test_a_border_lies_between_the_two_words_it_was_between() -> None:
    old, later = spoken("the cat sat on the mat"), [word.shifted(0.4) for word in spoken("the cat sat on the mat")]
    assert border(later, old[2], old[3]) == 3


def test_of_many_such_places_it_is_the_nearest() -> None:
    old = spoken("on and on and on and on")
    assert border(spoken("on and on and on and on"), old[3], old[4]) == 4


def test_where_other_words_were_heard_it_goes_by_time() -> None:
    old = spoken("mumble mumble mumble mumble")
    assert border(spoken("the cat sat on"), old[1], old[2]) == 2
    assert border(spoken("sat on", 1.0), old[1], old[2]) == 0
    assert border(spoken("the cat"), old[1], old[2]) == 2
    assert border([], old[1], old[2]) == 0


def test_the_same_two_words_far_away_are_others() -> None:
    old = spoken("one two three four five six seven eight")
    assert border(spoken("seven eight mumble mumble mumble mumble seven eight"), old[6], old[7]) == 7
    assert border(spoken("seven eight mumble mumble mumble mumble mumble"), old[6], old[7]) == 7
