"""What two passes agree on stays, whatever the passes say."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from debabelizer_providers.whisper.agreement import HeardWord, LocalAgreement, bare


def heard(text: str, start: float = 0.0) -> list[HeardWord]:
    return [HeardWord(f" {word}", start + i * 0.4, start + i * 0.4 + 0.3) for i, word in enumerate(text.split())]


def after(*passes: str, until: float = 99.0) -> LocalAgreement:
    agreement = LocalAgreement()
    for text in passes:
        agreement.update(heard(text), until)
    return agreement


def test_one_pass_settles_nothing() -> None:
    agreement = after("please send the message")
    assert agreement.settled_text == ""
    assert agreement.volatile_text == "please send the message"


def test_two_passes_settle_their_common_beginning() -> None:
    agreement = after("please send a message", "please send the message")
    assert agreement.settled_text == "please send"
    assert agreement.volatile_text == " the message"


def test_case_and_marks_do_not_disagree_and_the_later_form_counts() -> None:
    assert after("hello.", "Hello world").settled_text == "Hello"


def test_words_at_the_end_of_the_audio_wait() -> None:
    assert after("one two three", "one two three", until=0.8).settled_text == "one two"


def test_a_mark_after_the_last_settled_word_is_kept_with_it() -> None:
    agreement = after("one", "one")
    agreement.update(heard("one. Two"), 99)
    assert (agreement.settled_text, agreement.volatile_text) == ("one", ". Two")
    agreement.update(heard("one. Two three"), 99)
    assert (agreement.settled_text, agreement.volatile_text) == ("one. Two", " three")


def test_a_pass_that_ignored_its_forced_beginning_is_placed_by_time() -> None:
    agreement = after("one two", "one two")
    agreement.update([HeardWord(" three", 0.9, 1.2)], 99)
    assert (agreement.settled_text, agreement.volatile_text) == ("one two", " three")


def test_taken_words_leave_and_the_rest_reads_on() -> None:
    agreement = after("one two. three four", "one two. three four")
    assert [w.text for w in agreement.take(2)] == [" one", " two."]
    assert agreement.settled_text == "three four"


def test_passes_may_begin_later_and_are_told_what_stands_before() -> None:
    agreement = after("one two three four five", "one two three four five")
    agreement.move_up(3)
    assert (agreement.behind, agreement.prefix) == ("one two three", "four five")
    agreement.update(heard("four five six", 1.2), 99)
    agreement.update(heard("four five six seven", 1.2), 99)
    assert (agreement.settled_text, agreement.volatile_text) == ("one two three four five six", " seven")


def test_a_settled_word_always_stays_in_hearing() -> None:
    agreement = after("one two", "one two")
    agreement.move_up(5)
    assert agreement.prefix == "two"
    agreement.move_up(0)
    assert agreement.prefix == "two"


def test_taken_words_are_no_longer_counted() -> None:
    agreement = after("one two three four", "one two three four")
    agreement.move_up(2)
    agreement.take(1)
    assert (agreement.behind, agreement.prefix) == ("two", "three four")


_WORDS = st.lists(st.sampled_from(["a", "b", "c", "B.", "c,", "…"]), max_size=8)
_STEPS = st.one_of(st.tuples(st.just("pass"), _WORDS), st.tuples(st.sampled_from(["move", "take"]), st.integers(0, 6)))


@given(st.lists(_STEPS, max_size=25))
def test_whatever_passes_say_no_settled_word_is_lost_or_doubled(steps: list[tuple[str, Any]]) -> None:
    """Also where passes begin later and later, and settled words leave in between."""
    agreement = LocalAgreement()
    left: list[str] = []
    before: list[str] = []
    for what, value in steps:
        if what == "pass":
            given_ = len(agreement.settled) - agreement.anchor
            agreement.update([*agreement.settled[agreement.anchor :][:given_], *heard(" ".join(value), 50.0)], 99)
        elif what == "move":
            agreement.move_up(value)
        else:
            left += [bare(word.text) for word in agreement.take(min(value, max(0, len(agreement.settled) - 1)))]
        now = [*left, *(bare(word.text) for word in agreement.settled)]
        assert now[: len(before)] == before
        assert f"{agreement.behind} {agreement.prefix}".split() == agreement.settled_text.split()
        before = now


@given(st.lists(st.lists(st.sampled_from(["a", "b", "c", "B.", "c,", "…"]), max_size=8), max_size=12))
def test_settled_text_only_ever_grows_at_its_end(passes: list[list[str]]) -> None:
    agreement = LocalAgreement()
    before = ""
    for words in passes:
        agreement.update(heard(" ".join(words)), 99)
        assert agreement.settled_text.startswith(before)
        before = agreement.settled_text


@given(st.lists(st.sampled_from(["one", "two", "three"]), min_size=1, max_size=20), st.integers(1, 5))
def test_a_growing_truth_is_settled_but_for_what_only_one_pass_heard(words: list[str], step: int) -> None:
    """A model that never errs: each pass hears a longer beginning of the same words."""
    agreement = LocalAgreement()
    ends = [*range(step, len(words), step), len(words)]
    for end in ends:
        agreement.update(heard(" ".join(words[:end])), 99)
        assert (agreement.settled_text + agreement.volatile_text).split() == words[:end]
    assert agreement.settled_text.split() == words[: ends[-2] if len(ends) > 1 else 0]


def test_a_mark_alone_is_compared_as_it_stands() -> None:
    assert bare("…") == "…"
    assert bare(" Straße,") == bare("STRASSE")
