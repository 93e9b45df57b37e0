"""The far side: a loaded Whisper model in a process of its own, serving one connection after another."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable

import msgspec

from debabelizer.contract import WorkerLink
from debabelizer.errors import Category, ModelMissingError, ProviderError
from debabelizer_providers._local.messages import (
    Command,
    Commit,
    Finish,
    Finished,
    Loaded,
    Report,
    Resting,
    Trouble,
    next_command,
    send,
)
from debabelizer_providers._local.speech import SpeechProbe
from debabelizer_providers.whisper.engine import Engine
from debabelizer_providers.whisper.listener import Listener
from debabelizer_providers.whisper.recorder import Recorder
from debabelizer_providers.whisper.start import Start

_loaded: tuple[tuple[object, ...], Engine] | None = None
"""What the process keeps between connections, and what it was loaded from."""


def serve(link: WorkerLink, clock: Callable[[], float] = time.perf_counter) -> None:
    """Serves one connection; returns when it is over. ``clock``: seconds, to measure what a pass costs."""
    first = link.receive()
    if first is None:
        return
    try:
        start = msgspec.json.decode(first, type=Start)
        engine = _load(start)
        send(link, *_drained(engine), Loaded(str(engine)))
        if start.recording:
            _take_down(link, Recorder(engine, SpeechProbe(), start))
        else:
            _converse(link, Listener(engine, SpeechProbe(), start, clock), start.rest_s)
    except msgspec.DecodeError as error:
        send(link, Trouble(category=Category.PROTOCOL, message=f"Whisper's process got a garbled message: {error}"))
    except ProviderError as error:
        send(
            link,
            Trouble(
                category=error.category,
                message=error.message,
                code=error.code,
                remedy=error.remedy,
                model_missing=isinstance(error, ModelMissingError),
            ),
        )


def _load(start: Start) -> Engine:
    global _loaded  # noqa: PLW0603 - the contract keeps what was loaded in module globals
    if _loaded is None or _loaded[0] != start.engine:
        _loaded = None  # the old model's memory is needed for the new one
        _loaded = (start.engine, Engine(start))
    _loaded[1].use(start)
    return _loaded[1]


def _drained(engine: Engine) -> Iterable[Report]:
    while engine.notes:
        yield engine.notes.pop(0)


def _converse(link: WorkerLink, listener: Listener, rest_s: float | None) -> None:
    """Takes in all that has arrived before the next pass: one that catches up makes few passes, not many."""
    while True:
        due = listener.due
        try:
            command = next_command(link, 0.0 if due else rest_s)
        except TimeoutError:
            if not due:
                return send(link, Resting())
            for report in listener.step():
                send(link, report)
            continue
        if command is None:
            return None
        for report in _obey(listener, command):
            send(link, report)


def _take_down(link: WorkerLink, recorder: Recorder) -> None:
    """A whole recording, at the recogniser's own pace."""
    while (command := next_command(link)) is not None:
        if isinstance(command, bytes):
            send(link, *recorder.feed(command))
        elif isinstance(command, Finish):
            send(link, *recorder.finish(), Finished())


def _obey(listener: Listener, command: bytes | Command) -> Iterable[Report]:
    match command:
        case Commit():
            yield from listener.commit()
        case Finish():
            yield from listener.finish()
            yield Finished()
        case _:
            yield from listener.feed(command)
