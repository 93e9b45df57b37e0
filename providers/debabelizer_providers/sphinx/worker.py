"""The far side: one PocketSphinx decoder in a process of its own, serving one connection after another."""

from __future__ import annotations

from pathlib import Path

import msgspec

from debabelizer.contract import WorkerLink
from debabelizer.errors import Category, ProviderError
from debabelizer_providers._local.messages import (
    Commit,
    Finish,
    Finished,
    Loaded,
    Note,
    Resting,
    Trouble,
    next_command,
    send,
)
from debabelizer_providers._local.speech import SpeechProbe
from debabelizer_providers.sphinx import model
from debabelizer_providers.sphinx.listener import Engine, Listener
from debabelizer_providers.sphinx.start import Start

_engine: Engine | None = None
"""Loaded once per process; the next connection finds it warm."""


def serve(link: WorkerLink) -> None:
    """Serves one connection; returns when it is over."""
    first = link.receive()
    if first is None:
        return
    try:
        start = msgspec.json.decode(first, type=Start)
        listener = Listener(_load(link, start), SpeechProbe(), start)
        send(link, Loaded("PocketSphinx, US English"))
        _converse(link, listener, start.rest_s)
    except msgspec.DecodeError as error:
        send(link, Trouble(category=Category.PROTOCOL, message=f"The recogniser got a garbled message: {error}"))
    except ProviderError as error:
        send(link, Trouble(category=error.category, message=error.message, remedy=error.remedy))


def _load(link: WorkerLink, start: Start) -> Engine:
    global _engine  # noqa: PLW0603 - the contract keeps what was loaded in module globals
    if _engine is None:
        _engine = Engine(model.folder(Path(start.models), lambda text: send(link, Note(text))))
    return _engine


def _converse(link: WorkerLink, listener: Listener, rest_s: float | None) -> None:
    while True:
        try:
            command = next_command(link, rest_s)
        except TimeoutError:
            return send(link, Resting())
        if command is None:
            return None
        match command:
            case Commit():
                send(link, *listener.commit())
            case Finish():
                send(link, *listener.finish(), Finished())
            case _:
                send(link, *listener.feed(command))
