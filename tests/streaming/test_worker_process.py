"""Local engines in processes of their own: they start, are reused, crash, and end with their parent."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import msgspec
import psutil
import pytest

from debabelizer.contract import CommitOutcome, WorkerOpening
from debabelizer.errors import InternalError
from debabelizer.events import ErrorOccurred, SessionStarted
from debabelizer.streaming import Transports, default_transports
from debabelizer.workers.frames import Control, FrameError, FrameKind, pack, unpack_head, unpack_message
from debabelizer.workers.launch import WORKER_FLAG, command_line, environment
from fakes.numbered_protocol import numbered, unrolled
from fakes.numbered_session import QUICK, QUICK_LIMITS

PATIENT = msgspec.structs.replace(QUICK, connect_s=20.0)
LIMITS = msgspec.structs.replace(QUICK_LIMITS, ready_s=20.0)


async def test_a_crash_is_an_error_event_with_code_and_last_words(open_session):
    policy = msgspec.structs.replace(PATIENT, max_instant_drops=2)
    session, listener = open_session(
        "fakes.numbered_worker:crash_after_a_second_of_audio", policy=policy, limits=LIMITS
    )
    await session.connect()
    await session.send(numbered(0, 20_000))
    crash = await listener.event(ErrorOccurred)
    assert isinstance(crash.error, InternalError)
    assert crash.error.code == "7"
    assert "exit code 7" in crash.error.message
    assert "the model fell over" in crash.error.message
    # The same audio kills it each time: it stops, and the audio is still there.
    await listener.event(ErrorOccurred, lambda event: event.fatal)
    assert session.covered == 0
    assert session.position == 1.25


async def test_after_a_crash_a_new_process_gets_the_audio_again(open_session):
    session, listener = open_session("fakes.numbered_worker:run", policy=PATIENT, limits=LIMITS)
    await session.connect()
    await session.send(numbered(0, 8_000))
    [process] = default_transports().pool.processes
    os.kill(process.pid, signal.SIGKILL)
    told = await listener.event(ErrorOccurred)
    assert "exit code -9" in told.error.message
    await session.send(numbered(8_000, 8_000))
    assert unrolled([(await session.commit()).text]) == 16_000
    await session.disconnect()
    await listener.end()
    assert listener.recognised() == 16_000


async def test_an_engine_that_cannot_start_says_why(open_session):
    policy = msgspec.structs.replace(PATIENT, max_instant_drops=2)
    session, _ = open_session("fakes.numbered_worker:raises", policy=policy, limits=LIMITS)
    with pytest.raises(InternalError, match="ValueError: no such model file"):
        await session.connect()


async def test_a_warm_process_is_reused_and_ends_after_idling(open_session):
    for expected in ("1", "2"):
        session, listener = open_session(
            "fakes.numbered_worker:counting", policy=PATIENT, limits=LIMITS, idle_unload_s=0.2
        )
        await session.connect()
        started = await listener.event(SessionStarted)
        number, _, pid = started.vendor_session.partition(" in ")
        assert number == expected
        await session.disconnect()
        await listener.end()
    process = psutil.Process(int(pid))
    await asyncio.to_thread(process.wait, 10)


async def test_two_sessions_at_once_have_two_processes(open_session):
    pids = set()
    for _ in range(2):
        session, listener = open_session("fakes.numbered_worker:counting", policy=PATIENT, limits=LIMITS)
        await session.connect()
        started = await listener.event(SessionStarted)
        pids.add(started.vendor_session.partition(" in ")[2])
    assert len(pids) == 2


async def test_without_idling_a_process_ends_with_its_connection(open_session):
    session, listener = open_session("fakes.numbered_worker:counting", policy=PATIENT, limits=LIMITS, idle_unload_s=0)
    await session.connect()
    started = await listener.event(SessionStarted)
    await session.disconnect()
    process_id = int(started.vendor_session.partition(" in ")[2])
    if psutil.pid_exists(process_id):
        await asyncio.to_thread(psutil.Process(process_id).wait, 10)


async def test_a_hung_engine_times_out_and_its_process_goes(open_session):
    limits = msgspec.structs.replace(LIMITS, commit_answer_s=0.2)
    session, _ = open_session("fakes.numbered_worker:hangs_on_commit", policy=PATIENT, limits=limits)
    await session.connect()
    await session.send(numbered(0, 1_600))
    [hung] = default_transports().pool.processes
    assert (await session.commit()).outcome is CommitOutcome.TIMED_OUT
    if psutil.pid_exists(hung.pid):
        await asyncio.to_thread(psutil.Process(hung.pid).wait, 10)


async def test_receive_times_out_as_promised(open_session):
    session, listener = open_session("fakes.numbered_worker:waits_in_vain", policy=PATIENT, limits=LIMITS)
    await session.connect()
    started = await listener.event(SessionStarted)
    assert started.vendor_session == "timed out"


async def test_closing_the_transports_ends_all_processes(open_session):
    transports = Transports()
    session, _ = open_session(
        "fakes.numbered_worker:run", policy=PATIENT, limits=LIMITS, transports=transports, idle_unload_s=None
    )
    await session.connect()
    [process] = transports.pool.processes
    await session.disconnect()
    assert process.alive
    await transports.close()
    assert not psutil.pid_exists(process.pid)


@pytest.mark.skipif(sys.platform == "win32", reason="priorities are other ones there")
async def test_what_can_wait_has_a_process_of_its_own_that_yields_to_others():
    transports = Transports()
    usual = WorkerOpening(target="fakes.numbered_worker:run", idle_unload_s=None)
    patient = msgspec.structs.replace(usual, background=True)
    for opening in (usual, patient, patient, usual):
        await (await transports.open(opening, "numbered")).close()
    niceness = sorted(os.getpriority(os.PRIO_PROCESS, process.pid) for process in transports.pool.processes)
    await transports.close()
    assert niceness == [os.getpriority(os.PRIO_PROCESS, 0), min(19, os.getpriority(os.PRIO_PROCESS, 0) + 10)]


def test_workers_end_with_a_killed_parent(tmp_path: Path):
    """Even kill -9 of the parent, which can do nothing about it any more."""
    parent = textwrap.dedent("""
        import asyncio
        from debabelizer.contract import WorkerOpening
        from debabelizer.streaming import default_transports

        async def main():
            link = await default_transports().open(WorkerOpening(target="fakes.numbered_worker:run"), "numbered")
            print(link.worker.pid, flush=True)
            await asyncio.Event().wait()

        asyncio.run(main())
    """)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    with subprocess.Popen([sys.executable, "-c", parent], stdout=subprocess.PIPE, env=environment) as process:
        assert process.stdout is not None
        worker = psutil.Process(int(process.stdout.readline()))
        assert worker.is_running()
        process.kill()
        process.wait()
    worker.wait(10)


def test_workers_end_quietly_with_their_loop():
    """A program that just returns from ``asyncio.run`` leaves no process and no complaint."""
    program = textwrap.dedent("""
        import asyncio
        from debabelizer.contract import WorkerOpening
        from debabelizer.streaming import default_transports

        async def main():
            opening = WorkerOpening(target="fakes.numbered_worker:run")
            busy = await default_transports().open(opening, "numbered")
            idle = await default_transports().open(opening, "numbered")
            await idle.close()
            print(busy.worker.pid, idle.worker.pid)

        asyncio.run(main())
    """)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", program], capture_output=True, text=True, env=environment, check=True
    )
    assert done.stderr == ""
    assert not any(psutil.pid_exists(int(pid)) for pid in done.stdout.split())


def test_a_frozen_program_starts_itself_as_the_worker(monkeypatch: pytest.MonkeyPatch):
    assert command_line("a:b")[1:] == ["-P", "-m", "debabelizer.workers.main", "a:b"]
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert command_line("a:b") == [sys.executable, "--debabelizer-worker", "a:b"]


def test_the_command_started_so_is_a_worker_and_nothing_else():
    program = "from debabelizer.cli import main; main()"
    command = [sys.executable, "-c", program, WORKER_FLAG, "fakes.numbered_worker:run"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment()) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(pack(FrameKind.CONTROL, Control.OPEN) + pack(FrameKind.CONTROL, Control.CLOSE))
        process.stdin.flush()
        closed = pack(FrameKind.CONTROL, Control.CLOSED)
        while (frame := process.stdout.read(len(closed))) != closed:
            assert frame, "it ended without serving"
        process.stdin.close()
        assert process.wait(30) == 0


def test_frames():
    frame = pack(FrameKind.TEXT, "ä".encode())
    assert frame == b"\0\0\0\0\2\xc3\xa4"
    assert unpack_head(frame[:5]) == (FrameKind.TEXT, 2)
    with pytest.raises(FrameError):
        unpack_head(b"\7\0\0\0\0")
    with pytest.raises(FrameError):
        unpack_head(b"\0\xff\xff\xff\xff")
    with pytest.raises(FrameError):
        unpack_message(FrameKind.TEXT, b"\xff")


@pytest.mark.skipif(sys.platform == "darwin", reason="its linear algebra is the system's")
def test_linear_algebra_in_a_worker_starts_no_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENBLAS_NUM_THREADS", raising=False)  # the tests' own
    product = "import numpy, psutil; a = numpy.ones((900, 900)); a @ a; print(psutil.Process().num_threads())"
    ran = subprocess.run([sys.executable, "-c", product], env=environment(), capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "1"
