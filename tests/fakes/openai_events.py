"""Events of OpenAI's, and the signals they give, in short."""

from __future__ import annotations

import json
from typing import Any

from debabelizer.contract import CommitAnswer, CommitMode, CommitOutcome, EpochContext, StreamOptions, StreamSignal
from debabelizer_providers.openai import OpenAI
from debabelizer_providers.openai.realtime import Realtime
from debabelizer_providers.openai.vllm import Vllm

RATE = 24_000
FINAL, EMPTY, THROTTLED = (
    CommitAnswer(outcome) for outcome in (CommitOutcome.FINAL, CommitOutcome.EMPTY, CommitOutcome.THROTTLED)
)
TRANSCRIPTION = "conversation.item.input_audio_transcription."
VAD = {"model": "gpt-4o-transcribe", "turn_detection": "server_vad"}


def protocol(previous: str = "", commit: CommitMode = CommitMode.MANUAL, **settings: Any) -> Realtime:
    options = StreamOptions(settings={"api_key": "sk-test", **settings}, commit=commit)
    made = OpenAI().stream(options, EpochContext(previous_text=previous))
    assert isinstance(made, Realtime)
    return made


def ready(**settings: Any) -> Realtime:
    stream = protocol(**settings)
    got(stream, "session.updated")
    return stream


def speak(stream: Realtime | Vllm, seconds: float) -> None:
    stream.audio(bytes(round(seconds * stream.limits.audio.bytes_per_second)))


def committed_at(stream: Realtime, seconds: float) -> str:
    speak(stream, seconds)
    (message,) = stream.commit()
    return str(json.loads(message)["event_id"])


def got(stream: Realtime | Vllm, kind: str, **content: Any) -> list[StreamSignal]:
    return list(stream.receive(json.dumps({"type": kind, "event_id": "event_1", **content})))


def delta(stream: Realtime, item: str, text: str) -> list[StreamSignal]:
    return got(stream, TRANSCRIPTION + "delta", item_id=item, content_index=0, delta=text)


def committed(stream: Realtime, item: str) -> list[StreamSignal]:
    return got(stream, "input_audio_buffer.committed", item_id=item, previous_item_id=None)


def completed(stream: Realtime, item: str, text: str, **more: Any) -> list[StreamSignal]:
    return got(stream, TRANSCRIPTION + "completed", item_id=item, content_index=0, transcript=text, **more)


def error(stream: Realtime | Vllm, code: str | None, event_id: str | None = None, **more: Any) -> list[StreamSignal]:
    content = {"type": "invalid_request_error", "code": code, "message": "the vendor's words", "event_id": event_id}
    return got(stream, "error", error=content | more)


# ------------------------------------------------------------------------------------------------------- vLLM


def vllm(**settings: Any) -> Vllm:
    own = {"dialect": "vllm", "base_url": "http://localhost:8000/v1", "other_model": "voxtral", **settings}
    made = OpenAI().stream(StreamOptions(settings=own, vocabulary=("Okafor",)), EpochContext())
    assert isinstance(made, Vllm)
    return made
