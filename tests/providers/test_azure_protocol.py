"""The protocol by calling functions: messages in, signals out. No socket, no clock."""

from __future__ import annotations

import json
from typing import Any

import pytest

from debabelizer.contract import (
    CommitAnswer,
    CommitOutcome,
    Covered,
    EpochContext,
    Failure,
    Rewind,
    StreamOptions,
    StreamSignal,
    VendorNotice,
    VendorSpeech,
)
from debabelizer.errors import (
    ConfigurationError,
    ProviderError,
    QuotaExceededError,
    RateLimitError,
    StreamingError,
)
from debabelizer.events import Freeze, Joining, Replace, Retract, Word
from debabelizer_providers.azure import Azure
from debabelizer_providers.azure.stream import AzureStream
from fakes.azure_rules import ID, Framed, framed, unframed

RATE = 16_000
VOICE = (3000).to_bytes(2, "little") * (RATE // 10)
TICKS = 10_000_000
FINAL, EMPTY = CommitAnswer(CommitOutcome.FINAL), CommitAnswer(CommitOutcome.EMPTY)


class Line:
    """A protocol, and the vendor's side of its turns."""

    def __init__(self, languages: tuple[str, ...] = ("en",), previous: str = "", **settings: Any) -> None:
        vocabulary = settings.pop("vocabulary", ())
        options = StreamOptions(settings={"api_key": "k", **settings}, languages=languages, vocabulary=vocabulary)
        stream = Azure().stream(options, EpochContext(previous_text=previous))
        assert isinstance(stream, AzureStream)
        self.stream = stream
        self.sent: list[Framed] = []

    def speak(self, seconds: float, piece: bytes = VOICE) -> list[Framed]:
        before = len(self.sent)
        for _ in range(round(seconds * 10)):
            self.sent += [unframed(message) for message in self.stream.audio(piece)]
        return self.sent[before:]

    def commit(self) -> list[Framed]:
        said = [unframed(message) for message in self.stream.commit()]
        self.sent += said
        return said

    def hear(self, path: str, body: Any = "", request_id: str | None = None) -> list[StreamSignal]:
        known = self.sent[-1].request_id if request_id is None else request_id
        return list(self.stream.receive(framed(path, known, body)))

    def phrase(
        self, start: float, end: float, text: str = "", status: str = "Success", **more: Any
    ) -> list[StreamSignal]:
        said = {"RecognitionStatus": status, "Offset": round(start * TICKS), "Duration": round((end - start) * TICKS)}
        return self.hear("speech.phrase", {**said, "DisplayText": text, **more})

    def hypothesis(self, start: float, text: str, **more: Any) -> list[StreamSignal]:
        return self.hear("speech.hypothesis", {"Text": text, "Offset": round(start * TICKS), "Duration": 1, **more})

    def over(self, at: float | None = None) -> list[StreamSignal]:
        said = [] if at is None else self.phrase(at, at, status="EndOfDictation")
        assert said == []
        return self.hear("turn.end", {})


def texts(signals: list[StreamSignal]) -> list[tuple[Any, str]]:
    return [(s.segment, s.text) for s in signals if isinstance(s, Replace | Freeze)]


def test_a_turn_begins_with_its_first_audio_and_a_commit_ends_it() -> None:
    line = Line()
    first = line.speak(0.2)
    assert [said.path for said in first] == ["speech.context", "audio", "audio", "audio"]
    assert first[1].headers["content-type"] == "audio/x-wav"
    assert first[1].body[:4] == b"RIFF"
    assert len(first[1].body) == 44
    assert (first[2].body, first[3].body) == (VOICE, VOICE)
    assert len({said.request_id for said in first}) == 1
    assert ID.fullmatch(first[0].request_id)
    (end,) = line.commit()
    assert (end.path, end.body, end.request_id) == ("audio", b"", first[0].request_id)
    assert line.phrase(0.0, 0.2, "Hello.")[-1] == Covered(3200)
    assert line.over(0.2) == [FINAL]
    second = line.speak(0.1)
    assert [said.path for said in second] == ["speech.context", "audio", "audio"]
    assert second[0].request_id != first[0].request_id
    assert [said.headers["x-streamid"] for said in (first[1], second[1])] == ["1", "2"]


def test_no_audio_says_nothing() -> None:
    line = Line()
    assert list(line.stream.audio(b"")) == []
    assert list(line.stream.keep_alive()) == []
    assert list(line.stream.finish()) == []


def test_hypotheses_replace_and_a_phrase_freezes_on_the_connections_axis() -> None:
    line = Line()
    line.speak(1.0)
    line.commit()
    line.over(1.0)
    line.speak(2.0)
    (shown,) = line.hypothesis(0.5, "hello")
    assert shown == Replace(segment=1, text="hello", start=1.5)
    assert texts(line.hypothesis(0.5, "hello wor")) == [(1, "hello wor")]
    freeze, covered = line.phrase(0.5, 1.5, "Hello world.")
    assert isinstance(freeze, Freeze)
    assert (freeze.segment, freeze.text, freeze.start, freeze.end) == (1, "Hello world.", 1.5, 2.5)
    assert freeze.language == "en-US"
    assert covered == Covered(40_000)
    assert texts(line.hypothesis(1.6, "next")) == [(2, "next")]


def test_words_are_as_written_with_the_confidence_of_those_spoken() -> None:
    spoken = [
        {"Word": "five", "Offset": 0, "Duration": 2_000_000, "Confidence": 0.9},
        {"Word": "dollars", "Offset": 2_000_000, "Duration": 2_000_000, "Confidence": 0.7},
        {"Word": "please", "Offset": 5_000_000, "Duration": 2_000_000, "Confidence": 1.5},
    ]
    written = [
        {"DisplayText": "$5", "Offset": 0, "Duration": 4_000_000},
        {"DisplayText": "please.", "Offset": 5_000_000, "Duration": 2_000_000},
    ]

    def said(display: str, **more: Any) -> tuple[Word, ...]:
        line = Line()
        line.speak(1.0)
        best = {"Confidence": 0.9, "Display": display, "Words": spoken, **more}
        (freeze, _) = line.phrase(0.0, 0.7, NBest=[best], SpeakerId="Guest-2")
        assert isinstance(freeze, Freeze)
        assert freeze.text == display
        return freeze.words

    assert said("$5 please.", DisplayWords=written) == (
        Word("$5", 0.0, 0.4, 0.7, "Guest-2"),
        Word("please.", 0.5, 0.7, 1.0, "Guest-2"),
    )
    assert [word.text for word in said("Five dollars, please.")] == ["Five", "dollars,", "please."]
    assert [word.text for word in said("$5 please.")] == ["five", "dollars", "please"]


def test_an_unknown_speaker_is_none_and_times_may_be_text() -> None:
    line = Line()
    line.speak(1.0)
    words = [{"Word": "hi", "Offset": "1000000", "Duration": "2000000"}]
    said = {"RecognitionStatus": "Success", "Offset": "1000000", "Duration": "2000000", "SpeakerId": "Unknown"}
    (freeze, _) = line.hear("speech.phrase", {**said, "NBest": [{"Display": "Hi.", "Words": words}]})
    assert isinstance(freeze, Freeze)
    assert freeze.words == (Word("Hi.", 0.1, pytest.approx(0.3)),)  # type: ignore[arg-type]


def test_the_language_heard_is_told_and_joins_its_own_way() -> None:
    line = Line(("en", "ja"))
    line.speak(1.0)
    (shown,) = line.hypothesis(0.0, "はい", PrimaryLanguage={"Language": "ja-JP", "Confidence": "High"})
    assert isinstance(shown, Replace)
    assert shown.joining is Joining.VERBATIM
    (freeze, _) = line.phrase(0.0, 0.5, "Yes.", PrimaryLanguage={"Language": "en-US"})
    assert isinstance(freeze, Freeze)
    assert (freeze.language, freeze.joining) == ("en-US", Joining.SPACE)
    assert Line(("zh",)).stream.limits.joining is Joining.VERBATIM


@pytest.mark.parametrize("status", ["NoMatch", "InitialSilenceTimeout", "BabbleTimeout"])
def test_what_was_no_speech_is_taken_back_and_covered(status: str) -> None:
    line = Line()
    line.speak(1.0)
    line.hypothesis(0.1, "uh")
    assert line.phrase(0.0, 0.8, status=status) == [Retract(segment=0), Covered(12_800)]
    assert line.phrase(0.8, 1.0, status=status) == [Covered(16_000)]


def test_an_empty_final_is_none() -> None:
    line = Line()
    line.speak(1.0)
    line.hypothesis(0.1, "uh")
    assert line.phrase(0.1, 0.8, "") == [Retract(segment=0), Covered(12_800)]


def test_a_turn_that_the_service_ends_is_gone_on_with_from_its_last_word() -> None:
    line = Line()
    line.speak(1.0)
    line.hear("turn.start", {"context": {"serviceTag": "tag1"}})
    line.phrase(0.1, 0.5, "Hello.")
    line.hypothesis(0.6, "wor")
    assert line.over(0.5) == [Rewind(8000)]
    again = line.speak(0.5)
    said = json.loads(again[0].body)
    assert said["continuation"] == {
        "previousServiceTag": "tag1",
        "audio": {"streams": {"1": {"offset": "5000000"}}},
    }
    retracted, shown = line.hypothesis(0.1, "wor")
    assert isinstance(retracted, Retract)
    assert isinstance(shown, Replace)
    assert shown.start == pytest.approx(1.1), "said again, it counts anew"
    assert shown.segment != retracted.segment
    (freeze, covered) = line.phrase(0.1, 0.5, "World.")
    assert isinstance(freeze, Freeze)
    assert covered == Covered(24_000)


def test_an_end_by_the_service_in_which_all_is_final_asks_for_nothing() -> None:
    line = Line()
    line.speak(1.0)
    line.phrase(0.0, 0.9, "Hello.")
    assert line.over(1.0) == [Covered(16_000)]


def test_a_commit_that_crosses_an_end_by_the_service_is_asked_for_again() -> None:
    line = Line()
    line.speak(2.0)
    line.commit()
    line.phrase(0.1, 0.9, "Hello.")
    assert line.over(1.0) == [Covered(16_000), Rewind(16_000)]
    line.speak(1.0)
    line.commit()
    line.phrase(0.0, 1.0, "World.")
    assert line.over(1.0) == [FINAL]


def test_silence_after_the_last_word_is_no_reason_to_ask_again() -> None:
    line = Line()
    line.speak(1.0)
    line.speak(1.0, bytes(3200))
    line.commit()
    line.phrase(0.1, 0.95, "Hello.")
    assert line.over() == [Covered(32_000), FINAL]


def test_a_commit_with_nothing_to_end_says_a_breath_of_silence() -> None:
    line = Line()
    line.speak(1.0)
    line.phrase(0.0, 1.0, "Hello.")
    line.over(1.0)
    said = line.commit()
    assert [(framed.path, len(framed.body)) for framed in said][1:] == [("audio", 44), ("audio", 3200), ("audio", 0)]
    assert line.over(0.1) == [FINAL], "what became final since the last answer is this commit's"
    line.commit()
    assert line.over() == [EMPTY]


def test_voice_without_a_word_about_it_is_tried_three_times() -> None:
    line = Line()
    for _ in range(2):
        line.speak(1.0)
        line.commit()
        assert [type(signal) for signal in line.over()] == [Rewind]
    line.speak(1.0)
    line.commit()
    assert line.over() == [Covered(48_000), EMPTY]


def test_a_service_that_only_ever_ends_turns_is_a_failure() -> None:
    line = Line()
    for _ in range(2):
        line.speak(1.0)
        assert [type(signal) for signal in line.over()] == [Rewind]
    line.speak(1.0)
    (failure,) = line.over()
    assert isinstance(failure, Failure)
    assert failure.error.code == "fruitless"
    assert failure.error.retryable


def test_silence_that_the_service_ends_without_a_word_is_settled_the_second_time() -> None:
    line = Line()
    line.speak(1.0, bytes(3200))
    assert line.over() == [Rewind(0)]
    line.speak(1.0, bytes(3200))
    assert line.over() == [Covered(32_000)]


def test_a_hypothesis_without_a_phrase_stays_in_the_end() -> None:
    line = Line()
    for _ in range(3):
        line.speak(1.0)
        line.hypothesis(0.1, "hello")
        line.commit()
        signals = line.over()
    freeze = signals[0]
    assert isinstance(freeze, Freeze)
    assert freeze.text == "hello"
    assert signals[-1] == FINAL


def test_a_phrase_said_twice_counts_once_and_a_late_hypothesis_not_at_all() -> None:
    line = Line()
    line.speak(2.0)
    assert texts(line.phrase(0.1, 0.9, "Hello.")) == [(0, "Hello.")]
    assert line.phrase(0.1, 0.9, "Hello.") == []
    assert line.hypothesis(0.1, "hello") == []
    assert texts(line.phrase(1.0, 1.9, "Hello.")) == [(1, "Hello.")]


def test_phrases_out_of_order_are_both_kept() -> None:
    line = Line()
    line.speak(2.0)
    (later, _) = line.phrase(1.0, 1.9, "World.")
    (earlier,) = line.phrase(0.1, 0.9, "Hello.")
    assert isinstance(later, Freeze)
    assert isinstance(earlier, Freeze)
    assert (earlier.start, later.start) == (0.1, 1.0)


def test_what_belongs_to_another_turn_is_not_heard() -> None:
    line = Line()
    line.speak(1.0)
    old = line.sent[-1].request_id
    assert line.hear("speech.phrase", {"RecognitionStatus": "Error"}, "f" * 32) == []
    line.commit()
    line.over(1.0)
    assert line.hear("speech.phrase", {"RecognitionStatus": "Error"}, old) == []
    assert line.hear("turn.end", {}, old) == []
    line.speak(0.1)
    assert line.hear("turn.end", {}, old) == []
    assert texts(line.hear("speech.hypothesis", {"Text": "x", "Offset": 0}, "")) == [(1, "x")], "no id: the present one"


def test_speech_is_reported() -> None:
    line = Line()
    line.speak(1.0)
    assert line.hear("speech.startDetected", {"Offset": 1_000_000}) == [VendorSpeech(True, 0.1)]
    assert line.hear("speech.endDetected", "") == [VendorSpeech(False, None)]


@pytest.mark.parametrize(
    ("status", "error"),
    [
        ("Error", StreamingError),
        ("TooManyRequests", RateLimitError),
        ("BadRequest", ConfigurationError),
        ("Forbidden", QuotaExceededError),
        ("SomethingNew", StreamingError),
    ],
)
def test_statuses_that_are_errors(status: str, error: type[ProviderError]) -> None:
    line = Line()
    line.speak(1.0)
    (failure,) = line.phrase(0.0, 0.0, status=status)
    assert isinstance(failure, Failure)
    assert failure.ends
    assert type(failure.error) is error
    assert failure.error.vendor_message == status


@pytest.mark.parametrize(
    "message",
    [
        b"", b"\xff", b"\x00\x40Path: x", "", "hello", "X-RequestId: 1\r\n\r\n{}", "Path:\r\n\r\n{}",
        framed("speech.phrase", "", "{"), framed("speech.phrase", "", {"RecognitionStatus": 7}),
        framed("speech.hypothesis", "", []),
        framed("speech.phrase", "", {"RecognitionStatus": "Success", "DisplayText": "x"}),
    ],
)  # fmt: skip
def test_garbage_is_a_failure(message: str | bytes) -> None:
    line = Line()
    line.speak(0.1)
    (failure,) = line.stream.receive(message)
    assert isinstance(failure, Failure)
    assert failure.error.code == "garbage"


def test_unknown_paths_are_skipped_and_both_framings_read() -> None:
    line = Line()
    line.speak(0.1)
    assert line.hear("speech.weather", {"Sky": "blue"}) == []
    head = f"path:SPEECH.HYPOTHESIS\r\nX-REQUESTID:{line.sent[-1].request_id.upper()}\r\n".encode()
    message = len(head).to_bytes(2, "big") + head + b'{"Text":"hi","Offset":0}'
    assert texts(list(line.stream.receive(message))) == [(0, "hi")]


def test_the_user_is_told_once_what_did_not_fit() -> None:
    many = tuple(f"term{n}" for n in range(501))
    line = Line(vocabulary=many)
    line.speak(0.1)
    (notice,) = line.hear("turn.start", {"context": {"serviceTag": "t"}})
    assert isinstance(notice, VendorNotice)
    assert "term500" in notice.text
    assert line.hear("turn.start", {}) == []
    later = Line(vocabulary=many, previous="Hello.")
    later.speak(0.1)
    assert later.hear("turn.start", {}) == []
