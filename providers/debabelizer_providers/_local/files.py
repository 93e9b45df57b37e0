"""Whole recordings to a local engine: its worker gets the sound as fast as it takes it, and reports segments."""

from __future__ import annotations

import asyncio
import wave

import msgspec

from debabelizer.contract import (
    Container,
    FileDesk,
    FileLimits,
    FileProgress,
    FileSegment,
    FileTranscript,
    Recording,
    Tell,
    WorkerCall,
    WorkerOpening,
)
from debabelizer.errors import ProviderError, StreamingError
from debabelizer.events import Joining
from debabelizer_providers._local import messages
from debabelizer_providers._local.protocol import error_of

RATE = 16_000
AHEAD_S = 60.0
"""How far the sound may run ahead of a recogniser that takes it as it comes: it is held in the worker's memory."""
_PIECE_S = 1.0

LIMITS = FileLimits(encoding=Container.WAV, seconds=1200.0, parallel=1)
"""Everything is decoded by the engine; twenty minutes at a time, so that no copy of it grows large."""


async def transcribe(
    name: str,
    title: str,
    opening: WorkerOpening,
    recording: Recording,
    desk: FileDesk,
    tell: Tell,
    *,
    translating: bool = False,
    ahead_s: float = AHEAD_S,
) -> FileTranscript:
    """``opening`` starts a worker that speaks :mod:`messages`; ``translating``: and was asked for a translation;
    ``ahead_s``: how much sound it may hold before it says that it is done with any. Raises the worker's errors."""
    call = await desk.worker(opening)
    return await _Job(name, title, call, recording, tell, translating=translating, ahead=int(ahead_s * RATE)).run()


class _Job:
    def __init__(
        self,
        name: str,
        title: str,
        call: WorkerCall,
        recording: Recording,
        tell: Tell,
        *,
        translating: bool,
        ahead: int,
    ) -> None:
        """``ahead``: samples."""
        self._name, self._title = name, title
        self._call, self._recording, self._tell = call, recording, tell
        self._translating, self._ahead = translating, ahead
        self._consumed = 0
        self._moved = asyncio.Event()
        self._segments: dict[int, FileSegment] = {}
        self._translated: list[FileSegment] = []
        self._notices: list[str] = []
        self._joining = Joining.SPACE
        self._failed: Exception | None = None

    async def run(self) -> FileTranscript:
        sending: asyncio.Task[None] | None = None
        try:
            while not isinstance(report := await self._report(), messages.Finished):
                if isinstance(report, messages.Loaded):
                    sending = asyncio.create_task(self._send(), name=f"sound for {self._name}")
                self._take(report)
        finally:
            if sending is not None:
                sending.cancel()
                await asyncio.gather(sending, return_exceptions=True)
        if self._failed is not None:
            raise self._failed
        return self._heard()

    async def _send(self) -> None:
        try:
            await self._send_sound()
        except (OSError, EOFError, wave.Error, ProviderError) as error:
            self._failed = error  # the worker's own end is told by what it says
        await self._call.send(messages.encode(messages.Finish()))

    async def _send_sound(self) -> None:
        with self._recording.open() as file, wave.open(file) as sound:
            sent = 0
            while pcm := await asyncio.to_thread(sound.readframes, int(_PIECE_S * RATE)):
                while sent - self._consumed > self._ahead:
                    self._moved.clear()
                    await self._moved.wait()
                await self._call.send(pcm)
                sent += len(pcm) // 2

    async def _report(self) -> messages.Report:
        message = await self._call.receive()
        try:
            if isinstance(message, str):
                return messages.decode_report(message)
        except (msgspec.DecodeError, UnicodeError, RecursionError):
            pass
        raise StreamingError(f"The {self._title} process sent something unexpected.", self._name)

    def _take(self, report: messages.Report) -> None:
        match report:
            case messages.Heard():
                self._joining = Joining.SPACE if report.spaced else Joining.VERBATIM
                self._segments[report.segment] = FileSegment(
                    text=report.text, start=report.start, end=report.end, language=report.language, words=report.words
                )
            case messages.Translated():
                self._translated.append(
                    FileSegment(text=report.text, start=report.start, end=report.end, language=report.language)
                )
            case messages.Consumed():
                self._consumed = report.samples
                self._moved.set()
                self._show()
            case messages.Note():
                self._notices.append(report.text)
            case messages.Trouble() if report.ends:
                raise error_of(report, self._name)
            case _:  # what is still being heard, and other marks of live speech
                return

    def _show(self) -> None:
        seconds = self._recording.seconds
        done = min(1.0, self._consumed / RATE / seconds) if seconds else None
        self._tell(FileProgress(done, heard=self._heard()))

    def _heard(self) -> FileTranscript:
        segments = tuple(segment for segment in self._segments.values() if segment.text)
        return FileTranscript(
            segments=segments,
            joining=self._joining,
            language=next((segment.language for segment in segments if segment.language), None),
            notices=tuple(self._notices),
            translation=FileTranscript(segments=tuple(self._translated)) if self._translating else None,
        )
