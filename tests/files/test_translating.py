"""Translations of recordings piece by piece: beside what was said, or instead of it."""

from __future__ import annotations

import asyncio

import pytest

from debabelizer.audio.wav import header
from debabelizer.contract import FileLimits, FileProgress, FileTranscript, StreamOptions
from debabelizer.contract.files import FileDesk, FileSegment, Recording, Tell
from debabelizer.events import Joining
from debabelizer.files import FileOutcome, FileStep, FileTranscription
from debabelizer_providers.elevenlabs import ElevenLabs

RECORDING = header(44 * 32_000) + bytes(44 * 32_000)
"""In which nobody says anything: the provider makes it up."""


class Interpreter(ElevenLabs):
    """Says which piece it is, and the same in another language; ``alone``: in one request only one of the two."""

    def __init__(self, *, alone: bool = False, joining: Joining = Joining.SPACE) -> None:
        self.alone, self.joining = alone, joining
        self.asked: list[str] = []
        self.told = asyncio.Event()
        self.go_on = asyncio.Event()
        self.go_on.set()

    def file_limits(self, options: StreamOptions) -> FileLimits:
        return FileLimits(seconds=11.3, parallel=1)

    async def transcribe_file(
        self, recording: Recording, options: StreamOptions, desk: FileDesk, tell: Tell
    ) -> FileTranscript:
        into, number = options.translate_to, recording.name.partition("-")[2].partition(".")[0]
        self.asked.append(into)
        said = (FileSegment(text=f"Teil {number}.", start=0.5, end=2.0),)
        written = FileTranscript(
            segments=(FileSegment(text=f"part {number}", start=0.5, end=2.0),), joining=self.joining
        )
        answer = FileTranscript(
            segments=() if self.alone and into else said, translation=written if into else None, notices=("told",)
        )
        tell(FileProgress(0.5, heard=answer))
        self.told.set()
        await self.go_on.wait()
        return answer


async def run(provider: Interpreter, into: str = "en", **more: object) -> FileOutcome:
    options = StreamOptions(translate_to=into)
    return await FileTranscription(provider, options, **more).run(RECORDING, asyncio.Event())  # type: ignore[arg-type]


async def test_both_texts_are_put_together_piece_by_piece_at_their_times() -> None:
    outcome = await run(Interpreter())
    pieces = len(outcome.segments)
    assert pieces >= 4
    assert outcome.translation is not None
    assert outcome.translation.text == " ".join(f"part {number + 1}" for number in range(pieces))
    assert outcome.text == " ".join(f"Teil {number + 1}." for number in range(pieces))
    times = [segment.start for segment in outcome.translation.segments]
    assert times == [segment.start for segment in outcome.segments]
    assert times[-1] is not None
    assert times[-1] > 30


async def test_a_script_without_spaces_is_joined_without() -> None:
    outcome = await run(Interpreter(joining=Joining.VERBATIM))
    assert outcome.translation is not None
    assert outcome.translation.text.startswith("part 1part 2")
    assert outcome.text.startswith("Teil 1. Teil 2.")


@pytest.mark.parametrize("both", [False, True])
async def test_who_gives_the_translation_alone_is_asked_again_only_where_both_are_wanted(both: bool) -> None:
    provider = Interpreter(alone=True)
    outcome = await run(provider, with_original=both)
    assert outcome.translation is not None
    pieces = len(outcome.translation.segments)
    assert len(outcome.segments) == (pieces if both else 0)
    assert provider.asked == (["en", ""] if both else ["en"]) * pieces
    assert outcome.notices == ("told",)


async def test_who_gives_both_is_asked_once() -> None:
    provider = Interpreter()
    await run(provider, with_original=True)
    assert set(provider.asked) == {"en"}


async def test_without_a_wish_there_is_no_translation() -> None:
    assert (await run(Interpreter(), into="")).translation is None


async def test_a_stop_keeps_both_texts_with_their_times() -> None:
    provider, stop, steps = Interpreter(), asyncio.Event(), list[FileStep]()
    provider.go_on.clear()
    job = FileTranscription(provider, StreamOptions(translate_to="en"), told=steps.append)
    running = asyncio.create_task(job.run(RECORDING, stop))
    await provider.told.wait()
    stop.set()
    outcome = await running
    assert not outcome.complete
    assert outcome.translation is not None
    (said,), (written,) = outcome.segments, outcome.translation.segments
    assert (said.text, said.start, written.text, written.start) == ("Teil 1.", 0.5, "part 1", 0.5)
    assert outcome.done == pytest.approx(11.3 / 2, abs=1.5)
