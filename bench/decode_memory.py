"""A recording of ten hours: the most memory that reading it takes, and transcribing it, all processes together.

The file is speech-like noise in FLAC, written as a stream. ``debabelizer transcribe`` is the real command with all of
its path but the engine: a local server with OpenAI's file interface stands in for that and answers at once.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import tempfile
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import av
import numpy as np
import psutil

from figures import Figure, report

HOURS = 10.0
RATE = 16_000
MEGABYTE = 1e6
_LOOK_S = 0.05


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "long.flac"
        write(path)
        size = f"{HOURS:g} h of FLAC, {path.stat().st_size / MEGABYTE:.0f} MB"
        report(Figure("memory to decode a long file", peak(decoding(path), folder), "MB", 300, size))
        report(Figure("memory to transcribe a long file", peak(transcribing(path, folder), folder), "MB", 300, size))


def write(path: Path) -> None:
    """Bursts of a hoarse tone with pauses, as speech has them; the same minute again and again."""
    rng = np.random.default_rng(1)
    seconds = np.arange(60 * RATE) / RATE
    voice = np.sin(2 * np.pi * 140 * seconds) + rng.normal(0, 0.02, len(seconds))
    spoken = np.clip(np.sin(2 * np.pi * 3 * seconds), 0, 1) * (np.sin(2 * np.pi * seconds / 6) > -0.6)
    minute = (6000 * voice * spoken).astype("<i2").reshape(1, -1)
    with av.open(str(path), "w") as out:
        stream: Any = out.add_stream("flac", rate=RATE, layout="mono", options={"compression_level": "0"})
        for number in range(round(HOURS * 60)):
            frame = av.AudioFrame.from_ndarray(minute, format="s16", layout="mono")
            frame.sample_rate, frame.pts = RATE, number * minute.shape[1]
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))


def decoding(path: Path) -> list[str]:
    program = (
        "import sys; from pathlib import Path; from debabelizer.audio.decode import decode\n"
        "seconds = sum(map(len, decode(Path(sys.argv[1])))) / 32_000\n"
        f"assert abs(seconds - {HOURS * 3600}) < 1, seconds"
    )
    return [sys.executable, "-c", program, str(path)]


def transcribing(path: Path, folder: str) -> list[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Engine)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_port}/v1"
    settings = ("provider=openai", f"providers.openai.base_url={address}", "providers.openai.model=whisper-1")
    chosen = [part for setting in settings for part in ("--set", setting)]
    return [sys.executable, "-m", "debabelizer.cli", *chosen, "transcribe", str(path), "-o", f"{folder}/text"]


class _Engine(BaseHTTPRequestHandler):
    """Answers every file with a word."""

    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        left = int(self.headers.get("Content-Length") or 0)
        if self.headers.get("Transfer-Encoding") == "chunked":
            while (size := int(self.rfile.readline(), 16)) or self.rfile.readline() is None:
                self.rfile.read(size + 2)
        while left > 0:
            left -= len(self.rfile.read(min(left, 1 << 16)))
        self._answer(b'{"text": "word", "language": "english", "duration": 1.0, "segments": []}')

    def do_GET(self) -> None:
        self._answer(b'{"object": "list", "data": []}')

    def _answer(self, body: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing."""


def peak(command: list[str], folder: str) -> float:
    """The most resident memory of the command and its children together, in MB. Raises where it fails."""
    most = 0
    environment = {**os.environ, "DEBABELIZER_HOME": folder}
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as process:
        while process.poll() is None:
            most = max(most, _resident(psutil.Process(process.pid)))
            time.sleep(_LOOK_S)
        assert process.stderr is not None
        if process.returncode:
            raise RuntimeError(process.stderr.read().decode(errors="replace")[-2000:])
    return most / MEGABYTE


def _resident(root: psutil.Process) -> int:
    """What several processes share counts for each of them."""
    total = 0
    with contextlib.suppress(psutil.Error):
        for process in (root, *root.children(recursive=True)):
            with contextlib.suppress(psutil.Error):
                total += process.memory_info().rss
    return total


if __name__ == "__main__":
    main()
