"""Programs the rig starts: found by name, ended by their own id."""

from __future__ import annotations

import shutil
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO

PACKAGES = {
    "Xvfb": "xvfb",
    "openbox": "openbox",
    "xclip": "xclip",
    "import": "imagemagick",
    "xterm": "xterm",
    "pulseaudio": "pulseaudio",
    "pactl": "pulseaudio-utils",
    "paplay": "pulseaudio-utils",
    "parec": "pulseaudio-utils",
    "flite": "flite",
    "dbus-daemon": "dbus",
    "gnome-keyring-daemon": "gnome-keyring",
}


class MissingToolError(RuntimeError):
    """A program of the rig is not installed; the message names its Debian package."""


def tool(name: str) -> str:
    path = shutil.which(name)
    if path is None:
        raise MissingToolError(f"{name} is not installed: the tests need the package {PACKAGES.get(name, name)!r}")
    return path


@contextmanager
def started(command: Sequence[str], env: Mapping[str, str], **options: object) -> Iterator[subprocess.Popen[bytes]]:
    """Run a program until the block ends; then ask it to end, and end it after 5 s."""
    process = subprocess.Popen(
        [tool(command[0]), *command[1:]],
        env=dict(env),
        **{"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, **options},  # type: ignore[call-overload]
    )
    try:
        yield process
    finally:
        end(process)


def end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    for pipe in (process.stdin, process.stdout, process.stderr):
        if pipe is not None:
            with suppress(BrokenPipeError):
                pipe.close()


def ask(command: Sequence[str], env: Mapping[str, str], stdin: bytes = b"", timeout: float = 10.0) -> bytes:
    """Run a program to its end and return what it printed; its complaint becomes the error's message."""
    done = subprocess.run(
        [tool(command[0]), *command[1:]], env=dict(env), input=stdin, capture_output=True, timeout=timeout, check=False
    )
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)}: {done.stderr.decode(errors='replace').strip()}")
    return done.stdout


@contextmanager
def private_folder() -> Iterator[Path]:
    """A folder only this user can read, as sockets and keys need it."""
    with TemporaryDirectory(prefix="debabelizer-rig-", ignore_cleanup_errors=True) as name:
        yield Path(name)


class Reader:
    """Reads a pipe to its end in a thread of its own, so that the writer never waits, and tells of what came."""

    def __init__(self, pipe: IO[bytes], on_data: Callable[[bytes], None]) -> None:
        self._pipe, self._on_data = pipe, on_data
        self._thread = threading.Thread(target=self._run, name="rig-reader", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        while data := self._pipe.read1(65536):  # type: ignore[attr-defined]
            self._on_data(data)

    def join(self, timeout: float = 5.0) -> None:
        self._thread.join(timeout)


def wait_until(condition: Callable[[], bool], timeout: float = 10.0, what: str = "condition") -> None:
    """For facts that nothing announces: look 50 times a second; the test fails naming ``what`` after ``timeout``."""
    deadline = time.monotonic() + timeout
    pause = threading.Event()
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(f"waited {timeout:g} s in vain for: {what}")
        pause.wait(0.02)
