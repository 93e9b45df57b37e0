"""How the parts are put together for real: registry, settings, sessions, dictation."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING

import msgspec

from debabelizer.contract import Ability, EpochContext, FilesToText, Provider, SpeechToText, StreamProtocol
from debabelizer.errors import UnsupportedError
from debabelizer.streaming import Session, SessionPolicy
from debabelizer.streaming.providers import OpenEpoch

if TYPE_CHECKING:
    from typing import BinaryIO

    from debabelizer.audio.capture import CaptureFactory
    from debabelizer.config import Settings
    from debabelizer.dictation.dictation import Dictation
    from debabelizer.dictation.insertion import Inserter
    from debabelizer.files import FileOutcome

_COSTLY_IDLE_S = 120.0
_RENEWED_IDLE_S = 3600.0
_NO_SPOOL = 1 << 30
"""Bytes of replay in memory where nothing may touch the disk: nine hours."""


def open_session(settings: Settings, provider: str, first_epoch: int = 0) -> Session:
    """A session with what the settings say now, and with the providers that may stand in; it connects when asked to.
    Raises ConfigurationError for a provider that is not there, UnsupportedError for one that does not take streams.
    Wants a running loop."""
    names = (provider, *stand_ins(settings, provider))
    choices = [(name, _opener(settings, name)) for name in names]
    return Session(choices, titles=_titles(names), policy=policy_of(settings), first_epoch=first_epoch)


def open_alone(settings: Settings, provider: str, first_epoch: int = 0) -> Session:
    """As :func:`open_session`, with nobody standing in."""
    opener, titles = _opener(settings, provider), _titles((provider,))
    return Session(opener, provider, titles=titles, policy=policy_of(settings), first_epoch=first_epoch)


def _titles(names: tuple[str, ...]) -> dict[str, str]:
    from debabelizer import registry

    return {name: found.title for name in names if (found := registry.find(name)) is not None}


def stand_ins(settings: Settings, provider: str) -> tuple[str, ...]:
    """Who goes on where ``provider`` fails: of those the user named, the ones that could."""
    from debabelizer import registry
    from debabelizer.accounts.budget import allows
    from debabelizer.config.selection import Readiness, standing_of

    def could(name: str) -> bool:
        described = registry.find(name)
        if described is None or Ability.STREAM not in described.abilities:
            return False
        return standing_of(settings, name).readiness is Readiness.READY and allows(settings, name)

    return tuple(name for name in settings.get("session.failover") if name != provider and could(name))


def _opener(settings: Settings, provider: str) -> OpenEpoch:
    from debabelizer import registry

    engine = registry.load(provider)
    if not isinstance(engine, SpeechToText):
        title = engine.description.title
        raise UnsupportedError(f"{title} does not turn live speech into text.", provider)
    options = settings.stream_options(provider)

    def open_epoch(context: EpochContext) -> StreamProtocol:
        return engine.stream(options, context)

    return open_epoch


def policy_of(settings: Settings) -> SessionPolicy:
    chosen = settings.get("session.idle_close")
    seconds = float(chosen) * 60 if chosen.isdigit() else None
    automatic = chosen == "automatic"
    policy = SessionPolicy(
        idle_close_s=seconds,
        costly_idle_close_s=_COSTLY_IDLE_S if automatic else seconds,
        renewed_idle_close_s=_RENEWED_IDLE_S if automatic else seconds,
    )
    if settings.get("storage.keep_nothing"):
        return msgspec.structs.replace(policy, memory_bytes=_NO_SPOOL, unspooled_bytes=_NO_SPOOL)
    return policy


async def ask_again(settings: Settings, provider: str, recording: BinaryIO) -> FileOutcome:
    """The text of a whole recording for the second look, by the model the settings name for that. Raises
    ConfigurationError, UnsupportedError for a provider that takes no files, the provider's errors."""
    from debabelizer import registry
    from debabelizer.accounts import Entry, book
    from debabelizer.accounts.budget import require
    from debabelizer.files import FileTranscription
    from debabelizer.store import Work

    engine = registry.load(provider)
    if not isinstance(engine, FilesToText):
        raise UnsupportedError(f"{engine.description.title} takes no whole recordings.", provider)
    options = settings.stream_options(provider)
    model = str(settings.get("second_look.model")).strip()
    if model:
        options = msgspec.structs.replace(options, settings={**options.settings, **_with_model(engine, model)})
    require(settings, provider)
    entry = Entry(book(), settings, provider, Work.FILE, model=model)
    job = FileTranscription(
        engine,
        options,
        on_disk=not settings.get("storage.keep_nothing"),
        told=lambda step: entry.grow(step.done),
    )
    with entry.failing():
        outcome = await job.run(recording, asyncio.Event())
    entry.end(seconds=outcome.done, characters=len(outcome.text), error=outcome.error)
    return outcome


def _with_model(engine: Provider, model: str) -> dict[str, str]:
    """By convention a provider's ``file_model``, or else its ``model``, names one of its models, and ``folder`` a model
    of the user's own, which would be used instead."""
    keys = {setting.key for setting in engine.description.settings}
    if "file_model" in keys:
        return {"file_model": model}
    return {"model": model, "folder": ""} if "folder" in keys else {"model": model}


def make_dictation(settings: Settings, *, capture: CaptureFactory, inserter: Inserter | None) -> Dictation:
    """Dictation in the user's own folders."""
    from debabelizer.accounts import book
    from debabelizer.config import folders
    from debabelizer.dictation import logbook
    from debabelizer.dictation.bookkeeping import Bookkeeper
    from debabelizer.dictation.dictation import Dictation
    from debabelizer.store import History

    if settings.get("budget.usd") or settings.get("selection.strategy") != "first":
        book().read_ahead()
    dictation = Dictation(
        settings=settings,
        open_session=partial(open_session, settings),
        open_alone=partial(open_alone, settings),
        ask=partial(ask_again, settings),
        capture=capture,
        inserter=inserter,
        folder=folders.state_dir(),
        history=History(folders.data_dir()),
    )
    dictation.subscribe(logbook.write)
    dictation.subscribe(Bookkeeper(dictation, settings, book()).listen)
    return dictation
