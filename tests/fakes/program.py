"""The real program in a process and a folder of its own, without display, sound or network unless a test adds them."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

ROOT = Path(__file__).parents[2]
_FOREIGN = ("DISPLAY", "WAYLAND_DISPLAY", "DBUS_", "XDG_", "PULSE_", "DEBABELIZER_", "ELEVENLABS_", "QT_", "NO_COLOR")


class Ran(msgspec.Struct):
    status: int
    out: str
    err: str

    def json(self) -> object:
        return msgspec.json.decode(self.out)


class Program:
    """``home``: where this program keeps everything."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.env = {k: v for k, v in os.environ.items() if not k.startswith(_FOREIGN)}
        self.env |= {
            "DEBABELIZER_HOME": str(home),
            "HOME": str(home),
            "PYTHONPATH": os.pathsep.join(str(ROOT / part) for part in ("app", "providers")),
            "PULSE_SERVER": f"unix:{home}/no-sound",
            "TERM": "xterm-256color",
        }

    def command(self, *arguments: object) -> list[str]:
        return [sys.executable, "-m", "debabelizer.cli", *map(str, arguments)]

    def __call__(
        self, *arguments: object, stdin: str | bytes = "", env: dict[str, str] | None = None, timeout: float = 90
    ) -> Ran:
        """Runs it to its end. Whatever happens, the user sees no traceback."""
        ran = subprocess.run(
            self.command(*arguments),
            input=stdin if isinstance(stdin, bytes) else stdin.encode(),
            env=self.env | (env or {}),
            capture_output=True,
            check=False,
            timeout=timeout,
        )
        answer = Ran(ran.returncode, ran.stdout.decode(), ran.stderr.decode())
        assert "Traceback" not in answer.err, answer.err
        assert "\x1b" not in answer.out + answer.err, "control codes in a pipe"
        return answer

    @contextmanager
    def started(self, *arguments: object, **options: object) -> Iterator[subprocess.Popen[bytes]]:
        """It runs while the block does; pipes to all three of its ends, unless ``options`` say otherwise."""
        ends = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE) | options
        with subprocess.Popen(self.command(*arguments), env=self.env, **ends) as process:  # type: ignore[call-overload]
            try:
                yield process
            finally:
                process.kill()

    @property
    def log(self) -> str:
        return (self.home / "state" / "logs" / "debabelizer.log").read_text(encoding="utf-8")
