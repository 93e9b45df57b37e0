"""Frames of Soniox's, and the signals they give, in short."""

from __future__ import annotations

import json
from typing import Any

from debabelizer.contract import CommitAnswer, Covered, EpochContext, StreamOptions, StreamSignal
from debabelizer.events import Freeze, Retract, Tail
from debabelizer_providers.soniox import Soniox
from debabelizer_providers.soniox.stream import Stream

RATE = 16_000


def stream(languages: tuple[str, ...] = ("en",), previous: str = "", **more: Any) -> Stream:
    values = {"api_key": "k", **more.pop("settings", {})}
    options = StreamOptions(settings=values, languages=languages, **more)
    made = Soniox().stream(options, EpochContext(previous_text=previous))
    assert isinstance(made, Stream)
    return made


def speak(made: Stream, seconds: float) -> list[Any]:
    return list(made.audio(bytes(2 * round(seconds * RATE))))


def token(text: str, start: float | None = None, end: float | None = None, *, final: bool = True, **more: Any) -> Any:
    times = {} if start is None or end is None else {"start_ms": round(start * 1000), "end_ms": round(end * 1000)}
    return {"text": text, "is_final": final, **times, **more}


def frame(*tokens: Any, final: float | None = None, total: float | None = None, **more: Any) -> str:
    listed = [token(one) if isinstance(one, str) else one for one in tokens]
    known = {"final_audio_proc_ms": final, "total_audio_proc_ms": total}
    times = {key: round(value * 1000) for key, value in known.items() if value is not None}
    return json.dumps({"tokens": listed, **times, **more})


def texts(signals: Any) -> list[tuple[Any, ...]]:
    """Of each change its kind, segment and text; a tail's in two parts."""
    all_of_them = [short(signal) for signal in signals]
    return [tuple(one) for one in all_of_them if one[0] in ("Tail", "Freeze", "Retract")]


def short(signal: StreamSignal) -> list[Any]:
    match signal:
        case Tail():
            return ["Tail", signal.segment, signal.frozen, signal.volatile]
        case Freeze():
            return ["Freeze", signal.segment, signal.text]
        case Retract():
            return ["Retract", signal.segment]
        case Covered():
            return ["Covered", round(signal.samples / RATE, 3)]
        case CommitAnswer():
            return ["CommitAnswer", signal.outcome.value]
        case _:
            return [type(signal).__name__]


def covered(signals: Any) -> list[float]:
    return [round(s.samples / RATE, 3) for s in signals if isinstance(s, Covered)]


def answers(signals: Any) -> list[StreamSignal]:
    return [s for s in signals if isinstance(s, CommitAnswer)]


def frozen(signals: Any) -> Freeze[str | int]:
    (one,) = [s for s in signals if isinstance(s, Freeze)]
    return one
