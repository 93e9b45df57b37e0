"""The transcript as a file: plain text, Markdown, SubRip captions, JSON. Each holds what the screen shows."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from enum import StrEnum
from pathlib import Path
from typing import Any

from debabelizer.errors import StorageError
from debabelizer.transcript import Segment
from debabelizer_desktop.models.transcript import TranscriptModel

_LONGEST_CAPTION_S = 6.0
_GUESSED_S_PER_CHARACTER = 0.065
"""Speaking pace, where the provider gave no end time."""


class ExportForm(StrEnum):
    TEXT = "txt"
    MARKDOWN = "md"
    CAPTIONS = "srt"
    JSON = "json"


def export(model: TranscriptModel, path: Path) -> None:
    """Write the form that the file's suffix names (plain text for any other). Raises StorageError."""
    suffix = path.suffix.lstrip(".").lower()
    form = next((form for form in ExportForm if form.value == suffix), ExportForm.TEXT)
    try:
        path.write_text(_WRITERS[form](model), encoding="utf-8")
    except OSError as error:
        raise StorageError(f"The transcript was not saved: {path} can't be written ({error.strerror}).") from error


def as_text(model: TranscriptModel) -> str:
    return model.whole_text() + "\n"


def as_markdown(model: TranscriptModel) -> str:
    """One paragraph each, with its time; characters that Markdown reads as marks are escaped."""
    pieces, day = [], None
    for paragraph in model.paragraphs:
        text = model.text(paragraph).text.strip()
        if not text:
            continue
        if paragraph.when.date() != day:
            day = paragraph.when.date()
            pieces.append(f"## {day.isoformat()}")
        pieces.append(f"**{paragraph.when:%H:%M}** {_escaped(text)}")
    return "\n\n".join(pieces) + "\n"


def as_captions(model: TranscriptModel) -> str:
    blocks = []
    for number, (start, end, text) in enumerate(_captions(model), start=1):
        blocks.append(f"{number}\n{_stamp(start)} --> {_stamp(end)}\n{text}\n")
    return "\n".join(blocks)


def as_json(model: TranscriptModel) -> str:
    paragraphs: list[dict[str, Any]] = []
    for paragraph in model.paragraphs:
        segments = [_segment(model.map.segment(name)) for name in paragraph.segments]
        paragraphs.append(
            {
                "time": paragraph.when.isoformat(timespec="seconds"),
                "text": model.text(paragraph).text.strip(),
                "segments": segments,
            }
        )
    return json.dumps({"text": model.whole_text(), "paragraphs": paragraphs}, ensure_ascii=False, indent=2) + "\n"


def _segment(segment: Segment) -> dict[str, Any]:
    found: dict[str, Any] = {
        "text": segment.text,
        "start": segment.start,
        "end": segment.end,
        "final": segment.committed,
        "language": segment.language,
    }
    if segment.words:
        found["words"] = [
            {"text": word.text, "start": word.start, "end": word.end, "confidence": word.confidence}
            for word in segment.words
        ]
    return found


def _captions(model: TranscriptModel) -> Iterator[tuple[float, float, str]]:
    """Start, end, text; split into captions one can read, never overlapping."""
    after = 0.0
    for paragraph in model.paragraphs:
        for name in paragraph.segments:
            segment = model.map.segment(name)
            if not segment.text.strip():
                continue
            for start, end, text in _split(segment, after):
                yield start, end, text
                after = end


def _split(segment: Segment, after: float) -> list[tuple[float, float, str]]:
    if not segment.words:
        start = max(after, segment.start or after)
        end = segment.end or start + max(1.0, len(segment.text) * _GUESSED_S_PER_CHARACTER)
        return [(start, max(end, start + 0.1), segment.text.strip())]
    lines: list[tuple[float, float, str]] = []
    for word in segment.words:
        start = max(after, word.start)
        if lines and word.end - lines[-1][0] <= _LONGEST_CAPTION_S:
            first, _, text = lines[-1]
            lines[-1] = (first, max(word.end, first + 0.1), f"{text} {word.text}")
        else:
            lines.append((max(start, lines[-1][1] if lines else after), max(word.end, start + 0.1), word.text))
    return lines


def _stamp(seconds: float) -> str:
    ms = round(seconds * 1000)
    return f"{ms // 3_600_000:02d}:{ms // 60_000 % 60:02d}:{ms // 1000 % 60:02d},{ms % 1000:03d}"


def _escaped(text: str) -> str:
    return "".join(f"\\{c}" if c in "\\`*_{}[]<>#|" else c for c in text)


_WRITERS: dict[ExportForm, Callable[[TranscriptModel], str]] = {
    ExportForm.TEXT: as_text,
    ExportForm.MARKDOWN: as_markdown,
    ExportForm.CAPTIONS: as_captions,
    ExportForm.JSON: as_json,
}
