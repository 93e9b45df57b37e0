"""A capture that does not stop when the microphone does.

Neither PortAudio nor Qt reports every lost device, so samples are the only proof of life: none for half a second, and
the source is opened anew, first the chosen microphone, then any other, for as long as it takes. All of it happens in
one thread per recording; the device's own thread only puts bytes into a queue.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from queue import Empty, SimpleQueue
from typing import Protocol

import msgspec

from debabelizer.audio.capture import CaptureSink, Microphone
from debabelizer.errors import AudioError, Remedy

log = logging.getLogger(__name__)


class Source(Protocol):
    """An open device that delivers."""

    microphone: Microphone

    def close(self) -> None:
        """Returns when everything recorded so far has been handed over; never raises."""
        ...


class Opener(Protocol):
    """The machine's side: which microphones there are, and how to open one."""

    def microphones(self) -> list[Microphone]:
        """Those there are now, the default one first; cheap enough to ask every second."""
        ...

    def open(self, microphone_id: str, heard: Callable[[bytes], None], lost: Callable[[], None]) -> Source:
        """Start recording ("": the default microphone). ``heard`` takes PCM, ``lost`` says the device is known to
        be gone; both may be called from any thread. Raises AudioError."""
        ...

    def refresh(self) -> None:
        """Forget what is known about devices: one was lost. Called with nothing open."""
        ...


class Timing(msgspec.Struct, frozen=True):
    """Seconds. Bluetooth headsets take one or two until the first sample, later half a second of nothing is a loss."""

    first: float = 2.0
    silent: float = 0.5
    retry: float = 1.0
    """How long each candidate gets to deliver after a loss."""
    look_around: float = 1.0
    """How often to see whether the chosen microphone left or came back."""


_Heard = tuple[int, bytes | None, float]
_STOP: _Heard = (-1, None, 0.0)
_SURE = 2
"""Looks in a row that must miss the microphone: a busy sound server may once answer too late."""


class SupervisedCapture:
    """The ``Capture`` of this project, for any opener. One recording; make another for the next."""

    def __init__(self, opener: Opener, microphone_id: str = "", timing: Timing | None = None) -> None:
        self._opener, self._chosen = opener, microphone_id
        self._timing = timing or Timing()
        self._queue: SimpleQueue[_Heard] = SimpleQueue()
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None
        self._source: Source | None = None
        self._generation = 0
        self._away = False  # the sink was told of an interruption and not yet of its end
        self._unseen = 0
        self._announce = False  # the sink is to be told at the next sound which microphone it comes from
        self._sink: CaptureSink

    # ---------------------------------------------------------------------------------------------- Capture

    def start(self, sink: CaptureSink) -> None:
        if self._thread is not None:
            raise RuntimeError("a capture records once")
        self._sink = sink
        missing: AudioError | None = None
        try:
            self._source = self._open(self._chosen)
        except AudioError as error:
            if not self._chosen or error.remedy is not Remedy.CHOOSE_MICROPHONE:
                raise
            missing = error
            self._source = self._open("")
        self._thread = threading.Thread(target=self._run, args=(missing,), name="microphone", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        if self._thread is None:
            return
        self._stopping.set()
        self._queue.put(_STOP)
        if self._thread is not threading.current_thread():
            self._thread.join()

    # ----------------------------------------------------------------------------------------------- thread

    def _run(self, missing: AudioError | None) -> None:
        if missing is not None:
            self._interrupted(missing)
        patience = self._timing.first
        looked = time.monotonic()
        try:
            while not self._stopping.is_set():
                if self._hear(patience):
                    patience = self._timing.silent
                elif not self._stopping.is_set():
                    self._recover()
                if time.monotonic() - looked > self._timing.look_around:
                    self._look_around()
                    looked = time.monotonic()
        finally:
            self._close()

    def _hear(self, patience: float, generations: tuple[int, ...] | None = None) -> int:
        """Hand one buffer on; the generation it came from, or 0 if none came, the source is lost or it is over."""
        until = time.monotonic() + patience
        wanted = generations or (self._generation,)
        while True:
            try:
                item = self._queue.get(timeout=max(0.0, until - time.monotonic()))
            except Empty:
                return 0
            if item is _STOP:
                return 0
            generation, pcm, stamp = item
            if generation not in wanted:
                continue
            if pcm is None:
                return 0
            if generation == self._generation:
                self._deliver(pcm, stamp)
            else:
                self._sink.audio(pcm, stamp)
            return generation

    def _deliver(self, pcm: bytes, stamp: float) -> None:
        if self._announce and self._source is not None:
            self._away = self._announce = False
            self._sink.resumed(self._source.microphone)
        self._sink.audio(pcm, stamp)

    def _close(self) -> None:
        """Close the source and hand over what it still had."""
        source, self._source = self._source, None
        if source is None:
            return
        source.close()
        while not self._queue.empty():
            generation, pcm, stamp = self._queue.get()
            if generation == self._generation and pcm is not None:
                self._sink.audio(pcm, stamp)

    def _open(self, microphone_id: str) -> Source:
        self._generation += 1
        generation = self._generation
        return self._opener.open(
            microphone_id,
            lambda pcm: self._queue.put((generation, pcm, time.monotonic())),
            lambda: self._queue.put((generation, None, 0.0)),
        )

    # --------------------------------------------------------------------------------------- losing, finding

    def _interrupted(self, error: AudioError) -> None:
        if not self._away:
            self._away = self._announce = True
            log.warning("%s", error)
            self._sink.interrupted(error)

    def _recover(self) -> None:
        """Until some microphone delivers again, or the recording is stopped."""
        if self._source is not None:
            self._interrupted(_lost(self._source.microphone))
        pause = 0.1
        while not self._stopping.is_set():
            self._close()
            self._opener.refresh()
            if any(self._delivers(candidate) for candidate in self._candidates()):
                return
            self._stopping.wait(pause)
            pause = min(1.0, pause * 2)

    def _candidates(self) -> list[str]:
        """The chosen microphone first, then the system's default, then whatever there is."""
        present = [m.id for m in self._opener.microphones()]
        return sorted(present, key=lambda name: name != self._chosen)

    def _delivers(self, candidate: str) -> bool:
        if self._stopping.is_set():
            return False
        self._close()
        try:
            self._source = self._open(candidate)
        except AudioError as error:
            log.info("%s can't be used now: %s", candidate, error)
            return False
        return bool(self._hear(self._timing.retry))

    def _look_around(self) -> None:
        """The sound server may have moved us unasked: to another microphone, or, where there is none, to what the
        loudspeakers play; and the chosen one may be back."""
        source = self._source
        if source is None or self._stopping.is_set():
            return
        present = {m.id: m for m in self._opener.microphones()}
        self._unseen = 0 if source.microphone.id in present else self._unseen + 1
        if source.microphone.id in present:
            if source.microphone.id != self._chosen and self._chosen in present:
                self._return(source)
        elif self._unseen < _SURE:
            return
        elif present:
            self._interrupted(_lost(source.microphone))
            source.microphone = next(iter(present.values()))
        else:
            self._recover()

    def _return(self, fallback: Source) -> None:
        """Back to the chosen microphone; the other one goes on until it delivers, so that nothing is lost."""
        before = self._generation
        try:
            chosen = self._open(self._chosen)
        except AudioError as error:
            self._generation = before
            log.info("%s is back but can't be used: %s", self._chosen, error)
            return
        self._source, after = chosen, self._generation
        self._announce = True
        until = time.monotonic() + self._timing.retry
        while time.monotonic() < until and not self._stopping.is_set():
            if self._hear(self._timing.silent, (before, after)) == after:
                fallback.close()
                return
        self._source, self._generation, self._announce = fallback, before, self._away
        chosen.close()


def _lost(microphone: Microphone) -> AudioError:
    return AudioError(f"The microphone “{microphone.name}” stopped delivering sound.")
