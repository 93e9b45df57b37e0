"""What the window shows, as the engine's exporters take it."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from debabelizer.transcript import Segment
from debabelizer_desktop.models.transcript import TranscriptModel

if TYPE_CHECKING:
    from debabelizer.transcriber import Transcript, TranscriptSegment

_GUESSED_S_PER_CHARACTER = 0.065
"""Speaking pace, where the provider gave no times."""
_PROSE = frozenset({"txt", "md", "docx"})


async def export(transcript: Transcript, path: Path, form: str, *, paragraphs: bool = True) -> None:
    """``paragraphs``: each segment is one. Raises StorageError."""
    from debabelizer.export.documents import write
    from debabelizer.export.saving import save

    def written() -> None:
        save(path, write(transcript, form, path.stem, paragraphs=paragraphs and form in _PROSE))

    await asyncio.to_thread(written)


def form_of(path: Path) -> str:
    """By the file's suffix; plain text for any other."""
    from debabelizer.export.documents import FORMS

    suffix = path.suffix.lstrip(".").lower()
    return suffix if suffix in FORMS else "txt"


def transcript_of(model: TranscriptModel, form: str) -> Transcript:
    """As it stands now: for prose the paragraphs of the screen, for all else each segment with its times."""
    from debabelizer.transcriber import Transcript

    axis = _Axis()
    found: list[TranscriptSegment] = []
    for paragraph in model.paragraphs:
        parts = [axis.placed(model.map.segment(name)) for name in paragraph.segments]
        said = [part for part in parts if part.text]
        if form in _PROSE and said:
            said = [_one(said, model.text(paragraph).text.strip())]
        found += said
    return Transcript(provider="", text=model.whole_text(), duration=axis.end, segments=tuple(found))


def _one(parts: list[TranscriptSegment], text: str) -> TranscriptSegment:
    from debabelizer.transcriber import TranscriptSegment

    return TranscriptSegment(text=text, start=parts[0].start, end=parts[-1].end, language=parts[0].language)


class _Axis:
    """One axis of time for all that was said: a session counts from its own beginning, and the next one anew."""

    def __init__(self) -> None:
        self.end = 0.0
        self._shift = 0.0

    def placed(self, segment: Segment) -> TranscriptSegment:
        from debabelizer.transcriber import TranscriptSegment

        text = segment.text.strip()
        start = self.end if segment.start is None else segment.start + self._shift
        if start < self.end:
            self._shift += self.end - start
            start = self.end
        guess = len(text) * _GUESSED_S_PER_CHARACTER
        self.end = start + guess if segment.end is None else max(start, segment.end + self._shift)
        words = tuple(
            msgspec.structs.replace(word, start=word.start + self._shift, end=word.end + self._shift)
            for word in segment.words
        )
        return TranscriptSegment(text=text, start=start, end=self.end, language=segment.language, words=words)
