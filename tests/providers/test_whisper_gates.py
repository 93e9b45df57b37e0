"""Text nobody said is kept out; short real words get through."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from debabelizer_providers.whisper.agreement import HeardWord, text_of
from debabelizer_providers.whisper.gates import Pass, compression, nonsense, said, without_loop, without_overrun


def heard(text: str, *, each: float = 0.3, probability: float = 0.95, **scores: float) -> Pass:
    words = tuple(HeardWord(f" {w}", i * each, (i + 1) * each, probability) for i, w in enumerate(text.split()))
    return Pass(words=words, **{"no_speech": 0.1, "logprob": -0.2, **scores})


def believed(given_: Pass, voiced_s: float, prompt: str = "") -> str:
    return text_of(said(given_, voiced_s, prompt))


def test_real_text_passes_unchanged() -> None:
    assert believed(heard("Please send the message."), 1.5) == "Please send the message."


@pytest.mark.parametrize("text", ["Yes.", "Thank you.", "You", "Bye!"])
def test_short_real_words_survive_where_there_was_speech(text: str) -> None:
    assert believed(heard(text), 0.45) == text


def test_without_speech_there_is_no_text() -> None:
    assert believed(heard("Please send the message."), 0.0) == ""


def test_the_model_itself_may_say_that_nobody_spoke() -> None:
    assert believed(heard("something", no_speech=0.9, logprob=-1.5), 1.0) == ""
    assert believed(heard("something", no_speech=0.9, logprob=-0.3), 1.0) == "something"


@pytest.mark.parametrize("text", ["Thanks for watching!", "Продолжение следует...", "ご視聴ありがとうございました"])
def test_well_known_inventions_need_evidence(text: str) -> None:
    assert believed(heard(text, probability=0.4), 0.2) == ""
    assert believed(heard(text, probability=0.4, logprob=-1.2), 1.5) == ""
    assert believed(heard(text), 1.5) == text


def test_an_echo_of_the_prompt_needs_evidence_too() -> None:
    vocabulary = "Debabelizer, LocalAgreement, Silero"
    assert believed(heard("Debabelizer, LocalAgreement, Silero"), 0.2, vocabulary) == ""
    assert believed(heard("Debabelizer, LocalAgreement, Silero"), 2.0, vocabulary) != ""


def test_nobody_says_forty_words_in_a_second() -> None:
    assert len(said(heard(" ".join(f"w{i}" for i in range(40)), each=0.02), 1.0)) == 12


def test_a_stuck_needle_is_lifted() -> None:
    assert believed(heard("and then " + "I said so " * 9 + "today"), 9.0) == "and then I said so today"
    assert believed(heard("so " + "yes " * 20), 6.0) == "so yes"
    assert believed(heard("one two one two one two", each=0.02), 1.0) == "one two"


@pytest.mark.parametrize("text", ["no no no no", "one one two three three", "again and again and again"])
def test_what_people_do_repeat_stays(text: str) -> None:
    assert believed(heard(text), 2.0) == text


def test_broken_arithmetic_is_recognised() -> None:
    assert nonsense(heard("!!!! !!!!"))
    assert nonsense(heard("fine", logprob=math.nan))
    assert nonsense(heard("fine", logprob=-math.inf))
    assert not nonsense(heard("Aaaa"))
    assert not nonsense(heard("Hello."))
    assert not nonsense(Pass())


def test_repetition_compresses() -> None:
    assert compression("ha " * 50) > 2.4 > compression("please send the message tomorrow morning")


@given(st.lists(st.sampled_from(["a", "b", "c"]), max_size=40), st.floats(0.01, 1))
def test_cutting_loops_ends_and_keeps_an_order_that_was_there(words: list[str], each: float) -> None:
    before = list(heard(" ".join(words), each=each).words)
    after = without_loop(before)
    remaining = iter(before)
    assert all(word in remaining for word in after)
    assert {w.text for w in after} == {w.text for w in before}
    assert list(without_loop(after)) == list(after)


def placed(*starts: float) -> list[HeardWord]:
    return [HeardWord(f" w{i}", start, start) for i, start in enumerate(starts)]


def test_words_heaped_up_behind_the_sound_are_cut_off() -> None:
    assert len(without_overrun(placed(0.2, 0.6, 1.0, 1.98, 1.98, 1.98, 1.98, 1.98))) == 3
    assert len(without_overrun(placed(0.2, 0.6, 2.1, 2.1, 2.1, 2.1, 2.1, 2.98, 2.98, 2.98, 2.98, 2.98))) == 2


def test_fast_speech_and_two_words_at_once_are_not() -> None:
    fast = placed(*(i * 0.12 for i in range(30)))
    assert without_overrun(fast) == fast
    together = placed(0.2, 0.6, 1.0, 1.0)
    assert without_overrun(together) == together


def test_a_heap_in_the_middle_of_speech_is_a_slip_of_the_clock() -> None:
    slipped = placed(0.0, 0.0, 0.0, 0.4, 0.8, 1.2, 1.6, 2.0, 2.4)
    assert without_overrun(slipped) == slipped


@given(st.lists(st.floats(0, 30), max_size=40))
def test_what_is_left_is_the_beginning(starts: list[float]) -> None:
    words = placed(*sorted(starts))
    left = without_overrun(words)
    assert left == words[: len(left)]
