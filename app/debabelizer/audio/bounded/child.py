"""The far end of the pipe: one recording after another, each asked for piece by piece.

Comes in: a job (JSON), then the bytes that were asked for, as they are. Goes out: what is wanted next, what the
recording is, PCM, and last how it ended. ``decoding`` has the same words as types.
"""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

from debabelizer.audio.bounded.bounds import Bounds
from debabelizer.audio.bounded.reading import Reading, Refused, about, opened, warm_up

if TYPE_CHECKING:
    from debabelizer.contract.worker import WorkerLink

BLOCK = 1 << 15
"""Bytes of PCM that go out together: a second at 16 kHz."""

_bounds = Bounds()


def serve(link: WorkerLink) -> None:
    """One recording. Called anew for each, in one process."""
    said = link.receive()
    if said is None:
        return
    job = json.loads(said)
    if not _bounds.held:
        warm_up()
        _bounds.hold(job["memory"])
    _Job(link, job).run()


class _Job:
    def __init__(self, link: WorkerLink, job: dict[str, Any]) -> None:
        self._link, self._job = link, job
        self._block = bytearray()
        self._sent = 0
        self._reading: Reading | None = None

    def run(self) -> None:
        _bounds.begin(self._job["patience"], self._job["stall"])
        _bounds.working(True)
        try:
            self._do()
        except Refused as refused:
            self._send()
            self._say({"is": "refused", "word": refused.word, "detail": refused.detail})
        except MemoryError:
            self._block.clear()
            self._say({"is": "refused", "word": "memory"})
        except Exception as error:  # noqa: BLE001 - whatever a file makes the library do
            self._say({"is": "refused", "word": "damaged", "detail": f"{type(error).__name__}: {error}"})
        finally:
            _bounds.working(False)

    def _do(self) -> None:
        if self._job["do"] == "report":
            self._say({"held": _bounds.held, "missing": _bounds.missing})
            return
        with opened(_Recording(self)) as (container, stream):
            self._say({"is": "about", "info": about(container, stream)})
            if self._job["do"] == "probe":
                self._say({"is": "done"})
                return
            reading = self._reading = Reading(container, stream, self._job["rate"], self._job["layout"])
            for pcm in reading:
                self._block += pcm
                if len(self._block) >= BLOCK or self._job["do"] == "taste":
                    self._send()
                if self._job["do"] == "taste":
                    break
            self._send()
        self._say({"is": "done", "damaged": reading.damaged})

    def ask(self, at: int, size: int) -> bytes:
        """From the recording; empty at its end. What is decoded goes out first: the next bytes of a live one may be
        far away."""
        if self._reading is not None:
            for pcm in self._reading.gathered():
                self._block += pcm
        self._send()
        self._say({"is": "wants", "at": at, "size": size})
        _bounds.working(False)
        data = self._link.receive()
        _bounds.working(True)
        if not isinstance(data, bytes):
            os._exit(0)  # nobody wants it any more
        return data

    @property
    def size(self) -> int | None:
        """Bytes; None where nothing can be sought in it."""
        size: int | None = self._job["size"]
        return size

    def _send(self) -> None:
        for at in range(0, len(self._block), BLOCK):
            block = bytes(self._block[at : at + BLOCK])
            self._sent += len(block)
            _bounds.working(False)
            self._link.send(block)
            _bounds.working(True)
        _bounds.earn(self._sent / self._job["second"])
        self._block.clear()

    def _say(self, message: dict[str, Any]) -> None:
        self._link.send(json.dumps(message))


class _Recording:
    """What PyAV may do with the recording: it must not try to seek in a pipe."""

    def __init__(self, job: _Job) -> None:
        self._job = job
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return self._job.size is not None

    def read(self, size: int) -> bytes:
        data = self._job.ask(self._at, size)
        self._at += len(data)
        return data

    def seek(self, offset: int, whence: int = 0) -> int:
        base = (0, self._at, self._job.size or 0)[whence]
        self._at = max(0, base + offset)
        return self._at

    def tell(self) -> int:
        return self._at
