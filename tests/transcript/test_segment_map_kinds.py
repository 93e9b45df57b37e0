"""What each kind of change does, and what the listeners are told."""

from __future__ import annotations

import pytest

from debabelizer.events import Append, Freeze, Joining, Replace, Retract, SegmentId, Tail, Word
from debabelizer.transcript import Delta, DeltaKind, SegmentMap

A, B, C = SegmentId(0, 0), SegmentId(0, 1), SegmentId(0, 2)


def test_an_utterance_from_its_first_partial_to_a_context_correction() -> None:
    transcript = SegmentMap()
    heard: list[Delta] = []
    transcript.subscribe(heard.append)
    transcript.apply(Replace(segment=A, text="I scream"))
    transcript.apply(Replace(segment=A, text="I scream for"))
    transcript.apply(Freeze(segment=A, text="I scream for you", words=(Word("I", 0.0, 0.1),), language="en"))
    transcript.apply(Freeze(segment=A, text="Ice cream for you"))
    assert heard == [
        Delta(DeltaKind.NEW, A, 0, 0, "I scream"),
        Delta(DeltaKind.REVISED, A, 8, 0, " for"),
        Delta(DeltaKind.COMMITTED, A, 12, 0, " you"),
        Delta(DeltaKind.CORRECTED, A, 1, 15, "ce cream for you", "I scream for you"),
    ]
    segment = transcript.segment(A)
    assert (segment.text, segment.committed, segment.previous_text) == ("Ice cream for you", True, "I scream for you")
    assert segment.words == (), "the words of the old text would be wrong for the new one"
    assert segment.language == "en"


def test_a_commit_that_only_adds_words_changes_no_text_but_is_kept() -> None:
    transcript = SegmentMap()
    transcript.apply(Freeze(segment=A, text="yes"))
    assert transcript.apply(Freeze(segment=A, text="yes", words=(Word("yes", 0.2, 0.5),), end=0.6)) is None
    segment = transcript.segment(A)
    assert (segment.words, segment.end, segment.previous_text) == ((Word("yes", 0.2, 0.5),), 0.6, None)


def test_a_commit_of_the_very_text_that_stood_there_is_still_told() -> None:
    transcript = SegmentMap()
    transcript.apply(Replace(segment=A, text="yes"))
    assert transcript.apply(Freeze(segment=A, text="yes")) == Delta(DeltaKind.COMMITTED, A, 3, 0, "")
    assert transcript.apply(Freeze(segment=A, text="yes")) is None


def test_a_commit_that_joins_otherwise_changes_the_text_before_it() -> None:
    transcript = SegmentMap()
    transcript.apply(Freeze(segment=A, text="seven", start=0.0))
    transcript.apply(Freeze(segment=B, text="teen", start=1.0))
    assert transcript.text == "seven teen"
    delta = transcript.apply(Freeze(segment=B, text="teen", joining=Joining.VERBATIM, start=1.0))
    assert transcript.text == "seventeen"
    assert delta is not None
    assert delta.removed - len(delta.inserted) == 1


def test_a_tail_has_a_settled_and_a_volatile_part() -> None:
    transcript = SegmentMap()
    transcript.apply(Tail(segment=A, frozen="good ", volatile="mourning"))
    transcript.apply(Tail(segment=A, frozen="good morning ", volatile="all"))
    transcript.apply(Append(segment=A, text=" of"))
    segment = transcript.segment(A)
    assert (segment.frozen, segment.volatile, segment.committed) == ("good morning ", "all of", False)


def test_late_changes_do_not_undo_a_commit_or_a_retraction() -> None:
    transcript = SegmentMap()
    transcript.apply(Freeze(segment=A, text="done"))
    transcript.apply(Replace(segment=B, text="noise"))
    assert transcript.apply(Retract(segment=B)) == Delta(DeltaKind.RETRACTED, B, 4, 6, "", "noise")
    for late in (Replace(segment=A, text="do"), Append(segment=A, text="!"), Freeze(segment=B, text="noise")):
        assert transcript.apply(late) is None
    assert transcript.apply(Retract(segment=B)) is None
    assert (transcript.text, len(transcript)) == ("done", 1)
    with pytest.raises(KeyError):
        transcript.segment(B)
    with pytest.raises(KeyError):
        transcript.char_range(C)


def test_a_start_time_learnt_late_moves_a_segment_and_one_delta_tells_it() -> None:
    transcript = SegmentMap()
    transcript.apply(Freeze(segment=A, text="second", start=5.0))
    transcript.apply(Replace(segment=B, text="third"))
    delta = transcript.apply(Freeze(segment=B, text="first", start=1.0))
    assert transcript.text == "first second"
    assert delta is not None
    assert delta.apply("second third") == "first second"


def test_a_predecessor_that_comes_late_gets_its_followers() -> None:
    transcript = SegmentMap()
    transcript.apply(Freeze(segment=C, text="three", after=B))
    transcript.apply(Freeze(segment=A, text="one", start=9.0))
    transcript.apply(Freeze(segment=B, text="two", after=A))
    assert transcript.text == "one two three"


@pytest.mark.parametrize(
    ("first", "second", "wanted"),
    [
        ("Hello", "world", "Hello world"),
        ("Hello", ", world", "Hello, world"),
        ("Привет", "мир", "Привет мир"),
        ("say (", "this", "say (this"),
        ("this", ")", "this)"),
        ("«да", "» ответил", "«да» ответил"),
        ("¿", "qué", "¿qué"),
        ("你好", "世界", "你好世界"),
        ("これは", "ペンです", "これはペンです"),
        ("你好。", "Hello", "你好。Hello"),
        ("Hello", "。", "Hello。"),
        ("我用", "Python", "我用 Python"),
        ("สวัสดี", "ครับ", "สวัสดีครับ"),
        ("안녕", "하세요", "안녕 하세요"),
        ("line\n", "next", "line\nnext"),
        ("wait", "…", "wait…"),
        ("🙂", "🙂", "🙂 🙂"),
    ],
)
def test_joining_with_spaces_where_the_script_has_them(first: str, second: str, wanted: str) -> None:
    transcript = SegmentMap()
    transcript.apply(Freeze(segment=A, text=first))
    transcript.apply(Freeze(segment=B, text=second))
    assert transcript.text == wanted


def test_verbatim_joining_puts_nothing() -> None:
    transcript = SegmentMap()
    transcript.apply(Freeze(segment=A, text="un"))
    transcript.apply(Freeze(segment=B, text="able", joining=Joining.VERBATIM))
    assert transcript.text == "unable"


def test_an_unsubscribed_listener_hears_nothing_more() -> None:
    transcript = SegmentMap()
    heard: list[Delta] = []
    stop = transcript.subscribe(heard.append)
    transcript.apply(Replace(segment=A, text="a"))
    stop()
    stop()
    transcript.apply(Replace(segment=A, text="b"))
    assert [delta.inserted for delta in heard] == ["a"]
