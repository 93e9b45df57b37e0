"""A program that records a take and can be killed: ``python recording_program.py FOLDER``.

Its microphone delivers 20 ms every 20 ms and prints, after each, how many there were. Its provider is not there.
"""

from __future__ import annotations

import asyncio
import sys
import threading
import time
from pathlib import Path

from debabelizer.audio.capture import CaptureSink
from debabelizer.config import Settings
from debabelizer.dictation import Dictation
from debabelizer.errors import ConfigurationError
from debabelizer.streaming import Session


class Metronome:
    def __init__(self, _microphone: str) -> None:
        self._stopping = threading.Event()

    def start(self, sink: CaptureSink) -> None:
        threading.Thread(target=self._run, args=(sink,), daemon=True).start()

    def stop(self) -> None:
        self._stopping.set()

    def _run(self, sink: CaptureSink) -> None:
        count, began = 0, time.monotonic()
        while not self._stopping.wait(max(0.0, began + count * 0.02 - time.monotonic())):
            count += 1
            sink.audio(count.to_bytes(2, "little") * 320, time.monotonic())
            sys.stdout.write(f"{count}\n")
            sys.stdout.flush()


def no_provider(name: str, first_epoch: int) -> Session:
    raise ConfigurationError(f"There is no {name}")


async def main(folder: Path) -> None:
    settings = Settings.load(folder / "settings.toml", environ={}, overrides={"provider": "sphinx"})
    dictation = Dictation(settings=settings, open_session=no_provider, capture=Metronome, inserter=None, folder=folder)
    await dictation.start()
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
