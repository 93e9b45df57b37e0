"""Local engines in their real worker process, under the real session supervisor."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import psutil
import pytest

from debabelizer.contract import CommitOutcome, SpeechToText, StreamOptions
from debabelizer.events import (
    Closed,
    Committed,
    Corrected,
    ErrorOccurred,
    Partial,
    Retracted,
    SegmentId,
    SessionEvent,
    SessionStarted,
    SessionState,
    StateChanged,
)
from debabelizer.streaming import Session, default_transports
from debabelizer_providers.sphinx import Sphinx
from debabelizer_providers.whisper import Whisper
from fakes.local_engines import workers
from fakes.recordings import TINY_WHISPER, plain, recording, words_wrong


class Reader:
    """Reads a session's events and keeps the text as a user would see it in the end."""

    def __init__(self, session: Session) -> None:
        self.events: list[SessionEvent] = []
        self.finals: dict[SegmentId, str] = {}
        self._arrived = asyncio.Event()
        self.task = asyncio.create_task(self._read(session))

    async def _read(self, session: Session) -> None:
        async for event in session.events():
            self.events.append(event)
            if isinstance(event, Committed | Corrected):
                self.finals[event.change.segment] = event.change.text
            elif isinstance(event, Retracted):
                self.finals.pop(event.change.segment, None)
            self._arrived.set()

    async def until(self, condition: Callable[[], object]) -> None:
        while not condition():
            self._arrived.clear()
            await self._arrived.wait()

    def of(self, kind: type) -> list[Any]:
        return [event for event in self.events if isinstance(event, kind)]

    @property
    def text(self) -> str:
        return plain(" ".join(text for _, text in sorted(self.finals.items())))


Open = Callable[..., tuple[Session, Reader]]


@pytest.fixture
async def open_session(tmp_path: Path) -> AsyncIterator[Open]:
    made: list[tuple[Session, Reader]] = []

    def make(provider: SpeechToText, **settings: Any) -> tuple[Session, Reader]:
        tiny = {"folder": str(TINY_WHISPER), "device": "cpu", "cpu_threads": 1, "models_folder": str(tmp_path)}
        options = StreamOptions(settings={**tiny, **settings})
        session = Session(lambda context: provider.stream(options, context), provider.description.name)
        made.append((session, Reader(session)))
        return made[-1]

    yield make
    for session, reader in made:
        await session.abort()
        await reader.task
    await default_transports().close()


async def speak(session: Session, pcm: bytes) -> None:
    for start in range(0, len(pcm), 3200):
        await session.send(pcm[start : start + 3200])


async def test_whisper_dictates_through_its_worker(open_session: Open) -> None:
    session, reader = open_session(Whisper())
    await session.connect()
    await speak(session, recording("send_message").pcm)
    result = await session.commit()
    assert (result.outcome, plain(result.text)) == (CommitOutcome.FINAL, recording("send_message").text)
    await session.disconnect()
    await reader.task
    assert reader.text == recording("send_message").text
    assert isinstance(reader.events[-1], Closed)
    assert reader.events[-1].error is None


async def test_a_correction_arrives_as_one_and_the_commit_knows_it(open_session: Open) -> None:
    session, reader = open_session(Whisper())
    await session.connect()
    await speak(session, recording("second_pass").pcm)
    result = await session.commit()
    corrected = [plain(event.change.text) for event in reader.of(Corrected)]
    assert corrected == ["world this is a test of dictation"]
    assert plain(result.text) == reader.text == recording("second_pass").text


async def test_a_worker_killed_in_mid_utterance_loses_no_word(open_session: Open) -> None:
    spoken = recording("second_pass")
    half = len(spoken.pcm) // 4 * 2
    session, reader = open_session(Whisper(), second_pass=False)
    await session.connect()
    await speak(session, spoken.pcm[:half])
    await reader.until(lambda: reader.of(Committed) and isinstance(reader.events[-1], Partial))
    (worker,) = workers()
    os.kill(worker.pid, signal.SIGKILL)
    await speak(session, spoken.pcm[half:])
    result = await session.commit()
    assert result.outcome is CommitOutcome.FINAL
    assert words_wrong(spoken.text, reader.text) <= 1 / len(spoken.text.split()), reader.text
    assert len(reader.of(SessionStarted)) == 2
    assert worker.pid not in [p.pid for p in workers()]
    assert any(event.error for event in reader.events if isinstance(event, StateChanged | ErrorOccurred))


async def test_the_memory_returns_when_nobody_speaks(open_session: Open) -> None:
    """The shortest unloading there is: the worker rests after five seconds, and its process is ended."""
    session, reader = open_session(Sphinx(), idle_unload_min=0)
    await session.connect()
    (worker,) = workers()
    await reader.until(lambda: session.state is SessionState.IDLE)
    await asyncio.to_thread(psutil.wait_procs, [worker], 5)
    assert not worker.is_running()
    assert not reader.of(ErrorOccurred)
    await speak(session, recording("coffee").pcm)
    result = await session.commit()
    assert words_wrong(recording("coffee").text, result.text) <= 0.3


async def test_the_next_session_finds_the_model_warm(open_session: Open) -> None:
    first, reader = open_session(Whisper())
    await first.connect()
    (worker,) = workers()
    await first.disconnect()
    await reader.task
    second, _ = open_session(Whisper(), beam=1)
    await second.connect()
    assert [p.pid for p in workers()] == [worker.pid]
