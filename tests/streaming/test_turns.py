"""Vendors with turns inside a connection: one that lets go of audio and takes it again, and one that wants nothing to
follow a commit before its answer."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence

import msgspec
import pytest
from websockets.asyncio.server import ServerConnection

from debabelizer.contract import Rewind, StreamSignal, WireMessage
from debabelizer.events import Closed, SessionStarted
from fakes.numbered_protocol import PERIOD, RATE, NumberedProtocol, numbered, runs_of, text_of, unrolled
from fakes.numbered_server import NumberedServer
from fakes.numbered_session import QUICK_LIMITS

HOLDS = msgspec.structs.replace(QUICK_LIMITS, commit_holds=True, longest_chunk_s=0.1)


class TurnProtocol(NumberedProtocol):
    def receive(self, message: WireMessage) -> Sequence[StreamSignal]:
        frame = json.loads(message)
        return [Rewind(frame["samples"])] if frame["is"] == "rewind" else super().receive(message)


class Forgetful:
    """Makes what it has final after ``turn`` samples, but for the last ``lost``, which it wants again; what comes
    before those it does not hear."""

    def __init__(self, turn: int, lost: int) -> None:
        self.turn = turn
        self.lost = lost
        self.received = 0
        self.ends = 0
        self.early: list[object] = []
        self._next = 0
        """The number of the sample that is heard next."""
        self._open: list[bytes] = []
        self._open_from = 0
        self._listens = True

    async def serve(self, connection: ServerConnection) -> None:
        async for message in connection:
            if isinstance(message, bytes):
                for answer in self._audio(message):
                    await connection.send(json.dumps(answer))
            elif "hello" in message:
                await connection.send('{"is":"ready"}')
            elif "finish" in message:
                await connection.send('{"is":"finished"}')
            elif self._listens:
                await connection.send(json.dumps(self._final(self.received) | {"answer": "final"}))

    def _audio(self, pcm: bytes) -> list[dict[str, object]]:
        before, self.received = self.received, self.received + len(pcm) // 2
        if not self._listens and pcm[:2] == numbered(self._next, 1):
            self._listens, self._open_from = True, before
        if not self._listens:
            return []
        self._open.append(pcm)
        self._next += len(pcm) // 2
        if self.received - self._open_from < self.turn:
            return []
        self.ends += 1
        kept = self.received - self.lost
        final = self._final(kept)
        self._next -= self.lost
        self._listens = False
        return [final, {"is": "rewind", "samples": kept}]

    def _final(self, end: int) -> dict[str, object]:
        pcm = b"".join(self._open)[: 2 * (end - self._open_from)]
        start, self._open, self._open_from = self._open_from, [], end
        text = text_of(runs_of(pcm))
        frame = {"is": "final", "key": start, "text": text, "samples": end}
        return {**frame, "start": start / RATE, "end": end / RATE}


@pytest.mark.parametrize("piece", [1_500, 60_000])
async def test_audio_that_is_wanted_again_is_said_again_with_its_commits(open_session, piece):
    forgetful = Forgetful(turn=9_000, lost=1_000)
    async with NumberedServer() as server:
        server.take_over = forgetful.serve
        session, listener = open_session([("turns", lambda context: TurnProtocol(server.url, context, limits=HOLDS))])
        await session.connect()
        for said in range(0, 60_000, piece):
            await session.send(numbered(said, piece))
        result = await session.commit()
        assert unrolled([result.text]) == 60_000
        await session.send(numbered(60_000, 12_345))
        await session.disconnect()
        await listener.end()
        assert listener.recognised() == 72_345
        assert len(listener.of(SessionStarted)) == 1
        assert listener.of(Closed)[0].error is None
        assert forgetful.ends >= 7
        assert forgetful.received > 72_345


async def test_times_of_what_is_said_again_are_those_of_the_first_time(open_session):
    forgetful = Forgetful(turn=9_000, lost=4_000)
    async with NumberedServer() as server:
        server.take_over = forgetful.serve
        session, listener = open_session([("turns", lambda context: TurnProtocol(server.url, context, limits=HOLDS))])
        await session.connect()
        await session.send(numbered(0, 30_000))
        await session.commit()
        finals = sorted(listener.finals.values(), key=lambda final: final.segment)
        for final in finals:
            first = int(final.text.split("+")[0]) - 1
            assert round(final.start * RATE) % PERIOD == first


async def test_nothing_follows_a_commit_before_its_answer_where_that_is_wanted(open_session):
    early: list[object] = []
    forgetful = Forgetful(turn=10**9, lost=0)

    async def slow(connection: ServerConnection) -> None:
        held = forgetful.serve
        answer = connection.send

        async def late(message: str) -> None:
            if "answer" in message:
                try:
                    async with asyncio.timeout(0.15):
                        early.append(await connection.recv())
                except TimeoutError:
                    pass
            await answer(message)

        connection.send = late  # type: ignore[method-assign]
        await held(connection)

    async with NumberedServer() as server:
        server.take_over = slow
        session, listener = open_session([("turns", lambda context: TurnProtocol(server.url, context, limits=HOLDS))])
        await session.connect()
        handles = []
        for said in range(0, 6_000, 2_000):
            await session.send(numbered(said, 2_000))
            handles.append(session.commit())
        texts = [(await handle).text for handle in handles]
        assert unrolled(texts) == 6_000
        await session.disconnect()
        await listener.end()
        assert early == []
        assert listener.recognised() == 6_000
