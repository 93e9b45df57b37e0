"""Pieces that share some audio become one text: no word lost, none doubled."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from debabelizer.contract import FileSegment
from debabelizer.events import Joining, Word
from debabelizer.files.join import joined, shifted, text_of

VOCABULARY = ["the", "a", "no", "yes", "ship", "house", "really", "Ann", "went", "home", "42"]


@dataclass
class Case:
    said: list[Word]
    start: float
    overlap: float
    before: list[FileSegment]
    after: list[FileSegment]


@st.composite
def speech(draw: st.DrawFn) -> list[Word]:
    """Running speech: words of 0.15 to 0.6 s, hardly a pause between."""
    at, words = 0.0, []
    for _ in range(draw(st.integers(20, 60))):
        length = draw(st.floats(0.15, 0.6))
        words.append(Word(draw(st.sampled_from(VOCABULARY)), at, at + length))
        at += length + draw(st.sampled_from([0.0, 0.0, 0.05, 0.2]))
    return words


def heard(draw: st.DrawFn, words: list[Word], jitter: float) -> list[Word]:
    found = []
    for word in words:
        moved = draw(st.floats(-jitter, jitter)) if jitter else 0.0
        text = draw(st.sampled_from([word.text, word.text.capitalize(), word.text + ","]))
        found.append(Word(text, max(0.0, word.start + moved), word.end + moved))
    return found


def segments(draw: st.DrawFn, words: list[Word], *, timed: bool) -> list[FileSegment]:
    found: list[FileSegment] = []
    while words:
        count = draw(st.integers(1, 12))
        part, words = words[:count], words[count:]
        text = " ".join(word.text for word in part)
        if timed:
            found.append(FileSegment(text=text, start=part[0].start, end=part[-1].end, words=tuple(part)))
        else:
            found.append(FileSegment(text=text))
    return found


@st.composite
def cut_speech(draw: st.DrawFn, *, timed: bool, jitter: float = 0.0) -> Case:
    """What two requests hear of it, the second from ``overlap`` seconds before the end of the first; a word that is
    cut through is heard as another one, or not at all."""
    said = draw(speech())
    overlap = 5.0
    cut = draw(st.floats(min(said[-1].end, overlap + 1.0), said[-1].end))
    start = cut - overlap
    first = heard(draw, [word for word in said if word.end <= cut], jitter)
    second = heard(draw, [word for word in said if word.start >= start], jitter)
    broken = next((word for word in said if word.start < cut < word.end), None)
    if broken is not None and draw(st.booleans()):
        first.append(Word("hm", broken.start, cut))
    broken = next((word for word in said if word.start < start < word.end), None)
    if broken is not None and draw(st.booleans()):
        second.insert(0, Word("mh", start, broken.end))
    return Case(said, start, overlap, segments(draw, first, timed=timed), segments(draw, second, timed=timed))


def plain(found: list[FileSegment]) -> list[str]:
    return [word.strip(",").lower() for word in text_of(found, Joining.SPACE).split()]


def expected(case: Case) -> list[str]:
    return [word.text.lower() for word in case.said]


@given(cut_speech(timed=True, jitter=0.05))
def test_with_word_times_every_word_comes_exactly_once(case: Case) -> None:
    found = joined(case.before, case.after, case.start, case.overlap)
    assert plain(found) == expected(case)
    words = [word for segment in found for word in segment.words]
    assert [word.text.strip(",").lower() for word in words] == expected(case)


@given(st.data())
def test_without_times_the_words_themselves_tell(data: st.DataObject) -> None:
    """Where nobody repeats himself."""
    said = [Word(f"w{n}", 0.3 * n, 0.3 * n + 0.3) for n in range(80)]
    cut = data.draw(st.floats(8.0, 20.0))
    before = [FileSegment(text=" ".join(word.text for word in said if word.end <= cut))]
    after = [FileSegment(text=" ".join(word.text for word in said if word.start >= cut - 5.0))]
    found = joined(before, after, cut - 5.0, 5.0)
    assert plain(found) == [word.text for word in said]


@given(cut_speech(timed=False))
def test_without_times_nothing_is_ever_lost_where_the_pieces_agree_on_nothing(case: Case) -> None:
    strangers = [FileSegment(text=" ".join("qwertyuiop"[n % 10] for n in range(8)))]
    found = joined(case.before, strangers, case.start, case.overlap)
    assert plain(found) == plain([*case.before, *strangers])


def test_pieces_cut_at_a_silence_are_put_side_by_side() -> None:
    before, after = [FileSegment(text="no")], [FileSegment(text="no")]
    assert joined(before, after, 10.0, 0.0) == [*before, *after]


def test_another_speaker_begins_a_line_and_marks_stay_with_their_words() -> None:
    found = [FileSegment(text="Hello, you.", speaker="a"), FileSegment(text="Hi!", speaker="b")]
    assert text_of(found, Joining.SPACE) == "Hello, you.\nHi!"
    said = FileSegment(text="你好，", start=0.0), FileSegment(text="世界", start=1.0)
    assert text_of(said, Joining.SPACE) == "你好，世界"


def test_times_are_those_of_the_whole_recording() -> None:
    segment = FileSegment(text="a", start=1.0, end=2.0, words=(Word("a", 1.0, 2.0),))
    assert shifted(segment, 60.0) == FileSegment(text="a", start=61.0, end=62.0, words=(Word("a", 61.0, 62.0),))
