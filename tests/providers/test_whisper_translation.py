"""Whisper's other task, with a real (tiny) model: it knows English only, so it is told that it hears something else."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
import numpy as np
import pytest
from numpy.typing import NDArray

from debabelizer.contract import StreamOptions
from debabelizer_providers._local.messages import Heard, Note, Report, Translated
from debabelizer_providers._local.speech import SpeechProbe, samples_of
from debabelizer_providers.whisper import Whisper
from debabelizer_providers.whisper.engine import Engine
from debabelizer_providers.whisper.gates import Pass
from debabelizer_providers.whisper.languages import LanguageChoice
from debabelizer_providers.whisper.recorder import Recorder
from debabelizer_providers.whisper.start import Start
from debabelizer_providers.whisper.translator import Stretch
from fakes.file_desk import Told, file_desk, sound
from fakes.recordings import TINY_WHISPER, plain, recording, silence

START = Start(model="tiny", folder=str(TINY_WHISPER), device="cpu", threads=1, recording=True, batch=4, translate=True)


@pytest.fixture(scope="module")
def engine() -> Engine:
    return Engine(START)


class Foreign:
    """The engine; what it hears is said to be of ``languages``, window by window."""

    def __init__(self, engine: Engine, languages: Sequence[str]) -> None:
        self.notes: list[Note] = []
        self.asked: list[str] = []
        self._engine, self._languages = engine, list(languages)

    def hear_all(self, windows: Sequence[NDArray[np.float32]], choices: Sequence[LanguageChoice]) -> list[Pass]:
        heard = self._engine.hear_all(windows, [LanguageChoice(("en",)) for _ in choices])
        return [msgspec.structs.replace(one, language=self._languages.pop(0)) for one in heard]

    def in_english(self, windows: Sequence[NDArray[np.float32]], languages: Sequence[str]) -> list[list[Stretch]]:
        self.asked += languages
        return self._engine.in_english(windows, languages)


def take_down(ears: Any, pcm: bytes) -> list[Report]:
    recorder = Recorder(ears, SpeechProbe(), START)
    return [*recorder.feed(pcm), *recorder.finish()]


def translated(reports: Sequence[Report]) -> list[Translated]:
    return [report for report in reports if isinstance(report, Translated)]


def test_each_stretch_of_a_foreign_window_is_in_english_at_its_place(engine: Engine) -> None:
    hello, digits = recording("hello_test"), recording("digits")
    ears = Foreign(engine, ["de", "fr"])
    reports = take_down(ears, hello.pcm + silence(3.0) + digits.pcm)
    first, second = translated(reports)
    assert (plain(first.text), plain(second.text)) == (hello.text, digits.text)
    assert ears.asked == ["de", "fr"]
    begin = hello.seconds + 3.0
    assert 0 <= first.start < first.end <= hello.seconds
    assert begin <= second.start < second.end <= begin + digits.seconds
    assert [report.language for report in reports if isinstance(report, Heard)] == ["de", "fr"]


def test_english_is_its_own_translation_and_silence_has_none(engine: Engine) -> None:
    ears = Foreign(engine, ["en", "de"])
    reports = take_down(ears, recording("hello_test").pcm + silence(3.0) + recording("no_speech").pcm)
    (said,) = [report for report in reports if isinstance(report, Heard)]
    (own,) = translated(reports)
    assert own.text == said.text
    assert (own.start, own.end) == pytest.approx((said.start, said.end), abs=0.05)
    assert ears.asked == []


class Stuck:
    """A model whose needle is stuck until it is told to take chances."""

    def __init__(self, engine: Engine, until: float) -> None:
        self.hf_tokenizer, self.encode, self.model = engine._model.hf_tokenizer, engine._model.encode, self
        self._engine, self._until = engine, until
        self.temperatures: list[float] = []

    def generate(self, encoded: Any, prompts: list[list[int]], **how: Any) -> Any:
        temperature = how.get("sampling_temperature", 0.0)
        self.temperatures.append(temperature)
        results = self._engine._model.model.generate(encoded, prompts, **how | {"sampling_temperature": 1.0})
        if temperature >= self._until:
            return results
        words = results[0].sequences_ids[0]
        return [type("Result", (), {"sequences_ids": [list(words) * 12]})()]


@pytest.mark.parametrize(("until", "tries"), [(0.4, [0.0, 0.2, 0.4]), (9.0, [0.0, 0.2, 0.4, 0.6])])
def test_a_loop_is_tried_again_and_never_written_twelve_times(engine: Engine, until: float, tries: list[float]) -> None:
    from debabelizer_providers.whisper.translator import translated as translate

    hello = recording("hello_test")
    samples = samples_of(hello.pcm)
    model = Stuck(engine, until)
    (stretches,) = translate(model, [engine._features(samples)[0]], [hello.seconds], ["de"], 1)
    assert model.temperatures == tries
    assert plain(" ".join(one.text for one in stretches)) == hello.text


async def test_through_the_worker_both_texts_are_kept_apart() -> None:
    settings = {"folder": str(TINY_WHISPER), "device": "cpu", "cpu_threads": 1, "idle_unload_min": 0}
    options = StreamOptions(settings=settings, translate_to="en")
    told = Told()
    async with file_desk("whisper") as desk:
        found = await Whisper().transcribe_file(sound(recording("hello_test").pcm), options, desk, told)
    (said,) = found.segments
    assert found.translation is not None
    (written,) = found.translation.segments
    assert (plain(written.text), written.language) == (plain(said.text), "en")
    assert told[-1].heard is not None
    assert told[-1].heard.translation is not None
