"""An engine on this machine that understands a recording bit by bit, and stops before its end until it is let go on."""

from __future__ import annotations

import asyncio
import wave

import numpy as np

from debabelizer.contract import FileDesk, FileProgress, FileSegment, FileTranscript, Recording, StreamOptions, Tell
from debabelizer_providers.sphinx import Sphinx
from fakes.recognisers import numbered

BIT_S = 2


class HeldEngine(Sphinx):
    """``held``: while it is set, the first bit of a recording is all it understands. ``heard``: the seconds of each
    recording it was given."""

    def __init__(self) -> None:
        self.held = False
        self.heard: list[float] = []

    async def transcribe_file(
        self, recording: Recording, options: StreamOptions, desk: FileDesk, tell: Tell
    ) -> FileTranscript:
        self.heard.append(recording.seconds)
        segments: list[FileSegment] = []
        with recording.open() as file, wave.open(file) as sound:
            while pcm := sound.readframes(BIT_S * 16_000):
                end = len(segments) * BIT_S + len(pcm) / 32_000
                text = " ".join(word.text for word in numbered(0, np.frombuffer(pcm, np.int16), True))
                segments.append(FileSegment(text=text, start=float(len(segments) * BIT_S), end=end))
                progress = FileProgress(end / recording.seconds, heard=FileTranscript(segments=tuple(segments)))
                tell(progress)
                while self.held:
                    await asyncio.sleep(0.05)
                    tell(progress)  # what comes too often is not shown
                await asyncio.sleep(0)
        return FileTranscript(segments=tuple(segments))
