"""The far end of a worker process, as a local engine sees it."""

from __future__ import annotations

from typing import Protocol

from debabelizer.contract.stream import WireMessage


class WorkerLink(Protocol):
    """Blocking, one thread. One process serves one connection after another: ``receive`` returns None when the
    present connection was closed by the supervisor, and the engine function returns, keeping what it loaded in
    module globals for the next call."""

    def receive(self, timeout: float | None = None) -> WireMessage | None:
        """The next message. Raises ``TimeoutError`` after ``timeout`` seconds (0: only what is already there)."""
        ...

    def send(self, message: WireMessage) -> None: ...
