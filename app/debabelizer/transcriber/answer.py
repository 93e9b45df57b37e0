"""What becomes of a recording: its text with times, and how far it is."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import msgspec

from debabelizer.errors import ProviderError
from debabelizer.events import Word

if TYPE_CHECKING:
    from debabelizer.files import FileOutcome, FileStep, FileText


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
    """``complete`` is False where it was stopped or failed; ``error`` says why it failed. ``settled``: the second at
    which another run can go on, which may keep the segments that begin before; 0: nowhere. ``notices``: what the
    provider or the decoder wanted to be known. ``translation``: where one was asked for; ``text`` and ``segments`` are
    what was said, and empty where the provider gave nothing but the translation."""

    provider: str
    text: str
    duration: float
    segments: tuple[TranscriptSegment, ...] = ()
    settled: float = 0.0
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
OnSettled = Callable[[Transcript], None]


def progress_of(step: FileStep) -> Progress:
    return Progress(step.done, step.total, step.text, step.stage, step.converted, step.wait, step.error)


def transcript_of(provider: str, target: str, outcome: FileOutcome) -> Transcript:
    translated = outcome.translation
    return Transcript(
        provider=provider,
        text=outcome.text,
        duration=outcome.done,
        segments=_segments(outcome),
        settled=outcome.settled,
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


def outcome_of(transcript: Transcript) -> FileOutcome:
    """What is settled, to be gone on with."""
    from debabelizer.contract.files import FileSegment
    from debabelizer.files import FileOutcome

    if not transcript.settled:
        return FileOutcome()
    names = [field.name for field in msgspec.structs.fields(FileSegment)]
    settled = [s for s in transcript.segments if (s.start or 0.0) < transcript.settled]
    return FileOutcome(
        segments=tuple(FileSegment(**{name: getattr(s, name) for name in names}) for s in settled),
        settled=transcript.settled,
        notices=transcript.notices,
    )
