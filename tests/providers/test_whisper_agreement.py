"""What two passes agree on stays, whatever the passes say."""

from __future__ import annotations

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
