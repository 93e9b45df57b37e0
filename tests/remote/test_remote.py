"""One running copy, controlled from other processes: real processes, real sockets, real kills."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from debabelizer.errors import AuthenticationError, ConfigurationError, InternalError, StreamingError, UnsupportedError
from debabelizer.remote import Instance, NotRunningError, RemoteClient, RemoteServer, hand_over
from debabelizer.remote.instance import Places, places

COPY = """
import asyncio, sys
from debabelizer.remote import Instance, RemoteServer, hand_over

async def main(instance):
    done = asyncio.Event()
    shown = []
    server = RemoteServer({"show": lambda: shown.append(1), "shown": lambda: {"times": len(shown)}, "quit": done.set},
                          instance)
    await server.start()
    print("running", flush=True)
    await done.wait()
    await server.close()

instance = Instance.claim()
if instance is None:
    print(hand_over())
else:
    asyncio.run(main(instance))
"""


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    with TemporaryDirectory(prefix="dbz-") as folder:  # short: a socket's path has at most 108 bytes
        monkeypatch.setenv("DEBABELIZER_HOME", folder)
        monkeypatch.setenv("DISPLAY", ":7")
        monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
        yield Path(folder)


@pytest.fixture(params=["socket", "loopback"])
def where(home: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Places:
    """Once with a Unix socket, once where the path is too long for one (as Windows always does it)."""
    if request.param == "loopback":
        deep = home / ("x" * 100)
        monkeypatch.setenv("DEBABELIZER_HOME", str(deep))
    found = places()
    assert found.by_socket == (request.param == "socket")
    return found


def start_copy() -> subprocess.Popen[str]:
    """A copy in a process of its own, listening."""
    app = Path(__file__).parents[2] / "app"
    return subprocess.Popen(
        [sys.executable, "-c", COPY], env={**os.environ, "PYTHONPATH": str(app)}, stdout=subprocess.PIPE, text=True
    )


def said(copy: subprocess.Popen[str]) -> str:
    assert copy.stdout is not None
    return copy.stdout.readline().strip()


def ask(verb: str) -> dict[str, object]:
    return asyncio.run(RemoteClient().call(verb))


def ended(copy: subprocess.Popen[str]) -> int:
    code = copy.wait(10)
    assert copy.stdout is not None
    copy.stdout.close()
    return code


def test_a_second_start_shows_the_first_and_ends(where: Places) -> None:
    first = start_copy()
    assert said(first) == "running"
    second = start_copy()
    assert said(second) == "Debabelizer is already running; its window has come to the front."
    assert ended(second) == 0
    assert ask("shown") == {"times": 1}
    ask("quit")
    assert ended(first) == 0
    assert [entry.name for entry in where.folder.iterdir()] == [where.lock.name]


def test_a_killed_copy_leaves_nothing_in_the_way(where: Places) -> None:
    first = start_copy()
    assert said(first) == "running"
    first.send_signal(signal.SIGKILL)
    ended(first)
    assert where.lock.exists()
    with pytest.raises(NotRunningError):
        ask("status")
    second = start_copy()
    assert said(second) == "running"
    assert ask("shown") == {"times": 0}
    ask("quit")
    assert ended(second) == 0


def test_two_starts_at_once_make_one_copy(where: Places) -> None:
    copies = [start_copy() for _ in range(4)]
    words = [said(copy) for copy in copies]
    assert words.count("running") == 1
    assert sum("already running" in word for word in words) == 3
    assert ask("shown") == {"times": 3}
    ask("quit")
    for copy in copies:
        assert ended(copy) == 0


def test_nobody_else_can_read_or_reach_it(where: Places) -> None:
    copy = start_copy()
    assert said(copy) == "running"
    try:
        assert stat.S_IMODE(where.folder.stat().st_mode) == 0o700
        endpoint = where.socket if where.by_socket else where.address
        assert stat.S_IMODE(endpoint.stat().st_mode) == 0o600
    finally:
        ask("quit")
        ended(copy)


async def test_without_the_token_the_loopback_refuses(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEBABELIZER_HOME", str(home / ("x" * 100)))
    where = places()
    server = RemoteServer({"status": lambda: {"state": "idle"}})
    await server.start()
    try:
        address = json.loads(where.address.read_text())
        reader, writer = await asyncio.open_connection("127.0.0.1", address["port"])
        writer.write(b'{"verb": "status", "token": "guess"}\n')
        answer = json.loads(await reader.readline())
        writer.close()
        await writer.wait_closed()
        assert answer["error"]["category"] == "auth"
        assert await RemoteClient().call("status") == {"state": "idle"}
        where.address.write_text(json.dumps({**address, "token": "stale"}))
        with pytest.raises(AuthenticationError):
            await RemoteClient().call("status")
    finally:
        await server.close()


async def test_verbs_arguments_and_refusals(where: Places) -> None:
    async def toggle(insert: bool = True) -> dict[str, object]:
        return {"state": "listening", "insert": insert}

    def refuse() -> None:
        raise UnsupportedError("Not on this system.")

    def fail() -> None:
        raise ZeroDivisionError("oops")

    server = RemoteServer({"toggle": toggle, "refuse": refuse, "fail": fail})
    await server.start()
    client = RemoteClient()
    try:
        assert await client.call("toggle", insert=False) == {"state": "listening", "insert": False}
        with pytest.raises(UnsupportedError, match="Not on this system"):
            await client.call("refuse")
        with pytest.raises(InternalError, match="oops"):
            await client.call("fail")
        with pytest.raises(ConfigurationError, match=r"'dance'.*toggle"):
            await client.call("dance")
        answers = await asyncio.gather(*(client.call("toggle") for _ in range(20)))
        assert len(answers) == 20
    finally:
        await server.close()
    with pytest.raises(NotRunningError, match="not running"):
        await client.call("toggle")


async def test_nonsense_does_not_disturb_it(home: Path) -> None:
    server = RemoteServer({"status": lambda: {"state": "idle"}})
    await server.start()
    where = places()
    try:
        for nonsense in (b"hello\n", b"{}\n", b"\xff\xfe\n", b"", b'{"verb": 3}\n', b"x" * 200_000 + b"\n"):
            reader, writer = await asyncio.open_unix_connection(where.socket)
            writer.write(nonsense)
            if nonsense:
                received = await reader.readline()
                assert not received or "error" in json.loads(received)
            writer.close()
        assert await RemoteClient().call("status") == {"state": "idle"}
    finally:
        await server.close()


async def test_a_copy_that_hangs_is_told_as_such(home: Path) -> None:
    never = asyncio.Event()

    async def hang() -> None:
        await never.wait()

    server = RemoteServer({"hang": hang})
    await server.start()
    try:
        with pytest.raises(StreamingError, match=r"did not answer within 0\.2 s"):
            await RemoteClient().call("hang", timeout=0.2)
    finally:
        await server.close()


async def test_a_start_broken_off_leaves_no_socket_open(home: Path) -> None:
    server = RemoteServer({})
    starting = asyncio.ensure_future(server.start())
    await asyncio.sleep(0)  # it listens and waits for the loop's next turn
    assert places().socket.exists()
    starting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await starting
    with pytest.raises(OSError):  # noqa: PT011 - refused or gone, by the system's choice
        await asyncio.open_unix_connection(places().socket)
    await server.close()


async def test_a_second_server_is_refused(home: Path) -> None:
    server = RemoteServer({})
    await server.start()
    try:
        with pytest.raises(ConfigurationError, match="already running"):
            await RemoteServer({}).start()
    finally:
        await server.close()


def test_each_desktop_session_has_its_own(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Instance.claim() as first:
        assert first is not None
        monkeypatch.setenv("DISPLAY", ":8")
        with Instance.claim() as second:
            assert second is not None
            assert second.places.lock != first.places.lock


def test_a_shell_without_a_desktop_finds_the_one_copy(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    copy = start_copy()
    assert said(copy) == "running"
    monkeypatch.delenv("DISPLAY")
    assert ask("shown") == {"times": 0}
    ask("quit")
    assert ended(copy) == 0
    assert "could not be shown" in hand_over()


async def test_the_status_can_be_read_by_a_person(home: Path) -> None:
    server = RemoteServer({"status": lambda: {"state": "idle", "takes": []}})
    await server.start()
    try:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "debabelizer.cli", "remote", "status"),
            stdout=asyncio.subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        )
        out, _ = await process.communicate()
    finally:
        await server.close()
    assert out.decode().splitlines() == ["state: idle", "takes: none"]
