"""A second text dealt out to the segments of the first: every word of it stands in exactly one of them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from debabelizer.dictation.dealing import Spoken, deal
from debabelizer.events import Word

WORDS = st.sampled_from(
    ["the", "a", "no", "no,", "Yes.", "house", "really", "Ann’s", "42", "naïve", "—", "你好", "ねこ。", "Ω"]
)
texts = st.lists(WORDS, max_size=12).map(" ".join) | st.text(max_size=20)


@st.composite
def spoken(draw: st.DrawFn) -> Spoken:
    text = draw(texts)
    at, words = 0.0, []
    if draw(st.booleans()):
        for part in text.split():
            at += draw(st.floats(0, 1))
            words.append(Word(part, at, at + 0.2))
    return Spoken(text, tuple(words), draw(st.none() | st.floats(0, 20)))


@given(st.lists(spoken(), min_size=1, max_size=8), spoken())
def test_no_word_is_lost_and_none_comes_twice(first: list[Spoken], second: Spoken) -> None:
    parts = deal(first, second)
    assert len(parts) == len(first)
    assert "".join("".join(part.text for part in parts).split()) == "".join(second.text.split())
    assert [word for part in parts for word in part.words] == [w for w in second.words if w.text]
    for part in parts:
        assert part.text == part.text.strip()


@given(st.lists(st.lists(st.sampled_from("abcdefghij"), min_size=1, max_size=6), min_size=1, max_size=6))
def test_the_same_text_stays_where_it_was(lines: list[list[str]]) -> None:
    first = [Spoken(" ".join(f"{word}{n}{i}" for i, word in enumerate(line))) for n, line in enumerate(lines)]
    second = Spoken(" ".join(part.text for part in first))
    assert [part.text for part in deal(first, second)] == [part.text for part in first]


CASES = [
    (["i scream", "for you"], "Ice cream for you!", ["Ice cream", "for you!"]),
    (["hello", "world"], "Hello there, big world", ["Hello", "there, big world"]),
    (["one two", "", "three"], "one two three", ["one two", "", "three"]),
    (["send the", "male tomorrow"], "Send the mail tomorrow.", ["Send the", "mail tomorrow."]),
    (["hello world", "hello world"], "Hello, world. Hello, world.", ["Hello, world.", "Hello, world."]),
    (["今天天", "气好"], "今天天气很好", ["今天天", "气很好"]),
]


@pytest.mark.parametrize(("first", "second", "expected"), CASES)
def test_each_segment_gets_what_it_said(first: list[str], second: str, expected: list[str]) -> None:
    assert [part.text for part in deal([Spoken(text) for text in first], Spoken(second))] == expected


def test_where_the_words_are_all_others_their_times_tell() -> None:
    first = [Spoken("edit our", (Word("edit", 0.0, 0.5), Word("our", 0.5, 1.0))), Spoken("mind how", start=5.0)]
    words = (Word("And", 0.1, 0.4), Word("so", 0.4, 0.7), Word("my", 0.8, 1.0), Word("fellows", 5.2, 6.0))
    parts = deal(first, Spoken("And so my fellows", words))
    assert [part.text for part in parts] == ["And so my", "fellows"]
    assert parts[1].start == 5.2
    assert [word.text for word in parts[1].words] == ["fellows"]
