"""A recording through a session, over a network that fails: numbered words tell what was lost or doubled."""

from __future__ import annotations

import asyncio
import io
import wave

import pytest

from debabelizer.config import Settings
from debabelizer.errors import AuthenticationError, Category, UnsupportedFormatError
from debabelizer.transcriber import Transcriber
from fakes.elevenlabs_server import Behaviour, ElevenLabsServer
from fakes.recognisers import numbered, numbered_audio


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    """The record of usage is not that of whoever runs this."""
    monkeypatch.setenv("DEBABELIZER_HOME", str(tmp_path / "home"))


def wav(count, path=None):
    """``count`` numbered words, 0.2 s each."""
    target = path or io.BytesIO()
    with wave.open(str(path) if path else target, "wb") as file:
        file.setparams((1, 2, 16_000, 0, "NONE", ""))
        file.writeframes(numbered_audio(0, count))
    if path is None:
        target.seek(0)
    return target


def transcriber(tmp_path, server, **environ):
    environ = {
        "DEBABELIZER_PROVIDER": "elevenlabs",
        "ELEVENLABS_API_KEY": server.key,
        "DEBABELIZER_PROVIDERS_ELEVENLABS_BASE_URL": server.url,
        "DEBABELIZER_PROVIDERS_ELEVENLABS_REPLAY_SPEED": "20",
        "DEBABELIZER_SECRETS_STORE": "memory",
        "DEBABELIZER_FILES_METHOD": "stream",
    } | environ
    return Transcriber(Settings.load(tmp_path / "settings.toml", environ=environ))


def words(text):
    return "".join(c for c in text.lower() if c.isalnum() or c == " ").split()


def expected(count, first=0):
    return [f"w{number}" for number in range(first, first + count)]


async def test_every_word_arrives_once_although_the_connection_drops(tmp_path):
    drops = (Behaviour(drop_after_s=7.1), Behaviour(drop_after_s=0.7), Behaviour(drop_after_s=11.3), Behaviour())
    async with ElevenLabsServer(recognise=numbered, behaviours=drops) as server:
        heard = []
        result = await transcriber(tmp_path, server).transcribe(wav(250, tmp_path / "a.wav"), on_progress=heard.append)
        assert len(server.connections) >= 4
        assert server.problems == []
    assert result.complete
    assert result.error is None
    assert words(result.text) == expected(250)
    assert result.duration == pytest.approx(50.0)
    assert [w.text for s in result.segments for w in s.words]
    assert all(s.start is not None for s in result.segments)
    starts = [s.start for s in result.segments]
    assert starts == sorted(starts)
    assert {p.total for p in heard} == {50.0}
    assert [p.done for p in heard] == sorted(p.done for p in heard)
    assert heard[-1].done == 50.0
    assert words(heard[-1].text) == expected(250)


async def test_a_failure_on_the_way_leaves_what_is_done(tmp_path):
    """Credits run out on the second half: the first is kept, and the reason with it."""
    behaviours = (Behaviour(error="quota_exceeded", error_after_s=35.0),)
    async with ElevenLabsServer(recognise=numbered, behaviours=behaviours) as server:
        result = await transcriber(tmp_path, server).transcribe(wav(300))
    assert not result.complete
    assert result.error is not None
    assert result.error.category is Category.QUOTA
    done = words(result.text)
    assert len(done) >= 100
    assert done == expected(len(done))


async def test_stopping_keeps_what_is_done(tmp_path):
    stop = asyncio.Event()

    def told(progress):
        if "w120" in progress.text:
            stop.set()

    async with ElevenLabsServer(recognise=numbered) as server:
        running = transcriber(tmp_path, server).transcribe(wav(1500), on_progress=told, stop=stop)
        result = await running
    assert not result.complete
    assert result.error is None
    done = words(result.text)
    assert 120 <= len(done) < 1500
    assert done == expected(len(done))


async def test_a_cancelled_caller_leaves_nothing_running(tmp_path):
    async with ElevenLabsServer(recognise=numbered) as server:
        begun = asyncio.Event()
        task = asyncio.create_task(
            transcriber(tmp_path, server).transcribe(wav(1500), on_progress=lambda progress: begun.set())
        )
        await begun.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        others = asyncio.all_tasks() - {asyncio.current_task()} - server._tasks
        assert {t.get_coro().__qualname__ for t in others if "debabelizer" in str(t.get_coro())} == set()


async def test_where_nothing_can_begin_the_error_is_raised(tmp_path):
    async with ElevenLabsServer(recognise=numbered) as server:
        wrong = transcriber(tmp_path, server, ELEVENLABS_API_KEY="sk_some_other_key_01")
        with pytest.raises(AuthenticationError):
            await wrong.transcribe(wav(20))
        with pytest.raises(UnsupportedFormatError):
            await transcriber(tmp_path, server).transcribe(io.BytesIO(b"no sound at all" * 100))
        with pytest.raises(UnsupportedFormatError, match="There is no file"):
            await transcriber(tmp_path, server).transcribe(tmp_path / "gone.wav")


async def test_a_provider_that_takes_files_gets_the_whole_recording(tmp_path):
    async with ElevenLabsServer(recognise=numbered) as server:
        told = []
        whole = transcriber(tmp_path, server, DEBABELIZER_FILES_METHOD="whole")
        result = await whole.transcribe(wav(100, tmp_path / "a.wav"), on_progress=told.append)
        assert server.connections == []
        assert [request.path for request in server.requests] == ["/v1/speech-to-text"]
    assert result.complete
    assert words(result.text) == expected(100)
    assert result.duration == pytest.approx(20.0)
    assert told[-1].done == told[-1].total == pytest.approx(20.0)
    assert told[-1].stage == "sent"
