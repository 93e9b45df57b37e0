"""What another process may ask of the running program: ``debabelizer remote …``, and a second start."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from debabelizer.events import DictationState
from debabelizer_desktop.bridge import Bridge

if TYPE_CHECKING:
    from debabelizer.remote import Handler

_WINDOW_S = 1.0
"""How long the window may take to say what it shows; one that is busy is left out of the answer."""


def handlers(
    bridge: Bridge,
    show: Callable[[], object],
    shown: Callable[[], dict[str, str]],
    open_files: Callable[..., object],
    leave: Callable[[], object],
) -> Mapping[str, Handler]:
    """Verb to handler; they run on the engine's loop. The others are called in the GUI thread: one brings the window
    forward, the next tells what message it shows and the way out it offers, then one that turns recordings (``files``)
    into text, and the last ends the program."""

    def answer() -> dict[str, Any]:
        engine = bridge.engine
        return {
            "state": engine.state.value,
            "session": engine.session_state.value,
            "provider": engine.provider,
            "takes": [record.take for record in engine.takes()],
        }

    async def start() -> dict[str, Any]:
        if bridge.engine.state is DictationState.IDLE:
            await bridge.engine.start(insert=True)
        return answer()

    async def stop() -> dict[str, Any]:
        await bridge.engine.stop()
        return answer()

    async def toggle() -> dict[str, Any]:
        return await (start() if bridge.engine.state is DictationState.IDLE else stop())

    async def cancel() -> dict[str, Any]:
        await bridge.engine.cancel()
        return answer()

    async def retry() -> dict[str, Any]:
        await _retry_last(bridge)
        return answer()

    async def status() -> dict[str, Any]:
        return {**answer(), **await _asked(bridge, shown)}

    async def in_the_window(what: Callable[..., object], **arguments: Any) -> dict[str, Any]:
        bridge.post(partial(what, **arguments))
        return answer()

    return {
        "start": start,
        "stop": stop,
        "toggle": toggle,
        "cancel": cancel,
        "retry": retry,
        "status": status,
        "show": partial(in_the_window, show),
        "open": partial(in_the_window, open_files),
        "quit": partial(in_the_window, leave),
    }


async def _retry_last(bridge: Bridge) -> None:
    kept = bridge.engine.takes()
    if kept:
        await bridge.engine.retry(kept[-1].take)


async def _asked(bridge: Bridge, question: Callable[[], dict[str, str]]) -> dict[str, str]:
    """The window's answer; nothing from one that is busy or closing."""
    loop = asyncio.get_running_loop()
    answered: asyncio.Future[dict[str, str]] = loop.create_future()

    def settle(answer: dict[str, str]) -> None:
        if not answered.done():
            answered.set_result(answer)

    bridge.post(lambda: loop.call_soon_threadsafe(settle, question()))
    try:
        async with asyncio.timeout(_WINDOW_S):
            return await answered
    except TimeoutError:
        return {}
