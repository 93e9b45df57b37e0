"""Commit handles always resolve, each outcome for its reason."""

from __future__ import annotations

import asyncio
import json

import msgspec
import pytest

from debabelizer.contract import CommitOutcome
from debabelizer.errors import ConnectionError
from debabelizer.events import Committed, Corrected, Partial, Retracted, SegmentId
from fakes.flaky_proxy import FlakyProxy
from fakes.numbered_protocol import numbered, unrolled
from fakes.numbered_recogniser import Behaviour
from fakes.numbered_server import NumberedServer
from fakes.numbered_session import QUICK, QUICK_LIMITS


async def test_a_commit_without_audio_since_the_last_is_empty_at_once(open_session):
    async with NumberedServer() as server:
        session, _ = open_session(server.url)
        assert (await session.commit()).outcome is CommitOutcome.EMPTY, "nothing was ever said"
        await session.connect()
        await session.send(numbered(0, 1_600))
        first, second = session.commit(), session.commit()
        assert second.done
        assert (await second).outcome is CommitOutcome.EMPTY
        assert (await first).outcome is CommitOutcome.FINAL
        assert (await session.commit()).outcome is CommitOutcome.EMPTY
        assert server.connections[0].commits == 1


async def test_silence_is_empty(open_session):
    async with NumberedServer() as server:
        session, _ = open_session(server.url)
        await session.connect()
        await session.send(bytes(6_400))
        result = await session.commit()
        assert (result.outcome, result.text, result.error) == (CommitOutcome.EMPTY, "", None)


@pytest.mark.parametrize("outcome", [CommitOutcome.THROTTLED, CommitOutcome.FAILED])
async def test_a_refused_commit_says_so_and_its_audio_stays(outcome, open_session):
    async with NumberedServer(Behaviour(outcome=outcome)) as server:
        session, listener = open_session(server.url)
        await session.connect()
        await session.send(numbered(0, 1_600))
        assert (await session.commit()).outcome is outcome
        server.behaviour.outcome = ""
        result = await session.commit()
        assert unrolled([result.text]) == 1_600
        await session.disconnect()
        await listener.end()
        assert listener.recognised() == 1_600


async def test_an_unanswered_commit_times_out_and_the_session_goes_on(open_session):
    limits = msgspec.structs.replace(QUICK_LIMITS, commit_answer_s=0.2)
    async with NumberedServer(Behaviour(answers=False)) as server:
        session, listener = open_session(server.url, limits=limits)
        await session.connect()
        await session.send(numbered(0, 1_600))
        result = await session.commit()
        assert result.outcome is CommitOutcome.TIMED_OUT
        assert isinstance(result.error, ConnectionError)
        server.behaviour.answers = True
        await session.send(numbered(1_600, 1_600))
        result = await session.commit()
        assert unrolled([result.text]) == 3_200, "what timed out is said again"
        await session.disconnect()
        await listener.end()
        assert listener.recognised() == 3_200


async def test_a_commit_without_a_connection_fails_in_time(open_session):
    async with NumberedServer() as server, FlakyProxy(server.port) as proxy:
        policy = msgspec.structs.replace(QUICK, connect_s=0.3)
        session, listener = open_session(proxy.url, policy=policy)
        await session.connect()
        proxy.refusing = True
        proxy.cut()
        await session.send(numbered(0, 1_600))
        result = await session.commit()
        assert result.outcome is CommitOutcome.FAILED
        assert isinstance(result.error, ConnectionError)
        proxy.refusing = False
        result = await session.commit()
        assert unrolled([result.text]) == 1_600
        await session.disconnect()
        await listener.end()
        assert listener.recognised() == 1_600


async def test_a_commit_before_any_connect_fails_in_time(open_session):
    session, _ = open_session("ws://127.0.0.1:9", policy=msgspec.structs.replace(QUICK, connect_s=0.1))
    await session.send(numbered(0, 1_600))
    assert (await session.commit()).outcome is CommitOutcome.FAILED


async def test_several_commits_in_a_row_get_their_own_text(open_session):
    async with NumberedServer(Behaviour(finals_every=900)) as server:
        session, listener = open_session(server.url)
        await session.connect()
        handles = []
        for number in range(20):
            await session.send(numbered(number * 1_000, 1_000))
            handles.append(session.commit())
        results = [await handle for handle in handles]
        assert all(result.outcome is CommitOutcome.FINAL for result in results)
        for number, result in enumerate(results):
            assert unrolled([result.text], number * 1_000) == (number + 1) * 1_000
        await session.disconnect()
        await listener.end()
        assert listener.recognised() == 20_000


async def test_a_commit_too_short_for_the_vendor_is_filled_with_silence(open_session):
    limits = msgspec.structs.replace(QUICK_LIMITS, least_commit_s=0.3)
    async with NumberedServer() as server:
        session, listener = open_session(server.url, limits=limits)
        await session.connect()
        for number in range(3):
            await session.send(numbered(number * 800, 800))
            result = await session.commit()
            assert unrolled([result.text], number * 800) == number * 800 + 800
        assert server.connections[0].received == 3 * 4_800
        assert [final.start for final in listener.finals.values()] == [0.0, 0.05, 0.1]
        await session.disconnect()
        await listener.end()
        assert listener.recognised() == 2_400


async def test_pending_handles_resolve_when_the_session_ends(open_session):
    async with NumberedServer(Behaviour(answers=False)) as server:
        session, _ = open_session(server.url)
        await session.connect()
        await session.send(numbered(0, 1_600))
        handle = session.commit()
        await session.abort()
        assert (await handle).outcome is CommitOutcome.FAILED
        assert session.commit().done


async def test_a_vendor_without_a_commit_message_gets_a_new_connection_instead(open_session):
    async with NumberedServer() as server:
        session, listener = open_session(server.url, commits=False)
        await session.connect()
        for number in range(3):
            await session.send(numbered(number * 4_000, 4_000))
            result = await session.commit()
            assert result.outcome is CommitOutcome.FINAL
            assert unrolled([result.text], number * 4_000) == number * 4_000 + 4_000
        await session.disconnect()
        await listener.end()
        assert listener.recognised() == 12_000
        assert len(server.connections) == 3


async def test_the_drain_of_a_vendor_without_a_commit_message(open_session):
    async with NumberedServer() as server:
        session, listener = open_session(server.url, commits=False)
        await session.connect()
        await session.send(numbered(0, 4_000))
        await session.disconnect()
        await listener.end()
        assert listener.recognised() == 4_000
        assert len(server.connections) == 1


async def test_a_vendor_without_a_commit_message_that_never_finishes_times_out(open_session):
    limits = msgspec.structs.replace(QUICK_LIMITS, finish_answer_s=0.2)
    async with NumberedServer() as server:
        deaf = [True]

        async def ignores_finish(connection) -> bool:
            if not deaf:
                return False
            await connection.recv()
            await connection.send(json.dumps({"is": "ready"}))
            async for _ in connection:
                continue
            return True

        server.take_over = ignores_finish
        session, listener = open_session(server.url, limits=limits, commits=False)
        await session.connect()
        await session.send(numbered(0, 4_000))
        result = await session.commit()
        assert result.outcome is CommitOutcome.TIMED_OUT
        assert result.error.code == "finish_timeout"
        deaf.clear()
        await session.send(numbered(4_000, 4_000))
        await session.commit()
        await session.disconnect()
        await listener.end()
        assert listener.recognised() == 8_000


async def test_a_correction_of_text_given_out_is_not_given_out_again(open_session):
    async with NumberedServer() as server:

        async def corrects(connection) -> bool:
            await connection.recv()
            await connection.send(json.dumps({"is": "ready"}))
            samples = key = 0
            async for message in connection:
                if isinstance(message, bytes):
                    samples += len(message) // 2
                elif "commit" in message:
                    final = {"is": "final", "key": key, "text": f"take {key}", "samples": samples, "answer": "final"}
                    await connection.send(json.dumps(final))
                    if key == 0:
                        await connection.send(json.dumps({"is": "final", "key": 0, "text": "Take zero."}))
                    key += 1
            return True

        server.take_over = corrects
        session, listener = open_session(server.url)
        await session.connect()
        await session.send(numbered(0, 1_600))
        assert (await session.commit()).text == "take 0"
        await listener.event(Corrected)
        await session.send(numbered(1_600, 1_600))
        assert (await session.commit()).text == "take 1"


# ---------------------------------------------------------------------------------------------------- discards


async def test_forgotten_audio_leaves_no_text_and_the_connection_stays(open_session):
    async with NumberedServer() as server:
        session, listener = open_session(server.url)
        await session.connect()
        await session.send(numbered(0, 4_000))
        await listener.event(Partial)
        session.discard_unfinished()
        await listener.event(Retracted)
        assert (await session.commit()).outcome is CommitOutcome.EMPTY
        await session.send(numbered(4_000, 4_000))
        result = await session.commit()
        assert unrolled([result.text], 4_000) == 8_000
        await session.disconnect()
        await listener.end()
        assert listener.recognised(4_000) == 8_000
        assert len(server.connections) == 1


async def test_a_commit_under_way_is_empty_once_its_audio_is_forgotten(open_session):
    async with NumberedServer(Behaviour(answers=False)) as server:
        session, listener = open_session(server.url)
        await session.connect()
        await session.send(numbered(0, 4_000))
        handle = session.commit()
        await server.until(lambda: server.connections[0].commits == 1)
        session.discard_unfinished()
        assert (await handle).outcome is CommitOutcome.EMPTY
        assert not listener.of(Committed)
        await session.abort()


async def test_forgetting_while_disconnected_sends_none_of_it(open_session):
    async with NumberedServer() as server, FlakyProxy(server.port) as proxy:
        session, listener = open_session(proxy.url)
        await session.connect()
        proxy.refusing = True
        proxy.cut()
        await server.until(lambda: not server.live)
        await session.send(numbered(0, 4_000))
        session.discard_unfinished()
        proxy.refusing = False
        await session.send(numbered(4_000, 1_000))
        assert unrolled([(await session.commit()).text], 4_000) == 5_000
        assert sum(connection.received for connection in server.connections) == 1_000
        await session.disconnect()
        await listener.end()
        assert listener.recognised(4_000) == 5_000


async def test_forgetting_without_a_commit_message_takes_a_new_connection(open_session):
    async with NumberedServer() as server:
        session, listener = open_session(server.url, commits=False)
        await session.connect()
        await session.send(numbered(0, 4_000))
        await listener.event(Partial)
        session.discard_unfinished()
        await session.send(numbered(4_000, 4_000))
        assert unrolled([(await session.commit()).text], 4_000) == 8_000
        await session.disconnect()
        await listener.end()
        assert listener.recognised(4_000) == 8_000


# ------------------------------------------------------------------------------------- what becomes of finals


async def scripted(server: NumberedServer, *frames: dict[str, object]) -> None:
    async def play(connection) -> None:
        await connection.recv()
        for frame in ({"is": "ready"}, *frames):
            await connection.send(json.dumps(frame))
        await connection.wait_closed()

    server.take_over = play


async def test_a_final_for_a_final_is_a_correction_and_a_repeat_is_nothing(open_session):
    async with NumberedServer() as server:
        await scripted(
            server,
            {"is": "partial", "key": "a", "text": "hallo"},
            {"is": "final", "key": "a", "text": "hello"},
            {"is": "final", "key": "a", "text": "hello"},
            {"is": "partial", "key": "a", "text": "an echo"},
            {"is": "final", "key": "a", "text": "Hello!"},
            {"is": "final", "key": "b", "text": "the end"},
        )
        session, listener = open_session(server.url)
        await session.connect()
        await listener.until(lambda: len(listener.finals) == 2)
        told = [(type(event), event.change.text) for event in listener.events if hasattr(event, "change")]
        assert told[-3:] == [(Committed, "hello"), (Corrected, "Hello!"), (Committed, "the end")]
        assert list(listener.finals) == [SegmentId(0, 0), SegmentId(0, 1)]


async def test_a_retracted_segment_goes_and_an_unseen_empty_one_never_comes(open_session):
    async with NumberedServer() as server:
        await scripted(
            server,
            {"is": "final", "key": 0, "text": ""},
            {"is": "retract", "key": 1},
            {"is": "final", "key": 2, "text": "gone"},
            {"is": "retract", "key": 2},
            {"is": "final", "key": 3, "text": "stays"},
        )
        session, listener = open_session(server.url)
        await session.connect()
        await listener.event(Committed, lambda event: event.change.text == "stays")
        told = [event for event in listener.events if hasattr(event, "change")]
        assert [type(event) for event in told] == [Committed, Retracted, Committed] or [
            type(event) for event in told
        ] == [Retracted, Committed]
        assert [final.text for final in listener.finals.values()] == ["stays"]


async def test_ids_of_a_following_session_go_on_where_the_last_one_ended(open_session):
    async with NumberedServer() as server:
        session, listener = open_session(server.url, first_epoch=7)
        await session.connect()
        await session.send(numbered(0, 100))
        await session.commit()
        assert list(listener.finals) == [SegmentId(7, 0)]
        assert session.next_epoch == 8
        assert session.position == 100 / 16_000


async def test_an_awaiting_task_may_be_cancelled_without_harm(open_session):
    async with NumberedServer() as server:
        session, _ = open_session(server.url)
        await session.connect()
        await session.send(numbered(0, 1_600))
        handle = session.commit()

        async def wait() -> None:
            await handle

        waiting = asyncio.create_task(wait())
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
        assert (await handle).outcome is CommitOutcome.FINAL
