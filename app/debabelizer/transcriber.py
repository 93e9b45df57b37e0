"""Recordings to text: whole, through a provider's file endpoint, or live, through the same sessions as dictation."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, cast

import msgspec

from debabelizer.contract.audio import PCM_16K
from debabelizer.contract.description import Ability
from debabelizer.contract.files import FilesToText
from debabelizer.contract.stream import CommitOutcome
from debabelizer.dictation.wording import provider_changed
from debabelizer.errors import ConfigurationError, ProviderError
from debabelizer.events import (
    Committed,
    Corrected,
    ErrorOccurred,
    Notice,
    Partial,
    ProviderChanged,
    Retracted,
    SessionEvent,
    Word,
)

if TYPE_CHECKING:
    from debabelizer.audio.decode import Pieces
    from debabelizer.config import Settings
    from debabelizer.files import FileOutcome, FileStep, FileText, FileTranscription
    from debabelizer.streaming import Session
    from debabelizer.transcript import SegmentMap

_log = logging.getLogger(__name__)

_LONGEST_UTTERANCE = 30.0
"""Seconds after which a file is committed even without a pause: what is understood by then is safe."""
_SHORTEST_UTTERANCE = 4.0
"""Seconds below which a pause is no reason to commit: recognisers understand sentences better than words."""
_PAUSE = 0.6


class Progress(msgspec.Struct, frozen=True):
    """``done`` and ``total`` are seconds of audio (total None: not known); ``text`` is all understood so far.

    ``stage``: ``live``, or of a file ``converting`` (``converted`` seconds so far), ``sent``, or ``waiting`` (``wait``
    seconds, to try again after ``error``)."""

    done: float
    total: float | None
    text: str
    stage: str = "live"
    converted: float = 0.0
    wait: float = 0.0
    error: ProviderError | None = None


class TranscriptSegment(msgspec.Struct, frozen=True, kw_only=True):
    """Times are seconds from the start of the recording."""

    text: str
    start: float | None = None
    end: float | None = None
    language: str | None = None
    speaker: str | None = None
    channel: int | None = None
    words: tuple[Word, ...] = ()


class Translation(msgspec.Struct, frozen=True, kw_only=True):
    """``language`` is BCP 47."""

    language: str
    text: str
    segments: tuple[TranscriptSegment, ...] = ()


class Transcript(msgspec.Struct, frozen=True, kw_only=True):
    """``complete`` is False where it was stopped or failed; ``error`` says why it failed. ``notices``: what the
    provider or the decoder wanted to be known. ``translation``: where one was asked for; ``text`` and ``segments`` are
    what was said, and empty where the provider gave nothing but the translation."""

    provider: str
    text: str
    duration: float
    segments: tuple[TranscriptSegment, ...] = ()
    complete: bool = True
    error: ProviderError | None = None
    notices: tuple[str, ...] = ()
    translation: Translation | None = None

    @property
    def translated(self) -> Transcript:
        """The same with the translation in place of what was said."""
        found = self.translation or Translation(language="", text="")
        return msgspec.structs.replace(self, text=found.text, segments=found.segments)


OnProgress = Callable[[Progress], None]


class Transcriber:
    """Recordings to text with the settings' provider, or another one for a single recording."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    async def transcribe(
        self,
        source: Path | BinaryIO,
        provider: str | None = None,
        *,
        translate_to: str | None = None,
        with_original: bool = False,
        on_progress: OnProgress | None = None,
        stop: asyncio.Event | None = None,
    ) -> Transcript:
        """The text of one recording, as far as it was understood: a failure on the way, or ``stop``, leaves what is
        done in the answer. ``translate_to`` (BCP 47): and the same in that language; ``with_original``: what was said
        is wanted beside it, though the provider take another request for that. Raises AudioError for a source that
        can't be read at all, UnsupportedLanguageError where the provider does not translate so, ConfigurationError and
        the provider's other errors where nothing could be started."""
        from debabelizer import registry
        from debabelizer.accounts import Entry, book
        from debabelizer.accounts.budget import warning
        from debabelizer.config.selection import choose, for_recordings
        from debabelizer.store import Work

        into = translate_to or ""
        name = provider or choose(self._settings, for_recordings(self._settings), into).provider
        engine = registry.load(name)
        described = engine.description
        target = self._target(name, into)
        before = await asyncio.to_thread(self._spent, name)
        takes_files = Ability.FILES in described.abilities and isinstance(engine, FilesToText)
        whole = takes_files and self._settings.get("files.method") == "whole"
        ability = Ability.FILES if whole else Ability.STREAM
        models = [described.translation_model if target else ""]
        if target and described.translates_alone and with_original:
            models.append("")
        entries = [Entry(book(), self._settings, name, Work.FILE, model=model, ability=ability) for model in models]

        def tell(progress: Progress) -> None:
            for entry in entries:
                entry.grow(progress.done)
            if on_progress is not None:
                on_progress(progress)

        with ExitStack() as stack:
            for entry in entries:
                stack.enter_context(entry.failing())
            if whole:
                job = self._job(cast("FilesToText", engine), target, with_original=with_original, on_progress=tell)
                heard = _transcript(name, target, await job.run(source, stop or asyncio.Event()))
            else:
                heard = await self._live(name, source, tell, stop or asyncio.Event())
        size = len(heard.text) + len(heard.translation.text if heard.translation else "")
        cost = 0.0
        for entry in entries:
            entry.provider = heard.provider
            cost += entry.end(seconds=heard.duration, characters=size, error=heard.error)
        if self._settings.get("budget.usd"):
            await asyncio.to_thread(book().settle)  # whoever comes next asks what was spent
        if said := warning(self._settings, before, before + cost):
            return msgspec.structs.replace(heard, notices=(*heard.notices, said))
        return heard

    def _target(self, provider: str, into: str) -> str:
        """What to ask the provider for. Raises ConfigurationError, UnsupportedLanguageError."""
        from debabelizer.config.translating import require

        if not into:
            return ""
        if self._settings.get("files.method") != "whole":
            raise ConfigurationError(
                "Only whole files are translated, and the settings have them sent as live speech (files.method).",
                provider,
            )
        return require(self._settings, provider, into)

    def _spent(self, provider: str) -> float:
        """This month, in US dollars. Raises QuotaExceededError where it is enough."""
        from debabelizer.accounts.budget import budget, require

        require(self._settings, provider)
        return budget(self._settings).spent

    def _job(
        self, engine: FilesToText, target: str, *, with_original: bool, on_progress: OnProgress
    ) -> FileTranscription:
        from debabelizer.audio.bounded.limits import limits_of
        from debabelizer.files import FileTranscription

        options = self._settings.stream_options(engine.description.name)
        return FileTranscription(
            engine,
            msgspec.structs.replace(options, translate_to=target),
            with_original=with_original,
            reads=limits_of(self._settings),
            on_disk=not self._settings.get("storage.keep_nothing"),
            told=lambda step: on_progress(_progress(step)),
        )

    async def _live(
        self, name: str, source: Path | BinaryIO, on_progress: OnProgress, stop: asyncio.Event
    ) -> Transcript:
        from debabelizer.audio.bounded.limits import limits_of
        from debabelizer.audio.decode import decode, probe
        from debabelizer.dictation.assembly import open_session

        reads = limits_of(self._settings)
        info = await asyncio.to_thread(probe, source, taste=True, limits=reads) if isinstance(source, Path) else None
        session = open_session(self._settings, name, 0)
        job = _Job(session, name, info.duration if info else None, on_progress)
        return await job.run(decode(source, on_damage=job.notices.append, limits=reads), stop)


def _progress(step: FileStep) -> Progress:
    return Progress(step.done, step.total, step.text, step.stage, step.converted, step.wait, step.error)


def _transcript(provider: str, target: str, outcome: FileOutcome) -> Transcript:
    translated = outcome.translation
    return Transcript(
        provider=provider,
        text=outcome.text,
        duration=outcome.done,
        segments=_segments(outcome),
        complete=outcome.complete,
        error=outcome.error,
        notices=outcome.notices,
        translation=Translation(language=target, text=translated.text, segments=_segments(translated, target))
        if translated is not None
        else None,
    )


def _segments(heard: FileText, language: str | None = None) -> tuple[TranscriptSegment, ...]:
    return tuple(
        TranscriptSegment(
            text=s.text.strip(),
            start=s.start,
            end=s.end,
            language=language or s.language,
            speaker=s.speaker,
            channel=s.channel,
            words=s.words,
        )
        for s in heard.segments
        if s.text.strip()
    )


class _Job:
    """One recording on its way through one session."""

    def __init__(self, session: Session, provider: str, total: float | None, on_progress: OnProgress) -> None:
        from debabelizer.audio.speech import SpeechDetector
        from debabelizer.transcript import SegmentMap

        self._session, self._provider, self._total, self._on_progress = session, provider, total, on_progress
        self._map: SegmentMap = SegmentMap()
        self._pauses = SpeechDetector(_PAUSE)
        self.notices: list[str] = []
        self._error: ProviderError | None = None
        self._fed = 0
        self._committed = 0

    async def run(self, pieces: Pieces, stop: asyncio.Event) -> Transcript:
        listening = asyncio.create_task(self._listen())
        complete = False
        try:
            await self._session.connect()
            complete = await self._feed(pieces, stop)
            await self._session.disconnect()
            await listening
        except ProviderError as error:
            if not self._map.text:
                raise
            self._error, complete = error, False
        finally:
            await self._session.abort()
            listening.cancel()
            with suppress(asyncio.CancelledError):
                await listening
        return self._transcript(complete)

    async def _feed(self, pieces: Pieces, stop: asyncio.Event) -> bool:
        """Sends the recording, utterance by utterance, each understood before the next is sent: memory and the
        provider's patience are bounded however long the recording is. False: it was stopped."""
        try:
            async for pcm in _slices(pieces):
                if stop.is_set():
                    return False
                await self._session.send(pcm)
                self._fed += len(pcm)
                if self._is_good_place(pcm):
                    await self._commit()
                self._tell()
        finally:
            await asyncio.to_thread(pieces.close)
        await self._commit()
        self._tell()
        return True

    def _is_good_place(self, pcm: bytes) -> bool:
        paused = any(mark.kind == "ended" for mark in self._pauses.feed(pcm))
        waiting = _seconds(self._fed - self._committed)
        return waiting >= _LONGEST_UTTERANCE or (paused and waiting >= _SHORTEST_UTTERANCE)

    async def _commit(self) -> None:
        self._committed = self._fed
        result = await self._session.commit()
        _log.debug("understood up to %.1f s: %s", _seconds(self._fed), result.outcome)
        if result.outcome in (CommitOutcome.FAILED, CommitOutcome.TIMED_OUT):
            raise result.error or ProviderError("The provider did not answer.", self._provider)

    async def _listen(self) -> None:
        async for event in self._session.events():
            self._take(event)

    def _take(self, event: SessionEvent) -> None:
        match event:
            case (
                Partial(change=change) | Committed(change=change) | Corrected(change=change) | Retracted(change=change)
            ):
                self._map.apply(change)
                self._tell()
            case Notice(text=text):
                self.notices.append(text)
            case ProviderChanged(provider=provider):
                self._provider = provider
                self.notices.append(provider_changed(event))
            case ErrorOccurred(error=error, fatal=True):
                self._error = error
            case _:  # states and speech marks: of no interest to a file
                return

    def _tell(self) -> None:
        self._on_progress(Progress(_seconds(self._fed), self._total, self._map.text))

    def _transcript(self, complete: bool) -> Transcript:
        segments = tuple(
            TranscriptSegment(text=s.text.strip(), start=s.start, end=s.end, language=s.language, words=s.words)
            for s in self._map.segments()
            if s.text.strip()
        )
        return Transcript(
            provider=self._provider,
            text=self._map.text.strip(),
            duration=_seconds(self._fed),
            segments=segments,
            complete=complete,
            error=self._error,
            notices=tuple(self.notices),
        )


_SLICE = PCM_16K.bytes_per_second // 5


async def _slices(pieces: Pieces) -> AsyncIterator[bytes]:
    """Fifths of a second of the recording, whatever the sizes of its pieces; reading and decoding happen in a
    thread."""
    rest = b""
    while (piece := await asyncio.to_thread(next, pieces, None)) is not None:
        rest += piece
        whole = len(rest) - len(rest) % _SLICE
        for at in range(0, whole, _SLICE):
            yield rest[at : at + _SLICE]
        rest = rest[whole:]
    if rest:
        yield rest


def _seconds(size: int) -> float:
    return size / PCM_16K.bytes_per_second
