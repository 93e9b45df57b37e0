"""Frames of ElevenLabs', and the signals they give, in short."""

from __future__ import annotations

import json
import struct
from collections.abc import Iterable
from typing import Any

from debabelizer.contract import CommitAnswer, CommitMode, CommitOutcome, EpochContext, StreamOptions, StreamSignal
from debabelizer.events import Freeze, Replace
from debabelizer_providers.elevenlabs import ElevenLabs
from debabelizer_providers.elevenlabs.realtime import Realtime

RATE = 16_000
FINAL, EMPTY, THROTTLED = (
    CommitAnswer(outcome) for outcome in (CommitOutcome.FINAL, CommitOutcome.EMPTY, CommitOutcome.THROTTLED)
)


def protocol(previous: str = "", commit: CommitMode = CommitMode.MANUAL, **settings: Any) -> Realtime:
    options = StreamOptions(settings={"api_key": "sk_test", **settings}, commit=commit, pause_s=1.5)
    made = ElevenLabs().stream(options, EpochContext(previous_text=previous))
    assert isinstance(made, Realtime)
    return made


def speak(stream: Realtime, seconds: float, level: int = 8000) -> list[dict[str, Any]]:
    audio = struct.pack("<h", level) * round(seconds * RATE)
    return [json.loads(message) for message in stream.audio(audio)]


def got(stream: Realtime, kind: str, text: str | None = None, **more: Any) -> list[StreamSignal]:
    frame = {"message_type": kind, **({} if text is None else {"text": text}), **more}
    return list(stream.receive(json.dumps(frame)))


def partial(stream: Realtime, text: str) -> list[StreamSignal]:
    return got(stream, "partial_transcript", text)


def committed(stream: Realtime, text: str) -> list[StreamSignal]:
    return got(stream, "committed_transcript", text)


def timed(stream: Realtime, text: str, *words: tuple[str, float, float], language: str = "en") -> list[StreamSignal]:
    listed = [{"text": w, "start": start, "end": end, "type": "word", "logprob": -0.1} for w, start, end in words]
    return got(stream, "committed_transcript_with_timestamps", text, words=listed or None, language_code=language)


def texts(signals: Iterable[StreamSignal]) -> list[tuple[Any, str]]:
    return [(s.segment, s.text) for s in signals if isinstance(s, Replace | Freeze)]
