"""The stream protocol of every local engine: plain messages to and from its worker, no I/O here."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from debabelizer.contract import (
    CommitAnswer,
    Covered,
    Failure,
    Finished,
    Ready,
    StreamLimits,
    StreamSignal,
    VendorNotice,
    VendorSpeech,
    WireMessage,
    WorkerOpening,
)
from debabelizer.errors import (
    Category,
    ConfigurationError,
    InternalError,
    ModelMissingError,
    ProviderError,
    StorageError,
    StreamingError,
    UnsupportedError,
)
from debabelizer.events import Freeze, Joining, Retract, Tail
from debabelizer_providers._local import messages

_ERRORS: dict[Category, type[ProviderError]] = {
    Category.CONFIG: ConfigurationError,
    Category.UNSUPPORTED: UnsupportedError,
    Category.STORAGE: StorageError,
    Category.PROTOCOL: StreamingError,
}

_Status = messages.Loaded | messages.Speech | messages.Note | messages.Trouble | messages.Finished
_Signalled = messages.Hearing | messages.Heard | messages.Nothing | messages.Committed | messages.Consumed | _Status

_KILLED = (-9, 137)
"""Exit codes of a process ended from outside, which on Linux is mostly for want of memory."""


class LocalStream:
    """One connection to an engine's worker. ``title`` is the engine's name for messages to the user."""

    def __init__(self, provider: str, title: str, opening: WorkerOpening, limits: StreamLimits) -> None:
        self._provider = provider
        self._title = title
        self._opening = opening
        self._limits = limits
        self._commits = 0
        self._sent = 0
        self._over = False

    @property
    def limits(self) -> StreamLimits:
        return self._limits

    def opening(self) -> WorkerOpening:
        return self._opening

    def audio(self, pcm: bytes) -> Sequence[WireMessage]:
        self._sent += len(pcm) // 2
        return (pcm,)

    def commit(self) -> Sequence[WireMessage]:
        self._commits += 1
        return (messages.encode(messages.Commit()),)

    def keep_alive(self) -> Sequence[WireMessage]:
        return ()

    def finish(self) -> Sequence[WireMessage]:
        return (messages.encode(messages.Finish()),)

    def receive(self, message: WireMessage) -> Sequence[StreamSignal]:
        if isinstance(message, bytes):
            return (self._garbage("a binary message"),)
        try:
            report = messages.decode_report(message)
        except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
            return (self._garbage(str(error)),)
        if isinstance(report, messages.Resting):
            self._over = True
            return ()
        if isinstance(report, messages.Translated):
            return (self._garbage("the translation of a recording"),)
        return (self._signal(report),)

    def closed(self, code: int | None, reason: str) -> ProviderError | None:
        if self._over:
            return None
        why = " The system ended it, perhaps for want of memory." if code in _KILLED else ""
        return InternalError(
            f"The {self._title} process stopped unexpectedly.{why}",
            self._provider,
            None if code is None else str(code),
            vendor_message=reason or None,
        )

    # ------------------------------------------------------------------------------------------- reports

    def _signal(self, report: _Signalled) -> StreamSignal:
        match report:
            case messages.Hearing():
                return Tail[str | int](
                    segment=report.segment,
                    frozen=report.settled,
                    volatile=report.volatile,
                    start=report.start,
                    joining=_joining(report.spaced),
                )
            case messages.Heard():
                return Freeze[str | int](
                    segment=report.segment,
                    text=report.text,
                    words=report.words,
                    language=report.language,
                    start=report.start,
                    end=report.end,
                    joining=_joining(report.spaced),
                )
            case messages.Nothing():
                return Retract[str | int](segment=report.segment)
            case messages.Committed():
                return self._answer(report)
            case messages.Consumed():
                return self._covered(report)
            case _:
                return self._status(report)

    def _status(self, report: _Status) -> StreamSignal:
        match report:
            case messages.Loaded():
                return Ready(report.engine)
            case messages.Speech():
                return VendorSpeech(report.started, report.at)
            case messages.Note():
                return VendorNotice(report.text, report.code)
            case messages.Trouble():
                return Failure(error_of(report, self._provider), report.ends)
            case messages.Finished():
                self._over = True
                return Finished()

    def _answer(self, report: messages.Committed) -> StreamSignal:
        if not self._commits:
            return self._garbage("an answer to a commit that was never sent")
        self._commits -= 1
        return CommitAnswer(report.outcome)

    def _covered(self, report: messages.Consumed) -> StreamSignal:
        if not 0 <= report.samples <= self._sent:
            return self._garbage(f"{report.samples} samples heard of {self._sent} sent")
        return Covered(report.samples)

    def _garbage(self, what: str) -> Failure:
        return Failure(
            StreamingError(f"The {self._title} process sent something unexpected.", self._provider, vendor_message=what)
        )


def error_of(report: messages.Trouble, provider: str) -> ProviderError:
    kind = ModelMissingError if report.model_missing else _ERRORS.get(report.category, InternalError)
    return kind(report.message, provider, report.code, remedy=report.remedy)


def halves(idle_unload_min: float) -> tuple[float, float]:
    """How the minutes until the memory is free are shared out, in seconds: until the worker ends a connection on
    which nothing comes, and from there until its process is ended. A little is always left for the first: a
    connection must not end between two sentences."""
    seconds = 60 * idle_unload_min
    rest = max(5.0, seconds / 2)
    return rest, max(0.0, seconds - rest)


def _joining(spaced: bool) -> Joining:
    return Joining.SPACE if spaced else Joining.VERBATIM
