"""The way of a take's sound: from the capture's thread to the disk, and only then to the engine's loop."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from queue import SimpleQueue
from typing import Protocol

from debabelizer.audio.capture import Microphone
from debabelizer.dictation.journal import TakeJournal
from debabelizer.errors import ProviderError


class RecordingOwner(Protocol):
    """Called on the loop."""

    def heard(self, pcm: bytes, stamp: float) -> None:
        """It is in the journal by now."""
        ...

    def trouble(self, error: ProviderError) -> None: ...

    def back(self, microphone: Microphone) -> None: ...

    def missed(self, seconds: float) -> None: ...


class Recording:
    """Listens to the microphone for one take. A thread of its own writes the journal, so that a slow disk holds up
    neither the capture nor the loop; nothing reaches the network that is not with the operating system already."""

    def __init__(self, journal: TakeJournal, owner: RecordingOwner) -> None:
        self._journal = journal
        self._owner = owner
        self._loop = asyncio.get_running_loop()
        self._queue: SimpleQueue[tuple[bytes, float] | None] = SimpleQueue()
        self._end_at: float | None = None
        self._over = asyncio.Event()
        self._told = False
        self._thread = threading.Thread(target=self._write, name=f"journal of {journal.take}", daemon=True)
        self._thread.start()

    # ---------------------------------------------------------------------------------- in the capture's thread

    def audio(self, pcm: bytes, stamp: float) -> None:
        self._queue.put((pcm, stamp))

    def interrupted(self, error: ProviderError) -> None:
        self._tell(self._owner.trouble, error)

    def resumed(self, microphone: Microphone) -> None:
        self._tell(self._owner.back, microphone)

    def missed(self, seconds: float) -> None:
        self._tell(self._owner.missed, seconds)

    # ------------------------------------------------------------------------------------------- on the loop

    def end_at(self, stamp: float) -> None:
        """The first buffer that arrives at ``stamp`` or later is the last one."""
        self._end_at = stamp

    def end(self) -> None:
        """What has been heard up to now is all."""
        self._queue.put(None)

    @property
    def is_over(self) -> bool:
        return self._over.is_set()

    async def over(self) -> None:
        """Returns when the owner has got the last buffer."""
        await self._over.wait()

    # ------------------------------------------------------------------------------------ in the writing thread

    def _write(self) -> None:
        while (heard := self._queue.get()) is not None:
            pcm, stamp = heard
            self._journal.append(pcm)
            if self._journal.problem is not None and not self._told:
                self._told = True
                self._tell(self._owner.trouble, self._journal.problem)
            self._tell(self._owner.heard, pcm, stamp)
            if self._end_at is not None and stamp >= self._end_at:
                break
        self._tell(self._over.set)

    def _tell(self, call: Callable[..., object], *what: object) -> None:
        # a loop that is gone takes no more, but the journal still does
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(call, *what)
