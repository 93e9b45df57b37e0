"""A capture that does not stop when the microphone does.

Neither PortAudio nor Qt reports every lost device, so samples are the only proof of life. On a busy machine they may
just be late, and wait in the system's buffers: opening the device anew would throw them away. So a moment without any
leads to a question first, whether the microphone is still there, and one that is gets more time; waiting counts only as
long as this thread itself was not held up. After that the source is opened anew, first the chosen microphone, then any
other, for as long as it takes. All of it happens in one thread per recording; the device's own thread only puts bytes
into a queue.
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
from debabelizer.audio.sound_clock import SoundClock
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

    def microphones(self) -> list[Microphone] | None:
        """Those there are now, the default one first; cheap enough to ask every second. None: the system is too busy
        to answer."""
        ...

    def open(self, microphone_id: str, heard: Callable[[bytes], None], lost: Callable[[], None]) -> Source:
        """Start recording ("": the default microphone). ``heard`` takes PCM, ``lost`` says the device is known to
        be gone; both may be called from any thread. Raises AudioError."""
        ...

    def refresh(self) -> None:
        """Forget what is known about devices: one was lost. Called with nothing open."""
        ...


class Timing(msgspec.Struct, frozen=True):
    """Seconds. Bluetooth headsets take one or two until the first sample."""

    first: float = 1.0
    silent: float = 0.5
    late: float = 1.0
    """How much longer than these one may be silent that is still connected."""
    retry: float = 1.0
    """How long each candidate gets to deliver after a loss."""
    look_around: float = 1.0
    """How often to see whether the chosen microphone left or came back."""


_TICK = 0.05
"""Longest wait in one piece. What it takes longer than that is this machine's lateness, not the microphone's."""
_SURE = 2
"""Looks in a row that must miss the microphone: a busy sound server may once answer too late."""


class _Heard(msgspec.Struct, frozen=True):
    """What a source gave; ``pcm`` None: it is known to be gone."""

    generation: int
    pcm: bytes | None
    stamp: float = 0.0
    missing: float = 0.0


_QUIET, _GONE = 0, -1
"""In place of a generation: nothing came, and nothing will."""


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
        self._stamp = 0.0  # of the last sound
        self._asked_to_stop = 0.0
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
        self._asked_to_stop = self._asked_to_stop or time.monotonic()
        self._stopping.set()
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
                heard = self._hear(patience)
                if heard > _QUIET:
                    patience = self._timing.silent
                elif not self._stopping.is_set() and (heard == _GONE or not self._was_only_late()):
                    self._recover()
                if time.monotonic() - looked > self._timing.look_around:
                    self._look_around()
                    looked = time.monotonic()
            self._catch_up()
        finally:
            self._close()

    def _hear(self, patience: float, generations: tuple[int, ...] | None = None) -> int:
        """Hand one buffer on; the generation it came from, or gone, or quiet: nothing for so long (in which this
        thread's own lateness does not count), or it is over."""
        wanted = generations or (self._generation,)
        quiet = 0.0
        while quiet < patience and not self._stopping.is_set():
            try:
                item = self._queue.get(timeout=_TICK)
            except Empty:
                quiet += _TICK
                continue
            if item.generation in wanted:
                return self._deliver(item)
        return _QUIET

    def _deliver(self, item: _Heard) -> int:
        if item.pcm is None:
            return _GONE
        if item.generation == self._generation and self._announce and self._source is not None:
            self._away = self._announce = False
            self._sink.resumed(self._source.microphone)
        if item.missing:
            log.warning("the computer was too busy: %.1f s of sound are missing", item.missing)
            self._sink.missed(item.missing)
        self._stamp = item.stamp
        self._sink.audio(item.pcm, item.stamp)
        return item.generation

    def _was_only_late(self) -> bool:
        """A second chance for a microphone that is still there, and for one of which nothing can be learnt: with a
        sound server that does not answer nothing could be opened either."""
        while self._source is not None and not self._stopping.is_set():
            present = self._opener.microphones()
            if present is not None and self._source.microphone.id not in [microphone.id for microphone in present]:
                return False
            heard = self._hear(self._timing.late)
            if self._stopping.is_set():
                break
            if heard != _QUIET or present is not None:
                return heard > _QUIET
            self._interrupted(_lost(self._source.microphone))
        return self._stopping.is_set()

    def _catch_up(self) -> None:
        """At the end: what was spoken before it may still be on its way."""
        quiet = 0.0
        while 0.0 < self._stamp < self._asked_to_stop and not self._away and quiet < self._timing.late:
            try:
                item = self._queue.get(timeout=_TICK)
            except Empty:
                quiet += _TICK
            else:
                if item.generation == self._generation and self._deliver(item) == _GONE:
                    return

    def _close(self) -> None:
        """Close the source and hand over what it still had."""
        source, self._source = self._source, None
        if source is None:
            return
        source.close()
        while not self._queue.empty():
            item = self._queue.get()
            if item.generation == self._generation and item.pcm is not None:
                self._sink.audio(item.pcm, item.stamp)

    def _open(self, microphone_id: str) -> Source:
        self._generation += 1
        generation, clock = self._generation, SoundClock()
        return self._opener.open(
            microphone_id,
            lambda pcm: self._queue.put(_Heard(generation, pcm, *clock.stamp(len(pcm), time.monotonic()))),
            lambda: self._queue.put(_Heard(generation, None)),
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
        present = [m.id for m in self._opener.microphones() or ()]
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
        return self._hear(self._timing.retry) > _QUIET

    def _look_around(self) -> None:
        """The sound server may have moved us unasked: to another microphone, or, where there is none, to what the
        loudspeakers play; and the chosen one may be back."""
        source = self._source
        if source is None or self._stopping.is_set():
            return
        listed = self._opener.microphones()
        if listed is None:
            return
        present = {m.id: m for m in listed}
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
