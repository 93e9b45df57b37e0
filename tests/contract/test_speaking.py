"""Every provider of the table, as long as all goes well: what a session promises is kept whoever listens."""

from __future__ import annotations

import asyncio

import msgspec
import pytest

from debabelizer.contract import CommitOutcome
from debabelizer.events import Closed, Committed, Partial, Retracted, SessionStarted, SessionState, StateChanged
from fakes.harness import QUICK, Harness, HarnessTalk
from fakes.recognisers import RATE, scripted

SECOND = bytes(RATE * 2)
ODD = "wie Grüße aus 東京 und नमस्ते, naïve Żółć: e\u0301 👩🏽\u200d🚀 שלום"


async def test_a_conversation(harness: Harness) -> None:
    """Text while it is spoken; each commit gives its own words; what was not committed is heard by the end."""
    async with harness.running() as vendor, harness.talk(vendor) as it:
        await it.session.connect()
        assert it.session.state is SessionState.CONNECTED
        said = await it.speak()
        await it.until(lambda t: t.of(Partial), 30)
        assert harness.agrees(said, await it.commit())
        ends = [it.session.position]
        for _ in range(2):
            await it.dictate()
            ends.append(it.session.position)
        it.check()
        in_their_places(it, ends)
        await it.speak()
        await it.session.disconnect()
        await it.until(lambda t: t.of(Closed))
        it.check()
        assert all(segment.frozen for segment in it.map.segments())
        assert it.of(Closed)[0].error is None
        assert it.events[-1] is it.of(Closed)[0]
        if harness.commits_in_a_connection:
            assert len(it.of(SessionStarted)) == 1
            assert [event.state for event in it.of(StateChanged)] == [
                SessionState.CONNECTING,
                SessionState.CONNECTED,
                SessionState.DRAINING,
                SessionState.CLOSED,
            ]


def in_their_places(it: HarnessTalk, ends: list[float]) -> None:
    """On the session's clock every utterance, which ended then, has text that begins within it."""
    segments = [segment for segment in it.map.segments() if segment.text]
    starts = [segment.start for segment in segments if segment.start is not None]
    assert len(starts) == len(segments) >= len(ends)
    assert starts == sorted(starts)
    assert 0 <= starts[0] <= starts[-1] < ends[-1]
    for begin, end in zip([0.0, *ends], ends, strict=False):
        assert any(begin - 0.05 <= start < end for start in starts), (begin, end, starts)


async def test_words_before_the_connection_are_heard_and_silence_is_not(harness: Harness) -> None:
    async with harness.running() as vendor, harness.talk(vendor) as it:
        said = await it.speak()
        handle = it.session.commit()
        await it.session.connect()
        async with asyncio.timeout(30):
            assert harness.agrees(said, (await handle).text)
        assert (await it.session.commit()).outcome is CommitOutcome.EMPTY
        await it.say(SECOND)
        assert await it.commit(CommitOutcome.EMPTY) == ""
        await it.dictate()
        await it.say(SECOND)
        await it.session.disconnect()
        it.check()


async def test_any_script_arrives_as_it_was_written(cloud: Harness) -> None:
    async with cloud.running(recognise=scripted([ODD])) as vendor, cloud.talk(vendor) as it:
        await it.session.connect()
        await it.say(cloud.utterance(0)[0] * 3)
        assert await it.commit() == ODD
        await it.session.disconnect()
        assert it.text == ODD
        (final,) = it.of(Committed)
        assert all(word.text in ODD for word in final.change.words)


async def test_words_to_expect_may_be_of_any_script(harness: Harness) -> None:
    """Or too long, or too many: the provider takes what it can."""
    vocabulary = (*ODD.split(), "a word " * 60, *(f"name{number}" for number in range(2000)))
    async with harness.running() as vendor, harness.talk(vendor, vocabulary=vocabulary) as it:
        await it.session.connect()
        await it.dictate()
        it.check()


async def test_what_is_discarded_never_comes_back(harness: Harness) -> None:
    async with harness.running() as vendor, harness.talk(vendor) as it:
        await it.session.connect()
        await it.speak()
        await it.until(lambda t: t.of(Partial), 30)
        it.session.discard_unfinished()
        kept = await it.speak()
        assert harness.agrees(kept, await it.commit())
        await it.session.disconnect()
        await it.until(lambda t: t.of(Closed))
        it.check([kept])
        assert it.of(Retracted)


async def test_giving_up_at_any_moment_ends_at_once_and_leaves_nothing(harness: Harness) -> None:
    """What is left behind is looked for after each test."""
    async with harness.running() as vendor:
        async with harness.talk(vendor) as it:
            attempt = asyncio.create_task(it.session.connect())
            await it.until(lambda t: t.session.state is SessionState.CONNECTING)
            attempt.cancel()
            await asyncio.gather(attempt, return_exceptions=True)
        async with harness.talk(vendor) as it:
            await it.session.connect()
            await it.speak()
            handle = it.session.commit()
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(handle, 0)  # whoever waits may give up; the commit goes on
            async with asyncio.timeout(30):
                assert (await handle).text
            await it.speak()
            unanswered = it.session.commit()
            await it.session.abort()
            assert (await unanswered).outcome in {CommitOutcome.FAILED, CommitOutcome.FINAL}
            await it.until(lambda t: t.of(Closed))


async def test_a_session_that_nobody_used_closes_by_itself_and_wakes_up(harness: Harness) -> None:
    policy = msgspec.structs.replace(QUICK, idle_close_s=0.2, costly_idle_close_s=0.2, renewed_idle_close_s=0.2)
    async with harness.running() as vendor, harness.talk(vendor, policy=policy) as it:
        await it.session.connect()
        await it.dictate()
        await it.until(lambda t: t.session.state is SessionState.IDLE)
        await it.dictate()
        it.check()
        assert len(it.of(SessionStarted)) == 2
