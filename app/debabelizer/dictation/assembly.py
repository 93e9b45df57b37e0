"""How the parts are put together for real: registry, settings, sessions, dictation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from debabelizer.contract import EpochContext, SpeechToText, StreamProtocol
from debabelizer.errors import UnsupportedError
from debabelizer.streaming import Session, SessionPolicy

if TYPE_CHECKING:
    from debabelizer.audio.capture import CaptureFactory
    from debabelizer.config import Settings
    from debabelizer.dictation.dictation import Dictation
    from debabelizer.dictation.insertion import Inserter

_NO_SPOOL = 1 << 30
"""Bytes of replay in memory where nothing may touch the disk: nine hours."""


def open_session(settings: Settings, provider: str, first_epoch: int = 0) -> Session:
    """A session with what the settings say now; it connects when asked to. Raises ConfigurationError for a provider
    that is not there, UnsupportedError for one that does not take streams. Wants a running loop."""
    from debabelizer import registry

    engine = registry.load(provider)
    if not isinstance(engine, SpeechToText):
        title = engine.description.title
        raise UnsupportedError(f"{title} does not turn live speech into text.", provider)
    options = settings.stream_options(provider)

    def open_epoch(context: EpochContext) -> StreamProtocol:
        return engine.stream(options, context)

    return Session(open_epoch, provider, policy=policy_of(settings), first_epoch=first_epoch)


def policy_of(settings: Settings) -> SessionPolicy:
    idle_min = settings.get("session.idle_close_min")
    policy = SessionPolicy(idle_close_s=idle_min * 60 if idle_min else None)
    if settings.get("storage.keep_nothing"):
        import msgspec

        return msgspec.structs.replace(policy, memory_bytes=_NO_SPOOL, unspooled_bytes=_NO_SPOOL)
    return policy


def make_dictation(settings: Settings, *, capture: CaptureFactory, inserter: Inserter | None) -> Dictation:
    """Dictation in the user's own folders."""
    from debabelizer.config import folders
    from debabelizer.dictation import logbook
    from debabelizer.dictation.dictation import Dictation
    from debabelizer.store import History

    dictation = Dictation(
        settings=settings,
        open_session=lambda provider, first_epoch: open_session(settings, provider, first_epoch),
        capture=capture,
        inserter=inserter,
        folder=folders.state_dir(),
        history=History(folders.data_dir()),
    )
    dictation.subscribe(logbook.write)
    return dictation
