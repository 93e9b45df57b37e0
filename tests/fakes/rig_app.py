"""The real program on the virtual desk: started as a person starts it, asked by its own remote control."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import threading
from collections.abc import Awaitable, Callable, Iterator, Mapping
from concurrent.futures import Future
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar

from debabelizer.errors import ProviderError
from debabelizer.remote import RemoteClient
from debabelizer.remote.instance import places
from fakes.elevenlabs_server import ElevenLabsServer
from fakes.rig_display import Display
from fakes.rig_processes import started, wait_until
from fakes.rig_sound import Sound

T = TypeVar("T")
ROOT = Path(__file__).parents[2]
COMMAND = [sys.executable, "-m", "debabelizer_desktop"]


class App:
    """``home``: the one folder in which this copy keeps everything."""

    def __init__(self, process: subprocess.Popen[bytes], home: Path, environ: Mapping[str, str]) -> None:
        self.process = process
        self.home = home
        self._environ = dict(environ)
        self._places = places(environ)

    def another(self) -> subprocess.CompletedProcess[bytes]:
        """Start the program a second time, and wait for that one's end."""
        return subprocess.run(COMMAND, env=self._environ, capture_output=True, timeout=30, check=False)

    def call(self, verb: str) -> dict[str, Any]:
        return asyncio.run(RemoteClient(self._places).call(verb))

    @property
    def state(self) -> str:
        """``idle``, ``listening``, ...; empty while the program does not answer."""
        with suppress(ProviderError):
            return str(self.call("status").get("state", ""))
        return ""

    @property
    def takes(self) -> list[str]:
        """Kept recordings, oldest first."""
        return list(self.call("status")["takes"])

    @property
    def shown(self) -> str:
        """What the window says, and after it what its button offers."""
        status = self.call("status")
        return f"{status.get('message', '')} [{status.get('remedy', '')}]"

    def wait_until_shown(self, *words: str, timeout: float = 20.0) -> str:
        """Until the window's message, with the remedy it offers, holds all of these."""
        seen = ""

        def there() -> bool:
            nonlocal seen
            self._alive()
            seen = self.shown
            return all(word.lower() in seen.lower() for word in words)

        try:
            wait_until(there, timeout)
        except AssertionError:
            raise AssertionError(f"the window says {seen!r}, not {words}; the log: {self.log[-3000:]}") from None
        return seen

    def wait_for(self, state: str, timeout: float = 20.0) -> None:
        wait_until(
            lambda: self._alive() and self.state == state, timeout, f"the program being {state}: {self.log[-3000:]}"
        )

    def _alive(self) -> bool:
        assert self.process.poll() is None, f"the program ended with {self.process.returncode}: {self.log[-3000:]}"
        return True

    @property
    def log(self) -> str:
        return "".join(path.read_text(errors="replace") for path in sorted(self.home.rglob("*.log")))


def write_settings(home: Path, settings: Mapping[str, Any]) -> Path:
    """The settings file of a home folder, from dotted keys."""
    tables: dict[str, dict[str, Any]] = {"": {}}
    for key, value in settings.items():
        table, _, name = key.rpartition(".")
        tables.setdefault(table, {})[name] = value
    lines = []
    for table, values in tables.items():
        lines += [f"[{table}]"] if table else []
        lines += [f"{name} = {json.dumps(value, ensure_ascii=False)}" for name, value in values.items()]
    path = home / "config" / "settings.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


@contextmanager
def app(
    desk: Display,
    sound: Sound | None,
    home: Path,
    settings: Mapping[str, Any] | None = None,
    env: Mapping[str, str] | None = None,
) -> Iterator[App]:
    """The program, running and idle when the block begins."""
    if settings is not None:
        write_settings(home, settings)
    environ = {**desk.environ, **(sound.env if sound else {}), "DEBABELIZER_HOME": str(home), **(env or {})}
    environ["PYTHONPATH"] = os.pathsep.join([str(ROOT / "app"), str(ROOT / "providers")])
    output = (home / "output.log").open("wb") if home.mkdir(parents=True, exist_ok=True) is None else None
    with ExitStack() as stack:
        assert output is not None
        stack.enter_context(output)
        process = stack.enter_context(started(COMMAND, environ, stdout=output, stderr=output))
        it = App(process, home, environ)
        desk.wait_for_window("Debabelizer", 30)
        it.wait_for("idle", 30)
        try:
            yield it
        except BaseException:
            desk.screenshot(home / "failure.png")  # what a person would have seen
            raise


class InThread:
    """A server's own loop in a thread, for tests that are not coroutines."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self.loop.run_forever, name="rig-server", daemon=True)
        self._thread.start()

    def run(self, make: Callable[[], Awaitable[T]], timeout: float = 30.0) -> T:
        async def made() -> T:
            return await make()

        future: Future[T] = asyncio.run_coroutine_threadsafe(made(), self.loop)
        return future.result(timeout)

    def close(self) -> None:
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join(5)
        self.loop.close()


@contextmanager
def elevenlabs(server: ElevenLabsServer) -> Iterator[Callable[[Callable[[ElevenLabsServer], object]], None]]:
    """The local ElevenLabs, serving; gives a function that waits for something to be true of it."""
    thread = InThread()
    try:
        thread.run(server.__aenter__)
        yield lambda right: thread.run(lambda: server.until(right, 20.0))
    finally:
        thread.run(lambda: server.__aexit__(None, None, None))
        thread.close()
