"""The local engines' stream protocol, driven by calling it."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from debabelizer.contract import (
    CommitAnswer,
    CommitOutcome,
    Covered,
    Failure,
    Finished,
    Ready,
    StreamLimits,
    VendorNotice,
    VendorSpeech,
    WorkerOpening,
)
from debabelizer.errors import Category, ConfigurationError, InternalError, ModelMissingError, Remedy
from debabelizer.events import Freeze, Joining, Retract, Tail, Word
from debabelizer_providers._local import messages
from debabelizer_providers._local.protocol import LocalStream, halves


def stream() -> LocalStream:
    return LocalStream("whisper", "Whisper", WorkerOpening(target="nowhere:serve"), StreamLimits())


def signal(report: messages.Report, protocol: LocalStream | None = None) -> object:
    (only,) = (protocol or stream()).receive(messages.encode(report))
    return only


def test_reports_become_signals() -> None:
    assert signal(messages.Loaded("tiny on processor")) == Ready("tiny on processor")
    assert signal(messages.Speech(True, 1.5)) == VendorSpeech(True, 1.5)
    assert signal(messages.Note("slow", "cpu_fallback")) == VendorNotice("slow", "cpu_fallback")
    assert signal(messages.Nothing(3)) == Retract[str | int](segment=3)
    assert signal(messages.Hearing(segment=0, settled="a", volatile=" b", start=0.5)) == Tail[str | int](
        segment=0, frozen="a", volatile=" b", start=0.5
    )
    word = Word("你好", 0.1, 0.4, 0.9)
    heard = messages.Heard(segment=1, text="你好", words=(word,), language="zh", start=0.0, end=0.4, spaced=False)
    assert signal(heard) == Freeze[str | int](
        segment=1, text="你好", words=(word,), language="zh", start=0.0, end=0.4, joining=Joining.VERBATIM
    )


def test_audio_goes_as_it_is_and_verbs_as_json() -> None:
    protocol = stream()
    assert list(protocol.audio(b"\1\0" * 4)) == [b"\1\0" * 4]
    assert [json.loads(m) for m in protocol.commit()] == [{"type": "commit"}]
    assert [json.loads(m) for m in protocol.finish()] == [{"type": "finish"}]


def test_one_answer_for_each_commit() -> None:
    protocol = stream()
    protocol.commit()
    answer = messages.Committed(CommitOutcome.FINAL)
    assert signal(answer, protocol) == CommitAnswer(CommitOutcome.FINAL)
    assert isinstance(signal(answer, protocol), Failure)


def test_only_audio_that_was_sent_can_be_covered() -> None:
    protocol = stream()
    protocol.audio(bytes(200))
    assert signal(messages.Consumed(100), protocol) == Covered(100)
    assert isinstance(signal(messages.Consumed(101), protocol), Failure)


def test_trouble_keeps_its_kind_and_its_remedy() -> None:
    missing = signal(messages.Trouble(category=Category.CONFIG, message="no model", model_missing=True))
    assert isinstance(missing, Failure)
    assert isinstance(missing.error, ModelMissingError)
    assert missing.error.remedy is Remedy.DOWNLOAD_MODEL
    other = signal(messages.Trouble(category=Category.CONFIG, message="bad", ends=False))
    assert isinstance(other, Failure)
    assert (type(other.error), other.ends) == (ConfigurationError, False)


def test_a_worker_that_ends_by_itself_is_an_error_that_can_be_tried_again() -> None:
    error = stream().closed(-9, "killed")
    assert isinstance(error, InternalError)
    assert error.retryable
    assert "memory" in error.message


def test_an_end_after_the_last_word_is_none() -> None:
    protocol = stream()
    assert signal(messages.Finished(), protocol) == Finished()
    assert protocol.closed(0, "") is None


def test_a_rest_is_no_error() -> None:
    protocol = stream()
    assert list(protocol.receive(messages.encode(messages.Resting()))) == []
    assert protocol.closed(1000, "") is None


@pytest.mark.parametrize(
    ("minutes", "seconds"), [(15.0, (450.0, 450.0)), (0.0, (5.0, 0.0)), (0.1, (5.0, 1.0)), (1.0, (30.0, 30.0))]
)
def test_the_memory_is_free_after_the_minutes_asked_for(minutes: float, seconds: tuple[float, float]) -> None:
    assert halves(minutes) == seconds


@pytest.mark.parametrize("garbage", [b"\0\1", "", "{", "[]", '{"type":"unknown"}', '{"type":"heard"}', "[" * 100_000])
def test_garbage_is_a_protocol_failure(garbage: str | bytes) -> None:
    (failure,) = stream().receive(garbage)
    assert isinstance(failure, Failure)
    assert failure.error.category is Category.PROTOCOL


FRAMES = [
    messages.encode(m)
    for m in (
        messages.Loaded("x"),
        messages.Hearing(segment=0, settled="a", volatile="b"),
        messages.Heard(segment=0, text="ab", words=(Word("ab", 0.0, 1.0),)),
        messages.Committed(CommitOutcome.FINAL),
        messages.Consumed(0),
        messages.Trouble(category=Category.CONFIG, message="m", remedy=Remedy.RETRY),
    )
]


@given(st.sampled_from(FRAMES), st.integers(0, 60), st.integers(0, 8), st.text(max_size=8))
def test_mutated_frames_give_signals_or_typed_failures(frame: str, at: int, cut: int, put: str) -> None:
    for found in stream().receive(frame[:at] + put + frame[at + cut :]):
        assert not isinstance(found, Failure) or found.error.provider == "whisper"
