"""Whose words are whose: corrections that come late, connections that drop at random."""

from __future__ import annotations

import asyncio
import json
import random
import threading
from collections.abc import Callable
from typing import Any

from websockets.asyncio.server import ServerConnection

from debabelizer.events import Corrected, Partial, SegmentId, TakeFailed, TakeFinished
from debabelizer.transcript import SegmentMap
from fakes.numbered_protocol import unrolled
from fakes.numbered_recogniser import Behaviour
from fakes.numbered_server import NumberedServer

Enter = Callable[..., Any]


async def stop(r: Any) -> None:
    await r.dictation.stop()
    await r.microphone.say(0.02)


async def changes_its_mind(connection: ServerConnection) -> bool:
    """With its second final this vendor corrects the first; half of the second take's text comes before it."""
    finals = 0
    async for message in connection:
        if isinstance(message, bytes):
            await connection.send(json.dumps({"is": "partial", "key": finals, "text": f"word {finals}"}))
            continue
        frame = json.loads(message)
        if "hello" in frame:
            await connection.send(json.dumps({"is": "ready"}))
        elif frame["do"] == "commit":
            if finals == 1:
                await connection.send(json.dumps({"is": "final", "key": 0, "text": "ice cream"}))
            text = ["I scream", "for you"][finals]
            await connection.send(json.dumps({"is": "final", "key": finals, "text": text, "answer": "final"}))
            finals += 1
    return True


async def test_a_late_correction_mends_the_transcript_and_not_the_next_take(room: Enter) -> None:
    async with room() as r:
        r.server.take_over = changes_its_mind
        for _ in range(2):
            await r.dictation.start()
            await r.microphone.say(0.3)
            await r.heard.next(Partial, lambda e: e.change.text == f"word {len(r.program.inserted)}")
            await stop(r)
            await r.heard.next(TakeFinished, count=len(r.program.inserted) + 1)
            await r.dictation.settle()
        assert [event.text for event in r.heard.of(TakeFinished)] == ["I scream", "for you"]
        (corrected,) = r.heard.of(Corrected)
        assert corrected.change.text == "ice cream"
        assert r.dictation.transcript.text == "ice cream for you"
        assert r.dictation.transcript.segment(SegmentId(0, 0)).previous_text == "I scream"
        again = SegmentMap.restore(r.dictation.transcript.snapshot())
        assert again.text == "ice cream for you"


async def test_connections_that_drop_at_random_lose_and_double_nothing_in_any_take(room: Enter) -> None:
    chance = random.Random(11)
    async with room(server=NumberedServer(Behaviour(finals_every=4000, lag=800))) as r:
        for count in range(1, 13):
            first = r.microphone.said
            await r.dictation.start()
            for _ in range(3):
                await r.microphone.say(chance.choice([0.1, 0.2, 0.4]))
                if chance.random() < 0.5:
                    for connection in list(r.server.live):
                        connection.transport.abort()
            await stop(r)
            finished = await r.heard.next(TakeFinished, count=count)
            assert unrolled([finished.text], first=first) == r.microphone.said
        assert r.heard.of(TakeFailed) == []
        assert r.server.attempts > 6
        assert unrolled([r.dictation.transcript.text]) == r.microphone.said


async def test_nothing_grows_from_take_to_take(room: Enter) -> None:
    async with room(dictation__send="button") as r:
        await r.dictation.connect()
        tasks = len(asyncio.all_tasks())
        for count in range(1, 41):
            await r.dictation.start()
            await r.microphone.say(0.06)
            await stop(r)
            await r.heard.next(TakeFinished, count=count)
        await r.dictation.settle()
        assert r.server.attempts == 1
        assert len(r.microphone.opened) == r.microphone.closed == 40
        assert list((r.folder / "takes").iterdir()) == []
        assert r.dictation.takes() == []
        assert len(asyncio.all_tasks()) <= tasks
        assert not [one.name for one in threading.enumerate() if one.name.startswith("journal")]
