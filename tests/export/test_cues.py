"""Subtitles: every word in one of them, none longer than can be read, none over another; other readers agree."""

from __future__ import annotations

from itertools import pairwise

import pysubs2
import pytest
import srt
from hypothesis import given
from hypothesis import strategies as st

from debabelizer.events import Word
from debabelizer.export import Cue, Rules, Said, cues_of
from debabelizer.export.subtitles import as_srt, as_vtt

RULES = Rules()


def spoken(text: str, start: float = 0.0, pace: float = 0.3, speaker: str | None = None) -> Said:
    """Every word takes ``pace`` seconds."""
    words = tuple(Word(w, start + n * pace, start + (n + 1) * pace) for n, w in enumerate(text.split()))
    return Said(text=text, start=start, end=start + len(words) * pace, words=words, speaker=speaker)


def test_a_sentence_is_one_subtitle_of_two_even_lines() -> None:
    (cue,) = cues_of([spoken("This is a sentence that does not fit on one line, but on two it does.")])
    assert cue.text.split("\n") == ["This is a sentence that does not fit", "on one line, but on two it does."]
    assert all(len(line) <= 42 for line in cue.text.split("\n"))
    assert (cue.start, cue.end) == (0.0, pytest.approx(4.8))


def test_sentences_pauses_and_speakers_end_a_subtitle() -> None:
    cues = cues_of([spoken("It rained all day. Nobody went out.")])
    assert [cue.text for cue in cues] == ["It rained all day.", "Nobody went out."]
    cues = cues_of([spoken("one two"), spoken("three", start=3.0)])
    assert [(cue.text, cue.start) for cue in cues] == [("one two", 0.0), ("three", 3.0)]
    cues = cues_of([spoken("yes", speaker="A"), spoken("no", start=0.4, speaker="B")])
    assert [(cue.text, cue.speaker) for cue in cues] == [("yes", "A"), ("no", "B")]


def test_a_short_word_stays_long_enough_where_there_is_room() -> None:
    first, second = cues_of([spoken("Yes."), spoken("No.", start=5.0)])
    assert (first.end - first.start, second.end - second.start) == (1.0, 1.0)
    first, second = cues_of([spoken("Yes."), spoken("No.", start=0.5, speaker="B")])
    assert first.end == pytest.approx(0.42)
    assert second.start == 0.5


def test_scripts_without_spaces_are_broken_anywhere() -> None:
    text = "今日はとても良い天気ですね。" * 8
    cues = cues_of([Said(text=text, start=0, end=30)])
    assert "".join(cue.text.replace("\n", "") for cue in cues) == text
    assert max(len(line) for cue in cues for line in cue.text.split("\n")) <= 42


def test_without_word_times_a_word_takes_as_long_as_it_is() -> None:
    cues = cues_of([Said(text="word " * 60, start=10.0, end=40.0)])
    assert cues[0].start == 10.0
    assert cues[-1].end == pytest.approx(40.0, abs=0.2)
    assert all(b.start >= a.end for a, b in pairwise(cues))


_WORD = st.text(st.characters(exclude_categories=("C", "Z")), min_size=1, max_size=60)


@st.composite
def speech(draw: st.DrawFn) -> list[Said]:
    at, found = 0.0, []
    for _ in range(draw(st.integers(0, 8))):
        texts = draw(st.lists(_WORD, min_size=1, max_size=20))
        at += draw(st.floats(-0.5, 3.0))
        at = max(0.0, at)
        start, words = at, []
        for text in texts:
            length = draw(st.floats(0.0, 1.5))
            words.append(Word(text, at, at + length))
            at += length
        known = draw(st.booleans())
        said = Said(text=" ".join(texts), start=start, end=at, words=tuple(words) if known else ())
        found.append(said)
    return found


@given(speech())
def test_every_word_is_in_a_subtitle_and_each_can_be_read(said: list[Said]) -> None:
    cues = cues_of(said)
    wanted = "".join("".join(s.text.split()) for s in said)
    assert "".join("".join(cue.text.split()) for cue in cues) == wanted
    for cue in cues:
        lines = cue.text.split("\n")
        assert 1 <= len(lines) <= RULES.lines
        assert all(0 < len(line) <= RULES.line for line in lines)
        assert cue.end > cue.start >= 0
    for before, after in pairwise(cues):
        assert after.start >= before.end


@given(speech())
def test_other_readers_understand_what_is_written(said: list[Said]) -> None:
    cues = cues_of(said)
    theirs = list(srt.parse(as_srt(cues)))
    assert [" ".join(sub.content.split()) for sub in theirs] == [" ".join(cue.text.split()) for cue in cues]
    for cue, sub in zip(cues, theirs, strict=True):
        assert sub.start.total_seconds() == pytest.approx(cue.start, abs=0.001)
        assert sub.end.total_seconds() == pytest.approx(cue.end, abs=0.001)


@given(st.lists(st.sampled_from(["plain words", "Größe & <Maß>", "a --> b", "今日は"]), max_size=6))
def test_web_subtitles_are_read_back(texts: list[str]) -> None:
    cues = [Cue(2.0 * n, 2.0 * n + 1.5, text) for n, text in enumerate(texts)]
    back = pysubs2.SSAFile.from_string(as_vtt(cues), format_="vtt")
    assert [(e.start, e.end) for e in back] == [(2000 * n, 2000 * n + 1500) for n in range(len(texts))]
    shown = [e.plaintext.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&") for e in back]
    assert shown == texts


def test_speakers_are_named() -> None:
    cues = [Cue(0, 1, "Hi.", "Ann"), Cue(1, 2, "How are you?", "Ann"), Cue(2, 3661.5, "Fine.", "Bob")]
    assert as_srt(cues).split("\n\n") == [
        "1\n00:00:00,000 --> 00:00:01,000\nAnn: Hi.",
        "2\n00:00:01,000 --> 00:00:02,000\nHow are you?",
        "3\n00:00:02,000 --> 01:01:01,500\nBob: Fine.\n",
    ]
    assert as_vtt(cues).startswith("WEBVTT\n\n00:00:00.000 --> 00:00:01.000\n<v Ann>Hi.\n")
