"""Recordings to text: whole, through a provider's file endpoint, or live, through the same sessions as dictation."""

from __future__ import annotations

import asyncio
import time
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, cast

import msgspec

from debabelizer.contract.description import Ability
from debabelizer.contract.files import FilesToText
from debabelizer.errors import ConfigurationError
from debabelizer.transcriber.answer import (
    OnProgress,
    OnSettled,
    Progress,
    Transcript,
    outcome_of,
    progress_of,
    transcript_of,
)

if TYPE_CHECKING:
    from debabelizer.config import Settings
    from debabelizer.files import FileOutcome, FileStep, FileTranscription

_KEEP_S = 5.0
"""To lose no more than that."""


class _Due:
    """Whether there is more, and the last was told a while ago."""

    def __init__(self, settled: float) -> None:
        self._settled, self._at = settled, float("-inf")

    def __call__(self, settled: float) -> bool:
        now = time.monotonic()
        if settled <= self._settled or now - self._at < _KEEP_S:
            return False
        self._settled, self._at = settled, now
        return True


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
        before: Transcript | None = None,
        on_progress: OnProgress | None = None,
        on_settled: OnSettled | None = None,
        stop: asyncio.Event | None = None,
    ) -> Transcript:
        """The text of one recording, as far as it was understood: a failure on the way, or ``stop``, leaves what is
        done in the answer. ``translate_to`` (BCP 47): and the same in that language; ``with_original``: what was said
        is wanted beside it, though the provider take another request for that. ``before``: what the same provider with
        the same settings made of the beginning; it is gone on with where it is ``settled``. ``on_settled``: what is
        worth keeping, every few seconds while what is settled grows. Raises AudioError for a source that can't be read
        at all, UnsupportedLanguageError where the provider does not translate so, ConfigurationError and the provider's
        other errors where nothing could be started."""
        from debabelizer import registry
        from debabelizer.accounts import Entry, book
        from debabelizer.accounts.budget import warning
        from debabelizer.config.selection import choose, for_recordings
        from debabelizer.files import FileOutcome
        from debabelizer.store import Work

        into = translate_to or ""
        name = provider or choose(self._settings, for_recordings(self._settings), into).provider
        engine = registry.load(name)
        described = engine.description
        target = self._target(name, into)
        spent = await asyncio.to_thread(self._spent, name)
        takes_files = Ability.FILES in described.abilities and isinstance(engine, FilesToText)
        whole = takes_files and self._settings.get("files.method") == "whole"
        ability = Ability.FILES if whole else Ability.STREAM
        begun = outcome_of(before) if before is not None and whole else FileOutcome()
        models = [described.translation_model if target else ""]
        if target and described.translates_alone and with_original:
            models.append("")
        entries = [Entry(book(), self._settings, name, Work.FILE, model=model, ability=ability) for model in models]

        def tell(progress: Progress) -> None:
            for entry in entries:
                entry.grow(progress.done - begun.settled)
            if on_progress is not None:
                on_progress(progress)

        with ExitStack() as stack:
            for entry in entries:
                stack.enter_context(entry.failing())
            if whole:
                job = self._job(cast("FilesToText", engine), target, begun, tell, on_settled)
                job.with_original = with_original
                heard = transcript_of(name, target, await job.run(source, stop or asyncio.Event()))
            else:
                heard = await self._live(name, source, tell, stop or asyncio.Event())
        seconds = heard.duration - begun.settled
        size = len(heard.text) - len(begun.text) + len(heard.translation.text if heard.translation else "")
        cost = 0.0
        for entry in entries:
            entry.provider = heard.provider
            cost += entry.end(seconds=seconds, characters=max(0, size), error=heard.error)
        if self._settings.get("budget.usd"):
            await asyncio.to_thread(book().settle)  # whoever comes next asks what was spent
        if said := warning(self._settings, spent, spent + cost):
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
        self,
        engine: FilesToText,
        target: str,
        before: FileOutcome,
        tell: OnProgress,
        on_settled: OnSettled | None,
    ) -> FileTranscription:
        from debabelizer.audio.bounded.limits import limits_of
        from debabelizer.files import FileTranscription

        name = engine.description.name
        due = _Due(before.settled)

        def told(step: FileStep) -> None:
            tell(progress_of(step))
            if on_settled is not None and due(step.so_far.settled):
                on_settled(transcript_of(name, target, step.so_far))

        return FileTranscription(
            engine,
            msgspec.structs.replace(self._settings.stream_options(name), translate_to=target),
            before=before,
            reads=limits_of(self._settings),
            on_disk=not self._settings.get("storage.keep_nothing"),
            told=told,
        )

    async def _live(
        self, name: str, source: Path | BinaryIO, on_progress: OnProgress, stop: asyncio.Event
    ) -> Transcript:
        from debabelizer.audio.bounded.limits import limits_of
        from debabelizer.audio.decode import decode, probe
        from debabelizer.dictation.assembly import open_session
        from debabelizer.transcriber.live import LiveJob

        reads = limits_of(self._settings)
        info = await asyncio.to_thread(probe, source, taste=True, limits=reads) if isinstance(source, Path) else None
        session = open_session(self._settings, name, 0)
        job = LiveJob(session, name, info.duration if info else None, on_progress)
        return await job.run(decode(source, on_damage=job.notices.append, limits=reads), stop)
