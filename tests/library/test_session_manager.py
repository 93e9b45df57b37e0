"""Sessions are kept in sight, and end when nobody uses them; never before."""

from __future__ import annotations

import asyncio
import threading

import pytest

from debabelizer.library.sessions import SessionManager


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def manager(clock: Clock) -> SessionManager:
    return SessionManager(cleanup_interval=0, idle_s=60, clock=clock)


def test_without_a_running_loop(manager: SessionManager) -> None:
    info = manager.create_session("a", "stt", "deepgram", {"language": "de"})
    manager.create_session("b", "tts", "piper")
    assert (info.session_id, info.session_type, info.provider) == ("a", "stt", "deepgram")
    assert info.metadata == {"language": "de"}
    assert manager.get_session("a") is info
    assert [s.session_id for s in manager.get_sessions_by_type("tts")] == ["b"]
    assert [s.session_id for s in manager.get_sessions_by_provider("deepgram")] == ["a"]
    stats = manager.get_session_stats()
    assert (stats["total_sessions"], stats["by_type"]) == (2, {"stt": 1, "tts": 1})
    assert (stats["oldest_session"]["id"], stats["newest_session"]["id"]) == ("a", "b")
    assert (len(manager), set(manager.sessions)) == (2, {"a", "b"})
    assert manager.end_session("a")
    assert not info.is_active
    assert not manager.end_session("a")
    assert manager.get_session("a") is None
    assert [s.session_id for s in manager.get_active_sessions()] == ["b"]


def test_an_id_is_given_once(manager: SessionManager) -> None:
    manager.create_session("a", "stt", "x")
    with pytest.raises(ValueError, match="'a' already"):
        manager.create_session("a", "stt", "x")


async def test_only_what_nobody_uses_ends(manager: SessionManager, clock: Clock) -> None:
    ended = []

    def ending(name: str):
        async def end() -> None:
            ended.append(name)

        return end

    for name in ("quiet", "talking", "held"):
        manager.create_session(name, "stt", "x", ending=ending(name))
    manager.hold("held")
    clock.now += 59
    assert manager.update_session_activity("talking")
    assert not manager.update_session_activity("unknown")
    assert await manager.end_expired() == []
    clock.now += 1
    assert await manager.end_expired() == ["quiet"]
    clock.now += 60
    assert await manager.end_expired() == ["talking"]
    manager.release("held")
    assert await manager.end_expired() == []
    clock.now += 60
    assert await manager.end_expired() == ["held"]
    assert ended == ["quiet", "talking", "held"]


async def test_the_clean_up_runs_while_there_are_sessions_and_no_longer(manager: SessionManager, clock: Clock) -> None:
    ended = asyncio.Event()

    async def ending() -> None:
        ended.set()

    manager.create_session("a", "stt", "x", ending=ending)
    await manager.start_cleanup_if_needed()
    await manager.start_cleanup_if_needed()
    clock.now += 60
    await asyncio.wait_for(ended.wait(), 10)
    while len(asyncio.all_tasks()) > 1:
        await asyncio.sleep(0)
    manager.create_session("b", "stt", "x")
    await manager.start_cleanup_if_needed()
    await manager.cleanup_all_sessions()
    assert manager.get_active_sessions() == []
    assert len(asyncio.all_tasks()) == 1


def test_many_threads(manager: SessionManager) -> None:
    def work(start: int) -> None:
        for number in range(start, start + 200):
            manager.create_session(str(number), "stt", "x")
            manager.update_session_activity(str(number))
            if number % 2:
                manager.end_session(str(number))

    threads = [threading.Thread(target=work, args=(200 * n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(manager.get_active_sessions()) == 800
