"""Subtitle files: SubRip and WebVTT."""

from __future__ import annotations

from collections.abc import Sequence

from debabelizer.export.cues import Cue


def as_srt(cues: Sequence[Cue]) -> str:
    """SubRip. It knows no speakers: a new one is named before what is said."""
    parts: list[str] = []
    speaker: str | None = None
    for number, cue in enumerate(cues, 1):
        named = f"{cue.speaker}: " if cue.speaker and cue.speaker != speaker else ""
        speaker = cue.speaker
        parts.append(f"{number}\n{_stamp(cue.start, ',')} --> {_stamp(cue.end, ',')}\n{named}{cue.text}\n")
    return "\n".join(parts)


def as_vtt(cues: Sequence[Cue]) -> str:
    """WebVTT, speakers as voices."""
    parts = ["WEBVTT\n"]
    for cue in cues:
        voice = f"<v {_plain(cue.speaker)}>" if cue.speaker else ""
        parts.append(f"{_stamp(cue.start, '.')} --> {_stamp(cue.end, '.')}\n{voice}{_plain(cue.text)}\n")
    return "\n".join(parts)


def _plain(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _stamp(seconds: float, mark: str) -> str:
    minutes, ms = divmod(round(seconds * 1000), 60_000)
    return f"{minutes // 60:02d}:{minutes % 60:02d}:{ms // 1000:02d}{mark}{ms % 1000:03d}"
