"""How much a quick pass has encoded, with a real (tiny) model: less than half a minute, and yet the same words."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from debabelizer_providers._local.speech import samples_of
from debabelizer_providers.whisper.agreement import HeardWord, text_of
from debabelizer_providers.whisper.engine import Engine
from debabelizer_providers.whisper.languages import LanguageChoice
from debabelizer_providers.whisper.room import FULL, MARGIN, STEP, Room
from debabelizer_providers.whisper.start import Start
from fakes.recordings import TINY_WHISPER, plain, recording

ENGLISH = ("en",)
DIGITS = samples_of(recording("digits").pcm)


class Measured(Engine):
    """Notes how much each pass encodes. ``stubborn``: the model takes half a minute and nothing else."""

    def __init__(self, *, stubborn: bool = False) -> None:
        super().__init__(Start(model="tiny", folder=str(TINY_WHISPER), device="cpu", threads=1))
        self.frames: list[int] = []
        encode = self._model.encode

        def measured(features: NDArray[np.float32]) -> Any:
            self.frames.append(features.shape[-1])
            if stubborn and features.shape[-1] < FULL:
                raise ValueError("Invalid input features shape")
            return encode(features)

        self._model.encode = measured

    def heard(self, audio: NDArray[np.float32], languages: tuple[str, ...] = ENGLISH, *, final: bool = False) -> str:
        words = self.hear(audio, LanguageChoice(languages), voiced_s=1.5, final=final).words
        return plain(text_of(words))


@pytest.fixture(scope="module")
def engine() -> Measured:
    return Measured()


@pytest.fixture(autouse=True)
def fresh(engine: Measured) -> None:
    engine.room, engine.frames = Room(), []


def words(text: str) -> list[HeardWord]:
    return [HeardWord(f" {word}", i * 0.4, i * 0.4 + 0.3) for i, word in enumerate(text.split())]


@given(st.integers(0, FULL))
def test_there_is_a_margin_behind_the_sound_and_few_lengths(sound: int) -> None:
    frames = Room().frames(sound)
    assert min(FULL, sound + MARGIN) <= frames <= min(FULL, sound + MARGIN + STEP)
    assert frames % STEP == 0


@pytest.mark.parametrize("name", ["hello_test", "send_message", "digits", "save_and_close", "unseen_voice", "noisy"])
def test_a_quick_pass_hears_the_same_words_with_less(engine: Measured, name: str) -> None:
    audio = samples_of(recording(name).pcm)
    assert engine.heard(audio) == recording(name).text
    assert engine.frames[0] <= len(audio) // 160 + MARGIN + STEP
    engine.room.give_back()
    assert engine.heard(audio) == recording(name).text
    assert engine.frames[1] == FULL


def test_passes_that_have_the_last_word_have_all_the_room(engine: Measured) -> None:
    engine.heard(DIGITS, final=True)
    engine.hear_all([DIGITS], [LanguageChoice(ENGLISH)])
    assert engine.frames == [FULL, FULL]


def test_the_language_is_found_out_with_all_the_room(engine: Measured, monkeypatch: pytest.MonkeyPatch) -> None:
    class Polyglot:
        """The model, made to believe that it knows several languages."""

        is_multilingual = True

        def __init__(self, model: Any) -> None:
            self._model = model

        def __getattr__(self, name: str) -> Any:
            return getattr(self._model, name)

        def detect_language(self, _encoded: Any) -> list[list[tuple[str, float]]]:
            return [[("<|en|>", 1.0)]]

    monkeypatch.setattr(engine._model, "model", Polyglot(engine._model.model))
    choice = LanguageChoice(("en", "de"))
    for _ in range(2):
        engine.hear(DIGITS, choice, voiced_s=1.5)
    assert choice.settled == "en"
    assert engine.frames[0] == FULL > engine.frames[1]


def test_a_model_that_takes_only_half_a_minute_is_given_it() -> None:
    stubborn = Measured(stubborn=True)
    stubborn.frames.clear()
    assert stubborn.heard(DIGITS) == recording("digits").text
    assert stubborn.heard(DIGITS) == recording("digits").text
    assert [frames == FULL for frames in stubborn.frames] == [False, True, True]


def test_what_careful_passes_contradict_too_often_is_no_longer_done(engine: Measured) -> None:
    for _ in range(9):
        engine.compare(words("one two three four five"), words("one two three four five"))
    engine.heard(DIGITS)
    for _ in range(9):
        engine.compare(words("one two three four five"), words("one too many"))
    engine.heard(DIGITS)
    assert engine.frames[0] < FULL == engine.frames[1]


def test_a_few_contradictions_are_usual() -> None:
    room = Room()
    for _ in range(500):
        room.judge(words("please send the message tomorrow morning"), words("please send a message tomorrow morning"))
    assert room.scarce


def test_one_bad_sentence_is_no_judgement() -> None:
    room = Room()
    room.judge(words("all of this was misheard"), words("nothing like it"))
    assert room.scarce


def test_a_model_that_grows_worse_is_found_out_after_hours(engine: Measured) -> None:
    room = Room()
    for _ in range(2000):
        room.judge(words("one two three four five"), words("one two three four five"))
    for _ in range(20):
        room.judge(words("one two three four five"), words("six seven"))
    assert not room.scarce
