"""A thread with an X connection of its own.

python-xlib connections are not shared between threads: each user of X (hotkeys, insertion) has a thread that
sleeps on the socket and on a wake-up pipe, handles events as they come and runs jobs handed to it in order.
"""

from __future__ import annotations

import logging
import queue
import select
import socket
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeVar

from debabelizer.errors import ConfigurationError, InternalError

log = logging.getLogger(__name__)

T = TypeVar("T")
_Job = tuple[Callable[[], Any], "Future[Any]"]


def open_display(name: str | None = None) -> Any:
    """A new connection to the X server; ConfigurationError where there is none to reach."""
    from Xlib import display, error

    try:
        connection = display.Display(name)
    except (error.DisplayError, OSError) as cause:
        raise ConfigurationError(f"The X display {name or ''} can't be reached: {cause}") from cause
    # An error of a request without a reply (a window that has gone meanwhile) comes late and concerns nobody.
    connection.set_error_handler(lambda problem, _request: log.debug("X error: %s", problem))
    return connection


class XThread:
    """Runs jobs and handles events on one X connection. ``display`` may only be touched inside the thread."""

    def __init__(self, name: str, display_name: str | None = None) -> None:
        self.display = open_display(display_name)
        self.root = self.display.screen().root
        self._jobs: queue.SimpleQueue[_Job] = queue.SimpleQueue()
        self._urgent: queue.SimpleQueue[_Job] = queue.SimpleQueue()
        self._timers: list[tuple[float, Callable[[], None]]] = []
        self._waker, self._wakened = socket.socketpair()
        self._waker.setblocking(False)
        self._wakened.setblocking(False)
        self._stopping = threading.Event()
        self._closing = False
        """In ``on_closing``: events are still handled."""
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        self._thread.start()

    @property
    def alive(self) -> bool:
        return self._thread.is_alive()

    def submit(self, job: Callable[[], T], *, urgent: bool = False) -> Future[T]:
        """Have ``job`` run in the thread. An urgent one does not wait for the jobs before it: it runs while one
        of them waits for events, and must itself not wait."""
        future: Future[T] = Future()
        if self._stopping.is_set():
            future.set_exception(InternalError("The connection to the display is closed."))
            return future
        (self._urgent if urgent else self._jobs).put((job, future))
        self._wake()
        return future

    def close(self) -> None:
        """End the thread and its connection; jobs not yet begun fail. Waits at most 2 s."""
        self._stopping.set()
        self._wake()
        if self._thread.is_alive() and threading.current_thread() is not self._thread:
            self._thread.join(2.0)

    # ------------------------------------------------------------------------------------ inside the thread

    def on_event(self, event: Any) -> None:
        """One X event."""

    def on_idle(self) -> None:
        """All events that were there have been handled."""

    def on_lost(self, cause: Exception) -> None:
        """The server closed the connection; the thread ends after this."""

    def on_closing(self) -> None:
        """The thread is about to end in order; the connection is still there."""

    def call_later(self, seconds: float, action: Callable[[], None]) -> None:
        """Run ``action`` in the thread, between jobs."""
        self._timers.append((time.monotonic() + seconds, action))

    def pump(self, until: Callable[[], bool], seconds: float) -> bool:
        """Handle events (and urgent jobs) until ``until()`` holds or ``seconds`` have passed; which of the two."""
        deadline = time.monotonic() + seconds
        while not self._stopping.is_set() or self._closing:
            self._handle_events()
            self._run_jobs(self._urgent)
            if until():
                return True
            left = deadline - time.monotonic()
            if left <= 0:
                return False
            self._sleep(left)
        return until()

    def _run(self) -> None:
        from Xlib import error

        try:
            while not self._stopping.is_set():
                self._handle_events()
                self._run_jobs(self._urgent)
                self._run_jobs(self._jobs)
                self._run_timers()
                self._handle_events()
                if self._jobs.empty() and self._urgent.empty() and not self._stopping.is_set():
                    self._sleep(self._next_timer())
            self._closing = True
            self.on_closing()
            self._closing = False
            self.display.close()
        except (error.ConnectionClosedError, OSError) as cause:
            if not self._stopping.is_set():
                self._stopping.set()
                log.warning("The X server closed the connection: %s", cause)
                self.on_lost(cause)
        finally:
            self._stopping.set()
            self._fail_jobs()
            self._waker.close()
            self._wakened.close()

    def _handle_events(self) -> None:
        from Xlib import error

        handled = False
        while self.display.pending_events():
            event = self.display.next_event()
            try:
                self.on_event(event)
            except error.XError as problem:  # about a window that has gone meanwhile; the next event may be fine
                log.info("an X event could not be handled: %s", problem)
            handled = True
        if handled:
            self.on_idle()

    def _run_jobs(self, jobs: queue.SimpleQueue[_Job]) -> None:
        while True:
            try:
                job, future = jobs.get_nowait()
            except queue.Empty:
                return
            if not future.set_running_or_notify_cancel():
                continue
            try:
                future.set_result(job())
            except Exception as problem:  # noqa: BLE001 - it belongs to whoever waits for the future
                future.set_exception(problem)

    def _run_timers(self) -> None:
        now = time.monotonic()
        due = [timer for timer in self._timers if timer[0] <= now]
        self._timers = [timer for timer in self._timers if timer[0] > now]
        for _, action in due:
            action()

    def _next_timer(self) -> float | None:
        return max(0.0, min(at for at, _ in self._timers) - time.monotonic()) if self._timers else None

    def _sleep(self, seconds: float | None) -> None:
        self.display.flush()
        if self.display.pending_events():  # came in while the last request waited for its reply
            return
        ready, _, _ = select.select([self.display.fileno(), self._wakened], [], [], seconds)
        if self._wakened in ready:
            try:
                self._wakened.recv(4096)
            except BlockingIOError:
                log.debug("woken twice")

    def _wake(self) -> None:
        try:
            self._waker.send(b"!")
        except BlockingIOError:
            log.debug("the wake-up pipe is full, so the thread wakes anyway")
        except OSError as problem:
            log.debug("the thread has ended: %s", problem)

    def _fail_jobs(self) -> None:
        for jobs in (self._urgent, self._jobs):
            while not jobs.empty():
                _, future = jobs.get_nowait()
                if future.set_running_or_notify_cancel():
                    future.set_exception(InternalError("The connection to the display is closed."))
