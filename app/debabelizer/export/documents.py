"""A transcript as a document: plain text, Markdown, a table, JSON, Word."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import msgspec

from debabelizer.events import Joining
from debabelizer.export.cues import Cue, Rules, Said, cues_of
from debabelizer.export.subtitles import as_srt, as_vtt
from debabelizer.export.word import Run, document
from debabelizer.transcript import joined

if TYPE_CHECKING:
    from debabelizer.transcriber import Transcript, TranscriptSegment

FORMS = ("txt", "md", "srt", "vtt", "json", "tsv", "docx")

_PARAGRAPH_S = 2.0
"""A silence of so many seconds begins a new paragraph."""
_LONGEST_PARAGRAPH = 600
"""Characters after which the next sentence begins a new one."""


def write(
    transcript: Transcript, form: str, title: str, rules: Rules | None = None, *, paragraphs: bool = False
) -> bytes:
    """The file's content, UTF-8 where it is text. ``title`` heads Markdown and Word, ``rules`` are those of subtitles.
    ``paragraphs``: each segment is one; else prose gets its paragraphs where somebody else speaks or pauses are. Raises
    KeyError for a form that is none of :data:`FORMS`."""
    if form in _PROSE:
        said = list(said_in(transcript)) if paragraphs else _paragraphs(transcript)
        return _PROSE[form](said, title)
    text = {
        "srt": lambda t: as_srt(_cues(t, rules)),
        "vtt": lambda t: as_vtt(_cues(t, rules)),
        "json": _json,
        "tsv": _table,
    }[form](transcript)
    return text.encode()


def _text(paragraphs: Sequence[Said], _: str) -> bytes:
    """A paragraph a line, each speaker named."""
    return ("\n".join(map(_named, paragraphs)) + "\n").encode()


def _named(said: Said) -> str:
    return f"{said.speaker}: {said.text}" if said.speaker else said.text


def _markdown(paragraphs: Sequence[Said], title: str) -> bytes:
    pieces = [f"# {_escaped(title)}"]
    for said in paragraphs:
        speaker = f" {_escaped(said.speaker)}:" if said.speaker else ""
        pieces.append(f"**{_clock(said.start)}{speaker}** {_escaped(said.text)}")
    return ("\n\n".join(pieces) + "\n").encode()


def _json(transcript: Transcript) -> str:
    return msgspec.json.format(msgspec.json.encode(data(transcript)), indent=2).decode() + "\n"


def data(transcript: Transcript) -> dict[str, Any]:
    """All that is known of the text, as plain values; the error as its sentence."""
    names = [name for name in transcript.__struct_fields__ if name not in ("settled", "error")]
    found = {name: getattr(transcript, name) for name in names}
    found["segments"] = [msgspec.to_builtins(segment) for segment in transcript.segments]
    found["translation"] = msgspec.to_builtins(transcript.translation)
    return {**found, "error": transcript.error.message if transcript.error else None}


def _table(transcript: Transcript) -> str:
    """Start and end in milliseconds, speaker, text; tabs between, as Whisper's tools have it."""
    rows = ["start\tend\tspeaker\ttext"]
    for segment in transcript.segments:
        start, end = (round((at or 0.0) * 1000) for at in (segment.start, segment.end))
        rows.append(f"{start}\t{end}\t{segment.speaker or ''}\t{' '.join(segment.text.split())}")
    return "\n".join(rows) + "\n"


def _docx(paragraphs: Sequence[Said], title: str) -> bytes:
    return document(title, ([Run(_introduction(said), bold=True), Run(said.text)] for said in paragraphs))


def _introduction(said: Said) -> str:
    return f"{_clock(said.start)} {said.speaker}: " if said.speaker else f"{_clock(said.start)} "


_PROSE: dict[str, Callable[[Sequence[Said], str], bytes]] = {"txt": _text, "md": _markdown, "docx": _docx}


# --------------------------------------------------------------------------------------------------- within


def _cues(transcript: Transcript, rules: Rules | None) -> Sequence[Cue]:
    return cues_of(said_in(transcript), rules)


def said_in(transcript: Transcript) -> Iterator[Said]:
    """What was said when, where the provider told the times; else a guess by length over the whole recording."""
    segments = transcript.segments
    timed = [segment for segment in segments if segment.start is not None]
    if segments and len(timed) == len(segments):
        for segment in segments:
            yield _said(segment)
    elif transcript.text.strip():
        yield Said(text=transcript.text, start=0.0, end=transcript.duration)


def _said(segment: TranscriptSegment) -> Said:
    start = segment.start or 0.0
    end = segment.end if segment.end is not None else segment.words[-1].end if segment.words else start
    named = segment.speaker or (f"Channel {segment.channel + 1}" if segment.channel is not None else None)
    return Said(text=segment.text, start=start, end=max(start, end), words=segment.words, speaker=named)


def _paragraphs(transcript: Transcript) -> list[Said]:
    """Of one speaker, until a pause or until they grow long."""
    found: list[Said] = []
    for said in said_in(transcript):
        last = found[-1] if found else None
        text = " ".join(said.text.split())
        if (
            last is not None
            and last.speaker == said.speaker
            and said.start - last.end < _PARAGRAPH_S
            and len(last.text) < _LONGEST_PARAGRAPH
        ):
            both = joined((part, Joining.SPACE) for part in (last.text, text))
            found[-1] = Said(text=both, start=last.start, end=said.end, speaker=said.speaker)
        else:
            found.append(Said(text=text, start=said.start, end=said.end, speaker=said.speaker))
    return found


def _clock(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes // 60}:{minutes % 60:02d}:{rest:02d}"


def _escaped(text: str) -> str:
    return "".join(f"\\{c}" if c in "\\`*_{}[]<>#|" else c for c in text)
