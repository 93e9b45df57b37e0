"""Frames of Deepgram's, and the signals they give, in short."""

from __future__ import annotations

import json
from typing import Any

from debabelizer.contract import CommitAnswer, CommitOutcome, Covered, EpochContext, StreamOptions, StreamSignal
from debabelizer.events import Freeze, Replace
from debabelizer_providers.deepgram import Deepgram
from debabelizer_providers.deepgram.flux import Flux
from debabelizer_providers.deepgram.nova import Nova

KEY = "dg_test"
RATE = 16_000
LEAD = 0.1
FINAL, EMPTY = CommitAnswer(CommitOutcome.FINAL), CommitAnswer(CommitOutcome.EMPTY)


def stream(
    previous: str = "", languages: tuple[str, ...] = ("en",), vocabulary: tuple[str, ...] = (), **settings: Any
) -> Any:
    options = StreamOptions(settings={"api_key": KEY, **settings}, languages=languages, vocabulary=vocabulary)
    return Deepgram().stream(options, EpochContext(previous_text=previous))


def nova(**settings: Any) -> Nova:
    made = stream(**settings)
    assert isinstance(made, Nova)
    return made


def flux(**settings: Any) -> Flux:
    made = stream(model="flux-general-en", **settings)
    assert isinstance(made, Flux)
    return made


def speak(made: Any, seconds: float) -> list[Any]:
    return list(made.audio(bytes(2 * round(seconds * RATE))))


def results(start: float, duration: float, text: str, *, final: bool = False, **more: Any) -> str:
    words = [
        {"word": w, "punctuated_word": w.title(), "start": start + i / 10, "end": start + i / 10 + 0.1}
        for i, w in enumerate(text.split())
    ]
    said = {"transcript": text, "confidence": 0.9, "words": words, **more.pop("said", {})}
    return json.dumps(
        {
            "type": "Results",
            "channel_index": [0, 1],
            "start": start,
            "duration": duration,
            "is_final": final,
            "channel": {"alternatives": [said]},
            **more,
        }
    )


def turn(event: str, index: int, text: str, start: float, end: float, **more: Any) -> str:
    frame = {"type": "TurnInfo", "event": event, "turn_index": index, "transcript": text, "words": [], **more}
    return json.dumps({**frame, "audio_window_start": start, "audio_window_end": end, "sequence_id": 1})


def texts(signals: Any) -> list[tuple[Any, str]]:
    return [(s.segment, s.text) for s in signals if isinstance(s, Replace | Freeze)]


def answers(signals: Any) -> list[StreamSignal]:
    return [s for s in signals if isinstance(s, CommitAnswer)]


def covered(signals: Any) -> list[float]:
    return [s.samples / RATE for s in signals if isinstance(s, Covered)]
