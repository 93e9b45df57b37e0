"""A worker's link without a pipe: the engine function runs in the test's own thread over a prepared script."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Sequence

from debabelizer.contract import StreamProtocol, StreamSignal, WireMessage, WorkerOpening


class MemoryLink:
    """Hands out ``script`` and collects what is sent.

    ``burst``: all of it is there at once, as after a reconnect; otherwise each message arrives only when the engine
    waits for it, as from a microphone. ``falls_silent``: after the script the connection stays open and nothing comes
    for as long as the engine cares to wait; otherwise it is closed."""

    def __init__(self, script: Iterable[WireMessage], *, burst: bool = False, falls_silent: bool = False) -> None:
        self._script = deque(script)
        self._burst = burst
        self.falls_silent = falls_silent
        self.sent: list[WireMessage] = []

    def receive(self, timeout: float | None = None) -> WireMessage | None:
        if timeout == 0 and not self._burst:
            raise TimeoutError
        if self._script:
            return self._script.popleft()
        if timeout and self.falls_silent:
            raise TimeoutError
        return None

    def send(self, message: WireMessage) -> None:
        self.sent.append(message)


def converse(
    serve: Callable[[MemoryLink], None],
    protocol: StreamProtocol,
    script: Sequence[bytes | str],
    *,
    burst: bool = False,
    chunk_s: float = 0.1,
) -> list[StreamSignal]:
    """One connection through ``protocol``: PCM is sent in chunks, ``"commit"`` and ``"finish"`` are its verbs.

    Returns all signals, in order."""
    opening = protocol.opening()
    assert isinstance(opening, WorkerOpening)
    messages: list[WireMessage] = list(opening.first)
    size = int(chunk_s * 16_000) * 2
    for item in script:
        if isinstance(item, bytes):
            for start in range(0, len(item), size):
                messages.extend(protocol.audio(item[start : start + size]))
        else:
            messages.extend(protocol.commit() if item == "commit" else protocol.finish())
    link = MemoryLink(messages, burst=burst)
    serve(link)
    return [signal for message in link.sent for signal in protocol.receive(message)]
