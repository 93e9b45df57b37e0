"""The streaming step, with a recogniser that knows what is said: what a pass looks at, what becomes of its words."""

from __future__ import annotations

import random
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from debabelizer_providers._local.messages import Consumed, Heard, Hearing, Report
from debabelizer_providers._local.speech import RATE
from debabelizer_providers.whisper.agreement import HeardWord
from debabelizer_providers.whisper.gates import without_loop
from debabelizer_providers.whisper.listener import Listener
from debabelizer_providers.whisper.start import Start
from debabelizer_providers.whisper.window import HEAR_S, TIDY_S
from fakes.knowing_ears import Garble, KnowingEars, KnowingProbe, sound, spoken

SENTENCES = "the first part of it is said now. " * 6


class Dictated:
    """What a listener made of ``words``, committed at the end."""

    def __init__(self, words: list[HeardWord], garble: Garble = lambda words: words, **start: Any) -> None:
        pcm = sound((words[-1].end if words else 0.0) + 1.5)
        self.ears = KnowingEars(pcm, words, garble)
        given_ = Start(model="m", folder="", **{"second_pass": False, **start})
        listener = Listener(self.ears, KnowingProbe(words), given_, lambda: 0.0)  # type: ignore[arg-type]
        self.reports: list[Report] = []
        for at in range(0, len(pcm), 3200):
            self.reports.extend(listener.feed(pcm[at : at + 3200]))
            while listener.due:
                self.reports.extend(listener.step())
        self.reports.extend(listener.commit())

    @property
    def text(self) -> str:
        return " ".join(report.text for report in self.reports if isinstance(report, Heard))


def said(words: list[HeardWord]) -> str:
    return " ".join(word.text.strip() for word in words)


def test_a_pass_looks_no_further_back_however_long_the_segment_grows() -> None:
    words = spoken("so we go on and on " * 8)  # nobody stops, nothing ends
    made = Dictated(words)
    assert made.text == said(words)
    late = [end - start for start, end in made.ears.quick if end > HEAR_S + 2]
    assert len(late) > 20
    assert max(late) < HEAR_S + 1.0


def test_what_a_pass_no_longer_hears_is_given_to_it_as_text() -> None:
    words = spoken("so we go on and on " * 5)
    made = Dictated(words, previous_text="Before that.")
    for context, prefix, (start, _) in zip(made.ears.contexts, made.ears.prefixes, made.ears.quick, strict=True):
        known = f"{context} {prefix}".removeprefix("Before that.").split()
        assert known == said(words).split()[: len(known)]
        assert len(f"{context}".removeprefix("Before that.").split()) == sum(word.end <= start + 0.1 for word in words)


def test_only_the_newest_words_are_decoded() -> None:
    made = Dictated(spoken("so we go on and on " * 6))
    fresh = [len(words) for words in made.ears.fresh]
    assert max(fresh) <= 5


@pytest.mark.parametrize("each", [0.32, 0.35, 0.38, 0.41])
def test_nobody_speaks_so_nothing_is_heard_again(each: float) -> None:
    words = spoken("one two three | | four five six seven | | eight nine ten eleven twelve", each=each)
    made = Dictated(words)
    before = 0.0
    for _, end in made.ears.quick:
        assert any(word.start < end and word.end > before - 0.04 for word in words), f"a pass at {end} s"
        before = end
    assert made.text == said(words)


def test_a_long_segment_is_closed_behind_its_sentences_and_each_word_comes_once() -> None:
    words = spoken(SENTENCES)
    made = Dictated(words)
    closed = [report for report in made.reports if isinstance(report, Heard)]
    assert len(closed) >= 2
    assert all(report.text.endswith(".") for report in closed)
    assert made.text == said(words)
    assert all((report.words[-1].end - report.words[0].start) < TIDY_S + 4 for report in closed)
    for report in closed[:-1]:
        after = made.reports[made.reports.index(report) :]
        covered = next(one for one in after if isinstance(one, Consumed))
        assert abs(covered.samples / RATE - report.words[-1].end) < 0.1


def test_the_text_of_a_closed_sentence_is_that_of_a_careful_pass() -> None:
    made = Dictated(spoken(SENTENCES), lambda words: [HeardWord(" uh", w.start, w.end) for w in words])
    assert "uh" not in made.text
    closed = [report.text for report in made.reports if isinstance(report, Heard)]
    assert [careful for _, careful in made.ears.compared] == closed  # so that the engine can judge the quick ones
    assert all(set(quick.split()) == {"uh"} for quick, _ in made.ears.compared)


def test_what_is_written_on_after_the_sound_has_ended_is_never_shown() -> None:
    def overrun(words: list[HeardWord]) -> list[HeardWord]:
        end = words[-1].end if words else 0.0
        return [*words, *(HeardWord(f" {text}", end, end) for text in ("and", "on", "and", "on", "it", "goes"))]

    made = Dictated(spoken("what was said and nothing else"), overrun)
    assert not [r for r in made.reports if isinstance(r, Hearing) and "goes" in r.settled + r.volatile]
    assert made.text == "what was said and nothing else"


@st.composite
def speeches(draw: st.DrawFn) -> list[HeardWord]:
    """Few different words, so that they repeat; sentences and pauses anywhere; slow and fast."""
    some = draw(st.lists(st.sampled_from(["so", "we", "go", "on", "it", "is", "go.", "|"]), min_size=2, unique=True))
    text = draw(st.lists(st.sampled_from(some), min_size=1, max_size=90))
    words = spoken(" ".join(text), each=draw(st.floats(0.2, 0.6)), gap=draw(st.floats(0.0, 0.3)))
    assume(without_loop(words) == words)  # the same over and over is taken for a slip of the model
    return words


@settings(max_examples=40, deadline=None)
@given(speeches(), st.integers(0, 999), st.floats(0, 0.4))
def test_whatever_quick_passes_mishear_no_word_is_lost_or_doubled(
    words: list[HeardWord], seed: int, share: float
) -> None:
    chance = random.Random(seed)

    def garble(heard: list[HeardWord]) -> list[HeardWord]:
        kept = [word for word in heard if chance.random() > share / 3]
        return [HeardWord(" hm", w.start, w.end) if chance.random() < share else w for w in kept]

    made = Dictated(words, garble)
    assert made.text == said(words)
    shown = [report for report in made.reports if isinstance(report, Hearing)]
    for before, after in pairwise(shown):
        if before.segment == after.segment:
            assert after.settled.startswith(before.settled)
