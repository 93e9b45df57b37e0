"""One recording through a provider's file endpoint: prepared, sent piece by piece, tried again, put together."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property, partial

import msgspec

from debabelizer.audio.decode import ANY, Limits
from debabelizer.contract.description import Place
from debabelizer.contract.files import FileProgress, FileSegment, FilesToText, FileTranscript
from debabelizer.contract.stream import StreamOptions
from debabelizer.errors import Category, ProviderError
from debabelizer.events import Joining
from debabelizer.files.desk import desk, load_http
from debabelizer.files.join import joined, shifted, text_of
from debabelizer.files.patience import PATIENCE, Patience, attempted
from debabelizer.files.prepare import Piece, Preparation
from debabelizer.files.source import Given, Source
from debabelizer.streaming.transports import Transports, default_transports
from debabelizer.streaming.transports.gate import Gate
from debabelizer.streaming.transports.gate import Place as GatePlace

_log = logging.getLogger(__name__)
_OFTEN_S = 0.1
"""Nobody reads faster, and showing all of a long text costs."""


class Stage(StrEnum):
    CONVERTING = "converting"
    SENT = "sent"
    """The provider has it, or is getting it."""
    WAITING = "waiting"
    """To try again."""


class FileStep(msgspec.Struct, frozen=True):
    """``so_far``: what is understood, and ``text``: its text, or that of its translation. Seconds of the recording that
    are ``converted`` and ``done``, of ``total`` (None: not known); and, where it is being waited, for how long and
    why."""

    stage: Stage
    so_far: FileOutcome
    converted: float = 0.0
    done: float = 0.0
    total: float | None = None
    text: str = ""
    wait: float = 0.0
    error: ProviderError | None = None


class FileText(msgspec.Struct, frozen=True, kw_only=True):
    segments: tuple[FileSegment, ...] = ()
    joining: Joining = Joining.SPACE

    @property
    def text(self) -> str:
        return text_of(self.segments, self.joining)


class FileOutcome(FileText, frozen=True, kw_only=True):
    """All up to second ``done`` of the recording. ``complete`` is False where it was stopped or failed.
    ``settled``: the second at which another run could go on, keeping the segments that begin before; 0: there is none.
    ``translation``: where one was asked for and something is done."""

    done: float = 0.0
    settled: float = 0.0
    complete: bool = True
    error: ProviderError | None = None
    notices: tuple[str, ...] = ()
    translation: FileText | None = None


@dataclass
class _Part:
    """A piece on its way. ``answer`` None: not there yet."""

    number: int
    start: float
    overlap: float
    seconds: float
    answer: FileTranscript | None = None
    progress: float = 0.0
    heard: FileTranscript | None = None
    """What came of it so far."""
    settles: bool = False
    """That is all up to ``progress``, and stays."""


def _without(said: FileText, half: _Part) -> float:
    """Where ``said`` could be gone on with although it ends with words of a piece that came to no end; 0: nowhere."""
    told_apart = not half.overlap and all(segment.start is not None for segment in said.segments)
    return half.start if told_apart else 0.0


def _together(before: FileText, answer: FileTranscript, part: _Part) -> FileText:
    """``answer`` is what ``part``, the next one, holds."""
    here = [
        msgspec.structs.replace(shifted(segment, part.start), language=segment.language or answer.language)
        for segment in answer.segments
    ]
    segments = joined(before.segments, here, part.start, part.overlap)
    return FileText(segments=tuple(segments), joining=answer.joining)


@dataclass
class FileTranscription:
    """``run`` once. ``told`` is called on the loop with every step. ``with_original``: what was said is wanted beside
    its translation, though that be another request. ``before``: what another run came to, all of it
    settled, which is gone on with."""

    provider: FilesToText
    options: StreamOptions
    before: FileOutcome = field(default_factory=FileOutcome)
    with_original: bool = False
    reads: Limits = ANY
    on_disk: bool = True
    told: Callable[[FileStep], None] = lambda _: None
    patience: Patience = PATIENCE
    transports: Transports | None = None
    _parts: list[_Part] = field(default_factory=list)
    _notices: list[str] = field(default_factory=list)
    _stage: Stage = Stage.CONVERTING
    _converted: float = 0.0
    _total: float | None = None
    _begin: float = 0.0
    _said: FileText = field(default_factory=FileText)
    _translation: FileText | None = None
    _shown: float = 0.0
    _put_together: int = 0
    """Pieces that are in these."""

    def __post_init__(self) -> None:
        self._begin = self.before.settled
        self._said = FileText(segments=self.before.segments, joining=self.before.joining)
        self._notices += self.before.notices

    @property
    def name(self) -> str:
        return self.provider.description.name

    @cached_property
    def _gate(self) -> Gate:
        """A vendor counts the requests of all recordings together; an engine of ours has a process for each."""
        if self.provider.description.place is Place.LOCAL:
            return Gate()
        return (self.transports or default_transports()).gate(self.name)

    async def run(self, given: Given, stop: asyncio.Event) -> FileOutcome:
        """The text, as far as it was understood when it failed or ``stop`` was set. Raises where nothing was:
        AudioError and its kin for a recording that can't be read, the provider's errors."""
        working = asyncio.ensure_future(self._work(given, stop))
        stopping = asyncio.ensure_future(stop.wait())
        try:
            await asyncio.wait({working, stopping}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            stopping.cancel()
            if not working.done():
                working.cancel()
            await asyncio.gather(working, stopping, return_exceptions=True)
        if working.cancelled():
            return self._outcome(complete=False)
        error = working.exception()
        if error is None:
            return self._outcome(complete=not stop.is_set() or self._all_there)
        outcome = self._outcome(complete=False, error=error if isinstance(error, ProviderError) else None)
        if outcome.error is None or not (outcome.segments or self._leading()):
            raise error
        return outcome

    # ------------------------------------------------------------------------------------------------ within

    async def _work(self, given: Given, stop: asyncio.Event) -> None:
        limits = self.provider.file_limits(self.options)
        loop = asyncio.get_running_loop()
        if self.provider.description.place is Place.CLOUD:
            await asyncio.to_thread(load_http)
        source = await self._opened(given, stop)
        preparation = Preparation(
            source,
            limits,
            begin=self._begin,
            reads=self.reads,
            on_disk=self.on_disk,
            told=lambda seconds: self._from_thread(loop, seconds),
            on_damage=lambda text: self._later(loop, text),
        )
        try:
            async with asyncio.TaskGroup() as group:
                async for piece, place in _offered(preparation, self._gate, limits.parallel):
                    self._total = preparation.seconds
                    part = _Part(len(self._parts), piece.start, piece.overlap, piece.sound.seconds)
                    self._parts.append(part)
                    sending = group.create_task(self._send(piece, part), name=f"{self.name} file {part.number}")
                    sending.add_done_callback(partial(_put_back, piece, place))
        except* ProviderError as failed:
            raise _first(failed) from None
        finally:
            await preparation.close()
            source.close()

    async def _opened(self, given: Given, stop: asyncio.Event) -> Source:
        making = asyncio.ensure_future(
            asyncio.to_thread(lambda: Source(given, on_disk=self.on_disk, stopped=stop.is_set))
        )
        try:
            return await asyncio.shield(making)
        except asyncio.CancelledError:
            making.add_done_callback(lambda done: None if done.exception() else done.result().close())
            raise

    async def _send(self, piece: Piece, part: _Part) -> None:
        self._show(Stage.SENT)
        part.answer = await attempted(lambda: self._ask(piece, part), self.patience, self._refused)
        self._gate.answered()
        part.progress = 1.0
        self._notices += [text for text in part.answer.notices if text not in self._notices]
        self._show(Stage.SENT)

    async def _ask(self, piece: Piece, part: _Part) -> FileTranscript:
        part.progress, part.heard = 0.0, None
        await self._gate.opened(self._waits)

        def tell(progress: FileProgress) -> None:
            part.progress = part.progress if progress.done is None else min(1.0, max(0.0, progress.done))
            part.heard = progress.so_far or part.heard
            part.settles = progress.heard is not None and progress.done is not None
            _log.debug("understood up to %.1f s", part.start + part.progress * part.seconds)
            if time.monotonic() - self._shown >= _OFTEN_S:
                self._show(Stage.SENT)

        async with desk(self.transports or default_transports(), self.name) as lent:
            answer = await self.provider.transcribe_file(piece.sound, self.options, lent, tell)
            if not self.with_original or answer.translation is None or answer.segments:
                return answer
            plain = msgspec.structs.replace(self.options, translate_to="")
            said = await self.provider.transcribe_file(piece.sound, plain, lent, lambda _: None)
            notices = tuple(dict.fromkeys((*answer.notices, *said.notices)))
            return msgspec.structs.replace(said, translation=answer.translation, notices=notices)

    # ---------------------------------------------------------------------------------------------- telling

    def _from_thread(self, loop: asyncio.AbstractEventLoop, seconds: float) -> None:
        self._converted = seconds
        if self._stage is Stage.CONVERTING:
            with contextlib.suppress(RuntimeError):  # the loop has ended
                loop.call_soon_threadsafe(self._show, self._stage)

    def _later(self, loop: asyncio.AbstractEventLoop, notice: str) -> None:
        with contextlib.suppress(RuntimeError):
            loop.call_soon_threadsafe(self._notices.append, notice)

    def _refused(self, seconds: float, error: ProviderError) -> None:
        if error.category is Category.RATE_LIMIT:
            self._gate.leave_alone(seconds, error)
        self._waits(seconds, error)

    def _waits(self, seconds: float, error: ProviderError) -> None:
        self._show(Stage.WAITING, seconds, error)

    def _show(self, stage: Stage, wait: float = 0.0, error: ProviderError | None = None) -> None:
        self._stage, self._shown = stage, time.monotonic()
        done = self._begin + sum(part.progress * (part.seconds - part.overlap) for part in self._parts)
        shown = self._outcome(complete=False)
        text = shown.text or (shown.translation.text if shown.translation else "")
        self.told(FileStep(stage, shown, self._converted, done, self._total, text, wait, error))

    # ------------------------------------------------------------------------------------------- the outcome

    @property
    def _all_there(self) -> bool:
        return bool(self._parts) and all(part.answer is not None for part in self._parts)

    def _leading(self) -> list[_Part]:
        """The pieces from the beginning that are understood without a gap."""
        count = next((n for n, part in enumerate(self._parts) if part.answer is None), len(self._parts))
        return self._parts[:count]

    def _outcome(self, *, complete: bool, error: ProviderError | None = None) -> FileOutcome:
        leading = self._leading()
        for part in leading[self._put_together :]:
            assert part.answer is not None
            self._said, self._translation = self._with(part.answer, part)
        self._put_together = len(leading)
        said, translation = self._said, self._translation
        settled = done = leading[-1].start + leading[-1].seconds if leading else self._begin
        if not complete and len(leading) < len(self._parts):  # what came of the next piece
            half = self._parts[len(leading)]
            if half.heard is not None:
                said, translation = self._with(half.heard, half)
                done = max(done, half.start + half.progress * half.seconds)
                settled = done if half.settles else _without(said, half)
        return FileOutcome(
            segments=said.segments,
            joining=said.joining,
            done=done,
            settled=0.0 if translation is not None else settled,
            complete=complete,
            error=error,
            notices=tuple(self._notices),
            translation=translation,
        )

    def _with(self, answer: FileTranscript, part: _Part) -> tuple[FileText, FileText | None]:
        """What was said and its translation, up to the end of ``answer``."""
        said = _together(self._said, answer, part)
        if answer.translation is None:
            return said, self._translation
        return said, _together(self._translation or FileText(), answer.translation, part)


async def _offered(
    preparation: Preparation, gate: Gate, parallel: int
) -> AsyncGenerator[tuple[Piece, GatePlace], None]:
    """Pieces, each as soon as it is made and there is a place for it; one is made ahead."""
    pieces = preparation.pieces()
    try:
        async for piece in pieces:
            try:
                place = await gate.enter(parallel)
            except BaseException:
                piece.close()
                raise
            yield piece, place
    finally:
        preparation.stop()
        await pieces.aclose()


def _put_back(piece: Piece, place: GatePlace, _: object) -> None:
    """However the sending ended, be it before it began."""
    piece.close()
    place.close()


def _first(group: BaseExceptionGroup[ProviderError]) -> ProviderError:
    error: BaseException = group
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    assert isinstance(error, ProviderError)
    return error


__all__ = ["FileOutcome", "FileStep", "FileText", "FileTranscription", "Stage"]
