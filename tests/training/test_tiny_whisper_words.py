"""The training scripts describe the very model that lies in the test data (no torch needed for that)."""

from __future__ import annotations

import json
import random

from fakes.recordings import TINY_WHISPER
from training import words as w


def test_the_tokenizer_is_that_of_the_trained_model() -> None:
    trained = json.loads((TINY_WHISPER / "tokenizer.json").read_text(encoding="utf-8"))
    assert w.tokenizer() == trained


def test_the_vocabulary_is_that_of_the_trained_model() -> None:
    trained = json.loads((TINY_WHISPER / "vocabulary.json").read_text(encoding="utf-8"))
    assert [*w.text_tokens(), *w.special_tokens()] == trained
    assert len(trained) == w.TOKENS
    assert trained[w.END] == "<|endoftext|>"
    assert trained[w.NO_SPEECH] == "<|nospeech|>"
    assert trained[w.stamp(1.5)] == "<|1.50|>"
    assert trained[w.token_of("hello", capitalised=True)].endswith("Hello")
    assert (TINY_WHISPER / "words.txt").read_text().split() == list(w.WORDS)


def test_sentences_are_made_of_the_words() -> None:
    chance = random.Random(1)
    made = [w.sentence(chance) for _ in range(2000)]
    assert {word for sentence in made for word in sentence} == set(w.WORDS)
    assert all(1 <= len(sentence) <= 12 for sentence in made)
