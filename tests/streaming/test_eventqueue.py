from __future__ import annotations

import asyncio

from debabelizer.events import (
    Append,
    Closed,
    Committed,
    Freeze,
    Notice,
    Partial,
    Replace,
    SegmentId,
    Tail,
)
from debabelizer.streaming.eventqueue import EventQueue, merged

A, B = SegmentId(0, 0), SegmentId(0, 1)


def replace(segment: SegmentId, text: str) -> Partial:
    return Partial(change=Replace[SegmentId](segment=segment, text=text))


async def test_partials_of_a_segment_coalesce_and_finals_stay():
    queue = EventQueue(100)
    for number in range(1_000):
        queue.put(replace(A, f"a{number}"))
        queue.put(replace(B, f"b{number}"))
    final = Committed(change=Freeze[SegmentId](segment=A, text="a"))
    queue.put(final)
    queue.put(Closed(provider="x"))
    assert [event async for event in queue] == [replace(B, "b999"), final, Closed(provider="x")]


async def test_an_event_after_a_read_partial_is_a_new_one():
    queue = EventQueue(100)
    queue.put(replace(A, "one"))
    assert await anext(queue) == replace(A, "one")
    queue.put(replace(A, "two"))
    assert await anext(queue) == replace(A, "two")


async def test_a_full_queue_holds_back_its_filler_until_read():
    queue = EventQueue(3)
    for number in range(3):
        await queue.room()
        queue.put(Notice(provider="x", text=str(number)))
    waiting = asyncio.create_task(queue.room())
    await asyncio.sleep(0)
    assert not waiting.done()
    await anext(queue)
    await waiting


async def test_closed_always_gets_in_and_is_the_last():
    queue = EventQueue(1)
    queue.put(Notice(provider="x", text="1"))
    queue.put(Closed(provider="x"))
    queue.put(Notice(provider="x", text="2"))
    assert len([event async for event in queue]) == 2
    assert await anext(queue, None) is None


def test_two_changes_merge_into_one_with_the_same_effect():
    def append(text: str) -> Append[SegmentId]:
        return Append[SegmentId](segment=A, text=text)

    assert merged(append("a"), append("b")) == append("ab")
    assert merged(Replace[SegmentId](segment=A, text="a"), append("b")) == Replace[SegmentId](segment=A, text="ab")
    tail = Tail[SegmentId](segment=A, frozen="a", volatile="b")
    assert merged(tail, append("c")) == Tail[SegmentId](segment=A, frozen="a", volatile="bc")
    assert merged(append("x"), tail) == tail
