"""vLLM's own protocol by calling functions."""

from __future__ import annotations

import json

from debabelizer.contract import Covered, Failure, Finished, Ready, VendorNotice
from debabelizer.errors import Category
from debabelizer.events import Append, Freeze
from fakes.openai_events import got, speak, vllm


def test_vllm_starts_a_generation_with_the_audio_and_ends_it_with_the_connection() -> None:
    stream = vllm()
    assert not stream.limits.answers_finish
    first, *notices = got(stream, "session.created", id="sess-1", created=1)
    assert first == Ready("sess-1")
    assert [type(notice) for notice in notices] == [VendorNotice]
    start, append = (json.loads(message) for message in stream.audio(bytes(3200)))
    assert start == {"type": "input_audio_buffer.commit", "final": False}
    assert append["type"] == "input_audio_buffer.append"
    assert [json.loads(m)["type"] for m in stream.audio(bytes(3200))] == ["input_audio_buffer.append"]
    assert got(stream, "transcription.delta", delta=" Hello") == [Append(segment=0, text="Hello")]
    assert stream.commit() == (), "the rest goes to the next connection"
    assert stream.limits.answers_finish
    (end,) = stream.finish()
    assert json.loads(end) == {"type": "input_audio_buffer.commit", "final": True}
    assert got(stream, "transcription.done", text=" Hello there. ", usage={"total_tokens": 3}) == [
        Freeze(segment=0, text="Hello there."),
        Covered(3200),
        Finished(),
    ]
    assert got(stream, "transcription.done", text="again") == []
    assert stream.closed(1006, "") is None


def test_vllm_ends_unasked_and_errors() -> None:
    stream = vllm()
    assert stream.finish() == (), "without audio there is no generation to end"
    stream = vllm()
    speak(stream, 1.0)
    (signal,) = got(stream, "transcription.done", text="Half of")
    assert isinstance(signal, Failure)
    assert signal.error.retryable
    (signal,) = got(vllm(), "error", error="The model `x` does not exist.", code="model_not_found")
    assert isinstance(signal, Failure)
    assert signal.error.category is Category.CONFIG
    (signal,) = got(stream, "error", error="boom", code="processing_error")
    assert isinstance(signal, Failure)
    assert (signal.error.category, signal.error.vendor_message) == (Category.PROTOCOL, "boom")
    assert stream.closed(1006, "") is not None
