"""A whole recording through a provider's file endpoint over real HTTP: numbered words tell what was lost or doubled."""

from __future__ import annotations

import asyncio
import contextlib
import io
import os
import tempfile
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest

from debabelizer.audio.wav import header
from debabelizer.contract import Container, FileLimits, FileTranscript, StreamOptions
from debabelizer.errors import (
    AuthenticationError,
    Category,
    ConnectionError,
    QuotaExceededError,
    RateLimitError,
    StreamingError,
    UnsupportedFormatError,
)
from debabelizer.files import FileOutcome, FileStep, FileTranscription, Stage
from debabelizer.files.patience import Patience
from debabelizer.streaming.transports import Transports
from debabelizer_providers.elevenlabs import ElevenLabs
from fakes.elevenlabs_server import ElevenLabsServer
from fakes.recognisers import numbered, numbered_audio
from fakes.vendor_socket import GONE, Answer, HttpRequest

QUICK = Patience(first_s=0.01, cap_s=0.02)
LOSSLESS = FileLimits(encoding=Container.FLAC, parallel=1)
LOSSLESS_3 = FileLimits(encoding=Container.FLAC, parallel=3)


class Small(ElevenLabs):
    """The same vendor, were it to take little at a time."""

    def __init__(self, limits: FileLimits) -> None:
        self._limits = limits

    def file_limits(self, options: StreamOptions) -> FileLimits:
        return self._limits


class Slow(ElevenLabsServer):
    """Answers when told to, one request after the other; knows how many were open at a time."""

    async def __aenter__(self) -> Any:
        self.gate = asyncio.Semaphore(0)
        self.open = self.most = 0
        self.asked = asyncio.Event()
        return await super().__aenter__()

    async def _http(self, head: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.open += 1
        self.most = max(self.most, self.open)
        self.asked.set()
        try:
            await self.gate.acquire()
            await super()._http(head, reader, writer)
        finally:
            self.open -= 1
            await self.changed()


def wav(count: int, *, pause_every: int = 0) -> bytes:
    """Numbered words of 0.2 s; a second of silence after every ``pause_every``."""
    parts = range(0, count, pause_every or count)
    silence = bytes(32_000 if pause_every else 0)
    pcm = b"".join(voiced(n, min(pause_every or count, count - n)) + silence for n in parts)
    return header(len(pcm)) + pcm


def voiced(first: int, count: int) -> bytes:
    """Numbered words that sound like something: a level alone has no energy. The median stays what it was."""
    samples = np.frombuffer(numbered_audio(first, count), "<i2").copy()
    samples[samples > 0] += np.tile(np.array([-300, 0, 300], "<i2"), len(samples))[: (samples > 0).sum()]
    return samples.tobytes()


def open_files() -> list[str]:
    names = []
    for descriptor in os.listdir("/proc/self/fd"):
        with contextlib.suppress(OSError):  # the one that lists
            names.append(os.readlink(f"/proc/self/fd/{descriptor}"))
    return names


def words(outcome: FileOutcome) -> list[str]:
    return outcome.text.lower().split()


def expected(count: int) -> list[str]:
    return [f"w{number}" for number in range(count)]


@asynccontextmanager
async def several(
    count: int,
    server: ElevenLabsServer,
    limits: FileLimits = LOSSLESS,
    told: Callable[[FileStep], None] = lambda _: None,
    patience: Patience = QUICK,
    **settings: Any,
) -> AsyncIterator[list[FileTranscription]]:
    """Of one program."""
    transports = Transports()
    options = StreamOptions(settings={"api_key": server.key, "base_url": server.url} | settings)
    try:
        yield [
            FileTranscription(Small(limits), options, told=told, patience=patience, transports=transports)
            for _ in range(count)
        ]
    finally:
        await transports.close()


@asynccontextmanager
async def job(server: ElevenLabsServer, *arguments: Any, **more: Any) -> AsyncIterator[FileTranscription]:
    async with several(1, server, *arguments, **more) as (one,):
        yield one


async def run(server: ElevenLabsServer, given: Any, *arguments: Any, **more: Any) -> FileOutcome:
    async with job(server, *arguments, **more) as transcription:
        return await transcription.run(given, asyncio.Event())


@pytest.mark.parametrize("pause_every", [0, 17], ids=["running speech", "pauses"])
@pytest.mark.parametrize("parallel", [1, 3])
async def test_every_word_of_every_piece_arrives_once_and_in_order(pause_every: int, parallel: int) -> None:
    limits = FileLimits(seconds=11.3, parallel=parallel)
    async with ElevenLabsServer(recognise=numbered) as server:
        outcome = await run(server, wav(300, pause_every=pause_every), limits)
    assert words(outcome) == expected(300)
    assert outcome.complete
    assert len(server.requests) >= 6
    starts = [word.start for segment in outcome.segments for word in segment.words]
    assert starts == sorted(starts)
    if not pause_every:
        assert starts[-1] == pytest.approx(299 * 0.2, abs=0.1)


async def test_a_recording_that_fits_goes_up_byte_for_byte(tmp_path: Path) -> None:
    path = tmp_path / "secret name.wav"
    path.write_bytes(wav(20))
    async with ElevenLabsServer(recognise=numbered) as server:
        outcome = await run(server, path, FileLimits(accepts=frozenset({Container.WAV})))
        (file,) = [part for part in server.requests[0].form() if part.name == "file"]
    assert words(outcome) == expected(20)
    assert file.content == path.read_bytes()
    assert (file.filename, file.content_type) == ("recording.wav", "audio/wav")
    assert outcome.done == pytest.approx(4.0)


async def test_segments_without_a_language_have_that_of_the_answer() -> None:
    class Brief(Small):
        async def transcribe_file(self, *arguments: Any) -> FileTranscript:
            said = await super().transcribe_file(*arguments)
            bare = (msgspec.structs.replace(segment, language=None) for segment in said.segments)
            return msgspec.structs.replace(said, segments=tuple(bare), language="pt-BR")

    async with ElevenLabsServer(recognise=numbered) as server, job(server) as transcription:
        transcription.provider = Brief(LOSSLESS)
        outcome = await transcription.run(wav(20), asyncio.Event())
    assert {segment.language for segment in outcome.segments} == {"pt-BR"}


async def test_no_more_requests_at_a_time_than_the_provider_takes() -> None:
    async with Slow(recognise=numbered) as server, job(server, FileLimits(seconds=4.0, parallel=2)) as transcription:
        running = asyncio.create_task(transcription.run(wav(200, pause_every=10), asyncio.Event()))
        await server.asked.wait()
        for _ in range(100):
            server.gate.release()
        outcome = await running
        assert server.most <= 2
    assert words(outcome) == expected(200)


async def test_trouble_that_passes_is_waited_out() -> None:
    steps: list[FileStep] = []
    async with ElevenLabsServer(recognise=numbered) as server:
        server.scripted += [
            Answer(503, "overloaded"),
            GONE,
            Answer(429, {"detail": {"status": "system_busy", "message": "busy"}}, {"Retry-After": "0.05"}),
        ]
        outcome = await run(server, wav(20), LOSSLESS, steps.append)
        assert len(server.requests) == 4
    assert words(outcome) == expected(20)
    waits = [step for step in steps if step.stage is Stage.WAITING]
    assert [type(step.error) for step in waits] == [StreamingError, ConnectionError, RateLimitError]
    assert waits[2].wait >= 0.05
    assert waits[1].error is not None
    assert waits[1].error.category is Category.NETWORK


async def test_recordings_share_the_providers_limit() -> None:
    limits = FileLimits(seconds=11.3, parallel=2)
    async with Slow(recognise=numbered) as server, several(3, server, limits) as jobs:
        running = [asyncio.ensure_future(one.run(wav(150), asyncio.Event())) for one in jobs]
        for _ in range(40):
            server.gate.release()
        outcomes = await asyncio.gather(*running)
    assert [words(outcome) for outcome in outcomes] == [expected(150)] * 3
    assert server.most == 2


async def test_one_that_is_cancelled_gives_its_place_back() -> None:
    limits = FileLimits(seconds=11.3, parallel=1)
    async with Slow(recognise=numbered) as server, several(3, server, limits) as jobs:
        first, second, third = [asyncio.ensure_future(one.run(wav(150), asyncio.Event())) for one in jobs]
        await server.asked.wait()
        second.cancel()
        first.cancel()
        await asyncio.wait({first, second})
        for _ in range(20):
            server.gate.release()
        assert words(await third) == expected(150)
    assert first.cancelled()
    assert second.cancelled()


async def test_when_one_is_asked_to_wait_all_do() -> None:
    waiting: asyncio.Queue[FileStep] = asyncio.Queue()

    def told(step: FileStep) -> None:
        if step.stage is Stage.WAITING:
            waiting.put_nowait(step)

    async with ElevenLabsServer(recognise=numbered) as server, several(2, server, LOSSLESS_3, told) as (one, other):
        server.scripted.append(Answer(429, {"detail": "later"}, {"Retry-After": "60"}))
        running = [asyncio.ensure_future(one.run(wav(20), asyncio.Event()))]
        async with asyncio.timeout(60):
            assert isinstance((await waiting.get()).error, RateLimitError)
            running.append(asyncio.ensure_future(other.run(wav(20), asyncio.Event())))
            step = await waiting.get()
        assert isinstance(step.error, RateLimitError)
        assert len(server.requests) == 1, "nobody asked again"
        for job in running:
            job.cancel()
        await asyncio.wait(running)


async def test_what_does_not_pass_is_told_after_so_many_tries() -> None:
    async with ElevenLabsServer(recognise=numbered) as server:
        server.scripted += [GONE] * 20
        with pytest.raises(ConnectionError):
            await run(server, wav(20))
        assert len(server.requests) == QUICK.attempts[Category.NETWORK]


async def test_who_is_asked_to_wait_for_an_hour_is_told_so() -> None:
    async with ElevenLabsServer(recognise=numbered) as server:
        server.scripted.append(Answer(429, {"detail": "later"}, {"Retry-After": "3600"}))
        with pytest.raises(RateLimitError) as caught:
            await run(server, wav(20))
        assert len(server.requests) == 1
    assert caught.value.retry_after == 3600


async def test_the_hopeless_is_tried_once() -> None:
    async with ElevenLabsServer(recognise=numbered) as server:
        with pytest.raises(AuthenticationError):
            await run(server, wav(20), api_key="sk_wrong")
        assert len(server.requests) == 1
        server.credits_left = False
        with pytest.raises(QuotaExceededError):
            await run(server, wav(20))
        assert len(server.requests) == 2


async def test_without_a_network_the_reason_is_named() -> None:
    server = ElevenLabsServer(recognise=numbered)
    async with server:
        pass
    with pytest.raises(ConnectionError, match="refuses connections"):
        await run(server, wav(20))


async def test_a_failure_on_the_way_leaves_what_is_done() -> None:
    class Poor(ElevenLabsServer):
        def answer(self, request: HttpRequest) -> Answer:
            self.credits_left = len(self.requests) <= 3
            return super().answer(request)

    async with Poor(recognise=numbered) as server:
        outcome = await run(server, wav(200, pause_every=10), FileLimits(seconds=6.0, parallel=1))
    assert not outcome.complete
    assert isinstance(outcome.error, QuotaExceededError)
    done = words(outcome)
    assert 30 <= len(done) < 200
    assert done == expected(len(done))
    assert 6.0 < outcome.done <= 18.0


async def test_stopping_keeps_what_is_done() -> None:
    stop = asyncio.Event()

    def told(step: FileStep) -> None:
        if "w25" in step.text:
            stop.set()

    limits = FileLimits(seconds=6.0, parallel=1)
    async with ElevenLabsServer(recognise=numbered) as server, job(server, limits, told) as transcription:
        outcome = await transcription.run(wav(2000, pause_every=10), stop)
    assert not outcome.complete
    assert outcome.error is None
    done = words(outcome)
    assert 25 < len(done) < 500
    assert done == expected(len(done))


async def test_a_stop_while_waiting_for_the_answer_ends_the_request() -> None:
    stop = asyncio.Event()
    async with Slow(recognise=numbered) as server, job(server) as transcription:
        running = asyncio.create_task(transcription.run(wav(100), stop))
        await server.asked.wait()
        stop.set()
        outcome = await running
        assert (outcome.complete, outcome.text) == (False, "")
        server.gate.release()
        await server.until(lambda s: s.open == 0)


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="needs /proc to count open files")
async def test_a_cancelled_caller_leaves_no_task_no_thread_at_work_and_no_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    async with Slow(recognise=numbered) as server:
        async with job(server, FileLimits(encoding=Container.WAV, seconds=600)) as transcription:
            running = asyncio.create_task(transcription.run(io.BytesIO(wav(2900)), asyncio.Event()))
            await server.asked.wait()
            assert [name for name in open_files() if str(tmp_path) in name]
            running.cancel()
            with pytest.raises(asyncio.CancelledError):
                await running
        others = asyncio.all_tasks() - {asyncio.current_task()} - server._tasks
        assert {t.get_name() for t in others if "debabelizer" in str(t.get_coro())} == set()
        assert [name for name in open_files() if str(tmp_path) in name] == []
        assert not [t for t in threading.enumerate() if "journal" in t.name]
        server.gate.release()
    assert list(tmp_path.iterdir()) == []


async def test_progress_counts_up_to_the_whole_and_shows_the_text() -> None:
    steps: list[FileStep] = []
    limits = FileLimits(seconds=6.0, parallel=1)
    async with ElevenLabsServer(recognise=numbered) as server:
        await run(server, wav(100, pause_every=10), limits, steps.append)
    assert steps[-1].total == pytest.approx(30.0)
    assert steps[-1].done == pytest.approx(30.0, abs=0.1)
    done = [step.done for step in steps]
    assert done == sorted(done)
    assert steps[-1].text.lower().split() == expected(100)
    assert any(step.stage is Stage.CONVERTING for step in steps)


async def test_a_recording_without_sound_never_reaches_the_provider(tmp_path: Path) -> None:
    broken = tmp_path / "broken.mp3"
    broken.write_bytes(b"ID3" + bytes(range(256)) * 20)
    async with ElevenLabsServer() as server:
        for given in (broken, tmp_path / "gone.wav", b"no sound at all" * 50, header(0)):
            with pytest.raises(UnsupportedFormatError):
                await run(server, given, FileLimits(accepts=frozenset(Container)))
        assert server.requests == []


async def test_what_could_not_be_read_is_said_with_the_text() -> None:
    """An MP3 with a hole: what is before and behind it is sent, and a sentence comes with the text."""
    import av

    tone = (8000 * np.sin(np.arange(64_000) * 0.1)).astype("<i2").tobytes()
    buffer = io.BytesIO()
    with av.open(buffer, "w", format="mp3") as container:
        stream = container.add_stream("mp3", rate=16_000, layout="mono")
        frame = av.AudioFrame(format="s16", layout="mono", samples=64_000)
        frame.planes[0].update(tone)
        frame.sample_rate = 16_000
        for piece in av.AudioResampler(format=stream.format.name, layout="mono", rate=16_000).resample(frame):
            container.mux(stream.encode(piece))
        container.mux(stream.encode(None))
    data = bytearray(buffer.getvalue())
    for at in range(len(data) // 3, len(data) // 2, 100):
        data[at : at + 60] = b"\xff\xfb" + b"\xee" * 58
    async with ElevenLabsServer() as server:
        outcome = await run(server, bytes(data), FileLimits(encoding=Container.WAV))
    assert outcome.text == "this is a test"
    assert any("damaged" in notice for notice in outcome.notices)
