"""Between the engine's thread and the window: engine events become Qt signals of the same names, batched at the
display's rate; the window's verbs become coroutines on the engine's loop. Nothing else happens here."""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any, TypeVar

import shiboken6
from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication

from debabelizer.errors import InternalError, ProviderError
from debabelizer.events import (
    Closed,
    Committed,
    Corrected,
    DictationChanged,
    DictationState,
    ErrorOccurred,
    Event,
    LevelChanged,
    Notice,
    Partial,
    ProviderChanged,
    Replace,
    Retracted,
    SessionStarted,
    SessionState,
    SilenceHint,
    SpeechEnded,
    SpeechStarted,
    StateChanged,
    TakeCancelled,
    TakeCorrected,
    TakeFailed,
    TakeFinished,
    TakesRecovered,
)
from debabelizer.recordings.item import RecordingChanged, RecordingEvent, RecordingRemoved

if TYPE_CHECKING:
    import asyncio
    from concurrent.futures import Future

    from debabelizer.dictation import Dictation

log = logging.getLogger(__name__)
T = TypeVar("T")
_LONGEST_S = 0.016
"""At a time, to tell the window what happened."""

_SIGNALS: dict[type[Any], str] = {
    StateChanged: "state_changed",
    SessionStarted: "session_started",
    ProviderChanged: "provider_changed",
    Partial: "partial",
    Committed: "committed",
    Corrected: "corrected",
    Retracted: "retracted",
    SpeechStarted: "speech_started",
    SpeechEnded: "speech_ended",
    Notice: "notice",
    ErrorOccurred: "error",
    Closed: "closed",
    DictationChanged: "dictation_changed",
    LevelChanged: "level_changed",
    SilenceHint: "silence_hint",
    TakeFinished: "take_finished",
    TakeCorrected: "take_corrected",
    TakeFailed: "take_failed",
    TakeCancelled: "take_cancelled",
    TakesRecovered: "takes_recovered",
    RecordingChanged: "recording_changed",
    RecordingRemoved: "recording_removed",
}


class EngineThread:
    """An asyncio loop in a thread of its own, free of Qt."""

    def __init__(self) -> None:
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, name="engine", daemon=True)
        self.loop: asyncio.AbstractEventLoop | None = None

    def start(self) -> None:
        self._thread.start()

    def submit(self, coroutine: Callable[[], Coroutine[Any, Any, T]]) -> Future[T]:
        """Run on the loop; waits for the loop only if it is just being made."""
        import asyncio

        self._ready.wait()
        assert self.loop is not None
        return asyncio.run_coroutine_threadsafe(coroutine(), self.loop)

    def stop(self, timeout: float) -> bool:
        """End the loop, cancelling what still runs; False if it did not end in time."""
        if not self._thread.is_alive():
            return True
        self._ready.wait(timeout)
        if self.loop is not None:
            self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join(timeout)
        return not self._thread.is_alive()

    def _run(self) -> None:
        import asyncio

        loop = asyncio.new_event_loop()
        asyncio.set_event_loop(loop)
        self.loop = loop
        self._ready.set()
        try:
            loop.run_forever()
        finally:
            left = asyncio.all_tasks(loop)
            for task in left:
                task.cancel()
            loop.run_until_complete(asyncio.gather(*left, return_exceptions=True))
            loop.run_until_complete(loop.shutdown_asyncgens())
            loop.close()


class Bridge(QObject):
    """Lives in the GUI thread. Signals carry the event they are named after."""

    state_changed = Signal(object)
    session_started = Signal(object)
    provider_changed = Signal(object)
    partial = Signal(object)
    committed = Signal(object)
    corrected = Signal(object)
    retracted = Signal(object)
    speech_started = Signal(object)
    speech_ended = Signal(object)
    notice = Signal(object)
    error = Signal(object)
    closed = Signal(object)
    dictation_changed = Signal(object)
    level_changed = Signal(object)
    silence_hint = Signal(object)
    take_finished = Signal(object)
    take_corrected = Signal(object)
    take_failed = Signal(object)
    take_cancelled = Signal(object)
    takes_recovered = Signal(object)
    recording_changed = Signal(object)
    recording_removed = Signal(object)
    ready = Signal()
    """The engine is there; verbs given before are carried out now."""

    _wake = Signal()
    _posted = Signal(object)

    def __init__(self, make: Callable[[], Dictation], parent: QObject | None = None) -> None:
        """``make`` runs on the engine's loop."""
        super().__init__(parent)
        self._make = make
        self._thread = EngineThread()
        self._queue: deque[Event | RecordingEvent] = deque()
        self._woken = False
        self._over = False
        self._drained_at = 0.0
        self._dictation: Dictation | None = None
        self.dictation_state = DictationState.IDLE
        self.session_state = SessionState.IDLE
        self.provider = ""
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setTimerType(Qt.TimerType.PreciseTimer)
        self._later.timeout.connect(self._drain)
        self._wake.connect(self._woke, Qt.ConnectionType.QueuedConnection)
        self._posted.connect(lambda work: work(), Qt.ConnectionType.QueuedConnection)

    # --------------------------------------------------------------------------------------------- life

    def start(self) -> None:
        self._thread.start()
        self.call(self._create, self, lambda _: self.ready.emit())

    @property
    def engine(self) -> Dictation:
        """For coroutines on the engine's loop only."""
        assert self._dictation is not None
        return self._dictation

    async def _create(self) -> None:
        self._dictation = self._make()
        self._dictation.subscribe(self.take_in)

    def stop(self, timeout: float = 2.5) -> bool:
        """Close the dictation, then the loop; waits no longer than ``timeout`` seconds. False: it had to be left."""
        ends = time.monotonic() + timeout
        if self._dictation is not None:
            closing = self._thread.submit(self._dictation.close)
            try:
                closing.result(timeout * 0.8)
            except TimeoutError:
                log.warning("the engine did not close in time")
                closing.cancel()
            except ProviderError as error:
                log.warning("closing: %s", error)
        self._over = True
        return self._thread.stop(max(0.2, ends - time.monotonic()))

    # ------------------------------------------------------------------------------------ engine to window

    def take_in(self, event: Event | RecordingEvent) -> None:
        """On the engine's loop: what becomes a signal."""
        self._queue.append(event)
        if not self._woken and not self._over:
            self._woken = True
            self._wake.emit()

    def _woke(self) -> None:
        wait = self._drained_at + _frame_s() - time.monotonic()
        if wait <= 0:
            self._drain()
        elif not self._later.isActive():
            self._later.start(max(1, round(wait * 1000)))

    def _drain(self) -> None:
        """What would hold the window for longer than a frame goes on in the next one."""
        self._drained_at = time.monotonic()
        self._woken = False
        batch = deque(coalesced([self._queue.popleft() for _ in range(len(self._queue))]))
        while batch and time.monotonic() - self._drained_at < _LONGEST_S:
            event = batch.popleft()
            self._remember(event)
            getattr(self, _SIGNALS[type(event)]).emit(event)
        if batch:
            self._queue.extendleft(reversed(batch))
            self._woken = True
            self._later.start(1)

    def _remember(self, event: Event | RecordingEvent) -> None:
        if isinstance(event, StateChanged):
            self.session_state, self.provider = event.state, event.provider
        elif isinstance(event, DictationChanged):
            self.dictation_state = event.state

    # ------------------------------------------------------------------------------------ window to engine

    def call(
        self,
        coroutine: Callable[[], Coroutine[Any, Any, T]],
        owner: QObject,
        then: Callable[[T], object] | None = None,
        failed: Callable[[ProviderError], object] | None = None,
    ) -> Future[T]:
        """Run a coroutine on the engine's loop; the answer comes back in the GUI thread while ``owner`` lives.

        Without ``failed`` an error becomes the signal :attr:`error`. The future can be cancelled.
        """
        future = self._thread.submit(coroutine)
        future.add_done_callback(lambda done: self.post(lambda: self._answer(done, owner, then, failed)))
        return future

    def post(self, work: Callable[[], object]) -> None:
        """From any thread: run ``work`` in the GUI thread."""
        if not self._over:
            self._posted.emit(work)

    def _answer(
        self,
        done: Future[T],
        owner: QObject,
        then: Callable[[T], object] | None,
        failed: Callable[[ProviderError], object] | None,
    ) -> None:
        if done.cancelled() or not shiboken6.isValid(owner):
            return
        problem = done.exception()
        if problem is None:
            if then is not None:
                then(done.result())
            return
        if not isinstance(problem, ProviderError):
            log.error("a verb of the engine failed", exc_info=problem)
            problem = InternalError(f"The program made a mistake: {type(problem).__name__}. The log says more.")
        if failed is not None:
            failed(problem)
        else:
            self.error.emit(ErrorOccurred(error=problem))

    def _do(
        self, verb: Callable[[Dictation], Coroutine[Any, Any, T]], then: Callable[[T], object] | None = None
    ) -> None:
        self.ask(verb, self, then if then is not None else _nothing)

    def start_take(self, *, insert: bool = True, key_down: float | None = None) -> None:
        """``key_down``: ``time.monotonic`` of the key press, where a key started it."""
        self._do(lambda engine: engine.start(insert=insert, key_down=key_down))

    def stop_take(self, *, key_up: float | None = None) -> None:
        self._do(lambda engine: engine.stop(key_up=key_up))

    def cancel_take(self) -> None:
        self._do(lambda engine: engine.cancel())

    def toggle_take(self, *, insert: bool = True) -> None:
        if self.dictation_state is DictationState.IDLE:
            self.start_take(insert=insert)
        else:
            self.stop_take()

    def send_chunk(self) -> None:
        self._do(lambda engine: engine.send_chunk())

    def commit(self) -> None:
        self._do(lambda engine: engine.commit())

    def connect_session(self) -> None:
        self._do(lambda engine: engine.connect())

    def disconnect_session(self) -> None:
        self._do(lambda engine: engine.disconnect())

    def retry(self, take: str, provider: str | None = None) -> None:
        self._do(lambda engine: engine.retry(take, provider))

    def discard(self, take: str) -> None:
        self._do(lambda engine: engine.discard(take))

    def undo(self, then: Callable[[bool], object] | None = None) -> None:
        self._do(lambda engine: engine.undo(), then)

    def replace_inserted(self, take: str, then: Callable[[bool], object] | None = None) -> None:
        self._do(lambda engine: engine.replace_inserted(take), then)

    def clear(self) -> None:
        self._do(lambda engine: engine.clear())

    def recover(self) -> None:
        self._do(lambda engine: engine.recover())

    def ask(
        self, verb: Callable[[Dictation], Coroutine[Any, Any, T]], owner: QObject, then: Callable[[T], object]
    ) -> None:
        """A question to the engine; the answer comes in the GUI thread while ``owner`` lives."""

        self.call(lambda: verb(self.engine), owner, then)


def coalesced(batch: list[Event | RecordingEvent]) -> list[Event | RecordingEvent]:
    """Without what nobody would ever see: a level, a recording's progress or a replaced partial that a later one in the
    same frame hides."""
    kept: list[Event | RecordingEvent] = []
    shown: set[Any] = set()
    for event in reversed(batch):
        if isinstance(event, LevelChanged | RecordingChanged | RecordingRemoved):
            about = _subject(event)
            if about not in shown:
                kept.append(event)
            shown.add(about)
            continue
        if isinstance(event, Partial) and isinstance(event.change, Replace):
            if event.change.segment in shown:
                continue
            shown.add(event.change.segment)
        elif isinstance(event, (Partial, Committed, Corrected, Retracted)):
            shown.discard(event.change.segment)
        kept.append(event)
    kept.reverse()
    return kept


def _subject(event: LevelChanged | RecordingChanged | RecordingRemoved) -> object:
    match event:
        case LevelChanged():
            return LevelChanged
        case RecordingChanged():
            return event.item.path
        case RecordingRemoved():
            return event.path


def _nothing(_: object) -> None: ...


def _frame_s() -> float:
    screens = QGuiApplication.screens()
    rate = screens[0].refreshRate() if screens else 60.0
    return 1.0 / min(max(rate, 30.0), 144.0)
