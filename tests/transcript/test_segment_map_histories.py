"""The segment map against generated histories: late, doubled, reordered changes, unknown ids, any script."""

from __future__ import annotations

import random

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from debabelizer.events import Append, Change, Freeze, Joining, Replace, Retract, SegmentId, Tail
from debabelizer.transcript import Delta, DeltaKind, SegmentMap, Snapshot
from fakes.naive_transcript import NaiveTranscript

texts = st.one_of(
    st.sampled_from(["", " ", "one", "two.", ", and", "«", "»", "你好", "。", "สวัสดี", "(", ")", "é", "e\u0301", "🙂"]),
    st.text(max_size=6),
)
ids = st.builds(SegmentId, epoch=st.integers(0, 2), ordinal=st.integers(0, 6))
starts = st.none() | st.sampled_from([0.0, 1.0, 1.5, 2.0, 3.0, 50.0]) | st.floats(0, 10)
joinings = st.sampled_from(Joining)
placed = {"segment": ids, "joining": joinings, "start": starts, "after": st.none() | ids}
changes: st.SearchStrategy[Change] = st.one_of(
    st.builds(Replace, text=texts, **placed),
    st.builds(Append, text=texts, **placed),
    st.builds(Tail, frozen=texts, volatile=texts, **placed),
    st.builds(Freeze, text=texts, **placed),
    st.builds(Retract, segment=ids),
)
histories = st.lists(changes, max_size=40)


@settings(max_examples=600, deadline=None)
@given(histories)
def test_deltas_keep_a_plain_string_equal_to_the_text_and_the_text_is_that_of_the_naive_way(
    history: list[Change],
) -> None:
    transcript, naive, plain = SegmentMap(), NaiveTranscript(), ""
    for change in history:
        delta = transcript.apply(change)
        naive.apply(change)
        if delta is not None:
            assert delta.segment == change.segment
            assert delta.start + delta.removed <= len(plain)
            plain = delta.apply(plain)
        assert plain == transcript.text == naive.text
    alive = [one for one in naive.order() if not one.retracted]
    assert len(transcript) == len(alive)
    assert [one.id for one in transcript.segments()] == [one.id for one in alive]
    for one, view in zip(alive, transcript.segments(), strict=True):
        assert (view.text, view.committed, view.previous_text) == (one.text, one.committed, one.previous)
        start, end = transcript.char_range(one.id)
        assert plain[start:end] == one.text
        if one.text:
            assert transcript.at(end - 1) == view


@settings(max_examples=300, deadline=None)
@given(histories, histories)
def test_a_snapshot_rebuilds_the_text_and_goes_on_like_the_map_it_was_taken_from(
    past: list[Change], future: list[Change]
) -> None:
    transcript = SegmentMap()
    for change in past:
        transcript.apply(change)
    wire = msgspec.json.encode(transcript.snapshot())
    snapshot = msgspec.json.decode(wire, type=Snapshot)
    again = SegmentMap.restore(snapshot)
    assert snapshot.text == again.text == transcript.text
    assert list(again.segments()) == list(transcript.segments())
    for change in future:
        assert again.apply(change) == transcript.apply(change)
    assert again.text == transcript.text


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(texts, joinings), min_size=1, max_size=20), st.randoms(use_true_random=False))
def test_linked_segments_give_one_text_in_whatever_order_they_arrive(
    said: list[tuple[str, Joining]], shuffle: random.Random
) -> None:
    history = [
        Freeze(
            segment=SegmentId(0, number),
            text=text,
            joining=joining,
            after=SegmentId(0, number - 1) if number else None,
            start=0.0 if number == 0 else None,
        )
        for number, (text, joining) in enumerate(said)
    ]
    wanted = _text_of(history)
    shuffled = history + history[: len(history) // 2]
    shuffle.shuffle(shuffled)
    assert _text_of(shuffled) == wanted


@settings(max_examples=200, deadline=None)
@given(st.lists(texts, min_size=1, max_size=20), st.randoms(use_true_random=False))
def test_timed_segments_give_one_text_in_whatever_order_they_arrive(said: list[str], shuffle: random.Random) -> None:
    history = [
        Freeze(segment=SegmentId(0, number), text=text, start=float(number // 2)) for number, text in enumerate(said)
    ]
    shuffled = list(history)
    shuffle.shuffle(shuffled)
    assert _text_of(shuffled) == _text_of(history)


@settings(max_examples=150, deadline=None)
@given(histories, histories)
def test_clear_empties_the_text_and_what_was_cleared_never_returns(past: list[Change], later: list[Change]) -> None:
    transcript, plain = SegmentMap(), ""
    heard: list[Delta] = []
    transcript.subscribe(heard.append)
    for change in past:
        transcript.apply(change)
    known = {one.id for one in transcript.segments()}
    transcript.clear()
    assert transcript.text == ""
    for change in later:
        transcript.apply(change)
    assert known.isdisjoint(one.id for one in transcript.segments())
    for delta in heard:
        plain = delta.apply(plain)
        if delta.kind is DeltaKind.CLEARED:
            assert plain == ""
    assert plain == transcript.text


def test_many_segments_in_random_places_keep_offsets_and_slices_true() -> None:
    order = random.Random(7)
    transcript, plain = SegmentMap(), ""
    for number in range(3000):
        start = order.random() * 1000 if order.random() < 0.7 else float(number)
        change: Change = Freeze(segment=SegmentId(0, number), text=f"w{number}", start=start)
        if number % 5 == 4:
            change = Freeze(segment=SegmentId(0, order.randrange(number)), text="x" * order.randrange(9), start=start)
        elif number % 17 == 16:
            change = Retract(segment=SegmentId(0, order.randrange(number)))
        delta = transcript.apply(change)
        plain = delta.apply(plain) if delta is not None else plain
    assert plain == transcript.text
    assert transcript.characters == len(plain)
    for one in transcript.segments():
        start_, end = transcript.char_range(one.id)
        assert plain[start_:end] == one.text
    for _ in range(300):
        low, high = sorted((order.randrange(len(plain)), order.randrange(len(plain) + 20)))
        assert transcript.slice(low, high) == plain[low:high]


def _text_of(history: list[Freeze[SegmentId]]) -> str:
    transcript = SegmentMap()
    for change in history:
        transcript.apply(change)
    return transcript.text
