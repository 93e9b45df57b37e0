"""The protocol by calling functions: frames in, signals out. No socket, no clock."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from debabelizer.contract import (
    CommitAnswer,
    CommitOutcome,
    Covered,
    Finished,
    KeepAlive,
    StreamSignal,
    VendorNotice,
)
from debabelizer.events import Freeze, Joining, Tail, Word
from fakes.soniox_frames import answers, covered, frame, frozen, short, speak, stream, texts, token

FINAL, EMPTY = CommitAnswer(CommitOutcome.FINAL), CommitAnswer(CommitOutcome.EMPTY)
EXCHANGE = Path(__file__).parents[1] / "data" / "soniox" / "exchange.jsonl"


def test_a_recorded_exchange() -> None:
    """Lines are ``{"audio": seconds}``, ``{"say": verb}`` or ``{"got": frame, "gives": [[kind, detail], ...]}``."""
    made = stream()
    for line in EXCHANGE.read_text(encoding="utf-8").splitlines():
        step = json.loads(line)
        if "audio" in step:
            speak(made, step["audio"])
        elif "say" in step:
            assert list(getattr(made, step["say"])()) == step["sends"]
        else:
            assert [short(signal) for signal in made.receive(json.dumps(step["got"]))] == step["gives"]


# ---------------------------------------------------------------------------------------------------- going out


def test_limits_are_the_vendors() -> None:
    limits = stream().limits
    assert limits.longest_connection_s == 18_000
    assert limits.keep_alive is KeepAlive.MESSAGE
    assert limits.idle_s == 20.0
    assert limits.keep_alive_every_s < limits.idle_s / 2
    assert limits.idle_costs
    assert limits.ready_when_open


def test_no_audio_sends_no_empty_frame_and_after_the_end_nothing_goes_out() -> None:
    made = stream()
    assert speak(made, 0.0) == []
    assert len(speak(made, 0.1)) == 1
    assert list(made.finish()) == [""]
    assert speak(made, 0.1) == []
    assert (list(made.keep_alive()), list(made.finish())) == ([], [])


def test_a_commit_without_an_answer_ends_the_stream_which_answers() -> None:
    made = stream()
    speak(made, 1.0)
    made.commit()
    assert list(made.keep_alive()) == [""]
    signals = made.receive(frame(token(" Hello", 0.1, 0.5), final=1.0, total=1.0))
    signals = [*signals, *made.receive(frame(final=1.0, total=1.0, finished=True))]
    assert frozen(signals).text == "Hello"
    assert answers(signals) == [FINAL]
    assert covered(signals)[-1] == 1.0
    assert isinstance(signals[-1], Finished)
    assert made.closed(1000, "") is None


# ----------------------------------------------------------------------------------------------------- segments


def test_a_tail_is_replaced_as_a_whole_and_may_vanish() -> None:
    made = stream()
    speak(made, 5.0)
    tail = token("Hel", 0.1, 0.2, final=False)
    assert texts(made.receive(frame(tail))) == [("Tail", 0, "", "Hel")]
    assert texts(made.receive(frame(tail))) == [], "the same is told once"
    assert texts(made.receive(frame(tail, token("lo", 0.2, 0.3, final=False)))) == [("Tail", 0, "", "Hello")]
    assert texts(made.receive(frame())) == [("Tail", 0, "", "")]
    assert texts(made.receive(frame("<end>"))) == []


def test_a_segment_that_never_had_final_text_is_taken_back() -> None:
    made = stream()
    speak(made, 5.0)
    made.receive(frame(token("um", 0.1, 0.2, final=False)))
    made.commit()
    signals = made.receive(frame("<fin>", final=5.0, total=5.0))
    assert texts(signals) == [("Retract", 0)]
    assert answers(signals) == [EMPTY]


def test_a_word_in_pieces_over_messages_and_with_odd_spaces() -> None:
    made = stream()
    speak(made, 5.0)
    made.receive(frame(token("Wal", 0.1, 0.2, confidence=0.9), token("doc", 0.2, 0.3, final=False)))
    made.receive(frame(token("d", 0.2, 0.25), token("o", 0.25, 0.3, confidence=0.5, speaker=2)))
    made.receive(frame(token(" ", 0.3, 0.3), token("said", 0.4, 0.6), token(",", 0.6, 0.6), token(" ok", 0.7, 0.9)))
    end = frozen(made.receive(frame("<end>")))
    assert end.text == "Waldo said, ok"
    assert end.words == (
        Word("Waldo", 0.1, 0.3, 0.5, "2"),
        Word("said,", 0.4, 0.6, None, None),
        Word("ok", 0.7, 0.9, None, None),
    )
    assert (end.start, end.end) == (0.1, 0.9)


def test_marks_are_never_text_not_even_inside_a_token() -> None:
    made = stream()
    speak(made, 5.0)
    made.commit()
    signals = made.receive(frame(token("amen.<end>", 0.1, 0.5), token("<fin> And", 1.0, 1.2), final=1.2, total=5.0))
    assert texts(signals) == [("Freeze", 0, "amen."), ("Tail", 1, "And", "")]
    assert answers(signals) == [FINAL]


def test_an_end_and_then_a_fin_with_nothing_between_is_one_segment_and_one_answer() -> None:
    made = stream()
    speak(made, 2.0)
    made.commit()
    signals = made.receive(frame(token("Yes.", 0.1, 0.5), "<end>", "<fin>", final=2.0, total=2.0))
    assert texts(signals) == [("Freeze", 0, "Yes.")]
    assert answers(signals) == [FINAL]
    made.commit()
    assert answers(made.receive(frame("<fin>", final=2.0, total=2.0))) == [EMPTY]


@pytest.mark.parametrize(
    ("first", "languages", "joining"),
    [
        (token("Move", 0, 1), ("en",), Joining.SPACE),
        (token(" Move", 0, 1), ("en",), Joining.SPACE),
        (token("你好", 0, 1), ("zh-Hans",), Joining.VERBATIM),
        (token("你好", 0, 1, language="zh"), (), Joining.VERBATIM),
        (token(" 你好", 0, 1, language="zh"), (), Joining.SPACE),
        (token("안녕", 0, 1, language="ko"), (), Joining.SPACE),
        (token(".", 0, 1), ("en",), Joining.VERBATIM),
    ],
)
def test_how_segments_join(first: Any, languages: tuple[str, ...], joining: Joining) -> None:
    made = stream(languages)
    speak(made, 2.0)
    (tail,) = made.receive(frame(first))
    assert isinstance(tail, Tail)
    assert tail.joining is joining
    assert frozen(made.receive(frame("<end>"))).joining is joining


def test_words_without_spaces_are_tokens_and_the_language_is_that_of_most_text() -> None:
    made = stream(())
    speak(made, 2.0)
    tokens = [
        token("今日", 0, 0.2, language="ja"),
        token("は", 0.2, 0.3, language="ja"),
        token("。", 0.3, 0.3, language="ja"),
    ]
    end = frozen(made.receive(frame(*tokens, token(" OK", 0.5, 0.6, language="en"), "<end>")))
    assert [word.text for word in end.words] == ["今日", "は。", "OK"]
    assert end.language == "ja"


# --------------------------------------------------------------------------------------------- cuts and coverage


def sentence(*words: str, at: float, each: float = 0.5) -> list[Any]:
    return [token(f" {word}", at + i * each, at + (i + 0.8) * each) for i, word in enumerate(words)]


def test_a_long_segment_is_cut_after_a_sentence_and_covers_it() -> None:
    made = stream()
    speak(made, 20.0)
    signals = made.receive(
        frame(*sentence(*["one", "two", "three", "four", "five.", "six", "seven"], at=0.0), final=3.5, total=4)
    )
    assert not covered(signals), "final tokens of an open segment are not in a final"
    signals = made.receive(
        frame(*sentence(*["eight", "nine", "ten", "eleven", "twelve", "thirteen"], at=3.5), final=6.5)
    )
    assert texts(signals) == [
        ("Freeze", 0, "one two three four five."),
        ("Tail", 1, "six seven eight nine ten eleven twelve thirteen", ""),
    ]
    assert covered(signals) == [2.45], "in the middle of the pause after it"


def test_a_very_long_sentence_is_cut_at_its_longest_pause() -> None:
    made = stream()
    speak(made, 60.0)
    words = [*sentence(*["before"] * 16, at=0.0), *sentence(*["after"] * 16, at=9.0)]
    signals = made.receive(frame(*words, final=17.0, total=17.0))
    assert frozen(signals).text == " ".join(["before"] * 16)
    assert covered(signals) == [8.45]


def test_a_segment_without_times_is_not_cut_because_nothing_could_be_covered() -> None:
    made = stream()
    speak(made, 60.0)
    signals = made.receive(frame(*[f" w{n}" for n in range(200)], final=30.0, total=30.0))
    assert [kind for kind, *_ in texts(signals)] == ["Tail"]
    assert covered(signals) == []


def test_an_end_covers_its_words_even_where_the_vendor_does_not_say_how_far_it_is() -> None:
    made = stream()
    speak(made, 5.0)
    assert covered(made.receive(frame(token("Yes.", 0.1, 0.5), "<end>"))) == [0.5]


def test_silence_is_covered_as_it_goes_but_not_beyond_the_tail() -> None:
    made = stream()
    speak(made, 4.0)
    assert covered(made.receive(frame(final=1.0, total=1.2))) == [0.5]
    assert covered(made.receive(frame(final=2.1, total=2.2))) == [1.1], "a word may have begun in the last second"
    tail = token("Hel", 1.3, 1.5, final=False)
    assert covered(made.receive(frame(tail, final=3.0, total=3.2))) == [1.3]


def test_no_time_of_the_vendors_is_believed_beyond_the_audio_sent() -> None:
    made = stream()
    speak(made, 1.0)
    signals = made.receive(frame(token("Hi", -5.0, 90.0), "<end>", final=100.0, total=100.0))
    end = frozen(signals)
    assert (end.start, end.end) == (0.0, 1.0)
    assert covered(signals) == [1.0]


def test_a_mark_long_before_the_commit_is_not_its_answer() -> None:
    made = stream()
    speak(made, 5.0)
    made.commit()
    signals = made.receive(frame(token("One", 0.1, 0.5), "<fin>", final=2.0, total=2.1))
    assert texts(signals) == [("Freeze", 0, "One")]
    assert answers(signals) == []
    signals = made.receive(frame(token(" two", 4.0, 4.5), "<fin>", final=5.0, total=5.0))
    assert answers(signals) == [FINAL]
    assert answers(made.receive(frame("<fin>", final=5.0, total=5.0))) == [], "nobody asked"


# -------------------------------------------------------------------------------------- translation and notices


def test_translated_tokens_never_reach_the_text() -> None:
    made = stream(settings={"translation": ["fr"]})
    speak(made, 5.0)
    signals = made.receive(
        frame(
            token("Good", 0.1, 0.3, translation_status="original"),
            token(" Bon", translation_status="translation", language="fr"),
            token("non", final=False, translation_status="translation", language="fr"),
            token(" day.", 0.3, 0.5, translation_status="original"),
            "<end>",
        )
    )
    assert texts(signals) == [("Freeze", 0, "Good day.")]
    late = made.receive(frame(token("jour.", translation_status="translation", language="fr")))
    told = [signal for signal in (*signals, *late) if isinstance(signal, VendorNotice)]
    assert [notice.text for notice in told] == ["fr: Bon", "fr: jour."]
    assert texts(late) == []


def test_notices_come_once_and_not_after_a_reconnect() -> None:
    vocabulary = tuple(f"term{number:06}" for number in range(2000))
    made = stream(vocabulary=vocabulary)
    (notice,) = [signal for signal in made.receive(frame()) if isinstance(signal, VendorNotice)]
    assert "term001000" in notice.text
    assert made.receive(frame()) == []
    assert stream(vocabulary=vocabulary, previous="text").receive(frame()) == []


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(st.text(max_size=6), max_size=5), max_size=8), st.integers(0, 2**32))
def test_whatever_the_tokens_the_text_is_theirs(spoken: list[list[str]], seed: int) -> None:
    """Final tokens in any cut, with marks and tails between them: joined, they are the transcript."""
    made = stream()
    speak(made, 30.0)
    signals: list[StreamSignal] = []
    said = ""
    for number, pieces in enumerate(spoken):
        mark = [["<end>"], ["<fin>"], []][(seed >> number) % 3]
        tail = token("never said", final=False)
        signals += made.receive(frame(*pieces, *mark, tail))
        said += "".join(pieces)
    signals += made.receive(frame("<end>"))
    told = "".join(signal.text for signal in signals if isinstance(signal, Freeze))
    plain = said.replace("<end>", "").replace("<fin>", "")
    assert "".join(told.split()) == "".join(plain.split())


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_what_is_not_frozen_is_never_covered(data: st.DataObject) -> None:
    """However the words become final: what a lost connection takes with it is replayed, what it froze is not."""
    made = stream()
    draw = data.draw
    starts = [0.5 * n + draw(st.sampled_from([0.0, 0.1, 0.2])) for n in range(draw(st.integers(1, 80)))]
    spoken = [token(f" w{n}{'.' * (n % 7 == 6)}", at, at + 0.3) for n, at in enumerate(starts)]
    speak(made, starts[-1] + 1.0)
    given_out = frozen_words = 0
    reached = 0.0
    while given_out < len(spoken):
        some = draw(st.integers(1, 12))
        batch, given_out = spoken[given_out : given_out + some], given_out + some
        rest = spoken[given_out : given_out + 2]
        tail = [{**one, "is_final": False} for one in rest]
        end = rest[0]["start_ms"] / 1000 if rest else starts[-1] + 1.0
        mark = draw(st.sampled_from([[], [], ["<end>"], ["<fin>"]]))
        signals = made.receive(frame(*batch, *mark, *tail, final=end, total=end))
        for signal in signals:
            if isinstance(signal, Freeze):
                frozen_words += len(signal.text.split())
            elif isinstance(signal, Covered):
                reached = signal.samples / 16_000
                assert frozen_words == 0 or reached >= starts[frozen_words - 1] + 0.3 - 0.001
                assert frozen_words == len(starts) or reached <= starts[frozen_words] + 0.001
