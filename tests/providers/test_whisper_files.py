"""Whole recordings with a real (tiny) Whisper: windows decoded many at a time, in this thread and in the worker."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from debabelizer.contract import Ability, FilesToText, StreamOptions
from debabelizer.errors import ModelMissingError, ProviderError, UnsupportedLanguageError
from debabelizer_providers._local.files import AHEAD_S
from debabelizer_providers._local.messages import Consumed, Heard, Note, Report
from debabelizer_providers._local.speech import SpeechProbe, samples_of
from debabelizer_providers.sphinx import Sphinx
from debabelizer_providers.whisper import Whisper
from debabelizer_providers.whisper.agreement import HeardWord, text_of
from debabelizer_providers.whisper.engine import Engine
from debabelizer_providers.whisper.gates import Pass, said
from debabelizer_providers.whisper.languages import LanguageChoice
from debabelizer_providers.whisper.recorder import Recorder
from debabelizer_providers.whisper.start import Start
from fakes.file_desk import Told, file_desk, sound
from fakes.recordings import RATE, SPEECH, TINY_WHISPER, plain, recording, silence, words_wrong

NAMES = ["hello_test", "send_message", "digits", "save_and_close"]
START = Start(model="tiny", folder=str(TINY_WHISPER), device="cpu", threads=1, recording=True, batch=4)


@pytest.fixture(scope="module")
def engine() -> Engine:
    return Engine(START)


def take_down(ears: Any, pcm: bytes, start: Start = START, piece: int = 32_000) -> list[Report]:
    recorder = Recorder(ears, SpeechProbe(), start)
    reports: list[Report] = []
    for at in range(0, len(pcm), piece):
        reports += recorder.feed(pcm[at : at + piece])
    return [*reports, *recorder.finish()]


def heard(reports: Sequence[Report]) -> list[Heard]:
    return [report for report in reports if isinstance(report, Heard)]


def text(reports: Sequence[Report]) -> str:
    return plain(" ".join(report.text for report in heard(reports)))


def conversation(times: int, pause_s: float = 0.8) -> tuple[bytes, str]:
    parts = [recording(name) for name in NAMES * times]
    return b"".join(part.pcm + silence(pause_s) for part in parts), " ".join(part.text for part in parts)


def test_several_windows_at_once_hear_what_each_hears_alone(engine: Engine) -> None:
    windows = [samples_of(recording(name).pcm) for name in NAMES]
    choices = [LanguageChoice(("en",)) for _ in windows]
    together = engine.hear_all(windows, choices)
    for audio, one in zip(windows, together, strict=True):
        alone = engine.hear(audio, LanguageChoice(("en",)), voiced_s=1.0, final=True)
        assert text_of(one.words) == text_of(alone.words)
        assert [round(word.start, 1) for word in one.words] == [round(word.start, 1) for word in alone.words]
        assert one.logprob == pytest.approx(alone.logprob, abs=0.05)


def test_silence_among_the_windows_stays_silent(engine: Engine) -> None:
    windows = [samples_of(recording("digits").pcm), np.zeros(16_000, dtype=np.float32)]
    digits, nothing = engine.hear_all(windows, [LanguageChoice(("en",))] * 2)
    assert plain(text_of(digits.words)) == recording("digits").text
    assert said(nothing, 0.05) == ()


def test_a_long_recording_is_understood_to_its_last_word_with_the_times_of_all(engine: Engine) -> None:
    pcm, spoken = conversation(3)
    reports = take_down(engine, pcm)
    assert words_wrong(spoken, text(reports)) <= 0.1
    assert plain(text(reports)).split()[-2:] == spoken.split()[-2:]
    segments = heard(reports)
    assert [segment.segment for segment in segments] == list(range(len(segments)))
    words = [word for segment in segments for word in segment.words]
    starts = [word.start for word in words]
    assert starts == sorted(starts)
    assert words[-1].end <= len(pcm) / 2 / RATE
    at = sum(recording(name).seconds + 0.8 for name in NAMES)
    again = next(word for word in words if word.start >= at - 0.1)  # the second round begins as the first
    assert plain(again.text) == "hello"
    assert again.start == pytest.approx(at + recording("hello_test").words[0][1], abs=0.4)
    done = [report.samples for report in reports if isinstance(report, Consumed)]
    assert done == sorted(done)
    assert done[-1] == len(pcm) // 2


def test_pauses_make_segments(engine: Engine) -> None:
    segments = heard(take_down(engine, recording("long_silences").pcm))
    assert [plain(segment.text) for segment in segments] == ["hello world", "new paragraph", "thank you"]


def test_silence_gives_nothing_and_costs_nothing(engine: Engine) -> None:
    reports = take_down(engine, silence(30) + recording("no_speech").pcm)
    assert heard(reports) == []


class Scripted:
    """Ears that know how many windows they got at a time; every window says its length."""

    def __init__(self) -> None:
        self.notes: list[Note] = []
        self.batches: list[list[float]] = []

    def hear_all(self, windows: Sequence[NDArray[np.float32]], choices: Sequence[LanguageChoice]) -> list[Pass]:
        self.batches.append([len(audio) / RATE for audio in windows])
        return [Pass(words=(HeardWord(" yes.", 0.4, 0.9),), logprob=-0.1) for _ in windows]


def test_windows_are_gathered_into_batches_and_never_longer_than_the_model_hears() -> None:
    ears = Scripted()
    sentence = recording("save_and_close").pcm[8_000:-8_000]
    pcm = b"".join(sentence + silence(0.7) for _ in range(60)) + sentence * 30  # somebody who never pauses at the end
    take_down(ears, pcm)
    lengths = [seconds for batch in ears.batches for seconds in batch]
    assert max(lengths) <= 28.5
    assert sum(lengths) / len(lengths) > 15
    assert all(len(batch) == START.batch for batch in ears.batches[:-1])


SPARSE = recording("save_and_close").pcm + silence(9.0)
RARE = recording("save_and_close").pcm + silence(100.0)
RUNNING = recording("save_and_close").pcm[8_000:-8_000] + silence(0.4)


@pytest.mark.parametrize("sound_of", [SPARSE * 40, RARE * 5, RUNNING * 90], ids=["sparse", "rare", "running"])
def test_what_is_sent_ahead_is_enough_to_go_on_with_whatever_the_pauses(sound_of: bytes) -> None:
    """The sender waits until the recorder is done with some of it: none of the two may wait for the other."""
    recorder, done = Recorder(Scripted(), SpeechProbe(), START), 0
    for at in range(0, len(sound_of), 32_000):
        for report in recorder.feed(sound_of[at : at + 32_000]):
            if isinstance(report, Consumed):
                done = report.samples
        assert (at // 2 - done) / RATE <= START.held_s + AHEAD_S - 1.0


async def test_a_recording_of_minutes_goes_through_the_worker(options: StreamOptions) -> None:
    digits = recording("digits").pcm
    pcm = digits + silence(75.0) + digits + silence(75.0) + digits
    small = StreamOptions(settings={**options.settings, "file_batch": 1}, languages=("en",))
    async with file_desk("whisper") as desk, asyncio.timeout(150):
        found = await Whisper().transcribe_file(sound(pcm), small, desk, Told())
    assert [plain(segment.text) for segment in found.segments] == ["seven three nine zero four two"] * 3


def test_only_waiting_windows_are_in_memory() -> None:
    recorder = Recorder(Scripted(), SpeechProbe(), START)
    sentence = recording("save_and_close").pcm + silence(0.7)
    most = 0
    for _ in range(120):
        list(recorder.feed(sentence))
        most = max(most, recorder._tape.end - recorder._tape.begin)
    assert most / RATE < 30 * (START.batch + 2)
    assert recorder._tape.end / RATE > 400


@pytest.fixture
def options() -> StreamOptions:
    settings = {"folder": str(TINY_WHISPER), "device": "cpu", "cpu_threads": 1, "idle_unload_min": 0}
    return StreamOptions(settings=settings, languages=("en",))


async def test_through_the_worker_with_progress(options: StreamOptions) -> None:
    assert isinstance(Whisper(), FilesToText)
    assert Ability.FILES in Whisper.description.abilities
    pcm, spoken = conversation(1)
    told = Told()
    async with file_desk("whisper") as desk:
        found = await Whisper().transcribe_file(sound(pcm), options, desk, told)
    assert words_wrong(spoken, " ".join(segment.text for segment in found.segments)) <= 0.1
    assert found.language == "en"
    done = [progress.done for progress in told if progress.done is not None]
    assert done == sorted(done)
    assert done[-1] == pytest.approx(1.0, abs=0.01)
    assert plain(told.texts[-1]).split()[:2] == spoken.split()[:2]


async def test_what_cannot_work_is_refused_before_anything_starts(options: StreamOptions, tmp_path: Path) -> None:
    missing = StreamOptions(settings={"models_folder": str(tmp_path)})
    klingon = StreamOptions(settings=options.settings, languages=("tlh",))
    async with file_desk("whisper") as desk:
        with pytest.raises(ModelMissingError):
            await Whisper().transcribe_file(sound(b"\0\0"), missing, desk, Told())
        with pytest.raises(UnsupportedLanguageError):
            await Whisper().transcribe_file(sound(b"\0\0"), klingon, desk, Told())


async def test_a_worker_that_dies_is_an_error(options: StreamOptions, tmp_path: Path) -> None:
    for file in TINY_WHISPER.iterdir():
        (tmp_path / file.name).write_bytes(b"{}" if file.name.endswith(".json") else file.read_bytes()[:100])
    broken = StreamOptions(settings={**options.settings, "folder": str(tmp_path)})
    async with file_desk("whisper") as desk:
        with pytest.raises(ProviderError) as caught:
            await Whisper().transcribe_file(sound(bytes(32_000)), broken, desk, Told())
    assert caught.value.provider == "whisper"


async def test_the_built_in_recogniser_takes_files_too() -> None:
    assert isinstance(Sphinx(), FilesToText)
    weather = recording("weather")
    async with file_desk("sphinx") as desk:
        found = await Sphinx().transcribe_file(sound(SPEECH / weather.path.name), StreamOptions(), desk, Told())
    assert words_wrong(weather.text, " ".join(segment.text for segment in found.segments)) <= 0.4
    words = [word for segment in found.segments for word in segment.words]
    assert words[0].start < words[-1].start <= weather.seconds
