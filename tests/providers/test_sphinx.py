"""The built-in recogniser on real speech, with its real model, in this thread."""

from __future__ import annotations

import random
import struct
from functools import cache

import httpx
import pytest

from debabelizer.contract import (
    CommitAnswer,
    CommitMode,
    CommitOutcome,
    Covered,
    EpochContext,
    Failure,
    Finished,
    HealthState,
    Ready,
    StreamOptions,
    StreamSignal,
    VendorSpeech,
)
from debabelizer.errors import Category, UnsupportedLanguageError
from debabelizer.events import Freeze, Tail
from debabelizer_providers.sphinx import DESCRIPTION, Sphinx, listener
from debabelizer_providers.sphinx.worker import serve
from fakes.memory_link import MemoryLink, converse
from fakes.recordings import recording, silence, words_wrong


@cache
def listen(*script: bytes | str, **options: object) -> list[StreamSignal]:
    """What is said of the same sound is the same each time: it is heard once."""
    protocol = Sphinx().stream(StreamOptions(**options), EpochContext())  # type: ignore[arg-type]
    return converse(serve, protocol, script)


def finals(signals: list[StreamSignal]) -> list[Freeze[str | int]]:
    return [s for s in signals if isinstance(s, Freeze)]


@pytest.mark.parametrize("name", ["coffee", "weather", "unseen_voice"])
def test_it_understands_at_least_seven_words_in_ten(name: str) -> None:
    spoken = recording(name)
    signals = listen(spoken.pcm, "commit")
    heard = " ".join(final.text for final in finals(signals))
    assert words_wrong(spoken.text, heard) <= 0.3, heard
    assert isinstance(signals[0], Ready)
    assert signals[-1] == CommitAnswer(CommitOutcome.FINAL)


def test_text_is_shown_while_it_is_spoken_and_the_final_comes_under_the_same_key() -> None:
    signals = listen(recording("coffee").pcm, "commit")
    shown = [s for s in signals if isinstance(s, Tail)]
    assert len(shown) >= 3
    assert {s.segment for s in shown} == {finals(signals)[0].segment}
    assert all(s.frozen == "" for s in shown)


def test_word_times_are_near_the_truth() -> None:
    spoken = recording("unseen_voice")
    words = finals(listen(spoken.pcm, "commit"))[0].words
    # What it hears depends a little on what the same process has heard before.
    assert sum(w.text == text for w, (text, _, _) in zip(words, spoken.words, strict=True)) >= 0.7 * len(words)
    for word, (_, start, end) in zip(words, spoken.words, strict=True):
        assert abs(word.start - start) < 0.15
        assert abs(word.end - end) < 0.15


def test_everything_before_an_answer_is_covered() -> None:
    spoken = recording("weather")
    signals = listen(spoken.pcm, "commit", "finish")
    covered = [s.samples for s in signals if isinstance(s, Covered)]
    assert covered == sorted(covered)
    assert covered[-1] == len(spoken.pcm) // 2
    assert signals[-1] == Finished()


@pytest.mark.parametrize("loudness", [0, 60, 3000, 12000])
def test_silence_and_noise_give_no_text(loudness: int) -> None:
    chance = random.Random(loudness)
    noise = b"".join(struct.pack("<h", int(chance.gauss(0, loudness / 3))) for _ in range(16_000 * 4))
    signals = listen(noise, "commit")
    assert not [s for s in signals if isinstance(s, Freeze | Tail)]
    assert signals[-1] == CommitAnswer(CommitOutcome.EMPTY)


def test_a_pause_ends_a_segment_without_a_commit() -> None:
    two = recording("coffee").pcm + silence(1.5) + recording("weather").pcm + silence(1.5)
    signals = listen(two, commit=CommitMode.PAUSE, pause_s=1.0)
    assert len(finals(signals)) == 2
    assert not [s for s in signals if isinstance(s, CommitAnswer)]
    assert [s.started for s in signals if isinstance(s, VendorSpeech)] == [True, False, True, False]
    assert finals(signals)[1].start == pytest.approx(recording("coffee").seconds + 1.5, abs=0.6)


def test_a_commit_in_mid_speech_answers_at_once_and_the_rest_is_heard_too() -> None:
    pcm = recording("coffee").pcm
    half = len(pcm) // 4 * 2
    signals = listen(pcm[:half], "commit", pcm[half:], "commit")
    assert [s.outcome for s in signals if isinstance(s, CommitAnswer)] == [CommitOutcome.FINAL, CommitOutcome.FINAL]
    assert len({final.segment for final in finals(signals)}) == len(finals(signals)) >= 2


def test_speech_without_a_pause_is_cut_before_it_grows_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    assert listener.LONGEST_S * 1.2 <= 30.0
    monkeypatch.setattr(listener, "LONGEST_S", 6.0)
    one = recording("coffee").pcm[2 * 8000 : -2 * 9600]
    signals = listen(one * 5, "commit")
    assert len(finals(signals)) >= 2
    assert all(final.end is not None and final.start is not None for final in finals(signals))
    assert max((final.end or 0) - (final.start or 0) for final in finals(signals)) <= 6.0 * 1.2 + 0.5
    said = "i would like to order a cup of coffee " * 5
    assert words_wrong(said, " ".join(final.text for final in finals(signals))) <= 0.3


def test_a_language_it_does_not_know_is_refused_with_the_way_out() -> None:
    with pytest.raises(UnsupportedLanguageError, match="Download a Whisper model"):
        Sphinx().stream(StreamOptions(languages=("ru",)), EpochContext())
    Sphinx().stream(StreamOptions(languages=("ru", "en-GB")), EpochContext())


async def test_health_says_what_to_expect() -> None:
    async with httpx.AsyncClient() as http:
        good = await Sphinx().check(StreamOptions(), http)
        bad = await Sphinx().check(StreamOptions(languages=("ru",)), http)
    assert good.state is HealthState.OK
    assert "modest" in good.detail
    assert bad.state is HealthState.FAILED
    assert "modest" in DESCRIPTION.summary


def test_a_garbled_message_ends_the_connection_as_a_protocol_error() -> None:
    protocol = Sphinx().stream(StreamOptions(), EpochContext())
    link = MemoryLink(["{"])
    serve(link)
    (failure,) = protocol.receive(link.sent[0])
    assert isinstance(failure, Failure)
    assert failure.error.category is Category.PROTOCOL


def test_the_worker_rests_when_nothing_comes_for_long() -> None:
    protocol = Sphinx().stream(StreamOptions(), EpochContext())
    link = MemoryLink(protocol.opening().first, falls_silent=True)
    serve(link)
    assert [signal for message in link.sent for signal in protocol.receive(message)] == [
        Ready("PocketSphinx, US English")
    ]
    assert protocol.closed(1000, "") is None
