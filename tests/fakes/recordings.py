"""The recordings in ``tests/data/speech``, what is said in them, and how wrong a text is."""

from __future__ import annotations

import json
import wave
from dataclasses import dataclass
from functools import cache
from pathlib import Path

DATA = Path(__file__).parent.parent / "data"
SPEECH = DATA / "speech"
TINY_WHISPER = DATA / "whisper-tiny-words"
RATE = 16_000


@dataclass(frozen=True)
class Recording:
    """``pcm``: 16-bit mono 16 kHz; ``words``: text, start and end in seconds (empty where not known)."""

    path: Path
    pcm: bytes
    text: str
    words: tuple[tuple[str, float, float], ...]

    @property
    def seconds(self) -> float:
        return len(self.pcm) / 2 / RATE


@cache
def recording(name: str) -> Recording:
    """``name``: the file's, without number and ending (``hello_test``)."""
    for entry in json.loads((SPEECH / "manifest.json").read_text())["files"]:
        if entry["file"].split("_", 1)[1] == f"{name}.wav":
            path = SPEECH / entry["file"]
            with wave.open(str(path)) as file:
                pcm = file.readframes(file.getnframes())
            words = tuple((text, start, end) for text, start, end in entry["words"])
            return Recording(path, pcm, entry["text"], words)
    raise KeyError(name)


def silence(seconds: float) -> bytes:
    return bytes(2 * int(seconds * RATE))


def plain(text: str) -> str:
    """Without case and marks."""
    return " ".join("".join(c for c in text.lower() if c.isalnum() or c.isspace()).split())


def words_wrong(said: str, heard: str) -> float:
    """Word error rate: substitutions, insertions and deletions for each word said."""
    a, b = plain(said).split(), plain(heard).split()
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        before, row[0] = row[0], i
        for j, y in enumerate(b, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (x != y))
    return row[-1] / max(1, len(a))
