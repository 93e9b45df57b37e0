"""From the release of the key to the text at the program's door, with a recogniser that answers at once.

Everything is real but the edges: a thread that delivers buffers of 20 ms in real time in place of a sound card, a
WebSocket server on this machine in place of a vendor, and an inserter that takes the text and is done. The tail is 0,
so what is measured is: the last buffer, the disk, the session, the commit and its final, the transcript. What the
insertion itself takes stands in ``insertion.py``.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
import threading
import time
from pathlib import Path

import msgspec

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from debabelizer.audio.capture import Capture, CaptureSink
from debabelizer.config import Settings
from debabelizer.config.core_settings import CORE
from debabelizer.contract import Kind
from debabelizer.dictation import Dictation
from debabelizer.events import DictationChanged, DictationState, Event, LevelChanged, TakeFinished
from debabelizer.streaming import Session
from fakes.dictation_parts import FakeProgram
from fakes.numbered_protocol import NumberedProtocol, numbered
from fakes.numbered_server import NumberedServer
from figures import Figure, percentile, report

TAKES = 500
SPOKEN_S = 0.1
BUFFER = 320


class Metronome:
    """A microphone: 20 ms every 20 ms."""

    def __init__(self, _microphone: str) -> None:
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self, sink: CaptureSink) -> None:
        self._thread = threading.Thread(target=self._run, args=(sink,), daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        if self._thread is not None:
            self._thread.join()

    def _run(self, sink: CaptureSink) -> None:
        began, count = time.monotonic(), 0
        while not self._stopping.wait(max(0.0, began + (count + 1) * 0.02 - time.monotonic())):
            sink.audio(numbered(count * BUFFER, BUFFER), time.monotonic())
            count += 1


def capture(microphone: str) -> Capture:
    return Metronome(microphone)


class Watch:
    """Wakes when enough was said, and when the take is through."""

    def __init__(self) -> None:
        self.spoken, self.over = asyncio.Event(), asyncio.Event()
        self.finished: list[TakeFinished] = []

    def __call__(self, event: Event) -> None:
        if isinstance(event, LevelChanged) and event.elapsed >= SPOKEN_S:
            self.spoken.set()
        elif isinstance(event, TakeFinished):
            self.finished.append(event)
        elif isinstance(event, DictationChanged) and event.state is DictationState.IDLE:
            self.over.set()


async def measure(folder: Path) -> list[float]:
    """Milliseconds of each take."""
    table = tuple(msgspec.structs.replace(one, kind=Kind.TEXT) if one.key == "provider" else one for one in CORE)
    wanted = {"provider": "fake", "dictation.tail_ms": "0"}
    settings = Settings.load(folder / "settings.toml", environ={}, overrides=wanted, table=table)
    async with NumberedServer() as server:
        dictation = Dictation(
            settings=settings,
            open_session=lambda name, first: Session(
                lambda context: NumberedProtocol(server.url, context), name, first_epoch=first
            ),
            capture=capture,
            inserter=FakeProgram(),
            folder=folder,
        )
        watch = Watch()
        dictation.subscribe(watch)
        await dictation.connect()
        for _ in range(TAKES):
            watch.spoken.clear()
            watch.over.clear()
            await dictation.start()
            await watch.spoken.wait()
            await dictation.stop()
            await watch.over.wait()
        await dictation.close()
    assert len(watch.finished) == TAKES
    assert all(event.text for event in watch.finished)
    stamps = [event.stamps for event in watch.finished]
    return [(one.inserted - one.key_up) * 1000 for one in stamps if one.inserted is not None and one.key_up is not None]


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        taken = asyncio.run(measure(Path(folder)))
    report(Figure(f"release to text, median of {TAKES} takes", percentile(taken, 0.5), "ms", 25.0))
    report(Figure(f"release to text, 99th percentile of {TAKES} takes", percentile(taken, 0.99), "ms", 60.0))


if __name__ == "__main__":
    main()
